package chat_test

import (
	"fmt"
	"strings"
	"testing"

	"chatd/chat"
	"chatd/chat/chattest"
)

// reading is what a person reads of a thread: the message that began it, and its answers.
func reading(w *chattest.World, p *chattest.Person, m chat.Target, q chat.PageQuery) (string, chat.ThreadPage) {
	w.T.Helper()
	if q.Limit == 0 {
		q.Limit = 50
	}
	page, err := w.Server.Thread(w.T.Context(), p.Actor, m.Room, m.Message, q)
	if err != nil {
		w.T.Fatal(err)
	}
	said := func(e chat.Entry) string {
		if e.State != nil && e.State.Deleted {
			return "deleted"
		}
		return e.Text()
	}
	lines := []string{said(page.Root)}
	if s := page.Root.State; s != nil && s.Thread != nil {
		lines[0] += fmt.Sprintf(" {%d}", s.Thread.Answers)
	}
	for _, e := range page.Messages {
		lines = append(lines, said(e))
		if t := e.State.Thread; t == nil || t.Root != page.Root.Seq {
			w.T.Errorf("%q says that it is in the thread %+v", lines[len(lines)-1], t)
		}
	}
	return strings.Join(lines, "; "), page
}

// An answer to an answer is in the same thread; everybody is told how many there are, and that holds after deletions.
func TestThread(t *testing.T) {
	chattest.Tell(t, aboutSetups, func(w *chattest.World) {
		ann, bob := w.As("ann").Listens(), w.As("bob")
		does := must(w)
		is := func(m chat.Target, want string) {
			w.T.Helper()
			if got, _ := reading(w, bob, m, chat.PageQuery{}); got != want {
				w.T.Errorf("the thread is\n%s\nwant\n%s", got, want)
			}
		}
		root := ann.Says(chat.Lobby, "where to?")
		one := bob.Answers(root, "the lake")
		ann.Says(chat.Lobby, "by the way")
		two := ann.Answers(one, "again?")
		three := bob.Answers(two, "again.")
		for _, m := range []chat.Target{root, one, three} {
			is(m, "where to? {3}; the lake; again?; again.")
		}
		page, err := w.Server.Page(w.T.Context(), ann.Actor, chat.Lobby, chat.PageQuery{Around: three.Message, Limit: 1})
		if err != nil || page.Messages[0].State.Thread.Answers != 3 || page.Messages[0].State.Thread.Last != page.Messages[0].At {
			w.T.Errorf("the last answer reads %+v, %v", page.Messages[0].State.Thread, err)
		}
		does(bob.Deletes(three))
		does(bob.Deletes(three))
		is(root, "where to? {2}; the lake; again?; deleted")
		if _, now := reading(w, ann, three, chat.PageQuery{}); now.Root.State.Thread.Last != now.Messages[1].At {
			w.T.Errorf("the last answer is of %v and was of %v", now.Root.State.Thread.Last, now.Messages[1].At)
		}
		heard := ann.Hears()
		if last := heard[len(heard)-1]; last != "bob message.deleted done {2}" {
			w.T.Errorf("ann hears %q", heard)
		}
		does(ann.Deletes(root))
		ann.Answers(three, "still here") // an answer to what was deleted stays in its thread
		is(root, "deleted {3}; the lake; again?; deleted; still here")
		ann.Reads(chat.Lobby, "ann: deleted {3}", "bob: [deleted] the lake", "ann: by the way", "ann: [bob: the lake] again?", "bob: deleted", "ann: [deleted] still here")
		w.Restarts()
		is(two, "deleted {3}; the lake; again?; deleted; still here")
		does(bob.Deletes(one))
		is(two, "deleted {2}; deleted; again?; deleted; still here")
	})
}

// A thread is read in pages, and a message that nobody answered is one alone.
func TestThreadPages(t *testing.T) {
	chattest.Tell(t, oneSetup, func(w *chattest.World) {
		ann, bob := w.As("ann").OpensPrivate("den"), w.As("bob").Opens("ops")
		root := ann.Says("den", "count")
		if got, page := reading(w, ann, chat.Target{Room: "den", Message: ann.Says("den", "alone").Message}, chat.PageQuery{}); got != "alone" || page.HasOlder || page.HasNewer {
			w.T.Errorf("what nobody answered is the thread %s", got)
		}
		var answers []chat.Target
		for i := range 7 {
			answers = append(answers, ann.Answers(root, fmt.Sprint(i)))
			ann.Says("den", "besides")
		}
		for _, c := range []struct {
			q            chat.PageQuery
			want         string
			older, newer bool
		}{
			{chat.PageQuery{Limit: 3}, "count {7}; 4; 5; 6", true, false},
			{chat.PageQuery{Limit: 3, Before: answers[4].Message}, "count {7}; 1; 2; 3", true, true},
			{chat.PageQuery{Limit: 3, Before: answers[1].Message}, "count {7}; 0", false, true},
			{chat.PageQuery{Limit: 3, After: answers[4].Message}, "count {7}; 5; 6", true, false},
			{chat.PageQuery{Limit: 3, Around: answers[3].Message}, "count {7}; 2; 3; 4", true, true},
		} {
			if got, page := reading(w, ann, root, c.q); got != c.want || page.HasOlder != c.older || page.HasNewer != c.newer {
				w.T.Errorf("%+v: %s, older %v, newer %v", c.q, got, page.HasOlder, page.HasNewer)
			}
		}
		for _, m := range []chat.Target{root, {Room: "ops", Message: root.Message}, {Room: chat.Lobby, Message: answers[0].Message}, {Room: "ops", Message: 9999}} {
			_, err := w.Server.Thread(w.T.Context(), bob.Actor, m.Room, m.Message, chat.PageQuery{Limit: 1})
			bob.Fails(err, chat.NotFound)
		}
	})
}

// Who has left a room is not told how its threads go on.
func TestLeaversSeeNoAnswers(t *testing.T) {
	chattest.Tell(t, aboutSetups, func(w *chattest.World) {
		ann, bob := w.As("ann").Opens("ops"), w.As("bob").Joins("ops")
		m := ann.Says("ops", "the plan")
		bob.Leaves("ops")
		ann.Answers(m, "is no more")
		w.Restarts()
		for _, line := range bob.ResumesAfter(0).Hears() {
			if strings.Contains(line, "{") {
				w.T.Errorf("bob is told %q", line)
			}
		}
	})
}
