package web_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
)

// refused fails the test if an answer is not a 429 that says when to come back.
func (a answer) refused() {
	a.s.Helper()
	a.is(429, "rate_limited")
	wait, _ := a.object()["retry_after_ms"].(float64)
	seconds, err := strconv.Atoi(a.Header.Get("Retry-After"))
	if err != nil || wait <= 0 || float64(seconds*1000) < wait {
		a.s.Errorf("Retry-After %q, retry_after_ms %v", a.Header.Get("Retry-After"), wait)
	}
}

func TestStreamsOfOneAddress(t *testing.T) {
	s := newServer(t, func(o *settings) { o.ConnectionsPerIP = 3 })
	ana, bob := s.signIn("ana"), s.signIn("bob")
	sockets := []*socket{s.live(ana), s.live(bob)}
	source := s.listen("/api/stream", ana.lines()...)
	source.until("live")
	for i, lines := range [][]string{
		append(ana.lines(), upgrade...), append(bob.lines(), upgrade...), bob.lines(events),
		// Nobody trusted says that these come from elsewhere.
		append(bob.lines("X-Forwarded-For: 10.1.2.3"), upgrade...), append(bob.lines("X-Forwarded-For: 10.1.2.4", "Forwarded: for=10.1.2.4", "X-Real-IP: 10.1.2.4"), upgrade...),
	} {
		a := s.call("GET", "/api/stream", "", lines...)
		a.refused()
		if t.Failed() {
			t.Fatalf("case %d", i)
		}
	}
	// A browser cannot see that, so it asks.
	s.call("GET", "/api/me", "", ana.lines()...).refused()
	if a := s.call("GET", "/api/rooms", "", ana.lines()...); a.StatusCode != 200 {
		t.Errorf("everything else goes on: %d", a.StatusCode)
	}
	sockets[0].bye()
	s.eventually("there is room again", func() bool { return s.call("GET", "/api/me", "", ana.lines()...).StatusCode == 200 })
	s.live(ana).bye()
	source.Close()
	sockets[1].bye()
}

func TestStreamsOfOnePerson(t *testing.T) {
	s := newServer(t)
	ana, bob := s.signIn("ana"), s.signIn("bob")
	var sockets []*socket
	for range 20 {
		sockets = append(sockets, s.live(ana))
	}
	s.call("GET", "/api/stream", "", append(ana.lines(), upgrade...)...).refused()
	s.call("GET", "/api/stream", "", ana.lines(events)...).refused()
	s.call("GET", "/api/me", "", ana.lines()...).refused()
	s.live(bob).bye()
	sockets[0].Close() // without a word
	s.eventually("there is room again", func() bool { return s.call("GET", "/api/me", "", ana.lines()...).StatusCode == 200 })
	s.live(ana).bye()
	for _, c := range sockets[1:] {
		c.Close()
	}
	s.eventually("all are gone", func() bool { return s.handler.Streams() == 0 })
	for range 20 { // and all are counted off, or these would be too many
		sockets = append(sockets, s.live(ana))
	}
	for _, c := range sockets {
		c.Close()
	}
}

// eventually asks until something is so. Each asking is a round trip, or yields.
func (s *server) eventually(what string, so func() bool) {
	s.Helper()
	for deadline := within(s); !so(); {
		if deadline.Err() != nil {
			s.Fatalf("%s: it does not come to that", what)
		}
	}
}

func TestLoginRate(t *testing.T) {
	s := newServer(t, func(o *settings) { o.LoginRate = 4 })
	for i := range 4 {
		s.call("POST", "/login", "nickname=", form) // a refusal counts, too
		if i == 0 {
			s.call("GET", "/login", "")
		}
	}
	for i := range 3 {
		a := s.call("POST", "/login", "nickname=ana%26co&next=%2Fr%2Flobby", form, fmt.Sprintf("X-Forwarded-For: 10.0.0.%d", i), fmt.Sprintf("X-Real-IP: 10.0.0.%d", i))
		if a.StatusCode != 429 || a.Header.Get("Retry-After") == "" || !strings.HasPrefix(a.Header.Get("Content-Type"), "text/html") || a.Header["Set-Cookie"] != nil {
			t.Errorf("sign-in %d: %d %v", 5+i, a.StatusCode, a.Header)
		}
		if !strings.Contains(a.text, `value="ana&amp;co"`) || !strings.Contains(a.text, `value="/r/lobby"`) || !strings.Contains(a.text, "Many people are coming in") {
			t.Errorf("what was typed is lost, or nobody says why: %s", a.text)
		}
	}
	if a := s.call("GET", "/login", ""); a.StatusCode != 200 {
		t.Errorf("the page: %d", a.StatusCode)
	}
}

// Behind a proxy the client counts: the rightmost address that is no proxy's. What stands before it the client may have written.
func TestLimitsBehindAProxy(t *testing.T) {
	s := newServer(t, proxied, func(o *settings) { o.LoginRate = 1 })
	number := 0
	login := func(lines ...string) int {
		number++
		return s.call("POST", "/login", fmt.Sprintf("nickname=guest%d", number), append(lines, form)...).StatusCode
	}
	for _, c := range []struct {
		forwarded []string
		want      int
	}{
		{[]string{"X-Forwarded-For: 10.0.0.1"}, 303},
		{[]string{"X-Forwarded-For: 10.0.0.1"}, 429},
		{[]string{"X-Forwarded-For: 10.0.0.99, 10.0.0.1"}, 429},
		{[]string{"X-Forwarded-For: 1.2.3.4,5.6.7.8,10.0.0.1"}, 429},
		{[]string{"X-Forwarded-For: 10.0.0.98", "X-Forwarded-For: 10.0.0.1"}, 429},
		{[]string{"X-Forwarded-For: 10.0.0.97, 10.0.0.1, 127.0.0.9"}, 429}, // two proxies
		{[]string{"X-Forwarded-For: ::ffff:10.0.0.1"}, 429},
		{[]string{"X-Forwarded-For: 10.0.0.2"}, 303},
		{[]string{"X-Forwarded-For: 2001:db8::1"}, 303},
		{[]string{"X-Forwarded-For: 2001:db8::2"}, 429}, // the same /64
		{[]string{"X-Forwarded-For: 2001:db8:0:1::1"}, 303},
		{[]string{"X-Forwarded-For: nonsense"}, 303}, // the proxy itself
		{[]string{"X-Forwarded-For: 10.0.0.3, nonsense"}, 429},
		{nil, 429},
	} {
		if got := login(c.forwarded...); got != c.want {
			t.Errorf("%q: %d, want %d", c.forwarded, got, c.want)
		}
	}
}

func TestMessageRate(t *testing.T) {
	s := newServer(t, func(o *settings) { o.MessageRate = 1 })
	ana, bob := s.signIn("ana"), s.signIn("bob")
	c, other := s.live(ana), s.live(ana)
	defer c.bye()
	defer other.bye()
	for i := range 3 {
		if got := c.say(fmt.Sprintf("c%d", i), "lobby", "x"); got["kind"] != "ack" {
			t.Fatalf("post %d: %v", i, got)
		}
	}
	s.unchanged("too fast", func() {
		got := c.say("c3", "lobby", "x")
		wait, _ := got["retry_after_ms"].(float64)
		if got["code"] != "rate_limited" || got["final"] != false || wait <= 0 || wait > 1000 {
			t.Errorf("too fast: %v", got)
		}
		if got := other.say("c3", "lobby", "x"); got["code"] != "rate_limited" {
			t.Errorf("on another connection: %v", got)
		}
		s.call("POST", "/api/rooms/lobby/messages", "x", ana.lines()...).refused()
	})
	s.post(bob, "lobby", "somebody else")
	unlimited := newServer(t, func(o *settings) { o.MessageRate = 0 })
	ana = unlimited.signIn("ana")
	if limits := unlimited.call("GET", "/api/me", "", ana.lines()...).object()["limits"].(object); len(limits) != 1 {
		t.Errorf("without a limit the limits are %v", limits)
	}
	c = unlimited.live(ana)
	for i := range 100 {
		if got := c.say(fmt.Sprintf("c%d", i), "lobby", "x"); got["kind"] != "ack" {
			t.Fatalf("post %d: %v", i, got)
		}
	}
	c.bye()
}

func TestRoomsAndJoinsHaveAMeasure(t *testing.T) {
	s := newServer(t)
	ana, bob := s.signIn("ana"), s.signIn("bob")
	for i := range 20 {
		if a := s.call("POST", "/api/rooms", fmt.Sprintf(`{"room":"r%d"}`, i), ana.lines()...); a.StatusCode != 201 {
			t.Fatalf("room %d: %d %s", i, a.StatusCode, a.text)
		}
	}
	s.call("POST", "/api/rooms", `{"room":"r20"}`, ana.lines()...).refused()
	for range 40 {
		if a := s.call("POST", "/api/rooms/r1/join", "", bob.lines()...); a.StatusCode != 200 {
			a.refused()
			return
		}
	}
	t.Error("one may join as fast as one likes")
}
