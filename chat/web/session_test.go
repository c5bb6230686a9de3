package web_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestCookie(t *testing.T) {
	plain, secure := newServer(t), newServer(t, proxied)
	public := newServer(t, func(o *settings) { o.PublicURL = &url.URL{Scheme: "https", Host: "chat.example.org"} })
	https := "X-Forwarded-Proto: https"
	for nickname, c := range map[string]struct {
		s     *server
		lines []string
		want  string
	}{
		"http":            {plain, nil, `^chatd-` + plain.chat.DataID()[:8] + `=[A-Za-z0-9_-]{43}; Path=/; Max-Age=2592000; HttpOnly; SameSite=Lax$`},
		"https by nobody": {plain, []string{https}, `^chatd-` + plain.chat.DataID()[:8] + `=[A-Za-z0-9_-]{43}; Path=/; Max-Age=2592000; HttpOnly; SameSite=Lax$`},
		"https by proxy":  {secure, []string{https}, `^__Host-chatd=[A-Za-z0-9_-]{43}; Path=/; Max-Age=2592000; HttpOnly; Secure; SameSite=Lax$`},
		"http by proxy":   {secure, nil, `^chatd-[0-9a-f]{8}=[A-Za-z0-9_-]{43}; Path=/; Max-Age=2592000; HttpOnly; SameSite=Lax$`},
		"public address":  {public, []string{"Host: chat.example.org"}, `^__Host-chatd=[A-Za-z0-9_-]{43}; Path=/; Max-Age=2592000; HttpOnly; Secure; SameSite=Lax$`},
	} {
		a := c.s.call("POST", "/login", "nickname="+nickname, append(c.lines, form)...)
		if a.StatusCode != http.StatusSeeOther || a.Header.Get("Location") != "/" {
			t.Fatalf("%s: %d %s", nickname, a.StatusCode, a.text)
		}
		if got := a.Header["Set-Cookie"]; len(got) != 1 || !regexp.MustCompile(c.want).MatchString(got[0]) {
			t.Errorf("%s: %s, want %s", nickname, got, c.want)
		}
		sts := a.Header.Get("Strict-Transport-Security")
		if want := strings.Contains(c.want, "Secure"); want != (sts == "max-age=31536000") || !want && sts != "" {
			t.Errorf("%s: Strict-Transport-Security: %s", nickname, sts)
		}
	}
}

// The cookie of a plain connection is none on an encrypted one, where anybody in the network could have set it.
func TestPlainCookieOnHTTPS(t *testing.T) {
	s := newServer(t, proxied)
	ana := s.signIn("ana")
	s.call("GET", "/api/me", "", "X-Forwarded-Proto: https", "Cookie: "+ana.cookie).is(401, "signed_out")
}

func TestCookiesThatAreNone(t *testing.T) {
	s := newServer(t)
	ana, bob := s.signIn("ana"), s.signIn("bob")
	name, secret, _ := strings.Cut(ana.cookie, "=")
	flipped := secret[:20] + string(secret[20]^1) + secret[21:]
	for what, line := range map[string]string{
		"two":            ana.cookie + "; " + bob.cookie,
		"twice the same": ana.cookie + "; " + ana.cookie,
		"a flipped bit":  name + "=" + flipped,
		"empty":          name + "=",
		"short":          name + "=" + secret[:42],
		"long":           name + "=" + secret + "A",
		"padded":         name + "=" + secret + "=",
		"10 KB":          name + "=" + strings.Repeat("A", 10<<10),
		"not base64":     name + "=" + strings.Repeat("!", 43),
		"other base64":   name + "=" + strings.Repeat("+", 43),
		"last bits set":  name + "=" + strings.Repeat("_", 43),
		"quoted":         name + `="` + secret[:42] + `"`,
		"SQL":            name + "=' OR 1=1 --",
		"look-alike":     "chatd\u2000=" + secret,
		"another name":   "chatd=" + secret,
		"upper case":     strings.ToUpper(name) + "=" + secret,
		"of https":       "__Host-chatd=" + secret,
		"no name":        "=" + secret,
		"no value":       name,
	} {
		a := s.call("GET", "/api/me", "", "Cookie: "+line)
		if a.StatusCode != http.StatusUnauthorized {
			t.Errorf("%s: %d %s", what, a.StatusCode, a.text)
		}
		if a := s.call("GET", "/r/lobby", "", "Cookie: "+line); a.StatusCode != http.StatusSeeOther {
			t.Errorf("%s: the page is %d", what, a.StatusCode)
		}
		if a := s.call("GET", "/api/stream", "", append(upgrade, "Cookie: "+line, "Origin: "+s.origin)...); a.StatusCode != http.StatusUnauthorized {
			t.Errorf("%s: the upgrade is %d", what, a.StatusCode)
		}
	}
	if a := s.call("GET", "/api/me", "", "Cookie: a=b; "+ana.cookie+"; c=d", "Cookie: e=f"); a.StatusCode != http.StatusOK {
		t.Errorf("among others: %d", a.StatusCode)
	}
}

// Nobody can choose somebody's session for him, and a new sign-in is a new one.
func TestSessionsAreNeverAdopted(t *testing.T) {
	s := newServer(t)
	name := "chatd-" + s.chat.DataID()[:8]
	preset := name + "=" + strings.Repeat("A", 43)
	a := s.call("POST", "/login", "nickname=ana", form, "Cookie: "+preset, "Origin: "+s.origin)
	first, _, _ := strings.Cut(a.Header.Get("Set-Cookie"), ";")
	if a.StatusCode != http.StatusSeeOther || first == preset {
		t.Fatalf("%d, %s", a.StatusCode, first)
	}
	s.call("GET", "/api/me", "", "Cookie: "+preset).is(401, "signed_out")

	id := s.call("GET", "/api/me", "", "Cookie: "+first).object()["id"]
	c := s.dial("/api/stream", "Cookie: "+first, "Origin: "+s.origin)
	c.until("live")
	a = s.call("POST", "/login", "nickname=anna", form, "Cookie: "+first, "Origin: "+s.origin)
	second, _, _ := strings.Cut(a.Header.Get("Set-Cookie"), ";")
	if a.StatusCode != http.StatusSeeOther || second == first || second == "" {
		t.Fatalf("again: %d, %s", a.StatusCode, second)
	}
	if code := c.closed(); code != 4500 {
		t.Errorf("the old session's stream: %d", code)
	}
	c.answerClose()
	s.call("GET", "/api/me", "", "Cookie: "+first).is(401, "signed_out")
	if me := s.call("GET", "/api/me", "", "Cookie: "+second).object(); me["id"] != id || me["name"] != "anna" {
		t.Errorf("who signs in again is %v", me)
	}
}

func TestNicknamesThatAreRefused(t *testing.T) {
	s := newServer(t)
	s.signIn("ana")
	for typed, want := range map[string]int{
		"": 422, "   ": 422, "a\nb": 422, "a\x1b[31mb": 422, "a\x00b": 422, "x\u202ey": 422, "x\u200by": 422, "аna": 422, "\xff": 422, strings.Repeat("x", 33): 422, strings.Repeat("x", 60000): 422,
		"ana": 409, "ANA": 409, " Ana ": 409, "аnа": 422, "admin": 409, "System": 409, "chatd": 409,
	} {
		s.unchanged(typed, func() {
			a := s.call("POST", "/login", url.Values{"nickname": {typed}, "next": {"/r/ops"}}.Encode(), form)
			if a.StatusCode != want || a.Header["Set-Cookie"] != nil {
				t.Errorf("%.20q: %d, want %d", typed, a.StatusCode, want)
			}
			if !strings.Contains(a.text, `role="alert"`) {
				t.Errorf("%.20q: the page says nothing of it", typed)
			}
			if !strings.Contains(a.text, `value="/r/ops"`) {
				t.Errorf("%.20q: the page forgets where one wanted to go", typed)
			}
		})
	}
	a := s.call("POST", "/login", url.Values{"nickname": {`"><script>alert(1)</script> and more`}}.Encode(), form)
	if strings.Contains(a.text, "<script>alert") || !strings.Contains(a.text, `&#34;&gt;&lt;script&gt;`) {
		t.Errorf("what was typed is kept, as text: %s", a.text)
	}
	for name, body := range map[string]string{"bad escape": "nickname=%zz", "semicolon": "nickname=a;b=c"} {
		if a := s.call("POST", "/login", body, form); a.StatusCode != http.StatusBadRequest {
			t.Errorf("%s: %d", name, a.StatusCode)
		}
	}
	if a := s.call("POST", "/login", "nickname="+strings.Repeat("a", 70000), form); a.StatusCode != http.StatusRequestEntityTooLarge {
		t.Errorf("70,000 bytes: %d", a.StatusCode)
	}
}

func TestNextStaysHere(t *testing.T) {
	s := newServer(t)
	for next, want := range map[string]string{
		"/r/ops": "/r/ops", "/r/ops?x=1#7": "/r/ops?x=1#7", "/": "/", "": "/", "/r/ops/7": "/r/ops/7",
		"//evil.example": "/", "///evil.example": "/", `/\evil.example`: "/", `\\evil.example`: "/", "/\t/evil.example": "/", "/\n/evil.example": "/", "\t//evil.example": "/",
		"https://evil.example": "/", "https:evil.example": "/", "javascript:alert(1)": "/", "data:text/html,x": "/", "evil.example": "/", "r/ops": "/", "./x": "/", "?x": "/", "#x": "/",
		"/ /evil.example": "/", "/\x00": "/", "/\x7f": "/", `/r/\..\..\evil`: "/", "/%zz": "/", "/r/ops\r\nSet-Cookie: a=b": "/",
	} {
		a := s.call("POST", "/login", url.Values{"nickname": {"ana"}, "next": {next}}.Encode(), form)
		if got := a.Header.Get("Location"); a.StatusCode != http.StatusSeeOther || got != want {
			t.Errorf("next=%q leads to %q (%d), want %q", next, got, a.StatusCode, want)
		}
		cookie, _, _ := strings.Cut(a.Header.Get("Set-Cookie"), ";")
		a = s.call("GET", "/login?next="+url.QueryEscape(next), "", "Cookie: "+cookie)
		if got := a.Header.Get("Location"); a.StatusCode != http.StatusSeeOther || got != want {
			t.Errorf("already signed in, next=%q leads to %q (%d), want %q", next, got, a.StatusCode, want)
		}
		s.call("POST", "/logout", "", "Cookie: "+cookie, "Origin: "+s.origin)
	}
	// Wherever it leads, it leads to this host.
	for _, next := range []string{"/..//evil.example", "/.//evil.example", "/r/..//evil.example", "/%2f/evil.example", "/%5cevil.example", "/;//evil.example", "/@evil.example"} {
		a := s.call("POST", "/login", url.Values{"nickname": {"ana"}, "next": {next}}.Encode(), form)
		base, err := url.Parse(s.origin + "/login")
		s.ok(err)
		to, err := base.Parse(a.Header.Get("Location"))
		if err != nil || to.Host != s.addr || strings.HasPrefix(a.Header.Get("Location"), "//") {
			t.Errorf("next=%q leads to %v, %v", next, to, err)
		}
		cookie, _, _ := strings.Cut(a.Header.Get("Set-Cookie"), ";")
		s.call("POST", "/logout", "", "Cookie: "+cookie, "Origin: "+s.origin)
	}
}

func TestPagesSendStrangersToTheDoor(t *testing.T) {
	s := newServer(t)
	for target, want := range map[string]string{
		"/": "/login", "/r/lobby": "/login?next=%2Fr%2Flobby", "/r/lobby/7?x=y": "/login?next=%2Fr%2Flobby%2F7%3Fx%3Dy", "/qr.svg": "/login?next=%2Fqr.svg",
	} {
		if a := s.call("GET", target, ""); a.StatusCode != http.StatusSeeOther || a.Header.Get("Location") != want {
			t.Errorf("%s: %d %s", target, a.StatusCode, a.Header.Get("Location"))
		}
	}
	ana := s.signIn("ana")
	for target, want := range map[string]string{"/": "/r/lobby", "/login": "/", "/login?next=/r/lobby": "/r/lobby"} {
		if a := s.call("GET", target, "", ana.lines()...); a.StatusCode != http.StatusSeeOther || a.Header.Get("Location") != want {
			t.Errorf("%s: %d %s", target, a.StatusCode, a.Header.Get("Location"))
		}
	}
	s.call("POST", "/api/rooms", `{"room":"ops"}`, ana.lines()...)
	if a := s.call("GET", "/r/ops", "", ana.lines()...); a.StatusCode != http.StatusOK {
		t.Errorf("/r/ops: %d", a.StatusCode)
	}
	if a := s.call("GET", "/", "", ana.lines()...); a.Header.Get("Location") != "/r/ops" {
		t.Errorf("where ana was last: %s", a.Header.Get("Location"))
	}
	for _, target := range []string{"/r/nowhere", "/r/lobby/999999", "/r/lobby/x", "/nothing", "/r/", "/r/lobby/1/2", "/%00"} {
		if a := s.call("GET", target, "", ana.lines()...); a.StatusCode != http.StatusNotFound || !strings.HasPrefix(a.Header.Get("Content-Type"), "text/html") {
			t.Errorf("%s: %d", target, a.StatusCode)
		}
	}
}

func TestSignOut(t *testing.T) {
	s := newServer(t)
	ana, bob := s.signIn("ana"), s.signIn("bob")
	sockets := []*socket{s.live(ana), s.live(ana)}
	source := s.listen("/api/stream", ana.lines()...)
	source.until("live")
	bobs := s.live(bob)
	defer bobs.bye()
	if a := s.call("GET", "/logout", "", ana.lines()...); a.StatusCode != http.StatusNotFound {
		t.Errorf("GET /logout: %d", a.StatusCode)
	}
	began := time.Now()
	a := s.call("POST", "/logout", "", ana.lines()...)
	name, _, _ := strings.Cut(ana.cookie, "=")
	if a.StatusCode != http.StatusSeeOther || a.Header.Get("Location") != "/login" || a.Header.Get("Set-Cookie") != name+"=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax" {
		t.Errorf("%d %v", a.StatusCode, a.Header)
	}
	for _, c := range sockets {
		if code := c.closed(); code != 4500 {
			t.Errorf("a stream was closed with %d", code)
		}
		c.answerClose()
	}
	for _, data := source.next(); data != nil; _, data = source.next() {
	}
	if took := time.Since(began); took > time.Second {
		t.Errorf("the streams ended after %v", took)
	}
	s.call("GET", "/api/me", "", ana.lines()...).is(401, "signed_out")
	s.call("POST", "/api/rooms/lobby/messages", "hi", ana.lines()...).is(401, "signed_out")
	s.call("GET", "/api/stream", "", append(ana.lines(), upgrade...)...).is(401, "signed_out")
	if a := s.call("POST", "/logout", "", ana.lines()...); a.StatusCode != http.StatusSeeOther {
		t.Errorf("signing out again: %d", a.StatusCode)
	}
	bobs.send(`{"do":"ping","cid":"still-here"}`)
	bobs.answer("still-here")
	if again := s.signIn("ana"); again.id == ana.id {
		t.Error("who signs in with a name that is free is not who had it before")
	}
}

// Somebody signs out and closes the window, or has never waited: he is out, and his name is free.
func TestSignOutOfWhoIsGone(t *testing.T) {
	s := newServer(t)
	ana := s.signIn("ana")
	gone, leave := context.WithCancel(t.Context())
	leave()
	r := httptest.NewRequestWithContext(gone, "POST", s.origin+"/logout", nil)
	r.Header.Set("Cookie", ana.cookie)
	r.Header.Set("Origin", s.origin)
	s.handler.ServeHTTP(httptest.NewRecorder(), r)
	s.call("GET", "/api/me", "", ana.lines()...).is(401, "signed_out")
	s.signIn("ana")
}

// Who goes away is no error of the server's.
func TestGoingAwayIsNoError(t *testing.T) {
	s := newServer(t)
	ana := s.signIn("ana")
	gone, leave := context.WithCancel(t.Context())
	leave()
	for _, request := range [][2]string{{"POST", "/login"}, {"GET", "/r/lobby"}, {"GET", "/api/me"}} {
		r := httptest.NewRequestWithContext(gone, request[0], s.origin+request[1], strings.NewReader("nickname=bob"))
		r.Header.Set("Cookie", ana.cookie)
		r.Header.Set("Origin", s.origin)
		s.handler.ServeHTTP(httptest.NewRecorder(), r)
	}
	if text := s.log.String(); strings.Contains(text, "ERROR") {
		t.Error(text)
	}
}

// A stream that opens while its session ends is ended, too: who signs out somebody that uses his cookie is rid of him.
func TestSignOutBeatsStreamsThatAreOpening(t *testing.T) {
	s := newServer(t)
	for i := range 15 {
		ana := s.signIn(fmt.Sprintf("ana%d", i))
		opened := make(chan *socket, 1000)
		var opening sync.WaitGroup
		for range 4 {
			opening.Go(func() {
				for {
					switch a, c := s.open("GET", "/api/stream", "", append(ana.lines(), upgrade...)...); a.StatusCode {
					case http.StatusSwitchingProtocols:
						opened <- &socket{s, c, a}
					case http.StatusUnauthorized:
						return
					}
				}
			})
		}
		s.call("POST", "/logout", "", ana.lines()...)
		opening.Wait()
		close(opened)
		for c := range opened {
			if code := c.closed(); code != 4500 {
				t.Fatalf("a stream that was opening was closed with %d", code)
			}
			c.answerClose()
		}
	}
}
