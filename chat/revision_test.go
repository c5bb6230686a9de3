package chat_test

import (
	"fmt"
	"testing"

	"chatd/chat"
	"chatd/chat/chattest"
)

// What a message said before is read by who may, and by nobody once it is deleted.
func TestRevisions(t *testing.T) {
	chattest.Tell(t, realNames(), func(w *chattest.World) {
		ann, bob := w.As("ann").Opens("ops"), w.As("bob").Joins("ops")
		does := must(w)
		m := bob.Answers(ann.Says("ops", "which?"), "helo")
		texts := func() (lines []string) {
			revisions, err := w.Server.Revisions(w.T.Context(), bob.Actor, m.Room, m.Message)
			if err != nil {
				w.T.Fatal(err)
			}
			for _, r := range revisions {
				lines = append(lines, fmt.Sprint(r.Rev, " ", r.By.Name, " ", r.Text))
			}
			return lines
		}
		if got := fmt.Sprint(texts()); got != "[1 bob helo]" {
			w.T.Error(got)
		}
		does(bob.Edits(m, "hello"))
		does(bob.Edits(m, "hello!"))
		w.Restarts()
		if got := fmt.Sprint(texts()); got != "[1 bob helo 2 bob hello 3 bob hello!]" {
			w.T.Error(got)
		}
		_, err := w.Server.Revisions(w.T.Context(), ann.Actor, m.Room, m.Message)
		ann.Fails(err, chat.Forbidden)
		mia := moderator(w, host(w, "anna"), "miaa").Joins("ops") // she may
		if found, err := w.Server.Revisions(w.T.Context(), mia.Actor, m.Room, m.Message); err != nil || len(found) != 3 {
			w.T.Errorf("a moderator reads %v, %v", found, err)
		}
		_, err = w.Server.Revisions(w.T.Context(), bob.Actor, chat.Lobby, m.Message)
		bob.Fails(err, chat.NotFound)
		bob.OpensPrivate("den")
		secret := bob.Says("den", "psst")
		for _, p := range []*chattest.Person{ann, mia} {
			_, err = w.Server.Revisions(w.T.Context(), p.Actor, "den", secret.Message)
			p.Fails(err, chat.NotFound)
		}
		does(bob.Deletes(m))
		if got := texts(); len(got) != 0 {
			w.T.Errorf("of a deleted message there is %q", got)
		}
	})
}
