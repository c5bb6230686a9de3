package bench

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// deaf is a way out that leads nowhere; it remembers what was written.
type deaf struct{ wrote []byte }

func (d *deaf) write(b []byte) error { d.wrote = append(d.wrote, b...); return nil }
func (*deaf) pause()                 {}
func (*deaf) resume()                {}
func (*deaf) close()                 {}

// theatre is a crowd of n people in a room, who are sent what the test says.
func theatre(n int) *crowd {
	c := newCrowd(nil, Server{Name: "test"}, 40)
	c.rooms = []*room{{name: lobby}}
	c.people = make([]Person, n)
	r := run{load: Load{Publishers: 1, Rate: 1}}
	r.gather(c)
	for _, conn := range c.conns {
		conn.socket = new(deaf)
	}
	return c
}

// event is the frame of a message as a server would send it.
func event(c *crowd, number int) []byte {
	return appendFrame(nil, opText, fmt.Appendf(nil, `{"kind":"message.posted","id":"%d","room":"lobby","cid":"%s","text":"%s"}`,
		number+100, appendCID(nil, c.run, number), appendText(nil, number, c.size)))
}

func private(kind string) []byte {
	return appendFrame(nil, opText, []byte(`{"kind":"`+kind+`","cursor":"7"}`))
}

// show posts n messages and returns the stream with them in order.
func show(c *crowd, n int) (frames [][]byte) {
	for i := range n {
		c.post(c.conns[0], c.now())
		frames = append(frames, event(c, i))
	}
	return frames
}

// TestEveryCutIsTheSame sends everybody the same messages in pieces of every size, with
// frames between them that are for one alone. Whoever comes first writes the transcript.
func TestEveryCutIsTheSame(t *testing.T) {
	const messages = 20
	for size := 1; size < 400; size += 7 {
		c := theatre(4)
		frames := show(c, messages)
		for i, conn := range c.conns {
			mine := slices.Clone(frames)
			for at := i * 3; at < len(mine); at += 4 { // a different place for everybody
				kind := []string{"presence", "heartbeat", "live"}[at%3]
				mine = slices.Insert(mine, at, private(kind), appendFrame(nil, opPing, []byte("p")))
			}
			stream := slices.Concat(mine...)
			for chunk := range slices.Chunk(stream, size+i) {
				conn.receive(chunk)
			}
			if conn.over || !conn.reader.atEnd() || len(conn.partial) > 0 {
				t.Fatalf("pieces of %d: reader %d is at %d of %d", size+i, i, conn.reader.at, len(conn.reader.data))
			}
			if !strings.Contains(string(conn.socket.(*deaf).wrote), string(appendMasked(nil, opPong, []byte("p")))) {
				t.Error("a ping had no answer")
			}
		}
		if c.failed > 0 || c.delivered != 4*messages || c.live != 4 {
			t.Fatalf("pieces of %d: %d deliveries, %d live, %v", size, c.delivered, c.live, c.faults)
		}
	}
}

// TestBrokenPromisesAreNoticed changes what the second reader is sent.
func TestBrokenPromisesAreNoticed(t *testing.T) {
	for name, change := range map[string]func(c *crowd, frames [][]byte) [][]byte{
		"another byte":    func(_ *crowd, f [][]byte) [][]byte { f[2] = slices.Clone(f[2]); f[2][60] ^= 1; return f },
		"one missing":     func(_ *crowd, f [][]byte) [][]byte { return slices.Delete(f, 2, 3) },
		"one twice":       func(_ *crowd, f [][]byte) [][]byte { return slices.Insert(f, 3, f[2]) },
		"the last twice":  func(_ *crowd, f [][]byte) [][]byte { return append(f, f[4]) },
		"another order":   func(_ *crowd, f [][]byte) [][]byte { f[1], f[2] = f[2], f[1]; return f },
		"one of nobody's": func(c *crowd, f [][]byte) [][]byte { return append(f, event(c, 99)) },
		"another text": func(c *crowd, f [][]byte) [][]byte {
			return append(f, bytes.Replace(show(c, 6)[5], []byte("quick"), []byte("Quick"), 1))
		},
		"not in the end":    func(_ *crowd, f [][]byte) [][]byte { return f[:4] },
		"a reset":           func(_ *crowd, f [][]byte) [][]byte { return append(f, private("reset")) },
		"a binary frame":    func(_ *crowd, f [][]byte) [][]byte { return append(f, appendFrame(nil, 2, []byte("x"))) },
		"a close":           func(_ *crowd, f [][]byte) [][]byte { return append(f, appendFrame(nil, opClose, nil)) },
		"a nack":            func(_ *crowd, f [][]byte) [][]byte { return append(f, private("nack")) },
		"an ack of nothing": func(_ *crowd, f [][]byte) [][]byte { return append(f, private("ack")) },
		"another ack": func(c *crowd, f [][]byte) [][]byte {
			return append(f, appendFrame(nil, opText, fmt.Appendf(nil, `{"kind":"ack","cid":"%s","id":"100"}`, appendCID(nil, c.run, 0))))
		},
	} {
		t.Run(name, func(t *testing.T) {
			c := theatre(2)
			frames := show(c, 5)
			c.conns[0].receive(slices.Concat(frames...))
			if c.failed > 0 {
				t.Fatalf("the first reader: %v", c.faults)
			}
			c.conns[1].receive(slices.Concat(change(c, slices.Clone(frames))...))
			if c.failed == 0 && c.conns[1].reader.atEnd() {
				t.Error("was not noticed")
			}
		})
	}
}

// TestPostsAreSettled follows messages from the post over ack and delivery.
func TestPostsAreSettled(t *testing.T) {
	c := theatre(2)
	c.window = 3
	author := c.conns[0]
	c.fill(author)
	ack := func(number int) []byte {
		return appendFrame(nil, opText, fmt.Appendf(nil, `{"kind":"ack","cid":"%s","id":"%d","dup":false}`, appendCID(nil, c.run, number), number+100))
	}
	author.receive(slices.Concat(event(c, 0), event(c, 1)))
	if len(c.messages) != 3 || author.inFlight != 3 {
		t.Errorf("%d messages, %d in flight after two deliveries and no ack", len(c.messages), author.inFlight)
	}
	author.receive(slices.Concat(ack(0), ack(2)))
	if len(c.messages) != 4 || author.inFlight != 3 {
		t.Errorf("%d messages, %d in flight after one was settled", len(c.messages), author.inFlight)
	}
	c.window = 0
	author.receive(slices.Concat(ack(1), event(c, 2), event(c, 3), ack(3)))
	c.conns[1].receive(slices.Concat(event(c, 0), event(c, 1), event(c, 2), event(c, 3)))
	if author.inFlight != 0 || !c.quiet() || c.failed > 0 {
		t.Errorf("%d in flight, quiet %v, %v", author.inFlight, c.quiet(), c.faults)
	}
	if r := c.receipts(); len(r) != 4 || r[3].ID != "103" || len(r[3].Text) != 40 || r[3].CID != string(appendCID(nil, c.run, 3)) {
		t.Errorf("receipts: %+v", r)
	}
	author.receive(ack(3))
	if c.failed != 1 {
		t.Error("a second ack was not noticed")
	}
}

// TestAConnectionGoesOn breaks off in the middle of a message and resumes.
func TestAConnectionGoesOn(t *testing.T) {
	c := theatre(2)
	frames := show(c, 4)
	hello := func(cursor string) []byte {
		return appendFrame(nil, opText, fmt.Appendf(nil, `{"kind":"hello","cursor":"%s","epoch":"e"}`, cursor))
	}
	c.conns[0].receive(slices.Concat(hello("99"), slices.Concat(frames...)))
	late := c.conns[1]
	late.mayEnd = true
	late.receive(slices.Concat(hello("99"), frames[0], frames[1][:50]))
	late.ended(errClosed)
	if got := late.position(); got != "100" || c.failed > 0 {
		t.Fatalf("position %s, %v", got, c.faults)
	}
	late.reader.undo()
	late.over = false
	late.receive(slices.Concat(hello("100"), frames[1], frames[2], frames[3]))
	if !late.reader.atEnd() || c.failed > 0 {
		t.Errorf("after it came back: %v", c.faults)
	}
	c.forget()
	if got := late.position(); got != "103" {
		t.Errorf("position %s after everything was forgotten", got)
	}
	late.receive(hello("102"))
	if c.failed != 1 {
		t.Error("a stream that begins elsewhere was not noticed")
	}
}
