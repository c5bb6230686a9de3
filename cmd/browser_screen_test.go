package cmd_test

import (
	"fmt"
	"strings"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// screen is something to look at a page with.
type screen struct {
	width, height int64
	touch         bool
}

var screensOfPeople = []screen{
	{320, 568, true}, {390, 844, true}, {1280, 800, false}, {2560, 1440, false},
}

func (c screen) String() string { return fmt.Sprintf("%d×%d", c.width, c.height) }

// hasScreen gives a person another screen.
func (p *person) hasScreen(c screen) {
	p.stage.Helper()
	var options []chromedp.EmulateViewportOption
	if c.touch {
		options = append(options, chromedp.EmulateMobile, chromedp.EmulateTouch)
	}
	do(p.webPage, chromedp.EmulateViewport(c.width, c.height, options...))
}

// prefers sets what the system says of a person's taste: "color-scheme", "dark".
func (p *person) prefers(feature, value string) {
	p.stage.Helper()
	do(p.webPage, command(emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-" + feature, Value: value}},
	}))
}

// screens: nothing is cut off, hidden or too small to hit, from the smallest to the largest.
func screens(s *stage) {
	ana := s.joins("ana with a name of thirty-two ch")
	bob := s.person("bob")
	lines := []string{
		strings.Repeat("longword", 40),
		"https://example.org/" + strings.Repeat("path/", 40),
		"a\nfew\nlines",
	}
	pages := []struct{ name, path string }{{"the page to join", "/login"}, {"the empty room", "/"}, {"the room", "/"}}
	for _, c := range screensOfPeople {
		bob.hasScreen(c)
		bob.opens("/login")
		bob.fits(c, "the page to join")
	}
	bob.signsIn("bob")
	bob.isIn()
	for i, page := range pages[1:] {
		if i == 1 {
			for _, line := range lines {
				ana.inserts(line)
				ana.presses(enter)
				ana.seesSent(line)
			}
		}
		for _, c := range screensOfPeople {
			bob.hasScreen(c)
			bob.opens(page.path)
			bob.isIn()
			bob.fits(c, page.name)
		}
	}
	s.history(ana.name+": "+lines[0], ana.name+": "+lines[1], ana.name+": "+lines[2])
}

// misfits says in words what is wrong with a page on its screen. Targets are at least 24
// pixels wide and high (WCAG 2.2, 2.5.8), those for fingers 44; links in a text may be as
// high as the text.
const misfits = `((touch) => {
	const wrong = [];
	const wide = document.documentElement.scrollWidth - innerWidth;
	if (wide > 0) wrong.push("it is " + wide + " pixels too wide");
	for (const e of document.querySelectorAll("a, button, input, textarea")) {
		if (!e.checkVisibility() || e.matches(".text a, .skip, label input") || !touch && e.matches(".hint a")) continue;
		const box = e.getBoundingClientRect(), least = !touch ? 24 : e.matches(".chip, .quote") ? 36 : 44; // several of those stand with a text
		const name = e.id || e.ariaLabel || e.innerText;
		if (Math.min(box.width, box.height) < least) wrong.push(name + " is " + box.width + "×" + box.height);
		if (box.left < 0 || box.right > innerWidth + 0.5) wrong.push(name + " is beyond the edge");
	}
	for (const e of document.querySelectorAll("#text, #nickname, #logout button")) {
		const box = e.getBoundingClientRect();
		if (box.top < 0 || box.bottom > innerHeight) wrong.push((e.id || e.innerText) + " is out of sight");
	}
	for (const e of document.querySelectorAll(".message .text, .address")) {
		if (!e.checkVisibility()) continue;
		if (e.scrollWidth > e.clientWidth + 1 || e.getBoundingClientRect().right > innerWidth) wrong.push((e.className || e.tagName) + " is cut off");
	}
	for (const li of document.querySelectorAll(".continued")) {
		const [time, text] = ["time", ".text"].map((part) => li.querySelector(part).getBoundingClientRect());
		const apart = document.dir === "rtl" ? time.left >= text.right && time.right <= innerWidth : time.left >= 0 && time.right <= text.left;
		if (!apart) wrong.push("the time that a pointer brings up lies on the text");
	}
	const [list, field] = [".messages", ".dock"].map((part) => document.querySelector(part)?.getBoundingClientRect());
	if (list && Math.abs((list.left + list.right) - (field.left + field.right)) > 1) wrong.push("the messages are not in line with the field");
	const zoom = document.querySelector("meta[name=viewport]").content;
	if (/user-scalable|maximum-scale/.test(zoom)) wrong.push("zoom is blocked: " + zoom);
	return wrong;
})(%v)`

// fits asserts that a page is right for a screen.
func (p *person) fits(c screen, page string) {
	p.stage.Helper()
	for _, wrong := range asks[[]string](p.webPage, misfits, c.touch) {
		p.stage.Errorf("%s on %s: %s", page, c, wrong)
	}
}

// phone: everything by finger, in the dark.
func phone(s *stage) {
	ana := s.person("ana")
	ana.hasScreen(screen{390, 844, true})
	ana.prefers("color-scheme", "dark")
	ana.opens("/")
	ana.waits("the cursor in the field", func(v view) bool { return v.Focus == "nickname" })
	ana.inserts("ana")
	ana.taps("Join the conversation")
	ana.isIn()
	bob := s.joins("bob")

	ana.taps("Message Lobby")
	ana.inserts("by finger")
	ana.taps("Send")
	ana.seesSent("by finger")
	bob.sees("ana: by finger")

	ana.waits("both here", here("ana", "bob"))
	ana.taps("2 here")
	ana.waitsFor("the list of people", `document.querySelector("#people-list").checkVisibility()`)
	ana.taps("Close")
	ana.waitsFor("the room", `!document.querySelector("#people-list").checkVisibility()`)
	s.history("ana: by finger")
}

// waitsFor waits until something holds that view does not show.
func (p *person) waitsFor(what, condition string) {
	p.stage.Helper()
	until(p.webPage, what, condition, func(now bool) bool { return now })
}
