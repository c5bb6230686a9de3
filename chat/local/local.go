// Package local is the log of one machine: its sequencer is a goroutine of the
// process. It knows the order in which events come and nothing of what they
// mean. It has no store of its own: an event is durable because applying
// it has committed it, and what is replayed is read from the store it is handed.
package local

import (
	"context"
	"errors"
	"runtime"
	"time"

	"chatd/chat"
)

const (
	// queued is how many events may wait in front of the sequencer; whoever
	// comes when it is full waits. A thousand senders with one event each fit.
	queued = 4096
	// maxBatch bounds one transaction, and with it how long the first of a
	// batch waits for the last: a thousand senders had their answers after 17 ms
	// (median of BenchmarkAppend on two cores).
	maxBatch = 1024
)

// Source is where the log's entries stand: the store that they are applied to.
type Source interface {
	Newest(context.Context) (chat.Entry, bool, error)
	Entries(ctx context.Context, after chat.Seq, limit int) ([]chat.Entry, error)
}

// Log implements chat.Log.
type Log struct {
	source  Source
	now     func() time.Time
	queue   chan request
	stopped chan struct{} // closed when the follower has ended
}

type request struct {
	event chat.Event
	done  func(chat.Receipt, error)
}

// New makes a log that goes on where source ends. Events are stamped with now,
// which need not be steady: a stamp is never before the one of the event that went before.
func New(source Source, now func() time.Time) *Log {
	return &Log{source: source, now: now, queue: make(chan request, queued), stopped: make(chan struct{})}
}

// Append implements chat.Log.
func (l *Log) Append(ctx context.Context, e chat.Event, done func(chat.Receipt, error)) error {
	select {
	case <-l.stopped:
		return errStopped
	default:
	}
	select {
	case l.queue <- request{e, done}:
		select {
		case <-l.stopped: // meanwhile: nobody else may be looking at the queue any more
			l.refuse()
		default:
		}
		return nil
	case <-l.stopped:
		return errStopped
	case <-ctx.Done():
		return &chat.Error{Code: chat.Busy, Text: "The server is very busy. Try again in a moment.", RetryAfter: time.Second, Err: context.Cause(ctx)}
	}
}

var errStopped = &chat.Error{Code: chat.Unavailable, Text: "The server is stopping. Try again in a moment.", RetryAfter: 2 * time.Second}

// Follow implements chat.Log.
//
// A batch is whatever is waiting. There is no timer: the time the last commit
// took is the window in which the next batch gathers.
func (l *Log) Follow(ctx context.Context, after chat.Seq, apply func(context.Context, []chat.Entry) ([]chat.Verdict, error)) error {
	defer l.refuse()
	defer close(l.stopped)
	s := sequencer{log: l, next: after + 1, apply: apply}
	// To be told to stop before it began is no failure, and what is queued is applied all the same.
	if err := s.replay(context.WithoutCancel(ctx), after); err != nil {
		return err
	}
	for {
		select {
		case first := <-l.queue:
			// Those who are about to append do so first: what they have goes along.
			runtime.Gosched()
			if err := s.run(ctx, l.gather(first)); err != nil {
				return err
			}
		case <-ctx.Done():
			return s.finish(ctx)
		}
	}
}

// gather takes what is waiting, without waiting.
func (l *Log) gather(first request) []request {
	batch := []request{first}
	for len(batch) < maxBatch {
		select {
		case r := <-l.queue:
			batch = append(batch, r)
		default:
			return batch
		}
	}
	return batch
}

// refuse answers who came too late.
func (l *Log) refuse() {
	for {
		select {
		case r := <-l.queue:
			r.done(chat.Receipt{}, errStopped)
		default:
			return
		}
	}
}

// sequencer is the follower's own state.
type sequencer struct {
	log   *Log
	next  chat.Seq
	last  time.Time
	apply func(context.Context, []chat.Entry) ([]chat.Verdict, error)
}

// replay applies what the source has behind the place. A server has nothing to
// replay: the store that it applies to is the source.
func (s *sequencer) replay(ctx context.Context, after chat.Seq) error {
	newest, any, err := s.log.source.Newest(ctx)
	if err != nil {
		return err
	}
	if any {
		s.last, s.next = newest.At, max(s.next, newest.Seq+1)
	}
	for {
		entries, err := s.log.source.Entries(ctx, after, maxBatch)
		if err != nil || len(entries) == 0 {
			return err
		}
		if _, err := s.apply(ctx, entries); err != nil {
			return err
		}
		after = entries[len(entries)-1].Seq
	}
}

// finish applies what was queued when the context ended, and no more: who goes
// on appending cannot keep it from ending.
func (s *sequencer) finish(ctx context.Context) error {
	for left := len(s.log.queue); left > 0; {
		batch := s.log.gather(<-s.log.queue)
		left -= len(batch)
		if err := s.run(ctx, batch); err != nil {
			return err
		}
	}
	return nil
}

// run numbers a batch, applies it, and answers.
func (s *sequencer) run(ctx context.Context, batch []request) error {
	if at := s.log.now().UTC().Truncate(time.Millisecond); at.After(s.last) {
		s.last = at
	}
	entries := make([]chat.Entry, len(batch))
	for i, r := range batch {
		entries[i] = chat.Entry{Seq: s.next, Event: r.event}
		entries[i].At = s.last
		s.next++
	}
	if ackBeforeCommit {
		answerEarly(batch, entries)
	}
	// A commit is not broken off because the server is to stop.
	verdicts, err := s.apply(context.WithoutCancel(ctx), entries)
	if err != nil {
		answer := error(chat.ErrStorageFull)
		if !errors.Is(err, chat.ErrStorageFull) {
			answer = &chat.Error{Code: chat.Unavailable, Text: "The server could not save this. Try again in a moment.", RetryAfter: 2 * time.Second, Err: err}
		} else {
			err = nil
		}
		for _, r := range batch {
			r.done(chat.Receipt{}, answer)
		}
		return err
	}
	if ackBeforeCommit {
		return nil
	}
	for i, r := range batch {
		if verdicts[i].Refused != nil {
			r.done(chat.Receipt{}, verdicts[i].Refused)
		} else {
			r.done(verdicts[i].Receipt, nil)
		}
	}
	return nil
}
