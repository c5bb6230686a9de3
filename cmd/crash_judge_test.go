package cmd_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	"chatd/chat/client"
)

// TestTheJudge breaks each promise once, by hand: whoever judges the crash test must see it.
func TestTheJudge(t *testing.T) {
	type records struct {
		history map[string][]client.Event
		ana, ed *writer
	}
	move := func(list []client.Event, from, to int) {
		list[from], list[to] = list[to], list[from]
	}
	for want, tamper := range map[promise]func(*records){
		"":            func(*records) {},
		ackedIsKept:   func(r *records) { r.ana.posts[0].id = "99" },
		seenIsKept:    func(r *records) { r.ed.seen[0] = said("99", "ana", "c9", "x", "lobby") },
		onlyOnce:      func(r *records) { r.history["ops"][0] = said("4", "ana", "c0", "text 0", "ops") },
		nothingMadeUp: func(r *records) { r.history["lobby"][2] = said("3", "ana", "c2", "another text", "lobby") },
		oneOrder:      func(r *records) { move(r.ed.seen, 1, 2) },
		sendersOrder:  func(r *records) { r.ana.posts[0], r.ana.posts[1] = r.ana.posts[1], r.ana.posts[0] },
		realTime:      func(r *records) { r.ana.posts[0].invoked = time.Hour },
		decidedAtLast: func(r *records) { r.ana.posts[0].err = errors.New("banned") },
		oneEpoch:      func(r *records) { r.ed.resets = []string{"to 1, new epoch: true"} },
	} {
		r := &records{history: map[string][]client.Event{}, ana: &writer{name: "ana", id: "ana"}, ed: &writer{name: "ed", id: "ed"}}
		for i, room := range []string{"lobby", "lobby", "lobby", "ops"} {
			e := said(fmt.Sprint(i+1), "ana", fmt.Sprint("c", i), fmt.Sprint("text ", i), room)
			r.history[room] = append(r.history[room], e)
			r.ana.posts = append(r.ana.posts, &sent{room: room, cid: e.CID, text: e.Text, id: e.ID, invoked: time.Duration(2 * i), acked: time.Duration(2*i + 1)})
			r.ana.seen, r.ed.seen = append(r.ana.seen, e), append(r.ed.seen, e)
		}
		tamper(r)
		tr := &trial{writers: []*writer{r.ana, r.ed}, rooms: []string{"lobby", "ops"}, history: r.history}
		tr.check()
		noticed := want == "" && len(tr.violations) == 0
		for _, v := range tr.violations {
			noticed = noticed || v.promise == want
		}
		if !noticed {
			t.Errorf("broken: %q; the judge said %v", want, tr.violations)
		}
	}
}

// TestTheJudgeComparesRooms lets two people see the same messages of two rooms, each in
// order, but not in the same order.
func TestTheJudgeComparesRooms(t *testing.T) {
	a, b := said("1", "x", "c1", theEnd, "lobby"), said("2", "x", "c2", theEnd, "ops")
	tr := &trial{
		writers: []*writer{{name: "ana", seen: []client.Event{a, b}}, {name: "ed", seen: []client.Event{b, a}}},
		rooms:   []string{"lobby", "ops"}, history: map[string][]client.Event{"lobby": {a}, "ops": {b}},
	}
	if tr.check(); len(tr.violations) != 1 || tr.violations[0].promise != oneOrder {
		t.Errorf("the judge said %v", tr.violations)
	}
}

// said is a message as the server would send it.
func said(id, by, cid, text, room string) client.Event {
	e := client.Event{Kind: client.KindPosted, ID: id, Room: room, By: client.Person{ID: by, Name: by}, CID: cid, Text: text}
	e.Raw, _ = json.Marshal(map[string]string{"id": id, "by": by, "cid": cid, "text": text, "room": room})
	return e
}
