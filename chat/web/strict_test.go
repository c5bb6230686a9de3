package web_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"unicode/utf8"
)

// malformed are messages that are not taken, each with the cid that can be read in it.
var malformed = []struct{ name, json, cid string }{
	{"empty", ``, ""},
	{"blank", ` `, ""},
	{"no JSON", `hello`, ""},
	{"null", `null`, ""},
	{"array", `[{"text":"x","cid":"c1"}]`, ""},
	{"string", `"x"`, ""},
	{"number", `1e999`, ""},
	{"unfinished", `{"text":"x","cid":"c1"`, ""},
	{"unknown member", `{"text":"x","cid":"c1","admin":true}`, "c1"},
	{"unknown member, nested", `{"text":"x","cid":"c1","by":{"id":"1"}}`, "c1"},
	{"member twice", `{"text":"x","text":"y","cid":"c1"}`, ""},
	{"cid twice", `{"text":"x","cid":"c1","cid":"c2"}`, ""},
	{"member twice, once escaped", `{"text":"x","te\u0078t":"y","cid":"c1"}`, ""},
	{"case variant", `{"Text":"x","cid":"c1"}`, "c1"},
	{"case variant beside", `{"text":"x","TEXT":"y","cid":"c1"}`, "c1"},
	{"case variant of cid", `{"text":"x","CID":"c1"}`, ""},
	{"trailing bytes", `{"text":"x","cid":"c1"} x`, ""},
	{"two objects", `{"text":"x","cid":"c1"}{"text":"y","cid":"c2"}`, ""},
	{"comment", `{"text":"x",/**/"cid":"c1"}`, ""},
	{"comma at the end", `{"text":"x","cid":"c1",}`, ""},
	{"single quotes", `{'text':'x','cid':'c1'}`, ""},
	{"byte order mark", "\ufeff" + `{"text":"x","cid":"c1"}`, ""},
	{"high half surrogate", `{"text":"\ud83d","cid":"c1"}`, "c1"},
	{"low half surrogate", `{"text":"\ude00","cid":"c1"}`, "c1"},
	{"surrogates the wrong way round", `{"text":"\ude00\ud83d","cid":"c1"}`, "c1"},
	{"half surrogate in a name", `{"text":"x","cid":"c1","\ud83d":1}`, "c1"},
	{"U+0000 in the text", `{"text":"a\u0000b","cid":"c1"}`, "c1"},
	{"U+0000 in the cid", `{"text":"x","cid":"c\u00001"}`, ""},
	{"U+0000 in a name", `{"text":"x","cid":"c1","a\u0000":1}`, "c1"},
	{"raw control character", "{\"text\":\"a\x01b\",\"cid\":\"c1\"}", ""},
	{"raw U+0000", "{\"text\":\"a\x00b\",\"cid\":\"c1\"}", ""},
	{"bad escape", `{"text":"\x41","cid":"c1"}`, ""},
	{"text is a number", `{"text":1,"cid":"c1"}`, "c1"},
	{"text is a huge number", `{"text":` + strings.Repeat("9", 400) + `,"cid":"c1"}`, "c1"},
	{"text is an object", `{"text":{"a":1},"cid":"c1"}`, "c1"},
	{"text is true", `{"text":true,"cid":"c1"}`, "c1"},
	{"cid is a number", `{"text":"x","cid":1}`, ""},
	{"cid of 65", `{"text":"x","cid":"` + strings.Repeat("c", 65) + `"}`, ""},
	{"cid with a blank", `{"text":"x","cid":"c 1"}`, ""},
	{"cid that the server makes", `{"text":"x","cid":"~c1"}`, ""},
	{"cid with a letter of elsewhere", `{"text":"x","cid":"ç1"}`, ""},
	{"deep array", `{"cid":"c1","text":` + strings.Repeat("[", 20000) + strings.Repeat("]", 20000) + `}`, ""},
	{"deep object", `{"cid":"c1","text":` + strings.Repeat(`{"a":`, 9000) + `1` + strings.Repeat("}", 9000) + `}`, "c1"},
	{"empty text", `{"text":"","cid":"c1"}`, "c1"},
	{"only blanks", `{"text":" \t\n\u00a0\u3000","cid":"c1"}`, "c1"},
	{"only what cannot be seen", `{"text":"\u200b\ufeff\u0001","cid":"c1"}`, "c1"},
	{"no text", `{"cid":"c1"}`, "c1"},
}

func TestMalformedRequests(t *testing.T) {
	s := newServer(t)
	ana := s.signIn("ana")
	for _, c := range malformed {
		s.unchanged(c.name, func() {
			a := s.call("POST", "/api/rooms/lobby/messages", c.json, ana.lines(jsonBody)...)
			if a.StatusCode != http.StatusBadRequest || a.code() != "bad_request" || a.object()["message"] == "" {
				t.Errorf("%s: %d %s", c.name, a.StatusCode, a.text)
			}
		})
	}
	for _, invalid := range []string{"\xff", "\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "a\xe2\x82", "\x80"} {
		for _, body := range []string{`{"text":"` + invalid + `"}`, `{"text":"x","` + invalid + `":1}`, `{"text":"x","cid":"` + invalid + `"}`, `{"text":"x"}` + invalid} {
			s.unchanged(body, func() {
				s.call("POST", "/api/rooms/lobby/messages", body, ana.lines(jsonBody)...).is(http.StatusBadRequest, "bad_request")
			})
		}
		s.unchanged("text", func() {
			s.call("POST", "/api/rooms/lobby/messages", "a"+invalid, ana.lines()...).is(http.StatusBadRequest, "bad_request")
		})
	}
	for name, body := range map[string]string{
		"empty": ``, "null": `null`, "no name": `{}`, "unknown": `{"room":"ops","owner":"me"}`, "twice": `{"room":"ops","room":"ops2"}`,
		"case": `{"Room":"ops"}`, "capital": `{"room":"Ops"}`, "long": `{"room":"` + strings.Repeat("r", 41) + `"}`, "slash": `{"room":"a/b"}`, "dots": `{"room":".."}`,
		"letters": `{"room":"café"}`, "U+0000": `{"room":"o\u0000ps"}`, "U+0000 in the title": `{"room":"ops","title":"a\u0000"}`, "lines": `{"room":"ops","title":"a\nb"}`,
		"half surrogate": `{"room":"ops","title":"\ud83d"}`, "title is a number": `{"room":"ops","title":1}`, "private is a word": `{"room":"ops","private":"no"}`, "trailing": `{"room":"ops"}.`,
	} {
		s.unchanged(name, func() {
			if a := s.call("POST", "/api/rooms", body, ana.lines(jsonBody)...); a.StatusCode != http.StatusBadRequest || a.code() != "bad_request" {
				t.Errorf("a room, %s: %d %s", name, a.StatusCode, a.text)
			}
		})
	}
	for _, key := range []string{"a b", "~a", strings.Repeat("k", 65), "ü"} {
		s.unchanged(key, func() {
			s.call("POST", "/api/rooms/lobby/messages", "hi", ana.lines("Idempotency-Key: "+key)...).is(http.StatusBadRequest, "bad_request")
		})
	}
	s.unchanged("multipart", func() {
		for _, media := range []string{"multipart/form-data; boundary=x", "multipart/mixed; boundary=x", "Multipart/Form-Data"} {
			s.call("POST", "/api/rooms/lobby/messages", "--x\r\n\r\nhi\r\n--x--", ana.lines("Content-Type: "+media)...).is(http.StatusBadRequest, "bad_request")
		}
	})
}

// What is malformed costs a nack, and the connection goes on.
func TestMalformedCommands(t *testing.T) {
	s := newServer(t)
	ana := s.signIn("ana")
	c := s.live(ana)
	defer c.bye()
	refused := func(name, frame, cid string) {
		t.Helper()
		s.unchanged(name, func() {
			c.send(frame)
			nack := c.next()
			got, _ := nack["cid"].(string)
			if nack["kind"] != "nack" || nack["code"] != "bad_request" || nack["final"] != true || got != cid || nack["message"] == "" {
				t.Errorf("%s: %v, want the cid %q", name, nack, cid)
			}
			c.send(`{"do":"ping","cid":"alive"}`)
			if ack := c.next(); ack["kind"] != "ack" || ack["cid"] != "alive" {
				t.Fatalf("%s, then a ping: %v", name, ack)
			}
		})
	}
	for _, m := range malformed {
		frame := m.json
		if rest, ok := strings.CutPrefix(frame, "{"); ok && m.name != "two objects" {
			frame = `{"do":"post","room":"lobby",` + rest
		}
		if len(frame) <= 64<<10 {
			refused(m.name, frame, m.cid)
		}
	}
	refused("no command", `{"cid":"c1"}`, "c1")
	refused("no cid", `{"do":"ping"}`, "")
	refused("another command", `{"do":"delete","cid":"c1"}`, "c1")
	refused("a command in capitals", `{"do":"Ping","cid":"c1"}`, "c1")
	refused("a case variant of do", `{"Do":"ping","cid":"c1"}`, "c1")
	refused("do twice", `{"do":"ping","do":"ping","cid":"c1"}`, "")
	refused("U+0000 in a ping", `{"do":"ping","cid":"c1","text":"\u0000"}`, "c1")
	refused("U+0000 in the room", `{"do":"post","cid":"c1","room":"lob\u0000by","text":"x"}`, "c1")
	refused("U+0000 in the room, typing", `{"do":"typing","cid":"c1","room":"\u0000"}`, "c1")
	refused("a number as room", `{"do":"typing","cid":"c1","room":7}`, "c1")
	refused("read without a message", `{"do":"read","cid":"c1","room":"lobby"}`, "c1")
	refused("read up to nonsense", `{"do":"read","cid":"c1","room":"lobby","id":"-1"}`, "c1")
}

// What a client may choose does not make an answer longer than a frame.
func TestRefusalsAreShort(t *testing.T) {
	s := newServer(t)
	ana := s.signIn("ana")
	c := s.live(ana)
	defer c.bye()
	for _, key := range []string{strings.Repeat("/", 60000), strings.Repeat("ü", 30000), "x" + strings.Repeat("ü", 30000), strings.Repeat("\\u0001", 10000)} {
		body := `{"` + key + `":1}`
		c.send(body)
		if message, _ := c.until("nack")["message"].(string); len(message) > 200 || !utf8.ValidString(message) {
			t.Errorf("a nack of %d bytes: %.300q", len(message), message)
		}
		if a := s.call("POST", "/api/rooms", body, ana.lines(jsonBody)...); a.StatusCode != http.StatusBadRequest || len(a.text) > 1000 {
			t.Errorf("%d and %d bytes", a.StatusCode, len(a.text))
		}
	}
}

// An escaped backslash before u0000 is text like any other.
func TestTextIsKeptByteForByte(t *testing.T) {
	s := newServer(t, func(o *settings) { o.MessageRate = 0 })
	ana := s.signIn("ana")
	c := s.live(ana)
	defer c.bye()
	for i, text := range []string{
		`\u0000`, `\\u0000`, "  blanks  ", "\t\r\n x \n", "<b>&amp;</b>", "\u202egnirts", "👩‍👩‍👧‍👦 é é", "a\x01\x1f\x7f\u0085\u2028\u2029\ufeff", "\uffff\ufdd0", `"quotes" 'and' /slashes/`,
	} {
		c.send(string(marshal(t, object{"do": "post", "cid": fmt.Sprintf("c%d", i), "room": "lobby", "text": text})))
		if got := c.until("message.posted")["text"]; got != text {
			t.Errorf("%q became %q", text, got)
		}
		page := s.call("GET", "/api/rooms/lobby/messages?limit=1", "", ana.lines()...).object()
		if got := page["messages"].([]any)[0].(object)["text"]; got != text {
			t.Errorf("%q is kept as %q", text, got)
		}
		id := s.post(ana, "lobby", text+" by curl")
		if got := c.until("message.posted"); got["id"] != id || got["text"] != text+" by curl" || got["cid"] != nil {
			t.Errorf("%q became %v", text+" by curl", got)
		}
	}
}
