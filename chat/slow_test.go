package chat_test

import (
	"context"
	"testing"
	"time"

	"chatd/chat"
	"chatd/chat/chattest"
)

// In a slow room everybody waits from one message to the next, but moderators do not; a message that was
// refused is taken once its time has come, and one that stands is answered as ever when it is sent again.
func TestSlowRoom(t *testing.T) {
	chattest.Tell(t, realNames(), func(w *chattest.World) {
		ctx := context.Background()
		ann := host(w, "anna")
		mia, ben, cat := moderator(w, ann, "miaa"), w.As("benn").Listens(), w.As("cato")
		slow := func(p *chattest.Person, room string, pace time.Duration) error {
			return w.Server.Slow(ctx, p.Actor, room, pace)
		}
		ben.Fails(slow(ben, chat.Lobby, time.Minute), chat.Forbidden)
		mia.Fails(slow(mia, chat.Lobby, -time.Second), chat.BadRequest)
		mia.Fails(slow(mia, chat.Lobby, time.Millisecond), chat.BadRequest)
		mia.Fails(slow(mia, chat.Lobby, chat.MaxSlow+time.Second), chat.BadRequest)
		if err := slow(mia, chat.Lobby, time.Minute); err != nil {
			w.T.Fatal(err)
		}
		if err := slow(mia, chat.Lobby, time.Minute); err != nil {
			w.T.Errorf("slow already: %v", err)
		}
		ben.Sees("miaa room.slowed")
		mia.Posts("mind", "the", "pace")
		one, err := ben.TriesToPost(chat.Lobby, "b1", "one")
		if err != nil {
			w.T.Fatal(err)
		}
		cat.Posts("me too") // each for himself
		w.Passes(20 * time.Second)
		refused := func() time.Duration {
			_, err := w.Server.Post(ctx, ben.Actor, chat.Post{Room: chat.Lobby, CID: "b2", Text: "two", Reply: one.Seq})
			ben.Fails(err, chat.RateLimited)
			return chat.Refusal(err).RetryAfter
		}
		if wait := refused(); wait > 40*time.Second || wait < 39*time.Second {
			w.T.Errorf("20 s after the first he is to wait %v", wait)
		}
		w.Restarts()
		wait := refused() // a restart is no way round it
		if again, err := ben.TriesToPost(chat.Lobby, "b1", "one"); err != nil || !again.Dup {
			w.T.Errorf("what stands, sent again: %+v, %v", again, err)
		}
		ben.Opens("ops").PostsIn("ops", "another room", "has its own pace")
		w.Passes(wait)
		if _, err := ben.TriesToPost(chat.Lobby, "b2", "two"); err != nil {
			w.T.Errorf("after the time that was said: %v", err)
		}
		// what was refused is no answer to anything
		ben.Reads(chat.Lobby, "miaa: mind", "miaa: the", "miaa: pace", "benn: one", "cato: me too", "benn: two")
		if room, err := w.Server.Room(ctx, ben.Actor, chat.Lobby); err != nil || room.Slow != time.Minute {
			w.T.Errorf("the room is %+v, %v", room, err)
		}
		if err := slow(ann, chat.Lobby, 0); err != nil {
			w.T.Fatal(err)
		}
		ben.Posts("as", "I", "like")
		ben.Reads(chat.Lobby, "miaa: mind", "miaa: the", "miaa: pace", "benn: one", "cato: me too", "benn: two", "benn: as", "benn: I", "benn: like")
		if got := audited(w, ann); got != "miaa room.slowed lobby, anna room.slowed lobby" {
			w.T.Errorf("the audit: %s", got)
		}
	})
}
