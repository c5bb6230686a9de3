package bench

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"time"
)

// Process is a server in a process of its own, started by us.
type Process struct {
	URL     string        // what it printed
	Started time.Duration // from exec until it had printed that
	cmd     *exec.Cmd
	log     *tail
	ended   chan struct{}
}

// startTimeout is how long a server may take to say where it is.
const startTimeout = 30 * time.Second

var addressPattern = regexp.MustCompile(`http://\S+:\d+`)

// Start runs a program which prints the address at which it listens, on the given
// cores alone (none: on all). Its environment is ours without what chatd would read from it.
func Start(ctx context.Context, cores []int, program string, args ...string) (*Process, error) {
	p := &Process{cmd: exec.Command(program, args...), log: new(tail), ended: make(chan struct{})}
	for _, entry := range os.Environ() {
		if !strings.HasPrefix(entry, "CHATD_") || strings.HasPrefix(entry, "CHATD_TEST_") {
			p.cmd.Env = append(p.cmd.Env, entry)
		}
	}
	out, in, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	p.cmd.Stdout, p.cmd.Stderr = in, p.log
	alone(p.cmd)
	began := time.Now()
	err = pinned(cores, p.cmd.Start)
	in.Close()
	if err != nil {
		out.Close()
		return nil, fmt.Errorf("start %s: %w", program, err)
	}
	address := make(chan string, 1)
	go func() {
		defer close(p.ended)
		defer p.cmd.Wait() // what it says is in the log, or it was killed
		defer out.Close()
		defer close(address)
		lines := bufio.NewReader(out)
		for {
			line, err := lines.ReadString('\n')
			if found := addressPattern.FindString(line); found != "" {
				address <- strings.Replace(found, "localhost", "127.0.0.1", 1)
				io.Copy(io.Discard, lines) // ends with the process
				return
			}
			if err != nil {
				return
			}
		}
	}()
	select {
	case p.URL = <-address:
	case <-ctx.Done():
		err = context.Cause(ctx)
	case <-time.After(startTimeout):
	}
	p.Started = time.Since(began)
	if p.URL == "" {
		p.Kill()
		if err == nil {
			err = fmt.Errorf("%s did not say where it listens:\n%s", program, p.log)
		}
		return nil, err
	}
	return p, nil
}

// Kill is a crash: the process gets no chance to do anything. It returns when it has ended.
func (p *Process) Kill() {
	p.cmd.Process.Kill()
	<-p.ended
}

// Log is the last of what the process wrote to stderr; to be read when it has ended.
func (p *Process) Log() string { return p.log.String() }

// CPU is the processor time, user and system, that the process has used so far; 0
// where the system does not say.
func (p *Process) CPU() time.Duration {
	if p == nil {
		return 0
	}
	return cpuTime(p.cmd.Process.Pid)
}

// Memory is how many bytes of the process are in memory now; 0 where the system does not say.
func (p *Process) Memory() int64 {
	if p == nil {
		return 0
	}
	return resident(p.cmd.Process.Pid)
}

// tail keeps the last of what is written to it.
type tail struct {
	mu sync.Mutex
	b  []byte
}

const tailBytes = 16 << 10

func (t *tail) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.b = append(t.b, b...)
	if over := len(t.b) - tailBytes; over > 0 {
		t.b = bytes.Clone(t.b[over:])
	}
	return len(b), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(t.b)
}

// descriptorsFor says whether this process may hold n connections.
func descriptorsFor(n int) bool {
	const others = 200 // files, the connections of hands, what the runtime has
	limit := descriptors()
	return limit == 0 || n+others <= limit
}
