package bench

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
)

// errClosed says that the other side ended the connection without a word.
var errClosed = errors.New("the server closed the connection")

// conn is one person's stream, as the generator sees it.
type conn struct {
	crowd  *crowd
	person *Person
	room   *room
	reader reader
	socket socket

	partial []byte // the beginning of a frame that is not all here
	live    bool   // the server has said so
	timed   bool   // its deliveries count for the latency
	over    bool   // it has ended
	mayEnd  bool   // the server may end it
	cursor  string // where it was before the first frame of the transcript
	reply   string // what the server said when it closed

	publishes bool   // keeps the crowd's window of messages in flight
	inFlight  int    // messages posted here and not yet both acknowledged and seen
	out       []byte // posts that are to be written together
}

// receive takes what has arrived, checks it and counts it. It keeps no reference to b.
func (c *conn) receive(b []byte) {
	if len(c.partial) > 0 {
		c.partial = append(c.partial, b...)
		b = c.partial
	}
	rest := c.consume(b)
	switch {
	case c.over:
	case len(rest) > maxFrame:
		c.fail("a frame of more than 64 KiB")
	case len(rest) > 0 || len(c.partial) > 0:
		c.partial = append(c.partial[:0], rest...) // rest may lie in partial, but behind: append moves it
	}
	c.crowd.after(c)
}

// consume returns what is left: the beginning of a frame that cannot be judged yet.
func (c *conn) consume(b []byte) []byte {
	for len(b) > 0 && !c.over {
		if n := c.reader.follow(b); n > 0 {
			b = b[n:]
			c.deliver()
			continue
		}
		// Something else stands between the messages. What came of it before may
		// have looked like the beginning of the next one.
		if began := c.reader.undo(); len(began) > 0 {
			b = append(bytes.Clone(began), b...)
		}
		f, whole := parseFrame(b)
		if !whole {
			return b
		}
		if c.reader.take(b[:f.end]) {
			c.deliver()
		} else {
			c.frame(f.opcode, b[:f.end], b[f.begin:f.end])
		}
		b = b[f.end:]
	}
	return nil
}

// deliver counts the messages that have arrived to their last byte.
func (c *conn) deliver() {
	passed := c.reader.passed()
	c.crowd.delivered += int64(len(passed))
	if len(passed) == 0 || !c.timed && !c.publishes {
		return
	}
	now := c.crowd.now()
	for _, number := range passed {
		if number < 0 {
			continue // not ours
		}
		m := &c.crowd.messages[number]
		if c.timed {
			c.crowd.latency.Add(now - m.at)
		}
		if m.by == c {
			c.crowd.echoed(m)
		}
	}
}

// frame takes a whole frame that is not the next of the transcript: the next
// message, if nobody has had it before, or something for this connection alone.
func (c *conn) frame(opcode byte, frame, payload []byte) {
	switch opcode {
	case opText:
	case opPing:
		c.send(appendMasked(nil, opPong, payload))
		return
	case opClose:
		c.reply = "without a code"
		if len(payload) >= 2 {
			c.reply = fmt.Sprintf("%d %s", binary.BigEndian.Uint16(payload), payload[2:])
		}
		c.socket.close()
		c.ended(errClosed)
		return
	case opPong:
		return
	default:
		c.fail("a frame with opcode %#x", opcode)
		return
	}
	if kind := kindOf(payload); kind == "message.posted" || kind == "" {
		c.post(frame, payload)
	} else {
		c.told(kind, payload)
	}
}

// post takes a message that this connection is the first to have.
func (c *conn) post(frame, payload []byte) {
	if !c.reader.atEnd() {
		c.fail("a message that differs from the one that others were sent in its place")
		return
	}
	number, id, err := c.crowd.posted(payload, c.room)
	if err != nil {
		c.fail("%v", err)
		return
	}
	c.reader.append(frame, number, id)
	c.reader.at = len(c.reader.data)
	c.deliver()
}

// told takes what the server says to this connection alone.
func (c *conn) told(kind string, payload []byte) {
	switch kind {
	case "presence", "typing", "heartbeat", "member.joined", "member.left", "room.created":
		return
	}
	var o struct{ CID, ID, Cursor, Epoch, Code, Message string }
	if err := json.Unmarshal(payload, &o); err != nil {
		c.fail("a %s that is no JSON: %v", kind, err)
		return
	}
	switch kind {
	case "ack":
		c.crowd.acknowledged(c, o.CID, o.ID)
	case "nack":
		c.fail("a post was refused: %s: %s%s", o.Code, o.Message, advice[o.Code])
	case "hello":
		c.greeted(o.Cursor, o.Epoch)
	case "live":
		if !c.live {
			c.live = true
			c.crowd.live++
		}
	case "reset":
		c.fail("the server gave up on sending everything, and said reset")
	}
}

// advice is what to do about refusals that are no fault of the server's.
var advice = map[string]string{
	"rate_limited": " Start the server with --message-rate 0 to measure it.",
}

// greeted takes the first frame of a stream.
func (c *conn) greeted(cursor, epoch string) {
	c.crowd.epoch = epoch
	if before := c.position(); before == "" {
		c.cursor = cursor
	} else if before != cursor {
		c.fail("a stream that was to go on from %s begins at %s", before, cursor)
	}
}

// position is the cursor from which the stream would go on; "" before it has ever begun.
func (c *conn) position() string {
	if c.reader.next > 0 {
		return c.reader.ids[c.reader.next-1]
	}
	return c.cursor
}

// kindOf reads the kind, with which every object of chatd begins.
func kindOf(payload []byte) string {
	const begin = `{"kind":"`
	if len(payload) < len(begin) || string(payload[:len(begin)]) != begin {
		return ""
	}
	for i, b := range payload[len(begin):] {
		if b == '"' {
			return string(payload[len(begin) : len(begin)+i])
		}
	}
	return ""
}

// send writes b; what goes wrong ends the connection.
func (c *conn) send(b []byte) {
	if err := c.socket.write(b); err != nil {
		c.socket.close()
		c.ended(err)
	}
}

// fail notes a promise that the server broke, and ends the connection: what
// follows would only be more of the same.
func (c *conn) fail(format string, args ...any) {
	if c.over {
		return
	}
	c.crowd.fault("%s: %s", c.person.Name, fmt.Sprintf(format, args...))
	c.socket.close()
	c.end()
}

// ended is called when the other side or the system ended the connection.
func (c *conn) ended(err error) {
	if c.over {
		return
	}
	if !c.mayEnd {
		if c.reply != "" {
			err = fmt.Errorf("the server closed the connection: %s", c.reply)
		}
		c.crowd.fault("%s: %v", c.person.Name, err)
	}
	c.end()
}

func (c *conn) end() {
	c.over = true
	if c.live {
		c.live = false
		c.crowd.live--
	}
}
