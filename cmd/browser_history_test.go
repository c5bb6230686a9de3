package cmd_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/chromedp"
)

// olderMessages: two hundred of them, read upwards by wheel and keyboard. What is being
// read never jumps.
func olderMessages(s *stage) {
	robot := s.program("robot")
	var lines []string
	for i := range 200 {
		text := fmt.Sprint("number ", i, strings.Repeat(", which goes on", i%7))
		s.posts(robot, text)
		lines = append(lines, "robot: "+text)
	}
	ana := s.joins("ana")
	if v := ana.looks(); len(v.Messages) != 50 || !v.AtBottom {
		s.Fatalf("the room opens with %d messages, at its bottom: %v", len(v.Messages), v.AtBottom)
	}

	held := ana.holds("*/api/rooms/lobby/messages*")
	ana.wheels(-20_000)
	release := held()
	anchor := ana.reading()
	before := ana.rests(anchor)
	release()
	ana.waits("older messages", func(v view) bool { return len(v.Messages) > 50 })
	if moved := math.Abs(ana.rests(anchor) - before); moved >= 2 {
		s.Errorf("older messages have moved what is being read by %v pixels", moved)
	}
	do(ana.webPage, command(fetch.Disable, cdp.Empty{}))

	for ana.looks().Focus != "scroller" { // behind the field, and behind the button that leads down
		ana.presses(shiftTab)
	}
	for len(ana.looks().Messages) < len(lines) {
		ana.presses(pageUp)
	}
	if v := ana.looks(); !slices.Equal(v.lines(), lines) {
		s.Errorf("ana has read\n%q", v.lines())
	}
	s.history(lines...)
}

// newMessages: whoever reads further up stays there and is told; whoever is at the
// bottom stays at the bottom.
func newMessages(s *stage) {
	robot := s.program("robot")
	var lines []string
	say := func(text string) {
		s.posts(robot, text)
		lines = append(lines, "robot: "+text)
	}
	for i := range 40 {
		say(fmt.Sprint("number ", i))
	}
	ana := s.joins("ana")
	ana.wheels(-900)
	ana.waits("to be further up", func(v view) bool { return !v.AtBottom })
	anchor := ana.reading()
	before := ana.rests(anchor)
	say("first news")
	ana.waits("the button", func(v view) bool { return v.Jump == "1 new message" })
	say("second news")
	ana.waits("the button", func(v view) bool { return v.Jump == "2 new messages" })
	for i := range 40 { // one by one, and none is a whole number of pixels high
		say(fmt.Sprint("more news ", i))
		ana.waits("the button", func(v view) bool { return v.Jump == fmt.Sprint(i+3, " new messages") })
	}
	if moved := math.Abs(ana.top(anchor) - before); moved >= 2 {
		s.Errorf("new messages have moved what is being read by %v pixels", moved)
	}

	ana.clicks("42 new messages")
	if v := ana.waits("the bottom", func(v view) bool { return v.AtBottom && v.Jump == "" }); v.Focus != "text" {
		s.Errorf("the button has taken the cursor out of the field, to %q", v.Focus)
	}
	for i := range 5 {
		say(fmt.Sprint("at the bottom ", i))
	}
	ana.sees(lines[len(lines)-1])
	ana.waits("the bottom", func(v view) bool { return v.AtBottom && v.Jump == "" })

	ana.wheels(-900)
	ana.waits("to be further up", func(v view) bool { return !v.AtBottom })
	say("third news")
	ana.waits("the button", func(v view) bool { return v.Jump == "1 new message" })
	for ana.looks().Focus != "jump" {
		ana.presses(shiftTab)
	}
	ana.presses(enter)
	ana.waits("the list to have the focus at its bottom", func(v view) bool { return v.AtBottom && v.Jump == "" && v.Focus == "scroller" })

	ana.wheels(-900)
	ana.waits("to be further up", func(v view) bool { return !v.AtBottom })
	ana.clicks("Message Lobby")
	ana.says("my own")
	ana.waits("the bottom", func(v view) bool { return v.AtBottom })
	s.history(append(lines, "ana: my own")...)
}

// reading is the message in the middle of the screen.
func (p *person) reading() string {
	p.stage.Helper()
	return asks[string](p.webPage, `document.elementsFromPoint(400, 300).find((e) => e.matches(".message"))?.id ?? ""`)
}

const top = `document.getElementById(%v).getBoundingClientRect().top`

// top is where a message is on the screen.
func (p *person) top(id string) float64 {
	p.stage.Helper()
	return asks[float64](p.webPage, top, id)
}

// rests waits until a message does not move any more, and returns where it is.
func (p *person) rests(id string) float64 {
	p.stage.Helper()
	last, still := math.Inf(1), 0
	return until(p.webPage, "the list to rest", scripted(top, id), func(now float64) bool {
		if still++; now != last {
			still = 0
		}
		last = now
		return still == 5
	})
}

// holds lets requests that match wait. It returns what waits for the next of them and
// returns what lets it go.
func (p *person) holds(pattern string) (held func() (release func())) {
	p.stage.Helper()
	paused := make(chan fetch.RequestID, 10)
	err := chromedp.Listen(p.ctx, func(event any) {
		if e, ok := event.(*fetch.EventRequestPaused); ok {
			paused <- e.RequestID
		}
	})
	if err != nil {
		p.fail("%v", err)
	}
	do(p.webPage, command(fetch.Enable, fetch.EnableParams{Patterns: []*fetch.RequestPattern{{URLPattern: pattern}}}))
	return func() func() {
		p.stage.Helper()
		select {
		case id := <-paused:
			return func() { do(p.webPage, command(fetch.ContinueRequest, fetch.ContinueRequestParams{RequestID: id})) }
		case <-time.After(attention):
			p.fail("nothing asks for %s", pattern)
			return nil
		}
	}
}
