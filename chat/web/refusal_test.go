package web_test

import (
	"strings"
	"testing"
)

// TestRefusalLanguage: a refusal is in the language that the request asks for, with its values, and in English for a program.
func TestRefusalLanguage(t *testing.T) {
	s := newServer(t)
	ana := s.signIn("ana")
	long := `{"text":"` + strings.Repeat("x", 1<<14+1) + `"}`
	for _, c := range []struct{ target, body, language, want string }{
		{"/api/rooms/nowhere/messages", `{"text":"hi"}`, "", "There is no such room."},
		{"/api/rooms/nowhere/messages", `{"text":"hi"}`, "Accept-Language: de", "Diesen Raum gibt es nicht."},
		{"/api/rooms/lobby/messages", long, "Accept-Language: fr", "Un message peut avoir 16384 octets de texte ; celui-ci en a 16385. Envoyez-le en plusieurs fois."},
		{"/api/direct", `{"people":5}`, "Accept-Language: es", "Eso no se puede hacer así."}, // of which only the code has a text
	} {
		lines := ana.lines(jsonBody)
		if c.language != "" {
			lines = append(lines, c.language)
		}
		a := s.call("POST", c.target, c.body, lines...)
		if got := a.object()["message"]; got != c.want {
			t.Errorf("%s: %q is refused with %q, want %q", c.target, c.language, got, c.want)
		}
	}
	german := s.dial("/api/stream", ana.lines("Accept-Language: de")...)
	defer german.bye()
	german.until("presence")
	if got := german.say("c1", "nowhere", "hi")["message"]; got != "Diesen Raum gibt es nicht." {
		t.Errorf("a stream in German refuses with %q", got)
	}
}
