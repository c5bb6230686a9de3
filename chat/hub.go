package chat

import (
	"context"
	"slices"
	"sort"
	"sync"
)

// ringBytes is how much of what was published lately is kept, encoded, for
// feeds that fell a little behind. 256 frames are 60 ms of a busy room: one
// pause must not send a thousand feeds to the store.
const ringBytes = 8 << 20

// Frame is one kept event as it goes out: encoded once, shared by every feed,
// never changed.
type Frame struct {
	Seq   Seq
	Bytes []byte

	room   string
	mover  ID   // comes into the room by this, or goes by it; 0 is nobody
	others []ID // who come with him
	leaves bool // they go: this is the last of the room that they see

	// Whose texts are in Bytes: the message that this is or that it edits, and the one that it quotes.
	message, quoted Seq
}

// moves says whether somebody comes into the room by this frame, or goes.
func (f *Frame) moves(who ID) bool {
	return f.mover == who && who != 0 || slices.Contains(f.others, who)
}

// movers calls each with those who come or go.
func (f *Frame) movers(each func(ID)) {
	if f.mover != 0 {
		each(f.mover)
	}
	for _, who := range f.others {
		each(who)
	}
}

// signal is something that passes, on its way to the live feeds of a room.
type signal struct {
	bytes  []byte
	room   string // "" is everybody
	except ID     // not to this person
	to     ID     // to this person's feeds alone; 0: to everybody in the room
}

// change is a feed that went live, or is no longer.
type change struct {
	feed *Feed
	live bool
}

// Hub takes what was committed, and has it handed to the feeds (flush.go). The
// log's follower is the only publisher. Its lock is taken before a feed's, never
// the other way round, and neither is held across I/O that could block.
type Hub struct {
	mu    sync.Mutex
	head  Seq     // the newest place published
	ring  []Frame // the newest frames, in order
	floor Seq     // the ring has every frame after this place
	size  int     // bytes in the ring
	keep  int     // bytes it may hold: ringBytes, less in tests

	// What the flusher takes at its next round.
	frames  []Frame
	signals []signal
	changes []change
	flushed Seq // live feeds were offered everything up to here

	settling, settled []chan struct{} // to be closed after the next round, and after this one

	wake chan struct{} // cap 1: there is something for the flusher
}

func newHub(head Seq) *Hub {
	return &Hub{head: head, floor: head, flushed: head, keep: ringBytes, wake: make(chan struct{}, 1)}
}

// Head is the place up to which everything was published.
func (h *Hub) Head() Seq {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.head
}

// publish takes frames, in order, and moves the head. It waits for no reader.
func (h *Hub) publish(frames []Frame, head Seq) {
	h.mu.Lock()
	h.remember(frames)
	h.frames = append(h.frames, frames...)
	h.head = head
	h.mu.Unlock()
	h.rouse()
}

// send takes a signal.
func (h *Hub) send(s signal) {
	h.mu.Lock()
	h.signals = append(h.signals, s)
	h.mu.Unlock()
	h.rouse()
}

// rouse has the flusher look.
func (h *Hub) rouse() {
	select {
	case h.wake <- struct{}{}:
	default:
	}
}

// remember appends to the ring and forgets the oldest frames over its size.
func (h *Hub) remember(frames []Frame) {
	for _, f := range frames {
		h.size += len(f.Bytes)
	}
	h.ring = append(h.ring, frames...)
	drop := 0
	for h.size > h.keep {
		h.size -= len(h.ring[drop].Bytes)
		drop++
	}
	if drop > 0 {
		h.floor = h.ring[drop-1].Seq
		clear(h.ring[:drop]) // let go of the bytes; append moves the slice along
		h.ring = h.ring[drop:]
	}
}

// after calls walk with the frames behind a place, if the ring still has them
// all, while nothing is published; else it reports false. If walk says that
// the feed has them all, it is live.
func (h *Hub) after(f *Feed, place Seq, walk func(frames []Frame, head Seq) (live bool)) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if place < h.floor {
		return false
	}
	first := sort.Search(len(h.ring), func(i int) bool { return h.ring[i].Seq > place })
	if walk(h.ring[first:], h.head) {
		h.changes = append(h.changes, change{f, true})
		h.rouse()
	}
	return true
}

// telling returns the places of the frames in the ring that have a text of this message.
func (h *Hub) telling(message Seq) (places []Seq) {
	h.mu.Lock()
	defer h.mu.Unlock()
	first := sort.Search(len(h.ring), func(i int) bool { return h.ring[i].Seq >= message })
	for i := range h.ring[first:] {
		if f := &h.ring[first+i]; f.message == message || f.quoted == message {
			places = append(places, f.Seq)
		}
	}
	return places
}

// retell puts these in the ring in the place of those that are there.
func (h *Hub) retell(frames []Frame) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, f := range frames {
		i := sort.Search(len(h.ring), func(i int) bool { return h.ring[i].Seq >= f.Seq })
		if i < len(h.ring) && h.ring[i].Seq == f.Seq {
			h.size += len(f.Bytes) - len(h.ring[i].Bytes)
			h.ring[i] = f
		}
	}
}

// forget has the flusher offer nothing more to a feed.
func (h *Hub) forget(f *Feed) {
	h.mu.Lock()
	h.changes = append(h.changes, change{f, false})
	h.mu.Unlock()
	h.rouse()
}

// take gives the flusher what there is, and begins a round.
func (h *Hub) take() (frames []Frame, signals []signal, changes []change, head Seq) {
	h.mu.Lock()
	defer h.mu.Unlock()
	frames, signals, changes = h.frames, h.signals, h.changes
	h.frames, h.signals, h.changes = nil, nil, nil
	h.settling, h.settled = nil, h.settling
	return frames, signals, changes, h.head
}

// done ends a round: everything up to head was offered.
func (h *Hub) done(head Seq) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.flushed = head
	for _, marked := range h.settled {
		close(marked)
	}
	h.settled = nil
}

// settle waits until what was published and sent before has been offered, or ctx ends.
func (h *Hub) settle(ctx context.Context) {
	h.mu.Lock()
	marked := make(chan struct{})
	h.settling = append(h.settling, marked)
	h.mu.Unlock()
	h.rouse()
	select {
	case <-marked:
	case <-ctx.Done():
	}
}

// offered is the place up to which live feeds were offered everything.
func (h *Hub) offered() Seq {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.flushed
}
