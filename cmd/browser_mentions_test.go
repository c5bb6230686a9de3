package cmd_test

import (
	"fmt"
	"strings"
)

// asksFor chooses how much to be told of the room whose dialog is open, by the keyboard.
func (p *person) asksFor(level string) {
	p.stage.Helper()
	p.waitsFor("the choice", `document.querySelector("dialog select[name=level]") !== null`)
	for range 30 {
		if asks[bool](p.webPage, `document.activeElement?.name === "level"`) {
			break
		}
		p.presses(tab)
	}
	p.types(level)
	p.waitsFor("the level "+level, fmt.Sprintf(`document.activeElement.selectedOptions?.[0]?.text.startsWith(%q)`, level))
}

// mentions: who is named elsewhere sees it in the list of rooms, in the title and on the page of mentions, on every
// device at once; reading the room reads it; the name follows whoever bears it; and each level tells what it says.
func mentions(s *stage) {
	ana, bob := s.joins("ana"), s.joins("Robert Bob")
	bob.createsRoom("The Garden", false)
	other := bob.tab()
	other.opens("/mentions")
	other.waitsFor("an empty list", `document.querySelector("#none").checkVisibility()`)

	ana.types("hey @rob")
	ana.offered("the name", func(o offer) bool { return o.Active == "@Robert Bob" })
	ana.presses(enter)
	ana.types("come, `@here`")
	ana.presses(enter)
	ana.seesSent("hey @Robert Bob come, @here")
	bob.waitsFor("the badge", `document.querySelector('[data-room=lobby] .call')?.textContent.startsWith("@1")`)
	bob.waitsFor("the title", `document.title.startsWith("(@1) ")`)
	other.waitsFor("the mention on the other device", `document.querySelector("#mentions .unread .mention")?.textContent === "@Robert Bob"`)

	other.clicksOn(`document.querySelector("#mentions .place")`)
	other.waitsFor("the place", `location.pathname.startsWith("/r/lobby/") && document.querySelector(".for-me .mention.mine") !== null`)
	bob.waitsFor("no badge after reading it on the other device", `document.querySelector("#mentions-link .badge") === null && !document.title.startsWith("(")`)

	// An answer is one, too, where mentions are all that is told.
	bob.opens("/r/lobby")
	bob.isIn()
	bob.clicks("About this room")
	bob.asksFor("Mentions")
	bob.presses(escape)
	bob.clicks("Message Lobby")
	bob.types("@ana here I am")
	bob.presses(enter)
	ana.sees("Robert Bob: @ana here I am")
	ana.waitsFor("one's own name to stand out", `document.querySelector(".for-me .mention.mine")?.textContent === "@ana"`)
	bob.goesTo("The Garden")
	bob.isIn()
	ana.says("just talk")
	ana.types(`@"robert bob" look, @room `)
	ana.presses(enter)
	ana.waits("the names", func(v view) bool { return strings.Contains(fmt.Sprint(v.lines()), "ana: @Robert Bob look, @room") })
	bob.waitsFor("one mention and nothing else", `[...document.querySelectorAll('[data-room=lobby] .badge')].map((b) => b.firstChild.data).join() === "@1"`)

	// Invisible: the switcher finds it, the list does not.
	bob.clicks("About this room")
	bob.asksFor("Invisible")
	bob.presses(escape)
	bob.goesTo("Lobby")
	bob.isIn()
	bob.waitsFor("the room to be gone from the list", `![...document.querySelectorAll("[data-room]")].some((a) => a.dataset.room === "the-garden" && a.checkVisibility())`)
	bob.presses(find)
	bob.waitsFor("the switcher", `document.activeElement?.id === "switcher-field"`)
	bob.types("garden")
	bob.presses(enter)
	bob.waits("the room", func(v view) bool { return v.Heading == "The Garden" })
	s.restarts()
	s.mayLog(whileAway...)
	fresh := s.joins("carl")
	fresh.waitsFor("the mentions", `[...document.querySelectorAll(".mention")].map((m) => m.textContent).join() === "@Robert Bob,@ana,@Robert Bob,@room"`)
}
