package cmd_test

import (
	"context"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/chromedp/chromedp"
)

// progress is what the page says of what is new, and how much of the room it holds.
type progress struct {
	FirstNew string // the message under the line
	Line     string
	Bar      string
	Held     int    // messages in the page
	First    string // the first that can be seen
	Focus    bool   // something has it
	AtBottom bool
	Kept     bool // the browser's history has this place
}

const progressLook = `(() => {
	const scroller = document.querySelector("#scroller"), top = scroller?.getBoundingClientRect().top;
	const all = [...document.querySelectorAll("#messages > .message")];
	const bar = document.querySelector("#unread-bar");
	const line = document.querySelector(".first-new");
	const first = all.find((m) => m.getBoundingClientRect().bottom > top);
	return {
		FirstNew: line?.querySelector(".text").textContent ?? "", Line: line?.querySelector(".new").textContent ?? "",
		Bar: bar?.checkVisibility() ? bar.innerText : "", Held: all.length,
		First: first?.querySelector(".text").textContent ?? "",
		Kept: history.state?.spot?.id === first?.dataset.id,
		Focus: document.activeElement !== document.body,
		AtBottom: Math.abs(scroller?.scrollTop) < 2 && document.querySelector("#newer").hidden,
	};
})()`

// follows waits until the page says so.
func (p *person) follows(what string, fits func(progress) bool) progress {
	p.stage.Helper()
	return until(p.webPage, what, progressLook, fits)
}

// unread is how much the server has as unread in the lobby for this browser.
func (p *person) unread() int {
	p.stage.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, attention)
	defer cancel()
	n, err := chromedp.Run(ctx, chromedp.Evaluate[int](`fetch("/api/rooms").then((r) => r.json()).then(({ rooms }) => rooms.find((r) => r.room === "lobby").unread)`, chromedp.EvalAwaitPromise))
	if err != nil {
		p.fail("%v", err)
	}
	return n
}

// goesAway leaves the room when the server knows that everything in it was read.
func (p *person) goesAway() {
	p.stage.Helper()
	p.waits("everything to be read", func(view) bool { return p.unread() == 0 })
	do(p.webPage, chromedp.Navigate("about:blank"))
}

// unreadLine: the line stands where one had read to, when one came; it does not move while
// one reads and others talk, and is gone the next time.
func unreadLine(s *stage) {
	robot := s.program("robot")
	s.posts(robot, "old one", "old two")
	ana := s.joins("ana")
	if r := ana.follows("the room", func(r progress) bool { return r.Held == 2 }); r.FirstNew != "" || r.Bar != "" {
		s.Errorf("somebody who was never here is told of something new: %+v", r)
	}
	ana.says("mine")
	lines := []string{"robot: old one", "robot: old two", "ana: mine"}
	for _, screen := range []screen{{1280, 800, false}, {390, 844, true}} {
		ana.goesAway()
		s.posts(robot, "news one", "news two")
		ana.hasScreen(screen)
		ana.opens("/r/lobby")
		ana.isIn()
		s.posts(robot, "news three")
		lines = append(lines, "robot: news one", "robot: news two", "robot: news three")
		r := ana.follows("the line", func(r progress) bool { return r.Held == len(lines) })
		if r.FirstNew != "news one" || r.Line != "New" || r.Bar != "" {
			s.Errorf("ana sees %+v", r)
		}
		ana.fits(screen, "the line")
		ana.goesAway()
		ana.opens("/r/lobby")
		ana.isIn()
		if r := ana.follows("the room", func(r progress) bool { return r.Held == len(lines) }); r.FirstNew != "" {
			s.Errorf("the next time the line is still there: %+v", r)
		}
	}
	s.history(lines...)
}

// farUnread: where what is new begins far above, a bar says so and leads there; nothing is
// read by that it is not on the screen. From there the room goes on to its end, and the page never
// holds more than 300 messages.
func farUnread(s *stage) {
	robot := s.program("robot")
	var lines []string
	say := func(n int) {
		for range n {
			text := fmt.Sprint("number ", len(lines), strings.Repeat(", which goes on", len(lines)%7))
			s.posts(robot, text)
			lines = append(lines, "robot: "+text)
		}
	}
	say(20)
	ana := s.joins("ana")
	ana.sees(lines[19])
	ana.goesAway()
	say(430)
	ana.opens("/r/lobby")
	ana.isIn()
	ana.follows("the bar", func(r progress) bool { return strings.Contains(r.Bar, "99+ new since") && r.Held == 50 && r.AtBottom })
	ana.hasScreen(screen{390, 844, true})
	ana.fits(screen{390, 844, true}, "the bar")
	ana.hasScreen(screen{1280, 800, false})
	if n := ana.unread(); n != 100 {
		s.Errorf("what is above the screen counts as read: %d are unread", n)
	}
	ana.clicksOn(`document.querySelector("#unread-bar .go")`)
	if r := ana.follows("the first new message", func(r progress) bool { return r.FirstNew == strings.TrimPrefix(lines[20], "robot: ") && r.Bar == "" }); !r.Focus {
		s.Error("the keyboard has lost its place")
	}

	held := 0
	steady := func() {
		s.Helper()
		anchor := ana.reading()
		if anchor == "" {
			return // between two messages
		}
		before := ana.rests(anchor)
		if moved := math.Abs(ana.rests(anchor) - before); moved >= 1 {
			s.Errorf("what is being read moves by %v pixels", moved)
		}
	}
	turn := func(pixels float64, done func(progress) bool) {
		s.Helper()
		for i, end := 0, time.Now().Add(guard); time.Now().Before(end); i++ {
			ana.wheels(pixels)
			r := ana.follows("the list", func(progress) bool { return true })
			held = max(held, r.Held)
			if !r.Focus {
				s.Fatal("the keyboard has lost its place")
			}
			if done(r) {
				return
			}
			if i%6 == 0 {
				steady()
			}
		}
		s.Fatal("there is no end")
	}
	turn(1500, func(r progress) bool { return r.AtBottom })
	ana.sees(lines[len(lines)-1])
	ana.waits("everything to be read", func(view) bool { return ana.unread() == 0 })

	turn(-3000, func(r progress) bool { return strings.HasPrefix(r.First, "number 0") })
	say(2)
	ana.waits("to be told", func(v view) bool { return v.Jump == "2 new messages" })
	ana.wheels(500)
	ana.rests(ana.reading())
	before := ana.follows("the place to be kept", func(r progress) bool { return r.Kept }).First
	ana.reloads()
	ana.isIn()
	ana.follows("the same place after loading again", func(r progress) bool { return r.First == before })
	ana.clicks("Latest")
	ana.sees(lines[len(lines)-1])
	ana.follows("the bottom", func(r progress) bool { return r.AtBottom })
	ana.waits("everything to be read", func(view) bool { return ana.unread() == 0 })
	hands(ana.webPage, chromedp.NavigateBack())
	ana.follows("the place before, by the way back", func(r progress) bool { return r.First == before })
	if held > 300 {
		s.Errorf("the page has held %d messages", held)
	}
	s.Logf("at most %d messages in the page", held)
	if r := s.joins("newcomer").follows("the room", func(r progress) bool { return r.Held == 50 }); !r.AtBottom {
		s.Error("a newcomer is not at the bottom")
	}
}

// markUnread: by key or in the menu, from a message on everything is new again: at once in all of
// one's windows, for good, and not read by standing there on the screen.
func markUnread(s *stage) {
	robot := s.program("robot")
	s.posts(robot, "one", "two", "three")
	ana := s.joins("ana")
	ana.sees("robot: three")
	second := ana.tab()
	second.opens("/r/lobby")
	second.isIn()
	ana.waits("everything to be read", func(view) bool { return ana.unread() == 0 })
	for ana.looks().Focus != "scroller" {
		ana.presses(shiftTab)
	}
	ana.presses(arrowUp)
	last := ana.waits("the last message to have the focus", func(v view) bool { return strings.HasPrefix(v.Focus, "m-") }).Focus
	ana.presses(arrowUp)
	ana.waits("the one before", func(v view) bool { return strings.HasPrefix(v.Focus, "m-") && v.Focus != last })
	ana.types("u")
	for _, window := range []*person{ana, second} {
		window.follows("the line above two", func(r progress) bool { return r.FirstNew == "two" })
	}
	s.posts(robot, "four")
	for _, window := range []*person{ana, second} {
		window.sees("robot: four")
		window.follows("the line where it was", func(r progress) bool { return r.FirstNew == "two" })
	}
	if n := ana.unread(); n != 3 {
		s.Errorf("%d messages are unread", n)
	}
	s.server.kill()
	s.mayLog(whileAway...)
	s.starts()
	second.hasScreen(screen{390, 844, true})
	second.opens("/r/lobby")
	second.isIn()
	second.follows("the line the next time", func(r progress) bool { return r.FirstNew == "two" })
	second.goesAway()
	s.history("robot: one", "robot: two", "robot: three", "robot: four")
}
