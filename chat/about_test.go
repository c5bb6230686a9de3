package chat_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"chatd/chat"
	"chatd/chat/chattest"
)

// aboutSetups: by the queue, with every reader behind, and without a ring.
var aboutSetups = map[string]chattest.Setup{
	"live":           {},
	"from the store": {Tune: func(s *chat.Server) { chat.NarrowQueues(s, 1, 1) }},
}

func must(w *chattest.World) func(chat.Receipt, error) {
	return func(_ chat.Receipt, err error) {
		w.T.Helper()
		if err != nil {
			w.T.Fatal(err)
		}
	}
}

func TestEdit(t *testing.T) {
	chattest.Tell(t, oneSetup, func(w *chattest.World) {
		ann, bob := w.As("ann").Listens(), w.As("bob").Listens()
		does := must(w)
		first, err := ann.TriesToPost(chat.Lobby, "c1", "helo")
		if err != nil {
			w.T.Fatal(err)
		}
		m := chat.Target{Room: chat.Lobby, Message: first.Seq, CID: "c2"}
		bob.Sees("ann: helo")
		does(ann.Edits(m, "hello"))
		bob.Sees("ann message.edited hello (2)").Reads(chat.Lobby, "ann: hello (edited 2)")
		bob.ResumesAfter(0).Sees("ann: hello (edited 2)", "ann message.edited hello (2)")

		// A repeat gets the first answer, whatever stands there now; another text is another thing.
		if r, err := ann.Edits(m, "hello"); err != nil || !r.Dup {
			w.T.Errorf("the same edit again: %+v, %v", r, err)
		}
		if r, err := ann.TriesToPost(chat.Lobby, "c1", "helo"); err != nil || !r.Dup || r.Seq != first.Seq {
			w.T.Errorf("the same post again: %+v, %v", r, err)
		}
		_, err = ann.TriesToPost(chat.Lobby, "c1", "hello")
		ann.Fails(err, chat.CIDConflict)
		_, err = ann.Edits(m, "hullo")
		ann.Fails(err, chat.CIDConflict)

		m.CID = ""
		_, err = bob.Edits(m, "mine now")
		bob.Fails(err, chat.Forbidden)
		_, err = ann.Edits(m, " ")
		ann.Fails(err, chat.BadRequest)
		_, err = ann.Edits(chat.Target{Room: chat.Lobby, Message: 99}, "x")
		ann.Fails(err, chat.NotFound)
		ann.OpensPrivate("den")
		secret := ann.Says("den", "psst")
		_, err = bob.Reacts(secret, "👍", true)
		bob.Fails(err, chat.NotFound)
		_, err = bob.Edits(chat.Target{Room: chat.Lobby, Message: secret.Message}, "x")
		bob.Fails(err, chat.NotFound)
		does(ann.Edits(m, "hello all"))
		w.Restarts()
		ann.Listens().Reads(chat.Lobby, "ann: hello all (edited 3)")
	})
}

// What was deleted is not in any file any more, nor told to those who come back.
func TestDelete(t *testing.T) {
	chattest.Tell(t, aboutSetups, func(w *chattest.World) {
		ann, bob := w.As("ann").Listens(), w.As("bob").Listens()
		does := must(w)
		first, err := ann.TriesToPost(chat.Lobby, "c1", "the secret is XYZZYPLUGH")
		if err != nil {
			w.T.Fatal(err)
		}
		m := chat.Target{Room: chat.Lobby, Message: first.Seq}
		bob.Answers(m, "really?")
		does(ann.Edits(m, "the secret is XYZZYFROBOZZ"))
		does(bob.Reacts(m, "👍", true))
		does(bob.Pins(m, true))
		_, err = bob.Deletes(m)
		bob.Fails(err, chat.Forbidden)
		does(ann.Deletes(m))
		if r, err := ann.Deletes(m); err != nil || !r.Dup {
			w.T.Errorf("deleting again: %+v, %v", r, err)
		}
		if r, err := ann.TriesToPost(chat.Lobby, "c1", "the secret is XYZZYPLUGH"); err != nil || !r.Dup || r.Seq != first.Seq {
			w.T.Errorf("the post again: %+v, %v", r, err)
		}
		bob.Reads(chat.Lobby, "ann: deleted {1}", "bob: [deleted] really?")
		for _, line := range bob.ResumesAfter(0).Hears() {
			if strings.Contains(line, "XYZZY") {
				w.T.Errorf("bob comes back and is told %q", line)
			}
		}
		_, err = ann.Edits(m, "back")
		ann.Fails(err, chat.NotFound)
		_, err = bob.Reacts(m, "👍", true)
		bob.Fails(err, chat.NotFound)
		_, err = bob.Pins(m, true)
		bob.Fails(err, chat.NotFound)
		w.Restarts()
		noFileHas(w, "XYZZY")
	})
}

// noFileHas looks for a text in the files of the data; a restart has taken what was in the write-ahead log into them.
func noFileHas(w *chattest.World, text string) {
	w.T.Helper()
	files, err := filepath.Glob(filepath.Join(w.Dir(), "*"))
	if err != nil || len(files) < 2 {
		w.T.Fatal(files, err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			w.T.Fatal(err)
		}
		if !strings.HasSuffix(file, "-wal") && strings.Contains(string(data), text) {
			w.T.Errorf("%s has the text still", filepath.Base(file))
		}
	}
}

func TestReactions(t *testing.T) {
	chattest.Tell(t, aboutSetups, func(w *chattest.World) {
		ann, bob := w.As("ann").Listens(), w.As("bob")
		does := must(w)
		m := ann.Says(chat.Lobby, "lunch?")
		does(ann.Reacts(m, "👍", true))
		does(bob.Reacts(m, "🎉", true))
		does(bob.Reacts(m, "👍", true))
		if r, err := bob.Reacts(m, "👍", true); err != nil || !r.Dup {
			w.T.Errorf("the same again: %+v, %v", r, err)
		}
		does(ann.Reacts(m, "👍", false))
		bob.Reads(chat.Lobby, "ann: lunch? 👍 bob 🎉 bob") // in the order in which the emoji came
		heard := ann.ResumesAfter(m.Message).Hears()
		if len(heard) != 4 || heard[1] != "bob reaction.added 🎉 1" || heard[3] != "ann reaction.removed 👍 1" {
			w.T.Errorf("ann hears %q", heard)
		}
		for _, bad := range []string{"", "x", "ok", "👍👍", "👍x", "1", "\u200d", strings.Repeat("👨\u200d", 20) + "👨"} {
			_, err := ann.Reacts(m, bad, true)
			ann.Fails(err, chat.BadRequest)
		}
		for i, good := range []string{"❤️", "👩‍👩‍👧‍👦", "🇩🇪", "1️⃣", "👋🏽", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "🏳️‍🌈", "☕", "❤️‍🔥", "🫶", "🧑🏿‍💻", "✅", "➕", "😀", "😁", "😂", "😃", "😄"} {
			if _, err := ann.Reacts(m, good, true); err != nil {
				w.T.Errorf("%d %s: %v", i, good, err)
			}
		}
		_, err := ann.Reacts(m, "😅", true)
		ann.Fails(err, chat.Forbidden)
		does(ann.Reacts(m, "🎉", true)) // one that is there is no more
	})
}

// Of many only the first are named, and all are counted.
func TestManyReact(t *testing.T) {
	chattest.Tell(t, oneSetup, func(w *chattest.World) {
		m := w.As("ann").Listens().Says(chat.Lobby, "hands up")
		for i := range 25 {
			must(w)(w.As(fmt.Sprintf("p%02d", i)).Reacts(m, "✋", true))
		}
		page, err := w.Server.Page(w.T.Context(), w.As("ann").Actor, chat.Lobby, chat.PageQuery{Limit: 1})
		if err != nil {
			w.T.Fatal(err)
		}
		if r := page.Messages[0].State.Reactions; len(r) != 1 || r[0].Count != 25 || len(r[0].By) != 20 || r[0].By[19].Name != "p19" {
			w.T.Errorf("%+v", r)
		}
	})
}

func TestReply(t *testing.T) {
	chattest.Tell(t, aboutSetups, func(w *chattest.World) {
		ann, bob := w.As("ann").Listens(), w.As("bob").Opens("ops")
		m := ann.Says(chat.Lobby, "coffee?")
		answer := bob.Answers(m, " yes ")
		bob.Answers(answer, "no")
		ann.ResumesAfter(m.Message).Sees("bob: [ann: coffee?]  yes ", "bob: [bob:  yes ] no")
		must(w)(bob.Edits(answer, "yes!"))
		ann.Reads(chat.Lobby, "ann: coffee? {2}", "bob: [ann: coffee?] yes! (edited 2)", "bob: [bob: yes!] no")
		for _, elsewhere := range []chat.Seq{999, 1, bob.Says("ops", "over here").Message} {
			_, err := w.Server.Post(w.T.Context(), bob.Actor, chat.Post{Room: chat.Lobby, Text: "x", Reply: elsewhere})
			bob.Fails(err, chat.BadRequest)
		}
		long := ann.Says(chat.Lobby, strings.Repeat("ä", 300))
		page, err := w.Server.Page(w.T.Context(), ann.Actor, chat.Lobby, chat.PageQuery{Around: bob.Answers(long, "long").Message, Limit: 1})
		if err != nil || page.Messages[0].State.Reply.Text != strings.Repeat("ä", 200) {
			w.T.Errorf("%+v, %v", page, err)
		}
	})
}

func TestPins(t *testing.T) {
	chattest.Tell(t, aboutSetups, func(w *chattest.World) {
		ann, bob := w.As("ann").OpensPrivate("den"), w.As("bob")
		does := must(w)
		one, two := ann.Says("den", "one"), ann.Says("den", "two")
		does(ann.Pins(two, true))
		does(ann.Pins(one, true))
		pins := func() (texts []string) {
			entries, err := w.Server.Pins(w.T.Context(), ann.Actor, "den")
			if err != nil {
				w.T.Fatal(err)
			}
			for _, e := range entries {
				texts = append(texts, e.Text())
			}
			return texts
		}
		if got := fmt.Sprint(pins()); got != "[one two]" {
			w.T.Error(got)
		}
		ann.Reads("den", "den/ann: one (pinned)", "den/ann: two (pinned)")
		does(ann.Pins(two, false))
		does(ann.Pins(two, false)) // so already
		if got := fmt.Sprint(pins()); got != "[one]" {
			w.T.Error(got)
		}
		_, err := w.Server.Pins(w.T.Context(), bob.Actor, "den")
		bob.Fails(err, chat.NotFound)
		_, err = bob.Pins(one, true)
		bob.Fails(err, chat.NotFound)
		bob.Opens("ops")
		_, err = ann.Pins(bob.Says("ops", "hi"), true)
		ann.Fails(err, chat.Forbidden)
	})
}

// Who has left a room learns nothing of what became of the messages that he knew.
func TestLeaversSeeNoEdits(t *testing.T) {
	chattest.Tell(t, map[string]chattest.Setup{"": {Tune: func(s *chat.Server) { chat.NarrowQueues(s, 1, 1) }}}, func(w *chattest.World) {
		ann, bob := w.As("ann").Opens("ops"), w.As("bob").Joins("ops")
		m := ann.Says("ops", "the old plan")
		bob.Leaves("ops")
		must(w)(ann.Edits(m, "the new plan"))
		for _, line := range bob.ResumesAfter(0).Hears() {
			if strings.Contains(line, "new plan") {
				w.T.Errorf("bob is told %q", line)
			}
		}
	})
}
