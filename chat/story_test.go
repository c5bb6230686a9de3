package chat_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"chatd/chat"
	"chatd/chat/chattest"
)

// everySetup is each log, with the queues that chatd has and with queues of one
// frame and no ring worth the name, so that whoever reads is always behind.
func everySetup() map[string]chattest.Setup {
	async := func(s *chat.Store, now func() time.Time) chat.Log { return chattest.NewAsync(s, now, 7) }
	narrow := func(s *chat.Server) { chat.NarrowQueues(s, 1, 40) }
	return map[string]chattest.Setup{
		"Local":       {},
		"LocalNarrow": {Tune: narrow},
		"Async":       {Log: async},
		"AsyncNarrow": {Log: async, Tune: narrow},
	}
}

func tell(t *testing.T, story func(*chattest.World)) { chattest.Tell(t, everySetup(), story) }

func TestTwoPeopleTalk(t *testing.T) {
	tell(t, func(w *chattest.World) {
		ann, bob := w.As("ann").Listens(), w.As("bob").Listens()
		ann.Posts("hi")
		bob.Sees("ann: hi").Posts("hello", "how are you?")
		ann.Sees("ann: hi", "bob: hello", "bob: how are you?")
		w.Restarts()
		ann.Resumes().Sees()
		bob.Resumes().Sees("bob: hello", "bob: how are you?").Posts("still here?")
		ann.Sees("bob: still here?").Reads(chat.Lobby, "ann: hi", "bob: hello", "bob: how are you?", "bob: still here?")
	})
}

// Three rooms, two people: ann is everywhere, bob was in ops for a while and
// is never in the private room.
func TestUnequalRights(t *testing.T) {
	tell(t, func(w *chattest.World) {
		ann, bob := w.As("ann").Listens(), w.As("bob").Listens()
		ann.Opens("ops").OpensPrivate("board").PostsIn("ops", "before bob").PostsIn("board", "secret")
		bob.Sees()
		bob.Joins("ops")
		ann.PostsIn("ops", "while bob").PostsIn("board", "secret too").Posts("for all")
		bob.Sees("ops/bob joined", "ops/ann: while bob", "ann: for all")
		bob.Leaves("ops")
		ann.PostsIn("ops", "after bob").Posts("and now?")
		bob.Sees("ops/bob left", "ann: and now?")
		ann.Sees("ops/ann opened", "board/ann opened", "ops/ann: before bob", "board/ann: secret", "ops/bob joined",
			"ops/ann: while bob", "board/ann: secret too", "ann: for all", "ops/bob left", "ops/ann: after bob", "ann: and now?")

		// From the beginning it is told the same: each sees the spans of his stays.
		bob.ResumesAfter(0).Sees("ops/bob joined", "ops/ann: while bob", "ann: for all", "ops/bob left", "ann: and now?")
		ann.ResumesAfter(0).Sees("ops/ann opened", "board/ann opened", "ops/ann: before bob", "board/ann: secret", "ops/bob joined",
			"ops/ann: while bob", "board/ann: secret too", "ann: for all", "ops/bob left", "ops/ann: after bob", "ann: and now?")
	})
}

func TestPrivateRoomDoesNotExistForOthers(t *testing.T) {
	tell(t, func(w *chattest.World) {
		ann, bob := w.As("ann"), w.As("bob")
		ann.OpensPrivate("board").PostsIn("board", "secret").KnowsRooms("lobby", "board")
		bob.KnowsRooms("lobby")
		ctx := w.T.Context()
		_, err := bob.TriesToPost("board", "", "let me in")
		bob.Fails(err, chat.NotFound)
		bob.Fails(w.Server.Join(ctx, bob.Actor, "board"), chat.NotFound)
		bob.Fails(w.Server.Leave(ctx, bob.Actor, "board"), chat.NotFound)
		bob.Fails(w.Server.Typing(ctx, bob.Actor, "board"), chat.NotFound)
		bob.Fails(w.Server.MarkRead(ctx, bob.Actor, "board", 1), chat.NotFound)
		_, err = w.Server.Page(ctx, bob.Actor, "board", chat.PageQuery{Limit: 1})
		bob.Fails(err, chat.NotFound)
		_, err = w.Server.Room(ctx, bob.Actor, "board")
		bob.Fails(err, chat.NotFound)
		_, err = bob.TriesToPost("no-such-room", "", "hello?")
		bob.Fails(err, chat.NotFound)
		// Nor does the log let in who slipped past the door.
		for _, kind := range []chat.Kind{chat.MemberJoined, chat.MessagePosted} {
			_, err = chat.Await(ctx, chat.LogOf(w.Server), chat.Event{Kind: kind, Room: "board", Author: bob.Actor.ID, CID: "slip-" + string(kind)})
			bob.Fails(err, chat.NotFound)
		}
		// Only its name is taken: else two rooms would share an address.
		_, err = w.Server.CreateRoom(ctx, bob.Actor, chat.NewRoom{Name: "board"})
		bob.Fails(err, chat.Conflict)
		// Whoever leaves it cannot come back by himself.
		ann.Leaves("board").KnowsRooms("lobby")
		ann.Fails(w.Server.Join(ctx, ann.Actor, "board"), chat.NotFound)
		_, err = ann.TriesToPost("board", "", "back?")
		ann.Fails(err, chat.NotFound)
	})
}

// A resume shows nothing of a span in which one was away, and everything around it.
func TestSpanOfAbsence(t *testing.T) {
	tell(t, func(w *chattest.World) {
		ann, bob := w.As("ann"), w.As("bob")
		ann.Opens("ops")
		bob.Listens().Joins("ops").Hangs()
		for i := range 3 {
			ann.PostsIn("ops", fmt.Sprint("in ", i))
			bob.Leaves("ops")
			ann.PostsIn("ops", fmt.Sprint("out ", i))
			bob.Joins("ops")
		}
		bob.Leaves("ops")
		ann.PostsIn("ops", "out for good")
		bob.Resumes().Sees("ops/bob joined", "ops/ann: in 0", "ops/bob left", "ops/bob joined", "ops/ann: in 1", "ops/bob left",
			"ops/bob joined", "ops/ann: in 2", "ops/bob left", "ops/bob joined", "ops/bob left")
	})
}

// Somebody who leaves gets nothing after that place, although his stream is
// far behind, and in the middle of catching up, when he does.
func TestLeavingWhileCatchingUp(t *testing.T) {
	tell(t, func(w *chattest.World) {
		ann, bob := w.As("ann"), w.As("bob")
		ann.Opens("ops")
		bob.Joins("ops").Listens().Takes().Takes() // live, and then slow
		var texts, later, want []string
		more := chat.MaxQueuedFrames + 10 // than a queue holds
		if strings.HasSuffix(w.T.Name(), "Narrow") {
			more = 20
		}
		for i := range more {
			texts, later, want = append(texts, fmt.Sprint(i)), append(later, fmt.Sprint("not for bob ", i)), append(want, fmt.Sprint("ops/ann: ", i))
		}
		ann.PostsIn("ops", texts...)
		bob.Takes().Takes() // in the middle of catching up
		bob.Leaves("ops")
		bob.Takes()
		ann.PostsIn("ops", later...).Posts("bye bob")
		bob.Sees(append(want, "ops/bob left", "ann: bye bob")...)
		bob.Resumes().Sees()
		ann.PostsIn("ops", "still not")
		bob.Sees()
	})
}

// Posting into a public room enters it, and its author hears the answers.
func TestPostingJoins(t *testing.T) {
	tell(t, func(w *chattest.World) {
		ann, bob := w.As("ann").Listens(), w.As("bob").Listens()
		ann.Opens("ops")
		bob.KnowsRooms("lobby", "ops?").PostsIn("ops", "anyone?").KnowsRooms("lobby", "ops")
		ann.Sees("ops/ann opened", "ops/bob: anyone?").PostsIn("ops", "yes")
		bob.Sees("ops/bob: anyone?", "ops/ann: yes")
		bob.ResumesAfter(0).Sees("ops/bob: anyone?", "ops/ann: yes")
	})
}

// Two streams of one person: what one does is seen by the other; a stream of some rooms has no others.
func TestStreamOfSomeRooms(t *testing.T) {
	tell(t, func(w *chattest.World) {
		ann, bob := w.As("ann"), w.As("bob")
		ann.Opens("ops").Opens("news")
		bob.Listens("ops", "board")
		bob.Joins("ops").Joins("news")
		ann.PostsIn("ops", "1").PostsIn("news", "2").Posts("3")
		bob.Sees("ops/bob joined", "ops/ann: 1").Leaves("ops")
		ann.PostsIn("ops", "4")
		bob.Sees("ops/bob left").Joins("ops").Sees("ops/bob joined")
		bob.ResumesAfter(0).Sees("ops/bob joined", "news/bob joined", "ops/ann: 1", "news/ann: 2", "ann: 3", "ops/bob left", "ops/bob joined")
		place := chat.Seq(0)
		feed, err := w.Server.Subscribe(w.T.Context(), bob.Actor, chat.Subscription{After: &place, Rooms: []string{}})
		if err != nil {
			w.T.Fatal(err)
		}
		defer feed.Close()
		for feed.Cursor() < w.Server.Head() {
			if b, err := feed.Next(w.T.Context()); err != nil || len(b.Frames) > 0 {
				w.T.Fatalf("a stream of no room has %v, %v", b.Frames, err)
			}
		}
	})
}

// The same cid gets the first answer, after a restart too, and is shown once.
func TestSentAgain(t *testing.T) {
	tell(t, func(w *chattest.World) {
		ann, bob := w.As("ann"), w.As("bob").Listens()
		first, err := ann.TriesToPost(chat.Lobby, "c1", "once")
		if err != nil || first.Dup {
			w.T.Fatal(first, err)
		}
		w.Restarts()
		bob.Resumes()
		again, err := ann.TriesToPost(chat.Lobby, "c1", "once")
		if err != nil || !again.Dup || again.Seq != first.Seq || !again.At.Equal(first.At) {
			w.T.Fatalf("sent again: %+v, %v; want %+v", again, err, first)
		}
		_, err = ann.TriesToPost(chat.Lobby, "c1", "twice")
		ann.Fails(err, chat.CIDConflict)
		bob.Sees("ann: once")
	})
}
