package bench

import (
	"context"
	"fmt"
)

// Fanout measures how fast and how cheaply one room's messages get to everybody in
// it. The first server is the one in question; the others are yardsticks, whose
// frames are made as long as its.
func Fanout(ctx context.Context, servers []Server, l Load, progress Progress) (*Report, error) {
	r, err := newRun("fanout", l, progress, deliveryColumns...)
	if err != nil {
		return nil, err
	}
	defer r.close()
	how := fmt.Sprintf("%d of them keep %d messages each in flight", l.Publishers, l.InFlight)
	if l.Rate > 0 {
		how = fmt.Sprintf("%d of them post %g messages a second in all, by the clock", l.Publishers, l.Rate)
	}
	r.conditions("%d clients in one room; %s; texts of %d bytes; %s of %v", l.Clients, how, l.Size, rounds(l.Rounds), l.Duration)
	return r.compare(ctx, servers)
}

var deliveryColumns = []string{"deliveries/s", "CPU-s/M", "p50 ms", "p99 ms", "ack p50 ms", "ack p99 ms", "bytes/delivery", "RSS MB", "cores", "generator", "others"}

// deliveryRatios is how many of the columns are worth a ratio; the rest are conditions.
const deliveryRatios = 6

// compare measures each server once a round, so that what the machine does besides
// falls on all of them.
func (r *run) compare(ctx context.Context, servers []Server) (*Report, error) {
	r.brief = !descriptorsFor(r.load.Clients * len(servers))
	for _, s := range servers {
		c, err := r.enter(ctx, s)
		if err != nil {
			return nil, err
		}
		if c == r.crowds[0] {
			if err := r.withAll(ctx, c, func() error { return r.learnFrame(ctx, c) }); err != nil {
				return nil, err
			}
		}
	}
	for round := 0; round < r.load.Rounds && !r.broken(); round++ {
		for _, c := range r.crowds {
			label := fmt.Sprintf("round %d of %d, %s", round+1, r.load.Rounds, c.server.Name)
			err := r.withAll(ctx, c, func() error {
				m, err := r.measure(ctx, c, r.load, label)
				r.report.add(c.server.Name, c.delivery(m)...)
				return err
			})
			if err != nil {
				return nil, err
			}
		}
		if err := r.measureFsync(); err != nil {
			return nil, err
		}
	}
	for _, c := range r.crowds[1:] {
		r.report.compare(r.crowds[0].server.Name, c.server.Name, deliveryRatios)
	}
	return r.finish(ctx)
}

// withAll does something while everybody is connected.
func (r *run) withAll(ctx context.Context, c *crowd, do func() error) error {
	if !r.brief {
		return do()
	}
	defer c.leave()
	if err := r.join(ctx, c); err != nil {
		return err
	}
	return do()
}

// delivery is a measurement in the order of deliveryColumns.
func (c *crowd) delivery(m counted) []Figure {
	return []Figure{
		quotient(m.delivered, m.seconds), quotient(m.cpu, m.delivered/1e6),
		ms(c.latency.Quantile(0.5)), ms(c.latency.Quantile(0.99)), ms(c.acks.Quantile(0.5)), ms(c.acks.Quantile(0.99)),
		Figure(m.bytes), Figure(m.memory / 1e6), quotient(m.cpu, m.seconds), quotient(m.own, m.seconds), quotient(m.others, m.seconds),
	}
}
