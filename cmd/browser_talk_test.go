package cmd_test

import (
	"slices"
	"time"

	"github.com/chromedp/cdproto/emulation"
)

// twoPeopleTalk: names, faces, times, groups, days; who types and who is here.
func twoPeopleTalk(s *stage) {
	ana, bob := s.joins("ana"), s.person("bob")
	bob.livesIn("Asia/Tokyo", "en-GB")
	bob.joins()
	ana.waits("both here", here("ana", "bob"))
	bob.waits("both here", here("bob", "ana"))

	bob.types("h")
	ana.waits("bob is typing", func(v view) bool { return v.Typing == "bob is typing…" })
	bob.types("ello")
	bob.presses(enter)
	bob.seesSent("hello")
	first := ana.sees("bob: hello")
	ana.waits("nobody is typing", func(v view) bool { return v.Typing == "" })
	if first.Grouped || first.Initial != "B" || first.Hue == "" || first.Day != "Today" || first.State != "" {
		s.Errorf("the first message is shown as %+v", first)
	}
	if age := time.Since(first.At); age < -guard || age > guard {
		s.Errorf("the first message is said to be of %v", first.At)
	}

	ana.says("hi bob")
	ana.says("how is Tokyo?")
	if m := bob.sees("ana: hi bob"); m.Grouped || m.Initial != "A" || m.Day != "" {
		s.Errorf("a change of speakers is shown as %+v", m)
	}
	m := bob.sees("ana: how is Tokyo?")
	if !m.Grouped {
		s.Errorf("what goes on is shown as %+v", m)
	}
	tokyo := time.FixedZone("Tokyo", 9*60*60) // no summer time there
	if want := m.At.In(tokyo).Format("15:04"); m.Time != want {
		s.Errorf("bob reads %q in Tokyo and in British English at %s", m.Time, want)
	}
	if mine := bob.looks().Messages[0]; mine.Hue != first.Hue || mine.Day != "Today" {
		s.Errorf("bob is %+v to himself and %+v to ana", mine, first)
	}

	for ana.looks().Typing == "" { // it is told once a second at most
		bob.types("never sent ")
	}
	bob.closes()
	ana.waits("only ana here", here("ana"))
	ana.waits("bob has stopped", func(v view) bool { return v.Typing == "" })
	s.history("bob: hello", "ana: hi bob", "ana: how is Tokyo?")
}

// here is a view of exactly these people, oneself first.
func here(names ...string) func(view) bool {
	return func(v view) bool { return slices.Equal(v.Here, names) }
}

// briefVisit: who came and went before anybody was told of it is not here for those who
// came in between.
func briefVisit(s *stage) {
	bob := s.joins("bob")
	bob.clicks("Sign out")
	bob.waits("the page to join", func(v view) bool { return v.Path == "/login" })
	ana := s.joins("ana")
	ana.waits("only ana here", here("ana"))
	s.joins("carl").waits("the two of them here", here("carl", "ana"))
	s.history()
}

// livesIn sets the clock and the language of a browser.
func (p *person) livesIn(zone, language string) {
	p.stage.Helper()
	do(p.webPage, command(emulation.SetTimezoneOverride, emulation.SetTimezoneOverrideParams{TimezoneID: zone}))
	do(p.webPage, command(emulation.SetLocaleOverride, emulation.SetLocaleOverrideParams{Locale: language}))
}
