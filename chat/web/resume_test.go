package web_test

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// stream is what both kinds of connection are to a test: something that says objects.
type stream func() object

// both opens a stream as both kinds of connection and hands each to the test.
func both(s *server, p person, target string, lines []string, test func(*testing.T, stream)) {
	s.Helper()
	t := s.TB.(*testing.T)
	lines = p.lines(lines...)
	t.Run("websocket", func(t *testing.T) {
		inner := *s
		inner.TB = t
		c := inner.dial(target, lines...)
		defer c.Close()
		test(t, c.next)
	})
	t.Run("events", func(t *testing.T) {
		inner := *s
		inner.TB = t
		e := inner.listen(target, lines...)
		defer e.Close()
		test(t, func() object {
			id, data := e.next()
			if data == nil {
				t.Fatal("the stream ended")
			}
			cursor := data["id"] // of a kept event; of another frame its cursor
			if cursor == nil {
				cursor = data["cursor"]
			}
			if want, _ := cursor.(string); id != want {
				t.Errorf("the SSE id of %v is %q", data, id)
			}
			return data
		})
	})
}

func (e *eventSource) Close() { e.conn.Conn.Close() }

func TestHello(t *testing.T) {
	s := newServer(t)
	ana := s.signIn("ana")
	head := s.post(ana, "lobby", "one")
	both(s, ana, "/api/stream", nil, func(t *testing.T, next stream) {
		hello := next()
		for name, want := range map[string]any{
			"kind": "hello", "protocol": 1.0, "epoch": s.chat.Epoch(), "cursor": head, "resumed": false, "heartbeat_s": 25.0,
		} {
			if hello[name] != want {
				t.Errorf("%s is %v, want %v", name, hello[name], want)
			}
			delete(hello, name)
		}
		if me := hello["me"].(object); me["id"] != ana.id || me["name"] != "ana" || len(me) != 2 {
			t.Errorf("me is %v", me)
		}
		if limits := hello["limits"].(object); limits["text_bytes"] != 16384.0 || limits["messages_per_s"] != 10.0 || len(limits) != 2 {
			t.Errorf("limits are %v", limits)
		}
		if build := hello["build"].(string); s.prefix != "/assets/"+build {
			t.Errorf("build is %s", build)
		}
		if len(hello) != 3 {
			t.Errorf("and there is %v", hello)
		}
		if live := next(); live["kind"] != "live" || live["cursor"] != head {
			t.Errorf("then %v", live)
		}
		presence := next()
		if here := presence["here"].([]any); presence["kind"] != "presence" || presence["count"] != 1.0 || here[0].(object)["id"] != ana.id {
			t.Errorf("then %v", presence)
		}
	})
}

func TestHeadOfAnUpgrade(t *testing.T) {
	s := newServer(t)
	ana := s.signIn("ana")
	for offered, taken := range map[string]string{"": "", "chatd.v1": "chatd.v1", "chatd.v0, chatd.v1": "chatd.v1", "soap, chatd.v1, wamp": "chatd.v1", "soap": ""} {
		lines := ana.lines("Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits")
		if offered != "" {
			lines = append(lines, "Sec-WebSocket-Protocol: "+offered)
		}
		c := s.dial("/api/stream", lines...)
		if got := c.head.Header.Get("Sec-WebSocket-Protocol"); got != taken {
			t.Errorf("offered %q, taken %q", offered, got)
		}
		if got := c.head.Header.Get("Sec-WebSocket-Extensions"); got != "" {
			t.Errorf("compression is off, yet: %s", got)
		}
		if got := c.head.Header.Get("Sec-WebSocket-Accept"); got != "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=" { // RFC 6455 §1.3
			t.Errorf("Sec-WebSocket-Accept: %s", got)
		}
		c.until("live")
		c.bye()
	}
}

func TestHandshakesThatAreNone(t *testing.T) {
	s := newServer(t)
	ana := s.signIn("ana")
	good := append(ana.lines(), upgrade...)
	without := func(name string, more ...string) []string {
		return append(slices.DeleteFunc(slices.Clone(good), func(line string) bool { return strings.HasPrefix(line, name) }), more...)
	}
	for name, c := range map[string]struct {
		method string
		lines  []string
		want   int
	}{
		"no key":          {"GET", without("Sec-WebSocket-Key"), 400},
		"short key":       {"GET", without("Sec-WebSocket-Key", "Sec-WebSocket-Key: eA=="), 400},
		"another version": {"GET", without("Sec-WebSocket-Version", "Sec-WebSocket-Version: 8"), 400},
		"no connection":   {"GET", without("Connection"), 426},
		"another upgrade": {"GET", without("Upgrade", "Upgrade: h2c"), 400},
		"neither":         {"GET", ana.lines(), 400},
		"post":            {"POST", good, 404},
		"head":            {"HEAD", good, 405},
		"head of events":  {"HEAD", ana.lines(events), 400},
	} {
		if a := s.call(c.method, "/api/stream", "", c.lines...); a.StatusCode != c.want || s.handler.Streams() != 0 {
			t.Errorf("%s: %d %s, want %d; %d streams", name, a.StatusCode, a.text, c.want, s.handler.Streams())
		}
	}
}

func TestResume(t *testing.T) {
	s := newServer(t)
	ana, bob := s.signIn("ana"), s.signIn("bob")
	start := s.live(bob)
	defer start.bye()
	first := s.post(ana, "lobby", "one")
	second := s.post(bob, "lobby", "two")
	third := s.post(ana, "lobby", "three")
	epoch := "&epoch=" + url.QueryEscape(s.chat.Epoch())

	goesOn := func(after string, missed ...string) func(*testing.T, stream) {
		return func(t *testing.T, next stream) {
			if hello := next(); hello["resumed"] != true || hello["cursor"] != after {
				t.Errorf("the hello is %v", hello)
			}
			for _, id := range missed {
				if e := next(); e["kind"] != "message.posted" || e["id"] != id {
					t.Errorf("instead of %s came %v", id, e)
				}
			}
			if live := next(); live["kind"] != "live" || live["cursor"] != third {
				t.Errorf("instead of live came %v", live)
			}
		}
	}
	t.Run("missed", func(t *testing.T) {
		s.TB = t
		both(s, bob, "/api/stream?after="+first+epoch, nil, goesOn(first, second, third))
	})
	t.Run("missed nothing", func(t *testing.T) {
		s.TB = t
		both(s, bob, "/api/stream?after="+third+epoch, nil, goesOn(third))
	})
	t.Run("from the very beginning", func(t *testing.T) {
		s.TB = t
		both(s, bob, "/api/stream?after=0"+epoch, nil, goesOn("0", first, second, third))
	})
	t.Run("Last-Event-ID beats after", func(t *testing.T) {
		s.TB = t
		both(s, bob, "/api/stream?after="+first+epoch, []string{"Last-Event-ID: " + second}, goesOn(second, third))
		both(s, bob, "/api/stream?x=1"+epoch, []string{"Last-Event-ID: " + second}, goesOn(second, third))
	})
	s.TB = t
}

func TestCursorsThatDoNotFit(t *testing.T) {
	s := newServer(t, func(o *settings) { o.MessageRate = 0 })
	ana := s.signIn("ana")
	known := s.post(ana, "lobby", "one")
	s.call("POST", "/api/rooms/nowhere/messages", "void", ana.lines()...).is(404, "not_found") // takes a place that is nobody's cursor
	s.post(ana, "lobby", "two")
	epoch := "&epoch=" + s.chat.Epoch()
	void := known[:len(known)-1] + string(known[len(known)-1]+1)
	for name, c := range map[string]struct{ query, last string }{
		"garbage":                   {"after=abc" + epoch, ""},
		"empty":                     {"after=" + epoch, ""},
		"negative":                  {"after=-1" + epoch, ""},
		"leading zero":              {"after=0" + known + epoch, ""},
		"blank":                     {"after=%20" + known + epoch, ""},
		"a fraction":                {"after=" + known + ".0" + epoch, ""},
		"future":                    {"after=999999" + epoch, ""},
		"far future":                {"after=9223372036854775807" + epoch, ""},
		"over every bound":          {"after=99999999999999999999999999" + epoch, ""},
		"unknown":                   {"after=" + void + epoch, ""},
		"U+0000":                    {"after=%00" + epoch, ""},
		"bad escape":                {"after=%zz" + epoch, "7x"},
		"long":                      {"after=" + strings.Repeat("1", 4000) + epoch, ""},
		"no epoch":                  {"after=" + known, ""},
		"empty epoch":               {"after=" + known + "&epoch=", ""},
		"another epoch":             {"after=" + known + "&epoch=x" + s.chat.Epoch(), ""},
		"garbage in Last-Event-ID":  {"after=" + known + epoch, "nonsense"},
		"Last-Event-ID, no epoch":   {"", known},
		"Last-Event-ID, other time": {"after=" + known + "&epoch=x", known},
	} {
		t.Run(name, func(t *testing.T) {
			s.TB = t
			lines := []string(nil)
			if c.last != "" {
				lines = []string{"Last-Event-ID: " + c.last}
			}
			both(s, ana, "/api/stream?"+c.query, lines, func(t *testing.T, next stream) {
				s.TB = t
				head := s.chat.Head().String()
				if hello := next(); hello["kind"] != "hello" || hello["resumed"] != false || hello["cursor"] != head {
					t.Errorf("the hello is %v", hello)
				}
				if reset := next(); reset["kind"] != "reset" || reset["cursor"] != head {
					t.Errorf("instead of a reset came %v", reset)
				}
				if live := next(); live["kind"] != "live" {
					t.Errorf("instead of live came %v", live)
				}
				id := s.post(ana, "lobby", "on it goes")
				for {
					if e := next(); e["kind"] == "message.posted" {
						if e["id"] != id {
							t.Errorf("then came %v", e)
						}
						return
					}
				}
			})
		})
	}
	s.TB = t
	if strings.Contains(s.log.String(), `"level":"ERROR"`) {
		t.Error(s.log)
	}
}

// Whatever the page's cursor was made by, the stream from there repeats nothing and skips nothing.
func TestPageThenStream(t *testing.T) {
	s := newServer(t, func(o *settings) { o.MessageRate = 0 })
	ana := s.signIn("ana")
	var ids []string
	for range 12 {
		ids = append(ids, s.post(ana, "lobby", "x"))
	}
	for _, query := range []string{"?limit=3", "?before=" + ids[6] + "&limit=3", "?after=" + ids[2] + "&limit=3", "?around=" + ids[5] + "&limit=4", "?after=" + ids[9] + "&limit=5"} {
		page := s.call("GET", "/api/rooms/lobby/messages"+query, "", ana.lines()...).object()
		messages := page["messages"].([]any)
		last := messages[len(messages)-1].(object)["id"].(string)
		c := s.dial("/api/stream?after="+page["cursor"].(string)+"&epoch="+page["epoch"].(string), ana.lines()...)
		if hello := c.next(); hello["resumed"] != true {
			t.Errorf("%s: %v", query, hello)
		}
		for _, want := range ids[slices.Index(ids, last)+1:] {
			if e := c.next(); e["id"] != want {
				t.Errorf("%s: after the page, instead of %s: %v", query, want, e)
			}
		}
		if live := c.next(); live["kind"] != "live" {
			t.Errorf("%s: %v", query, live)
		}
		c.bye()
	}
}

func TestHeartbeat(t *testing.T) {
	s := newServer(t, func(o *settings) { o.Heartbeat = 20 * time.Millisecond })
	ana, bob := s.signIn("ana"), s.signIn("bob")
	a := s.call("POST", "/api/rooms", `{"room":"den","private":true}`, ana.lines()...)
	if a.StatusCode != 201 {
		t.Fatal(a.text)
	}
	both(s, bob, "/api/stream", nil, func(t *testing.T, next stream) {
		if hello := next(); hello["heartbeat_s"] != 0.02 {
			t.Errorf("the hello is %v", hello)
		}
		hidden := s.post(ana, "den", "not for bob") // moves bob's cursor, and nothing else
		for {
			e := next()
			if e["kind"] == "message.posted" {
				t.Fatalf("bob sees %v", e)
			}
			if e["kind"] == "heartbeat" && e["cursor"] == hidden {
				return
			}
		}
	})
}

// A peer that answers pings stays. One that has not for ten seconds is dropped: there is nobody to say goodbye to.
func TestDeadPeer(t *testing.T) {
	s := newServer(t, func(o *settings) { o.Heartbeat = 20 * time.Millisecond })
	ana := s.signIn("ana")
	c := s.live(ana)
	for range 3 {
		opcode, payload, err := c.receive()
		for ; err == nil && opcode != opPing; opcode, payload, err = c.receive() {
		}
		s.ok(err)
		c.frame(fin|opPong, payload)
	}
	c.until("heartbeat") // from here on it says nothing
	c.until("heartbeat")
	if s.handler.Streams() != 1 {
		t.Fatal("a peer that answers was dropped")
	}
	c.until("heartbeat")
	s.handler.Wait(11 * time.Second)
	if code := c.closed(); code != 0 {
		t.Errorf("the dead peer was told %d", code)
	}
}

func TestTimesAreUTCWithMilliseconds(t *testing.T) {
	s := newServer(t)
	ana := s.signIn("ana")
	s.post(ana, "lobby", "x")
	text := s.call("GET", "/api/rooms/lobby/messages", "", ana.lines()...).text
	if !regexp.MustCompile(`"at":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"`).MatchString(text) {
		t.Error(text)
	}
}
