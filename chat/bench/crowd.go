package bench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// Server is one that is to be measured.
type Server struct {
	Name    string
	URL     string   // http://host:port
	Process *Process // nil: it is not ours, and nothing is known about its processor time and memory
	SignsIn bool     // people need a session; limits know nobody
}

// room is one that people are in together.
type room struct {
	name string
	transcript
}

// crowd is everybody who is connected to one server, what they posted and what they got.
type crowd struct {
	server Server
	poller poller // shared with other crowds
	people []Person
	rooms  []*room
	conns  []*conn
	size   int // bytes of a text
	began  time.Time
	run    string // what our cids begin with
	epoch  string

	messages  []message
	unsettled int  // messages not yet both acknowledged and seen
	window    int  // how many messages each publisher keeps in flight; 0: none by itself
	acksOnly  bool // a message is in flight until its ack, wherever it is delivered

	live      int
	delivered int64
	latency   Histogram // from the moment when a message was to be sent to each delivery
	acks      Histogram // the same to the ack
	faults    []string  // the first few broken promises
	failed    int       // how many there were
}

func newCrowd(p poller, s Server, size int) *crowd {
	return &crowd{server: s, poller: p, size: size, began: time.Now(), run: newPrefix()}
}

// maxFaults is how many broken promises are told in words.
const maxFaults = 10

func (c *crowd) fault(format string, args ...any) {
	c.failed++
	if len(c.faults) < maxFaults {
		c.faults = append(c.faults, c.server.Name+": "+fmt.Sprintf(format, args...))
	}
}

// post sends one message from a connection; at is when it was to be sent. It goes out with flush.
func (c *crowd) post(from *conn, at time.Duration) {
	number := len(c.messages)
	c.messages = append(c.messages, message{at: at, by: from})
	c.unsettled++
	from.inFlight++
	from.out = appendPost(from.out, c.run, from.room.name, number, c.size)
}

func (c *conn) flush() {
	if len(c.out) > 0 {
		c.send(c.out)
		c.out = c.out[:0]
	}
}

// fill keeps a publisher's window full.
func (c *crowd) fill(from *conn) {
	for now := c.now(); from.inFlight < c.window && !from.over; {
		c.post(from, now)
	}
	from.flush()
}

// after is called when a connection has taken in what arrived.
func (c *crowd) after(from *conn) {
	if from.publishes && c.window > 0 {
		c.fill(from)
	}
}

// posted looks at a message that somebody is the first to have, and returns its
// number; -1 if others than we posted it.
func (c *crowd) posted(payload []byte, in *room) (number int, id string, err error) {
	var o struct{ Kind, ID, Room, CID, Text string }
	if err := json.Unmarshal(payload, &o); err != nil {
		return 0, "", fmt.Errorf("a message that is no JSON: %w", err)
	}
	number, ours := numberOf(c.run, o.CID)
	if !ours {
		return -1, o.ID, nil
	}
	if number >= len(c.messages) {
		return 0, "", errors.New("a message that was never posted")
	}
	m := &c.messages[number]
	switch {
	case o.Room != in.name || m.by.room != in:
		return 0, "", fmt.Errorf("message %s is in the wrong room", o.ID)
	case o.Text != string(appendText(nil, number, c.size)):
		return 0, "", fmt.Errorf("message %s has another text than was posted", o.ID)
	case m.seen:
		return 0, "", fmt.Errorf("message %s was sent twice", o.ID)
	case m.id != "" && m.id != o.ID:
		return 0, "", fmt.Errorf("message %s was acknowledged as %s", o.ID, m.id)
	}
	m.seen, m.id = true, o.ID
	return number, o.ID, nil
}

// acknowledged takes the answer to a post.
func (c *crowd) acknowledged(by *conn, cid, id string) {
	number, ours := numberOf(c.run, cid)
	if !ours || number >= len(c.messages) {
		by.fail("an ack for something that was never posted")
		return
	}
	m := &c.messages[number]
	switch {
	case m.by != by:
		by.fail("an ack for what somebody else posted")
		return
	case m.acked:
		by.fail("message %s was acknowledged twice", id)
		return
	case m.id != "" && m.id != id:
		by.fail("message %s was acknowledged as %s", m.id, id)
		return
	}
	m.acked, m.id = true, id
	c.acks.Add(c.now() - m.at)
	if c.acksOnly || m.echoed {
		by.inFlight--
	}
	if m.echoed {
		c.unsettled--
	}
}

// echoed notes that the author of a message has got it back.
func (c *crowd) echoed(m *message) {
	m.echoed = true
	if m.acked {
		c.unsettled--
		if !c.acksOnly {
			m.by.inFlight--
		}
	}
}

// quiet says that nothing is on its way any more: every message is acknowledged,
// and everybody has everything.
func (c *crowd) quiet() bool {
	if c.unsettled > 0 {
		return false
	}
	for _, conn := range c.conns {
		if !conn.over && !conn.reader.atEnd() {
			return false
		}
	}
	return true
}

// drainTimeout is how long everything may take to arrive once nothing more is posted.
const drainTimeout = 30 * time.Second

// drain waits until everything has arrived, and counts what has not.
func (c *crowd) drain(ctx context.Context) error {
	c.window = 0
	if err := c.pollUntil(ctx, time.Now().Add(drainTimeout), func() bool { return c.quiet() || c.failed > 0 }); err != nil || c.failed > 0 {
		return err
	}
	if c.unsettled > 0 {
		c.fault("%d of %d messages were not acknowledged or not sent to their author within %v", c.unsettled, len(c.messages), drainTimeout)
	}
	for _, conn := range c.conns {
		if !conn.over && !conn.reader.atEnd() {
			conn.fail("%d messages did not arrive within %v", len(conn.reader.ends)-conn.reader.next, drainTimeout)
		}
	}
	for _, m := range c.messages {
		if m.acked && !m.seen {
			c.fault("message %s was acknowledged and sent to nobody", m.id)
		}
	}
	return nil
}

// pollUntil lets everything flow until done says so or the time is over.
func (c *crowd) pollUntil(ctx context.Context, deadline time.Time, done func() bool) error {
	for !done() && time.Now().Before(deadline) {
		if err := ctx.Err(); err != nil {
			return context.Cause(ctx)
		}
		if err := c.poller.poll(earlier(deadline, time.Now().Add(pollStep))); err != nil {
			return err
		}
	}
	return nil
}

// pollStep is how long a poll waits at most: who interrupts, and connections that were opened meanwhile, wait as long.
const pollStep = 5 * time.Millisecond

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// receipts are the messages that were acknowledged, or that anybody has seen.
func (c *crowd) receipts() []Receipt {
	var list []Receipt
	for number, m := range c.messages {
		if m.acked || m.seen {
			list = append(list, Receipt{string(appendCID(nil, c.run, number)), m.id, string(appendText(nil, number, c.size))})
		}
	}
	return list
}

// forget lets go of the transcripts, when everybody has everything: a long run
// would keep gigabytes.
func (c *crowd) forget() {
	for _, conn := range c.conns {
		conn.cursor = conn.position()
		conn.reader.at, conn.reader.next = 0, 0
	}
	for _, r := range c.rooms {
		r.forget()
	}
}

// now is the crowd's clock.
func (c *crowd) now() time.Duration { return time.Since(c.began) }

// leave closes all connections.
func (c *crowd) leave() {
	for _, conn := range c.conns {
		if !conn.over && conn.socket != nil {
			conn.socket.close()
			conn.end()
		}
	}
	c.conns = nil
}
