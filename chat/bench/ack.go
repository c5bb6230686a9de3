package bench

import (
	"context"
	"fmt"
)

// Ack measures how soon, and how many, posts are acknowledged: by the clock, l.Rate
// posts a second in all, and one at a time, where everybody posts again as soon as his
// last post is acknowledged. People are in small rooms, so that little of the work is
// delivering. Beside it stands what making anything durable takes on the same disk.
func Ack(ctx context.Context, s Server, l Load, progress Progress) (*Report, error) {
	l.Publishers = (l.Clients + l.Rooms - 1) / l.Rooms // everybody
	r, err := newRun("ack", l, progress, "acks/s", "ack p50 ms", "ack p99 ms", "fsync p50 ms", "fsync p99 ms", "p50 − fsync", "CPU-s/M acks", "cores", "generator", "others")
	if err != nil {
		return nil, err
	}
	defer r.close()
	r.conditions("%d clients in %d rooms; everybody posts, by WebSocket; texts of %d bytes; %s of %v", l.Clients, l.Rooms, l.Size, rounds(l.Rounds), l.Duration)
	c, err := r.enter(ctx, s)
	if err != nil {
		return nil, err
	}
	c.acksOnly = true
	closed := l
	closed.Rate, closed.InFlight = 0, 1
	for round := 0; round < l.Rounds && !r.broken(); round++ {
		for _, turn := range []struct {
			name string
			load Load
		}{{fmt.Sprintf("%g a second", l.Rate), l}, {"one at a time each", closed}} {
			fsync := r.fsync
			r.fsync.Reset()
			if err := r.measureFsync(); err != nil {
				return nil, err
			}
			m, err := r.measure(ctx, c, turn.load, fmt.Sprintf("round %d of %d, %s", round+1, l.Rounds, turn.name))
			if err != nil {
				return nil, err
			}
			r.report.add(turn.name, ackFigures(c, m, &r.fsync)...)
			r.fsync.Merge(&fsync)
		}
	}
	return r.finish(ctx)
}

// ackFigures are a measurement in the order of the columns; fsync is its own yardstick.
func ackFigures(c *crowd, m counted, fsync *Histogram) []Figure {
	p50, least := ms(c.acks.Quantile(0.5)), ms(fsync.Quantile(0.5))
	return []Figure{
		quotient(m.acked, m.seconds), p50, ms(c.acks.Quantile(0.99)),
		least, ms(fsync.Quantile(0.99)), p50 - least,
		quotient(m.cpu, m.acked/1e6), quotient(m.cpu, m.seconds), quotient(m.own, m.seconds), quotient(m.others, m.seconds),
	}
}
