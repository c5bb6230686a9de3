package chat_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"chatd/chat"
	"chatd/chat/chattest"
	"chatd/chat/nickname"
)

// realNames are two setups, one a log, with the rules for nicknames that chatd has.
func realNames() map[string]chattest.Setup {
	all := everySetup()
	setups := map[string]chattest.Setup{"Local": all["Local"], "Async": all["Async"]}
	for name, setup := range setups {
		setup.Nickname = parseNickname
		setups[name] = setup
	}
	return setups
}

func parseNickname(typed string) (chat.Name, error) {
	name, err := nickname.Parse(typed)
	var bad *nickname.Error
	if errors.As(err, &bad) {
		return chat.Name{}, chat.Refuse(chat.BadRequest, "%s", bad.Text)
	}
	return chat.Name(name), err
}

// signIn signs somebody new in and says how that went.
func signIn(w *chattest.World, name string) error {
	_, err := w.Server.SignIn(w.T.Context(), nil, name)
	return err
}

func TestNameInUse(t *testing.T) {
	chattest.Tell(t, realNames(), func(w *chattest.World) {
		ann := w.As("anna")
		for _, alike := range []string{"anna", "Anna", " ANNA ", "аnna" /* Cyrillic а, then Latin: no name at all */, "ａｎｎａ"} {
			err := signIn(w, alike)
			if code := chat.Refusal(err).Code; err == nil || code != chat.NameInUse && code != chat.BadRequest {
				w.T.Errorf("%q: %v", alike, err)
			}
		}
		w.As("coco")
		w.As("paul")
		for _, alike := range []string{"сосо" /* all Cyrillic */, "C0C0", "pauI" /* a capital i */} {
			ann.Fails(signIn(w, alike), chat.NameInUse)
		}
		if err := signIn(w, "anne"); err != nil {
			w.T.Errorf("another name: %v", err)
		}
		if id := ann.Actor.ID; ann.Enters().Actor.ID != id {
			w.T.Error("coming back makes another person of anna")
		}
	})
}

func TestNameTakenByManyAtOnce(t *testing.T) {
	for _, async := range []bool{false, true} {
		c := newCrowd(t, crowdOptions{async: async})
		var got atomic.Int32
		var wg sync.WaitGroup
		for range 20 {
			wg.Go(func() {
				_, err := c.server.SignIn(t.Context(), nil, "highlander")
				if err == nil {
					got.Add(1)
				} else if chat.Refusal(err).Code != chat.NameInUse {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if got.Load() != 1 {
			t.Errorf("%d people have the name", got.Load())
		}
	}
}

// hasty is a log whose caller goes away as soon as the log has what he wants.
type hasty struct {
	chat.Log
	leave context.CancelFunc // nil: he stays
}

func (h *hasty) Append(ctx context.Context, e chat.Event, done func(chat.Receipt, error)) error {
	err := h.Log.Append(ctx, e, done)
	if h.leave != nil {
		h.leave()
	}
	return err
}

// A browser that goes away while it signs in (somebody clicks twice) leaves no name behind that is nobody's.
func TestNameOfWhoWentAwayIsFree(t *testing.T) {
	for _, async := range []bool{false, true} {
		var log *hasty
		c := newCrowd(t, crowdOptions{async: async, wrap: func(l chat.Log) chat.Log { log = &hasty{Log: l}; return log }})
		ctx, cancel := context.WithCancel(t.Context())
		log.leave = cancel
		if _, err := c.server.SignIn(ctx, nil, "anna"); err == nil {
			t.Fatal("she came in and is gone")
		}
		log.leave = nil
		if _, err := c.server.SignIn(t.Context(), nil, "anna"); err != nil {
			t.Errorf("async %v: she clicks again: %v", async, err)
		}
	}
}

func TestNameIsFreeAfterSigningOut(t *testing.T) {
	chattest.Tell(t, realNames(), func(w *chattest.World) {
		ann := w.As("anna").Posts("I am anna")
		session, _, err := w.Server.Session(w.T.Context(), ann.Secret)
		if err != nil {
			w.T.Fatal(err)
		}
		// In another browser she is the same person with a second session.
		second, err := w.Server.SignIn(w.T.Context(), &session, "anna")
		if err != nil {
			w.T.Fatal(err)
		}
		if _, _, err := w.Server.Session(w.T.Context(), ann.Secret); err == nil {
			w.T.Error("the session that was replaced lives on")
		}
		ann.Secret = second
		ann.SignsOut()
		ann.Fails(ann.TriesToEnter(), chat.SignedOut)
		bob := w.As("bob")
		if err := bob.SignsInAs("Anna"); err != nil {
			w.T.Errorf("the name that was given back: %v", err)
		}
		// What she said stays hers, under the name she last had.
		bob.Posts("now I am").Reads(chat.Lobby, "anna: I am anna", "Anna: now I am")
	})
}

// A name is its holder's until 24 hours after he was last seen.
func TestNameLapses(t *testing.T) {
	chattest.Tell(t, realNames(), func(w *chattest.World) {
		ann := w.As("anna")
		w.Passes(chat.NameLapse - 10*time.Minute)
		if err := signIn(w, "anna"); err == nil {
			w.T.Fatal("the name was free too early")
		}
		w.Passes(20 * time.Minute)
		if err := signIn(w, "anna"); err != nil {
			w.T.Fatalf("a day later: %v", err)
		}
		id := ann.Actor.ID
		ann.Fails(ann.TriesToEnter(), chat.NameInUse)
		// She is still known, chooses another name, and is who she was.
		if err := ann.SignsInAs("anna2"); err != nil {
			w.T.Fatal(err)
		}
		if ann.Actor.ID != id || ann.Actor.Name != "anna2" {
			w.T.Errorf("she is %+v, and was %v", ann.Actor, id)
		}
	})
}

func TestNameIsTakenAgainOnReturn(t *testing.T) {
	chattest.Tell(t, realNames(), func(w *chattest.World) {
		ann := w.As("anna")
		id := ann.Actor.ID
		w.Passes(3 * 24 * time.Hour)
		w.RestartsAfter(2 * 24 * time.Hour)
		w.Passes(3 * time.Minute)
		ann.Enters()
		if ann.Actor.ID != id || ann.Actor.Name != "anna" {
			w.T.Errorf("she is %+v, and was %v", ann.Actor, id)
		}
		if err := signIn(w, "anna"); err == nil {
			w.T.Error("her name went to another although she is back")
		}
	})
}

// Being here keeps a name: by coming now and then, or by an open stream, over a restart too.
func TestNameIsKept(t *testing.T) {
	chattest.Tell(t, realNames(), func(w *chattest.World) {
		comes, listens := w.As("comes"), w.As("listens").Listens()
		for range 6 {
			w.Passes(11 * time.Hour)
			comes.Enters()
		}
		for _, name := range []string{"comes", "listens"} {
			if err := signIn(w, name); err == nil {
				w.T.Errorf("the name of who %s was free", name)
			}
		}
		w.Restarts()
		w.Passes(chat.NameLapse - time.Hour) // both were seen just before
		for _, name := range []string{"comes", "listens"} {
			if err := signIn(w, name); err == nil {
				w.T.Errorf("after a restart the name of who %s was free", name)
			}
		}
		w.Passes(2 * time.Hour)
		for _, name := range []string{"comes", "listens"} {
			if err := signIn(w, name); err != nil {
				w.T.Errorf("a day later the name of who %s: %v", name, err)
			}
		}
		listens.Hangs()
	})
}

// A lapse says what was known when it was appended; if the holder came back
// before it got its place, it is void.
func TestLapseIsVoidIfTheHolderCameBack(t *testing.T) {
	chattest.Tell(t, realNames(), func(w *chattest.World) {
		ann := w.As("anna")
		before := w.Now()
		w.Passes(13 * time.Hour)
		ann.Enters() // the log hears of it
		late := chat.Entry{Seq: w.Store.Applied() + 1, Event: chat.Event{Kind: chat.NameLapsed, CID: "late", At: w.Now().Add(24 * time.Hour),
			Body: fmt.Appendf(nil, `{"holder":%d,"seen_through":%d}`, ann.Actor.ID, before.Add(time.Hour).UnixMilli())}}
		verdicts, err := w.Store.Apply(w.T.Context(), []chat.Entry{late})
		if err != nil || verdicts[0].Refused == nil {
			w.T.Fatalf("the late lapse: %+v, %v; want it void", verdicts, err)
		}
		w.Restarts() // the log goes on behind what was slipped in
		if err := signIn(w, "anna"); err == nil {
			w.T.Error("her name was free")
		}
	})
}

func TestChangedNameIsFree(t *testing.T) {
	chattest.Tell(t, realNames(), func(w *chattest.World) {
		ann := w.As("anna").Listens().Posts("hi").Sees("anna: hi")
		if err := ann.SignsInAs("beate"); err != nil {
			w.T.Fatal(err)
		}
		ann.Posts("it is me").Sees("beate: it is me")
		if err := signIn(w, "anna"); err != nil {
			w.T.Errorf("the old name: %v", err)
		}
		ann.Fails(ann.SignsInAs("ANNA"), chat.NameInUse)
		ann.Enters().Reads(chat.Lobby, "beate: hi", "beate: it is me")
	})
}
