//go:build linux || darwin

package chat_test

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"chatd/chat"
	"chatd/chat/chattest"
	"chatd/chat/local"
)

// These tell a child process of this test where to run into an error of the disk, and when.
const ioErrorDir, ioErrorAt = "CHATD_TEST_IO_ERROR_DIR", "CHATD_TEST_IO_ERROR_AT"

// A write that fails, and not for want of room, is never acknowledged, ends the
// server with ErrStorage, and what was acknowledged before it is there afterwards.
// The failing disk is a real one: the system refuses a process to let a file grow
// beyond a limit, which only a process of its own can be given.
func TestWriteError(t *testing.T) {
	for _, at := range []string{"commit", "checkpoint"} {
		t.Run(at, func(t *testing.T) { writeError(t, at) })
	}
}

func writeError(t *testing.T, at string) {
	dir := t.TempDir()
	child := exec.Command(os.Args[0], "-test.run=^TestWriteErrorChild$", "-test.v")
	child.Env = append(os.Environ(), ioErrorDir+"="+dir, ioErrorAt+"="+at)
	out, err := child.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	var acked []string
	for _, line := range strings.Split(string(out), "\n") {
		if cid, ok := strings.CutPrefix(line, "acked "); ok {
			acked = append(acked, cid)
		}
	}
	if len(acked) < 2 {
		t.Fatalf("only %d posts were acknowledged before the error:\n%s", len(acked), out)
	}
	store, err := chat.OpenStore(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	entries, err := store.Entries(t.Context(), 0, 100_000)
	if err != nil {
		t.Fatal(err)
	}
	stored := map[string]bool{}
	for _, e := range entries {
		stored[e.CID] = true
	}
	for _, cid := range acked {
		if !stored[cid] {
			t.Errorf("%s was acknowledged and is not there", cid)
		}
	}
}

func TestWriteErrorChild(t *testing.T) {
	dir := os.Getenv(ioErrorDir)
	if dir == "" {
		t.Skip("runs as a child of TestWriteError")
	}
	store, err := chat.OpenStore(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	auth, err := chat.OpenAuth(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer auth.Close()
	server := chat.NewServer(store, auth, local.New(store, time.Now), chat.Options{
		Encoder: chattest.Encoder{}, Logger: slog.New(slog.DiscardHandler),
		Nickname: func(typed string) (chat.Name, error) { return chat.Name{Text: typed, Keys: []string{typed}}, nil },
	})
	ended := make(chan error, 1)
	go func() { ended <- server.Run(t.Context()) }()
	c := &crowd{t: t, server: server, store: store}
	ann := c.signIn("ann")

	signal.Ignore(syscall.SIGXFSZ) // so that the write fails, and not the process
	post := func(cid string) error {
		_, err := server.Post(t.Context(), ann, chat.Post{Room: chat.Lobby, CID: cid, Text: strings.Repeat("x", 15_000)})
		if err == nil {
			fmt.Println("acked", cid)
		}
		return err
	}
	at := os.Getenv(ioErrorAt)
	limit := uint64(sizeOf(t, filepath.Join(dir, "chat.db-wal"))) + 256<<10
	if at == "checkpoint" { // the log may grow, and the file is too large already
		limit = 2 * chat.CheckpointBytes
		for i := 0; sizeOf(t, filepath.Join(dir, "chat.db")) < 3*chat.CheckpointBytes; i++ {
			if err := post(fmt.Sprint("before-", i)); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: limit, Max: limit}); err != nil {
		t.Fatal(err)
	}
	for i := 0; ; i++ {
		err := post(fmt.Sprint("io-", i))
		if err == nil && i < 10_000 {
			continue
		}
		if chat.Refusal(err).Code != chat.Unavailable {
			t.Errorf("the failing disk is answered with %v; want unavailable", err)
		}
		break
	}
	if err := <-ended; !errors.Is(err, chat.ErrStorage) || strings.Contains(err.Error(), "checkpoint") != (at == "checkpoint") {
		t.Errorf("the server ended with %v; want ErrStorage at a %s", err, at)
	}
	if _, err := server.Post(t.Context(), ann, chat.Post{Room: chat.Lobby, Text: "x"}); chat.Refusal(err).Code != chat.Unavailable {
		t.Errorf("after the error: %v", err)
	}
}
