package cmd_test

import (
	"strings"
	"time"

	"github.com/chromedp/cdproto/network"
)

// returnsByCookie: who was here once comes straight back, after a restart too.
func returnsByCookie(s *stage) {
	ana := s.joins("ana")
	ana.says("I was here")

	again := ana.tab()
	again.opens("/")
	again.isIn()
	again.sees("ana: I was here")

	ana.mayLog(whileAway...)
	again.mayLog(whileAway...)
	s.restarts()
	again.reloads()
	again.isIn()
	again.says("and again")
	ana.sees("ana: and again")

	cookies := do(ana.webPage, command(network.GetCookies, network.GetCookiesParams{})).Cookies
	if len(cookies) != 1 {
		s.Fatalf("the server has set %d cookies", len(cookies))
	}
	c := cookies[0]
	expires := time.Unix(int64(c.Expires), 0)
	if !c.HTTPOnly || c.SameSite != network.CookieSameSiteLax || time.Until(expires) < 29*24*time.Hour {
		s.Errorf("the cookie is %+v", c)
	}
	s.history("ana: I was here", "ana: and again")
}

// signsOut: one window signs out, and the other says so.
func signsOut(s *stage) {
	ana := s.joins("ana")
	ana.says("bye")
	other := ana.tab()
	other.opens("/")
	other.isIn()

	ana.mayLog("status of 401") // the old window asks why its stream is refused
	other.clicks("Sign out")
	other.waits("the page to join", func(v view) bool { return v.Path == "/login" })
	ana.seesStatus("signed out")
	ana.writes("too late")
	ana.types("not finished")
	ana.clicks("Sign in again")
	ana.waits("the page to join", func(v view) bool { return v.Path == "/login" })

	ana.signsIn("anabel") // somebody else now, who finds the way back
	ana.name = "anabel"
	ana.isIn()
	if path := ana.looks().Path; path != "/r/lobby" {
		s.Errorf("signing in leads to %s", path)
	}
	if v := ana.looks(); v.Draft != "too late\nnot finished" {
		s.Errorf("what was written while signed out has become %q", v.Draft)
	}
	ana.presses(end, enter)
	ana.seesSent("too late\nnot finished")
	s.history("ana: bye", "anabel: too late\nnot finished")
}

// nicknameRefused: every refusal says in words what is wrong and keeps what was typed.
func nicknameRefused(s *stage) {
	s.joins("ana")
	bob := s.person("bob")
	bob.mayLog("status of 409", "status of 422")
	bob.opens("/r/lobby")
	for _, refused := range []struct{ typed, why string }{
		{"ana", "taken"},
		{"ANA", "taken"},
		{"аna", "script"}, // the first letter is Cyrillic
		{"admin", "reserved"},
		{strings.Repeat("long", 9), "32"},
	} {
		v := bob.signsIn(refused.typed)
		if v.Nickname != refused.typed || !strings.Contains(v.Error, refused.why) {
			s.Errorf("%s is refused with %q, without %q, and leaves %q", refused.typed, v.Error, refused.why, v.Nickname)
		}
	}
	bob.signsIn("bob")
	bob.isIn()
	bob.says("at last")
	s.history("bob: at last")
}
