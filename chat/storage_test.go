package chat_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"testing"

	"chatd/chat"
)

// fillDisk posts until the answer is storage_full, and returns what was acknowledged.
func fillDisk(t *testing.T, c *crowd, actor chat.Actor, text string) (acked []chat.Seq) {
	t.Helper()
	for i := range 100_000 {
		r, err := c.server.Post(t.Context(), actor, chat.Post{Room: chat.Lobby, CID: fmt.Sprint("fill-", i), Text: text})
		if err == nil {
			acked = append(acked, r.Seq)
			continue
		}
		if refusal := chat.Refusal(err); refusal.Code != chat.StorageFull || refusal.Final() || refusal.RetryAfter == 0 {
			t.Fatalf("the full disk says %v; want storage_full, and when to come back", err)
		}
		return acked
	}
	t.Fatal("the disk never got full")
	return nil
}

// fullAndBack is what must hold whatever makes the disk full: nothing is
// acknowledged that is not there, reading and streams go on, and when there is room
// everything does, without a restart.
func fullAndBack(t *testing.T, c *crowd, makeRoom func()) {
	t.Helper()
	ann := c.signIn("ann")
	feed := c.subscribe(ann, 0)
	text := strings.Repeat("x", 2000)
	acked := fillDisk(t, c, ann, text)
	failed := chat.Post{Room: chat.Lobby, CID: fmt.Sprint("fill-", len(acked)), Text: text}
	for range 3 {
		if _, err := c.server.Post(t.Context(), ann, failed); chat.Refusal(err).Code != chat.StorageFull {
			t.Errorf("still full: %v", err)
		}
	}
	if seqs, _, resets := drain(t, c, feed); len(seqs) != len(acked) || resets != 0 {
		t.Errorf("%d events were sent, %d acknowledged", len(seqs), len(acked))
	}
	if page, err := c.server.Page(t.Context(), ann, chat.Lobby, chat.PageQuery{Limit: 1}); err != nil || len(page.Messages) != 1 || page.Messages[0].Seq != acked[len(acked)-1] {
		t.Errorf("the newest page is %v, %v; want %d", page.Messages, err, acked[len(acked)-1])
	}
	if err := chat.Flush(c.server); err != nil && !errors.Is(err, chat.ErrStorageFull) {
		t.Errorf("what is not in the log on a full disk: %v", err)
	}
	if !c.server.Ready() {
		t.Error("the server has stopped")
	}
	makeRoom()
	r, err := c.server.Post(t.Context(), ann, failed)
	if err != nil || r.Dup {
		t.Fatalf("with room again: %+v, %v; want it stored now", r, err)
	}
	if seqs, _, _ := drain(t, c, feed); len(seqs) != 1 || seqs[0] != r.Seq {
		t.Errorf("sent %v, want %d", seqs, r.Seq)
	}
}

// SQLite's own bound on a file gives the error that a full disk gives, on every system.
func TestFullFile(t *testing.T) {
	c := newCrowd(t, crowdOptions{})
	bound := func(pages int) {
		if err := chat.WithWriter(c.store, func(conn *sql.Conn) error {
			_, err := conn.ExecContext(context.Background(), fmt.Sprintf("PRAGMA max_page_count = %d", pages))
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	bound(60)
	fullAndBack(t, c, func() { bound(1 << 30) })
}

// A failed batch leaves nothing behind that a later one could build on: rooms
// and names that it had made are gone.
func TestFailedBatchIsForgotten(t *testing.T) {
	store, err := chat.OpenStore(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	name := chat.Entry{Seq: 1, Event: chat.Event{Kind: chat.NameTaken, Author: 1, CID: "n", Body: []byte(`{"name":"ann","keys":["ann"]}`)}}
	room := chat.Entry{Seq: 2, Event: chat.Event{Kind: chat.RoomCreated, Room: "ops", Author: 1, CID: "r", Body: []byte(`{"title":"Ops"}`)}}
	said := chat.Entry{Seq: 3, Event: chat.Event{Kind: chat.MessagePosted, Room: "ops", Author: 1, CID: "m", Body: []byte("hi")}}
	odd := chat.Entry{Seq: 4, Event: chat.Event{Kind: "message.sung", Room: "ops", Author: 1, CID: "s"}}

	// A kind that is not known ends it, says so, and stores nothing of the batch.
	_, err = store.Apply(t.Context(), []chat.Entry{name, room, said, odd})
	if err == nil || errors.Is(err, chat.ErrStorage) || !strings.Contains(err.Error(), "message.sung") || !strings.Contains(err.Error(), "newer chatd") {
		t.Errorf("an unknown kind: %v; want a sentence that names it", err)
	}
	if store.Applied() != 0 || store.Head() != 0 {
		t.Errorf("applied %d, head %d; want nothing", store.Applied(), store.Head())
	}
	verdicts, err := store.Apply(t.Context(), []chat.Entry{{Seq: 5, Event: said.Event}})
	if err != nil || verdicts[0].Refused == nil || verdicts[0].Refused.Code != chat.NotFound {
		t.Errorf("a room that was rolled back: %+v, %v", verdicts, err)
	}
	for i, e := range []chat.Event{name.Event, room.Event, said.Event} {
		verdicts, err := store.Apply(t.Context(), []chat.Entry{{Seq: chat.Seq(6 + i), Event: e}})
		if err != nil || verdicts[0].Refused != nil || verdicts[0].Dup {
			t.Errorf("%s again: %+v, %v; want it stored", e.Kind, verdicts, err)
		}
	}
}

// What was void stays void: an entry that is delivered again is not decided
// again, although by now it would stand.
func TestVoidStaysVoid(t *testing.T) {
	store, err := chat.OpenStore(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	name := func(seq chat.Seq, author chat.ID) chat.Entry {
		return chat.Entry{Seq: seq, Event: chat.Event{Kind: chat.NameTaken, Author: author, CID: "n", Body: []byte(`{"name":"ann","keys":["ann"]}`)}}
	}
	first, second := name(1, 1), name(2, 2)
	release := chat.Entry{Seq: 3, Event: chat.Event{Kind: chat.NameReleased, Author: 1, CID: "r"}}
	for i, want := range []bool{true, false, true, false} {
		e := []chat.Entry{first, second, release, second}[i]
		verdicts, err := store.Apply(t.Context(), []chat.Entry{e})
		if err != nil || (verdicts[0].Refused == nil) != want {
			t.Errorf("entry %d, as number %d: %+v, %v; want stands %v", e.Seq, i, verdicts, err, want)
		}
	}
	if verdicts, err := store.Apply(t.Context(), []chat.Entry{name(4, 2)}); err != nil || verdicts[0].Refused != nil {
		t.Errorf("asked anew: %+v, %v; want it to stand", verdicts, err)
	}
}

// A server that meets an event of a kind it does not know stops, and says so.
func TestUnknownKindStopsTheServer(t *testing.T) {
	c := newCrowd(t, crowdOptions{})
	ann := c.signIn("ann")
	_, err := chat.Await(t.Context(), chat.LogOf(c.server), chat.Event{Kind: "message.sung", Room: chat.Lobby, Author: ann.ID, CID: "s"})
	if chat.Refusal(err).Code != chat.Unavailable {
		t.Errorf("the unknown kind was answered %v", err)
	}
	if err := <-c.ended; err == nil || errors.Is(err, chat.ErrStorage) || !strings.Contains(err.Error(), "message.sung") {
		t.Errorf("the server ended with %v; want it to name the kind", err)
	}
	c.ended <- nil
	if c.server.Ready() {
		t.Error("it says that it is ready")
	}
	if _, err := c.server.Post(t.Context(), ann, chat.Post{Room: chat.Lobby, Text: "anyone?"}); chat.Refusal(err).Code != chat.Unavailable {
		t.Errorf("a post to a server that has stopped: %v", err)
	}
}
