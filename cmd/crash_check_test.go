package cmd_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"time"

	"chatd/chat/client"
)

// promise is one of those that a crash must not break.
type promise string

const (
	ackedIsKept   promise = "acknowledged, so present with the same id"
	seenIsKept    promise = "seen, so present and identical"
	onlyOnce      promise = "never twice"
	nothingMadeUp promise = "nothing that nobody said"
	oneOrder      promise = "one order for everyone, nothing skipped, nothing repeated"
	sendersOrder  promise = "what one person says stays in order"
	realTime      promise = "what was acknowledged comes before what is said later"
	decidedAtLast promise = "every post is acknowledged in the end"
	oneHistory    promise = "both ways of paging agree"
	oneEpoch      promise = "a crash is no new epoch"
)

// violation is a promise that was broken, and how.
type violation struct {
	promise promise
	how     string
}

func (v violation) String() string { return fmt.Sprintf("%s: %s", v.promise, v.how) }

// trial judges what the writers wrote down by the history that the server has in the end.
type trial struct {
	writers []*writer
	rooms   []string
	history map[string][]client.Event // by room, oldest first
	place   map[string]int            // by message id: where in its room's history
	at      map[string]client.Event   // by message id

	violations []violation
}

func (tr *trial) broken(p promise, format string, a ...any) {
	tr.violations = append(tr.violations, violation{p, fmt.Sprintf(format, a...)})
}

// judge reads the history and checks every promise.
func judge(ctx context.Context, reader *client.Client, writers []*writer, rooms []string) (*trial, error) {
	tr := &trial{writers: writers, rooms: rooms, history: map[string][]client.Event{}}
	for _, room := range rooms {
		if err := tr.read(ctx, reader, room); err != nil {
			return nil, err
		}
	}
	tr.check()
	return tr, nil
}

// check holds the writers' records against the history.
func (tr *trial) check() {
	tr.place, tr.at = map[string]int{}, map[string]client.Event{}
	for _, room := range tr.rooms {
		for i, e := range tr.history[room] {
			if _, twice := tr.at[e.ID]; twice {
				tr.broken(onlyOnce, "the id %s stands in the history twice", e.ID)
			}
			tr.place[e.ID], tr.at[e.ID] = i, e
		}
	}
	tr.checkOnce()
	posts := map[string]*sent{}
	for _, w := range tr.writers {
		for _, s := range w.posts {
			posts[w.id+" "+s.cid] = s
		}
		tr.checkPosts(w)
		tr.checkSeen(w)
	}
	for _, room := range tr.rooms {
		tr.checkMadeUp(room, posts)
		tr.checkRealTime(room, posts)
	}
	tr.checkAcrossRooms()
}

// read pages through a room from the newest to the oldest message, and then back.
func (tr *trial) read(ctx context.Context, reader *client.Client, room string) error {
	const limit = 97 // no divisor of anything
	var back []client.Event
	for q := (client.PageQuery{Limit: limit}); ; {
		page, err := reader.Page(ctx, room, q)
		if err != nil {
			return err
		}
		back = append(slices.Clone(page.Messages), back...)
		if !page.HasOlder {
			break
		}
		q.Before = page.Messages[0].ID
	}
	if len(back) == 0 {
		return nil
	}
	forth := back[:1:1]
	for more := true; more; {
		page, err := reader.Page(ctx, room, client.PageQuery{After: forth[len(forth)-1].ID, Limit: limit})
		if err != nil {
			return err
		}
		forth = append(forth, page.Messages...)
		more = page.HasNewer
	}
	if !slices.EqualFunc(back, forth, same) {
		tr.broken(oneHistory, "%s has %d messages read backwards and %d read forwards, or they differ", room, len(back), len(forth))
	}
	tr.history[room] = back
	return nil
}

// checkOnce looks for a (author, cid) that stands in the history twice, in whatever rooms.
func (tr *trial) checkOnce() {
	first := map[string]string{}
	for _, room := range tr.rooms {
		for _, e := range tr.history[room] {
			key := e.By.ID + " " + e.CID
			if id, twice := first[key]; twice {
				tr.broken(onlyOnce, "%s's cid %s is both %s and %s", e.By.Name, e.CID, id, e.ID)
			}
			first[key] = e.ID
		}
	}
}

// checkPosts compares a writer's receipts with the history, and the order of his posts.
func (tr *trial) checkPosts(w *writer) {
	last := map[string]int{}
	for _, s := range w.posts {
		if s.acked == 0 || s.err != nil {
			tr.broken(decidedAtLast, "%s's cid %s: %v", w.name, s.cid, s.err)
			continue
		}
		e, kept := tr.at[s.id]
		if !kept || e.CID != s.cid || e.By.ID != w.id || e.Room != s.room || e.Text != s.text {
			tr.broken(ackedIsKept, "%s's cid %s was acknowledged as %s in %s, where there is %q of cid %s", w.name, s.cid, s.id, s.room, e.Text, e.CID)
			continue
		}
		if before, any := last[s.room]; any && tr.place[s.id] <= before {
			tr.broken(sendersOrder, "%s's cid %s stands at %d of %s, what he said before at %d", w.name, s.cid, tr.place[s.id], s.room, before)
		}
		last[s.room] = tr.place[s.id]
	}
}

// checkSeen compares what a writer saw with the history: from the first message that he
// saw of a room, he must have seen every one, in order, once, to the end.
func (tr *trial) checkSeen(w *writer) {
	next := map[string]int{}
	for _, e := range w.seen {
		kept, known := tr.at[e.ID]
		if !known || !same(e, kept) {
			tr.broken(seenIsKept, "%s saw %s, kept is %s", w.name, e.Raw, kept.Raw)
			continue
		}
		place := tr.place[e.ID]
		if want, any := next[e.Room]; any && place != want {
			tr.broken(oneOrder, "%s saw number %d of %s where number %d comes next", w.name, place, e.Room, want)
		}
		next[e.Room] = place + 1
	}
	for _, room := range tr.rooms {
		if next[room] != len(tr.history[room]) {
			tr.broken(oneOrder, "%s saw %s up to number %d of %d", w.name, room, next[room], len(tr.history[room]))
		}
	}
	for _, r := range w.resets {
		tr.broken(oneEpoch, "%s was reset %s", w.name, r)
	}
}

// checkMadeUp looks for messages in the history that nobody sent.
func (tr *trial) checkMadeUp(room string, posts map[string]*sent) {
	for _, e := range tr.history[room] {
		s := posts[e.By.ID+" "+e.CID]
		if e.Text != theEnd && (s == nil || s.text != e.Text || s.room != room) {
			tr.broken(nothingMadeUp, "%s in %s", e.Raw, room)
		}
	}
}

// checkRealTime looks for a message that was acknowledged before another one was even
// sent and yet stands behind it.
func (tr *trial) checkRealTime(room string, posts map[string]*sent) {
	const never = time.Duration(1<<63 - 1)
	earliest := never // ack of anything that stands further down
	for _, e := range slices.Backward(tr.history[room]) {
		s := posts[e.By.ID+" "+e.CID]
		if s == nil || s.acked == 0 {
			continue
		}
		if earliest < s.invoked {
			tr.broken(realTime, "%s was sent at %v, after something behind it was acknowledged at %v", e.ID, s.invoked, earliest)
		}
		earliest = min(earliest, s.acked)
	}
}

// checkAcrossRooms compares the writers with one another: what two of them saw, in
// whatever rooms, they saw in the same order.
func (tr *trial) checkAcrossRooms() {
	witness := slices.MaxFunc(tr.writers, func(a, b *writer) int { return len(a.seen) - len(b.seen) })
	place := map[string]int{}
	for i, e := range witness.seen {
		place[e.ID] = i
	}
	for _, w := range tr.writers {
		last := -1
		for _, e := range w.seen {
			i, both := place[e.ID]
			if both && i <= last {
				tr.broken(oneOrder, "%s saw %s of %s earlier than %s did", w.name, e.ID, e.Room, witness.name)
			}
			last = max(last, i)
		}
	}
}

// same reports whether two objects say the same, in whatever order of fields.
func same(a, b client.Event) bool {
	if bytes.Equal(a.Raw, b.Raw) {
		return true
	}
	var x, y any
	return json.Unmarshal(a.Raw, &x) == nil && json.Unmarshal(b.Raw, &y) == nil && reflect.DeepEqual(x, y)
}
