package cmd_test

import (
	"slices"
	"strings"
	"time"
)

// person is somebody in front of a page.
type person struct {
	*webPage
	name string
}

// view is what can be seen on a page of chatd, whichever it is.
type view struct {
	Path, Heading string
	Loaded        bool    // the whole page is there, not only its beginning
	Opened        float64 // when; no two pages are the same in this
	Focus         string  // the id of what the keys go to

	// the page to join
	Nickname, Error, Notice string

	// the room
	Messages             []shown
	Status, Typing, Note string // lines that come and go; "" when they are not there
	Jump                 string // the button that leads to the newest message
	Draft                string
	Here                 []string
	AtBottom             bool
}

// shown is one message as it can be seen.
type shown struct {
	Author, Text string
	Initial, Hue string
	Grouped      bool   // without a face of its own
	Day          string // the separator above it, if there is one
	Time         string // as written
	At           time.Time
	State        string // of one's own: waiting, sending, sent, failed
	Trouble      string
	Markup       int // elements in the text that are no links
}

func (m shown) line() string { return m.Author + ": " + m.Text }

// lines is the conversation as a transcript.
func (v view) lines() []string {
	lines := make([]string, len(v.Messages))
	for i, m := range v.Messages {
		lines[i] = m.line()
	}
	return lines
}

// message finds the last message with this line.
func (v view) message(line string) (m shown, found bool) {
	for _, m := range slices.Backward(v.Messages) {
		if m.line() == line {
			return m, true
		}
	}
	return shown{}, false
}

const look = `(() => {
	const seen = (e) => e?.checkVisibility({ visibilityProperty: true }) ?? false;
	const words = (selector) => { const e = document.querySelector(selector); return seen(e) ? e.innerText.trim() : ""; };
	const scroller = document.querySelector("#scroller");
	let day = "";
	const Messages = [];
	for (const li of document.querySelectorAll("#messages > li")) {
		if (li.matches(".day")) { day = li.innerText.trim(); continue; }
		const avatar = li.querySelector(".avatar"), time = li.querySelector("time"), text = li.querySelector(".text");
		Messages.push({
			Author: li.querySelector(".name").textContent, Text: text.textContent, Day: day,
			Initial: avatar.textContent, Hue: [...avatar.classList].find((c) => c.startsWith("hue-")) ?? "",
			Grouped: !seen(avatar), Time: time.textContent, At: time.dateTime,
			State: li.dataset.state ?? "", Trouble: li.querySelector(".trouble")?.innerText ?? "",
			Markup: text.querySelectorAll(":not(a)").length,
		});
		day = "";
	}
	return {
		Path: location.pathname, Heading: words("h1"), Loaded: document.readyState !== "loading", Opened: performance.timeOrigin, Focus: document.activeElement?.id ?? "",
		Nickname: document.querySelector("#nickname")?.value ?? "", Error: words("#nickname-error"), Notice: words(".notice"),
		Messages, Status: words("#status"), Typing: words("#typing"), Note: words("#note"), Jump: words("#jump"),
		Draft: document.querySelector("#text")?.value ?? "",
		Here: [...document.querySelectorAll("#people-list bdi")].map((e) => e.textContent),
		AtBottom: scroller !== null && Math.abs(scroller.scrollTop) < 2,
	};
})()`

// looks is what the person sees now.
func (p *person) looks() view {
	p.stage.Helper()
	return asks[view](p.webPage, look)
}

// waits until the person sees it.
func (p *person) waits(what string, fits func(view) bool) view {
	p.stage.Helper()
	return until(p.webPage, what, look, fits)
}

// joins comes in by the front door.
func (p *person) joins() {
	p.stage.Helper()
	p.opens("/")
	p.waits("the page to join", func(v view) bool { return v.Path == "/login" })
	p.signsIn(p.name)
	p.isIn()
}

// signsIn types a nickname into the field, which has the cursor by itself, and returns
// what comes of it: the next page.
func (p *person) signsIn(nickname string) view {
	p.stage.Helper()
	before := p.waits("the cursor in the field", func(v view) bool { return v.Focus == "nickname" })
	p.presses(selectAll)
	p.inserts(nickname)
	p.presses(enter)
	return p.waits("the next page", func(v view) bool { return v.Loaded && v.Heading != "" && v.Opened != before.Opened })
}

// isIn waits until the room is there and live.
func (p *person) isIn() {
	p.stage.Helper()
	p.waits("the live room", func(v view) bool {
		return strings.HasPrefix(v.Path, "/r/") && p.isLive()
	})
}

// writes types a message and sends it, whatever becomes of it.
func (p *person) writes(text string) {
	p.stage.Helper()
	p.types(text)
	p.presses(enter)
}

// says writes a message and sees it sent.
func (p *person) says(text string) {
	p.stage.Helper()
	p.writes(text)
	p.seesSent(text)
	if left := p.looks().Draft; left != "" {
		p.fail("%q is left in the field after sending", left)
	}
}

// seesSent waits until an own message is with the server. Only what was sent from the
// page that is open has a sign that says so.
func (p *person) seesSent(text string) {
	p.stage.Helper()
	p.waits("the own message to be sent", func(v view) bool {
		m, found := v.message(p.name + ": " + text)
		return found && (m.State == "sent" || m.State == "")
	})
}

// sees waits for a message ("ana: hi") and returns it.
func (p *person) sees(line string) shown {
	p.stage.Helper()
	v := p.waits(line, func(v view) bool {
		_, found := v.message(line)
		return found
	})
	m, _ := v.message(line)
	return m
}

// seesStatus waits for words in the line about the connection; "" for none.
func (p *person) seesStatus(words string) {
	p.stage.Helper()
	p.waits("the status "+words, func(v view) bool {
		return strings.Contains(v.Status, words) && (words == "") == (v.Status == "")
	})
}

// tab is another window of the same browser.
func (p *person) tab() *person {
	p.stage.Helper()
	second := &person{name: p.name, webPage: openPage(p.stage, p.name, p.ctx, false)}
	p.stage.people = append(p.stage.people, second)
	return second
}
