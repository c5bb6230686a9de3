package bench

import (
	"context"
	"fmt"
	"time"
)

// stalled is how many people stop reading, phase by phase. The first phase is the
// yardstick: the others' latencies there are those of a room that nobody disturbs.
var stalled = []struct {
	name  string
	count int
}{{"nobody stalls", 0}, {"1 stalls", 1}, {"100 stall", 100}}

// Stall measures what readers who have stopped reading do to all others, and that each of
// those comes back to everything that was said meanwhile.
func Stall(ctx context.Context, s Server, l Load, progress Progress) (*Report, error) {
	r, err := newRun("stall", l, progress, "deliveries/s", "p50 ms", "p99 ms", "p99 while they return", "return s", "closed", "CPU-s/M", "RSS MB")
	if err != nil {
		return nil, err
	}
	defer r.close()
	r.conditions("%d clients in one room; %d of them post %g messages a second in all, by the clock; texts of %d bytes; %s of %v for each number of people who stop reading",
		l.Clients, l.Publishers, l.Rate, l.Size, rounds(l.Rounds), l.Duration)
	c, err := r.enter(ctx, s)
	if err != nil {
		return nil, err
	}
	most := stalled[len(stalled)-1].count
	idlers := c.conns[len(c.conns)-most:]
	for _, conn := range idlers { // never timed: the same people are compared in all phases
		conn.timed = false
	}
	for round := 0; round < l.Rounds && !r.broken(); round++ {
		for _, phase := range stalled {
			figures, err := r.stall(ctx, c, idlers[:phase.count], fmt.Sprintf("round %d of %d, %s", round+1, l.Rounds, phase.name))
			if err != nil {
				return nil, err
			}
			r.report.add(phase.name, figures...)
		}
	}
	for _, phase := range stalled[1:] {
		r.report.compare(phase.name, stalled[0].name, 4)
	}
	return r.finish(ctx)
}

// stall lets some people stop reading while messages flow, and then return.
func (r *run) stall(ctx context.Context, c *crowd, idlers []*conn, label string) ([]Figure, error) {
	flow := func(d time.Duration) error {
		return c.flow(ctx, d, r.load.Rate, func() { r.progress.show("%s: %d deliveries", label, c.delivered) })
	}
	for _, conn := range idlers {
		conn.mayEnd = true
		conn.socket.pause()
	}
	if err := flow(r.load.warmUp()); err != nil {
		return nil, err
	}
	c.latency.Reset()
	began, cpu, delivered := time.Now(), c.server.Process.CPU(), c.delivered
	if err := flow(r.load.Duration); err != nil {
		return nil, err
	}
	took, count := time.Since(began).Seconds(), float64(c.delivered-delivered)
	used, memory := known((c.server.Process.CPU() - cpu).Seconds()), known(float64(c.server.Process.Memory()))
	figures := []Figure{quotient(count, took), ms(c.latency.Quantile(0.5)), ms(c.latency.Quantile(0.99))}

	c.latency.Reset()
	back, closed, err := r.comeBack(ctx, c, idlers, flow)
	if err != nil {
		return nil, err
	}
	figures = append(figures, ms(c.latency.Quantile(0.99)), Figure(back.Seconds()), Figure(closed), quotient(used, count/1e6), Figure(memory/1e6))
	if err := c.drain(ctx); err != nil {
		return nil, err
	}
	c.forget()
	return figures, nil
}

// comeBack lets idlers read again; those whom the server has closed meanwhile connect
// again and go on from where they were. Messages go on flowing until all of them have what
// had been said when they came back.
func (r *run) comeBack(ctx context.Context, c *crowd, idlers []*conn, flow func(time.Duration) error) (took time.Duration, closed int, err error) {
	began, said := time.Now(), len(c.rooms[0].data)
	for _, conn := range idlers {
		conn.socket.resume()
	}
	for {
		if err := flow(20 * time.Millisecond); err != nil {
			return 0, 0, err
		}
		behind := 0
		for _, conn := range idlers {
			if conn.reader.at < said {
				behind++
			}
		}
		gone := over(idlers)
		if behind+len(gone) == 0 || c.failed > 0 {
			break
		}
		if time.Since(began) > drainTimeout {
			c.fault("%d of %d people who had stopped reading did not get everything within %v", behind, len(idlers), drainTimeout)
			break
		}
		closed += len(gone)
		if err := c.reconnect(ctx, gone, &approach{atOnce: hands, query: r.query(c), patient: true}); err != nil {
			return 0, 0, err
		}
	}
	for _, conn := range idlers {
		conn.mayEnd = false
	}
	return time.Since(began), closed, nil
}
