package chat_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"chatd/chat"
	"chatd/chat/chattest"
)

// meant writes down whom a message of a room means, as a page has it.
func meant(w *chattest.World, p *chattest.Person, m chat.Target) string {
	w.T.Helper()
	page, err := w.Server.Page(w.T.Context(), p.Actor, m.Room, chat.PageQuery{Around: m.Message, Limit: 1})
	if err != nil || len(page.Messages) != 1 {
		w.T.Fatal(page, err)
	}
	return whom(w, page.Messages[0].State)
}

func whom(w *chattest.World, s *chat.State) string {
	if s == nil || s.Mentions == nil {
		return ""
	}
	var all []string
	for _, p := range s.Mentions.People {
		all = append(all, p.Word+"="+p.Name)
	}
	for range s.Mentions.Here {
		all = append(all, "here")
	}
	if s.Mentions.Room {
		all = append(all, "room")
	}
	slices.Sort(all)
	return strings.Join(all, " ")
}

// mentioned writes down somebody's list, newest first: ! is unread, > an answer.
func mentioned(w *chattest.World, p *chattest.Person) string {
	w.T.Helper()
	page, err := w.Server.Mentions(w.T.Context(), p.Actor, 0, 50)
	if err != nil {
		w.T.Fatal(err)
	}
	var all []string
	for _, m := range page.Mentions {
		line := m.Room + "/" + m.By.Name + ": " + m.Text()
		if m.Answer {
			line = ">" + line
		}
		if m.Unread {
			line = "!" + line
		}
		all = append(all, line)
	}
	return strings.Join(all, ", ")
}

func is(w *chattest.World, what, got, want string) {
	w.T.Helper()
	if got != want {
		w.T.Errorf("%s: %q, want %q", what, got, want)
	}
}

// A mention is of the person and not of the name: it follows him to another name, and who takes the old one
// is not meant by what was said before.
func TestMentionFollowsTheName(t *testing.T) {
	tell(t, func(w *chattest.World) {
		ann, bob := w.As("ann"), w.As("bob")
		m := ann.Says(chat.Lobby, "hi @Bob, and @nobody, me is @ann")
		is(w, "the message", meant(w, ann, m), "ann=ann bob=bob")
		w.Server.MarkRead(w.T.Context(), ann.Actor, chat.Lobby, m.Message)
		is(w, "bob's list", mentioned(w, bob), "!lobby/ann: hi @Bob, and @nobody, me is @ann")
		is(w, "ann's list", mentioned(w, ann), "")
		if err := bob.SignsInAs("robert"); err != nil {
			w.T.Fatal(err)
		}
		carl := w.As("carl")
		if err := carl.SignsInAs("bob"); err != nil {
			w.T.Fatal(err)
		}
		is(w, "after the rename", meant(w, ann, m), "ann=ann bob=robert")
		is(w, "the list of who took the name", mentioned(w, carl), "")
		again := ann.Says(chat.Lobby, "@bob?")
		is(w, "the new bob", meant(w, ann, again), "bob=bob")
		is(w, "his list", mentioned(w, carl), "!lobby/ann: @bob?")
		w.Restarts()
		is(w, "after a restart", meant(w, ann, m), "ann=ann bob=robert")
	})
}

// In a private room only its members can be meant, in a public one everybody; and what is said where one is not
// any more is in no list and no count.
func TestMentionsKeepToTheRoom(t *testing.T) {
	tell(t, func(w *chattest.World) {
		ann, bob, cat := w.As("ann"), w.As("bob"), w.As("cat").Listens()
		ann.OpensPrivate("board").Invites("board", bob).Opens("ops")
		is(w, "private", meant(w, ann, ann.Says("board", "@bob @cat")), "bob=bob")
		is(w, "cat's list", mentioned(w, cat), "")
		cat.Sees().ToldInPassing()
		m := ann.Says("ops", "@cat look")
		is(w, "public", meant(w, ann, m), "cat=cat")
		is(w, "cat's list", mentioned(w, cat), "!ops/ann: @cat look")
		cat.Sees().IsToldInPassing("ops 0 @1") // his stream has nothing of the room
		if _, err := ann.Edits(m, "never mind"); err != nil {
			w.T.Fatal(err)
		}
		cat.IsToldInPassing("ops 0")
		is(w, "bob's list", mentioned(w, bob), "!board/ann: @bob @cat")
		ann.Removes("board", bob)
		is(w, "bob's list from outside", mentioned(w, bob), "")
	})
}

// An edit means whom its text means, a deletion nobody.
func TestMentionsOfEdits(t *testing.T) {
	tell(t, func(w *chattest.World) {
		ann, bob, cat := w.As("ann"), w.As("bob"), w.As("cat")
		m := ann.Says(chat.Lobby, "@bob `@cat`")
		if _, err := ann.Edits(m, "@cat `@bob`"); err != nil {
			w.T.Fatal(err)
		}
		is(w, "edited", meant(w, ann, m), "cat=cat")
		is(w, "bob's list", mentioned(w, bob), "")
		is(w, "cat's list", mentioned(w, cat), "!lobby/ann: @cat `@bob`")
		cat.KnowsRooms("lobby 1 @1")
		if _, err := ann.Deletes(m); err != nil {
			w.T.Fatal(err)
		}
		is(w, "cat's list", mentioned(w, cat), "")
		cat.KnowsRooms("lobby 1")
	})
}

// An answer stands in the list of who is answered, marked as one, and goes with its message.
func TestAnswersAreMentions(t *testing.T) {
	tell(t, func(w *chattest.World) {
		ann, bob := w.As("ann"), w.As("bob")
		question := ann.Says(chat.Lobby, "who?")
		answer := bob.Answers(question, "me")
		ann.Answers(question, "not me")
		bob.Answers(question, "@ann me, too")
		is(w, "the list", mentioned(w, ann), "!lobby/bob: @ann me, too, !>lobby/bob: me")
		ann.KnowsRooms("lobby 2 @2")
		if err := w.Server.MarkRead(w.T.Context(), ann.Actor, chat.Lobby, answer.Message); err != nil {
			w.T.Fatal(err)
		}
		is(w, "the list", mentioned(w, ann), "!lobby/bob: @ann me, too, >lobby/bob: me")
		ann.KnowsRooms("lobby 1 @1")
		w.Passes(6 * time.Second)
		w.Restarts()
		ann.KnowsRooms("lobby 1 @1")
		if _, err := bob.Deletes(answer); err != nil {
			w.T.Fatal(err)
		}
		is(w, "the list", mentioned(w, ann), "!lobby/bob: @ann me, too")
	})
}

// @room means whoever is in the room, @here those of them who are here when it is said, however often
// it is sent; both are words where more than twenty are in the room and the author is nobody special.
func TestCallingEverybody(t *testing.T) {
	tell(t, func(w *chattest.World) {
		ann, bob, cat := w.As("ann"), w.As("bob").Listens(), w.As("cat")
		ann.OpensPrivate("board").Invites("board", bob).Invites("board", cat)
		dan := w.As("dan").Listens()
		bob.Sees("board/ann invited bob", "board/ann invited cat")
		is(w, "here", meant(w, ann, ann.Says("board", "@here")), "here")
		is(w, "bob's list", mentioned(w, bob), "!board/ann: @here")
		is(w, "cat's list", mentioned(w, cat), "")
		is(w, "dan's list", mentioned(w, dan), "")
		is(w, "room", meant(w, bob, bob.Says("board", "@room!")), "room")
		is(w, "cat's list", mentioned(w, cat), "!board/bob: @room!")
		is(w, "bob's own", mentioned(w, bob), "!board/ann: @here")
		is(w, "dan's list", mentioned(w, dan), "")

		first, err := ann.TriesToPost("board", "c1", "@here again")
		if err != nil {
			w.T.Fatal(err)
		}
		bob.Hangs()
		w.Passes(10 * time.Second)
		second, err := ann.TriesToPost("board", "c1", "@here again")
		if err != nil || !second.Dup || second.Seq != first.Seq {
			w.T.Errorf("sent again when nobody is here: %+v, %v", second, err)
		}

		bob.Opens("hall")
		for i := range 25 {
			w.As(fmt.Sprint("guest", i)).Joins("hall")
		}
		dan.Joins("hall")
		is(w, "a guest calls many", meant(w, dan, dan.Says("hall", "@room @here")), "")
		is(w, "who made the room calls them", meant(w, dan, bob.Says("hall", "@room")), "room")
		is(w, "the list", mentioned(w, dan), "!hall/bob: @room")
		eve := w.As("eve").Joins("hall")
		is(w, "who came later", mentioned(w, eve), "")
	})
}

// What is counted and listed at each level.
func TestLevels(t *testing.T) {
	tell(t, func(w *chattest.World) {
		ann, bob := w.As("ann").Opens("ops"), w.As("bob").Joins("ops")
		ann.PostsIn("ops", "1", "@bob 2")
		for level, want := range map[chat.Level]string{chat.Everything: "ops 2 @1", chat.JustMentions: "ops @1", chat.Nothing: "ops", chat.Invisible: "ops"} {
			if err := w.Server.SetLevel(w.T.Context(), bob.Actor, "ops", level); err != nil {
				w.T.Fatal(err)
			}
			bob.KnowsRooms("lobby", want)
			if r, err := w.Server.Room(w.T.Context(), bob.Actor, "ops"); err != nil || r.Level != level {
				w.T.Errorf("%v is kept as %v, %v", level, r.Level, err)
			}
			is(w, "the list", mentioned(w, bob), "!ops/ann: @bob 2")
		}
	})
}

// The list goes back page by page, each message once.
func TestPagesOfMentions(t *testing.T) {
	tell(t, func(w *chattest.World) {
		ann, bob := w.As("ann"), w.As("bob")
		for i := range 7 {
			ann.Says(chat.Lobby, fmt.Sprint("@bob @room ", i))
		}
		var got []string
		for before := chat.Seq(0); ; {
			page, err := w.Server.Mentions(w.T.Context(), bob.Actor, before, 3)
			if err != nil {
				w.T.Fatal(err)
			}
			for _, m := range page.Mentions {
				got, before = append(got, strings.TrimPrefix(m.Text(), "@bob @room ")), m.Seq
			}
			if !page.HasOlder {
				break
			}
		}
		is(w, "the pages", strings.Join(got, " "), "6 5 4 3 2 1 0")
	})
}
