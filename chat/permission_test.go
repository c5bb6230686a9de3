package chat_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"chatd/chat"
	"chatd/chat/chattest"
)

// moderator gives somebody a password and the role.
func moderator(w *chattest.World, host *chattest.Person, name string) *chattest.Person {
	w.T.Helper()
	p := w.As(name)
	claims(w, p)
	if err := w.Server.SetRole(context.Background(), host.Actor, p.Actor.ID, chat.RoleModerator); err != nil {
		w.T.Fatal(err)
	}
	return p.Enters()
}

// audited is what somebody reads of who did what in rooms, oldest first.
func audited(w *chattest.World, p *chattest.Person) string {
	w.T.Helper()
	acts, _, err := w.Server.Audit(context.Background(), p.Actor, 0)
	if err != nil {
		w.T.Fatal(err)
	}
	var told []string
	for _, a := range slices.Backward(acts) {
		if a.Room != "" {
			told = append(told, strings.TrimSpace(fmt.Sprint(a.By.Name, " ", a.Kind, " ", a.Room, " ", a.Target.Name)))
		}
	}
	return strings.Join(told, ", ")
}

// Moderators put people out of every room that they see, and end it; a private one where they are not is not
// there for them, and the audit does not tell of it.
func TestModeratorsInRooms(t *testing.T) {
	chattest.Tell(t, realNames(), func(w *chattest.World) {
		ctx := context.Background()
		ann := host(w, "anna")
		mia, ben, cat := moderator(w, ann, "miaa"), w.As("benn"), w.As("cato")
		ben.Opens("open")
		cat.Joins("open").Listens()
		ann.Joins("open")
		mia.Removes("open", cat)
		ben.PostsIn("open", "without cato")
		cat.Sees("open/anna joined", "open/miaa removed cato")
		mia.Fails(w.Server.Remove(ctx, mia.Actor, "open", ann.Actor.ID), chat.Forbidden) // the host
		ann.Removes("open", ben)                                                         // who made the room
		if err := w.Server.Archive(ctx, mia.Actor, "open"); err != nil {
			w.T.Error(err)
		}

		cat.OpensPrivate("board").Invites("board", ann).Invites("board", ben)
		ben.Fails(w.Server.Remove(ctx, ben.Actor, "board", ann.Actor.ID), chat.Forbidden)
		mia.Fails(w.Server.Remove(ctx, mia.Actor, "board", ben.Actor.ID), chat.NotFound)
		mia.Fails(w.Server.Archive(ctx, mia.Actor, "board"), chat.NotFound)
		cat.Removes("board", ben)
		public := "miaa member.removed open cato, anna member.removed open benn, miaa room.archived open"
		if got := audited(w, mia); got != public {
			w.T.Errorf("miaa reads: %s", got)
		}
		if got := audited(w, ann); got != public+", cato member.removed board benn" {
			w.T.Errorf("anna reads: %s", got)
		}
		cat.Removes("board", ann) // his room, whoever she is
	})
}

// Whoever is banned is cut off from private rooms and conversations as from the rest, and is nobody
// to those who would bring him in.
func TestBannedFromRooms(t *testing.T) {
	chattest.Tell(t, realNames(), func(w *chattest.World) {
		ctx := context.Background()
		ann, ben, cat := host(w, "anna"), w.As("benn"), w.As("cato")
		cat.OpensPrivate("board").Invites("board", ben)
		talk, _, err := w.Server.Direct(ctx, cat.Actor, []chat.ID{ben.Actor.ID})
		if err != nil {
			w.T.Fatal(err)
		}
		if err := w.Server.Ban(ctx, ann.Actor, ben.Actor.ID, ""); err != nil {
			w.T.Fatal(err)
		}
		for _, room := range []string{"board", talk.Name} {
			_, err := ben.TriesToPost(room, "", "still here")
			ben.Fails(err, chat.Banned)
			ben.Fails(w.Server.ChangeRoom(ctx, ben.Actor, room, chat.Change{Topic: new(string)}), chat.Banned)
			ben.Fails(w.Server.Typing(ctx, ben.Actor, room), chat.Banned)
		}
		_, _, err = w.Server.Direct(ctx, ben.Actor, []chat.ID{cat.Actor.ID})
		ben.Fails(err, chat.Banned)
		_, _, err = w.Server.Direct(ctx, ann.Actor, []chat.ID{ben.Actor.ID})
		ann.Fails(err, chat.NotFound)
		cat.Removes("board", ben)
		cat.Fails(w.Server.Invite(ctx, cat.Actor, "board", ben.Actor.ID), chat.NotFound)
		for _, room := range []string{chat.Lobby, talk.Name} {
			members, err := w.Server.Members(ctx, cat.Actor, room)
			if err != nil || slices.ContainsFunc(members, func(m chat.Member) bool { return m.ID == ben.Actor.ID }) {
				w.T.Errorf("in %s are %v, %v", room, members, err)
			}
		}
		if _, err := cat.TriesToPost(talk.Name, "", "to myself"); err != nil {
			w.T.Errorf("what was said with him is still there: %v", err)
		}
	})
}

// The log's order decides: what was asked before a ban, and comes after it, does not stand.
func TestRulesAskToo(t *testing.T) {
	store, err := chat.OpenStore(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	const ann, ben, cat = 1, 2, 3
	var entries []chat.Entry
	var want []chat.Code
	add := func(author chat.ID, kind chat.Kind, room, body string, code chat.Code) {
		n := len(entries) + 1
		entries = append(entries, chat.Entry{Seq: chat.Seq(n), Event: chat.Event{Kind: kind, Room: room, Author: author, CID: fmt.Sprint("c", n), At: time.UnixMilli(int64(n)), Body: []byte(body)}})
		want = append(want, code)
	}
	for id, name := range map[chat.ID]string{ann: "anna", ben: "benn", cat: "cato"} {
		add(id, chat.NameTaken, "", fmt.Sprintf(`{"name":%q,"keys":[%q],"new":true}`, name, name), "")
	}
	add(ann, chat.NameClaimed, "", "", "")
	add(0, chat.RoleChanged, "", `{"person":1,"role":"host"}`, "")
	add(ben, chat.RoomCreated, "ops", `{"title":"Ops","private":true}`, "")
	add(ann, chat.MemberRemoved, "ops", `{"person":2}`, chat.NotFound)
	add(ann, chat.PersonBanned, "", `{"person":2}`, "")
	add(ben, chat.MessagePosted, chat.Lobby, "hi", chat.Banned)
	add(ben, chat.MessagePosted, "ops", "hi", chat.Banned)
	add(ben, chat.MemberInvited, "ops", `{"person":3}`, chat.Banned)
	add(ben, chat.RoomCreated, "news", `{"title":"News"}`, chat.Banned)
	add(ann, chat.SwitchesChanged, "", `{"join":"anyone","rooms":"member"}`, "")
	add(cat, chat.RoomCreated, "news", `{"title":"News"}`, chat.Forbidden)
	add(cat, chat.RoomCreated, chat.DirectName([]chat.ID{ann, cat}), `{"private":true,"people":[1]}`, "")
	add(cat, chat.SwitchesChanged, "", `{"join":"nobody","rooms":"guest"}`, chat.Forbidden)
	add(ann, chat.RoomCreated, "news", `{"title":"News"}`, "")
	add(cat, chat.RoomChanged, "news", `{"title":"Mine"}`, chat.Forbidden)
	verdicts, err := store.Apply(t.Context(), entries)
	if err != nil {
		t.Fatal(err)
	}
	for i, v := range verdicts {
		var got chat.Code
		if v.Refused != nil {
			got = v.Refused.Code
		}
		if got != want[i] {
			t.Errorf("%d, %s %s by %d: %q, want %q (%v)", i+1, entries[i].Kind, entries[i].Body, entries[i].Author, got, want[i], v.Refused)
		}
	}
}
