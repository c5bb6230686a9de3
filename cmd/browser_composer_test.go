package cmd_test

import (
	"strings"
)

// composer: lines, growing, drafts, and what is too long.
func composer(s *stage) {
	ana := s.joins("ana")
	height := func() float64 { return asks[float64](ana.webPage, `document.querySelector("#text").offsetHeight`) }

	low := height()
	ana.types("one")
	ana.presses(shiftEnter)
	ana.types("two")
	ana.presses(shiftEnter)
	ana.types("three")
	if v := ana.looks(); v.Draft != "one\ntwo\nthree" || len(v.Messages) != 0 {
		s.Errorf("Shift+Enter makes %q and %d messages", v.Draft, len(v.Messages))
	}
	if grown := height(); grown < low+30 {
		s.Errorf("the field has %v pixels for one line and %v for three", low, grown)
	}

	ana.reloads()
	ana.isIn()
	ana.waits("the draft to be kept", func(v view) bool { return v.Draft == "one\ntwo\nthree" })
	ana.presses(end, enter)
	ana.seesSent("one\ntwo\nthree")
	if again := height(); again != low {
		s.Errorf("the field has %v pixels at first and %v after sending", low, again)
	}

	ana.types("by the button")
	ana.clicks("Send")
	ana.seesSent("by the button")
	ana.types("   ")
	ana.presses(enter)

	tooLong := strings.Repeat("ä", 8*1024) + "b" // 16 KiB and one byte
	ana.presses(selectAll)
	ana.inserts(tooLong)
	v := ana.waits("a refusal", func(v view) bool { return v.Note != "" })
	if !strings.Contains(v.Note, "16 KiB") {
		s.Errorf("the refusal is %q", v.Note)
	}
	ana.presses(enter)
	if v := ana.looks(); v.Draft != tooLong || len(v.Messages) != 2 {
		s.Errorf("what is too long is %d bytes and %d messages after Enter", len(v.Draft), len(v.Messages))
	}
	ana.presses(backspace)
	ana.waits("no refusal", func(v view) bool { return v.Note == "" })
	ana.presses(enter)
	ana.seesSent(tooLong[:16*1024])
	s.history("ana: one\ntwo\nthree", "ana: by the button", "ana: "+tooLong[:16*1024])
}
