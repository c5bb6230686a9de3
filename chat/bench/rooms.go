package bench

import "context"

// Rooms measures many small rooms, in which everybody posts a message a second: what there is
// to put together is little, and what counts is the cost of one message. Servers as for Fanout.
func Rooms(ctx context.Context, servers []Server, l Load, progress Progress) (*Report, error) {
	l.Publishers = (l.Clients + l.Rooms - 1) / l.Rooms // everybody
	if l.Rate == 0 {
		l.Rate = float64(l.Clients)
	}
	r, err := newRun("rooms", l, progress, deliveryColumns...)
	if err != nil {
		return nil, err
	}
	defer r.close()
	r.conditions("%d clients in %d rooms; everybody posts, %g messages a second in all, by the clock; texts of %d bytes; %s of %v",
		l.Clients, l.Rooms, l.Rate, l.Size, rounds(l.Rounds), l.Duration)
	return r.compare(ctx, servers)
}
