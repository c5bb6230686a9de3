package chat

import (
	"context"
	"maps"
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
// goes live. Live, frames come by the queue; or, while the feed is parked with a
// Sink, they go straight there, and nobody needs to wait in Next.
//
// Next, Park, Cursor and Close are for one goroutine at a time, the owner; Poke is for any.
type Feed struct {
	server *Server
	actor  Actor
	only   map[string]bool // the rooms asked for; nil: all
	wake   chan struct{}   // cap 1

	// Owned by the owner.
	distanceKnown bool // how far behind the store is known to be no reason for a reset

	// Owned by the flusher.
	turn    uint32 // entries of the index with another turn are out of date
	lastRun uint64 // the newest run that was offered

	mu          sync.Mutex
	rooms       map[string]bool // where the actor is as of the cursor, of those asked for; shared: never changed, but replaced
	cursor      Seq             // everything up to here that the actor may see was handed out, if the queue is empty
	live        bool
	reset       bool // a reset is to be said
	sink        Sink // nil: by the queue
	queue       []Frame
	queuedBytes int
	signals     [][]byte
	stale       bool // a signal was dropped: what it told must be told anew
}

// Sink takes what a live feed is offered, in place of the queue. It is called by
// the one goroutine that offers to everybody: it must not block.
type Sink interface {
	// Push takes all of b, or refuses all of it. b is shared: not to be changed.
	Push(b []byte) bool
	// Behind says that the feed is no longer parked, because Push refused: what it
	// refused is to be had from Next, and so is what follows. It must not call the feed back.
	Behind()
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
	s.presence.arrive(actor.Person, s.now())
	f.Poke()
	return f, nil
}

// Close ends the feed.
func (f *Feed) Close() {
	f.server.hub.forget(f)
	now := f.server.now()
	f.server.personal.sight(f.actor.ID, now, "")
	f.server.presence.depart(f.actor.Person, now)
}

// Resumed says that the feed begins behind the place it was asked for.
func (f *Feed) Resumed(sub Subscription) bool { return sub.After != nil && !f.reset }

// Cursor returns a place up to which everything that the actor may see has been
// handed out, by Next or to the sink.
func (f *Feed) Cursor() Seq {
	offered := f.server.hub.offered()
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.live && len(f.queue) == 0 {
		f.cursor = max(f.cursor, offered)
	}
	return f.cursor
}

// Park has what comes go to the sink from now on, if the feed is live and has
// nothing in hand; else it reports false and nothing changed. Unpark, or a call of sink.Behind, ends it.
func (f *Feed) Park(sink Sink) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.live || len(f.queue) > 0 || len(f.signals) > 0 || f.stale {
		return false
	}
	f.sink = sink
	return true
}

// Unpark has what comes go to the queue again. When it returns the sink is no longer called.
func (f *Feed) Unpark() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.sink = nil
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

// offer takes those frames of a run that the actor may see and that are newer
// than the cursor. Called by the flusher; never blocks.
func (f *Feed) offer(r *run) {
	f.mu.Lock()
	defer f.mu.Unlock()
	switch {
	case !f.live:
		// Catching up, the feed will meet them.
	case f.sink != nil:
		bytes := r.of(f.rooms)
		if f.cursor > r.before {
			// Live since a place within this run.
			bytes = r.join(func(frame *Frame) bool { return frame.Seq > f.cursor && f.rooms[frame.room] })
		}
		if bytes != nil && !f.sink.Push(bytes) {
			f.cursor = max(f.cursor, r.before)
			sink := f.sink
			f.fallBehind()
			f.Poke()
			sink.Behind()
			return
		}
		f.cursor = max(f.cursor, r.frames[len(r.frames)-1].Seq)
	default:
		for i := range r.frames {
			frame := &r.frames[i]
			if frame.Seq <= f.cursor || !f.rooms[frame.room] {
				continue
			}
			if !f.enqueue(frame) {
				f.fallBehind()
			}
			f.Poke()
			if !f.live {
				break
			}
		}
	}
}

func (f *Feed) enqueue(frame *Frame) bool {
	if len(f.queue) >= f.server.bounds.queued || f.queuedBytes+len(frame.Bytes) > maxQueuedBytes {
		return false
	}
	f.queue = append(f.queue, *frame)
	f.queuedBytes += len(frame.Bytes)
	return true
}

// fallBehind drops the queue: the cursor still stands where the reader is.
// The rooms are asked of the store again, as of the cursor. Called by the flusher.
func (f *Feed) fallBehind() {
	f.queue, f.queuedBytes, f.signals = nil, 0, nil
	f.live, f.sink, f.rooms, f.distanceKnown = false, nil, nil, false
	f.turn++
}

// enters says whether the feed comes into a room by this frame, which brings its person there.
func (f *Feed) enters(frame *Frame) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.live && frame.Seq > f.cursor && !f.rooms[frame.room] && (f.only == nil || f.only[frame.room])
}

// move takes the room of this frame, by which its person comes or goes, among those that the feed
// follows, or from them; not if the feed was past it when it went live: then it has counted already.
func (f *Feed) move(frame *Frame, in bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	switch {
	case !f.live || frame.Seq < f.cursor:
	default:
		f.rooms = changed(f.rooms, frame.room, in)
	}
}

// changed returns a set of rooms that has one more, or one less. rooms stays as it is.
func changed(rooms map[string]bool, room string, in bool) map[string]bool {
	if rooms[room] == in {
		return rooms
	}
	rooms = maps.Clone(rooms)
	if in {
		rooms[room] = true
	} else {
		delete(rooms, room)
	}
	return rooms
}

// passes says whether the actor may see this frame, and keeps up with the rooms
// that he enters and leaves by it. Frames must pass in order.
func (f *Feed) passes(frame *Frame) bool {
	if !frame.moves(f.actor.ID) || f.only != nil && !f.only[frame.room] {
		return f.rooms[frame.room]
	}
	was := f.rooms[frame.room]
	f.rooms = changed(f.rooms, frame.room, !frame.leaves)
	return was || !frame.leaves
}

// offerSignal takes a signal, if the feed is live. at is where the flusher is.
func (f *Feed) offerSignal(s signal, at Seq) {
	f.mu.Lock()
	defer f.mu.Unlock()
	switch {
	case !f.live || s.room != "" && !f.rooms[s.room]:
	case f.sink != nil:
		if !f.sink.Push(s.bytes) {
			f.cursor = max(f.cursor, at)
			sink := f.sink
			f.fallBehind()
			f.Poke()
			sink.Behind()
		}
	case len(f.signals) >= maxQueuedSignals:
		f.signals, f.stale = nil, true
		f.Poke()
	default:
		f.signals = append(f.signals, s.bytes)
		f.Poke()
	}
}
