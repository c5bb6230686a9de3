package chat

import (
	"context"
	"runtime"
	"slices"
)

// runBytes bounds what is offered to a reader at once.
const runBytes = 64 << 10

// flusher hands what was published to the live feeds, in rounds: what comes
// during a round goes out in the next. So an idle server delivers at once, and
// the more there is to do the more frames go out together, without a timer. All
// of it is one goroutine's own; it is the only one who offers.
type flusher struct {
	hub      *Hub
	byRoom   map[string][]follower
	byPerson map[ID][]follower
	gone     int    // feeds that ended since the last sweep
	runs     uint64 // counts, so that nobody is offered one twice
	position Seq    // everything up to here was offered
}

// follower is a live feed in an index. It is out of date, and dropped when it
// is met, once the feed's turn is another.
type follower struct {
	*Feed
	turn uint32
}

func newFlusher(h *Hub) *flusher {
	return &flusher{hub: h, byRoom: map[string][]follower{}, byPerson: map[ID][]follower{}, position: h.flushed}
}

// run makes rounds until ctx ends, and then a last one.
func (fl *flusher) run(ctx context.Context) {
	for ctx.Err() == nil {
		select {
		case <-fl.hub.wake:
			// Those who are about to publish do so first: what they have goes along.
			runtime.Gosched()
			fl.round()
		case <-ctx.Done():
		}
	}
	fl.round()
}

// round offers everything that came since the last one.
func (fl *flusher) round() {
	h := fl.hub
	frames, signals, changes, head := h.take()
	for _, c := range changes {
		fl.change(c)
	}
	fl.sweep()
	fl.offer(frames)
	fl.position = head
	for _, s := range signals {
		fl.signal(s)
	}
	h.done(head)
}

// change takes a feed into the index, or out of it.
func (fl *flusher) change(c change) {
	f := c.feed
	f.turn++
	if !c.live {
		fl.gone++
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.live {
		return // it fell behind again; another change follows
	}
	entry := follower{f, f.turn}
	fl.byPerson[f.actor.ID] = append(fl.byPerson[f.actor.ID], entry)
	for room := range f.rooms {
		fl.byRoom[room] = append(fl.byRoom[room], entry)
	}
}

// sweep drops what is out of date once that is more than what is not; where
// there is traffic it is dropped before that, when it is met.
func (fl *flusher) sweep() {
	if fl.gone <= 64+len(fl.byPerson) {
		return
	}
	fl.gone = 0
	for room, entries := range fl.byRoom {
		if fl.byRoom[room] = current(entries); len(fl.byRoom[room]) == 0 {
			delete(fl.byRoom, room)
		}
	}
	for person, entries := range fl.byPerson {
		if fl.byPerson[person] = current(entries); len(fl.byPerson[person]) == 0 {
			delete(fl.byPerson, person)
		}
	}
}

func current(entries []follower) []follower {
	return slices.DeleteFunc(entries, func(e follower) bool { return e.turn != e.Feed.turn })
}

// offer cuts the frames into runs within which nobody enters or leaves a room,
// and none larger than runBytes.
func (fl *flusher) offer(frames []Frame) {
	start, size := 0, 0
	for i := range frames {
		frame := &frames[i]
		if size > 0 && size+len(frame.Bytes) > runBytes || fl.enters(frame) {
			fl.offerRun(frames[start:i])
			start, size = i, 0
			fl.enter(frame)
		}
		size += len(frame.Bytes)
		if frame.leaves {
			fl.offerRun(frames[start : i+1])
			start, size = i+1, 0
			fl.leave(frame)
		}
	}
	fl.offerRun(frames[start:])
}

// enters says whether a live feed comes into a room by this frame.
func (fl *flusher) enters(frame *Frame) (found bool) {
	if frame.leaves {
		return false
	}
	frame.movers(func(who ID) {
		for _, e := range fl.byPerson[who] {
			found = found || e.turn == e.Feed.turn && e.enters(frame)
		}
	})
	return found
}

func (fl *flusher) enter(frame *Frame) {
	frame.movers(func(who ID) {
		for _, e := range fl.byPerson[who] {
			if e.turn == e.Feed.turn && e.enters(frame) {
				e.move(frame, true)
				fl.byRoom[frame.room] = append(fl.byRoom[frame.room], e)
			}
		}
	})
}

// leave takes the room from the feeds of those who go; the index forgets it when it is met there.
func (fl *flusher) leave(frame *Frame) {
	frame.movers(func(who ID) {
		for _, e := range fl.byPerson[who] {
			if e.turn == e.Feed.turn {
				e.move(frame, false)
			}
		}
	})
}

// run is a part of what was published, as it is offered to many: its frames in
// order, and the bytes of those subsets that somebody follows, made once each.
type run struct {
	number uint64
	before Seq // what was offered before it
	frames []Frame
	rooms  []string          // those that the frames belong to, at most maxRunRooms
	bytes  map[uint64][]byte // by the set of rooms, a bit for each
}

const maxRunRooms = 64

func (fl *flusher) offerRun(frames []Frame) {
	for len(frames) > 0 {
		fl.runs++
		r := &run{number: fl.runs, before: fl.position, bytes: map[uint64][]byte{}}
		n := 0
		for n < len(frames) && r.names(frames[n].room) {
			n++
		}
		r.frames, frames = frames[:n], frames[n:]
		for _, room := range r.rooms {
			fl.offerTo(room, r)
		}
		fl.position = r.frames[n-1].Seq
	}
}

// names notes the room of a frame; false if there are too many for one run.
func (r *run) names(room string) bool {
	if slices.Contains(r.rooms, room) {
		return true
	}
	if len(r.rooms) == maxRunRooms {
		return false
	}
	r.rooms = append(r.rooms, room)
	return true
}

func (fl *flusher) offerTo(room string, r *run) {
	entries := fl.byRoom[room]
	kept := entries[:0]
	for _, e := range entries {
		if e.turn != e.Feed.turn {
			continue // out of date
		}
		if e.lastRun != r.number {
			e.lastRun = r.number
			e.offer(r)
		}
		kept = append(kept, e)
	}
	clear(entries[len(kept):])
	fl.byRoom[room] = kept
	if len(kept) == 0 {
		delete(fl.byRoom, room)
	}
}

// of returns the bytes of the frames in these rooms, nil if there are none. Shared; not to be changed.
func (r *run) of(rooms map[string]bool) []byte {
	var set uint64
	for i, room := range r.rooms {
		if rooms[room] {
			set |= 1 << i
		}
	}
	if set == 0 {
		return nil
	}
	if b, made := r.bytes[set]; made {
		return b
	}
	b := r.join(func(f *Frame) bool { return set&(1<<slices.Index(r.rooms, f.room)) != 0 })
	r.bytes[set] = b
	return b
}

// join puts the bytes of the frames that the test accepts one after the other.
func (r *run) join(test func(*Frame) bool) []byte {
	var parts [][]byte
	for i := range r.frames {
		if test(&r.frames[i]) {
			parts = append(parts, r.frames[i].Bytes)
		}
	}
	if len(parts) == 1 {
		return parts[0]
	}
	return slices.Concat(parts...)
}

// signal offers a signal to the live feeds in its room, or of its person.
func (fl *flusher) signal(s signal) {
	if s.to != 0 {
		for _, e := range fl.byPerson[s.to] {
			if e.turn == e.Feed.turn {
				e.offerSignal(s, fl.position)
			}
		}
		return
	}
	if s.room != "" {
		for _, e := range fl.byRoom[s.room] {
			if e.turn == e.Feed.turn && e.actor.ID != s.except {
				e.offerSignal(s, fl.position)
			}
		}
		return
	}
	for _, entries := range fl.byPerson {
		for _, e := range entries {
			if e.turn == e.Feed.turn {
				e.offerSignal(s, fl.position)
			}
		}
	}
}
