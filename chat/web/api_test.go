package web_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestRooms(t *testing.T) {
	s := newServer(t)
	ana, bob := s.signIn("ana"), s.signIn("bob")
	anas, bobs := s.live(ana), s.live(bob)
	defer anas.bye()
	defer bobs.bye()
	only := s.dial("/api/stream?rooms=ops,nowhere", bob.lines()...)
	defer only.bye()
	only.until("live")
	by := func(p person) string { return fmt.Sprint(object{"id": p.id, "name": p.name}) }
	kept := func(c *socket, kind, room string, author person) object {
		t.Helper()
		for {
			e := c.next()
			if e["id"] == nil {
				continue
			}
			if e["kind"] != kind || e["room"] != room || fmt.Sprint(e["by"]) != by(author) {
				t.Errorf("instead of %s in %s came %v", kind, room, e)
			}
			return e
		}
	}

	a := s.call("POST", "/api/rooms", `{"room":"ops","title":"Operations <b>"}`, ana.lines(jsonBody)...)
	s.is("a new room", a.object(), object{"id": "*", "room": "ops", "title": "Operations <b>", "private": false})
	if created := kept(anas, "room.created", "ops", ana); created["title"] != "Operations <b>" || len(created) != 6 {
		t.Errorf("the event is %v", created)
	}
	s.call("POST", "/api/rooms", `{"room":"ops"}`, bob.lines()...).is(409, "conflict")
	s.call("POST", "/api/rooms", `{"room":"lobby"}`, bob.lines()...).is(409, "conflict")
	if a := s.call("POST", "/api/rooms", `{"room":"den","private":true}`, ana.lines()...); a.StatusCode != 201 {
		t.Errorf("a private room: %s", a.text)
	}
	kept(anas, "room.created", "den", ana)
	s.call("POST", "/api/rooms", `{"room":"den"}`, bob.lines()...).is(409, "conflict")
	s.call("POST", "/api/rooms/den/join", "", bob.lines()...).is(404, "not_found")
	s.call("GET", "/api/rooms/den/messages", "", bob.lines()...).is(404, "not_found")
	s.call("POST", "/api/rooms/den/messages", "hi", bob.lines()...).is(404, "not_found")
	if a := s.call("GET", "/r/den", "", bob.lines()...); a.StatusCode != 404 {
		t.Errorf("the page of a private room: %d", a.StatusCode)
	}

	listed := func(p person) string {
		var names []string
		for _, room := range s.call("GET", "/api/rooms", "", p.lines()...).object()["rooms"].([]any) {
			r := room.(object)
			names = append(names, fmt.Sprintf("%v:%v:%v:%v", r["room"], r["joined"], r["private"], r["unread"]))
		}
		slices.Sort(names)
		return strings.Join(names, " ")
	}
	if got := listed(bob); got != "lobby:true:false:0 ops:false:false:0" {
		t.Errorf("bob sees %s", got)
	}
	if got := listed(ana); got != "den:true:true:0 lobby:true:false:0 ops:true:false:0" {
		t.Errorf("ana sees %s", got)
	}
	s.is("joining", s.call("POST", "/api/rooms/ops/join", "", bob.lines()...).object(), object{"room": "ops", "joined": true})
	s.unchanged("joining again", func() {
		s.is("joining again", s.call("POST", "/api/rooms/ops/join", "", bob.lines()...).object(), object{"room": "ops", "joined": true})
	})
	for _, c := range []*socket{anas, bobs, only} {
		kept(c, "member.joined", "ops", bob)
	}
	first := s.post(ana, "ops", "in ops")
	s.post(ana, "lobby", "in the lobby")
	s.post(ana, "ops", "in ops again")
	if got := listed(bob); got != "lobby:true:false:1 ops:true:false:2" {
		t.Errorf("bob sees %s", got)
	}
	bobs.send(`{"do":"read","cid":"r1","room":"ops","id":"` + first + `"}`)
	bobs.send(`{"do":"ping","cid":"p1"}`)
	for range 3 { // the two others are filtered by rooms=
		bobs.until("message.posted")
	}
	bobs.answer("p1")
	if got := listed(bob); got != "lobby:true:false:1 ops:true:false:1" {
		t.Errorf("bob sees %s", got)
	}
	for range 2 {
		kept(only, "message.posted", "ops", ana)
	}
	s.is("leaving", s.call("POST", "/api/rooms/ops/leave", "", bob.lines()...).object(), object{"room": "ops", "joined": false})
	s.post(ana, "ops", "bob does not see this")
	last := s.post(ana, "lobby", "but this")
	kept(bobs, "member.left", "ops", bob)
	if e := kept(bobs, "message.posted", "lobby", ana); e["id"] != last {
		t.Errorf("bob saw %v", e)
	}
	kept(only, "member.left", "ops", bob)
	s.call("POST", "/api/rooms/lobby/leave", "", bob.lines()...).is(403, "forbidden")
	s.call("POST", "/api/rooms/nowhere/leave", "", bob.lines()...).is(404, "not_found")
}

func TestBots(t *testing.T) {
	s := newServer(t)
	ana := s.signIn("ana")
	bearer := s.bot("deploy")
	s.is("me", s.call("GET", "/api/me", "", bearer).object(), object{"id": "*", "name": "deploy", "role": "member", "bot": true, "limits": "*"})
	c := s.live(ana)
	defer c.bye()
	// as curl -d does it
	a := s.call("POST", "/api/rooms/lobby/messages", "deploy=done&x", bearer, form, "User-Agent: curl/8.5.0", "Accept: */*")
	s.is("a bot's post", a.object(), object{"id": "*", "room": "lobby", "at": "*", "dup": false})
	e := c.until("message.posted")
	if e["text"] != "deploy=done&x" || e["id"] != a.object()["id"] || e["cid"] != nil || e["by"].(object)["name"] != "deploy" {
		t.Errorf("ana sees %v", e)
	}
	key := "Idempotency-Key: build-7"
	once := s.call("POST", "/api/rooms/lobby/messages", "build 7", bearer, key).object()
	twice := s.call("POST", "/api/rooms/lobby/messages", "build 7", bearer, key).object()
	if twice["id"] != once["id"] || twice["dup"] != true || twice["at"] != once["at"] {
		t.Errorf("%v, then %v", once, twice)
	}
	if e := c.until("message.posted"); e["cid"] != "build-7" {
		t.Errorf("ana sees %v", e)
	}
	s.call("POST", "/api/rooms/lobby/messages", "build 8", bearer, key).is(409, "cid_conflict")
	if a := s.call("POST", "/api/rooms/lobby/messages", `{"text":"x","cid":"j1"}`, bearer, key, jsonBody).object(); a["dup"] != false {
		t.Errorf("the cid in the JSON counts, not the key: %v", a)
	}
	b := s.dial("/api/stream", bearer)
	defer b.bye()
	b.until("live")
	if got := b.say("w1", "lobby", "by the stream"); got["kind"] != "ack" {
		t.Errorf("%v", got)
	}
	for _, bad := range []string{"Bearer", "Bearer ", "Bearer x", "Bearer " + strings.Repeat("A", 43), "Bearer " + strings.Repeat("A", 10000), "Basic YTpi"} {
		s.call("GET", "/api/me", "", "Authorization: "+bad).is(401, "signed_out")
		s.call("GET", "/api/stream", "", append(upgrade, "Authorization: "+bad)...).is(401, "signed_out")
	}
	// A token that is none does not make the cookie count.
	s.call("GET", "/api/me", "", ana.lines("Authorization: Bearer x")...).is(401, "signed_out")
}

func TestPages(t *testing.T) {
	s := newServer(t, func(o *settings) { o.MessageRate = 0 })
	ana := s.signIn("ana")
	bearer := s.bot("deploy")
	var ids []string
	for i := range 210 {
		a := s.call("POST", "/api/rooms/lobby/messages", fmt.Sprint(i), bearer)
		ids = append(ids, a.object()["id"].(string))
	}
	s.call("POST", "/api/rooms", `{"room":"ops"}`, ana.lines()...)
	elsewhere := s.post(ana, "ops", "x")
	for query, want := range map[string]struct {
		first, last  int
		older, newer bool
	}{
		"":                                   {160, 209, true, false},
		"?after=0":                           {0, 49, false, true},
		"?limit=1":                           {209, 209, true, false},
		"?limit=200":                         {10, 209, true, false},
		"?limit=201":                         {10, 209, true, false},
		"?limit=999999999":                   {10, 209, true, false},
		"?before=" + ids[10]:                 {0, 9, false, true},
		"?before=" + ids[60] + "&limit=50":   {10, 59, true, true},
		"?after=" + ids[199]:                 {200, 209, true, false},
		"?after=" + ids[9] + "&limit=500":    {10, 209, true, false},
		"?after=" + ids[8] + "&limit=500":    {9, 208, true, true},
		"?around=" + ids[100] + "&limit=5":   {98, 102, true, true},
		"?around=" + ids[100] + "&limit=4":   {99, 102, true, true},
		"?around=" + ids[0] + "&limit=4":     {0, 2, false, true},
		"?around=" + ids[209] + "&limit=4":   {208, 209, true, false},
		"?around=" + ids[100] + "&limit=1":   {100, 100, true, true},
		"?around=" + ids[100] + "&limit=999": {1, 200, true, true},
	} {
		page := s.call("GET", "/api/rooms/lobby/messages"+query, "", ana.lines()...).object()
		messages := page["messages"].([]any)
		if len(messages) != want.last-want.first+1 {
			t.Errorf("%s: %d messages", query, len(messages))
			continue
		}
		for i, m := range messages {
			if e := m.(object); e["id"] != ids[want.first+i] || e["kind"] != "message.posted" || e["text"] != fmt.Sprint(want.first+i) {
				t.Errorf("%s: message %d is %v", query, i, e)
				break
			}
		}
		if page["has_older"] != want.older || page["has_newer"] != want.newer || page["epoch"] != s.chat.Epoch() {
			t.Errorf("%s: older %v, newer %v", query, page["has_older"], page["has_newer"])
		}
	}
	empty := s.call("GET", "/api/rooms/lobby/messages?before="+ids[0], "", ana.lines()...).object()
	s.is("nothing older", object{"n": float64(len(empty["messages"].([]any))), "older": empty["has_older"]}, object{"n": 0.0, "older": false})

	for _, query := range []string{
		"before=0", "before=999999", "around=" + elsewhere, "around=0", "after=abc", "around=-1", "around=", "before=0" + ids[1], "after=" + ids[1] + "&before=" + ids[5],
		"around=" + ids[1] + "&before=" + ids[1], "limit=0", "limit=-1", "limit=x", "limit=", "limit=1e3", "limit=99999999999999999999", "after=99999999999999999999999",
	} {
		if a := s.call("GET", "/api/rooms/lobby/messages?"+query, "", ana.lines()...); a.StatusCode != 400 || a.code() != "bad_request" {
			t.Errorf("%s: %d", query, a.StatusCode)
		}
	}
	for _, room := range []string{"nowhere", "LOBBY", "%00", "..%2flobby", "lobby%20"} {
		s.call("GET", "/api/rooms/"+room+"/messages", "", ana.lines()...).is(404, "not_found")
	}
}
