package web_test

import (
	"encoding/json"
	"io/fs"
	"net/http"
	"strings"
	"testing"
	"testing/fstest"

	"chatd/assets"
)

// brokenPage is the product's pages, of which one makes the program fail.
func brokenPage(t *testing.T) fs.FS {
	pages := fstest.MapFS{"error.html": {Data: []byte("{{.Nothing}}")}}
	for _, name := range []string{"login.html", "index.html", "parts.html"} {
		data, err := fs.ReadFile(assets.Templates(), name)
		if err != nil {
			t.Fatal(err)
		}
		pages[name] = &fstest.MapFile{Data: data}
	}
	return pages
}

// A whole story at the lowest level: one record a line, whatever people call themselves or ask for, and in none of them
// what was said, or what would let somebody in.
func TestLogs(t *testing.T) {
	s := newServer(t, func(o *settings) { o.Templates = brokenPage(t) })
	ana := s.signIn("ana")
	_, cookie, _ := strings.Cut(ana.cookie, "=")
	bearer := s.bot("deploy")
	const secret = "xyzzy-said-in-confidence"
	c := s.live(ana)
	c.say("c1", "lobby", secret)
	c.say("c1", "lobby", secret+" again") // a conflict
	c.send(`{"do":"post","cid":"c2","room":"lobby","text":"` + secret + `","` + secret + `":1}`)
	c.until("nack")
	s.call("POST", "/api/rooms/lobby/messages", secret, bearer)
	s.call("POST", "/api/rooms/lobby/messages", `{"text":"`+secret+`",}`, ana.lines(jsonBody)...)
	s.call("GET", "/r/lobby", "", ana.lines()...)
	s.listen("/api/stream", ana.lines()...).until("live")
	for _, name := range []string{"eve%0aINFO+forged", "eve%1b[31m", "eve%c2%85x", "%e2%80%a8", "eve%0d%0a{%22level%22:%22ERROR%22}"} {
		s.call("POST", "/login", "nickname="+name, form)
	}
	raw := &socket{server: s, conn: s.connect()}
	raw.bytes("GET / HTTP/1.1\r\nHost: localhost\r\nCookie: " + ana.cookie + "\r\nBad Header: " + cookie + "\r\n\r\n")
	raw.gone()
	c.frame(fin|opBinary, secret)
	c.closed()
	c.Close()

	before := strings.Count(s.log.String(), "\n")
	for _, path := range []string{"/a%0aINFO%20forged", "/a%0d%0a%7b%22level%22:%22ERROR%22%7d", "/%1b%5b31m", "/%c2%85", "/%e2%80%a8x", "/%ff"} {
		a := s.call("GET", path, "", ana.lines("X-Secret: "+secret)...)
		if a.StatusCode != http.StatusInternalServerError || a.code() != "unavailable" || strings.Contains(a.text, ".go") {
			t.Errorf("%s: %d %s", path, a.StatusCode, a.text)
		}
	}
	lines := strings.Split(strings.TrimSuffix(s.log.String(), "\n"), "\n")
	if len(lines) != before+6 {
		t.Errorf("six failures make %d records", len(lines)-before)
	}
	for _, line := range lines {
		var record map[string]any
		if err := json.Unmarshal([]byte(line), &record); err != nil || record["msg"] == nil {
			t.Errorf("%q is no record: %v", line, err)
		}
	}
	_, token, _ := strings.Cut(bearer, "Bearer ")
	for name, hidden := range map[string]string{"text": secret, "a cookie": cookie, "a token": token, "an escape character": "\x1b"} {
		if strings.Contains(s.log.String(), hidden) {
			t.Errorf("the log has %s: %s", name, s.log)
		}
	}
}
