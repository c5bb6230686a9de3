package cmd_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// guard is how long anything here may take before the test gives up: ten times
// and more what it takes.
const guard = 60 * time.Second

var (
	built   = map[string]func() (string, error){}
	builtMu sync.Mutex
)

// binary builds chatd once for each set of build tags and returns where it is. It lies
// beside the test's own binary, in a folder that go test removes.
func binary(t testing.TB, tags ...string) string {
	t.Helper()
	key := strings.Join(tags, ",")
	builtMu.Lock()
	build := built[key]
	if build == nil {
		build = sync.OnceValues(func() (string, error) { return buildBinary(key) })
		built[key] = build
	}
	builtMu.Unlock()
	path, err := build()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

func buildBinary(tags string) (string, error) {
	self, err := os.Executable()
	if err != nil {
		return "", err
	}
	path := filepath.Join(filepath.Dir(self), "chatd"+strings.ReplaceAll(tags, ",", "_"))
	if runtime.GOOS == "windows" {
		path += ".exe"
	}
	out, err := exec.Command("go", "build", "-tags", tags, "-o", path, "chatd").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("chatd cannot be built: %w\n%s", err, out)
	}
	return path, nil
}

// program is one run of the real binary. It is killed, if need be, when the test ends.
type program struct {
	URL     string
	process *exec.Cmd
	log     *bytes.Buffer // stderr; complete once ended is closed
	ended   chan struct{}
	err     error // what Wait said; valid once ended is closed
}

var address = regexp.MustCompile(`http://\S+:\d+`)

// start runs "chatd serve" on 127.0.0.1 and returns when it has printed its address.
func start(t testing.TB, binary string, args ...string) *program {
	t.Helper()
	p := &program{
		process: exec.Command(binary, append([]string{"serve", "--host", "127.0.0.1"}, args...)...),
		log:     new(bytes.Buffer),
		ended:   make(chan struct{}),
	}
	out, in, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	p.process.Stdout, p.process.Stderr = in, p.log
	err = p.process.Start()
	in.Close()
	if err != nil {
		out.Close()
		t.Fatal(err)
	}
	drained := make(chan struct{})
	go func() { <-drained; p.err = p.process.Wait(); close(p.ended) }()
	t.Cleanup(func() { p.kill() })

	lines := bufio.NewReader(out)
	tooLong := time.AfterFunc(guard, func() { p.process.Process.Kill() })
	defer tooLong.Stop()
	for p.URL == "" {
		line, err := lines.ReadString('\n')
		p.URL = strings.Replace(address.FindString(line), "localhost", "127.0.0.1", 1)
		if err != nil {
			break
		}
	}
	go func() { io.Copy(io.Discard, lines); out.Close(); close(drained) }()
	if p.URL == "" {
		p.kill()
		t.Fatalf("chatd ended without an address: %v\n%s", p.err, p.log)
	}
	return p
}

// kill is a crash: the process gets no chance to do anything.
func (p *program) kill() {
	p.process.Process.Kill()
	<-p.ended
}

// stop asks the server to end, and fails the test unless it does so with status 0 in
// the time that the protocol gives it.
func (p *program) stop(t testing.TB) {
	t.Helper()
	began := time.Now()
	if err := p.process.Process.Signal(syscall.SIGTERM); err != nil {
		t.Errorf("SIGTERM: %v", err)
	}
	select {
	case <-p.ended:
	case <-time.After(15 * time.Second):
		t.Errorf("chatd did not stop within 15 s")
		p.kill()
	}
	if p.err != nil {
		t.Errorf("chatd ended with %v after %v\n%s", p.err, time.Since(began), p.log)
	}
}

// freePort is a port that nobody listens on, from below the range that systems choose
// from by themselves: else a client that dials while the server is down could be given
// the server's own port, and would be connected to itself.
func freePort(t testing.TB) string {
	t.Helper()
	for range 100 {
		port := fmt.Sprint(20000 + rand.IntN(10000))
		l, err := net.Listen("tcp", "127.0.0.1:"+port)
		if err == nil {
			l.Close()
			return port
		}
	}
	t.Fatal("no free port")
	return ""
}

// within is a context that ends with the test or when guard is over.
func within(t testing.TB) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), guard)
	t.Cleanup(cancel)
	return ctx
}
