//go:build linux

package bench

import (
	"context"
	"net"
	"os"
	"strings"
	"testing"
	"time"
)

// startLimit is a yardstick in a process of its own.
func startLimit(t *testing.T, mode Limit) Server {
	t.Helper()
	t.Setenv("CHATD_TEST_LIMIT", string(mode))
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	p, err := Start(t.Context(), nil, self)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Kill)
	return Server{Name: "limit " + string(mode), URL: p.URL, Process: p}
}

// guard is how long anything may take before the test gives up.
const guard = 20 * time.Second

var little = Load{Clients: 6, Rooms: 1, Publishers: 2, InFlight: 4, Size: 50, Duration: 50 * time.Millisecond, Rounds: 2}

// TestLimits lets the generator, by each way of reading, measure both yardsticks.
func TestLimits(t *testing.T) {
	for name, make := range map[string]func() (poller, error){
		"epoll":   newPoller,
		"readers": func() (poller, error) { return newReaders(), nil },
	} {
		t.Run(name, func(t *testing.T) {
			p, err := make()
			if err != nil {
				t.Fatal(err)
			}
			r := &run{load: little, poller: p, report: &Report{Columns: deliveryColumns}, frame: 300}
			defer r.close()
			report, err := r.compare(t.Context(), []Server{startLimit(t, LimitA), startLimit(t, LimitB)})
			if err != nil {
				t.Fatal(err)
			}
			if len(report.Faults) > 0 || len(report.Rows) != 2 || len(report.Ratios) != 1 || len(report.Receipts) == 0 {
				t.Errorf("%+v", report)
			}
			for _, row := range report.Rows {
				for _, round := range row.Rounds {
					if round[0] <= 0 || !(round[1] > 0) || round[3] < round[2] || !(round[7] > 0) {
						t.Errorf("%s: %v", row.Server, round)
					}
				}
			}
			// The second server was told the length of the first one's frames.
			if first, second := report.Rows[0].Rounds[0][6], report.Rows[1].Rounds[0][6]; first != second {
				t.Errorf("%v and %v bytes a delivery", first, second)
			}
		})
	}
}

func TestRoomsAreApart(t *testing.T) {
	load := little
	load.Clients, load.Rooms, load.Rate = 6, 3, 200
	report, err := Rooms(t.Context(), []Server{startLimit(t, LimitB)}, load, Progress{})
	if err != nil || len(report.Faults) > 0 {
		t.Fatal(report, err)
	}
	if !strings.Contains(strings.Join(report.Notes, "\n"), "each checked") {
		t.Errorf("nothing was delivered: %q", report.Notes)
	}
}

// TestAServerThatDies leaves no figures, but a reason.
func TestAServerThatDies(t *testing.T) {
	s := startLimit(t, LimitA)
	load := little
	load.Duration = time.Minute
	timer := time.AfterFunc(100*time.Millisecond, s.Process.Kill)
	defer timer.Stop()
	report, err := Fanout(t.Context(), []Server{s}, load, Progress{})
	if err == nil && len(report.Faults) == 0 {
		t.Error("nobody noticed")
	}
}

func TestInterrupt(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	load := little
	load.Duration = time.Minute
	timer := time.AfterFunc(100*time.Millisecond, cancel)
	defer timer.Stop()
	if _, err := Fanout(ctx, []Server{startLimit(t, LimitB)}, load, Progress{}); err != context.Canceled {
		t.Errorf("ended with %v", err)
	}
}

// TestPauseAndResume checks that a paused socket keeps what comes, in both pollers.
func TestPauseAndResume(t *testing.T) {
	for name, make := range map[string]func() (poller, error){
		"epoll":   newPoller,
		"readers": func() (poller, error) { return newReaders(), nil },
	} {
		t.Run(name, func(t *testing.T) {
			p, err := make()
			if err != nil {
				t.Fatal(err)
			}
			defer p.close()
			c := theatre(1)
			c.poller = p
			frames := show(c, 2)
			listener, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			defer listener.Close()
			near, err := net.Dial("tcp", listener.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			far, err := listener.Accept()
			if err != nil {
				t.Fatal(err)
			}
			defer far.Close()
			if err := p.add(c.conns[0], near); err != nil {
				t.Fatal(err)
			}
			until := func(n int64, wait time.Duration) bool {
				if err := c.pollUntil(t.Context(), time.Now().Add(wait), func() bool { return c.delivered == n }); err != nil {
					t.Fatal(err)
				}
				return c.delivered == n
			}
			far.Write(frames[0])
			if !until(1, guard) {
				t.Fatal("the first message did not come")
			}
			c.conns[0].socket.pause()
			far.Write(frames[1])
			if name == "epoll" && until(2, 100*time.Millisecond) {
				t.Error("a paused socket was read")
			}
			c.conns[0].socket.resume()
			if !until(2, guard) {
				t.Error("the second message did not come after the pause")
			}
			far.Close()
			if err := c.pollUntil(t.Context(), time.Now().Add(guard), func() bool { return c.conns[0].over }); err != nil || !c.conns[0].over || c.failed != 1 {
				t.Errorf("the end: %v, %v", err, c.faults)
			}
		})
	}
}
