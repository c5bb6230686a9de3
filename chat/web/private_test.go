package web_test

import (
	"net/http"
	"strings"
	"testing"
)

// A private room, and a direct conversation of others, is for everybody else as one that is not there: at
// every address, with the same words, and in no list.
func TestPrivateRoomIsNotThere(t *testing.T) {
	s := newServer(t)
	ana, bob := s.signIn("ana"), s.signIn("bob")
	call := func(p person, method, path, body string) answer {
		t.Helper()
		return s.call(method, path, body, p.lines("Content-Type: application/json")...)
	}
	if a := call(ana, "POST", "/api/rooms", `{"room":"board","title":"Board of secrets","private":true}`); a.StatusCode != http.StatusCreated {
		t.Fatal(a.text)
	}
	direct := call(ana, "POST", "/api/direct", `{"people":["`+bob.id+`"]}`).object()["room"].(string)
	for _, room := range []string{"board", direct} {
		said, eve := s.post(ana, room, "a secret"), s.signIn("eve"+room[:2]) // another each time: one may ask so much at once
		for _, c := range []struct{ method, path, body string }{
			{"GET", "/api/rooms/{room}/messages", ""},
			{"GET", "/api/rooms/{room}/messages?around=" + said, ""},
			{"GET", "/api/rooms/{room}/members", ""},
			{"POST", "/api/rooms/{room}/messages", `{"text":"hi"}`},
			{"POST", "/api/rooms/{room}/join", ""},
			{"POST", "/api/rooms/{room}/leave", ""},
			{"POST", "/api/rooms/{room}/change", `{"topic":"mine"}`},
			{"POST", "/api/rooms/{room}/archive", ""},
			{"POST", "/api/rooms/{room}/mute", `{"muted":true}`},
			{"POST", "/api/rooms/{room}/invite", `{"person":"` + eve.id + `"}`},
			{"POST", "/api/rooms/{room}/remove", `{"person":"` + ana.id + `"}`},
			{"GET", "/r/{room}", ""},
			{"GET", "/r/{room}/" + said, ""},
		} {
			real, absent := strings.ReplaceAll(c.path, "{room}", room), strings.ReplaceAll(c.path, "{room}", "nowhere")
			a, b := call(eve, c.method, real, c.body), call(eve, c.method, absent, c.body)
			if a.StatusCode != http.StatusNotFound || a.StatusCode != b.StatusCode || a.text != b.text {
				t.Errorf("%s %s: %d %s\nof a room that is not there: %d %s", c.method, real, a.StatusCode, a.text, b.StatusCode, b.text)
			}
		}
		for _, path := range []string{"/api/rooms", "/r/lobby", "/api/people", "/api/me"} {
			if a := call(eve, "GET", path, ""); a.StatusCode != http.StatusOK || strings.Contains(a.text, room) || strings.Contains(a.text, "secret") {
				t.Errorf("%s tells of %s: %d %s", path, room, a.StatusCode, a.text)
			}
		}
	}
	if a := call(ana, "GET", "/api/rooms", ""); !strings.Contains(a.text, "Board of secrets") || !strings.Contains(a.text, direct) {
		t.Errorf("ana's list: %s", a.text)
	}
}
