package cmd_test

import (
	"os"
	"strings"

	"github.com/chromedp/chromedp"
)

// describe is what there is in messages that fits a selector, and what it says.
const describe = `((selector) => [...document.querySelectorAll("#messages .text " + selector)].map((e) => e.textContent))(%v)`

// markdown: what is written with marks is read without them, by everyone, live and on a page of its own; code is
// copied by a button; what is wide scrolls in itself.
func markdown(s *stage) {
	ana, bob := s.joins("ana"), s.joins("bob")
	ana.types("this is *important*, _really_: **read** `CHANGES.md`")
	ana.presses(enter)
	ana.waitsFor("the emphasis", `document.querySelector("#messages .text em")?.textContent === "important"`)
	bob.waitsFor("the emphasis", `document.querySelector("#messages .text strong")?.textContent === "read"`)

	wide := "x := \"" + strings.Repeat("wide ", 60) + "\""
	ana.inserts("> how?\nlike this:\n```go\nfunc main() {\n\t" + wide + "\n}")
	ana.presses(shiftEnter)
	ana.types("```")
	ana.presses(enter)
	ana.inserts("| a | b |\n|---|--:|\n" + "| " + strings.Repeat("long ", 60) + strings.Repeat("x", 200) + " | 2 |")
	ana.presses(enter)
	ana.inserts("- [x] done\n- [ ] to do")
	ana.presses(enter)
	ana.inserts("🎉 👍🏽")
	ana.presses(enter)
	for _, p := range []*person{ana, bob} {
		p.waitsFor("five messages", `document.querySelectorAll("#messages .text .emoji").length === 1`)
	}

	carl := s.joins("carl") // reads what the server wrote into the page
	for _, p := range []*person{ana, bob, carl} {
		for selector, want := range map[string]string{
			"em": "important|really", "strong": "read", "blockquote": "how?", "pre code": "func main() {\n\t" + wide + "\n}", ".k": "func",
			"th": "a|b", "td.right": "2", "li.task": "☑ done|☐ to do", ".emoji": "🎉 👍🏽",
		} {
			if got := strings.Join(asks[[]string](p.webPage, describe, selector), "|"); got != want {
				s.Errorf("%s reads %q in %s, not %q", p.name, got, selector, want)
			}
		}
		if large := asks[float64](p.webPage, `parseFloat(getComputedStyle(document.querySelector(".text .emoji")).fontSize)`); large < 30 {
			s.Errorf("emoji alone have %v pixels for %s", large, p.name)
		}
	}

	axe, err := os.ReadFile("../assets/node_modules/axe-core/axe.min.js")
	if err != nil {
		missing(s, "axe-core is not there (npm ci in assets)")
	}
	for _, scheme := range []string{"light", "dark"} {
		carl.prefers("color-scheme", scheme)
		for _, violation := range carl.judgedBy(string(axe)) {
			s.Errorf("%s: %s", scheme, violation)
		}
	}
	for _, c := range screensOfPeople {
		carl.hasScreen(c)
		carl.fits(c, "the room with Markdown")
		for _, selector := range []string{"pre", ".table"} {
			if !asks[bool](carl.webPage, `((e) => (e.scrollWidth > e.clientWidth || innerWidth > 1000 && e.matches(".table")) && e.clientWidth <= e.closest(".text").clientWidth)(document.querySelector("#messages .text " + %v))`, selector) {
				s.Errorf("on %s, %s does not scroll in itself", c, selector)
			}
		}
	}

	bob.mayLog("Clipboard")
	bob.clicks("Copy")
	bob.waitsFor("the code to be copied", `[...document.querySelectorAll(".code button")].some((b) => b.textContent === "Copied")`)
	bob.clicks("Message Lobby")
	bob.presses(paste)
	if got := bob.looks().Draft; got != "func main() {\n\t"+wide+"\n}" {
		s.Errorf("what is pasted after Copy is %q", got)
	}
}

var paste = key{name: "v", code: 86, modifiers: chromedp.ModifierCtrl, command: "paste"}
