package chat_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"chatd/chat"
	"chatd/chat/chattest"
)

var oneSetup = map[string]chattest.Setup{"": {}}

func TestPostIsChecked(t *testing.T) {
	chattest.Tell(t, oneSetup, func(w *chattest.World) {
		ann := w.As("ann").Listens()
		for text, code := range map[string]chat.Code{
			"":                                  chat.BadRequest,
			" \n\t ":                            chat.BadRequest,
			"\u200b\u2060\ufeff":                chat.BadRequest, // leaves no trace
			"a\x00b":                            chat.BadRequest,
			"a\xffb":                            chat.BadRequest,
			"\xed\xa0\x80":                      chat.BadRequest, // half a surrogate
			strings.Repeat("x", chat.MaxText+1): chat.TooLarge,
			strings.Repeat("ä", chat.MaxText/2) + "x": chat.TooLarge,
		} {
			_, err := ann.TriesToPost(chat.Lobby, "", text)
			ann.Fails(err, code)
		}
		for _, cid := range []string{"a b", "ä", "~a", "a\n", strings.Repeat("c", 65)} {
			_, err := ann.TriesToPost(chat.Lobby, cid, "hi")
			ann.Fails(err, chat.BadRequest)
		}
		_, err := w.Server.Post(w.T.Context(), chat.Actor{Person: chat.Person{ID: 99, Name: "nobody"}}, chat.Post{Room: chat.Lobby, Text: "boo"})
		ann.Fails(err, chat.SignedOut)
		ann.Sees()

		// What is allowed is kept byte for byte.
		var want []string
		for i, text := range []string{" blanks \n", "<script>alert(1)</script>", "\u202ertl", "👩‍👩‍👧‍👦", strings.Repeat("x", chat.MaxText), "e\u0301"} {
			cid := strings.Repeat("c", 63) + fmt.Sprint(i)
			if _, err := ann.TriesToPost(chat.Lobby, cid, text); err != nil {
				w.T.Fatal(err)
			}
			want = append(want, "ann: "+text)
		}
		ann.Sees(want...).Reads(chat.Lobby, want...)
		ann.ResumesAfter(0).Sees(want...)
	})
}

// One person's messages are limited, and nobody else's with them.
func TestMessageRate(t *testing.T) {
	chattest.Tell(t, map[string]chattest.Setup{"": {MessageRate: 10}}, func(w *chattest.World) {
		ann, bob := w.As("ann"), w.As("bob")
		for i := range 30 {
			ann.Posts(fmt.Sprint(i))
		}
		_, err := ann.TriesToPost(chat.Lobby, "more", "more")
		ann.Fails(err, chat.RateLimited)
		if e := chat.Refusal(err); e.Final() || e.RetryAfter <= 0 || e.RetryAfter > 100*time.Millisecond {
			w.T.Errorf("refused %+v; want to be told to come back within 100 ms", e)
		}
		bob.Posts("I am not limited")
		w.Passes(100 * time.Millisecond)
		if r, err := ann.TriesToPost(chat.Lobby, "more", "more"); err != nil || r.Dup {
			w.T.Errorf("after the wait: %+v, %v", r, err)
		}
	})
}

func TestRoomIsChecked(t *testing.T) {
	chattest.Tell(t, oneSetup, func(w *chattest.World) {
		ann, bob := w.As("ann"), w.As("bob")
		for room, code := range map[chat.NewRoom]chat.Code{
			{Name: ""}:                       chat.BadRequest,
			{Name: "Ops"}:                    chat.BadRequest,
			{Name: "a/b"}:                    chat.BadRequest,
			{Name: "ä"}:                      chat.BadRequest,
			{Name: strings.Repeat("a", 41)}:  chat.BadRequest,
			{Name: "a", Title: "two\nlines"}: chat.BadRequest,
			{Name: "a", Title: "\xff"}:       chat.BadRequest,
			{Name: "a", Title: strings.Repeat("long ", 41)}: chat.TooLarge,
			{Name: "lobby"}: chat.Conflict,
		} {
			_, err := w.Server.CreateRoom(w.T.Context(), ann.Actor, room)
			ann.Fails(err, code)
		}
		w.Passes(time.Hour) // rooms are limited to 20 an hour
		for i := range 20 {
			ann.Opens(fmt.Sprint("room-", i))
		}
		_, err := w.Server.CreateRoom(w.T.Context(), ann.Actor, chat.NewRoom{Name: "one-more"})
		ann.Fails(err, chat.RateLimited)
		bob.Opens("one-more")
		_, err = w.Server.CreateRoom(w.T.Context(), bob.Actor, chat.NewRoom{Name: "room-0"})
		bob.Fails(err, chat.Conflict)
		ann.Fails(w.Server.Leave(w.T.Context(), ann.Actor, chat.Lobby), chat.Forbidden)
		ann.Joins(chat.Lobby).Joins("room-0").Leaves("one-more") // so already: fine
		if e := chat.Refusal(w.Server.Join(w.T.Context(), ann.Actor, "nowhere")); e.Code != chat.NotFound {
			w.T.Error(e)
		}
	})
}

// A title that is not given is the name; one that is given is shown.
func TestRoomTitle(t *testing.T) {
	chattest.Tell(t, oneSetup, func(w *chattest.World) {
		ann := w.As("ann").Opens("ops")
		if _, err := w.Server.CreateRoom(w.T.Context(), ann.Actor, chat.NewRoom{Name: "n", Title: "News & more"}); err != nil {
			w.T.Fatal(err)
		}
		for name, title := range map[string]string{"lobby": "Lobby", "ops": "ops", "n": "News & more"} {
			if room, err := w.Server.Room(w.T.Context(), ann.Actor, name); err != nil || room.Title != title || !room.Joined {
				w.T.Errorf("%s is %+v, %v; want %q", name, room, err, title)
			}
		}
	})
}
