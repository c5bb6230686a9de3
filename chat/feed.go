package chat

import (
	"context"
	"sync"
)

// The bounds of a feed's queue. A feed that is over one of them is behind: it
// drops the queue and reads on from where its reader is.
const (
	maxQueuedFrames  = 256
	maxQueuedBytes   = 256 << 10
	maxQueuedSignals = 16
)

// Feed is one reader's way through what is kept: a bounded queue and a cursor.
// What it costs does not depend on how slow its reader is, a slow reader slows
// nobody, and nothing between two cursors is skipped.
//
// First visit, reconnect and falling behind are one code path: the feed is
// behind, reads from the hub's ring or the store until it meets the head, and
// goes live. Live, frames come by the queue.
//
// Next, Cursor and Close are for one goroutine, the owner; Poke is for any.
type Feed struct {
	server *Server
	actor  Actor
	only   map[string]bool // the rooms asked for; nil: all
	wake   chan struct{}   // cap 1
	index  int             // in the hub's feeds; guarded by the hub

	// Owned by the owner's goroutine.
	distanceKnown bool // how far behind the store is known to be no reason for a reset

	mu          sync.Mutex
	rooms       map[string]bool // where the actor is as of the cursor, of those asked for
	cursor      Seq             // everything up to here that the actor may see was handed out, if the queue is empty
	live        bool
	reset       bool // a reset is to be said
	queue       []Frame
	queuedBytes int
	signals     [][]byte
	stale       bool // a signal was dropped: what it told must be told anew
}

// Batch is what a feed hands out at once, in this order: Reset, Frames, Live, Signals.
type Batch struct {
	Reset   bool     // too far behind, or from elsewhere: the reader loads pages anew and goes on from Cursor
	Frames  []Frame  // kept events, in order, encoded; shared, not to be changed
	Live    bool     // everything kept up to Cursor was handed out
	Signals [][]byte // things that pass, encoded
	Cursor  Seq      // where the reader is after this batch
}

// Subscription says where a feed begins and what it follows.
type Subscription struct {
	After *Seq     // resume behind this place; nil: from now
	Reset bool     // begin at the head, with a reset: the reader's cursor did not fit
	Rooms []string // follow only these of the rooms that the actor is in; nil: all
}

// Subscribe opens a feed, and says where it begins. Close it when done.
// An After that this history does not have gives a feed that begins with a reset.
func (s *Server) Subscribe(ctx context.Context, actor Actor, sub Subscription) (*Feed, error) {
	f := &Feed{server: s, actor: actor, wake: make(chan struct{}, 1), reset: sub.Reset, cursor: s.hub.Head()}
	if sub.Rooms != nil {
		f.only = make(map[string]bool, len(sub.Rooms))
		for _, room := range sub.Rooms {
			f.only[room] = true
		}
	}
	if sub.After != nil && !sub.Reset {
		known, err := s.store.knows(ctx, *sub.After)
		if err != nil {
			return nil, err
		}
		if known {
			f.cursor = *sub.After
		} else {
			f.reset = true
		}
	}
	var err error
	if f.rooms, err = s.store.roomsAt(ctx, actor.ID, f.cursor, f.only); err != nil {
		return nil, err
	}
	s.hub.add(f)
	s.presence.arrive(actor.Person, s.now())
	f.Poke()
	return f, nil
}

// Close ends the feed.
func (f *Feed) Close() {
	f.server.hub.remove(f)
	f.server.presence.depart(f.actor.Person, f.server.now())
}

// Resumed says that the feed begins behind the place it was asked for.
func (f *Feed) Resumed(sub Subscription) bool { return sub.After != nil && !f.reset }

// Cursor returns a place up to which everything that the actor may see has been
// handed out by Next.
func (f *Feed) Cursor() Seq {
	h := &f.server.hub
	h.mu.Lock()
	defer h.mu.Unlock()
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.live && len(f.queue) == 0 {
		f.cursor = max(f.cursor, h.head)
	}
	return f.cursor
}

// Poke makes Next return, with an empty batch if there is nothing else.
func (f *Feed) Poke() {
	select {
	case f.wake <- struct{}{}:
	default:
	}
}

// Next waits until there is something to hand out, or the feed is poked.
// Its error is that of ctx, or of reading the store.
func (f *Feed) Next(ctx context.Context) (Batch, error) {
	select {
	case <-f.wake:
	case <-ctx.Done():
		return Batch{}, context.Cause(ctx)
	}
	f.mu.Lock()
	live := f.live
	f.mu.Unlock()
	if !live {
		batch, err := f.catchUp(ctx)
		f.Poke() // there may be more
		return batch, err
	}
	return f.take(), nil
}

// take hands out what is queued.
func (f *Feed) take() Batch {
	f.mu.Lock()
	defer f.mu.Unlock()
	if n := len(f.queue); n > 0 {
		f.cursor = f.queue[n-1].Seq
	}
	b := Batch{Frames: f.queue, Signals: f.signals, Cursor: f.cursor}
	if f.stale {
		b.Signals, f.stale = append(b.Signals, f.server.presence.snapshot()), false
	}
	f.queue, f.queuedBytes, f.signals = nil, 0, nil
	return b
}

// offer takes the frames that the actor may see into the queue, if the feed is
// live and there is room. Called by the hub, under its lock; never blocks.
func (f *Feed) offer(frames []Frame) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.live {
		return // catching up, the feed will meet them
	}
	waiting := len(f.queue)
	for i := range frames {
		frame := &frames[i]
		if frame.Seq <= f.cursor || !f.follows(frame) {
			continue
		}
		if len(f.queue) >= f.server.bounds.queued || f.queuedBytes+len(frame.Bytes) > maxQueuedBytes {
			f.fallBehind()
			break
		}
		f.queue = append(f.queue, *frame)
		f.queuedBytes += len(frame.Bytes)
	}
	if len(f.queue) > waiting || !f.live {
		f.Poke() // nobody is woken by what he may not see
	}
}

// fallBehind drops the queue: the cursor still stands where the reader is.
// The rooms are asked of the store again, as of the cursor.
func (f *Feed) fallBehind() {
	f.queue, f.queuedBytes, f.signals = nil, 0, nil
	f.live, f.rooms, f.distanceKnown = false, nil, false
}

// follows says whether the actor may see this frame, and keeps up with the
// rooms that he enters and leaves by it. Frames must pass in order.
func (f *Feed) follows(frame *Frame) bool {
	in := f.rooms[frame.room]
	if frame.author == f.actor.ID && (f.only == nil || f.only[frame.room]) {
		// What somebody does in a room, coming in included, he does as one who is in it.
		in = true
		if frame.leaves {
			delete(f.rooms, frame.room)
		} else if !f.rooms[frame.room] {
			f.rooms[frame.room] = true
		}
	}
	return in
}

// offerSignal takes a signal, if the feed is live and the test accepts it.
func (f *Feed) offerSignal(bytes []byte, to func(*Feed) bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.live || !to(f) {
		return
	}
	if len(f.signals) >= maxQueuedSignals {
		f.signals, f.stale = nil, true
	} else {
		f.signals = append(f.signals, bytes)
	}
	f.Poke()
}
