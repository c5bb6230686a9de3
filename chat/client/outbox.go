package client

import (
	"context"
	"sync"
	"time"
)

// outbox holds the posts that the server has not decided about, in the order in which
// they were made, and hands them to whoever carries them in that order. A post leaves it
// by settle (an ack or a final nack) or by being withdrawn; time does not empty it.
type outbox struct {
	window int                             // how many may be on the way at once
	delay  func(attempt int) time.Duration // pause after a nack that did not name one

	changed chan struct{} // cap 1: something may be due now

	mu        sync.Mutex
	posts     []*post // oldest first
	notBefore time.Time
	over      error // set once: nothing will ever be sent again
}

// post is owned by the outbox. decided is closed after receipt and err were set for good.
type post struct {
	room, text, cid string
	onTheWay        bool // handed out on this connection and not answered yet
	attempts        int

	decided chan struct{}
	receipt Receipt
	err     error
}

func newOutbox(window int, delay func(int) time.Duration) *outbox {
	return &outbox{window: max(window, 1), delay: delay, changed: make(chan struct{}, 1)}
}

// add puts a post at the end.
func (o *outbox) add(room, text, cid string) (*post, error) {
	p := &post{room: room, text: text, cid: cid, decided: make(chan struct{})}
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.over != nil {
		return nil, o.over
	}
	o.posts = append(o.posts, p)
	o.wake()
	return p, nil
}

// next waits for the oldest post that may be sent now and marks it as on its way.
func (o *outbox) next(ctx context.Context) (*post, error) {
	for {
		p, wait := o.take()
		if p != nil {
			return p, nil
		}
		var due <-chan time.Time
		if wait > 0 {
			due = time.After(wait)
		}
		select {
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		case <-o.changed:
		case <-due:
		}
	}
}

// take returns the post to send now, or how long until one is due (0: when something changes).
func (o *outbox) take() (*post, time.Duration) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for i, p := range o.posts {
		if i == o.window {
			break
		}
		if p.onTheWay {
			continue
		}
		if wait := time.Until(o.notBefore); wait > 0 {
			return nil, wait
		}
		p.onTheWay = true
		p.attempts++
		return p, 0
	}
	return nil, 0
}

// reconnected makes everything undecided due again, oldest first: what was on the way
// over the old connection may or may not have arrived.
func (o *outbox) reconnected() {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, p := range o.posts {
		p.onTheWay = false
	}
	o.wake()
}

// settle records the decision about the oldest post with that cid, and reports whether
// there was one.
func (o *outbox) settle(cid string, r Receipt, err error) (Receipt, bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	i := o.find(cid)
	if i < 0 {
		return Receipt{}, false
	}
	p := o.posts[i]
	r.CID, r.Room = p.cid, p.room
	p.receipt, p.err = r, err
	close(p.decided)
	o.remove(i)
	return r, true
}

// postpone makes a post due again after a nack that was not final. Younger posts that
// were not sent yet wait with it.
func (o *outbox) postpone(cid string, pause time.Duration) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	i := o.find(cid)
	if i < 0 {
		return false
	}
	p := o.posts[i]
	p.onTheWay = false
	if pause <= 0 {
		pause = o.delay(p.attempts - 1)
	}
	o.notBefore = time.Now().Add(pause)
	o.wake()
	return true
}

// withdrawal is what came of taking a post back.
type withdrawal int

const (
	withdrawn withdrawal = iota // it was never sent and never will be
	decided                     // too late: receipt and err are set
	sent                        // too late: it has been handed out and stays
)

// withdraw takes back a post if it was never handed out.
func (o *outbox) withdraw(p *post) withdrawal {
	o.mu.Lock()
	defer o.mu.Unlock()
	for i, q := range o.posts {
		switch {
		case q != p:
			continue
		case p.attempts > 0:
			return sent
		}
		o.remove(i)
		return withdrawn
	}
	return decided
}

// close ends the waiting for every decision that will not come any more.
func (o *outbox) close(err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.over != nil {
		return
	}
	o.over = err
	for _, p := range o.posts {
		p.receipt, p.err = Receipt{CID: p.cid, Room: p.room}, err
		close(p.decided)
	}
	o.posts = nil
}

// find, remove and wake are called with mu held.

func (o *outbox) find(cid string) int {
	for i, p := range o.posts {
		if p.cid == cid {
			return i
		}
	}
	return -1
}

func (o *outbox) remove(i int) {
	o.posts = append(o.posts[:i], o.posts[i+1:]...)
	o.wake()
}

func (o *outbox) wake() {
	select {
	case o.changed <- struct{}{}:
	default:
	}
}
