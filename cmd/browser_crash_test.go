package cmd_test

import (
	"fmt"
	"slices"
)

// killedMidConversation: the server dies while two people write, and comes back. Nothing
// is lost, nothing is there twice, everybody reads the same order, and nobody did anything.
func killedMidConversation(s *stage) {
	const each = 15 // with the one below for both, less than a page
	ana, bob, carl := s.joins("ana"), s.joins("bob"), s.joins("carl")
	s.mayLog(whileAway...)

	write := func(p *person) func() {
		return func() {
			for i := range each {
				p.writes(fmt.Sprint("message ", i))
			}
			p.seesStatus("econnecting") // "Reconnecting…" or "Connection lost. Reconnecting…"
			p.writes("anybody?")
		}
	}
	s.together(write(ana), write(bob), func() {
		carl.sees("ana: message 2")
		s.server.kill()
	})
	s.starts()

	total := 2 * (each + 1)
	settled := func(v view) bool {
		return len(v.Messages) == total && !slices.ContainsFunc(v.Messages, func(m shown) bool { return m.State != "" && m.State != "sent" })
	}
	order := ana.waits("everything sent", settled).lines()
	if other := bob.waits("everything sent", settled).lines(); !slices.Equal(order, other) {
		s.Errorf("ana reads\n%q\nand bob\n%q", order, other)
	}
	for _, name := range []string{"ana", "bob"} {
		var said []string
		for _, line := range order {
			if line[:3] == name {
				said = append(said, line)
			}
		}
		for i := range each {
			if want := fmt.Sprintf("%s: message %d", name, i); said[i] != want {
				s.Fatalf("%s's words are\n%q", name, said)
			}
		}
	}
	ana.seesStatus("")
	s.history(order...)
}
