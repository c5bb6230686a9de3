package cmd

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestStories runs testdata/*.txtar, each in a directory of its own, against
// the real program. Beside testscript's commands they have these:
//
//	serve FLAGS…            start a server and wait for its banner (it is stdout then); sets $URL and $PORT
//	sigterm                 SIGTERM to that server, which must end with status 0; its log is stderr then
//	occupy                  listen on a port of 127.0.0.1, as another program would; sets $PORT
//	status N chatd ARGS…    run, and it must end with exactly that status
//	keep NAME               the last stdout, as $NAME
//	http METHOD URL [BODY]  one request, with $TOKEN as bearer if it is set; status and body are stdout then
func TestStories(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:      "testdata",
		Deadline: time.Now().Add(2 * patience), // for a server that runs where it must refuse
		Setup: func(env *testscript.Env) error {
			env.Setenv("CHATD_DATA", env.WorkDir+"/data") // never the tester's own
			env.Values[serverKey{}] = new(server)
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"serve":   storyServe,
			"sigterm": storySigterm,
			"keep":    storyKeep,
			"occupy":  storyOccupy,
			"status":  storyStatus,
			"http":    storyHTTP,
		},
	})
}

// patience is a guard, ten times and more what anything here takes.
const patience = 30 * time.Second

// server is the one that a story started.
type server struct {
	process *exec.Cmd
	log     *bytes.Buffer // stderr; complete once ended is closed
	ended   chan struct{}
	err     error // what Wait said; valid once ended is closed
}

type serverKey struct{}

var addressPattern = regexp.MustCompile(`http://\S+:(\d+)`)

func storyServe(ts *testscript.TestScript, neg bool, args []string) {
	if neg {
		ts.Fatalf("use status for a server that must not start")
	}
	s := ts.Value(serverKey{}).(*server)
	*s = server{process: exec.Command("chatd", append([]string{"serve"}, args...)...), log: new(bytes.Buffer), ended: make(chan struct{})}
	s.process.Dir = ts.MkAbs(".")
	s.process.Env = storyEnv(ts)
	s.process.Stderr = s.log
	out, in := io.Pipe()
	s.process.Stdout = in
	ts.Check(s.process.Start())
	go func() {
		defer close(s.ended)
		s.err = s.process.Wait()
		in.Close()
	}()
	ts.Defer(func() { // a story that failed leaves nothing behind either
		s.process.Process.Kill()
		<-s.ended
	})

	giveUp := time.AfterFunc(patience, func() { s.process.Process.Kill() })
	banner := readBanner(out)
	giveUp.Stop()
	fmt.Fprint(ts.Stdout(), banner)
	address := addressPattern.FindStringSubmatch(banner)
	if address == nil {
		s.process.Process.Kill()
		<-s.ended
		ts.Fatalf("the server ended without an address: %v\n%s%s", s.err, banner, s.log)
	}
	ts.Setenv("URL", address[0])
	ts.Setenv("PORT", address[1])
}

// readBanner returns what was printed through the line that says how to stop,
// and lets the rest flow away.
func readBanner(out *io.PipeReader) string {
	var banner strings.Builder
	lines := bufio.NewReader(out)
	for !strings.Contains(banner.String(), "Ctrl+C") {
		line, err := lines.ReadString('\n')
		banner.WriteString(line)
		if err != nil {
			return banner.String()
		}
	}
	go io.Copy(io.Discard, lines) // ends with the process
	return banner.String()
}

func storySigterm(ts *testscript.TestScript, neg bool, args []string) {
	s := ts.Value(serverKey{}).(*server)
	if neg || len(args) > 0 || s.process == nil {
		ts.Fatalf("usage: sigterm, after serve")
	}
	ts.Check(s.process.Process.Signal(syscall.SIGTERM))
	select {
	case <-s.ended:
	case <-time.After(patience):
		ts.Fatalf("the server does not stop:\n%s", s.log)
	}
	ts.Stderr().Write(s.log.Bytes())
	if s.err != nil {
		ts.Fatalf("the server ended badly: %v\n%s", s.err, s.log)
	}
}

func storyOccupy(ts *testscript.TestScript, _ bool, _ []string) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	ts.Defer(func() { l.Close() })
	ts.Setenv("PORT", strconv.Itoa(l.Addr().(*net.TCPAddr).Port))
}

func storyStatus(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: status N command arguments…")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec(args[1], args[2:]...)
	got := 0
	if failed, ok := errors.AsType[*exec.ExitError](err); ok {
		got = failed.ExitCode()
	} else {
		ts.Check(err)
	}
	if got != want {
		ts.Fatalf("%s ended with status %d, not %d:\n%s", strings.Join(args[1:], " "), got, want, ts.ReadFile("stderr"))
	}
}

func storyKeep(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: keep NAME")
	}
	ts.Setenv(args[0], strings.TrimSpace(ts.ReadFile("stdout")))
}

func storyHTTP(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 || len(args) > 3 {
		ts.Fatalf("usage: http METHOD URL [BODY]")
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, args[0], args[1], strings.NewReader(strings.Join(args[2:], "")))
	ts.Check(err)
	if token := ts.Getenv("TOKEN"); token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	client := http.Client{
		Transport:     &http.Transport{DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	response, err := client.Do(request)
	ts.Check(err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	ts.Check(err)
	fmt.Fprintf(ts.Stdout(), "%s\n%s\n", response.Status, body)
}

// storyEnv is the environment as the story has set it: testscript tells single
// variables only, so the names are those that matter to chatd.
func storyEnv(ts *testscript.TestScript) []string {
	env := []string{"PATH=" + os.Getenv("PATH"), "HOME=" + ts.Getenv("HOME"), "TMPDIR=" + ts.Getenv("TMPDIR")}
	for _, key := range knownVariables(newRoot(nil)) {
		if value := ts.Getenv(key); value != "" {
			env = append(env, key+"="+value)
		}
	}
	return env
}
