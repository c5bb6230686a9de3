package chattest

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"chatd/chat"
)

// Async is a chat.Log as a log on other machines would be one. It gives events their
// places in one goroutine and delivers them in another; it skips numbers, cuts
// batches where chance has it, delivers late, and delivers again what was applied
// already. Whatever passes on it does not lean on the local log's good manners.
//
// Its past is what stands in the store that it is handed.
type Async struct {
	store   *chat.Store
	now     func() time.Time
	chance  *rand.Rand // owned by the applier
	skip    *rand.Rand // owned by the sequencer
	inbox   chan request
	stopped chan struct{} // closed when the follower has ended
}

type request struct {
	event chat.Event
	done  func(chat.Receipt, error)
}

// placed is an event that has its place, and who waits for the answer.
type placed struct {
	entry chat.Entry
	done  func(chat.Receipt, error)
}

// NewAsync makes an Async whose misbehaviour repeats with the same seed.
func NewAsync(store *chat.Store, now func() time.Time, seed uint64) *Async {
	return &Async{
		store: store, now: now,
		chance: rand.New(rand.NewPCG(seed, 1)), skip: rand.New(rand.NewPCG(seed, 2)),
		inbox: make(chan request, 64), stopped: make(chan struct{}),
	}
}

var errStopped = &chat.Error{Code: chat.Unavailable, Text: "The log has stopped."}

// Append implements chat.Log.
func (a *Async) Append(ctx context.Context, e chat.Event, done func(chat.Receipt, error)) error {
	select {
	case <-a.stopped:
		return errStopped
	default:
	}
	select {
	case a.inbox <- request{e, done}:
		select {
		case <-a.stopped:
			a.refuse()
		default:
		}
		return nil
	case <-a.stopped:
		return errStopped
	case <-ctx.Done():
		return &chat.Error{Code: chat.Busy, Text: "The log is busy.", Err: context.Cause(ctx)}
	}
}

func (a *Async) refuse() {
	for {
		select {
		case r := <-a.inbox:
			r.done(chat.Receipt{}, errStopped)
		default:
			return
		}
	}
}

// Follow implements chat.Log.
func (a *Async) Follow(ctx context.Context, after chat.Seq, apply func(context.Context, []chat.Entry) ([]chat.Verdict, error)) error {
	defer a.refuse()
	defer close(a.stopped)
	next, at := after+1, time.Time{}
	if newest, any, err := a.store.Newest(context.WithoutCancel(ctx)); err != nil {
		return err
	} else if any {
		next, at = max(next, newest.Seq+1), newest.At
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	d := delivery{log: a, apply: apply}
	if err := d.past(context.WithoutCancel(ctx), after); err != nil {
		return err
	}
	stream := make(chan placed, 32)
	go a.sequence(ctx, next, at, stream)
	err := d.run(ctx, stream)
	cancel()
	for p := range stream { // the sequencer must not be left waiting
		p.done(chat.Receipt{}, errStopped)
	}
	return err
}

// sequence places what comes until ctx ends, and then what had come by then.
func (a *Async) sequence(ctx context.Context, next chat.Seq, at time.Time, stream chan<- placed) {
	defer close(stream)
	place := func(r request) {
		if now := a.now().UTC().Truncate(time.Millisecond); now.After(at) {
			at = now
		}
		r.event.At = at
		stream <- placed{chat.Entry{Seq: next, Event: r.event}, r.done}
		next += 1 + chat.Seq(a.skip.IntN(3))
	}
	for {
		select {
		case r := <-a.inbox:
			place(r)
			continue
		case <-ctx.Done():
		}
		for range len(a.inbox) {
			place(<-a.inbox)
		}
		return
	}
}

// delivery hands entries to the follower.
type delivery struct {
	log    *Async
	apply  func(context.Context, []chat.Entry) ([]chat.Verdict, error)
	recent []chat.Entry // what was applied last: it may come again
}

// past delivers what the store has behind the place.
func (d *delivery) past(ctx context.Context, after chat.Seq) error {
	for {
		entries, err := d.log.store.Entries(ctx, after, 1+d.log.chance.IntN(40))
		if err != nil || len(entries) == 0 {
			return err
		}
		if _, err := d.deliver(ctx, entries); err != nil {
			return err
		}
		after = entries[len(entries)-1].Seq
	}
}

func (d *delivery) run(ctx context.Context, stream <-chan placed) error {
	for first := range stream {
		d.dawdle()
		batch := d.gather(first, stream)
		entries := make([]chat.Entry, len(batch))
		for i, p := range batch {
			entries[i] = p.entry
		}
		verdicts, err := d.deliver(context.WithoutCancel(ctx), entries)
		full := errors.Is(err, chat.ErrStorageFull)
		for i, p := range batch {
			switch {
			case full:
				p.done(chat.Receipt{}, chat.ErrStorageFull)
			case err != nil:
				p.done(chat.Receipt{}, &chat.Error{Code: chat.Unavailable, Text: "That could not be saved.", Err: err})
			case verdicts[i].Refused != nil:
				p.done(chat.Receipt{}, verdicts[i].Refused)
			default:
				p.done(verdicts[i].Receipt, nil)
			}
		}
		if err != nil && !full {
			return err
		}
	}
	return nil
}

// dawdle applies late, sometimes: the time in which a batch gathers.
func (d *delivery) dawdle() {
	if d.log.chance.IntN(4) == 0 {
		time.Sleep(time.Duration(d.log.chance.IntN(2000)) * time.Microsecond)
	}
}

// gather takes some of what is there.
func (d *delivery) gather(first placed, stream <-chan placed) []placed {
	batch := []placed{first}
	for n := d.log.chance.IntN(20); len(batch) <= n; {
		select {
		case p, open := <-stream:
			if !open {
				return batch
			}
			batch = append(batch, p)
		default:
			return batch
		}
	}
	return batch
}

// deliver applies entries, at times with some in front that were applied before,
// and returns the verdicts of the new ones.
func (d *delivery) deliver(ctx context.Context, entries []chat.Entry) ([]chat.Verdict, error) {
	again := d.recent[:0:0]
	if n := len(d.recent); n > 0 && d.log.chance.IntN(3) == 0 {
		again = d.recent[d.log.chance.IntN(n):]
	}
	verdicts, err := d.apply(ctx, append(again[:len(again):len(again)], entries...))
	if err != nil {
		return nil, err
	}
	d.recent = append(d.recent, entries...)
	d.recent = d.recent[max(0, len(d.recent)-10):]
	return verdicts[len(again):], nil
}
