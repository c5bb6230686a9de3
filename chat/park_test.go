package chat_test

import (
	"bytes"
	"context"
	"fmt"
	"sync"
	"testing"

	"chatd/chat"
	"chatd/chat/chattest"
)

// placeEncoder writes of each event only its place, a line each, so that what a
// sink was pushed can be told apart; of signals nothing.
type placeEncoder struct{ chattest.Encoder }

func (placeEncoder) Entry(e *chat.Entry) []byte        { return []byte(e.Seq.String() + "\n") }
func (placeEncoder) Typing(string, chat.Person) []byte { return []byte("\n") }
func (placeEncoder) Presence(chat.Presence) []byte     { return []byte("\n") }
func (placeEncoder) RoomsChanged() []byte              { return []byte("\n") }
func (placeEncoder) Reading(chat.Reading) []byte       { return []byte("\n") }

// bucket is a sink that notes the places it is pushed, and refuses where refuse says so.
type bucket struct {
	mu     sync.Mutex
	seqs   []chat.Seq
	pushed int
	refuse func(pushed int) bool
	behind chan struct{} // cap 1
}

func newBucket(refuse func(int) bool) *bucket {
	return &bucket{refuse: refuse, behind: make(chan struct{}, 1)}
}

func (b *bucket) Push(p []byte) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.pushed++; b.refuse(b.pushed) {
		return false
	}
	for line := range bytes.Lines(p) {
		if seq, ok := chat.ParseSeq(string(bytes.TrimSpace(line))); ok {
			b.seqs = append(b.seqs, seq)
		}
	}
	return true
}

func (b *bucket) Behind() { b.behind <- struct{}{} }

func (b *bucket) add(frames []chat.Frame) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, f := range frames {
		b.seqs = append(b.seqs, f.Seq)
	}
}

func never(int) bool { return false }

// parkWhenIdle reads until the feed has nothing in hand, and parks it.
func parkWhenIdle(t *testing.T, feed *chat.Feed, b *bucket) {
	t.Helper()
	for !feed.Park(b) {
		feed.Poke()
		batch, err := feed.Next(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		b.add(batch.Frames)
	}
}

// postMany posts n messages at once and waits until they have been offered.
func postMany(t *testing.T, c *crowd, actor chat.Actor, n int) (seqs []chat.Seq) {
	t.Helper()
	type answer struct {
		seq chat.Seq
		err error
	}
	answers := make(chan answer, n)
	for range n {
		if err := c.server.PostAsync(t.Context(), actor, chat.Post{Room: chat.Lobby, Text: "x"}, func(r chat.Receipt, err error) { answers <- answer{r.Seq, err} }); err != nil {
			t.Fatal(err)
		}
	}
	for range n {
		a := <-answers
		if a.err != nil {
			t.Fatal(a.err)
		}
		seqs = append(seqs, a.seq)
	}
	c.server.Settle(t.Context())
	return seqs
}

func equalSeqs(t *testing.T, got, want []chat.Seq) {
	t.Helper()
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("sent %d: %v …\nwant %d: %v …", len(got), got[:min(len(got), 20)], len(want), want[:min(len(want), 20)])
	}
}

// A feed that was parked knows how much went to its sink: when it falls behind
// afterwards, nothing of that comes again.
func TestUnparkKeepsThePlace(t *testing.T) {
	c := newCrowd(t, crowdOptions{encoder: placeEncoder{}})
	ann := c.signIn("ann")
	b := newBucket(never)
	feed := c.subscribe(ann, 0)
	parkWhenIdle(t, feed, b)
	want := postMany(t, c, ann, 5)
	feed.Unpark()
	want = append(want, postMany(t, c, ann, chat.MaxQueuedFrames+10)...)
	seqs, _, _ := drain(t, c, feed)
	equalSeqs(t, append(b.seqs, seqs...), want)
}

// What a sink refuses is to be had from Next, whole, and nothing of it twice.
func TestRefusedPushIsReadInstead(t *testing.T) {
	for _, first := range []int{1, 2, 3} {
		c := newCrowd(t, crowdOptions{encoder: placeEncoder{}})
		ann := c.signIn("ann")
		b := newBucket(func(pushed int) bool { return pushed >= first })
		feed := c.subscribe(ann, 0)
		parkWhenIdle(t, feed, b)
		var want []chat.Seq
		for range 4 {
			want = append(want, postMany(t, c, ann, 3)...)
		}
		select {
		case <-b.behind:
		default:
			t.Fatal("nobody said that the feed is behind")
		}
		seqs, _, _ := drain(t, c, feed)
		equalSeqs(t, append(b.seqs, seqs...), want)
	}
}

// parked is heard.listen for a feed that is parked whenever it can be, for as
// many events as its pace, and whose sink refuses now and then.
func (h *heard) parked(ctx context.Context, feed *chat.Feed, happened *happenings) {
	defer feed.Close()
	b := newBucket(func(pushed int) bool { return pushed%7 == 0 })
	defer func() { h.seqs = b.seqs }()
	for next := int64(0); ; {
		batch, err := feed.Next(ctx)
		if err != nil || batch.Reset {
			h.cause = fmt.Errorf("reset %v, error %v", batch.Reset, err)
			return
		}
		b.add(batch.Frames)
		if feed.Park(b) {
			next = happened.wait(next + h.pace)
			feed.Unpark()
			select {
			case <-b.behind:
			default:
			}
			feed.Poke()
		}
		if end := happened.end.Load(); end > 0 && feed.Cursor() >= chat.Seq(end) {
			return
		}
	}
}

// dam is a sink that holds whoever pushes, once, until it is opened.
type dam struct {
	once    sync.Once
	entered chan struct{}
	open    chan struct{}
}

func (d *dam) Push([]byte) bool {
	d.once.Do(func() { close(d.entered); <-d.open })
	return true
}

func (*dam) Behind() {}

// Somebody leaves a room and comes back while frames are on their way; a stream
// that he opens then has seen both already, and hears what is said in the room.
func TestStreamOpenedBehindLeavingAndComingBack(t *testing.T) {
	c := newCrowd(t, crowdOptions{encoder: placeEncoder{}})
	ann, bob := c.signIn("ann"), c.signIn("bob")
	if _, err := c.server.CreateRoom(t.Context(), ann, chat.NewRoom{Name: "ops"}); err != nil {
		t.Fatal(err)
	}
	if err := c.server.Join(t.Context(), bob, "ops"); err != nil {
		t.Fatal(err)
	}
	post := func(actor chat.Actor, room string) chat.Seq {
		r, err := c.server.Post(t.Context(), actor, chat.Post{Room: room, Text: "x"})
		if err != nil {
			t.Fatal(err)
		}
		return r.Seq
	}
	d := &dam{entered: make(chan struct{}), open: make(chan struct{})}
	held := c.subscribe(ann, 0)
	for !held.Park(d) {
		held.Poke()
		if _, err := held.Next(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	post(ann, chat.Lobby)
	<-d.entered // from here on what is published waits
	if err := c.server.Leave(t.Context(), bob, "ops"); err != nil {
		t.Fatal(err)
	}
	if err := c.server.Join(t.Context(), bob, "ops"); err != nil {
		t.Fatal(err)
	}
	feed := c.subscribe(bob, c.server.Head())
	for live := false; !live; {
		b, err := feed.Next(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		live = b.Live
	}
	close(d.open)
	c.server.Settle(t.Context())
	want := []chat.Seq{post(ann, "ops")}
	c.server.Settle(t.Context())
	seqs, _, _ := drain(t, c, feed)
	equalSeqs(t, seqs, want)
	if err := c.server.Leave(t.Context(), bob, "ops"); err != nil {
		t.Fatal(err)
	}
	left := c.server.Head()
	post(ann, "ops")
	c.server.Settle(t.Context())
	seqs, _, _ = drain(t, c, feed)
	equalSeqs(t, seqs, []chat.Seq{left})
}
