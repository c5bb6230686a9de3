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
