package chat_test

import (
	"context"
	"slices"
	"testing"

	"chatd/chat"
	"chatd/chat/chattest"
)

// What is reported waits for the moderators, who alone are told and read it, also where they are not in the room; a deleted message
// is reported without its text.
func TestReports(t *testing.T) {
	chattest.Tell(t, realNames(), func(w *chattest.World) {
		ctx := context.Background()
		ann, ben, cat := host(w, "anna").Listens(), w.As("benn"), w.As("cato").Listens()
		ben.OpensPrivate("board").Invites("board", cat)
		rude, secret := ben.Says(chat.Lobby, "rude"), ben.Says("board", "rude too")
		ann.Hears() // signals come to those who are live
		cat.Hears()
		report := func(p *chattest.Person, m chat.Target) error {
			return w.Server.Report(ctx, p.Actor, m.Room, m.Message, "why")
		}
		ben.Fails(report(ben, rude), chat.BadRequest)
		ann.Fails(report(ann, secret), chat.NotFound)
		cat.Fails(report(cat, chat.Target{Room: chat.Lobby, Message: secret.Message}), chat.NotFound)
		for _, m := range []chat.Target{rude, secret, secret} {
			if err := report(cat, m); err != nil {
				w.T.Fatal(err)
			}
		}
		ann.Hears()
		cat.Hears()
		if told := ann.ToldInPassing(); !slices.Contains(told, "2 reports") {
			w.T.Errorf("the host is told %q", told)
		}
		if told := cat.ToldInPassing(); slices.Contains(told, "2 reports") {
			w.T.Error("a guest is told")
		}
		if _, err := ben.Deletes(rude); err != nil {
			w.T.Fatal(err)
		}
		w.Restarts()
		_, err := w.Server.Reports(ctx, cat.Actor)
		cat.Fails(err, chat.Forbidden)
		reports, err := w.Server.Reports(ctx, ann.Actor)
		if err != nil || len(reports) != 2 {
			w.T.Fatal(reports, err)
		}
		if r := reports[0]; r.Room != chat.Lobby || r.Text != "" || !r.Deleted || r.By.Name != "cato" || r.Author.Name != "benn" || r.Reason != "why" {
			w.T.Errorf("the first is %+v", r)
		}
		if r := reports[1]; r.Room != "" || r.Text != "rude too" {
			w.T.Errorf("the second is %+v", r)
		}
		ben.Fails(w.Server.CloseReport(ctx, ben.Actor, reports[0].ID), chat.Forbidden)
		for range 2 {
			if err := w.Server.CloseReport(ctx, ann.Actor, reports[0].ID); err != nil {
				w.T.Fatal(err)
			}
		}
		if n, err := w.Server.OpenReports(ctx, ann.Actor); n != 1 || err != nil {
			w.T.Errorf("%d wait, %v", n, err)
		}
	})
}
