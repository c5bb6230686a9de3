package web_test

import (
	"context"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"
)

// drain begins to stop the server; the channel is closed when all streams have ended.
func (s *server) drain() <-chan struct{} {
	ended := make(chan struct{})
	ctx := within(s)
	go func() {
		defer close(ended)
		s.handler.Drain(ctx)
	}()
	return ended
}

// Everybody is told when to come back, each another time, and nobody new is let in.
func TestDrain(t *testing.T) {
	s := newServer(t)
	ana, bob := s.signIn("ana"), s.signIn("bob")
	c := s.live(ana)
	source := s.listen("/api/stream", bob.lines()...)
	source.until("live")
	ended := s.drain()
	drain := c.until("drain")
	if in, ok := drain["in_ms"].(float64); !ok || in < 0 || in > 2000 || len(drain) != 2 {
		t.Errorf("drain is %v", drain)
	}
	if code := c.closed(); code != 1012 {
		t.Errorf("closed with %d", code)
	}
	c.answerClose()
	if id, drain := source.until("drain"); id != "" || drain["in_ms"] == nil {
		t.Errorf("events: %q %v", id, drain)
	}
	if _, data := source.next(); data != nil {
		t.Errorf("after the drain came %v", data)
	}
	<-ended

	a := s.call("GET", "/readyz", "")
	if a.StatusCode != 503 || a.object()["status"] != "not ready" {
		t.Errorf("/readyz: %d %s", a.StatusCode, a.text)
	}
	if a := s.call("GET", "/healthz", ""); a.StatusCode != 200 {
		t.Errorf("/healthz: %d", a.StatusCode)
	}
	for _, a := range []answer{
		s.call("GET", "/api/stream", "", append(ana.lines(), upgrade...)...),
		s.call("GET", "/api/stream", "", ana.lines(events)...),
		s.call("GET", "/api/me", "", ana.lines()...),
	} {
		a.is(503, "unavailable")
		if a.Header.Get("Retry-After") != "2" || a.object()["retry_after_ms"] != 2000.0 {
			t.Errorf("%v %s", a.Header, a.text)
		}
	}
}

// Whatever was carried out before the goodbye is answered before it; what was not, was not.
func TestDrainAnswersFirst(t *testing.T) {
	s := newServer(t, func(o *settings) { o.MessageRate = 0 })
	const people, posts = 5, 200
	var sockets []*socket
	for i := range people {
		sockets = append(sockets, s.live(s.signIn(fmt.Sprintf("guest%d", i))))
	}
	before := s.chat.Head()
	for i, c := range sockets {
		var frames strings.Builder
		for n := range posts {
			frames.WriteString(frameOf(fin|opText, fmt.Sprintf(`{"do":"post","cid":"c%d-%d","room":"lobby","text":"x"}`, i, n)))
		}
		c.bytes(frames.String())
	}
	acked := map[any]any{}
	s.eventually("something is kept", func() bool { return s.chat.Head() != before }) // others are on their way
	ended := s.drain()
	for _, c := range sockets {
		for e := c.next(); e["kind"] != "drain"; e = c.next() {
			switch e["kind"] {
			case "ack":
				acked[e["cid"]] = e["id"]
			case "nack":
				t.Errorf("the server refused %v", e)
			}
		}
		if code := c.closed(); code != 1012 {
			t.Errorf("closed with %d", code)
		}
		c.answerClose()
	}
	<-ended

	kept := s.kept(s.bot("deploy"))
	for cid, id := range acked {
		if ids := kept[cid.(string)]; len(ids) != 1 || ids[0] != id {
			t.Errorf("%v was acknowledged as %v and is kept as %v", cid, id, ids)
		}
	}
	if len(kept) != len(acked) {
		t.Errorf("%d are kept, and %d acknowledged", len(kept), len(acked))
	}
}

// Who does not answer the goodbye, or does not even read, does not hold up the restart.
func TestDrainDoesNotWaitForTheDead(t *testing.T) {
	t.Parallel() // it waits for a second
	s := newServer(t, func(o *settings) { o.MessageRate = 0 })
	for i := range 5 {
		s.live(s.signIn(fmt.Sprintf("guest%d", i)))
	}
	began := time.Now()
	<-s.drain()
	if took := time.Since(began); took > 4*time.Second {
		t.Errorf("the drain took %v", took)
	}
}

// A reader that takes nothing is dropped when the time for an orderly end is over.
func TestDrainDropsWhoIsStuck(t *testing.T) {
	s := newServer(t, func(o *settings) { o.MessageRate = 0 })
	ana, bob := s.signIn("ana"), s.signIn("bob")
	stuck := s.live(ana) // and reads no more
	s.ok(stuck.conn.Conn.(guarded).Conn.(*net.TCPConn).SetReadBuffer(4 << 10))
	big := strings.Repeat("x", 16000)
	talker := s.live(bob)
	for i := range 100 { // more than the kernel holds for ana
		talker.send(fmt.Sprintf(`{"do":"post","cid":"c%d","room":"lobby","text":"%s"}`, i, big))
		if i%50 == 49 {
			talker.answer(fmt.Sprintf("c%d", i))
		}
	}
	talker.bye()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	s.handler.Drain(ctx)
	if n := s.handler.Streams(); n != 0 {
		t.Errorf("%d streams are left", n)
	}
}

func TestReady(t *testing.T) {
	s := newServer(t)
	s.eventually("it is ready", func() bool { return s.call("GET", "/readyz", "").StatusCode == 200 })
	s.is("version", s.call("GET", "/version", "").object(), object{"version": "1.2.3"})
	s.is("healthz", s.call("GET", "/healthz", "").object(), object{"status": "ok"})
	s.is("readyz", s.call("GET", "/readyz", "").object(), object{"status": "ready"})
}
