package bench

import (
	"context"
	"fmt"
	"time"
)

// missed is how many messages are posted while everybody is away: more than a
// glance, and far fewer than the 10,000 after which a server may say reset.
const missed = 500

// Storm measures a crash: the server is killed while messages flow and started again;
// whoever posts comes first and says more; then all others return at once, each from
// where he was. It counts until all of them are live and have everything.
func Storm(ctx context.Context, restart Restart, l Load, progress Progress) (*Report, error) {
	r, err := newRun("storm", l, progress, "connected", "start s", "all live s", "all caught up s", "refused, said when", "failed to connect", "RSS MB")
	if err != nil {
		return nil, err
	}
	defer r.close()
	r.conditions("%d clients in one room, %g messages a second; SIGKILL, and %d more messages before all others return at once%s", l.Clients, l.Rate, missed, descriptorNote())
	s, err := restart(ctx)
	if err != nil {
		return nil, err
	}
	c, err := r.enter(ctx, s)
	if err != nil {
		return nil, err
	}
	for _, conn := range c.conns {
		conn.mayEnd = true
	}
	for round := 0; round < l.Rounds && !r.broken(); round++ {
		figures, err := r.storm(ctx, c, restart, fmt.Sprintf("round %d of %d", round+1, l.Rounds))
		if err != nil {
			return nil, err
		}
		r.report.add(c.server.Name, figures...)
	}
	return r.finish(ctx)
}

func (r *run) storm(ctx context.Context, c *crowd, restart Restart, label string) ([]Figure, error) {
	flow := func(d time.Duration) error {
		return c.flow(ctx, d, r.load.Rate, func() { r.progress.show("%s: %d live", label, c.live) })
	}
	if err := flow(r.load.Duration); err != nil {
		return nil, err
	}
	began := time.Now()
	var err error
	if c.server, err = restart(ctx); err != nil {
		return nil, err
	}
	started := time.Since(began)
	gone := func() bool { return c.live == 0 }
	if err := c.pollUntil(ctx, time.Now().Add(drainTimeout), gone); err != nil {
		return nil, err
	}
	if !gone() {
		return nil, fmt.Errorf("%d connections outlived their server", c.live)
	}
	if err := r.saySomeMore(ctx, c); err != nil {
		return nil, err
	}

	began = time.Now()
	storm := &approach{atOnce: len(c.conns), query: r.query(c), patient: true}
	if err := c.reconnect(ctx, c.conns[r.load.Publishers:], storm); err != nil {
		return nil, err
	}
	live, connected := time.Since(began), c.live
	if err := c.drain(ctx); err != nil {
		return nil, err
	}
	figures := []Figure{
		Figure(connected), Figure(started.Seconds()), Figure(live.Seconds()), Figure(time.Since(began).Seconds()),
		Figure(storm.refused.Load()), Figure(storm.failed.Load()), Figure(known(float64(c.server.Process.Memory())) / 1e6),
	}
	c.forget()
	if why := storm.failure.Load(); why != nil {
		r.report.note("%s: the last of the connections that failed: %v.", label, *why)
	}
	return figures, nil
}

// saySomeMore lets those who post return alone.
func (r *run) saySomeMore(ctx context.Context, c *crowd) error {
	all := c.conns
	publishers := all[:r.load.Publishers]
	c.conns = publishers // the others are away
	defer func() { c.conns = all }()
	if err := c.reconnect(ctx, publishers, &approach{atOnce: hands, query: r.query(c), patient: true}); err != nil {
		return err
	}
	for i := range missed {
		c.post(publishers[i%len(publishers)], c.now())
	}
	for _, p := range publishers {
		p.flush()
	}
	return c.drain(ctx)
}
