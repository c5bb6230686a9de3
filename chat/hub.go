package chat

import (
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
	author ID
	leaves bool // the author is not in the room after this
}

// Hub hands what was committed to the feeds. The log's follower is the only
// publisher. Its lock is taken before a feed's, never the other way round, and neither
// is held across I/O.
type Hub struct {
	mu    sync.Mutex
	feeds []*Feed
	head  Seq     // the newest place published
	ring  []Frame // the newest frames, in order
	floor Seq     // the ring has every frame after this place
	size  int     // bytes in the ring
	keep  int     // bytes it may hold: ringBytes, less in tests
}

// Head is the place up to which everything was published.
func (h *Hub) Head() Seq {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.head
}

// publish offers frames, in order, to every feed, and moves the head. It never waits for a reader.
func (h *Hub) publish(frames []Frame, head Seq) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.remember(frames)
	h.head = head
	for _, f := range h.feeds {
		f.offer(frames)
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

// signal offers something that passes to the feeds that the test accepts.
func (h *Hub) signal(bytes []byte, to func(*Feed) bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, f := range h.feeds {
		f.offerSignal(bytes, to)
	}
}

func (h *Hub) add(f *Feed) {
	h.mu.Lock()
	defer h.mu.Unlock()
	f.index = len(h.feeds)
	h.feeds = append(h.feeds, f)
}

func (h *Hub) remove(f *Feed) {
	h.mu.Lock()
	defer h.mu.Unlock()
	last := h.feeds[len(h.feeds)-1]
	h.feeds[f.index], last.index = last, f.index
	h.feeds[len(h.feeds)-1] = nil
	h.feeds = h.feeds[:len(h.feeds)-1]
}

// after calls walk with the frames behind a place, if the ring still has them
// all, while nothing is published; else it reports false.
func (h *Hub) after(place Seq, walk func(frames []Frame, head Seq)) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if place < h.floor {
		return false
	}
	first := sort.Search(len(h.ring), func(i int) bool { return h.ring[i].Seq > place })
	walk(h.ring[first:], h.head)
	return true
}

// people returns who has a feed, each once, in the order of their identities.
func (h *Hub) people() []Person {
	h.mu.Lock()
	defer h.mu.Unlock()
	people := make([]Person, 0, len(h.feeds))
	for _, f := range h.feeds {
		people = append(people, f.actor.Person)
	}
	slices.SortFunc(people, func(a, b Person) int { return int(min(max(a.ID-b.ID, -1), 1)) })
	return slices.CompactFunc(people, func(a, b Person) bool { return a.ID == b.ID })
}
