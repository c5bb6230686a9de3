package web_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
)

// say posts on the stream and returns the answer to it.
func (c *socket) say(cid, room, text string) object {
	c.Helper()
	c.send(string(marshal(c, object{"do": "post", "cid": cid, "room": room, "text": text})))
	return c.answer(cid)
}

// answer reads until the answer to the command comes.
func (c *socket) answer(cid string) object {
	c.Helper()
	for {
		if e := c.next(); (e["kind"] == "ack" || e["kind"] == "nack") && e["cid"] == cid {
			return e
		}
	}
}

// is fails the test if an object has other members than these; "*" is anything.
func (s *server) is(what string, got, want object) {
	s.Helper()
	for name, value := range want {
		if !reflect.DeepEqual(got[name], value) && (value != "*" || got[name] == nil) {
			s.Errorf("%s: %v, want %v", what, got, want)
			return
		}
	}
	if len(got) != len(want) {
		s.Errorf("%s: %v, want %v and nothing else", what, got, want)
	}
}

func nack(cid, code string) object {
	return object{"kind": "nack", "cid": cid, "code": code, "message": "*", "final": true}
}

func TestAnswers(t *testing.T) {
	s := newServer(t)
	ana, bob := s.signIn("ana"), s.signIn("bob")
	if a := s.call("POST", "/api/rooms", `{"room":"den","private":true}`, bob.lines()...); a.StatusCode != 201 {
		t.Fatal(a.text)
	}
	if a := s.call("POST", "/api/rooms", `{"room":"ops"}`, bob.lines()...); a.StatusCode != 201 {
		t.Fatal(a.text)
	}
	c := s.live(ana)
	defer c.bye()
	first := c.say("c1", "lobby", "hi")
	s.is("a post", first, object{"kind": "ack", "cid": "c1", "id": "*", "dup": false})
	again := object{"kind": "ack", "cid": "c1", "id": first["id"], "dup": true}
	s.unchanged("a repeat", func() {
		s.is("a repeat", c.say("c1", "lobby", "hi"), again)
		other := s.live(ana)
		defer other.bye()
		s.is("a repeat on another connection", other.say("c1", "lobby", "hi"), again)
		a := s.call("POST", "/api/rooms/lobby/messages", `{"text":"hi","cid":"c1"}`, ana.lines(jsonBody)...)
		s.is("a repeat by HTTP", a.object(), object{"id": first["id"], "room": "lobby", "at": "*", "dup": true})
		a = s.call("POST", "/api/rooms/lobby/messages", `hi`, ana.lines("Idempotency-Key: c1")...)
		s.is("a repeat by HTTP with a key", a.object(), object{"id": first["id"], "room": "lobby", "at": "*", "dup": true})
		s.is("with another text", c.say("c1", "lobby", "ho"), nack("c1", "cid_conflict"))
		s.is("with a blank more", c.say("c1", "lobby", "hi "), nack("c1", "cid_conflict"))
		s.is("with another room", c.say("c1", "ops", "hi"), nack("c1", "cid_conflict"))
		s.call("POST", "/api/rooms/lobby/messages", `{"text":"ho","cid":"c1"}`, ana.lines(jsonBody)...).is(409, "cid_conflict")
	})
	if bobs := s.live(bob); bobs.say("c1", "lobby", "hi")["dup"] != false {
		t.Error("the cid of one person is another's")
	} else {
		bobs.bye()
	}
	s.unchanged("refusals", func() {
		s.is("a room that is none", c.say("c2", "nowhere", "hi"), nack("c2", "not_found"))
		hidden := c.say("c3", "den", "hi")
		s.is("a room that one may not see", hidden, nack("c3", "not_found"))
		if nowhere := c.say("c4", "nowhere", "hi"); hidden["message"] != nowhere["message"] {
			t.Errorf("%v tells more than %v", hidden, nowhere)
		}
		s.is("no room", c.say("c5", "", "hi"), nack("c5", "not_found"))
		s.is("a long text", c.say("c6", "lobby", strings.Repeat("a", 16385)), nack("c6", "too_large"))
		c.send(`{"do":"typing","cid":"c7","room":"nowhere"}`)
		s.is("typing nowhere", c.answer("c7"), nack("c7", "not_found"))
		c.send(`{"do":"read","cid":"c8","room":"nowhere","id":"1"}`)
		s.is("reading nowhere", c.answer("c8"), nack("c8", "not_found"))
	})
	other := s.live(bob) // typing has a measure of its own for each person
	defer other.bye()
	a := s.call("POST", "/api/rooms", `{"room":"quiet"}`, ana.lines()...)
	if a.StatusCode != 201 {
		t.Fatal(a.text)
	}
	other.send(`{"do":"typing","cid":"c9","room":"quiet"}`)
	s.is("typing where one is not", other.answer("c9"), nack("c9", "forbidden"))
	c.send(`{"do":"ping","cid":"c10"}`)
	s.is("a ping", c.answer("c10"), object{"kind": "ack", "cid": "c10"})
	c.send(`{"do":"read","cid":"c11","room":"lobby","id":"` + first["id"].(string) + `"}`)
	c.send(`{"do":"ping","cid":"c12"}`)
	s.is("what came after a read mark", c.answer("c12"), object{"kind": "ack", "cid": "c12"})
}

// Two hundred posts that do not wait for one another come out in the order in which they went in.
func TestOrderOfOneConnection(t *testing.T) {
	s := newServer(t, func(o *settings) { o.MessageRate = 0 })
	ana := s.signIn("ana")
	c := s.live(ana)
	defer c.bye()
	const posts = 200
	var frames strings.Builder
	for i := range posts {
		frames.WriteString(frameOf(fin|opText, fmt.Sprintf(`{"do":"post","cid":"c%d","room":"lobby","text":"%d"}`, i, i)))
	}
	c.bytes(frames.String())
	acks, texts := map[string]any{}, []string(nil)
	for len(acks) < posts || len(texts) < posts {
		switch e := c.next(); e["kind"] {
		case "ack":
			acks[e["cid"].(string)] = e["id"]
		case "message.posted":
			if want := fmt.Sprint(len(texts)); e["text"] != want {
				t.Fatalf("instead of %s came %v", want, e)
			}
			texts = append(texts, e["id"].(string))
		}
	}
	for i, id := range texts {
		if acks[fmt.Sprintf("c%d", i)] != id {
			t.Errorf("post %d: acknowledged as %v, seen as %s", i, acks[fmt.Sprintf("c%d", i)], id)
		}
	}
}

func TestSizes(t *testing.T) {
	s := newServer(t, func(o *settings) { o.MessageRate = 0 })
	ana := s.signIn("ana")
	c := s.live(ana)
	defer c.bye()
	longest := strings.Repeat("ü", 8192)
	if got := c.say("c1", "lobby", longest); got["kind"] != "ack" {
		t.Errorf("16 KiB: %v", got)
	}
	s.unchanged("too large", func() {
		s.is("a byte more", c.say("c2", "lobby", longest+"a"), nack("c2", "too_large"))
		// A link makes markup of the rest, in which each of these is five bytes, and ten with the text.
		s.is("markup that grows", c.say("c3", "lobby", "http://a.example/ "+strings.Repeat("<", 16000)), nack("c3", "too_large"))
		s.is("links that grow", c.say("c4", "lobby", strings.Repeat("http://a.io ", 1300)), nack("c4", "too_large"))
		s.call("POST", "/api/rooms/lobby/messages", "a"+strings.Repeat("\x01", 16383), ana.lines()...).is(413, "too_large")
		s.call("POST", "/api/rooms/lobby/messages", strings.Repeat("a", 16385), ana.lines()...).is(413, "too_large")
		s.call("POST", "/api/rooms/lobby/messages", strings.Repeat("a", 65537), ana.lines()...).is(413, "too_large")
		s.call("POST", "/api/rooms/lobby/messages", `{"text":"`+strings.Repeat("a", 65537)+`"}`, ana.lines(jsonBody)...).is(413, "too_large")
		s.call("POST", "/api/rooms", `{"room":"ops","title":"`+strings.Repeat("a", 201)+`"}`, ana.lines()...).is(413, "too_large")
	})
	// What is taken fits into a frame, whatever it grows to.
	for i, text := range []string{"a" + strings.Repeat("\x01", 10000), "http://a.example/ " + strings.Repeat("&", 10000), strings.Repeat("http://a.io ", 340), strings.Repeat("\\", 16384)} {
		a := s.call("POST", "/api/rooms/lobby/messages", text, ana.lines()...)
		if a.StatusCode != 201 {
			t.Errorf("text %d: %d %s", i, a.StatusCode, a.text)
			continue
		}
		for e := c.next(); ; e = c.next() {
			if e["id"] == a.object()["id"] {
				if e["text"] != text {
					t.Errorf("text %d changed on its way", i)
				}
				break
			}
		}
	}
}

func TestTypingAndPresence(t *testing.T) {
	t.Parallel() // a reload is no departure: it waits for the grace of three seconds
	s := newServer(t)
	ana, bob := s.signIn("ana"), s.signIn("bob")
	anas := s.live(ana)
	defer anas.bye()
	bobs := s.live(bob)
	for !strings.Contains(fmt.Sprint(anas.until("presence")["joined"]), fmt.Sprint(object{"id": bob.id, "name": "bob"})) {
	}
	bobs.send(`{"do":"typing","cid":"t1","room":"lobby"}`)
	s.is("typing", anas.until("typing"), object{"kind": "typing", "room": "lobby", "by": "*"})
	bobs.send(`{"do":"ping","cid":"p1"}`)
	for e := bobs.next(); e["kind"] != "ack"; e = bobs.next() {
		if e["kind"] == "typing" {
			t.Error("bob is told that he types")
		}
	}
	bobs.bye()
	e := anas.until("presence")
	for ; e["left"] == nil; e = anas.until("presence") {
	}
	s.is("leaving", e, object{"kind": "presence", "left": e["left"], "count": 1.0})
}
