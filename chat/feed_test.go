package chat_test

import (
	"fmt"
	"strings"
	"sync/atomic"
	"testing"

	"chatd/chat"
	"chatd/chat/chattest"
)

// heldEncoder stops the publisher between commit and publishing, once.
type heldEncoder struct {
	chattest.Encoder
	hold    atomic.Bool
	entered chan struct{}
	open    chan struct{}
}

func (e *heldEncoder) Entry(entry *chat.Entry) []byte {
	if e.hold.CompareAndSwap(true, false) {
		close(e.entered)
		<-e.open
	}
	return e.Encoder.Entry(entry)
}

// A reader that catches up may meet in the store what is committed and not yet
// published. It gets that once, and its cursor does not go back.
func TestReadBeforeItIsPublished(t *testing.T) {
	enc := &heldEncoder{entered: make(chan struct{}), open: make(chan struct{})}
	c := newCrowd(t, crowdOptions{encoder: enc, tune: func(s *chat.Server) { chat.NarrowQueues(s, 256, 10) }})
	ctx := t.Context()
	ann := c.signIn("ann")
	post := func(text string) {
		if _, err := c.server.Post(ctx, ann, chat.Post{Room: chat.Lobby, Text: text}); err != nil {
			t.Error(err)
		}
	}
	post("a long first message, so that the ring forgets it")
	place := chat.Seq(0)
	feed, err := c.server.Subscribe(ctx, ann, chat.Subscription{After: &place})
	if err != nil {
		t.Fatal(err)
	}
	defer feed.Close()
	enc.hold.Store(true)
	posted := make(chan struct{})
	go func() { post("committed"); close(posted) }()
	<-enc.entered
	var got []string
	cursor := feed.Cursor()
	read := func(reads int) {
		for range reads {
			feed.Poke()
			b, err := feed.Next(ctx)
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range b.Frames {
				got = append(got, string(f.Bytes))
			}
			if now := feed.Cursor(); b.Cursor < cursor || now < cursor {
				t.Errorf("the cursor was %d and now is %d and %d", cursor, b.Cursor, now)
			}
			cursor = b.Cursor
		}
	}
	read(4) // from the store, and live
	// A page read now ends with the committed message: a stream opens behind it.
	page, err := c.server.Page(ctx, ann, chat.Lobby, chat.PageQuery{Limit: 1})
	if err != nil {
		t.Fatal(err)
	}
	sub := chat.Subscription{After: &page.Cursor}
	second, err := c.server.Subscribe(ctx, ann, sub)
	if err != nil {
		t.Fatal(err)
	}
	defer second.Close()
	if !second.Resumed(sub) {
		t.Error("a stream behind a page that was just read does not resume")
	}
	close(enc.open)
	<-posted
	post("after")
	c.server.Settle(ctx)
	read(2)
	if want := []string{"ann: a long first message, so that the ring forgets it", "ann: committed", "ann: after"}; fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("sent\n  %s\nwant\n  %s", strings.Join(got, "\n  "), strings.Join(want, "\n  "))
	}
	got, cursor = nil, second.Cursor()
	feed = second
	read(3)
	if fmt.Sprint(got) != "[ann: after]" {
		t.Errorf("behind the page: sent %q, want what came after it", got)
	}
}

// drain reads a feed until it has what is published, and says what it was sent.
func drain(t testing.TB, c *crowd, feed *chat.Feed) (seqs []chat.Seq, reads, resets int) {
	t.Helper()
	for {
		feed.Poke()
		b, err := feed.Next(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		reads++
		if b.Reset {
			resets++
		}
		if len(b.Frames) > chat.MaxQueuedFrames {
			t.Fatalf("%d frames at once", len(b.Frames))
		}
		size := 0
		for _, f := range b.Frames {
			if size += len(f.Bytes); size > chat.MaxQueuedBytes {
				t.Fatalf("more than %d bytes at once", chat.MaxQueuedBytes)
			}
			if len(seqs) > 0 && f.Seq <= seqs[len(seqs)-1] {
				t.Fatalf("%d after %d", f.Seq, seqs[len(seqs)-1])
			}
			seqs = append(seqs, f.Seq)
		}
		if len(b.Frames) == 0 && !b.Reset && feed.Cursor() >= c.server.Head() {
			return seqs, reads, resets
		}
	}
}

func (c *crowd) subscribe(actor chat.Actor, after chat.Seq) *chat.Feed {
	c.t.Helper()
	feed, err := c.server.Subscribe(c.t.Context(), actor, chat.Subscription{After: &after})
	if err != nil {
		c.t.Fatal(err)
	}
	c.t.Cleanup(feed.Close)
	return feed
}

// A reader that was away for more than a queue and the ring hold is sent all of it.
func TestCatchUpFromTheStore(t *testing.T) {
	const n = 10*chat.MaxQueuedFrames + 7
	c := newCrowd(t, crowdOptions{dir: history(t, n, false)})
	ann := c.signIn("ann")
	if seqs, reads, resets := drain(t, c, c.subscribe(ann, 0)); len(seqs) != n || seqs[0] != 3 || seqs[n-1] != n+2 || resets != 0 || reads > 15 {
		t.Errorf("%d events and %d resets in %d reads, want %d and none in about 11", len(seqs), resets, reads, n)
	}
	if seqs, _, resets := drain(t, c, c.subscribe(ann, 2_000)); len(seqs) != n+2-2_000 || resets != 0 {
		t.Errorf("after 2000: %d events and %d resets", len(seqs), resets)
	}
}

// Long messages come in more and smaller parts, all of them.
func TestCatchUpOfLongMessages(t *testing.T) {
	const n = 40
	c := newCrowd(t, crowdOptions{tune: func(s *chat.Server) { chat.NarrowQueues(s, chat.MaxQueuedFrames, 10) }})
	ann := c.signIn("ann")
	for range n {
		if _, err := c.server.Post(t.Context(), ann, chat.Post{Room: chat.Lobby, Text: strings.Repeat("x", chat.MaxText)}); err != nil {
			t.Fatal(err)
		}
	}
	if seqs, reads, _ := drain(t, c, c.subscribe(ann, 0)); len(seqs) != n || reads < n*chat.MaxText/chat.PageBytes {
		t.Errorf("%d messages in %d reads, want %d and a few at a time", len(seqs), reads, n)
	}
}

// More events than a stream carries are told by a reset; then the stream goes on.
func TestTooFarBehindIsReset(t *testing.T) {
	const most = 600
	c := newCrowd(t, crowdOptions{dir: history(t, most+1, false), tune: func(s *chat.Server) { chat.ShortPatience(s, most, 10_000) }})
	ann := c.signIn("ann")
	feed := c.subscribe(ann, 0)
	if seqs, _, resets := drain(t, c, feed); len(seqs) != 0 || resets != 1 {
		t.Errorf("%d visible events behind: %d were sent and %d resets, want one reset", most+1, len(seqs), resets)
	}
	if seqs, _, resets := drain(t, c, c.subscribe(ann, 3)); len(seqs) != most || resets != 0 {
		t.Errorf("%d visible events behind: %d were sent, and %d resets", most, len(seqs), resets)
	}
	if _, err := c.server.Post(t.Context(), ann, chat.Post{Room: chat.Lobby, Text: "on"}); err != nil {
		t.Fatal(err)
	}
	if seqs, _, resets := drain(t, c, feed); len(seqs) != 1 || resets != 0 {
		t.Errorf("after the reset: %v and %d resets, want what is new", seqs, resets)
	}
}

// What one may not see does not count as visible, does not pin the cursor, and
// is looked through in bounded steps; beyond a bound of its own there is a reset.
func TestBehindInvisibleEvents(t *testing.T) {
	const most = chat.ScanWindow + 1000
	c := newCrowd(t, crowdOptions{dir: history(t, most-2, true), tune: func(s *chat.Server) { chat.ShortPatience(s, 10, most) }})
	ann := c.signIn("ann") // the one entry more
	if seqs, reads, resets := drain(t, c, c.subscribe(ann, 1)); len(seqs) != 0 || resets != 0 || reads < 2 || reads > 4 {
		t.Errorf("%d places behind: %d events, %d resets, in %d reads; want none, in two windows", most, len(seqs), resets, reads)
	}
	if _, _, resets := drain(t, c, c.subscribe(ann, 0)); resets != 1 {
		t.Errorf("%d places behind: %d resets, want one", most+1, resets)
	}
}

// A cursor that was never given out is told so, whatever it is; one from the page just read is not.
func TestUnknownCursorIsReset(t *testing.T) {
	c := newCrowd(t, crowdOptions{})
	ann := c.signIn("ann")
	receipt, err := c.server.Post(t.Context(), ann, chat.Post{Room: chat.Lobby, Text: "hi"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.server.Post(t.Context(), ann, chat.Post{Room: "nowhere", Text: "refused: its place is nobody's cursor"}); err == nil {
		t.Fatal("posted into a room that does not exist")
	}
	if head := c.server.Head(); head != receipt.Seq {
		t.Errorf("the head is %d, the newest event that stands %d: streams would begin at a place that is no cursor", head, receipt.Seq)
	}
	for place, reset := range map[chat.Seq]bool{0: false, receipt.Seq: false, receipt.Seq + 1: true, receipt.Seq + 2: true, 1 << 62: true, 1<<63 - 1: true} {
		sub := chat.Subscription{After: &place}
		feed, err := c.server.Subscribe(t.Context(), ann, sub)
		if err != nil {
			t.Fatalf("after %d: %v", place, err)
		}
		if feed.Resumed(sub) == reset {
			t.Errorf("after %d: resumed is %v", place, feed.Resumed(sub))
		}
		if _, _, resets := drain(t, c, feed); resets == 1 != reset {
			t.Errorf("after %d: %d resets", place, resets)
		}
		feed.Close()
	}
}

// Whoever never reads costs a bounded queue, and slows nobody: everything is
// answered while he holds still, and he gets all of it when he does read.
func TestQueueIsBounded(t *testing.T) {
	c := newCrowd(t, crowdOptions{})
	ann := c.signIn("ann")
	feed := c.subscribe(ann, 0)
	drain(t, c, feed)
	const n = 40
	text := strings.Repeat("x", chat.MaxText)
	mostFrames, mostBytes := 0, 0
	post := func(text string) {
		if _, err := c.server.Post(t.Context(), ann, chat.Post{Room: chat.Lobby, Text: text}); err != nil {
			t.Fatal(err)
		}
		c.server.Settle(t.Context()) // a round may bring two, and be over before anybody looks
		frames, bytes, _ := chat.Queued(feed)
		mostFrames, mostBytes = max(mostFrames, frames), max(mostBytes, bytes)
	}
	for range n {
		post(text) // by bytes
	}
	if mostBytes > chat.MaxQueuedBytes || mostBytes < chat.MaxQueuedBytes/2 {
		t.Errorf("the queue held %d bytes, %d are allowed", mostBytes, chat.MaxQueuedBytes)
	}
	if seqs, _, resets := drain(t, c, feed); len(seqs) != n || resets != 0 {
		t.Errorf("%d events and %d resets, want %d", len(seqs), resets, n)
	}
	for range chat.MaxQueuedFrames + 5 {
		post("x") // by number
	}
	if mostFrames != chat.MaxQueuedFrames {
		t.Errorf("the queue held %d frames, %d are allowed", mostFrames, chat.MaxQueuedFrames)
	}
	if seqs, _, _ := drain(t, c, feed); len(seqs) != chat.MaxQueuedFrames+5 {
		t.Errorf("%d events, want %d", len(seqs), chat.MaxQueuedFrames+5)
	}
}

// What is kept for those who fell a little behind is bounded for all of them together.
func TestRingIsBounded(t *testing.T) {
	const most = 10_000
	c := newCrowd(t, crowdOptions{tune: func(s *chat.Server) { chat.NarrowQueues(s, chat.MaxQueuedFrames, most) }})
	ann := c.signIn("ann")
	for range 50 {
		if _, err := c.server.Post(t.Context(), ann, chat.Post{Room: chat.Lobby, Text: strings.Repeat("x", 994)}); err != nil { // and "ann: "
			t.Fatal(err)
		}
	}
	if frames, bytes := chat.Ring(c.server); frames != 10 || bytes > most || bytes < most*9/10 {
		t.Errorf("%d frames of %d bytes are kept, %d bytes are allowed", frames, bytes, most)
	}
}

// Nobody is woken by what he may not see, and yet his cursor passes it.
func TestInvisibleEventsWakeNobody(t *testing.T) {
	c := newCrowd(t, crowdOptions{})
	ann, bob := c.signIn("ann"), c.signIn("bob")
	if _, err := c.server.CreateRoom(t.Context(), ann, chat.NewRoom{Name: "board", Private: true}); err != nil {
		t.Fatal(err)
	}
	feed := c.subscribe(bob, 0)
	drain(t, c, feed)
	for chat.Woken(feed) {
		if _, err := feed.Next(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	for _, room := range []string{"board", "board", "lobby"} {
		if _, err := c.server.Post(t.Context(), ann, chat.Post{Room: room, Text: "to " + room}); err != nil {
			t.Fatal(err)
		}
		c.server.Settle(t.Context())
		if room == "board" && feed.Cursor() != c.server.Head() {
			t.Errorf("the cursor is %d, the head %d", feed.Cursor(), c.server.Head())
		}
		if _, _, signals := chat.Queued(feed); signals == 0 && chat.Woken(feed) != (room == "lobby") {
			t.Errorf("after a message to %s woken is %v", room, chat.Woken(feed))
		}
	}
}
