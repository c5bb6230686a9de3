package cmd_test

import "strings"

// links is the list of rooms as it is shown: "Lobby", "Garden 3", in the order of the page.
const links = `[...document.querySelectorAll(".room-link")].filter((e) => e.checkVisibility()).map((e) =>
	e.querySelector("bdi").textContent + (e.querySelector(".badge") ? " " + e.querySelector(".badge").firstChild.textContent : "") + (e.closest("#rooms-more") ? "?" : ""))`

// seesRooms waits until the list of rooms is this.
func (p *person) seesRooms(rooms ...string) {
	p.stage.Helper()
	want := strings.Join(rooms, " | ")
	until(p.webPage, "the rooms "+want, links, func(now []string) bool { return strings.Join(now, " | ") == want })
}

// goesTo clicks a room in the list.
func (p *person) goesTo(room string) {
	p.stage.Helper()
	p.clicksOn(scripted(`[...document.querySelectorAll(".room-link")].find((e) => e.querySelector("bdi").textContent === %v)`, room))
	p.waits("the room "+room, func(v view) bool { return v.Heading == room })
}

// mayJoin waits until the way into a room that is read from outside is open: the page's script runs.
func (p *person) mayJoin() {
	p.stage.Helper()
	p.waitsFor("the way in", `document.querySelector("#join:enabled") !== null`)
}

// createsRoom makes a room by the form, and is in it.
func (p *person) createsRoom(title string, private bool) {
	p.stage.Helper()
	p.clicks("Create a room")
	p.waits("the form", func(v view) bool { return v.Focus == "new-title" })
	p.types(title)
	if private {
		p.clicksOn(`document.querySelector("input[value=private]")`)
	}
	p.clicks("Create")
	p.waits("the room "+title, func(v view) bool { return v.Heading == title })
	p.isIn()
}

// roomList: the list is live: what is said elsewhere is counted, what is read on one device is read on
// the other, rooms come and are renamed, and what is muted is not counted.
func roomList(s *stage) {
	ana, bob := s.joins("ana"), s.joins("bob")
	ana.createsRoom("The Garden", false)
	if path := ana.looks().Path; path != "/r/the-garden" {
		s.Errorf("the proposed address is %s", path)
	}
	ana.seesRooms("Lobby", "The Garden")
	bob.seesRooms("Lobby", "The Garden?") // without asking for it
	bob.goesTo("The Garden")
	bob.mayJoin()
	bob.clicks("Join")
	bob.waits("the cursor in the field", func(v view) bool { return v.Focus == "text" })
	bob.isIn()
	bob.opens("/r/lobby")
	bob.isIn()
	tab := bob.tab()
	tab.opens("/r/lobby")
	tab.isIn()
	ana.says("one")
	ana.says("two")
	for _, p := range []*person{bob, tab} {
		p.seesRooms("Lobby", "The Garden 2")
	}
	bob.goesTo("The Garden")
	bob.sees("ana: two")
	bob.seesRooms("Lobby", "The Garden")
	tab.seesRooms("Lobby", "The Garden") // read on the other

	// A new title and a topic, at once for everybody, at the old address.
	ana.clicks("About this room")
	ana.waitsFor("the room's form", `document.querySelector("dialog [placeholder^=What]")?.checkVisibility() ?? false`)
	ana.clicks("What is this room about?")
	ana.types("What grows")
	ana.clicks("Save")
	for _, p := range []*person{ana, bob} {
		p.waitsFor("the topic", `document.querySelector("#room-topic").innerText === "What grows"`)
	}
	tab.goesTo("The Garden")
	tab.isIn()
	tab.clicks("About this room")
	tab.clicks("Mute")
	tab.waitsFor("the muted room", `document.querySelector(".room-link.muted") !== null`)
	bob.waitsFor("the muted room", `document.querySelector(".room-link.muted") !== null`)
	bob.opens("/r/lobby")
	bob.isIn()
	tab.opens("/r/lobby")
	tab.isIn()
	ana.clicks("Message The Garden")
	ana.says("three")
	ana.opens("/r/lobby")
	ana.isIn()
	ana.says("here too") // what came before this would be counted by now
	bob.sees("ana: here too")
	bob.seesRooms("Lobby", "The Garden")
	s.restarts()
	s.mayLog(whileAway...)
	bob.reloads()
	bob.isIn()
	bob.seesRooms("Lobby", "The Garden")
	bob.waitsFor("the muted room", `document.querySelector(".room-link.muted") !== null`)
	s.history("ana: here too")
}

// privateRoom: nobody but its members knows of it; who is invited has it at once, who is removed sees
// nothing more: while both are there, and after coming back.
func privateRoom(s *stage) {
	ana, bob, eve := s.joins("ana"), s.joins("bob"), s.joins("eve")
	ana.createsRoom("Board", true)
	ana.clicks("About this room")
	ana.clicks("Invite people")
	ana.waitsFor("bob to choose", `[...document.querySelectorAll("dialog .choose label")].some((e) => e.innerText.includes("bob"))`)
	ana.clicksOn(`[...document.querySelectorAll("dialog .choose label")].find((e) => e.innerText.includes("bob"))`)
	ana.clicks("Invite")
	ana.waitsFor("bob among the members", `document.querySelector("dialog [aria-label='Remove bob']") !== null`)
	bob.seesRooms("Lobby", "Board")
	ana.presses(escape)
	ana.clicks("Message Board")
	ana.says("for members")
	bob.seesRooms("Lobby", "Board 1")
	eve.seesRooms("Lobby")
	bob.goesTo("Board")
	bob.isIn()
	bob.sees("ana: for members")
	bob.says("I am in")
	ana.sees("bob: I am in")

	ana.clicks("About this room")
	ana.waitsFor("the way to remove bob", `document.querySelector("dialog [aria-label='Remove bob']") !== null`)
	ana.clicks("Remove bob")
	bob.waitsFor("the end", `document.querySelector(".entry").innerText.includes("ana removed you from this room.")`)
	bob.seesRooms("Lobby")
	ana.presses(escape)
	ana.clicks("Message Board")
	ana.says("bob must not see this")
	second := s.program("robot")
	s.posts(second, "the lobby goes on") // what bob is told comes in order: this is behind it
	bob.seesRooms("Lobby 1")
	if text := asks[string](bob.webPage, "document.body.innerText"); strings.Contains(text, "must not") {
		s.Error("bob sees what was said after he was removed")
	}
	s.restarts()
	s.mayLog(whileAway...)
	ana.seesStatus("")
	ana.says("nor this")
	s.posts(s.program("robot too"), "on and on")
	bob.seesRooms("Lobby 2")
	if text := asks[string](bob.webPage, "document.body.innerText"); strings.Contains(text, "must not") || strings.Contains(text, "nor this") {
		s.Error("after a reconnect bob sees what was said after he was removed")
	}
	bob.mayLog("status of 404")
	bob.opens("/r/board")
	if v := bob.looks(); v.Heading != "Nothing here" {
		s.Errorf("bob opens the room and sees %q", v.Heading)
	}
	eve.mayLog("status of 404")
	eve.opens("/r/board")
	if v := eve.looks(); v.Heading != "Nothing here" {
		s.Errorf("eve opens the room and sees %q", v.Heading)
	}
	s.history("robot: the lobby goes on", "robot too: on and on")
}

// directConversation: two people by themselves, called by the other's name.
func directConversation(s *stage) {
	ana, bob, eve := s.joins("ana"), s.joins("bob"), s.joins("eve")
	ana.clicks("New conversation")
	ana.waitsFor("bob to choose", `[...document.querySelectorAll("dialog .choose label")].some((e) => e.innerText.includes("bob"))`)
	ana.clicksOn(`[...document.querySelectorAll("dialog .choose label")].find((e) => e.innerText.includes("bob"))`)
	ana.clicks("Start")
	ana.waits("the conversation", func(v view) bool { return v.Heading == "bob" })
	ana.isIn()
	ana.says("psst")
	bob.seesRooms("Lobby", "ana 1")
	bob.goesTo("ana")
	bob.isIn()
	bob.sees("ana: psst")
	bob.says("yes?")
	ana.sees("bob: yes?")
	eve.seesRooms("Lobby")
	eve.clicksOn(`[...document.querySelectorAll(".person")].find((e) => e.innerText.includes("bob"))`) // in the list of who is here
	eve.waits("the conversation", func(v view) bool { return v.Heading == "bob" })
	eve.isIn()
	eve.says("you too?")
	bob.seesRooms("Lobby", "ana", "eve 1")
	s.history()
}

// quickSwitcher: by keys alone to a room, and to the next one.
func quickSwitcher(s *stage) {
	robot := s.program("robot")
	for _, room := range []string{"ants", "bees", "cats"} {
		if err := robot.CreateRoom(within(s), room, strings.ToUpper(room[:1])+room[1:], false); err != nil {
			s.Fatal(err)
		}
	}
	ana := s.joins("ana")
	ana.presses(find)
	ana.waits("the switcher", func(v view) bool { return v.Focus == "switcher-field" })
	ana.types("bee")
	ana.waitsFor("the best match first", `document.querySelector("#switcher-0 bdi")?.textContent === "Bees" && document.querySelector("#switcher-field").getAttribute("aria-activedescendant") === "switcher-0"`)
	ana.presses(enter)
	ana.waits("the room", func(v view) bool { return v.Heading == "Bees" })
	ana.mayJoin()
	ana.clicks("Join")
	ana.waits("the cursor in the field", func(v view) bool { return v.Focus == "text" })
	ana.isIn()
	ana.presses(nextRoom)
	ana.waits("the next room, round the end", func(v view) bool { return v.Heading == "Lobby" })
	ana.isIn()
	if _, err := robot.Post(within(s), "bees", "buzz", ""); err != nil {
		s.Fatal(err)
	}
	ana.seesRooms("Lobby", "Bees 1", "Ants?", "Cats?")
	ana.presses(nextUnread)
	ana.sees("robot: buzz")
	s.posts(robot, "home again")
	ana.seesRooms("Lobby 1", "Bees", "Ants?", "Cats?")
	for ana.looks().Focus != "scroller" {
		ana.presses(shiftTab)
	}
	ana.types("n")
	ana.sees("robot: home again")
	s.history("robot: home again")
}

// archivedRoom: whoever made a room ends it, and it is gone from the lists of those who have it open, on a phone
// too; what was said can be read at its address.
func archivedRoom(s *stage) {
	ana := s.joins("ana")
	ana.createsRoom("Party", false)
	ana.says("see you there")
	bob := s.person("bob")
	bob.hasScreen(screen{390, 844, true})
	bob.opens("/r/party")
	bob.signsIn("bob")
	bob.mayJoin()
	bob.taps("Join")
	bob.isIn()
	bob.taps("Rooms")
	bob.seesRooms("Lobby", "Party")
	ana.mayLog("dialog: Nobody will be able to write")
	ana.clicks("About this room")
	ana.clicks("Archive")
	for _, p := range []*person{ana, bob} {
		p.waitsFor("the end", `document.querySelector(".entry").innerText.includes("ana archived this room")`)
	}
	bob.seesRooms("Lobby")
	bob.taps("Lobby")
	bob.waits("the lobby", func(v view) bool { return v.Heading == "Lobby" })
	bob.isIn()
	bob.opens("/r/party")
	v := bob.looks()
	if lines := v.lines(); len(lines) != 1 || lines[0] != "ana: see you there" {
		s.Errorf("bob reads %q", lines)
	}
	if !asks[bool](bob.webPage, `document.querySelector(".entry").innerText.includes("is archived") && !document.querySelector("#composer")`) {
		s.Error("the page of an archived room does not say so")
	}
	s.history()
}
