package chat_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"chatd/chat"
	"chatd/chat/chattest"
)

const day = 24 * time.Hour

func TestSecretsThatAreNone(t *testing.T) {
	chattest.Tell(t, map[string]chattest.Setup{"": {}}, func(w *chattest.World) {
		ann := w.As("ann")
		bot, err := w.Auth.MakeToken(w.T.Context(), chat.Name{Text: "bot", Keys: []string{"bot"}}, w.Now())
		if err != nil {
			w.T.Fatal(err)
		}
		s := ann.Secret
		for _, secret := range []chat.Secret{"", "x", "' OR 1=1 --", "\x00", chat.Secret(strings.Repeat("A", 43)), chat.Secret(strings.Repeat("A", 10<<10)),
			s[1:], s + "A", s + "=", " " + s, chat.Secret(strings.ToLower(string(s))), "é" + s[2:], bot} {
			_, _, err := w.Server.Session(w.T.Context(), secret)
			ann.Fails(err, chat.SignedOut)
		}
		for _, secret := range []chat.Secret{"", "x", chat.Secret(strings.Repeat("A", 43)), chat.Secret(strings.Repeat("A", 10<<10)), s} {
			_, err := w.Server.EnterBot(w.T.Context(), secret)
			ann.Fails(err, chat.SignedOut)
		}
		ann.Enters()
	})
}

// A session that is not used for 30 days ends; one that is used lives, and its
// cookie is renewed once a day at most; after 180 days it ends all the same.
func TestSessionsEnd(t *testing.T) {
	chattest.Tell(t, map[string]chattest.Setup{"": {}}, func(w *chattest.World) {
		idle, used := w.As("idle"), w.As("used")
		use := func(want bool) {
			w.T.Helper()
			_, renewed, err := w.Server.Session(w.T.Context(), used.Secret)
			if err != nil || renewed != want {
				w.T.Fatalf("renewed is %v, %v; want %v", renewed, err, want)
			}
		}
		use(false)
		w.Passes(23 * time.Hour)
		use(false)
		w.Passes(2 * time.Hour)
		use(true)
		use(false)
		w.Passes(chat.SessionIdle - 2*day)
		use(true)
		idle.Enters() // just in time; from here on it is idle
		w.Passes(chat.SessionIdle - day)
		use(true)
		w.Jumps(2 * day)
		use(true)
		idle.Fails(idle.TriesToEnter(), chat.SignedOut)
		for range 5 { // 60 days so far
			w.Passes(20 * day)
			use(true)
			w.Restarts()
		}
		w.Jumps(18 * day)
		use(true)
		w.Jumps(3 * day)
		used.Fails(used.TriesToEnter(), chat.SignedOut)
		if n := chat.Sessions(w.Auth); n != 1 {
			w.T.Fatalf("%d sessions are kept, want the used one until the janitor comes", n)
		}
		w.Passes(2 * time.Minute)
		if n := chat.Sessions(w.Auth); n != 0 {
			w.T.Errorf("%d sessions are kept that have ended", n)
		}
	})
}

func TestSessionSurvivesRestart(t *testing.T) {
	tell(t, func(w *chattest.World) {
		ann := w.As("ann")
		id := ann.Actor.ID
		w.Restarts()
		if ann.Enters(); ann.Actor.ID != id || ann.Actor.Name != "ann" {
			w.T.Errorf("after a restart she is %+v", ann.Actor)
		}
		ann.SignsOut()
		w.Restarts()
		ann.Fails(ann.TriesToEnter(), chat.SignedOut)
	})
}

// A bot is whoever has its token. Its name is its own from the moment the token
// is made, by another process while the server runs, and never lapses.
func TestBots(t *testing.T) {
	chattest.Tell(t, realNames(), func(w *chattest.World) {
		ctx := w.T.Context()
		name, err := parseNickname("deploy")
		if err != nil {
			w.T.Fatal(err)
		}
		token, err := w.Auth.MakeToken(ctx, name, w.Now())
		if err != nil {
			w.T.Fatal(err)
		}
		ann := w.As("anna")
		ann.Fails(signIn(w, "Deploy"), chat.NameInUse)
		bot, err := w.Server.EnterBot(ctx, token)
		if err != nil || !bot.Bot || bot.Name != "deploy" {
			w.T.Fatalf("the bot is %+v, %v", bot, err)
		}
		if _, err := w.Server.Post(ctx, bot, chat.Post{Room: chat.Lobby, Text: "done"}); err != nil {
			w.T.Fatal(err)
		}
		ann.Reads(chat.Lobby, "deploy: done")

		// A second token is the same bot; one for a name that looks like it is refused.
		second, err := w.Auth.MakeToken(ctx, name, w.Now())
		if err != nil || second == token {
			w.T.Fatal("a second token: ", err)
		}
		if same, err := w.Server.EnterBot(ctx, second); err != nil || same.ID != bot.ID {
			w.T.Errorf("with its second token the bot is %+v, %v", same, err)
		}
		alike, err := parseNickname("DEPLOY")
		if err != nil {
			w.T.Fatal(err)
		}
		_, err = w.Auth.MakeToken(ctx, alike, w.Now())
		ann.Fails(err, chat.NameInUse)

		w.Passes(40 * day)
		ann.Fails(signIn(w, "deploy"), chat.NameInUse)
		if again, err := w.Server.EnterBot(ctx, token); err != nil || again != bot {
			w.T.Errorf("after 40 days the bot is %+v, %v", again, err)
		}
		entries, err := w.Store.Entries(ctx, 0, 1000)
		if err != nil {
			w.T.Fatal(err)
		}
		for _, e := range entries {
			if e.Kind == chat.NameLapsed && strings.Contains(string(e.Body), fmt.Sprintf(`"holder":%d,`, bot.ID)) {
				w.T.Error("its name lapsed and was taken again")
			}
		}
	})
}

// A token for a name that a person has waits until the name is free.
func TestBotWaitsForItsName(t *testing.T) {
	chattest.Tell(t, realNames(), func(w *chattest.World) {
		ann := w.As("anna")
		name, _ := parseNickname("anna")
		token, err := w.Auth.MakeToken(w.T.Context(), name, w.Now())
		if err != nil {
			w.T.Fatal(err)
		}
		_, err = w.Server.EnterBot(w.T.Context(), token)
		ann.Fails(err, chat.NameInUse)
		ann.Enters().SignsOut()
		if bot, err := w.Server.EnterBot(w.T.Context(), token); err != nil || bot.ID == ann.Actor.ID {
			w.T.Errorf("the bot is %+v, %v", bot, err)
		}
	})
}

func TestTokenMadeByAnotherProcess(t *testing.T) {
	dir := t.TempDir()
	store, err := chat.OpenAuth(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	other, err := chat.OpenAuth(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	for _, auth := range []*chat.Auth{store, other, store} {
		if _, err := auth.MakeToken(t.Context(), chat.Name{Text: "bot", Keys: []string{"bot"}}, time.Now()); err != nil {
			t.Fatal(err)
		}
	}
}
