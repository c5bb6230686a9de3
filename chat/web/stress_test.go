package web_test

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
	"sync"
	"testing"
)

// kept is everything that is kept in the lobby: the ids of what was said with each cid.
func (s *server) kept(bearer string) map[string][]string {
	s.Helper()
	kept := map[string][]string{}
	for after := "0"; ; {
		page := s.call("GET", "/api/rooms/lobby/messages?limit=200&after="+after, "", bearer).object()
		for _, m := range page["messages"].([]any) {
			message := m.(object)
			cid, _ := message["cid"].(string)
			after = message["id"].(string)
			kept[cid] = append(kept[cid], after)
		}
		if page["has_newer"] != true {
			return kept
		}
	}
}

// Fifty connections come, say something, fall silent, are thrown out and break off, as it happens. What was
// acknowledged is kept once, what was not at most once, and of no connection anything is left.
func TestStress(t *testing.T) {
	s := newServer(t, func(o *settings) { o.MessageRate, o.LoginRate, o.ConnectionsPerIP = 0, 0, 0 })
	const connections, operations = 50, 30
	acked := make([]map[string]string, connections)
	var all sync.WaitGroup
	for i := range connections {
		all.Go(func() {
			g := &guest{server: s, number: i, chance: rand.New(rand.NewPCG(uint64(i), 1)), acked: map[string]string{}}
			acked[i] = g.acked
			for range operations {
				g.act()
			}
			if g.c != nil {
				g.c.Close()
			}
		})
	}
	all.Wait()
	s.none()
	kept, total := s.kept(s.bot("deploy")), 0
	for _, mine := range acked {
		total += len(mine)
		for cid, id := range mine {
			if len(kept[cid]) != 1 || kept[cid][0] != id {
				t.Errorf("%s was acknowledged as %s and is kept as %v", cid, id, kept[cid])
			}
		}
	}
	for cid, ids := range kept {
		if len(ids) != 1 {
			t.Errorf("%s is kept as %v", cid, ids)
		}
	}
	if total < connections {
		t.Errorf("only %d posts were acknowledged", total)
	}
}

// guest is somebody with one connection, of which it may lose sight at any time.
type guest struct {
	*server
	person
	c             *socket // nil: none
	number, count int
	chance        *rand.Rand
	acked         map[string]string // ids by cid
}

// act does one thing.
func (g *guest) act() {
	if g.person.cookie == "" {
		g.person = g.signIn(fmt.Sprintf("guest%d-%d", g.number, g.count))
	}
	if g.c == nil {
		g.c = g.dial("/api/stream", g.person.lines()...)
	}
	g.count++
	cid := fmt.Sprintf("c%d-%d", g.number, g.count)
	post := frameOf(fin|opText, fmt.Sprintf(`{"do":"post","cid":"%s","room":"lobby","text":"x"}`, cid))
	switch g.chance.IntN(10) {
	case 0, 1:
		g.c.bytes(post)
		g.answered(cid)
	case 2: // twice, and at once
		g.c.bytes(post, post)
		g.answered(cid)
		g.answered(cid)
	case 3: // and does not wait for the answer
		g.c.bytes(post)
		g.c.reset()
		g.c = nil
	case 4:
		half := g.chance.IntN(len(post))
		g.c.bytes(post[:half])
		runtime.Gosched()
		g.c.bytes(post[half:])
		g.answered(cid)
	case 5: // silent, but there
		g.c.frame(fin|opPong, "")
	case 6:
		g.c.send(ping(cid))
		g.answered("")
	case 7: // signed out, while a post is on its way
		g.c.bytes(post)
		g.call("POST", "/logout", "", g.person.lines()...)
		g.person = person{}
		if code := g.ended(); code != 4500 {
			g.Errorf("who was signed out was closed with %d", code)
		}
	case 8:
		g.c.reset()
		g.c = nil
	case 9:
		g.c.Close()
		g.c = nil
	}
}

// answered reads the next answer, and notes what was kept as what.
func (g *guest) answered(cid string) {
	e := g.c.until("ack")
	if cid == "" {
		return
	}
	g.note(e)
	if e["cid"] != cid {
		g.Errorf("instead of the answer to %s came %v", cid, e)
	}
}

func (g *guest) note(ack object) {
	cid, _ := ack["cid"].(string)
	id, posted := ack["id"].(string)
	if before, known := g.acked[cid]; known && before != id {
		g.Errorf("%s was acknowledged as %s and as %s", cid, before, id)
	}
	if posted {
		g.acked[cid] = id
	}
}

// ended reads to the goodbye, and notes what was acknowledged before it.
func (g *guest) ended() (code int) {
	for {
		opcode, payload, err := g.c.receive()
		switch {
		case err != nil:
			g.Errorf("no goodbye: %v", err)
			return 0
		case opcode == opClose:
			g.c.answerClose()
			g.c.Close()
			g.c = nil
			return int(payload[0])<<8 | int(payload[1])
		case opcode == opText && strings.Contains(payload, `"kind":"ack"`):
			g.note(parse(g.server, payload))
		}
	}
}
