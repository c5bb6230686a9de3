package web_test

import (
	"encoding/json"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// everywhere are the headers of every answer, whatever it is.
var everywhere = map[string]string{
	"X-Content-Type-Options":       "nosniff",
	"X-Frame-Options":              "DENY",
	"Referrer-Policy":              "same-origin",
	"Cross-Origin-Opener-Policy":   "same-origin",
	"Cross-Origin-Resource-Policy": "same-origin",
	"Origin-Agent-Cluster":         "?1",
	"Permissions-Policy":           "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
}

// policy is the Content-Security-Policy of a page.
func policy(stream string) string {
	return "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; media-src 'self' blob:; font-src 'self'; connect-src 'self' " + stream +
		"; manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; frame-src 'none'; object-src 'none'; require-trusted-types-for 'script'; trusted-types chatd"
}

func TestHeadersOfEveryAnswer(t *testing.T) {
	s := newServer(t, proxied, func(o *settings) { o.LoginRate = 3 })
	ana := s.signIn("ana")
	const page, js, text = "text/html; charset=utf-8", "application/json; charset=utf-8", "text/plain; charset=utf-8"
	post := s.post(ana, "lobby", "hi")
	for name, c := range map[string]struct {
		a           answer
		status      int
		contentType string
	}{
		"login":            {s.call("GET", "/login", ""), 200, page},
		"login, head":      {s.call("HEAD", "/login", ""), 200, page},
		"refused name":     {s.call("POST", "/login", "nickname=admin", form), 409, page},
		"malformed name":   {s.call("POST", "/login", "nickname=", form), 422, page},
		"too many":         {s.call("POST", "/login", "nickname=x", form), 429, page},
		"room":             {s.call("GET", "/r/lobby", "", ana.lines()...), 200, page},
		"message":          {s.call("GET", "/r/lobby/"+post, "", ana.lines()...), 200, page},
		"room, signed out": {s.call("GET", "/r/lobby", ""), 303, page},
		"home":             {s.call("GET", "/", "", ana.lines()...), 303, page},
		"no page":          {s.call("GET", "/nothing", ""), 404, page},
		"no room":          {s.call("GET", "/r/nowhere", "", ana.lines()...), 404, page},
		"unclean path":     {s.call("GET", "//r/lobby", "", ana.lines()...), 307, page},
		"other method":     {s.call("DELETE", "/login", ""), 404, page},
		"421":              {s.call("GET", "/login", "", "Host: evil.example"), 421, text},
		"me":               {s.call("GET", "/api/me", "", ana.lines()...), 200, js},
		"401":              {s.call("GET", "/api/me", ""), 401, js},
		"403":              {s.call("POST", "/api/rooms/lobby/messages", "hi", "Origin: null"), 403, js},
		"api 404":          {s.call("GET", "/api/nothing", ""), 404, js},
		"400":              {s.call("GET", "/api/rooms/lobby/messages?limit=x", "", ana.lines()...), 400, js},
		"rooms":            {s.call("GET", "/api/rooms", "", ana.lines()...), 200, js},
		"healthz":          {s.call("GET", "/healthz", ""), 200, js},
		"readyz":           {s.call("GET", "/readyz", ""), 200, js},
		"version":          {s.call("GET", "/version", ""), 200, js},
		"qr":               {s.call("GET", "/qr.svg", "", ana.lines()...), 200, "image/svg+xml"},
		"style sheet":      {s.call("GET", s.prefix+"/css/base.css", ""), 200, "text/css; charset=utf-8"},
		"script":           {s.call("GET", s.prefix+"/js/main.js", "", "Accept-Encoding: gzip"), 200, "text/javascript; charset=utf-8"},
		"asset, head":      {s.call("HEAD", s.prefix+"/js/main.js", ""), 200, "text/javascript; charset=utf-8"},
		"no asset":         {s.call("GET", s.prefix+"/js/nothing.js", ""), 404, text},
		"asset's folder":   {s.call("GET", s.prefix+"/js/", ""), 404, text},
		"template":         {s.call("GET", s.prefix+"/templates/index.html", ""), 404, text},
		"outside":          {s.call("GET", s.prefix+"/%2e%2e/go.mod", ""), 404, text},
		"events":           {s.call("GET", "/api/stream", "", ana.lines(events)...), 200, "text/event-stream"},
		"upgrade":          {s.call("GET", "/api/stream", "", append(ana.lines(), upgrade...)...), 101, ""},
		"bad upgrade":      {s.call("GET", "/api/stream", "", append(ana.lines(), upgrade[:3]...)...), 400, text},
	} {
		header := c.a.Header
		if c.a.StatusCode != c.status || header.Get("Content-Type") != c.contentType && c.status/100 != 3 {
			t.Errorf("%s: %d %s, want %d %s", name, c.a.StatusCode, header.Get("Content-Type"), c.status, c.contentType)
		}
		for key, want := range everywhere {
			if got := header[key]; len(got) != 1 || got[0] != want {
				t.Errorf("%s: %s: %q", name, key, got)
			}
		}
		cache := "no-store"
		if name == "style sheet" || name == "script" || name == "asset, head" {
			cache = "public, max-age=31536000, immutable"
		}
		if got := header.Get("Cache-Control"); got != cache {
			t.Errorf("%s: Cache-Control: %s", name, got)
		}
		for key := range header {
			if strings.HasPrefix(key, "Access-Control-") || key == "Server" || key == "X-Powered-By" || key == "Strict-Transport-Security" {
				t.Errorf("%s: %s: %s", name, key, header[key])
			}
		}
		want := ""
		switch {
		case c.contentType == page && c.status/100 != 3:
			want = policy("ws://" + s.addr)
		case name == "qr":
			want = "default-src 'none'"
		}
		if got := header["Content-Security-Policy"]; want != strings.Join(got, "\n") {
			t.Errorf("%s: Content-Security-Policy: %q", name, got)
		}
		if strings.Contains(c.a.text, ".go:") || strings.Contains(c.a.text, "goroutine") || name != "version" && strings.Contains(c.a.text, "1.2.3") {
			t.Errorf("%s tells too much: %s", name, c.a.text)
		}
	}
	a := s.call("GET", "/login", "", "X-Forwarded-Proto: https", "X-Forwarded-Host: nas.local")
	if got := a.Header.Get("Content-Security-Policy"); got != policy("wss://nas.local") || a.Header.Get("Strict-Transport-Security") != "max-age=31536000" {
		t.Errorf("on https: %v", a.Header)
	}
}

// No address that can be read changes anything by being read: every GET there is, by everybody.
func TestReadingChangesNothing(t *testing.T) {
	s := newServer(t)
	ana := s.signIn("ana")
	bearer := s.bot("deploy")
	s.call("POST", "/api/rooms", `{"room":"ops"}`, ana.lines()...)
	id := s.post(ana, "ops", "hi")
	source, err := os.ReadFile("routes.go")
	s.ok(err)
	found := regexp.MustCompile(`"GET (/[^"]*)"`).FindAllStringSubmatch(string(source), -1)
	if len(found) < 12 {
		t.Fatalf("%d routes", len(found))
	}
	targets := []string{"/logout", "/api/rooms/ops/join", "/api/rooms/ops/leave", s.prefix + "/js/main.js"}
	for _, route := range found {
		targets = append(targets, strings.NewReplacer("{$}", "", "{room}", "ops", "{id}", id).Replace(route[1]))
	}
	query := "?" + url.Values{"nickname": {"eve"}, "room": {"ops"}, "text": {"hi"}, "cid": {"c1"}, "do": {"post"}, "leave": {"1"}, "next": {"/logout"}}.Encode()
	before := s.call("GET", "/api/rooms", "", ana.lines()...).text
	s.unchanged("reading", func() {
		for _, target := range targets {
			for _, method := range []string{"GET", "HEAD"} {
				for _, lines := range [][]string{nil, {bearer}, ana.lines(), {"Cookie: " + ana.cookie, "Origin: http://evil.example", "Sec-Fetch-Site: cross-site"}} {
					for _, q := range []string{"", query} {
						if a := s.call(method, target+q, "", append(lines, "X-HTTP-Method-Override: POST")...); a.StatusCode >= 500 || a.Header["Set-Cookie"] != nil {
							t.Errorf("%s %s: %d %s", method, target+q, a.StatusCode, a.Header["Set-Cookie"])
						}
					}
				}
			}
		}
	})
	if after := s.call("GET", "/api/rooms", "", ana.lines()...).text; after != before {
		t.Errorf("%s became %s", before, after)
	}
	s.live(ana).bye()
}

// What people say stays text in a page: in its markup, and in the data for its script.
func TestPageKeepsTextText(t *testing.T) {
	s := newServer(t)
	ana := s.signIn(url.QueryEscape(`<b onclick=x>"'&ana`))
	texts := []string{
		`</script><script>alert(1)</script>`, "<!--<script>", "a\u2028\u2029b", `<img src=x onerror=alert(1)>`, `{{.}}`, `http://a.example/"><script>alert(2)</script>`,
		`"]}</script>`, `<bdi></bdi></li></main>`, `javascript:alert(1)`, "&lt;b&gt;", `\u003c/script>`,
	}
	for _, text := range texts {
		s.post(ana, "lobby", text)
	}
	page, err := html.Parse(strings.NewReader(s.call("GET", "/r/lobby", "", ana.lines()...).text))
	s.ok(err)
	var scripts []string
	var state struct {
		Me       struct{ Name string }
		Messages []struct{ Text string }
	}
	shown := map[string]bool{}
	for n := range page.Descendants() {
		if n.Type == html.ElementNode {
			content := textOf(n)
			shown[content] = true
			for _, a := range n.Attr {
				if strings.HasPrefix(a.Key, "on") || a.Key == "style" || (a.Key == "href" || a.Key == "src" || a.Key == "action") && !regexp.MustCompile(`^(/[^/]|/$|#|http://a\.example)`).MatchString(a.Val) {
					t.Errorf("<%s %s=%q>", n.Data, a.Key, a.Val)
				}
				if n.Data == "script" && a.Key == "type" {
					scripts = append(scripts, a.Val)
				}
				if a.Key == "id" && a.Val == "state" {
					s.ok(json.Unmarshal([]byte(content), &state))
				}
			}
		}
	}
	slices.Sort(scripts)
	if got := strings.Join(scripts, " "); got != "application/json module module" {
		t.Errorf("scripts: %s", got)
	}
	if state.Me.Name != `<b onclick=x>"'&ana` || len(state.Messages) != len(texts) {
		t.Fatalf("the state is %+v", state)
	}
	for i, text := range texts {
		if state.Messages[i].Text != text || !shown[text] {
			t.Errorf("%q is %q in the state; shown: %t", text, state.Messages[i].Text, shown[text])
		}
	}
}

// textOf is the text in an element.
func textOf(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return b.String()
}
