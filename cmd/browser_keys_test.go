package cmd_test

import (
	"slices"
	"strings"

	"github.com/chromedp/chromedp"
)

var (
	f6         = key{name: "F6", code: 117}
	shiftF6    = key{name: "F6", code: 117, modifiers: chromedp.ModifierShift}
	home       = key{name: "Home", code: 36}
	roomBefore = key{name: "ArrowUp", code: 38, modifiers: chromedp.ModifierAlt}
	unreadUp   = key{name: "ArrowUp", code: 38, modifiers: chromedp.ModifierAlt | chromedp.ModifierShift}
	backtick   = key{name: "`", code: 192, modifiers: chromedp.ModifierCtrl}
)

// keyboardMap: on ? there is a map of all keys, and each of them does what it says.
func keyboardMap(s *stage) {
	ana, bob := s.joins("ana"), s.joins("bob")
	bob.createsRoom("Garden", false)
	ana.createsRoom("Attic", false)
	ana.opens("/r/garden")
	ana.mayJoin()
	ana.clicks("Join")
	ana.isIn()
	ana.opens("/r/lobby")
	ana.isIn()
	ana.hasAll()
	for _, words := range []string{"one", "two", "three"} {
		ana.says(words)
	}
	ana.waitsFor("the last of them", `document.querySelector("#messages > li:last-child[data-id]") !== null`)

	const regions = `["nav", ".scroller", ".entry", "aside"].find((e) => document.querySelector(e)?.contains(document.activeElement)) ?? ""`
	inRegion := func(region string) {
		s.Helper()
		until(ana.webPage, "the keys to be in "+region, regions, func(now string) bool { return now == region })
		if f := asks[struct{ Name, Ring string }](ana.webPage, focused); f.Ring == "" && region != ".entry" {
			s.Errorf("one does not see that the keys are in %s", region)
		}
	}
	field := func() { ana.waits("the cursor in the field", func(v view) bool { return v.Focus == "text" }) }
	on := func(words string) {
		s.Helper()
		ana.waitsFor("the keys to be at "+words, scripted(`document.activeElement.matches("li.message") && document.activeElement.querySelector(".text").textContent === %v`, words))
	}
	at := func(words string) { // a message, by keys alone
		s.Helper()
		ana.presses(escape)
		field()
		ana.presses(shiftF6)
		inRegion(".scroller")
		ana.presses(arrowUp)
		for asks[string](ana.webPage, `document.activeElement.querySelector(".text")?.textContent ?? ""`) != words {
			ana.presses(arrowUp)
		}
		on(words)
	}
	opens := func(selector string) {
		s.Helper()
		ana.waitsFor(selector, scripted(`document.querySelector(%v)?.checkVisibility() ?? false`, selector))
	}
	inRoom := func(title string) {
		s.Helper()
		ana.waits("the room "+title, func(v view) bool { return v.Heading == title })
		ana.isIn()
		ana.opens("/r/lobby")
		ana.isIn()
		ana.hasAll()
	}
	draft := func(want string) {
		s.Helper()
		ana.waits("the draft "+want, func(v view) bool { return v.Draft == want })
		ana.presses(selectAll, backspace)
	}
	marks := func(k key, want string) {
		field()
		ana.types("word")
		ana.presses(selectAll, k)
		draft(want)
	}
	noted := func() {
		s.Helper()
		ana.waits("that it was copied", func(v view) bool { return v.Note == "Copied." })
	}

	// What each line of the map says, done. Each begins in the field, in the lobby.
	strikes := map[string]func(){
		"Control+k":         func() { ana.presses(find); opens("dialog.switcher"); ana.presses(escape) },
		"Alt+ArrowUp":       func() { ana.presses(roomBefore); inRoom("Garden") },
		"Alt+ArrowDown":     func() { ana.presses(nextRoom); inRoom("Attic") },
		"Alt+Shift+ArrowUp": func() { s.unreadIn(bob, ana, "Garden"); ana.presses(unreadUp); inRoom("Garden") },
		"n Alt+Shift+ArrowDown": func() {
			s.unreadIn(bob, ana, "Garden")
			ana.presses(nextUnread)
			inRoom("Garden")
			s.unreadIn(bob, ana, "Garden")
			at("three")
			ana.types("n")
			inRoom("Garden")
		},
		"F6": func() {
			for _, region := range []string{"aside", "nav", ".scroller", ".entry"} {
				ana.presses(f6)
				inRegion(region)
			}
		},
		"Shift+F6": func() {
			for _, region := range []string{".scroller", "nav", "aside", ".entry"} {
				ana.presses(shiftF6)
				inRegion(region)
			}
		},
		"Escape": func() { ana.presses(f6); inRegion("aside"); ana.presses(escape); field() },
		"?": func() {
			ana.types("?") // in the field it is a letter
			draft("?")
			at("three")
			ana.types("?")
			opens("dialog .keymap")
			ana.presses(escape)
		},
		"ArrowUp":   func() { at("two") },
		"ArrowDown": func() { at("two"); ana.presses(arrowDown); on("three") },
		"Home":      func() { at("two"); ana.presses(home); on("one") },
		"End":       func() { at("one"); ana.presses(end); on("three") },
		"+ :": func() {
			at("two")
			ana.types(":")
			opens(".quick")
			ana.presses(escape)
			on("two")
			ana.types("+")
			opens(".quick")
			ana.presses(escape)
			on("two")
		},
		"m Enter": func() {
			at("two")
			ana.types("m")
			opens(".menu")
			ana.presses(escape)
			on("two")
			ana.presses(enter)
			opens(".menu")
			ana.presses(escape)
			on("two")
		},
		"r": func() { at("two"); ana.types("r"); opens(".answering"); field(); ana.presses(escape) },
		"e": func() { at("two"); ana.types("e"); opens(".editor"); ana.presses(escape); field() },
		"t": func() {
			at("two")
			ana.types("t")
			opens(".thread textarea:focus")
			ana.presses(escape)
			ana.waitsFor("the end of the thread", `document.querySelector(".thread")?.checkVisibility() !== true`)
		},
		"p": func() {
			at("two")
			ana.types("p")
			ana.reads("two", func(f footed) bool { return f.Pinned })
			ana.types("p")
			ana.reads("two", func(f footed) bool { return !f.Pinned })
		},
		"u": func() {
			bob.opens("/r/lobby")
			bob.isIn()
			bob.says("for later")
			ana.sees("bob: for later")
			ana.presses(shiftF6)
			inRegion(".scroller")
			ana.presses(arrowUp)
			on("for later")
			ana.types("u")
			opens(".new")
		},
		"c":      func() { at("two"); ana.types("c"); noted() },
		"l":      func() { at("two"); ana.types("l"); noted() },
		"Delete": func() { at("two"); ana.presses(deleteKey); opens(".item.danger"); ana.presses(escape); on("two") },

		"Enter":             func() { field(); ana.types("four"); ana.presses(enter); ana.seesSent("four") },
		"Shift+Enter":       func() { field(); ana.types("a"); ana.presses(shiftEnter); ana.types("b"); draft("a\nb") },
		"ArrowUp (writing)": func() { field(); ana.presses(arrowUp); opens(".editor"); ana.presses(escape) },
		"Control+b":         func() { marks(bold, "**word**") },
		"Control+i":         func() { marks(italic, "*word*") },
		"Control+`":         func() { marks(backtick, "`word`") },
	}
	ana.mayLog("Clipboard")
	ana.presses(shiftF6)
	inRegion(".scroller")
	ana.types("?")
	opens("dialog .keymap")
	const lines = `[...document.querySelectorAll(".keymap section")].flatMap((part, i) => [...part.querySelectorAll("li")].map((li) => li.dataset.keys + (i === 1 && li.dataset.keys === "ArrowUp" ? " (writing)" : "")))`
	shown := asks[[]string](ana.webPage, lines)
	ana.presses(escape)
	ana.waitsFor("the map to be gone", `document.querySelector("dialog") === null`)
	for keys := range strikes {
		if !slices.Contains(shown, keys) {
			s.Errorf("the map does not have %q, only %s", keys, strings.Join(shown, ", "))
		}
	}
	// sending comes last: what is said then is the newest message
	slices.SortStableFunc(shown, func(a, b string) int {
		return strings.Compare(map[string]string{"Enter": "z"}[a], map[string]string{"Enter": "z"}[b])
	})
	for _, keys := range shown {
		strike := strikes[keys]
		if strike == nil {
			s.Errorf("the map has %q, of which nothing is known", keys)
			continue
		}
		ana.presses(escape)
		field()
		strike()
	}
	s.history("ana: one", "ana: two", "ana: three", "bob: for later", "ana: four")
}

// unreadIn makes that reader has something to read in a room, and sees that.
func (s *stage) unreadIn(writer, reader *person, room string) {
	s.Helper()
	writer.opens("/r/" + strings.ToLower(room))
	writer.isIn()
	writer.says("news")
	reader.waitsFor("something unread", scripted(`[...document.querySelectorAll(".room-link.unread")].some((e) => e.querySelector("bdi").textContent === %v)`, room))
}

// density: compact is chosen once, shows at once, and is so from the first paint on; other browsers keep their own.
func density(s *stage) {
	ana, bob := s.joins("ana"), s.joins("bob")
	for _, words := range []string{"one", "two"} {
		ana.says(words)
		bob.says(words + " too")
	}
	height := func(p *person) float64 {
		return asks[float64](p.webPage, `document.querySelector("#messages").offsetHeight`)
	}
	cosy := height(ana)
	ana.clicks("Compact")
	ana.waitsFor("less room for the same", scripted(`document.querySelector("#messages").offsetHeight < %v * 0.85`, cosy))
	ana.waitsFor("the choice to be kept", `performance.getEntriesByType("resource").some(({ name, responseEnd }) => name.endsWith("/density") && responseEnd > 0)`)
	ana.reloads()
	ana.isIn()
	if now := height(ana); now > cosy*0.85 {
		s.Errorf("after a reload the messages are %v high; cosy they were %v", now, cosy)
	}
	ana.seesNoShift("a compact room")
	if now := height(bob); now < cosy {
		s.Errorf("bob, who chose nothing, has messages %v high, not %v", now, cosy)
	}
	ana.clicks("Compact")
	ana.waitsFor("as much room as before", scripted(`document.querySelector("#messages").offsetHeight >= %v`, cosy))
	s.history("ana: one", "bob: one too", "ana: two", "bob: two too")
}

// nothingJumps: once a busy room is painted, nothing in it moves while its scripts load and its people come.
func nothingJumps(s *stage) {
	t := newTown(s, func(*town) {})
	for _, on := range []screen{{1280, 800, false}, {390, 844, true}} {
		for _, room := range []string{"/r/lobby", "/r/lake-trip"} {
			t.chloé.hasScreen(on)
			t.chloé.opens(room)
			t.chloé.isIn()
			t.chloé.hasAll()
			t.chloé.seesNoShift(room + " on " + on.String())
		}
	}
}

// seesNoShift asserts that nothing has moved since the page was painted first.
func (p *person) seesNoShift(page string) {
	p.stage.Helper()
	for _, moved := range do(p.webPage, chromedp.Evaluate[[]string](`new Promise((done) => {
		const all = [];
		new PerformanceObserver((list) => all.push(...list.getEntries())).observe({ type: "layout-shift", buffered: true });
		requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => done(all.map((e) => e.value.toFixed(4) + " by " +
			e.sources.map(({ node, previousRect: a, currentRect: b }) => (node?.id || node?.className || node?.nodeName) + " from " + a.y + " to " + b.y).join(", "))))));
	})`, chromedp.EvalAwaitPromise)) {
		p.stage.Errorf("%s: something moves: %s", page, moved)
	}
}
