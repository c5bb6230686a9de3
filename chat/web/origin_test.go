package web_test

import (
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// commands are all requests that change something. TestEveryCommandIsListed holds the list against the routes.
var commands = []struct{ method, target, body string }{
	{"POST", "/login", "nickname=eve"},
	{"POST", "/logout", ""},
	{"POST", "/account/password", "password=correct+horse+battery"},
	{"POST", "/account/phone", ""},
	{"POST", "/phone/x", ""},
	{"POST", "/host/x", ""},
	{"POST", "/settings", "do=switches&join=nobody&rooms=guest"},
	{"POST", "/language", "language=de"},
	{"POST", "/api/rooms", `{"room":"ops"}`},
	{"POST", "/api/rooms/den/join", ""},
	{"POST", "/api/rooms/den/leave", ""},
	{"POST", "/api/rooms/den/change", `{"topic":"t"}`},
	{"POST", "/api/rooms/den/archive", ""},
	{"POST", "/api/rooms/den/mute", `{"muted":true}`},
	{"POST", "/api/rooms/den/invite", `{"person":"1"}`},
	{"POST", "/api/rooms/den/remove", `{"person":"1"}`},
	{"POST", "/api/direct", `{"people":["1"]}`},
	{"POST", "/api/rooms/lobby/messages", "hi"},
	{"POST", "/api/commands", `{"do":"pin","cid":"c","room":"lobby","message":"1"}`},
	{"PUT", "/api/rooms/lobby", ""},
	{"DELETE", "/r/lobby", ""},
	{"PATCH", "/", ""},
	{"OPTIONS", "/api/rooms", ""},
}

func TestEveryCommandIsListed(t *testing.T) {
	routes, err := os.ReadFile("routes.go")
	if err != nil {
		t.Fatal(err)
	}
	found := regexp.MustCompile(`"(POST|PUT|PATCH|DELETE) (/[^"]*)"`).FindAllStringSubmatch(string(routes), -1)
	if len(found) < 6 {
		t.Fatalf("%d commands in routes.go", len(found))
	}
	for _, route := range found {
		pattern := regexp.MustCompile("^" + regexp.MustCompile(`\{\w+\}`).ReplaceAllString(route[2], "[^/]+") + "$")
		listed := false
		for _, c := range commands {
			listed = listed || c.method == route[1] && pattern.MatchString(c.target)
		}
		if !listed {
			t.Errorf("%s is not tested for foreign origins", route[0])
		}
	}
}

// cookie stands in a case for the person's own Cookie line.
const cookie = "COOKIE"

func TestOrigins(t *testing.T) {
	s := newServer(t)
	ana := s.signIn("ana")
	bearer := s.bot("deploy")
	port := s.addr[strings.LastIndex(s.addr, ":"):]
	for name, c := range map[string]struct {
		lines             []string
		upgrade, commands bool
	}{
		"own":                      {[]string{cookie, "Origin: " + s.origin}, true, true},
		"foreign host":             {[]string{cookie, "Origin: http://evil.example"}, false, false},
		"other scheme":             {[]string{cookie, "Origin: https://" + s.addr}, false, false},
		"other port":               {[]string{cookie, "Origin: http://127.0.0.1:1"}, false, false},
		"no port":                  {[]string{cookie, "Origin: http://127.0.0.1"}, false, false},
		"other name, same machine": {[]string{cookie, "Origin: http://localhost" + port}, false, false},
		"null":                     {[]string{cookie, "Origin: null"}, false, false},
		"empty":                    {[]string{cookie, "Origin: "}, false, false},
		"suffix":                   {[]string{cookie, "Origin: " + s.origin + ".evil.example"}, false, false},
		"prefix":                   {[]string{cookie, "Origin: http://evil-" + s.addr}, false, false},
		"as user of another":       {[]string{cookie, "Origin: " + s.origin + "@evil.example"}, false, false},
		"with a path":              {[]string{cookie, "Origin: " + s.origin + "/"}, false, false},
		"upper case":               {[]string{cookie, "Origin: HTTP://" + s.addr}, false, false},
		"two, one foreign":         {[]string{cookie, "Origin: " + s.origin, "Origin: http://evil.example"}, false, false},
		"two in one":               {[]string{cookie, "Origin: " + s.origin + ", " + s.origin}, false, false},
		"twice the own":            {[]string{cookie, "Origin: " + s.origin, "Origin: " + s.origin}, false, false},
		"absent":                   {[]string{cookie}, false, false},
		"absent, same-origin":      {[]string{cookie, "Sec-Fetch-Site: same-origin"}, false, true},
		"absent, same-site":        {[]string{cookie, "Sec-Fetch-Site: same-site"}, false, false},
		"absent, cross-site":       {[]string{cookie, "Sec-Fetch-Site: cross-site"}, false, false},
		"absent, none":             {[]string{cookie, "Sec-Fetch-Site: none"}, false, false},
		"own and same-origin":      {[]string{cookie, "Origin: " + s.origin, "Sec-Fetch-Site: same-origin"}, true, true},
		"own, but cross-site":      {[]string{cookie, "Origin: " + s.origin, "Sec-Fetch-Site: cross-site"}, true, false},
		"bot":                      {[]string{bearer}, true, true},
		"bot, own":                 {[]string{bearer, "Origin: " + s.origin}, true, true},
		"bot, foreign":             {[]string{bearer, "Origin: http://evil.example"}, false, false},
		"bot, cross-site":          {[]string{bearer, "Sec-Fetch-Site: cross-site"}, false, false},
		"bot with a cookie":        {[]string{bearer, cookie}, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			s := s.in(t)
			lines := slices.Clone(c.lines)
			if i := slices.Index(lines, cookie); i >= 0 {
				lines[i] = "Cookie: " + ana.cookie
			}
			if c.commands {
				if a := s.call("POST", "/api/rooms/lobby/messages", "hi", lines...); a.StatusCode != http.StatusCreated {
					t.Errorf("posting: %d %s", a.StatusCode, a.text)
				}
			} else {
				s.unchanged(name, func() {
					for _, command := range commands {
						a := s.call(command.method, command.target, command.body, lines...)
						a.is(http.StatusForbidden, "forbidden")
						if got := a.Header["Set-Cookie"]; got != nil {
							t.Errorf("%s %s: %s", command.method, command.target, got)
						}
					}
				})
			}
			a := s.call("GET", "/api/stream", "", append(lines, upgrade...)...)
			want := map[bool]int{true: http.StatusSwitchingProtocols, false: http.StatusForbidden}[c.upgrade]
			if a.StatusCode != want || a.Header["Set-Cookie"] != nil {
				t.Errorf("upgrade: %d %s, want %d", a.StatusCode, a.text, want)
			}
		})
	}
	if a := s.call("GET", "/api/me", "", ana.lines()...); a.StatusCode != http.StatusOK {
		t.Errorf("a foreign request signed ana out: %d", a.StatusCode)
	}
}

// A program that is not signed in has no cookie that others could use: it may sign in without an Origin, and
// learns that it is nobody.
func TestAbsentOriginWithoutCookie(t *testing.T) {
	s := newServer(t)
	if a := s.call("POST", "/login", "nickname=ana", form); a.StatusCode != http.StatusSeeOther {
		t.Errorf("signing in: %d", a.StatusCode)
	}
	s.call("GET", "/api/stream", "", upgrade...).is(http.StatusUnauthorized, "signed_out")
	s.call("POST", "/api/rooms/lobby/messages", "hi").is(http.StatusUnauthorized, "signed_out")
	s.call("GET", "/api/stream", "", events, "Origin: http://evil.example").is(http.StatusUnauthorized, "signed_out")
}

func TestEventSourceFromElsewhere(t *testing.T) {
	s := newServer(t)
	ana := s.signIn("ana")
	for _, line := range []string{"Origin: http://evil.example", "Origin: null", "Sec-Fetch-Site: cross-site", "Sec-Fetch-Site: same-site"} {
		s.call("GET", "/api/stream", "", events, "Cookie: "+ana.cookie, line).is(http.StatusForbidden, "forbidden")
	}
	for _, line := range []string{"Origin: " + s.origin, "Sec-Fetch-Site: same-origin", "Sec-Fetch-Site: none", "X-Nothing: at all"} {
		if a := s.call("GET", "/api/stream", "", events, "Cookie: "+ana.cookie, line); a.StatusCode != http.StatusOK {
			t.Errorf("%s: %d %s", line, a.StatusCode, a.text)
		}
	}
}

func TestHosts(t *testing.T) {
	name, err := os.Hostname()
	if err != nil {
		t.Fatal(err)
	}
	own := []string{
		"127.0.0.1", "127.0.0.1:5000", "192.168.1.7:5000", "[::1]", "[::1]:5000", "[fe80::1]:5000", "8.8.8.8",
		"localhost", "localhost:5000", "LOCALHOST:5000", "localhost.", "chat.localhost", "nas", "nas:80", "nas.local", "NAS.LOCAL:5000", name, strings.ToUpper(name) + ":5000",
	}
	foreign := []string{
		"", ":5000", "evil.example", "evil.example:5000", "localhost.evil.com", "127.0.0.1.evil.com", "127.0.0.1.nip.io", "nas.local.evil.example", "evil-local.example",
		"chat.example.org", "localhost:80;sandbox", "localhost:http", "localhost@evil.example", "[::1].evil.example", "[fe80::1%25;x]", "[localhost]", "loc%61lhost", "localhost,evil", "*",
	}
	serves := func(s *server, want bool, hosts ...string) {
		t.Helper()
		for _, host := range hosts {
			for _, target := range []string{"/login", "/api/me", "/healthz", s.prefix + "/css/base.css"} {
				a := s.call("GET", target, "", "Host: "+host)
				misdirected := a.StatusCode == http.StatusMisdirectedRequest
				if misdirected == want && a.StatusCode != http.StatusBadRequest { // net/http's own word on what is no host at all
					t.Errorf("Host %q, %s: %d", host, target, a.StatusCode)
				}
				if misdirected && (strings.Contains(a.text, "<") || !strings.Contains(a.text, "--public-url")) {
					t.Errorf("421 says %q", a.text)
				}
			}
		}
	}
	s := newServer(t)
	serves(s, true, own...)
	serves(s, false, foreign...)

	public := newServer(t, func(o *settings) { o.PublicURL = &url.URL{Scheme: "https", Host: "chat.example.org", Path: "/"} })
	serves(public, true, own...)
	serves(public, true, "chat.example.org", "CHAT.example.org", "chat.example.org:443")
	serves(public, false, "chat.example.org.evil.com", "evil.example", "xchat.example.org", "chat.example.org:444")
}

// Whatever the port of the scheme, browsers leave it out of the Origin, and some programs put it into the Host.
func TestDefaultPorts(t *testing.T) {
	s := newServer(t, func(o *settings) { o.PublicURL = &url.URL{Scheme: "https", Host: "chat.example.org"} })
	bearer := s.bot("deploy")
	for _, c := range []struct {
		host, origin string
		want         int
	}{
		{"chat.example.org", "https://chat.example.org", 201},
		{"chat.example.org:443", "https://chat.example.org", 201},
		{"CHAT.example.org", "https://chat.example.org", 201},
		{"chat.example.org", "http://chat.example.org", 403},
		{"chat.example.org", "https://chat.example.org:443", 403},
		{"chat.example.org", "https://chat.example.org:8443", 403},
		{"localhost:80", "http://localhost", 201},
		{"localhost", "http://localhost", 201},
		{"LOCALHOST", "http://localhost", 201},
		{"localhost", "https://localhost", 403},
		{"localhost", "http://localhost:5000", 403},
		{"[::1]:80", "http://[::1]", 201},
	} {
		a := s.call("POST", "/api/rooms/lobby/messages", "hi", bearer, "Host: "+c.host, "Origin: "+c.origin)
		if a.StatusCode != c.want {
			t.Errorf("Host %s, Origin %s: %d, want %d", c.host, c.origin, a.StatusCode, c.want)
		}
	}
}

var loopback = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}

// proxied is a server behind a proxy that speaks TLS.
func proxied(o *settings) { o.TrustedProxies = loopback }

func TestForwardedHeaders(t *testing.T) {
	behind := []string{"X-Forwarded-Proto: https", "X-Forwarded-Host: nas.local"}
	bare, trusting := newServer(t), newServer(t, proxied)
	for _, c := range []struct {
		s      *server
		origin string
		more   []string
		want   int
	}{
		{bare, "https://nas.local", nil, 403}, // nobody may say who he is unless he is trusted
		{bare, bare.origin, nil, 201},
		{trusting, "https://nas.local", nil, 201},
		{trusting, trusting.origin, nil, 403},
		{trusting, "http://nas.local", nil, 403},
		// Only what the nearest proxy wrote counts: it writes last.
		{trusting, "https://nas.local", []string{"X-Forwarded-Proto: http"}, 403},
		{trusting, "http://nas.local", []string{"X-Forwarded-Proto: http"}, 201},
		{trusting, "https://evil.local", []string{"X-Forwarded-Host: other.local"}, 403},
		{trusting, "https://other.local", []string{"X-Forwarded-Host: evil.local, other.local"}, 201},
		{trusting, "https://nas.local", []string{"X-Forwarded-Proto: gopher"}, 403},
	} {
		lines := append(append([]string{c.s.bot("deploy"), "Origin: " + c.origin}, behind...), c.more...)
		if a := c.s.call("POST", "/api/rooms/lobby/messages", "hi", lines...); a.StatusCode != c.want {
			t.Errorf("Origin %s, %q: %d %s, want %d", c.origin, c.more, a.StatusCode, a.text, c.want)
		}
	}
	if a := trusting.call("GET", "/login", "", "X-Forwarded-Host: evil.example"); a.StatusCode != http.StatusMisdirectedRequest {
		t.Errorf("a forwarded foreign host: %d", a.StatusCode)
	}
	if a := bare.call("GET", "/login", "", "X-Forwarded-Host: evil.example"); a.StatusCode != http.StatusOK {
		t.Errorf("a foreign host that nobody trusted forwards: %d", a.StatusCode)
	}
}
