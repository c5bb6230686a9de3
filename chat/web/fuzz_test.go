package web_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"

	"chatd/chat"
	"chatd/chat/web"
)

// FuzzCommand: whatever a client says in a text frame, it is answered at most once, with words, and the connection goes on.
func FuzzCommand(f *testing.F) {
	s := newServer(f, func(o *settings) { o.MessageRate = 0 })
	ana := s.signIn("ana")
	c := s.live(ana)
	for _, m := range malformed {
		f.Add(m.json)
		f.Add(strings.Replace(m.json, "{", `{"do":"post","room":"lobby",`, 1))
	}
	for _, command := range []string{
		`{"do":"post","cid":"c1","room":"lobby","text":"hi"}`, `{"do":"typing","cid":"c1","room":"lobby"}`, `{"do":"read","cid":"c1","room":"lobby","id":"1"}`,
		`{"do":"read","cid":"c1","room":"lobby","id":"99999999999999999999"}`, `{"do":"ping","cid":"c1"}`, `{"do":"ping","cid":"c1","text":"x","room":"y","id":"z"}`,
	} {
		f.Add(command)
	}
	frames, answers := 0, 0
	f.Fuzz(func(t *testing.T, frame string) {
		if !utf8.ValidString(frame) || len(frame) > 64<<10 {
			return // a close code of its own, see TestFrames
		}
		s.TB = t
		frames++
		alive := fmt.Sprintf("alive-%d", frames)
		c.send(frame)
		c.send(`{"do":"ping","cid":"` + alive + `"}`)
		for e := c.next(); e["kind"] != "ack" || e["cid"] != alive; e = c.next() {
			if e["kind"] == "ack" || e["kind"] == "nack" {
				answers++ // of this one, or of a post that went before
			}
			if e["kind"] == "nack" && (e["code"] == "unavailable" || e["message"] == "") {
				t.Errorf("%q: %v", frame, e)
			}
		}
		if answers > frames {
			t.Errorf("%q: %d frames have %d answers", frame, frames, answers)
		}
	})
}

// FuzzCookie: no value of a cookie that the server did not make is anybody's, and none makes it fail.
func FuzzCookie(f *testing.F) {
	s := newServer(f)
	name := "chatd-" + s.chat.DataID()[:8] + "="
	for _, seed := range []string{"", "x", strings.Repeat("A", 43), strings.Repeat("_", 43), `"` + strings.Repeat("A", 43) + `"`, "a; " + name + "b", strings.Repeat("A", 10000), "\x00", "é"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, value string) {
		for _, header := range []http.Header{{"Cookie": {name + value}}, {"Authorization": {"Bearer " + value}}, {"Authorization": {value}}, {"Cookie": {value}}} {
			r := httptest.NewRequest(http.MethodGet, "http://localhost/api/me", nil)
			r.Header = header
			w := httptest.NewRecorder()
			s.handler.ServeHTTP(w, r)
			if w.Code != http.StatusUnauthorized || w.Header()["Set-Cookie"] != nil {
				t.Errorf("%q: %d %s", header, w.Code, w.Body)
			}
		}
	})
}

// FuzzSubscription: wherever a client says it was, the stream begins with something: what it missed, or a reset. Never silence.
func FuzzSubscription(f *testing.F) {
	s := newServer(f)
	ana := s.signIn("ana")
	last := s.post(ana, "lobby", "one")
	epoch := s.chat.Epoch()
	actor := chat.Actor{Person: chat.Person{ID: chat.NewID(), Name: "bob"}}
	for _, seed := range []string{"", "after=" + last, "after=" + last + "&epoch=" + epoch, "after=x&epoch=" + epoch, "after=0&epoch=" + epoch, "after=99&epoch=" + epoch, "rooms=", "rooms=,,", "rooms=lobby", "%zz", "after=1&after=2"} {
		f.Add(seed, "")
		f.Add(seed, last)
		f.Add(seed, "9223372036854775807")
	}
	f.Fuzz(func(t *testing.T, query, lastEvent string) {
		r := httptest.NewRequest(http.MethodGet, "http://localhost/api/stream", nil)
		r.URL.RawQuery = query
		r.Header["Last-Event-Id"] = []string{lastEvent}
		sub := web.Subscription(s.handler, r)
		feed, err := s.chat.Subscribe(t.Context(), actor, sub)
		if err != nil {
			t.Fatalf("%q, %q: %v", query, lastEvent, err)
		}
		defer feed.Close()
		resumed := feed.Resumed(sub)
		params, _ := url.ParseQuery(query)
		if asked := params.Has("after") || lastEvent != ""; resumed && (!asked || params.Get("epoch") != epoch) {
			t.Errorf("%q, %q: resumed", query, lastEvent)
		} else if batch, err := feed.Next(t.Context()); err != nil || batch.Reset != (asked && !resumed) || !batch.Reset && !batch.Live {
			t.Errorf("%q, %q: %+v, %v", query, lastEvent, batch, err)
		}
	})
}
