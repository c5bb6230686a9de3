package bench

import (
	"context"
	"time"
)

// publishers are the connections that post.
func (c *crowd) publishers() []*conn {
	var list []*conn
	for _, conn := range c.conns {
		if conn.publishes {
			list = append(list, conn)
		}
	}
	return list
}

// flow lets messages flow for a while: rate of them a second, by the clock, each
// publisher in its turn, or, if rate is 0, as many as the crowd's window allows. show is called now and then.
//
// By the clock means that a message counts from when it was to be sent: a server
// that holds up the generator is not rewarded for it.
func (c *crowd) flow(ctx context.Context, d time.Duration, rate float64, show func()) error {
	publishers := c.publishers()
	began := c.now()
	end := began + d
	if rate == 0 {
		for _, p := range publishers {
			c.fill(p)
		}
	}
	due := func(i int) time.Duration { return began + time.Duration(float64(i)/rate*1e9) }
	for i := 0; ; {
		now := c.now()
		if now >= end || c.failed > 0 {
			return nil
		}
		next := min(end, now+pollStep)
		if rate > 0 {
			for ; due(i) <= now; i++ {
				p := publishers[i%len(publishers)]
				c.post(p, due(i))
				p.flush()
			}
			next = min(next, due(i))
		}
		if err := c.poller.poll(c.began.Add(next)); err != nil {
			return err
		}
		if err := ctx.Err(); err != nil {
			return context.Cause(ctx)
		}
		show()
	}
}
