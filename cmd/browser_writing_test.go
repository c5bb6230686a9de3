package cmd_test

import (
	"os"
	"strings"

	"github.com/chromedp/chromedp"
)

var (
	bold   = key{name: "b", code: 66, modifiers: chromedp.ModifierCtrl}
	italic = key{name: "i", code: 73, modifiers: chromedp.ModifierCtrl}
)

// offer is the list of suggestions as it is seen, and as it is said.
type offer struct {
	Options        []string
	Chosen, Active string // the one that looks chosen, and the one that the field names
	Said           string
}

const lookAtOffer = `(() => {
	const list = document.querySelector("#text-suggestions"), field = document.querySelector("#text");
	const seen = list?.checkVisibility() ?? false;
	return {
		Options: seen ? [...list.children].map((e) => e.innerText.replace(/\s+/g, " ").trim()) : [],
		Chosen: seen ? list.querySelector("[aria-selected=true]").innerText.replace(/\s+/g, " ").trim() : "",
		Active: document.getElementById(field.getAttribute("aria-activedescendant"))?.innerText.replace(/\s+/g, " ").trim() ?? "",
		Said: document.querySelector("#composer > [role=status]")?.textContent ?? "",
	};
})()`

func (p *person) offered(what string, fits func(offer) bool) offer {
	p.stage.Helper()
	return until(p.webPage, what, lookAtOffer, fits)
}

func none(o offer) bool { return len(o.Options) == 0 && o.Active == "" && o.Said == "" }

// suggestions: emoji and names by keys and by pointer, and never between Enter and sending.
func suggestions(s *stage) {
	ana, bob := s.joins("ana"), s.joins("Robert Bob")
	ana.waits("both here", here("ana", "Robert Bob"))
	if asks[bool](ana.webPage, `performance.getEntriesByType("resource").some(({ name }) => name.endsWith("/later/complete.js"))`) {
		s.Error("suggestions are loaded before anybody wants them")
	}

	ana.types("nice :tad")
	first := ana.offered("an emoji", func(o offer) bool { return len(o.Options) > 0 })
	if first.Chosen != "🎉 :tada:" || first.Active != first.Chosen || !strings.Contains(first.Said, "suggestion") {
		s.Errorf("for :tad there is %+v", first)
	}
	ana.presses(enter)
	ana.waits("the emoji in the field", func(v view) bool { return v.Draft == "nice 🎉 " && len(v.Messages) == 0 })
	ana.presses(enter)
	ana.seesSent("nice 🎉 ")

	ana.types(":smil")
	o := ana.offered("emoji", func(o offer) bool { return len(o.Options) > 2 })
	ana.presses(arrowDown)
	ana.offered("the second", func(now offer) bool { return now.Chosen == o.Options[1] && now.Active == o.Options[1] })
	ana.presses(arrowUp, arrowUp)
	ana.offered("the last", func(now offer) bool { return now.Active == o.Options[len(o.Options)-1] })
	ana.presses(escape)
	ana.offered("nothing", none)
	ana.types("e x")
	ana.offered("nothing", none)
	ana.presses(enter)
	ana.seesSent(":smile x")

	ana.types("hey @bo")
	ana.offered("bob", func(o offer) bool { return o.Active == "@Robert Bob" })
	ana.presses(tab)
	ana.waits("the name", func(v view) bool { return v.Draft == `hey @"Robert Bob" ` && v.Focus == "text" })
	ana.types("at 10:30 :rocket:")
	ana.waits("the whole shortcode to be an emoji", func(v view) bool { return v.Draft == `hey @"Robert Bob" at 10:30 🚀` })
	ana.presses(enter)
	ana.seesSent("hey @Robert Bob at 10:30 🚀")

	bob.types("@ana")
	bob.offered("ana", func(o offer) bool { return o.Active == "@ana" })
	bob.presses(enter) // all of it is there
	bob.seesSent("@ana")
	bob.types("@a")
	bob.offered("ana", func(o offer) bool { return o.Active == "@ana" })
	axe, err := os.ReadFile("../assets/node_modules/axe-core/axe.min.js")
	if err != nil {
		missing(s, "axe-core is not there (npm ci in assets)")
	}
	for _, scheme := range []string{"light", "dark"} {
		bob.prefers("color-scheme", scheme)
		for _, violation := range bob.judgedBy(string(axe)) {
			s.Errorf("%s: %s", scheme, violation)
		}
	}
	bob.clicksOn(`document.querySelector("#text-suggestions li")`)
	bob.waits("the name", func(v view) bool { return v.Draft == "@ana " && v.Focus == "text" })
	bob.types("hi")
	bob.presses(enter)
	bob.seesSent("@ana hi")
	s.history("ana: nice 🎉 ", "ana: :smile x", "ana: hey @Robert Bob at 10:30 🚀", "Robert Bob: @ana", "Robert Bob: @ana hi")
}

// slash: a command is carried out, an unknown one says so and stays; marks go around what is selected.
func slash(s *stage) {
	ana := s.joins("ana")
	ana.types("/nothing at all")
	ana.presses(enter)
	v := ana.waits("a refusal", func(v view) bool { return v.Note != "" })
	if !strings.Contains(v.Note, "There is no command /nothing") || v.Draft != "/nothing at all" || len(v.Messages) != 0 {
		s.Errorf("an unknown command leads to %q, %q in the field and %d messages", v.Note, v.Draft, len(v.Messages))
	}
	ana.presses(selectAll)
	ana.types("//nothing")
	ana.waits("no refusal", func(v view) bool { return v.Note == "" })
	ana.presses(enter)
	ana.seesSent("/nothing")
	ana.types("/m")
	ana.offered("the command, and what it does", func(o offer) bool { return o.Active == "/me waves – Say what you do" && o.Chosen == o.Active })
	ana.presses(tab)
	ana.waits("the command", func(v view) bool { return v.Draft == "/me " && v.Focus == "text" })
	ana.types("waves")
	ana.presses(enter)
	ana.waitsFor("ana to wave", `[...document.querySelectorAll("#messages .text em")].some((e) => e.textContent === "waves")`)

	ana.types("strong")
	ana.presses(selectAll, bold)
	ana.waits("marks", func(v view) bool { return v.Draft == "**strong**" })
	ana.presses(bold)
	ana.waits("no marks", func(v view) bool { return v.Draft == "strong" })
	ana.presses(italic)
	ana.waits("other marks", func(v view) bool { return v.Draft == "*strong*" })
	ana.presses(bold)
	ana.waits("both", func(v view) bool { return v.Draft == "***strong***" })
	ana.presses(selectAll)
	ana.types("`")
	ana.waits("marks of code", func(v view) bool { return v.Draft == "`***strong***`" })
	ana.presses(enter)
	ana.waitsFor("the code", `[...document.querySelectorAll("#messages .text code")].some((e) => e.textContent === "***strong***")`)

	// what is done with the room: where one may not, that is said, and the words stay
	robot := s.program("robot")
	if err := robot.CreateRoom(within(s), "garden", "The garden", false); err != nil {
		s.Fatal(err)
	}
	ana.types("/invite robot")
	ana.presses(enter)
	ana.waits("a refusal", func(v view) bool {
		return v.Note == "You cannot use /invite in this room." && v.Draft == "/invite robot"
	})
	ana.presses(selectAll)
	ana.types("/t")
	ana.offered("what one may here", func(o offer) bool { return o.Active == "/topic words – Change the topic of this room" })
	ana.presses(tab)
	ana.types("all and sundry")
	ana.presses(enter)
	ana.waits("the topic to be changed", func(v view) bool { return v.Note == "The room has a new topic." && v.Draft == "" })
	const topic = `document.querySelector(".top").textContent.includes("all and sundry")`
	ana.waitsFor("the topic", topic)
	ana.types("/mute")
	ana.presses(escape, enter)
	ana.waits("the room to be muted", func(v view) bool { return strings.HasPrefix(v.Note, "This room is muted.") })
	ana.types("/mute")
	ana.presses(escape, enter)
	ana.waits("the room not to be muted", func(v view) bool { return v.Note == "This room is not muted any more." })

	bob := s.joins("bob") // a fresh profile
	bob.waitsFor("the topic", topic)
	ana.opens("/r/garden")
	ana.clicks("Join")
	ana.isIn()
	ana.types("/invite nobody")
	ana.presses(enter)
	ana.waits("that there is nobody", func(v view) bool {
		return v.Note == "Nobody called nobody is known here." && v.Draft == "/invite nobody"
	})
	ana.presses(selectAll)
	ana.types("/invite bob")
	ana.presses(enter)
	ana.waits("bob to be invited", func(v view) bool { return v.Note == "bob is in this room now." })
	bob.opens("/r/garden")
	bob.isIn()
	s.history("ana: /nothing", "ana: waves", "ana: ***strong***")
}
