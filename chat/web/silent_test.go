package web_test

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"
)

// silent waits until n streams have nobody who reads from them, where that can be.
func (s *server) silent(n int) {
	s.Helper()
	s.eventually("the streams are silent", func() bool {
		silent, ok := s.handler.Silent()
		return !ok || portable || silent == n
	})
}

// A connection on which nothing arrives has no goroutine, not even after something did.
func TestSilentStreamsHaveNoGoroutine(t *testing.T) {
	s := newServer(t)
	if _, ok := s.handler.Silent(); !ok || portable {
		t.Skip("without the poller a goroutine waits for each connection")
	}
	const people, each, few = 5, 10, 5
	guests := make([]person, people)
	for i := range guests {
		guests[i] = s.signIn(fmt.Sprintf("guest%d", i))
	}
	before := runtime.NumGoroutine()
	still := func(what string) {
		s.eventually(what, func() bool { return runtime.NumGoroutine() <= before+few })
	}
	var streams []*socket
	for i := range people * each {
		streams = append(streams, s.live(guests[i%people]))
	}
	still("open streams have no goroutines")
	for i, c := range streams {
		cid := fmt.Sprintf("p%d", i)
		c.send(ping(cid))
		c.answer(cid)
	}
	still("streams that were heard have no goroutines")
	for i, c := range streams {
		c.frame(fin|opPing, fmt.Sprint("n", i))
		c.pong(fmt.Sprint("n", i))
	}
	still("streams whose clients sent a ping have no goroutines")
}

// pong reads until a pong comes, which must say this.
func (c *socket) pong(want string) {
	c.Helper()
	for {
		opcode, payload, err := c.receive()
		c.ok(err)
		if opcode == opPong {
			if payload != want {
				c.Errorf("the pong says %q, want %q", payload, want)
			}
			return
		}
	}
}

func ping(cid string) string { return `{"do":"ping","cid":"` + cid + `"}` }

// However frames are cut into packets, each is answered once, in order.
func TestFramesInPieces(t *testing.T) {
	s := newServer(t)
	ana := s.signIn("ana")
	pong := frameOf(fin|opPong, "")
	command := func(n int) string { return frameOf(fin|opText, ping(fmt.Sprintf("p%d", n))) }
	for name, test := range map[string]struct {
		pieces []string // each arrives by itself
		want   int      // answers
	}{
		"byte by byte":                {bytewise(command(0)), 1},
		"three at once":               {[]string{command(0) + command(1) + command(2)}, 3},
		"a pong before it":            {[]string{pong + command(0)}, 1},
		"half a pong":                 {[]string{pong[:3], pong[3:], command(0)}, 1},
		"the first byte of a pong":    {[]string{pong[:1], pong[1:] + command(0)}, 1},
		"half a pong after a pong":    {[]string{pong + pong[:4], pong[4:] + command(0)}, 1},
		"half a frame after a pong":   {[]string{pong + command(0)[:9], command(0)[9:] + command(1)}, 2},
		"more pongs than are read":    {[]string{strings.Repeat(pong, 60) + command(0)}, 1},
		"a pong that says something":  {[]string{frameOf(fin|opPong, "\x8a\x80") + command(0)}, 1},
		"pongs between frames":        {[]string{command(0) + pong + command(1) + pong, pong, pong + command(2)}, 3},
		"a ping before it":            {[]string{frameOf(fin|opPing, "x") + command(0)}, 1},
		"half a ping":                 {[]string{frameOf(fin|opPing, "hello")[:8], frameOf(fin|opPing, "hello")[8:], command(0)}, 1},
		"a pong within a message":     {[]string{frameOf(opText, ping("p0")[:9]), pong, frameOf(fin|opContinuation, ping("p0")[9:]), command(1)}, 2},
		"more than is read, in bits":  {append(strings.SplitAfter(frameOf(fin|opText, ping("p0")+strings.Repeat("     \n", 100)), "\n"), command(1)), 2},
		"one and a half, then a half": {[]string{command(0) + command(1)[:7], command(1)[7:]}, 2},
	} {
		t.Run(name, func(t *testing.T) {
			s := s.in(t)
			c := s.live(ana)
			s.silent(1)
			for _, piece := range test.pieces {
				c.bytes(piece)
				time.Sleep(time.Millisecond) // so that the next one is a packet of its own
			}
			c.answers(test.want)
			s.silent(1)
			c.bye()
			s.eventually("the stream ends", func() bool { return s.handler.Streams() == 0 })
		})
	}
}

func bytewise(b string) (pieces []string) {
	for i := range len(b) {
		pieces = append(pieces, b[i:i+1])
	}
	return pieces
}

// answers reads the answers to p0, p1 … and asks once more, so that one too many is seen.
func (c *socket) answers(n int) {
	c.Helper()
	c.send(ping("last"))
	var got, want []string
	for i := range n {
		want = append(want, fmt.Sprintf("p%d", i))
	}
	for cid := ""; cid != "last"; {
		if e := c.next(); e["kind"] == "ack" || e["kind"] == "nack" {
			cid, _ = e["cid"].(string)
			got = append(got, cid)
		}
	}
	if want = append(want, "last"); strings.Join(got, " ") != strings.Join(want, " ") {
		c.Errorf("answered %v, want %v", got, want)
	}
}

// What a client says in one breath with the handshake is not lost.
func TestFramesBehindTheHandshake(t *testing.T) {
	s := newServer(t)
	ana := s.signIn("ana")
	one, two := frameOf(fin|opText, ping("p0")), frameOf(fin|opText, ping("p1"))
	pong := frameOf(fin|opPong, "")
	for name, pieces := range map[string][2]string{
		"one":                {one, two},
		"one and a half":     {one + two[:8], two[8:]},
		"a pong":             {pong + one, two},
		"half a pong":        {pong[:2], pong[2:] + one + two},
		"more than is taken": {strings.Repeat(pong, 60) + one, two},
	} {
		t.Run(name, func(t *testing.T) {
			s := s.in(t)
			c := &socket{server: s, conn: s.connect()}
			lines := append(ana.lines("Host: "+s.addr), upgrade...)
			c.bytes("GET /api/stream HTTP/1.1\r\n", strings.Join(lines, "\r\n"), "\r\n\r\n", pieces[0])
			head, err := http.ReadResponse(c.conn.Reader, &http.Request{Method: "GET"})
			s.ok(err)
			if head.StatusCode != http.StatusSwitchingProtocols {
				text, _ := io.ReadAll(head.Body)
				t.Fatalf("upgrade: %d %s", head.StatusCode, text)
			}
			time.Sleep(time.Millisecond) // so that the rest is a packet of its own
			c.bytes(pieces[1])
			c.answers(2)
			c.bye()
		})
	}
}

// A silent connection ends as any other does, and nothing of it stays.
func TestSilentStreamsAreEnded(t *testing.T) {
	for name, test := range map[string]struct {
		end  func(*server, person, []*socket)
		want int
	}{
		"signed out": {func(s *server, p person, _ []*socket) { s.call("POST", "/logout", "", p.lines()...) }, 4500},
		"drained":    {func(s *server, _ person, _ []*socket) { s.drain() }, 1012},
		"goodbye": {func(_ *server, _ person, streams []*socket) {
			for _, c := range streams {
				c.answerClose()
			}
		}, 1000},
		"half closed": {func(s *server, _ person, streams []*socket) {
			for _, c := range streams {
				s.ok(c.tcp().CloseWrite())
			}
		}, 0},
		"broken off": {func(_ *server, _ person, streams []*socket) {
			for _, c := range streams {
				c.reset()
			}
		}, 0},
		"dead": {func(s *server, _ person, streams []*socket) {
			for _, c := range streams {
				c.until("heartbeat") // a ping comes with it, which nobody answers
				c.until("heartbeat")
			}
			s.handler.Wait(11 * time.Second)
		}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			s := newServer(t, func(o *settings) {
				if name == "dead" {
					o.Heartbeat = 20 * time.Millisecond
				}
			})
			ana := s.signIn("ana")
			streams := []*socket{s.live(ana), s.live(ana), s.live(ana)}
			s.silent(len(streams))
			test.end(s, ana, streams)
			for _, c := range streams {
				if name == "broken off" {
					continue
				}
				if code := c.closed(); code != test.want {
					t.Errorf("closed with %d, want %d", code, test.want)
				}
				c.answerClose()
				c.gone()
			}
			s.none()
		})
	}
}

// none waits until no stream is left, and nobody waits for one.
func (s *server) none() {
	s.Helper()
	s.eventually("the streams end", func() bool { return s.handler.Streams() == 0 })
	s.silent(0)
}

// tcp is the connection under a test's guards.
func (c *socket) tcp() *net.TCPConn { return c.conn.Conn.(guarded).Conn.(*net.TCPConn) }

// reset breaks the connection off, as a crash does.
func (c *socket) reset() {
	c.Helper()
	c.ok(c.tcp().SetLinger(0))
	c.Close()
}
