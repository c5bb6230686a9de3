package bench

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"time"
)

// Restart ends the server in question as a crash would, and starts it again on the same
// data; the first time it only starts it.
type Restart func(context.Context) (Server, error)

// Idle measures what people cost who say nothing: the memory of a server with everybody
// connected over that of the same server before. Sessions are made beforehand and the
// server is started anew, so that what signing in has left behind is not in either.
func Idle(ctx context.Context, restart Restart, l Load, progress Progress) (*Report, error) {
	l.Rooms, l.Publishers, l.Rate = 1, 1, 1
	r, err := newRun("idle", l, progress, "connected", "seconds", "connects/s", "RSS before MB", "RSS after MB", "KB/connection", "page after ms", "CPU-s/min")
	if err != nil {
		return nil, err
	}
	defer r.close()
	r.conditions("%d clients in one room say nothing for %v%s", l.Clients, l.Duration, descriptorNote())
	s, err := restart(ctx)
	if err != nil {
		return nil, err
	}
	r.brief = true
	c, err := r.enter(ctx, s)
	if err != nil {
		return nil, err
	}
	for round := 0; round < l.Rounds && !r.broken(); round++ {
		if c.server, err = restart(ctx); err != nil {
			return nil, err
		}
		figures, err := r.idle(ctx, c, fmt.Sprintf("round %d of %d", round+1, l.Rounds))
		if err != nil {
			return nil, err
		}
		r.report.add(c.server.Name, figures...)
	}
	return r.conclude(), nil
}

// settling is how long a process is left alone before its memory is read.
const settling = 2 * time.Second

func (r *run) idle(ctx context.Context, c *crowd, label string) ([]Figure, error) {
	began := time.Now()
	if err := getPage(ctx, c.server.URL+"/login"); err != nil {
		return nil, err
	}
	page := c.server.Process.Started + time.Since(began)
	rest := func(d time.Duration) error {
		deadline := time.Now().Add(d)
		return c.pollUntil(ctx, deadline, func() bool {
			r.progress.show("%s: %d connected, %v to go", label, c.live, time.Until(deadline).Round(time.Second))
			return c.failed > 0
		})
	}
	if err := rest(settling); err != nil {
		return nil, err
	}
	before := c.server.Process.Memory()
	began = time.Now()
	defer c.leave()
	if err := r.join(ctx, c); err != nil {
		return nil, err
	}
	took := time.Since(began)
	cpu := c.server.Process.CPU()
	if err := rest(r.load.Duration); err != nil {
		return nil, err
	}
	cpu = c.server.Process.CPU() - cpu
	after := c.server.Process.Memory()

	// They are not only connected: a message gets to all of them.
	c.post(c.conns[0], c.now())
	c.conns[0].flush()
	live := c.live
	if err := c.drain(ctx); err != nil {
		return nil, err
	}
	n := float64(len(c.people))
	return []Figure{
		Figure(live), Figure(took.Seconds()), quotient(n, took.Seconds()),
		Figure(known(float64(before)) / 1e6), Figure(known(float64(after)) / 1e6), quotient(known(float64(after))-float64(before), n*1e3),
		ms(page), Figure(known(cpu.Seconds()) / r.load.Duration.Minutes()),
	}, nil
}

// getPage is a visit by somebody without a session.
func getPage(ctx context.Context, address string) error {
	client, done := newHTTPClient()
	defer done()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return err
	}
	answer, err := client.Do(request)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if _, err := io.Copy(io.Discard, answer.Body); err != nil {
		return err
	}
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("the server answered %s", answer.Status)
	}
	return nil
}

// descriptorNote says what limits the number of clients on this machine.
func descriptorNote() string {
	if n := descriptors(); n > 0 {
		return fmt.Sprintf("; a process may have %d descriptors here", n)
	}
	return ""
}
