package chat_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"chatd/chat"
	"chatd/chat/chattest"
)

// Whoever is invited hears the room from that place on, whoever is removed hears his removal and nothing after
// it: while both are live, and as a resume tells it from the beginning.
func TestInvitedAndRemoved(t *testing.T) {
	tell(t, func(w *chattest.World) {
		ann, bob, eve := w.As("ann").Listens(), w.As("bob").Listens(), w.As("eve").Listens()
		ann.OpensPrivate("board").PostsIn("board", "before")
		ann.Invites("board", bob).Invites("board", bob).PostsIn("board", "with bob")
		bob.Sees("board/ann invited bob", "board/ann: with bob").PostsIn("board", "thanks").KnowsRooms("lobby", "board 1")
		ann.Removes("board", bob).Removes("board", bob).PostsIn("board", "without bob").Posts("for all")
		bob.Sees("board/bob: thanks", "board/ann removed bob", "ann: for all").KnowsRooms("lobby 1")
		ann.Invites("board", bob).PostsIn("board", "bob again")
		bob.Sees("board/ann invited bob", "board/ann: bob again")
		eve.Sees("ann: for all").KnowsRooms("lobby 1")

		told := []string{"board/ann invited bob", "board/ann: with bob", "board/bob: thanks", "board/ann removed bob", "ann: for all", "board/ann invited bob", "board/ann: bob again"}
		bob.ResumesAfter(0).Sees(told...)
		w.Restarts()
		bob.ResumesAfter(0).Sees(told...)
		eve.ResumesAfter(0).Sees("ann: for all")
	})
}

// Somebody who is removed in the middle of catching up gets nothing after that place.
func TestRemovedWhileCatchingUp(t *testing.T) {
	tell(t, func(w *chattest.World) {
		ann, bob := w.As("ann"), w.As("bob")
		ann.OpensPrivate("board").Invites("board", bob)
		bob.Listens().Takes().Takes()
		var texts, later, want []string
		more := chat.MaxQueuedFrames + 10
		if strings.HasSuffix(w.T.Name(), "Narrow") {
			more = 20
		}
		for i := range more {
			texts, later, want = append(texts, fmt.Sprint(i)), append(later, fmt.Sprint("not for bob ", i)), append(want, fmt.Sprint("board/ann: ", i))
		}
		ann.PostsIn("board", texts...)
		bob.Takes().Takes()
		ann.Removes("board", bob)
		bob.Takes()
		ann.PostsIn("board", later...).Posts("bye bob")
		bob.Sees(append(want, "board/ann removed bob", "ann: bye bob")...)
		bob.Resumes().Sees()
		ann.PostsIn("board", "still not")
		bob.Sees()
	})
}

// A private room says whether who comes in later reads what was said before: pages, counts and heads keep to it.
func TestHistorySinceJoining(t *testing.T) {
	tell(t, func(w *chattest.World) {
		ann, bob := w.As("ann"), w.As("bob")
		ctx := w.T.Context()
		for _, room := range []string{"open", "shut"} {
			recent := room == "shut"
			if _, err := w.Server.CreateRoom(ctx, ann.Actor, chat.NewRoom{Name: room, Private: true, Recent: recent}); err != nil {
				w.T.Fatal(err)
			}
			first, err := ann.TriesToPost(room, "", "before")
			if err != nil {
				w.T.Fatal(err)
			}
			ann.Invites(room, bob)
			if r, err := w.Server.Room(ctx, bob.Actor, room); err != nil || r.Unread != 0 || (r.Head == 0) != recent {
				w.T.Errorf("%s: bob finds %+v, %v", room, r, err)
			}
			_, err = w.Server.Page(ctx, bob.Actor, room, chat.PageQuery{Around: first.Seq, Limit: 5})
			if (err != nil) != recent {
				w.T.Errorf("%s: the page around what was said before bob: %v", room, err)
			}
			ann.PostsIn(room, "with bob").Removes(room, bob).PostsIn(room, "bob is away").Invites(room, bob).PostsIn(room, "again")
			if recent {
				bob.Reads(room, room+"/ann: with bob", room+"/ann: again")
			} else {
				bob.Reads(room, room+"/ann: before", room+"/ann: with bob", room+"/ann: bob is away", room+"/ann: again")
			}
			ann.Reads(room, room+"/ann: before", room+"/ann: with bob", room+"/ann: bob is away", room+"/ann: again")
			page, err := w.Server.Page(ctx, bob.Actor, room, chat.PageQuery{Limit: 2})
			if err != nil || page.HasOlder == recent {
				w.T.Errorf("%s: older ones: %v, %v", room, page.HasOlder, err)
			}
			if r, _ := w.Server.Room(ctx, bob.Actor, room); r.Unread != 1 {
				w.T.Errorf("%s: %d unread for bob, want the one after he came again", room, r.Unread)
			}
		}
		bob.ResumesAfter(0).Sees(slices.Concat(
			stays("open"), stays("shut"))...)
	})
}

// Threads, earlier texts and pins keep to it: of what was said before somebody came, or while he was away, they show nothing.
func TestThreadSinceJoining(t *testing.T) {
	tell(t, func(w *chattest.World) {
		ann, bob := w.As("ann"), w.As("bob")
		ctx := w.T.Context()
		if _, err := w.Server.CreateRoom(ctx, ann.Actor, chat.NewRoom{Name: "shut", Private: true, Recent: true}); err != nil {
			w.T.Fatal(err)
		}
		does := must(w)
		before := ann.Says("shut", "before")
		does(ann.Pins(before, true))
		ann.Invites("shut", bob)
		for _, m := range []chat.Target{before, ann.Answers(before, "of old")} {
			_, err := w.Server.Thread(ctx, bob.Actor, "shut", m.Message, chat.PageQuery{Limit: 9})
			bob.Fails(err, chat.NotFound)
		}
		_, err := w.Server.Revisions(ctx, bob.Actor, "shut", before.Message)
		bob.Fails(err, chat.NotFound)
		if pins, err := w.Server.Pins(ctx, bob.Actor, "shut"); err != nil || len(pins) != 0 {
			w.T.Errorf("bob finds pinned %+v, %v", pins, err)
		}
		root := ann.Says("shut", "since")
		ann.Answers(root, "with bob")
		ann.Removes("shut", bob)
		ann.Answers(root, "bob is away")
		ann.Invites("shut", bob)
		ann.Answers(root, "again")
		if got, _ := reading(w, bob, root, chat.PageQuery{}); got != "since {3}; with bob; again" {
			w.T.Errorf("bob reads %s", got)
		}
		if got, _ := reading(w, ann, before, chat.PageQuery{}); got != "before {1}; of old" {
			w.T.Errorf("ann reads %s", got)
		}
	})
}

func stays(room string) []string {
	return []string{room + "/ann invited bob", room + "/ann: with bob", room + "/ann removed bob", room + "/ann invited bob", room + "/ann: again"}
}

// There is one conversation for a set of people, of whoever asks and in whatever order; its people alone
// know of it, and so it stays.
func TestDirectConversation(t *testing.T) {
	tell(t, func(w *chattest.World) {
		ann, bob, eve := w.As("ann").Listens(), w.As("bob").Listens(), w.As("eve").Listens()
		ctx := w.T.Context()
		direct := func(p *chattest.Person, with ...*chattest.Person) (chat.Room, bool) {
			w.T.Helper()
			var ids []chat.ID
			for _, o := range with {
				ids = append(ids, o.Actor.ID)
			}
			room, made, err := w.Server.Direct(ctx, p.Actor, ids)
			if err != nil {
				w.T.Fatal(err)
			}
			return room, made
		}
		bob.Sees() // he is live when it is made
		room, made := direct(ann, bob)
		if !made || room.Title != "bob" || !room.Private || !room.Direct {
			w.T.Errorf("made %v: %+v", made, room)
		}
		same, made := direct(bob, ann, bob)
		if made || same.Name != room.Name || same.Title != "ann" {
			w.T.Errorf("made %v: %+v, want %s", made, same, room.Name)
		}
		ann.PostsIn(room.Name, "psst")
		bob.Sees(room.Name+"/ann opened", room.Name+"/ann: psst").ResumesAfter(0).Sees(room.Name+"/ann opened", room.Name+"/ann: psst")
		eve.Sees().KnowsRooms("lobby").ResumesAfter(0).Sees()
		if three, made := direct(eve, bob, ann); !made || three.Name == room.Name || three.Title != "ann, bob" {
			w.T.Errorf("three: %+v", three)
		}
		ann.Fails(w.Server.Invite(ctx, ann.Actor, room.Name, eve.Actor.ID), chat.Forbidden)
		ann.Fails(w.Server.Remove(ctx, ann.Actor, room.Name, bob.Actor.ID), chat.Forbidden)
		ann.Fails(w.Server.Archive(ctx, ann.Actor, room.Name), chat.Forbidden)
		ann.Fails(w.Server.Leave(ctx, ann.Actor, room.Name), chat.Forbidden)
		eve.Fails(w.Server.Join(ctx, eve.Actor, room.Name), chat.NotFound)
		_, err := w.Server.CreateRoom(ctx, eve.Actor, chat.NewRoom{Name: chat.DirectName([]chat.ID{ann.Actor.ID, eve.Actor.ID})})
		eve.Fails(err, chat.BadRequest)
		_, _, err = w.Server.Direct(ctx, ann.Actor, []chat.ID{ann.Actor.ID})
		ann.Fails(err, chat.BadRequest)
		_, _, err = w.Server.Direct(ctx, ann.Actor, []chat.ID{12345})
		ann.Fails(err, chat.NotFound)
	})
}

// A room that is archived can be read, by those who could read it before, and nothing is said there.
func TestArchived(t *testing.T) {
	tell(t, func(w *chattest.World) {
		ann, bob := w.As("ann").Listens(), w.As("bob")
		ctx := w.T.Context()
		ann.Opens("ops").PostsIn("ops", "last words")
		bob.Joins("ops")
		bob.Fails(w.Server.Archive(ctx, bob.Actor, "ops"), chat.Forbidden) // not his
		if err := w.Server.Archive(ctx, ann.Actor, "ops"); err != nil {
			w.T.Fatal(err)
		}
		ann.Sees("ops/ann opened", "ops/ann: last words", "ops/bob joined", "ops/ann archived").KnowsRooms("lobby").Reads("ops", "ops/ann: last words")
		_, err := ann.TriesToPost("ops", "", "one more")
		ann.Fails(err, chat.Forbidden)
		ann.Fails(w.Server.Archive(ctx, ann.Actor, "ops"), chat.Forbidden)
		ann.Fails(w.Server.Typing(ctx, ann.Actor, "ops"), chat.Forbidden)
		ann.Fails(w.Server.Invite(ctx, ann.Actor, "ops", w.As("eve").Actor.ID), chat.Forbidden)
		ann.Fails(w.Server.Archive(ctx, ann.Actor, chat.Lobby), chat.Forbidden)
		w.As("eve").Fails(w.Server.Join(ctx, w.As("eve").Actor, "ops"), chat.Forbidden)
	})
}

// Title and topic change for everybody in the room; the address stays.
func TestRoomChanged(t *testing.T) {
	tell(t, func(w *chattest.World) {
		ann, bob := w.As("ann").Listens(), w.As("bob")
		ctx := w.T.Context()
		title, topic, bad := "Operations", "what broke", "two\nlines"
		ann.Opens("ops")
		change := func(p *chattest.Person, c chat.Change) error { return w.Server.ChangeRoom(ctx, p.Actor, "ops", c) }
		for range 2 { // the second time there is nothing to do
			if err := change(ann, chat.Change{Title: &title, Topic: &topic}); err != nil {
				w.T.Fatal(err)
			}
		}
		ann.Sees("ops/ann opened", `ops/ann changed {"title":"Operations","topic":"what broke"}`)
		if r, err := w.Server.Room(ctx, bob.Actor, "ops"); err != nil || r.Title != title || r.Topic != topic {
			w.T.Errorf("%+v, %v", r, err)
		}
		bob.Fails(change(bob, chat.Change{Title: &bad}), chat.BadRequest)
		bob.Fails(change(bob, chat.Change{Title: &topic}), chat.Forbidden) // from outside
		ann.Fails(change(ann, chat.Change{}), chat.BadRequest)
	})
}

// What is read here is told to the person's other streams, and to nobody else; a room of which one wants to be told nothing counts nothing.
func TestReadElsewhere(t *testing.T) {
	tell(t, func(w *chattest.World) {
		ann, bob := w.As("ann").Opens("ops"), w.As("bob").Joins("ops").Listens()
		ctx := w.T.Context()
		ann.Listens()
		second, err := w.Server.Subscribe(ctx, bob.Actor, chat.Subscription{})
		if err != nil {
			w.T.Fatal(err)
		}
		defer second.Close()
		ann.PostsIn("ops", "1", "2")
		bob.Sees("ops/ann: 1", "ops/ann: 2").ToldInPassing()
		ann.ToldInPassing()
		if err := w.Server.MarkRead(ctx, bob.Actor, "ops", w.Server.Head()); err != nil {
			w.T.Fatal(err)
		}
		bob.IsToldInPassing("ops 0")
		if err := w.Server.SetLevel(ctx, bob.Actor, "ops", chat.Nothing); err != nil {
			w.T.Fatal(err)
		}
		bob.IsToldInPassing("ops nothing")
		ann.PostsIn("ops", "3").IsToldInPassing()
		bob.KnowsRooms("lobby", "ops")
		if err := w.Server.SetLevel(ctx, bob.Actor, "ops", chat.Everything); err != nil {
			w.T.Fatal(err)
		}
		bob.IsToldInPassing("ops 1").KnowsRooms("lobby", "ops 1")
	})
}

// Symptom: as many lists of rooms at once as there are readers of the store, each of them in need of a second reader, waited for ever.
func TestManyListsAtOnce(t *testing.T) {
	c := newCrowd(t, crowdOptions{})
	ann, bob := c.signIn("ann"), c.signIn("bob")
	if _, _, err := c.server.Direct(t.Context(), ann, []chat.ID{bob.ID}); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	var all sync.WaitGroup
	for range 64 {
		all.Go(func() {
			for range 3 {
				if list, err := c.server.Rooms(ctx, ann); err != nil || len(list.Rooms) != 2 {
					t.Errorf("%+v, %v", list, err)
					return
				}
			}
		})
	}
	all.Wait()
}
