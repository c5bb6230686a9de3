package chat_test

import (
	"testing"
	"time"

	"chatd/chat"
	"chatd/chat/chattest"
)

// What others said after the mark is unread: counted, up to 100, and kept over a restart.
func TestUnread(t *testing.T) {
	tell(t, func(w *chattest.World) {
		ann, bob := w.As("ann"), w.As("bob")
		mark := func(room string, place chat.Seq) {
			w.T.Helper()
			if err := w.Server.MarkRead(w.T.Context(), bob.Actor, room, place); err != nil {
				w.T.Fatal(err)
			}
		}
		say := func(text string) chat.Seq {
			w.T.Helper()
			r, err := ann.TriesToPost("ops", "", text)
			if err != nil {
				w.T.Fatal(err)
			}
			return r.Seq
		}
		ann.Opens("ops").Posts("not in ops")
		first := say("1")
		bob.KnowsRooms("lobby 1", "ops?").Joins("ops").PostsIn("ops", "my own does not count").KnowsRooms("lobby 1", "ops") // what was said before he came is not unread
		second := say("2")
		third := say("3")
		bob.KnowsRooms("lobby 1", "ops 2")
		mark("ops", second)
		bob.KnowsRooms("lobby 1", "ops 1")
		mark("ops", first) // a mark never moves back
		bob.KnowsRooms("lobby 1", "ops 1")
		w.Passes(6 * time.Second) // written
		bob.KnowsRooms("lobby 1", "ops 1")
		mark("ops", first)
		w.Passes(6 * time.Second)
		bob.KnowsRooms("lobby 1", "ops 1")
		mark("ops", third)
		w.Restarts()
		bob.KnowsRooms("lobby 1", "ops")
		ann.KnowsRooms("lobby", "ops 1")
		mark("ops", 1<<60) // no further than what there is
		w.Passes(6 * time.Second)
		ann.PostsIn("ops", "4", "5")
		bob.KnowsRooms("lobby 1", "ops 2")
		many := make([]string, 120)
		for i := range many {
			many[i] = "x"
		}
		ann.PostsIn("ops", many...)
		bob.KnowsRooms("lobby 1", "ops 100")
	})
}

func TestLastRoom(t *testing.T) {
	tell(t, func(w *chattest.World) {
		ann := w.As("ann").Opens("ops").OpensPrivate("board")
		last := func(want string) {
			w.T.Helper()
			if got := w.Server.LastRoom(w.T.Context(), ann.Actor); got != want {
				w.T.Errorf("the last room is %s, want %s", got, want)
			}
		}
		last("lobby")
		w.Server.Visit(ann.Actor, "ops")
		last("ops")
		w.Passes(6 * time.Second)
		last("ops")
		w.Server.Visit(ann.Actor, "board")
		w.Restarts()
		ann.Enters() // being seen does not forget it
		last("board")
		ann.Leaves("board")
		last("lobby")
	})
}
