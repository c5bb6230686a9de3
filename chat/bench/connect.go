package bench

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/url"
	"sync"
	"sync/atomic"
	"time"
)

// handshakeTimeout is how long the server may take to answer an upgrade, and to call a stream live.
const handshakeTimeout = 30 * time.Second

// patience is how long those who try again do so.
const patience = 2 * time.Minute

// approach is how connections are opened.
type approach struct {
	atOnce  int                    // how many at a time
	query   func(*conn) url.Values // what each wants of its stream
	patient bool                   // a failure is no end: wait as the server says, or as the protocol does, and try again
	refused atomic.Int64           // answers that said when to come back
	failed  atomic.Int64           // connections that could not be made
	failure atomic.Pointer[error]  // the last reason for that
}

// usual opens as many connections at a time as makes sense, and takes no refusal.
func usual(query func(*conn) url.Values) *approach { return &approach{atOnce: hands, query: query} }

// opened is a connection after its handshake; early is what came right behind that.
type opened struct {
	conn  *conn
	s     net.Conn
	early []byte
}

// connect opens the streams of the given connections and returns when the server
// has called all of them live. Those that it ended again, and may, are over.
func (c *crowd) connect(ctx context.Context, conns []*conn, a *approach) error {
	ctx, cancel := context.WithCancelCause(ctx)
	var dialing sync.WaitGroup
	done := make(chan opened, len(conns))
	defer func() { // whoever is not connected now never will be
		cancel(nil)
		dialing.Wait()
		close(done)
		for o := range done {
			o.s.Close()
		}
	}()
	var next atomic.Int64
	for range min(a.atOnce, len(conns)) {
		dialing.Go(func() {
			for i := next.Add(1) - 1; i < int64(len(conns)) && ctx.Err() == nil; i = next.Add(1) - 1 {
				s, early, err := a.open(ctx, c.server.URL, conns[i].person, a.query(conns[i]))
				if err != nil {
					cancel(fmt.Errorf("%s cannot open a stream on %s: %w", conns[i].person.Name, c.server.Name, err))
					return
				}
				done <- opened{conns[i], s, early}
			}
		})
	}
	admitted := 0
	within := handshakeTimeout
	if a.patient {
		within = patience
	}
	err := c.pollUntil(ctx, time.Now().Add(within), func() bool {
		for {
			select {
			case o := <-done:
				admitted++
				if err := c.admit(o); err != nil {
					cancel(err)
				}
				continue
			default:
			}
			return admitted == len(conns) && c.waiting(conns) == 0 || c.failed > 0
		}
	})
	if err != nil {
		return err
	}
	if n := c.waiting(conns); n > 0 && c.failed == 0 { // else the report says what is wrong
		return fmt.Errorf("%d of %d streams on %s did not become live within %v", n, len(conns), c.server.Name, within)
	}
	return nil
}

// waiting is how many connections the server has not yet called live, nor ended.
func (c *crowd) waiting(conns []*conn) (n int) {
	for _, conn := range conns {
		if !conn.live && !conn.over {
			n++
		}
	}
	return n
}

func (c *crowd) admit(o opened) error {
	if err := c.poller.add(o.conn, o.s); err != nil {
		return err
	}
	if len(o.early) > 0 {
		o.conn.receive(o.early)
	}
	return nil
}

// open opens one connection, if need be again and again.
func (a *approach) open(ctx context.Context, base string, who *Person, query url.Values) (net.Conn, []byte, error) {
	for attempt := 0; ; attempt++ {
		s, early, err := upgrade(ctx, base, who, query)
		if err == nil || !a.patient || ctx.Err() != nil {
			return s, early, err
		}
		wait := rand.N(min(30*time.Second, time.Second<<min(attempt, 5))) // protocol.md: full jitter
		if no, ok := errors.AsType[*Refused](err); ok {
			if wait, ok = no.retryAfter(); !ok {
				return nil, nil, fmt.Errorf("a refusal that does not say when to come back: %w", err)
			}
			a.refused.Add(1)
		} else {
			a.failed.Add(1)
			a.failure.Store(&err)
		}
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return nil, nil, context.Cause(ctx)
		}
	}
}
