package cmd_test

import (
	"os"
	"slices"
	"strings"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// keyboardOnly: Tab reaches everything, and one sees where one is.
func keyboardOnly(s *stage) {
	s.URL = strings.Replace(s.URL, "127.0.0.1", lan, 1) // an address for others is one that is not this machine's own
	ana := s.person("ana")
	ana.opens("/")
	ana.waits("the cursor in the field", func(v view) bool { return v.Focus == "nickname" })
	ana.types("ana")
	ana.presses(tab, enter) // the button
	ana.isIn()
	ana.says("hello")
	ana.says("see https://example.org/")

	want := []string{"Skip to the message field", "chatd, start page", "Sign out", "scroller", "https://example.org/", "text", "Send", "Copy address"}
	var met []string
	for range 3 * len(want) {
		ana.presses(tab)
		f := asks[struct{ Name, Ring string }](ana.webPage, focused)
		if f.Name != "" && f.Ring == "" {
			s.Errorf("one does not see that %s has the focus", f.Name)
		}
		met = append(met, f.Name)
	}
	for _, name := range want {
		if !slices.Contains(met, name) {
			s.Errorf("Tab does not reach %q, only %q", name, met)
		}
	}

	for ana.looks().Focus != "scroller" {
		ana.presses(shiftTab)
	}
	for asks[struct{ Name, Ring string }](ana.webPage, focused).Name != want[0] {
		ana.presses(shiftTab)
	}
	ana.presses(enter)
	ana.waits("the cursor in the field", func(v view) bool { return v.Focus == "text" })
	ana.says("by keys alone")
	s.history("ana: hello", "ana: see https://example.org/", "ana: by keys alone")
	s.mayLog("Cross-Origin-Opener-Policy", "Origin-Agent-Cluster") // headers that only count where it is secure
}

// focused is the name of what has the focus, and what shows it: an outline of its own or
// of the box around it.
const focused = `(() => {
	const e = document.activeElement;
	if (e === document.body) return { Name: "", Ring: "" };
	const ring = [e, e.parentElement].map((e) => getComputedStyle(e)).find((s) => s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2);
	return { Name: e.id || e.ariaLabel || e.innerText.trim(), Ring: ring?.outlineStyle ?? "" };
})()`

// calmAndDark: the system's choice of light and of motion is followed.
func calmAndDark(s *stage) {
	ana, bob := s.joins("ana"), s.joins("bob")
	brightness := func() int {
		return asks[int](ana.webPage, `getComputedStyle(document.documentElement).backgroundColor.match(/\d+/g).slice(0, 3).reduce((a, b) => +a + +b)`)
	}
	if light := brightness(); light < 3*200 {
		s.Errorf("the light page has a brightness of %d", light)
	}
	moving := func() bool {
		for ana.looks().Typing == "" {
			bob.types("still typing ")
		}
		return asks[bool](ana.webPage, `document.getAnimations().length > 0`)
	}
	if !moving() {
		s.Error("nothing moves while bob is typing")
	}
	if apart := asks[string](ana.webPage, `document.querySelector("#typing bdi").textContent`); apart != "bob" {
		s.Errorf("%q is set in the direction of the name in it", apart)
	}
	ana.prefers("reduced-motion", "reduce")
	if moving() {
		s.Error("something moves for somebody who does not want that")
	}
	ana.prefers("color-scheme", "dark")
	if dark := brightness(); dark > 3*50 {
		s.Errorf("the dark page has a brightness of %d", dark)
	}
	s.history()
}

// withoutScript: one can read what was said, and is told why one cannot talk.
func withoutScript(s *stage) {
	s.joins("ana").says("can you read this?")
	bob := s.person("bob")
	do(bob.webPage, command(emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}))
	bob.opens("/")
	v := bob.signsIn("bob")
	if len(v.Messages) != 1 || v.lines()[0] != "ana: can you read this?" {
		s.Errorf("without scripts bob reads %q", v.lines())
	}
	if page := asks[string](bob.webPage, `document.body.innerText`); !strings.Contains(page, "needs JavaScript") {
		s.Errorf("without scripts the page is\n%s", page)
	}
	if at := asks[string](bob.webPage, `getComputedStyle(document.querySelector(".message time"), "::before").content`); !strings.HasSuffix(at, ` UTC"`) {
		s.Errorf("without scripts the time is %s", at)
	}
	if asks[bool](bob.webPage, `document.querySelector("#text").checkVisibility()`) {
		s.Error("without scripts there is a field that does nothing")
	}
	s.history("ana: can you read this?")
}

// accessible: axe-core finds nothing to say about any screen, in light and dark.
func accessible(s *stage) {
	axe, err := os.ReadFile("../assets/node_modules/axe-core/axe.min.js")
	if err != nil {
		missing(s, "axe-core is not there (npm ci in assets)")
	}
	s.visitsAll(func(p *person, name string, _ screen) {
		for _, scheme := range []string{"light", "dark"} {
			p.prefers("color-scheme", scheme)
			for _, violation := range p.judgedBy(string(axe)) {
				s.Errorf("%s, %s: %s", name, scheme, violation)
			}
		}
	}, screen{1280, 800, false})
}

// everyScreen: nothing is cut off or too small to hit on the smallest phone, nor enlarged to twice the size.
func everyScreen(s *stage) {
	s.visitsAll(func(p *person, name string, on screen) { p.fits(on, name) }, screen{320, 568, true}, screen{640, 400, false})
}

// visitsAll goes through every screen there is.
func (s *stage) visitsAll(visit visit, screens ...screen) {
	s.Helper()
	town := newTown(s, func(t *town) {
		s.mayLog("status of 4")
		t.show(t.emptyHouse(), visit, screens...)
	})
	town.show(town.screens(), visit, screens...)
	for _, p := range town.people {
		p.speaks("ar")
	}
	town.show(town.mainScreens(" in Arabic"), visit, screens...)
	for _, p := range town.people {
		p.speaks("")
	}
	s.mayLog(whileAway...)
	for _, on := range screens {
		town.show(town.offline(), visit, on)
		s.starts()
	}
}

// judgedBy runs axe-core over the page, in a world of its own that the page's scripts do
// not see, and returns what it does not like.
func (p *person) judgedBy(axe string) []string {
	p.stage.Helper()
	tree := do(p.webPage, command(page.GetFrameTree, cdp.Empty{}))
	world := do(p.webPage, command(page.CreateIsolatedWorld, page.CreateIsolatedWorldParams{FrameID: tree.FrameTree.Frame.ID})).ExecutionContextID
	in := func(e *runtime.EvaluateParams) { e.ContextID = world }
	do(p.webPage, chromedp.Evaluate[chromedp.Void](axe, in))
	return do(p.webPage, chromedp.Evaluate[[]string](`axe.run().then(({ violations }) => violations.flatMap((v) =>
		v.nodes.map((n) => v.id + ": " + v.help + ": " + n.html.slice(0, 200) + " " + n.failureSummary)))`, in, chromedp.EvalAwaitPromise))
}
