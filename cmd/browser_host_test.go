package cmd_test

import (
	"os/exec"
	"strings"
)

const passphrase = "correct horse battery"

// hostKeepsThePeace: the link of the first start makes a host, who sees what people are, makes a
// moderator and shuts somebody out; the server is killed, and all of it stands.
func hostKeepsThePeace(s *stage) {
	ana, ben, cat := s.person("ana"), s.joins("ben"), s.joins("cat")
	link := s.invitesHost()
	ana.opens(link)
	ana.waits("the cursor in the field", func(v view) bool { return v.Focus == "nickname" })
	ana.types("ana")
	ana.presses(tab)
	ana.types(passphrase)
	ana.presses(enter)
	ana.waits("the settings", at("/settings"))
	ana.opens("/")
	ana.isIn()
	ana.says("I am the host")
	ben.sees("ana: I am the host")
	ben.waitsFor("the host's mark beside her words and in the list", marked("ana", "host"))

	// Ben makes the name his own, and everybody sees that without a reload.
	ben.opens("/account")
	ben.clicks("New password")
	ben.types(passphrase)
	ben.clicks("Claim the name")
	ben.waits("the thanks", func(v view) bool { return strings.Contains(v.Notice, "is yours now") })
	ben.opens("/")
	ben.isIn()
	ben.says("and I am ben")
	cat.sees("ben: and I am ben")
	cat.waitsFor("ben's mark", marked("ben", "member"))
	cat.says("hey")

	ana.sees("cat: hey")
	ana.waitsFor("the guest's mark", marked("cat", "guest"))
	ana.opens("/settings")
	ana.clicks("Change ben")
	ana.waitsFor("the form", `[...document.querySelectorAll("details[open] select")].some((e) => e.checkVisibility())`)
	ana.presses(tab) // from the word that opened the form to the list of roles, where letters choose
	ana.types("mod")
	ana.clicks("Give ben the role")
	ana.waits("the change", func(v view) bool { return v.Notice == "Changed." })
	ben.waitsFor("ben to be a moderator, and to know", marked("ben", "moderator"))

	// Ben, whose page is older than his role, shuts cat out.
	ben.opens("/settings")
	ben.clicks("Change cat")
	ben.clicks("Reason, for the moderators")
	ben.types("noise")
	ben.clicks("Ban cat")
	ben.waits("the change", func(v view) bool { return v.Notice == "Changed." })
	cat.mayLog("status of 403")
	cat.seesStatus("cannot take part")

	s.server.kill()
	s.mayLog(whileAway...)
	s.starts()
	cat.opens("/")
	cat.waits("the words at the door", func(v view) bool { return v.Heading == "You were shut out" })
	ana.opens("/audit")
	ana.waits("who did what", at("/audit"))
	if text := asks[string](ana.webPage, `document.querySelector(".acts").innerText`); !strings.Contains(text, "ben banned cat") || !strings.Contains(text, "noise") || !strings.Contains(text, "ana gave the role moderator to ben") {
		s.Errorf("the audit reads %s", text)
	}
	for _, c := range screensOfPeople {
		ana.hasScreen(c)
		for _, page := range []string{"/settings", "/audit", "/account"} {
			ana.opens(page)
			ana.waits(page, at(page))
			ana.fits(c, page)
		}
	}
	s.history("ana: I am the host", "ben: and I am ben", "cat: hey")
}

// ownName: a name with a password comes back in a fresh browser, asks for it on the page to join,
// and goes along to the phone by a link that works once.
func ownName(s *stage) {
	ana := s.joins("ana")
	ana.opens("/account")
	ana.clicks("New password")
	ana.types(passphrase)
	ana.presses(enter)
	ana.waits("the thanks", func(v view) bool { return strings.Contains(v.Notice, "is yours now") })
	ana.opens("/")
	ana.isIn()
	ana.clicks("Sign out")
	ana.waits("the page to join", at("/login"))

	phone := s.person("ana")
	phone.mayLog("status of 401", "status of 403")
	phone.hasScreen(screen{390, 844, true})
	phone.opens("/login")
	phone.signsIn("ana")
	phone.waits("the cursor in the field for the password", func(v view) bool { return v.Focus == "password" && v.Nickname == "ana" })
	phone.fits(screen{390, 844, true}, "the page that asks for a password")
	phone.types("not the one")
	phone.presses(enter)
	phone.waits("a refusal", func(v view) bool {
		return v.Loaded && v.Focus == "password" && strings.Contains(v.Error, "do not belong together")
	})
	phone.types(passphrase)
	phone.presses(enter)
	phone.isIn()
	phone.taps("Message Lobby")
	phone.inserts("it is me")
	phone.taps("Send")
	phone.seesSent("it is me")

	phone.opens("/account")
	phone.taps("Show the link")
	phone.waitsFor("the link", `document.querySelector("#phone-link") !== null`)
	link := asks[string](phone.webPage, `new URL(document.querySelector("#phone-link").textContent).pathname`)
	tablet := s.person("ana")
	tablet.opens(link)
	tablet.clicks("Go on as ana")
	tablet.isIn()
	tablet.says("and here")
	late := s.person("late")
	late.mayLog("status of 404")
	late.opens(link)
	late.waits("that it is over", func(v view) bool { return v.Heading == "This link is over" })
	s.history("ana: it is me", "ana: and here")
}

// at says that this page is open, all of it.
func at(path string) func(view) bool {
	return func(v view) bool { return v.Path == path && v.Loaded && v.Heading != "" }
}

// marked says that somebody is marked as what he is, beside his words and in the list of who is here.
func marked(name, role string) string {
	return `[["#messages .head", ".name"], ["#people-list li", "bdi"]].every(([row, name]) =>
		[...document.querySelectorAll(row)].filter((e) => e.querySelector(name)?.textContent === "` + name + `")
			.some((e) => e.querySelector(".standing")?.textContent === "` + role + `"))`
}

// invitesHost is the operator's command; it returns the path of the link.
func (s *stage) invitesHost() string {
	s.Helper()
	data := ""
	for i, arg := range s.args {
		if arg == "--data" {
			data = s.args[i+1]
		}
	}
	out, err := exec.CommandContext(within(s), s.binary, "invite", "host", "--data", data).Output()
	if err != nil {
		s.Fatal(err)
	}
	_, path, _ := strings.Cut(strings.TrimSpace(string(out)), "/host/")
	return "/host/" + path
}
