package chat_test

import (
	"testing"
	"time"

	"chatd/chat"
	"chatd/chat/chattest"
)

// What is new begins with the first thing that another said behind the mark; who never read has nothing new.
func TestUnreadBegins(t *testing.T) {
	tell(t, func(w *chattest.World) {
		ann, bob := w.As("ann"), w.As("bob")
		post := func(p *chattest.Person, text string) chat.Seq {
			w.T.Helper()
			r, err := p.TriesToPost("lobby", "", text)
			if err != nil {
				w.T.Fatal(err)
			}
			return r.Seq
		}
		is := func(first chat.Seq, count int) {
			w.T.Helper()
			u, err := w.Server.Unread(w.T.Context(), bob.Actor, "lobby")
			if err != nil || u.First != first || u.Count != count || (count > 0) == u.Since.IsZero() {
				w.T.Errorf("bob has %+v (%v), want %d from %d", u, err, count, first)
			}
		}
		read := func(place chat.Seq) {
			w.T.Helper()
			if err := w.Server.MarkRead(w.T.Context(), bob.Actor, "lobby", place); err != nil {
				w.T.Fatal(err)
			}
		}
		post(ann, "before")
		is(0, 0)
		read(post(ann, "read"))
		is(0, 0)
		post(bob, "my own")
		is(0, 0)
		second := post(ann, "new")
		post(bob, "my own")
		third := post(ann, "newer")
		is(second, 2)
		w.Passes(6 * time.Second)
		w.Restarts()
		is(second, 2)
		read(second)
		is(third, 1)

		back := func(from chat.Seq) {
			w.T.Helper()
			if err := w.Server.MarkUnread(w.T.Context(), bob.Actor, "lobby", from); err != nil {
				w.T.Fatal(err)
			}
		}
		read(third)
		back(second)
		is(second, 2)
		w.Restarts() // at once for good
		is(second, 2)
		read(third)
		w.Passes(6 * time.Second)
		is(0, 0)
		if err := w.Server.MarkUnread(w.T.Context(), bob.Actor, "lobby", 1<<40); chat.Refusal(err).Code != chat.BadRequest {
			w.T.Errorf("from a message that is not there: %v", err)
		}
		if err := w.Server.MarkUnread(w.T.Context(), bob.Actor, "nowhere", third); chat.Refusal(err).Code != chat.NotFound {
			w.T.Errorf("in a room that is not there: %v", err)
		}
	})
}
