package cmd_test

import "strings"

// hostile is what somebody types who wants more than to talk.
var hostile = []string{
	`<script>window.__xss = 1</script>`,
	`</script><script>window.__xss = 1</script>`,
	`<img src=x onerror=window.__xss=1>`,
	`<svg onload=window.__xss=1>`,
	`<svg><animate onbegin=window.__xss=1 attributeName=x dur=1s>`,
	`<a href="javascript:window.__xss=1">click</a>`,
	`javascript:window.__xss=1`,
	`data:text/html,<script>parent.__xss=1</script>`,
	`<iframe srcdoc="<script>parent.__xss=1</script>"></iframe>`,
	`<body onload=window.__xss=1>`,
	`<input autofocus onfocus=window.__xss=1>`,
	`<details open ontoggle=window.__xss=1>`,
	`<video><source onerror=window.__xss=1></video>`,
	`<math><mtext></p><style><img src onerror=window.__xss=1></style>`,
	`"><img src=x onerror=window.__xss=1>`,
	`' onmouseover='window.__xss=1`,
	`<style>@import "//elsewhere.example/x.css"; * { display: none }</style>`,
	`<link rel=stylesheet href=//elsewhere.example/x.css>`,
	`<base href="//elsewhere.example/">`,
	`<meta http-equiv=refresh content="0;url=//elsewhere.example">`,
	`<form action=//elsewhere.example><button id=text>Send</button></form>`,
	`{{.Me.ID}} ${window.__xss=1} <%= 1 %> {{constructor.constructor("window.__xss=1")()}}`,
	`&lt;script&gt;&#60;script&#62; &amp;amp; &nbsp;|`,
	`<!-- <b>not bold</b> --> [link](javascript:window.__xss=1)`,
	`https://a.example/"onmouseover="window.__xss=1 http://b.example/<svg/onload=window.__xss=1>`,
	"\u2028\u2029]]></script>",
}

// unusual is what is honest and still goes wrong in places.
var unusual = []string{
	"مرحبا بالعالم, hello שלום",
	"\u202eoverridden\u202c and \u2066isolated", // direction marks
	"👩‍👩‍👧‍👦🏳️‍🌈🇨🇭👍🏽 ✊🏿",
	"a" + strings.Repeat("\u0301", 60), // piled-up accents
	"  two blanks before, two after  ",
	"tab\there\nand a second line\n\nand a fourth",
	strings.Repeat("very-long-word", 40),
	strings.Repeat("Four thousand characters. 漢字", 143)[:4000],
}

// shownAsTyped: whatever is typed comes out as it was typed, for everyone, and does nothing.
func shownAsTyped(s *stage) {
	ana, bob := s.joins("ana"), s.person("bob")
	bob.mayLog("status of 422")
	bob.opens("/")
	for _, name := range []string{hostile[0], hostile[2], hostile[14]} {
		if v := bob.signsIn(name); v.Nickname != name || v.Error == "" {
			s.Errorf("the name %s leads to %+v", name, v)
		}
	}
	bob.signsIn("bob")
	bob.isIn()

	var lines []string
	for _, text := range append(hostile, unusual...) {
		ana.inserts(text)
		ana.presses(enter)
		ana.seesSent(text)
		lines = append(lines, "ana: "+text)
	}
	bob.sees(lines[len(lines)-1])
	s.history(lines...)

	s.people[len(s.people)-1].reloads() // by the server's HTML and by the script's alike
	for _, p := range append(s.people, ana) {
		for i, m := range p.looks().Messages {
			if m.line() != lines[i] || m.Markup != 0 {
				s.Errorf("%s sees %q (with %d elements) for %q", p.name, m.line(), m.Markup, lines[i])
			}
		}
		if asks[bool](p.webPage, `"__xss" in window`) {
			s.Errorf("a script has run in %s's page", p.name)
		}
		if wide := asks[int](p.webPage, `document.documentElement.scrollWidth - innerWidth`); wide > 0 {
			s.Errorf("%s's page is %d pixels too wide", p.name, wide)
		}
		for _, href := range asks[[]string](p.webPage, `[...document.querySelectorAll("#messages a")].map((a) => a.href)`) {
			if !strings.HasPrefix(href, "https://a.example/") && !strings.HasPrefix(href, "http://b.example/") {
				s.Errorf("%s's page has a link to %s", p.name, href)
			}
		}
	}
}
