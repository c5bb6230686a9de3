package cmd_test

import (
	"fmt"
	"os"
	"slices"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
)

// foot is what stands under the text of the last message with these words, and above it the quote.
const foot = `((words) => {
	const li = [...document.querySelectorAll("#messages > li.message")].findLast((li) => li.querySelector(".text").textContent === words);
	const all = (selector) => [...li?.querySelectorAll(selector) ?? []].map((e) => e.ariaLabel ?? e.textContent);
	return { Quote: all(".quote .author, .quote .quoted").join(": "), Edited: all(".edited").length > 0, Pinned: all(".pinned").length > 0, Chips: all(".chip") };
})(%v)`

type footed struct {
	Quote          string
	Edited, Pinned bool
	Chips          []string
}

// reads waits until what stands with a message fits.
func (p *person) reads(words string, fits func(footed) bool) {
	p.stage.Helper()
	until(p.webPage, "what stands with "+words, scripted(foot, words), fits)
}

const middle = `((words) => {
	const text = [...document.querySelectorAll("#messages > li.message .text")].findLast((e) => e.textContent === words);
	if (!text) return null;
	const box = text.getBoundingClientRect();
	return { X: box.x + 10, Y: box.y + box.height / 2 };
})(%v)`

// pointsAt moves the pointer to the last message with these words.
func (p *person) pointsAt(words string) {
	p.stage.Helper()
	at := until(p.webPage, "the message "+words, scripted(middle, words), func(at *struct{ X, Y float64 }) bool { return at != nil })
	hands(p.webPage, command(input.DispatchMouseEvent, input.DispatchMouseEventParams{Type: chromedp.MouseMoved, X: at.X, Y: at.Y}))
}

// chooses opens the menu of a message and picks an item.
func (p *person) chooses(words, item string) {
	p.stage.Helper()
	p.pointsAt(words)
	p.clicks("More actions")
	p.picks(item)
}

const menuItem = `((label) => {
	const e = [...document.querySelectorAll("[role=menuitem], .quick button")].find((e) => e.checkVisibility() && (e.ariaLabel ?? e.firstChild.textContent) === label);
	if (!e) return null;
	const box = e.getBoundingClientRect();
	const x = box.x + box.width / 2, y = box.y + box.height / 2;
	return e.contains(document.elementFromPoint(x, y)) ? { X: x, Y: y } : null;
})(%v)`

func (p *person) picks(item string) {
	p.stage.Helper()
	at := until(p.webPage, "the item "+item, scripted(menuItem, item), func(at *struct{ X, Y float64 }) bool { return at != nil })
	for _, kind := range []input.DispatchMouseEventType{chromedp.MouseMoved, chromedp.MousePressed, chromedp.MouseReleased} {
		event := input.DispatchMouseEventParams{Type: kind, X: at.X, Y: at.Y}
		if kind != chromedp.MouseMoved {
			event.Button, event.ClickCount = input.MouseButtonLeft, 1
		}
		hands(p.webPage, command(input.DispatchMouseEvent, event))
	}
}

const deletedWords = "This message was deleted."

// editAndDelete: one's own words can be changed and taken back, and everybody sees it at once.
func editAndDelete(s *stage) {
	ana, bob := s.joins("ana"), s.joins("bob")
	ana.says("helo")
	bob.sees("ana: helo")
	ana.presses(arrowUp) // in the empty field
	ana.waitsFor("the editor", `document.activeElement.matches(".editor textarea")`)
	ana.types("!")
	ana.presses(escape)
	ana.waitsFor("the field", `document.activeElement.id === "text" && !document.querySelector(".editor")`)
	ana.presses(arrowUp)
	ana.waitsFor("the editor", `document.activeElement.matches(".editor textarea")`)
	ana.presses(selectAll)
	ana.types("hello")
	ana.presses(enter)
	bob.sees("ana: hello")
	for _, p := range []*person{ana, bob} {
		p.reads("hello", func(f footed) bool { return f.Edited })
	}
	ana.clicksOn(`document.querySelector("button.edited")`)
	ana.waitsFor("the earlier text", `[...document.querySelectorAll(".revisions p")].map((e) => e.textContent).join() === "helo" && document.querySelector("button.edited").ariaExpanded === "true"`)
	ana.clicksOn(`document.querySelector("button.edited")`)
	ana.waitsFor("it to be gone", `document.querySelector(".revisions") === null`)
	if asks[bool](bob.webPage, `document.querySelector("button.edited") !== null`) {
		s.Error("bob is offered what ana said before")
	}
	ana.clicksOn(`document.querySelector("#text")`)

	ana.says("a secret")
	bob.sees("ana: a secret")
	bob.pointsAt("a secret")
	bob.clicks("Reply")
	bob.says("what?")
	ana.reads("what?", func(f footed) bool { return f.Quote == "ana: a secret" })
	bob.pointsAt("a secret")
	bob.clicks("More actions")
	if bob.waitsFor("the menu", `document.querySelector("[role=menu]") !== null`); asks[bool](bob.webPage, `document.querySelector(".item.danger") !== null`) {
		s.Error("bob is offered to delete what ana said")
	}
	bob.presses(escape)
	ana.chooses("a secret", "Delete")
	ana.picks("Delete for everyone?")
	for _, p := range []*person{ana, bob} {
		p.sees("ana: " + deletedWords)
		p.reads("what?", func(f footed) bool { return f.Quote == deletedWords })
	}
	carl := s.joins("carl")
	carl.reads("hello", func(f footed) bool { return f.Edited })
	carl.reads("what?", func(f footed) bool { return f.Quote == deletedWords })
	s.history("ana: hello", "ana: "+deletedWords, "bob: what?")
}

// reactReplyPin: reactions add up and say who, answers lead to what they answer, pins are found again.
func reactReplyPin(s *stage) {
	robot := s.program("robot")
	s.posts(robot, "lunch?")
	ana, bob := s.joins("ana"), s.joins("bob")
	ana.pointsAt("lunch?")
	ana.clicks("React")
	ana.picks("React with 👍")
	bob.reads("lunch?", func(f footed) bool { return slices.Equal(f.Chips, []string{"👍 1: ana"}) })
	bob.clicks("👍 1: ana")
	ana.reads("lunch?", func(f footed) bool { return slices.Equal(f.Chips, []string{"👍 2: you and bob"}) })
	bob.pointsAt("lunch?")
	bob.clicks("React")
	bob.clicks("Any other emoji, then Enter")
	bob.inserts("no")
	bob.presses(enter)
	bob.waits("a refusal", func(v view) bool { return v.Note == "A reaction is one emoji." })
	bob.pointsAt("lunch?")
	bob.clicks("React")
	bob.clicks("Any other emoji, then Enter")
	bob.inserts("🧑🏿‍💻")
	bob.presses(enter)
	ana.reads("lunch?", func(f footed) bool { return len(f.Chips) == 2 && f.Chips[1] == "🧑🏿‍💻 1: bob" })
	ana.clicks("👍 2: you and bob")
	bob.reads("lunch?", func(f footed) bool { return f.Chips[0] == "👍 1: you" })

	ana.chooses("lunch?", "Pin")
	bob.reads("lunch?", func(f footed) bool { return f.Pinned })
	lines := []string{"robot: lunch?"}
	for i := range 60 {
		text := fmt.Sprint("number ", i)
		s.posts(robot, text)
		lines = append(lines, "robot: "+text)
	}
	bob.sees("robot: number 59")
	bob.clicks("Pins")
	bob.waitsFor("the pin", `document.querySelector("#pins .what")?.textContent === "lunch?"`)
	ana.waits("to be at the end", func(v view) bool { return v.AtBottom })
	bob.clicks("robot " + asks[string](bob.webPage, `document.querySelector("#pins time").textContent`) + "\nlunch?")
	bob.waitsFor("the pinned message, pointed at", `(() => { const li = document.querySelector(".message.pointed"); const box = li?.getBoundingClientRect();
		return li?.querySelector(".text").textContent === "lunch?" && box.top > 0 && box.bottom < innerHeight; })()`)

	// an answer, kept with the draft over a reload; its quote leads back, in another page too
	bob.pointsAt("lunch?")
	bob.clicks("Reply")
	bob.waitsFor("what is answered", `document.querySelector(".answering .quoted")?.textContent === "lunch?"`)
	bob.reloads()
	bob.isIn()
	bob.waitsFor("what is answered, still", `document.querySelector(".answering .quoted")?.textContent === "lunch?"`)
	bob.says("at one")
	lines = append(lines, "bob: at one")
	ana.reads("at one", func(f footed) bool { return f.Quote == "robot: lunch?" })
	if asks[bool](bob.webPage, `document.querySelector(".answering") !== null`) {
		s.Error("what was answered stays above the field")
	}
	carl := s.joins("carl") // who has only the newest fifty
	carl.reads("at one", func(f footed) bool { return f.Quote == "robot: lunch?" })
	carl.clicks(asks[string](carl.webPage, `document.querySelector(".quote").innerText.trim()`))
	carl.waitsFor("the page of that message", `/^\/r\/lobby\/\d+$/.test(location.pathname) && document.querySelector(".message.pointed .text")?.textContent === "lunch?"`)

	bob.clicks("Pins")
	bob.clicks("Unpin")
	bob.waitsFor("no pin", `document.querySelector("#pins .none") !== null`)
	s.history(lines...)
}

// messageKeys: everything by keys alone.
func messageKeys(s *stage) {
	ana, bob := s.joins("ana"), s.joins("bob")
	bob.says("one")
	ana.says("two")
	bob.sees("ana: two")
	for ana.looks().Focus != "scroller" {
		ana.presses(shiftTab)
	}
	on := func(words string) {
		s.Helper()
		ana.waitsFor("the keys to be at "+words, fmt.Sprintf(`document.activeElement.matches("li.message") && document.activeElement.querySelector(".text").textContent === %q`, words))
	}
	ana.presses(arrowUp)
	on("two")
	ana.presses(arrowUp)
	on("one")
	ana.types("+")
	ana.waitsFor("the emoji", `document.activeElement.matches(".quick button")`)
	ana.presses(enter)
	bob.reads("one", func(f footed) bool { return slices.Equal(f.Chips, []string{"👍 1: ana"}) })
	on("one")
	ana.types("p")
	bob.reads("one", func(f footed) bool { return f.Pinned })
	ana.presses(enter)
	ana.waitsFor("the menu", `document.activeElement.matches("[role=menu] [role=menuitem]")`)
	ana.presses(escape)
	on("one")
	ana.presses(arrowDown)
	on("two")
	ana.types("e")
	ana.waitsFor("the editor", `document.activeElement.matches(".editor textarea")`)
	ana.types(" and a half")
	ana.presses(enter)
	bob.sees("ana: two and a half")
	for ana.looks().Focus != "scroller" {
		ana.presses(shiftTab)
	}
	ana.presses(arrowUp)
	on("two and a half")
	ana.presses(deleteKey)
	ana.waitsFor("the question", `document.activeElement.matches(".item.danger")`)
	ana.presses(enter, enter)
	bob.sees("ana: " + deletedWords)
	ana.presses(arrowUp)
	on("one")
	ana.types("r")
	ana.waits("the field", func(v view) bool { return v.Focus == "text" })
	ana.says("three")
	bob.reads("three", func(f footed) bool { return f.Quote == "bob: one" })

	axe, err := os.ReadFile("../assets/node_modules/axe-core/axe.min.js")
	if err != nil {
		missing(s, "axe-core is not there (npm ci in assets)")
	}
	ana.seesSent("three")
	ana.pointsAt("three")
	ana.clicks("More actions")
	for _, scheme := range []string{"light", "dark"} {
		ana.prefers("color-scheme", scheme)
		for _, violation := range ana.judgedBy(string(axe)) {
			s.Errorf("the menu, %s: %s", scheme, violation)
		}
	}
	s.history("bob: one", "ana: "+deletedWords, "ana: three")
}

// messageSheet: on a phone a finger that rests on a message brings up what can be done with it.
func messageSheet(s *stage) {
	bob := s.joins("bob")
	bob.says("by finger?")
	ana := s.person("ana")
	ana.hasScreen(screen{390, 844, true})
	ana.joins()
	ana.hasAll()
	ana.holdsFinger("by finger?")
	ana.waitsFor("the sheet", `document.querySelector("[role=menu]")?.checkVisibility()`)
	ana.fits(screen{390, 844, true}, "the sheet")
	ana.taps("React with 🎉")
	bob.reads("by finger?", func(f footed) bool { return slices.Equal(f.Chips, []string{"🎉 1: ana"}) })
	ana.hasScreen(screen{320, 568, true})
	ana.holdsFinger("by finger?")
	ana.waitsFor("the sheet", `document.querySelector("[role=menu]")?.checkVisibility()`)
	if wide := asks[float64](ana.webPage, `document.documentElement.scrollWidth - innerWidth`); wide > 0 {
		s.Errorf("the sheet is %v pixels too wide", wide)
	}
	s.history("bob: by finger?")
}

// holdsFinger rests a finger on the last message with these words until something opens.
func (p *person) holdsFinger(words string) {
	p.stage.Helper()
	at := until(p.webPage, "the message "+words, scripted(middle, words), func(at *struct{ X, Y float64 }) bool { return at != nil })
	hands(p.webPage, command(input.DispatchTouchEvent, input.DispatchTouchEventParams{Type: input.DispatchTouchEventTypeTouchStart, TouchPoints: []*input.TouchPoint{{X: at.X, Y: at.Y}}}))
	p.waitsFor("something to open under the finger", `document.querySelector(".menu-box") !== null`)
	hands(p.webPage, command(input.DispatchTouchEvent, input.DispatchTouchEventParams{Type: input.DispatchTouchEventTypeTouchEnd, TouchPoints: []*input.TouchPoint{}}))
}

// hasAll waits until the page has loaded what it loads later.
func (p *person) hasAll() {
	p.stage.Helper()
	p.waitsFor("all modules", `["toolbar", "editor", "menu"].every((part) => performance.getEntriesByType("resource").some((r) => r.name.endsWith("/later/" + part + ".js") && r.responseEnd > 0))`)
}

// editsSurviveKill: what is done with messages while the server is dead is seen to wait, kept, and done afterwards.
func editsSurviveKill(s *stage) {
	ana, bob := s.joins("ana"), s.joins("bob")
	s.mayLog(whileAway...)
	ana.says("before")
	ana.says("gone soon")
	ana.says("to stay")
	bob.sees("ana: to stay")
	ana.hasAll()
	s.server.kill()
	ana.seesStatus("econnecting")
	ana.presses(arrowUp)
	ana.waitsFor("the editor", `document.activeElement.matches(".editor textarea")`)
	ana.types(" or not")
	ana.presses(enter)
	ana.waits("the edit to wait", func(v view) bool {
		m, found := v.message("ana: to stay or not")
		return found && (m.State == "waiting" || m.State == "sending")
	})
	ana.pointsAt("before")
	ana.clicks("React")
	ana.picks("React with 👍")
	ana.reads("before", func(f footed) bool { return slices.Equal(f.Chips, []string{"👍 1: you (Not sent yet)"}) })
	ana.chooses("gone soon", "Delete")
	ana.picks("Delete for everyone?")
	ana.waitsFor("the message to be going", `document.querySelector(".is-going .text")?.textContent === "gone soon"`)
	s.starts()
	bob.sees("ana: to stay or not")
	bob.reads("before", func(f footed) bool { return slices.Equal(f.Chips, []string{"👍 1: ana"}) })
	ana.reads("before", func(f footed) bool { return slices.Equal(f.Chips, []string{"👍 1: you"}) })
	for _, p := range []*person{ana, bob} {
		p.sees("ana: " + deletedWords)
	}
	ana.waitsFor("nothing to wait", `document.querySelector(".waiting, .is-going") === null && !Object.keys(localStorage).some((key) => key.startsWith("chatd.outbox."))`)
	ana.reads("to stay or not", func(f footed) bool { return f.Edited })
	s.server.kill()
	s.starts()
	s.history("ana: before", "ana: "+deletedWords, "ana: to stay or not")
}
