package chat_test

import (
	"fmt"
	"testing"
	"time"

	"chatd/chat"
	"chatd/chat/chattest"
)

// Presence is told by a snapshot to who comes, and by one difference a second to who is here.
func TestPresence(t *testing.T) {
	chattest.Tell(t, map[string]chattest.Setup{"": {}}, func(w *chattest.World) {
		ann, bob := w.As("ann").Listens(), w.As("bob")
		ann.IsToldInPassing("here ann")
		w.Passes(time.Second)
		ann.IsToldInPassing("came ann")
		bob.Listens().IsToldInPassing("here ann bob")
		w.As("cid").Listens()
		ann.IsToldInPassing() // not before the second is over
		w.Passes(time.Second)
		ann.IsToldInPassing("came bob cid")
		bob.IsToldInPassing("came bob cid")
		w.Passes(10 * time.Second)
		ann.IsToldInPassing() // nothing changed

		// A second tab is nobody new, and closing it is no departure.
		tab, err := w.Server.Subscribe(w.T.Context(), bob.Actor, chat.Subscription{})
		if err != nil {
			w.T.Fatal(err)
		}
		w.Passes(5 * time.Second)
		tab.Close()
		w.Passes(5 * time.Second)
		ann.IsToldInPassing()

		bob.Hangs()
		w.Passes(5 * time.Second)
		ann.IsToldInPassing("went bob")
		w.As("dan").Listens().IsToldInPassing("here ann cid dan")
	})
}

// A reload is no departure, and nothing at all is said of it.
func TestReloadIsNotTold(t *testing.T) {
	chattest.Tell(t, map[string]chattest.Setup{"": {}}, func(w *chattest.World) {
		ann, bob := w.As("ann").Listens(), w.As("bob").Listens()
		ann.IsToldInPassing("here ann bob")
		w.Passes(time.Second)
		ann.IsToldInPassing("came ann bob")
		for range 3 {
			bob.Hangs()
			w.Passes(2 * time.Second)
			bob.Resumes()
			w.Passes(2 * time.Second)
		}
		ann.IsToldInPassing()
		// Who is gone for longer goes, and comes.
		bob.Hangs()
		w.Passes(4 * time.Second)
		bob.Listens()
		w.Passes(time.Second)
		ann.IsToldInPassing("went bob", "came bob")
		// Who comes and goes within a second is said to have gone all the
		// same: whoever came meanwhile has him in the snapshot.
		w.As("cid").Listens().Hangs()
		w.Passes(5 * time.Second)
		ann.IsToldInPassing("went cid")
	})
}

// A new name is told as somebody who came: clients know him by his identity.
func TestRenameIsTold(t *testing.T) {
	chattest.Tell(t, map[string]chattest.Setup{"": {}}, func(w *chattest.World) {
		ann, bob := w.As("ann").Listens(), w.As("bob").Listens()
		ann.IsToldInPassing("here ann bob")
		w.Passes(time.Second)
		ann.IsToldInPassing("came ann bob")
		if err := bob.SignsInAs("robert"); err != nil {
			w.T.Fatal(err)
		}
		bob.Resumes()
		w.Passes(time.Second)
		ann.IsToldInPassing("came robert")
		bob.Hangs()
		w.Passes(5 * time.Second)
		ann.IsToldInPassing("went robert")
	})
}

// Above 200 people only their number is told, one frame a second however many
// come; back at 200, everyone once.
func TestPresenceOfMany(t *testing.T) {
	chattest.Tell(t, map[string]chattest.Setup{"": {}}, func(w *chattest.World) {
		var feeds []*chat.Feed
		come := func(n int) {
			for range n {
				actor := chat.Actor{Person: chat.Person{ID: chat.ID(1000 + len(feeds)), Name: fmt.Sprint("p", len(feeds))}}
				feed, err := w.Server.Subscribe(w.T.Context(), actor, chat.Subscription{})
				if err != nil {
					w.T.Fatal(err)
				}
				feeds = append(feeds, feed)
			}
		}
		ann := w.As("ann").Listens()
		ann.IsToldInPassing("here ann")
		come(199)
		w.Passes(time.Second)
		told := ann.ToldInPassing()
		if len(told) != 1 || len(told[0]) < 199*3 {
			w.T.Fatalf("200 people are told by %q", told)
		}
		come(1)
		w.Passes(time.Second)
		ann.IsToldInPassing("count 201")
		w.As("bob").Listens().IsToldInPassing("count 202")
		come(100)
		w.Passes(time.Second)
		ann.IsToldInPassing("count 302")
		w.Passes(10 * time.Second)
		ann.IsToldInPassing()
		for _, f := range feeds[2:] {
			f.Close()
		}
		w.Passes(5 * time.Second)
		ann.IsToldInPassing("here ann bob p0 p1")
		feeds[0].Close()
		feeds[1].Close()
		w.Passes(5 * time.Second)
		ann.IsToldInPassing("went p0 p1")
	})
}

// Typing is told to the others in the room: once a second for a person, three a second in a room.
func TestTyping(t *testing.T) {
	chattest.Tell(t, map[string]chattest.Setup{"": {}}, func(w *chattest.World) {
		ann := w.As("ann").Listens()
		typists := []string{"bob", "cid", "dan", "eve", "fay"}
		for _, name := range typists {
			w.As(name)
		}
		w.As("bob").Opens("ops")
		w.As("bob").Listens()
		w.Passes(5 * time.Second)
		ann.ToldInPassing()
		w.As("bob").ToldInPassing()

		w.As("bob").Types("lobby")
		ann.IsToldInPassing("lobby/bob is typing")
		w.As("bob").IsToldInPassing() // he knows
		w.Passes(10 * time.Second)

		for range 50 {
			w.As("cid").Types("lobby")
		}
		ann.IsToldInPassing("lobby/cid is typing", "lobby/cid is typing") // a burst of two
		w.Passes(10 * time.Second)
		for _, name := range typists {
			w.As(name).Types("lobby")
		}
		ann.IsToldInPassing("lobby/bob is typing", "lobby/cid is typing", "lobby/dan is typing")
		w.Passes(10 * time.Second)

		// Only those who are in the room, and follow it, hear of it.
		w.As("bob").ToldInPassing()
		w.As("bob").Types("ops")
		ann.IsToldInPassing()
		ann.Joins("ops").IsToldInPassing()
		w.Passes(10 * time.Second)
		w.As("bob").Types("ops")
		ann.IsToldInPassing("ops/bob is typing")
		ann.Leaves("ops")
		w.Passes(10 * time.Second)
		w.As("bob").Types("ops")
		ann.IsToldInPassing()
		ann.Fails(w.Server.Typing(w.T.Context(), ann.Actor, "ops"), chat.Forbidden)
		w.Passes(10 * time.Second)
		ann.Fails(w.Server.Typing(w.T.Context(), ann.Actor, "nowhere"), chat.NotFound)
	})
}

// Whoever does not read keeps a bounded number of signals, and hears anew who
// is here when he reads again.
func TestSignalsAreBounded(t *testing.T) {
	chattest.Tell(t, map[string]chattest.Setup{"": {}}, func(w *chattest.World) {
		ann, bob := w.As("ann").Listens(), w.As("bob")
		ann.IsToldInPassing("here ann")
		w.Passes(time.Second)
		ann.IsToldInPassing("came ann")
		for range chat.MaxQueuedSignals + 4 {
			bob.Types("lobby")
			w.Passes(2 * time.Second)
		}
		bob.Listens()
		w.Passes(time.Second)
		told := ann.ToldInPassing()
		if n := len(told); n > chat.MaxQueuedSignals+1 || told[n-1] != "here ann bob" {
			w.T.Fatalf("told %q; want at most %d, and who is here at the end", told, chat.MaxQueuedSignals+1)
		}
	})
}
