package cmd_test

import (
	"fmt"
	"slices"
	"strings"
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
	for _, p := range []*person{ana, bob} {
		said := slices.DeleteFunc(slices.Clone(order), func(line string) bool { return !strings.HasPrefix(line, p.name) })
		var wrote []string
		for i := range each {
			wrote = append(wrote, fmt.Sprintf("%s: message %d", p.name, i))
		}
		if wrote = append(wrote, p.name+": anybody?"); !slices.Equal(said, wrote) {
			s.Errorf("%s wrote\n%q\nand is read to have written\n%q", p.name, wrote, said)
		}
	}
	ana.seesStatus("")
	s.history(order...)
}
