package chat_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"chatd/chat"
)

// heard is what one reader was sent.
type heard struct {
	feed  *chat.Feed
	actor chat.Actor
	from  chat.Seq
	only  []string
	parks bool  // lets its frames be pushed
	pace  int64 // reads again only after so many events more; 0: at once
	seqs  []chat.Seq
	cause error
}

// listen reads until everything up to the end that it is told has come. Between two
// reads, a reader with a pace lets that many events pass: that is what slow means here.
func (h *heard) listen(ctx context.Context, feed *chat.Feed, happened *happenings) {
	defer feed.Close()
	cursor := feed.Cursor()
	for next := int64(0); ; {
		if h.pace > 0 {
			next = happened.wait(next + h.pace)
		}
		b, err := feed.Next(ctx)
		if err != nil {
			h.cause = err
			return
		}
		if b.Reset {
			h.cause = fmt.Errorf("a reset at %d", b.Cursor)
			return
		}
		last := cursor
		for _, f := range b.Frames {
			if f.Seq <= last {
				h.cause = fmt.Errorf("sent %d, and was at %d already", f.Seq, last)
				return
			}
			last = f.Seq
			h.seqs = append(h.seqs, f.Seq)
		}
		if b.Cursor < last {
			h.cause = fmt.Errorf("sent %d, and told the cursor %d", last, b.Cursor)
			return
		}
		cursor = b.Cursor
		if b.Live && len(b.Frames) == 0 {
			if live := feed.Cursor(); live < cursor {
				h.cause = fmt.Errorf("the cursor went from %d to %d", cursor, live)
				return
			}
		}
		if end := happened.end.Load(); end > 0 && feed.Cursor() >= chat.Seq(end) {
			return
		}
	}
}

// happenings counts what happened, for readers that are slow.
type happenings struct {
	mu   sync.Mutex
	more *sync.Cond
	n    int64
	over bool
	end  atomic.Uint64 // the head, once everything has happened
}

func newHappenings() *happenings {
	h := &happenings{}
	h.more = sync.NewCond(&h.mu)
	return h
}

func (h *happenings) one() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.n++
	h.more.Broadcast()
}

func (h *happenings) finish(head chat.Seq) {
	h.end.Store(uint64(head))
	h.mu.Lock()
	defer h.mu.Unlock()
	h.over = true
	h.more.Broadcast()
}

func (h *happenings) wait(until int64) int64 {
	h.mu.Lock()
	defer h.mu.Unlock()
	for h.n < until && !h.over {
		h.more.Wait()
	}
	return h.n
}

// visible says, from the log alone, what somebody may see: in the lobby
// everything, elsewhere from the entry that brought him in to the one that took him out.
func visible(entries []chat.Entry, h *heard) []chat.Seq {
	in := map[string]bool{chat.Lobby: true}
	var seqs []chat.Seq
	for _, e := range entries {
		switch e.Kind {
		case chat.MessagePosted, chat.RoomCreated, chat.MemberJoined, chat.MemberLeft, chat.MemberInvited, chat.MemberRemoved:
		default:
			continue
		}
		mine := e.Author == h.actor.ID
		about := strings.Contains(string(e.Body), fmt.Sprintf(`{"person":%d}`, h.actor.ID))
		in[e.Room] = in[e.Room] || mine || e.Kind == chat.MemberInvited && about
		if in[e.Room] && e.Seq > h.from && (h.only == nil || slices.Contains(h.only, e.Room)) {
			seqs = append(seqs, e.Seq)
		}
		if mine && e.Kind == chat.MemberLeft || e.Kind == chat.MemberRemoved && about {
			in[e.Room] = false
		}
	}
	return seqs
}

// Many readers of different rights and speeds, while people post, join, leave,
// and streams break off and come again: each is sent exactly what he may see, in order, once.
func TestManyReaders(t *testing.T) {
	for name, test := range map[string]struct {
		async  bool
		frames int
		ring   int
		people int
		acts   int // of each
	}{
		"Wide":        {false, chat.MaxQueuedFrames, chat.RingBytes, 8, 100},
		"SmallRing":   {false, 4, 2000, 8, 40},
		"OneFrame":    {false, 1, 40, 3, 20},
		"AsyncNarrow": {true, 8, 400, 6, 40},
	} {
		t.Run(name, func(t *testing.T) {
			c := newCrowd(t, crowdOptions{async: test.async, encoder: placeEncoder{}, tune: func(s *chat.Server) { chat.NarrowQueues(s, test.frames, test.ring) }})
			readEverything(t, c, test.people, test.acts)
		})
	}
}

var rooms = []string{"lobby", "ops", "news", "board"}

func readEverything(t *testing.T, c *crowd, people, acts int) {
	const streams = 5
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	var actors []chat.Actor
	for i := range people {
		actors = append(actors, c.signIn(fmt.Sprint("p", i)))
	}
	for _, room := range rooms[1:] {
		if _, err := c.server.CreateRoom(ctx, actors[0], chat.NewRoom{Name: room, Private: room == "board"}); err != nil {
			t.Fatal(err)
		}
	}
	happened := newHappenings()
	var readers []*heard
	var acting, reading sync.WaitGroup
	var mu sync.Mutex
	listen := func(h *heard, after *chat.Seq) {
		feed, err := c.server.Subscribe(ctx, h.actor, chat.Subscription{After: after, Rooms: h.only})
		if err != nil {
			t.Error(err)
			return
		}
		h.feed, h.from = feed, feed.Cursor()
		mu.Lock()
		readers = append(readers, h)
		mu.Unlock()
		reading.Go(func() {
			if h.parks {
				h.parked(ctx, feed, happened)
			} else {
				h.listen(ctx, feed, happened)
			}
		})
	}
	for i, actor := range actors {
		for s := range streams {
			h := &heard{actor: actor, pace: []int64{0, 0, 3, 40, 200}[s]}
			h.parks = s == 2 || s == 3
			if s == 1 {
				h.only = rooms[i%2 : i%2+2]
			}
			listen(h, nil)
		}
		acting.Go(func() {
			chance := rand.New(rand.NewPCG(uint64(i), 9))
			for n := range acts {
				act(t, ctx, c.server, actor, actors[chance.IntN(len(actors))].ID, chance, n)
				happened.one()
				if n%20 == 10 { // a stream that begins in the middle, from anywhere
					place := chat.Seq(0)
					if page, err := c.server.Page(ctx, actor, chat.Lobby, chat.PageQuery{Limit: 1}); err == nil && n > 10 {
						place = page.Cursor
					}
					listen(&heard{actor: actor, pace: int64(i)}, &place)
				}
			}
		})
	}
	acting.Wait()
	happened.finish(c.server.Head())
	mu.Lock()
	for _, h := range readers {
		h.feed.Poke() // whoever has everything already must hear that it is over
	}
	mu.Unlock()
	reading.Wait()
	judge(t, c.store, readers, chat.Seq(happened.end.Load()))
}

// act does one thing at random.
func act(t *testing.T, ctx context.Context, s *chat.Server, actor chat.Actor, other chat.ID, chance *rand.Rand, n int) {
	var err error
	room := rooms[chance.IntN(len(rooms))]
	switch chance.IntN(11) {
	case 0:
		err = s.Leave(ctx, actor, room)
	case 1:
		err = s.Join(ctx, actor, room)
	case 2:
		err = s.Typing(ctx, actor, room)
	case 3, 4:
		err = s.Invite(ctx, actor, room, other)
	case 5:
		err = s.Remove(ctx, actor, room, other)
	default:
		_, err = s.Post(ctx, actor, chat.Post{Room: room, Text: fmt.Sprint(actor.Name, " ", n)})
	}
	switch code := chat.Refusal(err).Code; {
	case err == nil, code == chat.NotFound, code == chat.Forbidden, code == chat.RateLimited, code == chat.BadRequest:
	default:
		t.Error(err)
	}
}

// judge holds what was sent against what stands.
func judge(t *testing.T, store *chat.Store, readers []*heard, end chat.Seq) {
	t.Helper()
	entries, err := store.Entries(t.Context(), 0, 1_000_000)
	if err != nil {
		t.Fatal(err)
	}
	total := 0
	for i, h := range readers {
		if h.cause != nil {
			t.Errorf("reader %d (%s, pace %d): %v", i, h.actor.Name, h.pace, h.cause)
			continue
		}
		upTo := func(seqs []chat.Seq) []chat.Seq {
			return slices.DeleteFunc(slices.Clone(seqs), func(s chat.Seq) bool { return s > end })
		}
		got, want := upTo(h.seqs), upTo(visible(entries, h))
		total += len(got)
		if !slices.Equal(got, want) {
			at := 0
			for at < len(got) && at < len(want) && got[at] == want[at] {
				at++
			}
			t.Errorf("reader %d (%s from %d, rooms %v, pace %d) was sent %d events, want %d; the first difference is number %d: %v, want %v",
				i, h.actor.Name, h.from, h.only, h.pace, len(got), len(want), at, got[at:min(at+3, len(got))], want[at:min(at+3, len(want))])
		}
	}
	if total < 200 {
		t.Errorf("only %d events were sent: this proves little", total)
	}
}
