package chat_test

import (
	"context"
	"slices"
	"testing"

	"chatd/chat"
	"chatd/chat/chattest"
)

// Whom somebody ignores is not counted, and a conversation with him alone is in no list; it lasts, his own other
// streams hear of it, and nobody else does.
func TestIgnore(t *testing.T) {
	chattest.Tell(t, realNames(), func(w *chattest.World) {
		ctx := context.Background()
		ann, ben, cat := w.As("anna").Listens(), w.As("benn").Listens(), w.As("cato")
		talk, _, err := w.Server.Direct(ctx, ben.Actor, []chat.ID{ann.Actor.ID})
		if err != nil {
			w.T.Fatal(err)
		}
		three, _, err := w.Server.Direct(ctx, ben.Actor, []chat.ID{ann.Actor.ID, cat.Actor.ID})
		if err != nil {
			w.T.Fatal(err)
		}
		ben.Posts("psst").PostsIn(talk.Name, "psst")
		cat.Posts("hello")
		ann.Hears()
		ben.Hears()
		ann.ToldInPassing()
		ben.ToldInPassing()
		ignore := func(p *chattest.Person, id chat.ID, on bool) error { return w.Server.Ignore(ctx, p.Actor, id, on) }
		ann.Fails(ignore(ann, ann.Actor.ID, true), chat.BadRequest)
		ann.Fails(ignore(ann, 12345, true), chat.NotFound)
		for range 2 {
			if err := ignore(ann, ben.Actor.ID, true); err != nil {
				w.T.Fatal(err)
			}
		}
		if told := ann.ToldInPassing(); !slices.Contains(told, "ignoring benn") {
			w.T.Errorf("anna's streams are told %q", told)
		}
		if told := ben.ToldInPassing(); slices.ContainsFunc(told, func(s string) bool { return s == "ignoring benn" }) {
			w.T.Error("benn is told that he is ignored")
		}
		ann.KnowsRooms("lobby 1", three.Name)
		w.Restarts()
		ann.KnowsRooms("lobby 1", three.Name)
		ben.KnowsRooms("lobby 1", talk.Name, three.Name)
		if err := ignore(ann, ben.Actor.ID, false); err != nil {
			w.T.Fatal(err)
		}
		ann.KnowsRooms("lobby 2", talk.Name+" 1", three.Name)
	})
}
