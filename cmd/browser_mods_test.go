package cmd_test

import "strings"

// becomesHost makes somebody who is nobody yet the host, by the operator's link, and has him in the lobby.
func (p *person) becomesHost() {
	p.stage.Helper()
	p.opens(p.stage.invitesHost())
	p.waits("the cursor in the field", func(v view) bool { return v.Focus == "nickname" })
	p.types(p.name)
	p.presses(tab)
	p.types(passphrase)
	p.presses(enter)
	p.waits("the settings", at("/settings"))
	p.opens("/")
	p.isIn()
}

// claims makes somebody's name his own.
func (p *person) claims() {
	p.stage.Helper()
	p.opens("/account")
	p.clicks("New password")
	p.types(passphrase)
	p.presses(enter)
	p.waits("the thanks", func(v view) bool { return v.Notice != "" })
	p.opens("/")
	p.isIn()
}

// meets opens what there is about somebody, from the list of who is here.
func (p *person) meets(name string) {
	p.stage.Helper()
	p.clicksOn(scripted(`[...document.querySelectorAll("#people .person")].find((e) => e.querySelector("bdi").textContent === %v)`, name))
	p.waitsFor("what there is about "+name, scripted(`document.querySelector("dialog[open] h2")?.textContent === %v`, name))
}

// slowRoom: the host makes the room slow; who writes too early sees the time that remains, and his words go out by themselves.
func slowRoom(s *stage) {
	ana, ben := s.person("ana"), s.joins("ben")
	ana.becomesHost()
	ana.clicks("About this room")
	ana.waitsFor("the room's form", `document.querySelector("dialog select")?.checkVisibility() ?? false`)
	ana.clicks("What is this room about?")
	ana.presses(tab)
	ana.presses(tab)
	ana.types("5")
	ben.waitsFor("the pace", `document.querySelector(".slow").innerText === "Slow mode: 5 seconds between messages"`)
	ana.presses(escape)
	ana.clicks("Message Lobby")
	ana.says("one")
	ana.says("two") // she is not held up
	ben.says("first")
	ben.waitsFor("the time that remains", `document.querySelector(".slow").innerText.startsWith("Slow mode: write again in ")`)
	ben.types("second")
	ben.presses(enter)
	ben.waitsFor("that it waits", `document.querySelector(".slow").innerText.startsWith("Slow mode: your message is sent in ")`)
	ben.seesSent("second")
	ana.sees("ben: second")
	s.history("ana: one", "ana: two", "ben: first", "ben: second")
}

// aboutPeople: by keys and pointer the host makes a moderator from a name, who bans somebody with what he said; it is gone from
// every page without a reload, after a kill too.
func aboutPeople(s *stage) {
	ana, ben, cat, dan := s.person("ana"), s.joins("ben"), s.joins("cat"), s.joins("dan")
	ana.becomesHost()
	ben.claims()
	ben.says("I was here before")
	ana.meets("ben")
	ana.clicks("Make moderator")
	ben.waitsFor("ben to know", marked("ben", "moderator"))
	ana.presses(escape)
	cat.says("buy my coins")
	dan.says("what coins?")
	dan.meets("cat")
	if text := asks[string](dan.webPage, `document.querySelector("dialog").innerText`); strings.Contains(text, "Ban") {
		s.Errorf("a guest is offered: %s", text)
	}
	dan.presses(escape)

	// Ben by the name beside the words.
	ben.sees("dan: what coins?")
	ben.clicksOn(`[...document.querySelectorAll("#messages .name")].find((e) => e.textContent === "cat")`)
	ben.waitsFor("what there is about cat", `document.querySelector("dialog[open] h2")?.textContent === "cat"`)
	ben.clicks("Ban")
	ben.waitsFor("the question", `document.querySelector("dialog form input")?.matches(":focus") ?? false`)
	ben.types("spam")
	ben.presses(tab)
	ben.presses(space)
	ben.presses(enter)
	cat.mayLog("status of 403")
	cat.seesStatus("cannot take part")
	gone := `!document.querySelector("#messages").innerText.includes("buy my coins") && document.querySelectorAll("#messages .deleted").length === 1`
	for _, p := range []*person{ana, ben, dan} {
		p.waitsFor("the words to be gone", gone)
	}
	ben.waitsFor("the way back", `document.querySelector("dialog").innerText.includes("Let back in")`)
	for _, c := range screensOfPeople {
		ben.hasScreen(c)
		ben.fits(c, "somebody")
	}
	s.server.kill()
	s.mayLog(whileAway...)
	s.starts()
	dan.seesStatus("")
	dan.reloads()
	dan.isIn()
	dan.waitsFor("the words to be gone", gone)
	ana.opens("/audit")
	ana.waits("who did what", at("/audit"))
	if text := asks[string](ana.webPage, `document.querySelector(".acts").innerText`); !strings.Contains(text, "ben banned cat") || !strings.Contains(text, "spam") {
		s.Errorf("the audit reads %s", text)
	}
	s.history("ben: I was here before", "cat: This message was deleted.", "dan: what coins?")
}

// ignores: what somebody says whom one ignores is a quiet line, live, on the other device and after a reload; the way back is
// on the account's page.
func ignores(s *stage) {
	ana, ben := s.joins("ana"), s.joins("ben")
	tab := ana.tab()
	tab.opens("/r/lobby")
	tab.isIn()
	ben.says("look at me")
	ana.sees("ben: look at me")
	ana.meets("ben")
	ana.clicks("Ignore")
	quiet := `[...document.querySelectorAll(".message")].every((li) => li.innerText.trim().replace(/\s+/g, " ") === "Message of somebody you ignore. Show")`
	for _, p := range []*person{ana, tab} {
		p.waitsFor("a quiet line", quiet)
	}
	ana.presses(escape)
	ben.says("hello?")
	ana.waitsFor("two quiet lines", `document.querySelectorAll(".message").length === 2 && `+quiet)
	s.restarts()
	s.mayLog(whileAway...)
	ana.reloads()
	ana.isIn()
	ana.waitsFor("two quiet lines", `document.querySelectorAll(".message").length === 2 && `+quiet)
	ana.clicks("Show")
	ana.waitsFor("what ben said", `document.querySelector("#messages").innerText.includes("look at me")`)
	ana.opens("/account")
	ana.hasScreen(screen{1280, 1600, false}) // all of the page
	ana.clicks("Stop ignoring ben")
	ana.waits("the change", func(v view) bool { return v.Notice == "Changed." })
	tab.seesStatus("")
	tab.waitsFor("what ben said", `document.querySelector("#messages").innerText.includes("look at me")`)
	s.history("ben: look at me", "ben: hello?")
}

// reports: what somebody reports comes to the host at once, with a way to the place, and goes when it is done.
func reports(s *stage) {
	ana, ben, cat := s.person("ana"), s.joins("ben"), s.joins("cat")
	ana.becomesHost()
	ben.says("rude words")
	cat.sees("ben: rude words")
	cat.chooses("rude words", "Report")
	cat.waitsFor("the question", `document.querySelector("dialog form input")?.matches(":focus") ?? false`)
	cat.types("he is rude")
	cat.presses(enter)
	cat.waitsFor("the thanks", `document.querySelector("#note").innerText === "The moderators have it."`)
	ana.waitsFor("the report", `document.querySelector("#reports:not([hidden])")?.innerText === "1 report"`)
	if asks[bool](ben.webPage, `document.querySelector("#reports").checkVisibility()`) {
		s.Error("ben sees that there is a report")
	}
	s.server.kill()
	s.mayLog(whileAway...)
	s.starts()
	ana.opens("/reports")
	ana.waits("the reports", at("/reports"))
	for _, c := range screensOfPeople {
		ana.hasScreen(c)
		ana.fits(c, "the reports")
	}
	if text := asks[string](ana.webPage, `document.querySelector(".acts").innerText`); !strings.Contains(text, "cat reported a message of ben") || !strings.Contains(text, "he is rude") || !strings.Contains(text, "rude words") {
		s.Errorf("the reports read %s", text)
	}
	ana.clicks("Done")
	ana.waitsFor("nothing more", `document.querySelector(".explained")?.innerText === "Nothing waits for you."`)
	ana.opens("/")
	ana.isIn()
	ana.waitsFor("no report", `document.querySelector("#reports").hidden`)
	s.history("ben: rude words")
}
