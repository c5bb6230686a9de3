package chat_test

import (
	"fmt"
	"slices"
	"testing"

	"chatd/chat"
	"chatd/chat/chattest"
)

// Pages of a room: the newest, before one, after one, around one; without gaps and
// repeats, and each with the cursor at which a stream goes on.
func TestPages(t *testing.T) {
	chattest.Tell(t, oneSetup, func(w *chattest.World) {
		ann, bob := w.As("ann").Opens("ops"), w.As("bob")
		var places []chat.Seq
		for i := range 10 {
			r, err := ann.TriesToPost(chat.Lobby, "", fmt.Sprint(i))
			if err != nil {
				w.T.Fatal(err)
			}
			places = append(places, r.Seq)
			ann.PostsIn("ops", "between") // places are not numbers of messages
		}
		page := func(q chat.PageQuery) (texts []string, p chat.Page) {
			w.T.Helper()
			q.Limit = 4
			p, err := w.Server.Page(w.T.Context(), bob.Actor, chat.Lobby, q)
			if err != nil {
				w.T.Fatal(err)
			}
			for _, e := range p.Messages {
				texts = append(texts, string(e.Body))
			}
			return texts, p
		}
		head := w.Server.Head()
		for _, test := range []struct {
			query        chat.PageQuery
			want         []string
			older, newer bool
			cursor       chat.Seq
		}{
			{chat.PageQuery{}, []string{"6", "7", "8", "9"}, true, false, head},
			{chat.PageQuery{Before: places[6]}, []string{"2", "3", "4", "5"}, true, true, places[5]},
			{chat.PageQuery{Before: places[2]}, []string{"0", "1"}, false, true, places[1]},
			{chat.PageQuery{After: places[3]}, []string{"4", "5", "6", "7"}, true, true, places[7]},
			{chat.PageQuery{After: places[5]}, []string{"6", "7", "8", "9"}, true, false, head},
			{chat.PageQuery{After: places[9]}, nil, true, false, head},
			{chat.PageQuery{Oldest: true}, []string{"0", "1", "2", "3"}, false, true, places[3]},
			{chat.PageQuery{Around: places[5]}, []string{"4", "5", "6", "7"}, true, true, places[7]},
			{chat.PageQuery{Around: places[0]}, []string{"0", "1", "2"}, false, true, places[2]},
			{chat.PageQuery{Around: places[9]}, []string{"8", "9"}, true, false, head},
		} {
			got, p := page(test.query)
			if !slices.Equal(got, test.want) || p.HasOlder != test.older || p.HasNewer != test.newer || p.Cursor != test.cursor || p.Epoch != w.Server.Epoch() {
				w.T.Errorf("%+v: %v older %v newer %v cursor %d; want %v %v %v %d", test.query, got, p.HasOlder, p.HasNewer, p.Cursor, test.want, test.older, test.newer, test.cursor)
			}
		}
		// A stream behind a page brings what comes after its end, and nothing of it.
		_, p := page(chat.PageQuery{After: places[3]})
		bob.ResumesAfter(p.Cursor).Sees("ann: 8", "ann: 9")
		for _, q := range []chat.PageQuery{{Before: 1 << 40}, {After: 1<<63 - 1}, {Around: places[3] + 1}, {Around: 1}} {
			_, err := w.Server.Page(w.T.Context(), bob.Actor, chat.Lobby, q)
			bob.Fails(err, chat.BadRequest)
		}
	})
}

func TestParseSeq(t *testing.T) {
	for text, want := range map[string]bool{
		"0": true, "1": true, "813": true, "9223372036854775807": true,
		"": false, "-1": false, "+1": false, "01": false, " 1": false, "1 ": false, "0x1": false, "1e3": false,
		"9223372036854775808": false, "99999999999999999999": false, "１": false, "null": false,
	} {
		seq, ok := chat.ParseSeq(text)
		if ok != want || ok && seq.String() != text {
			t.Errorf("ParseSeq(%q) = %d, %v", text, seq, ok)
		}
	}
}

// A stream that opens behind an empty page skips nothing of what comes after it.
func TestCursorOfAnEmptyPage(t *testing.T) {
	c := newCrowd(t, crowdOptions{})
	ann := c.signIn("ann")
	first, err := c.server.Post(t.Context(), ann, chat.Post{Room: chat.Lobby, Text: "first"})
	if err != nil {
		t.Fatal(err)
	}
	page, err := c.server.Page(t.Context(), ann, chat.Lobby, chat.PageQuery{Before: first.Seq, Limit: 50})
	if err != nil {
		t.Fatal(err)
	}
	if len(page.Messages) != 0 || !page.HasNewer || page.Cursor >= first.Seq {
		t.Errorf("before the first message: %d messages, newer ones %v, the cursor %d of %d", len(page.Messages), page.HasNewer, page.Cursor, first.Seq)
	}
}
