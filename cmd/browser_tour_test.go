package cmd_test

import (
	"fmt"
	"strings"

	"chatd/chat/client"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// A tour shows every screen that people meet. What must hold on all of them (and the pictures of all of them)
// is one visit: pictures are taken, axe-core judges, nothing is cut off. A new screen is a new line here.

// scene is one screen: whose, where, and what is done there to bring it up.
type scene struct {
	name string
	who  *person
	path string
	do   func(*person, screen)
}

// visit is what is done at each scene; it leaves the page as it is.
type visit func(p *person, name string, on screen)

// town is a chat with enough in it: four people, rooms of each kind, and messages of each kind.
type town struct {
	*stage
	ana, ben, chloé, guest *person // the host, a member, and guests: Chloé, and one who is not in
	members                []*person
	notice                 string // a message long ago
}

// told is a conversation to look at: who, and what.
var told = []struct{ who, text string }{
	{"Ana", "Morning! Who is coming to the lake on Saturday?"},
	{"Ben", "Me 🙋"},
	{"Ben", "I can take three people and one very wet dog."},
	{"Chloé", "Count me in. I'll bring the cake:\n– apricots\n– far too much butter"},
	{"Deniz", "Is there a train that isn't at dawn?"},
	{"Ana", "9:12 from platform 4, it's all here: https://example.org/trains/saturday"},
	{"Ana", "We meet under the clock at nine."},
	{"Deniz", "You are all lucky that I like you."},
	{"Ben", "The dog says thank you."},
	{"Chloé", "Done then 🏊 I'm telling my sister."},
}

// planned are messages in which there is everything that a message can have.
var planned = []struct{ who, text string }{
	{"Ana", "## What is left to do\n\n- [x] rent the van\n- [ ] ask Deniz about the *tent*\n- [ ] **pay** the deposit, see `budget.md`"},
	{"Ben", "The script for the list, before I forget it:\n\n```go\nfunc main() {\n\t// everyone who said yes\n\tfor _, name := range guests {\n\t\tfmt.Println(\"bring \" + name)\n\t}\n}\n```"},
	{"Chloé", "| who | brings | cost |\n|---|---|--:|\n| Ana | the van | 80.00 |\n| Ben | bread, salt | 4.50 |"},
	{"Ana", "ألتقي بكم عند الساعة التاسعة"},
	{"Ben", "> Is there a train that isn't at dawn?\n\nYes, and it has *coffee*."},
	{"Chloé", "wrong room, sorry"},
	{"Ana", "🎉"},
	{"Ben", "So nine o'clock it is."},
}

// newTown fills a stage; first is what happens before anybody has said a word.
func newTown(s *stage, first func(*town)) *town {
	t := &town{stage: s, ana: s.person("Ana"), ben: s.person("Ben"), chloé: s.person("Chloé"), guest: s.person("guest")}
	t.members = []*person{t.ana, t.ben, t.chloé, s.person("Deniz")}
	everybody := map[string]*person{}
	for _, p := range t.members {
		p.joins()
		everybody[p.name] = p
	}
	first(t)
	t.ana.opens(s.invitesHost())
	t.ana.clicksOn(`document.querySelector("#password")`)
	t.ana.types(passphrase)
	t.ana.presses(enter)
	t.ana.waits("the settings", at("/settings"))
	t.ben.opens("/account")
	t.ben.clicksOn(`document.querySelector("#password")`)
	t.ben.types(passphrase)
	t.ben.presses(enter)
	t.ben.waits("the thanks", func(v view) bool { return v.Notice != "" })
	t.chloé.hasScreen(screen{1280, 800, false})
	for _, p := range t.members {
		p.opens("/r/lobby")
		p.isIn()
	}
	for _, m := range told {
		everybody[m.who].inserts(m.text)
		everybody[m.who].presses(enter)
		everybody[m.who].seesSent(m.text)
	}

	t.ana.createsRoom("Lake trip", false)
	t.ana.clicks("About this room")
	t.ana.clicks("What is this room about?")
	t.ana.types("Saturday, nine o'clock, under the clock")
	t.ana.clicks("Save")
	for _, p := range []*person{t.ben, t.chloé} {
		p.opens("/r/lake-trip")
		p.mayJoin()
		p.clicks("Join")
		p.waits("the cursor in the field", func(v view) bool { return v.Focus == "text" })
		p.isIn()
	}
	t.ana.clicks("Message Lake trip")
	for i, m := range planned {
		everybody[m.who].inserts(m.text)
		everybody[m.who].presses(enter)
		t.ana.waitsFor("the message to be sent", fmt.Sprintf(`document.querySelectorAll("#messages > li.message[data-id]").length === %d`, i+1))
		everybody[m.who].waits("the field to be empty", func(v view) bool { return v.Draft == "" })
	}
	t.chloé.sees("Ben: So nine o'clock it is.")
	t.ana.pointsAt("So nine o'clock it is.")
	t.ana.clicks("React")
	t.ana.picks("React with 👍")
	t.chloé.waitsFor("the reaction", `document.querySelector(".chip") !== null`)
	t.chloé.clicks("👍 1: Ana")
	t.ben.pointsAt("So nine o'clock it is.")
	t.ben.clicks("React")
	t.ben.picks("React with 🎉")
	t.ben.chooses("So nine o'clock it is.", "Pin")
	t.chloé.chooses("wrong room, sorry", "Delete")
	t.chloé.picks("Delete for everyone?")
	t.chloé.pointsAt("So nine o'clock it is.")
	t.chloé.clicks("Reply")
	t.chloé.inserts("Nine it is. I will set two alarms.")
	t.chloé.presses(enter)
	t.chloé.seesSent("Nine it is. I will set two alarms.")
	t.chloé.waitsFor("the message itself, which may come after its receipt", `document.querySelector("#messages > li:last-child[data-id]") !== null`)
	t.chloé.presses(arrowUp)
	t.chloé.waitsFor("the editor", `document.activeElement.matches(".editor textarea")`)
	t.chloé.types(" Or three.")
	t.chloé.presses(enter)
	t.chloé.reads("Nine it is. I will set two alarms. Or three.", func(f footed) bool { return f.Edited })

	t.chloé.opens("/r/lobby")
	t.chloé.isIn()
	t.chloé.createsRoom("Harbour", false)
	t.chloé.createsRoom("Surprise for Ben", true)
	robot := s.program("robot")
	for _, room := range []string{"music", "chores", "records"} {
		if err := robot.CreateRoom(within(s), room, strings.ToUpper(room[:1])+room[1:], false); err != nil {
			s.Fatal(err)
		}
	}
	for i := range 230 {
		if _, err := robot.Post(within(s), "records", fmt.Sprintf("Reading %d: %d.%d °C", i+1, 20+i%5, i%10), ""); err != nil {
			s.Fatal(err)
		}
	}
	page, err := robot.Page(within(s), "records", client.PageQuery{Limit: 200})
	if err == nil {
		page, err = robot.Page(within(s), "records", client.PageQuery{Limit: 10, Before: page.Messages[0].ID})
	}
	if err != nil {
		s.Fatal(err)
	}
	t.notice = page.Messages[0].ID
	for _, room := range []string{"chores", "records"} {
		t.chloé.opens("/r/" + room)
		t.chloé.mayJoin()
		t.chloé.clicks("Join")
		t.chloé.waits("the cursor in the field", func(v view) bool { return v.Focus == "text" })
		t.chloé.isIn()
	}
	t.ana.opens("/r/chores") // the host may end what others began
	t.ana.clicks("About this room")
	t.mayLog("Archive it?")
	t.ana.clicks("Archive")
	t.ana.waitsFor("the end of the dialog", `document.querySelector("dialog") === null`)
	t.chloé.opens("/r/lobby")
	t.chloé.isIn()
	t.chloé.clicksOn(`[...document.querySelectorAll(".person")].find((e) => e.innerText.includes("Ana"))`)
	t.chloé.clicks("Send a message")
	t.chloé.waits("the conversation", func(v view) bool { return strings.HasPrefix(v.Path, "/r/") && v.Path != "/r/lobby" })
	t.chloé.isIn()
	t.chloé.says("Psst. Ben's birthday is on Sunday.")
	return t
}

// emptyHouse are the screens before anybody has said a word.
func (t *town) emptyHouse() []scene {
	return []scene{{"room-first", t.chloé, "/r/lobby", live}}
}

func live(p *person, _ screen) { p.isIn() }

// then is a scene's act after the room is live.
func then(act func(*person, screen)) func(*person, screen) {
	return func(p *person, on screen) {
		p.isIn()
		act(p, on)
	}
}

// presses one control and waits for what it opens.
func opening(control, what string) func(*person, screen) {
	return func(p *person, on screen) {
		if p.hits(control, on); what != "" {
			p.waitsFor(what, fmt.Sprintf(`document.querySelector(%q)?.checkVisibility() ?? false`, what))
		}
	}
}

// hits clicks or taps the middle of an element, when it can be reached.
func (p *person) hits(selector string, on screen) {
	p.stage.Helper()
	element := fmt.Sprintf(`[...document.querySelectorAll(%q)].find((e) => e.checkVisibility())`, selector)
	asks[bool](p.webPage, `((all) => { all.find((e) => e.checkVisibility())?.scrollIntoView({ block: "nearest" }); return true; })([...document.querySelectorAll(%v)])`, selector)
	if !on.touch {
		p.clicksOn(element)
		return
	}
	at := p.reaches(element)
	hands(p.webPage, chromedp.TapXY(at.X, at.Y))
}

// screens are all screens of a town that is at work, in an order in which each can be seen.
func (t *town) screens() []scene {
	stays := func(*person, screen) {}
	main := t.mainScreens("")
	return append(main, []scene{
		{"login", t.guest, "/login", stays},
		{"login-refused", t.guest, "/login", func(p *person, _ screen) { p.signsIn(strings.Repeat("x", 40)) }},
		{"login-password", t.guest, "/login", func(p *person, _ screen) { p.signsIn("Ana") }},
		{"room-empty", t.chloé, "/r/harbour", live},
		{"room-private", t.chloé, "/r/surprise-for-ben", live},
		{"room-outside", t.chloé, "/r/music", func(p *person, _ screen) { p.mayJoin() }},
		{"room-archived", t.chloé, "/r/chores", stays},
		{"room-old-part", t.chloé, "/r/records/" + t.notice, stays},
		{"room-hover", t.chloé, "/r/lake-trip", then(func(p *person, on screen) {
			if !on.touch {
				p.hasAll()
				p.bringsUp("So nine o'clock it is.")
				p.pointsAt("So nine o'clock it is.")
				p.waitsFor("the toolbar", `document.querySelector(".bar")?.checkVisibility() ?? false`)
			}
		})},
		{"editing", t.chloé, "/r/lake-trip", then(func(p *person, on screen) {
			p.hits("#text", on)
			p.presses(arrowUp)
			p.waitsFor("the editor", `document.activeElement.matches(".editor textarea")`)
		})},
		{"answering", t.chloé, "/r/lake-trip", then(func(p *person, on screen) {
			p.hits("#text", on)
			p.presses(selectAll, backspace) // the draft of the time before
			p.menuAt("So nine o'clock it is.", on)
			p.picks("Reply")
			p.waitsFor("what is answered", `document.querySelector(".answering") !== null`)
			p.inserts("Half past, for me.\nThe bus is late on Saturdays.")
		})},
		{"suggestions", t.chloé, "/r/harbour", then(func(p *person, on screen) {
			p.hits("#text", on)
			p.presses(selectAll)
			p.types(":tad")
			p.offered("an emoji", func(o offer) bool { return len(o.Options) > 0 })
		})},
		{"slash-unknown", t.chloé, "/r/harbour", then(func(p *person, on screen) {
			p.hits("#text", on)
			p.presses(selectAll)
			p.types("/nothing")
			p.presses(enter)
			p.waits("a refusal", func(v view) bool { return v.Note != "" })
		})},
		{"refused", t.chloé, "/r/harbour", then(func(p *person, on screen) {
			p.hits("#text", on)
			p.presses(selectAll)
			p.inserts(strings.TrimSpace(strings.Repeat("https://a.example ", 800)))
			p.presses(enter)
			p.waitsFor("a refusal", `document.querySelector("[data-state=failed]") !== null`)
		})},
		{"pins", t.chloé, "/r/lake-trip", then(opening("#pins-button", "#pins-list li"))},
		{"pins-none", t.chloé, "/r/harbour", then(opening("#pins-button", "#pins-list li"))},
		{"about-lobby", t.chloé, "/r/lobby", then(opening("#about-room", "dialog.sheet"))},
		{"about-private", t.chloé, "/r/surprise-for-ben", then(opening("#about-room", "dialog.sheet"))},
		{"create-room", t.chloé, "/r/lobby", then(t.inRooms("#new-room", "dialog.sheet"))},
		{"conversation", t.chloé, "/r/lobby", then(t.inRooms("#message-people", "dialog .choose li"))},
		{"keys", t.chloé, "/r/lobby", then(func(p *person, _ screen) {
			p.waitsFor("the keys", `document.querySelector("#keys-button:enabled") !== null`)
			p.presses(escape)
			p.hits("#scroller", screen{})
			p.types("?")
			p.waitsFor("the map", `document.querySelector("dialog .keymap") !== null`)
		})},
		{"room-compact", t.chloé, "/r/lake-trip", then(t.density("body.compact"))},
		{"room-cosy", t.chloé, "/r/lake-trip", then(t.density("body:not(.compact)"))},
		{"languages", t.chloé, "/r/lobby", then(t.inRooms("#rooms .languages button", "#languages"))},
		{"account-member", t.ben, "/account", stays},
		{"account-phone", t.ben, "/account", func(p *person, on screen) {
			p.hits("form[action='/account/phone'] button", on)
			p.waitsFor("the link", `document.querySelector("#phone-link") !== null`)
		}},
		{"settings", t.ana, "/settings", stays},
		{"settings-person", t.ana, "/settings", opening("summary", "details[open] form")},
		{"audit", t.ana, "/audit", stays},
		{"not-found", t.chloé, "/r/nothing", stays},
		{"not-yours", t.chloé, "/settings", stays},
		{"ticket-host", t.guest, t.invitesHost(), stays},
		{"ticket-over", t.guest, "/host/x", stays},
	}...)
}

// offline is the room without a server, which is stopped for it.
func (t *town) offline() []scene {
	return []scene{{"room-offline", t.chloé, "/r/lobby", then(func(p *person, on screen) {
		t.server.stop(t)
		p.hits("#text", on)
		p.presses(selectAll)
		p.writes("Is anybody there?")
		p.seesStatus("econnecting")
	})}}
}

// mainScreens are those that are worth a look in another language, too.
func (t *town) mainScreens(suffix string) []scene {
	return []scene{
		{"room" + suffix, t.chloé, "/r/lobby", live},
		{"room-busy" + suffix, t.chloé, "/r/lake-trip", live},
		{"rooms" + suffix, t.chloé, "/r/lobby", then(onTouch("#rooms-button", "#rooms"))},
		{"people" + suffix, t.chloé, "/r/lobby", then(onTouch("#people-button", "#people"))},
		{"menu" + suffix, t.chloé, "/r/lake-trip", then(func(p *person, on screen) { p.menuAt("So nine o'clock it is.", on) })},
		{"switcher" + suffix, t.chloé, "/r/lobby", then(t.inRooms("#switch", "dialog.switcher li"))},
		{"about-room" + suffix, t.ana, "/r/lake-trip", then(opening("#about-room", "dialog .people li"))},
		{"account" + suffix, t.chloé, "/account", func(*person, screen) {}},
	}
}

// onTouch opens what is a column on a wide screen.
func onTouch(control, what string) func(*person, screen) {
	return func(p *person, on screen) {
		if on.width < 62*16 {
			opening(control, what)(p, on)
		}
	}
}

func (t *town) inRooms(control, what string) func(*person, screen) {
	return func(p *person, on screen) {
		onTouch("#rooms-button", "#rooms")(p, on)
		opening(control, what)(p, on)
	}
}

// density makes the page so, if it is not, and waits until the server knows: the next page is written by it.
func (t *town) density(want string) func(*person, screen) {
	return func(p *person, on screen) {
		if asks[bool](p.webPage, `document.querySelector(%v) !== null`, want) {
			return
		}
		t.inRooms("#density button", want)(p, on)
		p.waitsFor("the choice to be kept", `performance.getEntriesByType("resource").some(({ name }) => name.endsWith("/density"))`)
	}
}

// bringsUp scrolls a message into the middle.
func (p *person) bringsUp(words string) {
	p.stage.Helper()
	asks[bool](p.webPage, `((words) => {
		[...document.querySelectorAll("#messages .text")].findLast((e) => e.textContent === words).scrollIntoView({ block: "center" });
		return true;
	})(%v)`, words)
}

// menuAt opens what can be done with a message.
func (p *person) menuAt(words string, on screen) {
	p.stage.Helper()
	p.hasAll()
	p.bringsUp(words)
	if on.touch {
		p.holdsFinger(words)
	} else {
		p.pointsAt(words)
		p.clicksOn(`document.querySelector(".bar [data-what=more]")`)
	}
	p.waitsFor("the menu", `document.querySelector("[role=menu]")?.checkVisibility() ?? false`)
}

// speaks is the language that a browser asks for; "" is its own.
func (p *person) speaks(language string) {
	p.stage.Helper()
	headers := network.Headers{}
	if language != "" {
		headers["Accept-Language"] = language
	}
	do(p.webPage, command(network.SetExtraHTTPHeaders, network.SetExtraHTTPHeadersParams{Headers: headers}))
}

// show goes through scenes, on each of the screens.
func (t *town) show(scenes []scene, visit visit, screens ...screen) {
	t.Helper()
	for _, scene := range scenes {
		for _, on := range screens {
			scene.who.hasScreen(on)
			scene.who.opens(scene.path)
			scene.do(scene.who, on)
			visit(scene.who, scene.name, on)
		}
	}
}
