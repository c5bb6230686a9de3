package client

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

func seconds(int) time.Duration { return time.Second }

// drainNow takes everything that may be sent at this moment.
func (o *outbox) drainNow() (cids string) {
	for p, _ := o.take(); p != nil; p, _ = o.take() {
		cids += p.cid
	}
	return cids
}

func fill(t *testing.T, o *outbox, cids ...string) {
	t.Helper()
	for _, cid := range cids {
		if _, err := o.add("lobby", "text of "+cid, cid); err != nil {
			t.Fatal(err)
		}
	}
}

func expect(t *testing.T, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("sent %q, want %q", got, want)
	}
}

func TestOutboxSendsInOrderWithinItsWindow(t *testing.T) {
	o := newOutbox(2, seconds)
	fill(t, o, "a", "b", "c", "d")
	expect(t, o.drainNow(), "ab")
	o.settle("b", Receipt{ID: "2"}, nil)
	expect(t, o.drainNow(), "c")
	o.settle("a", Receipt{ID: "1"}, nil)
	o.settle("c", Receipt{ID: "3"}, nil)
	expect(t, o.drainNow(), "d")
}

func TestOutboxResendsWhatIsUndecidedInOrder(t *testing.T) {
	o := newOutbox(3, seconds)
	fill(t, o, "a", "b", "c", "d")
	expect(t, o.drainNow(), "abc")
	o.settle("b", Receipt{}, nil)
	expect(t, o.drainNow(), "d")
	o.reconnected()
	expect(t, o.drainNow(), "acd")
}

func TestOutboxWaitsAfterANack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOutbox(1, seconds)
		fill(t, o, "a", "b")
		expect(t, o.drainNow(), "a")
		o.postpone("a", 1500*time.Millisecond)
		expect(t, o.drainNow(), "") // not b either: it must not pass a
		began := time.Now()
		p, err := o.next(t.Context())
		if err != nil || p.cid != "a" || time.Since(began) != 1500*time.Millisecond {
			t.Errorf("%v, %v after %v", p, err, time.Since(began))
		}
		o.postpone("a", 0) // a nack that names no time
		began = time.Now()
		if p, _ = o.next(t.Context()); p.cid != "a" || time.Since(began) != time.Second {
			t.Errorf("%v after %v", p, time.Since(began))
		}
	})
}

func TestOutboxWakesTheSender(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOutbox(1, seconds)
		got := make(chan string)
		go func() {
			for {
				p, err := o.next(t.Context())
				if err != nil {
					return
				}
				got <- p.cid
			}
		}()
		synctest.Wait()
		fill(t, o, "a", "b")
		expect(t, <-got, "a")
		synctest.Wait()
		o.settle("a", Receipt{}, nil)
		expect(t, <-got, "b")
		synctest.Wait()
		o.reconnected()
		expect(t, <-got, "b")
	})
}

func TestOutboxTakesBackOnlyWhatWasNotSent(t *testing.T) {
	o := newOutbox(1, seconds)
	a, _ := o.add("lobby", "a", "a")
	b, _ := o.add("lobby", "b", "b")
	o.take()
	if o.withdraw(a) != sent || o.withdraw(b) != withdrawn {
		t.Error("a was handed out, b was not")
	}
	o.settle("a", Receipt{}, nil)
	if o.withdraw(a) != decided {
		t.Error("a is decided")
	}
}

func TestOutboxClosed(t *testing.T) {
	o := newOutbox(1, seconds)
	p, _ := o.add("lobby", "a", "a")
	reason := errors.New("signed out")
	o.close(reason)
	<-p.decided
	if !errors.Is(p.err, reason) || p.receipt.CID != "a" {
		t.Errorf("%+v, %v", p.receipt, p.err)
	}
	if _, err := o.add("lobby", "b", "b"); !errors.Is(err, reason) {
		t.Errorf("added to a closed outbox: %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := o.next(ctx); err == nil {
		t.Error("there is something to send")
	}
}
