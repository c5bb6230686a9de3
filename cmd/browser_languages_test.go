package cmd_test

import "strings"

// languages: three people in three languages, one of them written from the right, and one conversation.
func languages(s *stage) {
	anna := s.person("anna")
	anna.opens("/login?next=/r/lobby")
	anna.clicks("Language: English")
	anna.clicks("Deutsch")
	anna.waitsFor("the page in German", `document.documentElement.lang === "de" && document.readyState !== "loading"`)
	if v := anna.signsIn("anna"); v.Path != "/r/lobby" {
		s.Errorf("after the choice of a language signing in leads to %s", v.Path)
	}
	anna.isIn()

	layla := s.person("ليلى")
	layla.opens("/login")
	layla.clicks("Language: English")
	layla.clicks("العربية")
	layla.waitsFor("the page in Arabic", `document.documentElement.lang === "ar" && document.readyState !== "loading"`)
	layla.signsIn(layla.name)
	layla.isIn()
	if direction := asks[string](layla.webPage, `getComputedStyle(document.body).direction`); direction != "rtl" {
		s.Errorf("Arabic is written %s", direction)
	}

	bob := s.joins("bob")
	layla.says("صباح الخير")
	anna.says("Guten Morgen!")
	bob.says("What a morning.")
	for _, p := range []*person{anna, layla} {
		p.sees("bob: What a morning.")
		p.sees("ليلى: صباح الخير")
		if direction := asks[string](p.webPage, `getComputedStyle([...document.querySelectorAll(".message .text")].at(-1)).direction`); direction != "ltr" {
			s.Errorf("for %s, English is written %s", p.name, direction)
		}
	}
	anna.seesDay("Heute")
	layla.seesDay("اليوم")
	for _, typing := range []struct {
		p     *person
		words string
	}{{anna, "bob schreibt…"}, {layla, "bob يكتب الآن…"}} {
		for !strings.Contains(typing.p.looks().Typing, typing.words) {
			bob.types("and ")
		}
	}
	for _, c := range screensOfPeople {
		for _, p := range []*person{anna, layla} {
			p.hasScreen(c)
			p.fits(c, "the room of "+p.name)
		}
	}
	anna.hasScreen(screen{1280, 800, false})
	anna.clicks("Sprache: Deutsch")
	anna.presses(shiftTab, enter) // from the language that is chosen to the one before it: English
	anna.waitsFor("the page in English", `document.documentElement.lang === "en" && document.readyState !== "loading"`)
	anna.isIn()
	s.history("ليلى: صباح الخير", "anna: Guten Morgen!", "bob: What a morning.")
}

// seesDay asserts what the day of the first message is called.
func (p *person) seesDay(word string) {
	p.stage.Helper()
	if day := p.looks().Messages[0].Day; day != word {
		p.stage.Errorf("for %s the day is %q and was to be %q", p.name, day, word)
	}
}
