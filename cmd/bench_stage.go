package cmd

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"chatd/chat/bench"
)

// defaultLimits are the yardsticks that the system has.
var defaultLimits = map[string]string{"linux": "a,b"}[runtime.GOOS]

// stage is where a measurement takes place: the server in question and the
// yardsticks, each in a process of its own.
type stage struct {
	settings *benchSettings
	program  string // our own executable
	dir      string // the data of a server of ours; "" for a given one
	scrap    bool   // dir is removed at the end
	cores    []int  // what servers run on; nil: all
	chatd    bench.Server
	started  []*bench.Process
	progress bench.Progress
}

func newStage(s *benchSettings) (st *stage, err error) {
	st = &stage{settings: s, progress: benchProgress()}
	if st.program, err = os.Executable(); err != nil {
		return nil, err
	}
	if st.cores, err = bench.SplitCores(s.cores); err != nil {
		return nil, err
	}
	switch {
	case s.url != "":
		st.chatd = bench.Server{Name: "chatd", URL: strings.TrimRight(s.url, "/"), SignsIn: true}
	case s.data != "":
		st.dir, err = filepath.Abs(s.data)
	default:
		st.dir, err = os.MkdirTemp("", "chatd-bench-*")
		st.scrap = true
	}
	return st, err
}

// load is what was typed and where it takes place.
func (st *stage) load() bench.Load {
	l := st.settings.load
	l.Data, l.Cores = st.dir, st.cores
	return l
}

// start starts chatd without limits, unless one was given.
func (st *stage) start(ctx context.Context) error {
	if st.dir == "" {
		return nil
	}
	p, err := st.run(ctx, "serve", "--port", "0", "--host", "127.0.0.1", "--data", st.dir,
		"--message-rate", "0", "--login-rate", "0", "--connections-per-ip", "0", "--heartbeat", "25s")
	if err == nil {
		st.chatd = bench.Server{Name: "chatd", URL: p.URL, Process: p, SignsIn: true}
	}
	return err
}

// restart is for measurements that end the server themselves.
func (st *stage) restart() (bench.Restart, error) {
	if st.dir == "" {
		return nil, errors.New("this kills the server, so it must be one that bench starts itself: leave out --url")
	}
	return func(ctx context.Context) (bench.Server, error) {
		st.kill()
		err := st.start(ctx)
		return st.chatd, err
	}, nil
}

// beside plays with chatd and the yardsticks.
func (st *stage) beside(ctx context.Context, play func(context.Context, []bench.Server, bench.Load, bench.Progress) (*bench.Report, error)) (*bench.Report, error) {
	if err := st.start(ctx); err != nil {
		return nil, err
	}
	servers := []bench.Server{st.chatd}
	for mode := range strings.SplitSeq(st.settings.limits, ",") {
		if mode == "" {
			continue
		}
		p, err := st.run(ctx, "bench", "limit", "--mode", mode)
		if err != nil {
			return nil, err
		}
		servers = append(servers, bench.Server{Name: "limit " + strings.ToUpper(mode), URL: p.URL, Process: p})
	}
	return play(ctx, servers, st.load(), st.progress)
}

func (st *stage) run(ctx context.Context, args ...string) (*bench.Process, error) {
	p, err := bench.Start(ctx, st.cores, st.program, args...)
	if err == nil {
		st.started = append(st.started, p)
	}
	return p, err
}

// kill ends everything that was started, as a crash would.
func (st *stage) kill() {
	for _, p := range st.started {
		p.Kill()
	}
	st.started = nil
}

func (st *stage) end() {
	st.kill()
	if st.scrap {
		os.RemoveAll(st.dir) // what is left of it lies in the system's temporary place
	}
}

// look looks into the database of a server of ours, which has crashed, for every
// message that it must have kept.
func (st *stage) look(ctx context.Context, report *bench.Report) error {
	if st.dir == "" || len(report.Receipts) == 0 {
		return nil
	}
	st.kill()
	missing, err := missingReceipts(ctx, st.dir, report.Receipts)
	if err != nil {
		return fmt.Errorf("look into the database: %w", err)
	}
	if missing == 0 {
		report.Notes = append(report.Notes, fmt.Sprintf("chatd: after SIGKILL all %d messages that were acknowledged or seen are in the database.", len(report.Receipts)))
	} else {
		report.Faults = append(report.Faults, fmt.Sprintf("chatd: after SIGKILL %d of %d messages that were acknowledged or seen are not in the database as they were.", missing, len(report.Receipts)))
	}
	return nil
}
