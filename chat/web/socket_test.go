package web_test

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// Opcodes, RFC 6455 §5.2.
const (
	opContinuation = 0x0
	opText         = 0x1
	opBinary       = 0x2
	opClose        = 0x8
	opPing         = 0x9
	opPong         = 0xA
	fin            = 0x80
	masked         = 0x80
)

type object = map[string]any

// socket is a WebSocket made of bytes: it says whatever a test wants, and nothing by itself.
type socket struct {
	*server
	*conn
	head answer
}

// dial opens a stream by WebSocket.
func (s *server) dial(target string, lines ...string) *socket {
	s.Helper()
	a, c := s.open("GET", target, "", append(lines, upgrade...)...)
	if a.StatusCode != http.StatusSwitchingProtocols {
		text, _ := io.ReadAll(a.Body)
		s.Fatalf("upgrade: %d %s", a.StatusCode, text)
	}
	return &socket{s, c, a}
}

// live opens a person's stream and reads it until it is live, its first presence included.
func (s *server) live(p person) *socket {
	s.Helper()
	c := s.dial("/api/stream", p.lines()...)
	c.until("presence")
	return c
}

// frame sends one frame: first is the first byte of it, with fin, reserved bits and opcode.
func (c *socket) frame(first byte, payload string) {
	c.Helper()
	c.bytes(frameOf(first, payload))
}

// frameOf is one masked frame.
func frameOf(first byte, payload string) string {
	return header(first, masked, len(payload)) + "\x11\x22\x33\x44" + mask(payload)
}

// answerClose answers a goodbye, if there is anybody left to answer to.
func (c *socket) answerClose() { io.WriteString(c.conn.Conn, frameOf(fin|opClose, "\x03\xe8")) }

// bytes sends bytes.
func (c *socket) bytes(parts ...string) {
	c.Helper()
	_, err := io.WriteString(c.conn.Conn, strings.Join(parts, ""))
	c.ok(err)
}

// send sends a text frame.
func (c *socket) send(text string) { c.Helper(); c.frame(fin|opText, text) }

// header is the head of a frame, without the mask.
func header(first, mask byte, length int) string {
	b := []byte{first}
	switch {
	case length < 126:
		b = append(b, mask|byte(length))
	case length < 1<<16:
		b = binary.BigEndian.AppendUint16(append(b, mask|126), uint16(length))
	default:
		b = binary.BigEndian.AppendUint64(append(b, mask|127), uint64(length))
	}
	return string(b)
}

func mask(payload string) string {
	b := []byte(payload)
	for i := range b {
		b[i] ^= "\x11\x22\x33\x44"[i%4]
	}
	return string(b)
}

// receive reads one frame of the server, whatever it is.
func (c *socket) receive() (opcode byte, payload string, err error) {
	var h [2]byte
	if _, err := io.ReadFull(c.conn, h[:]); err != nil {
		return 0, "", err
	}
	if h[0]&fin == 0 || h[0]&0x70 != 0 || h[1]&masked != 0 {
		return 0, "", fmt.Errorf("the server sent a frame that begins with % x", h)
	}
	length := uint64(h[1])
	if extended := map[uint64]int{126: 2, 127: 8}[length]; extended > 0 {
		b := make([]byte, 8)
		if _, err := io.ReadFull(c.conn, b[8-extended:]); err != nil {
			return 0, "", err
		}
		length = binary.BigEndian.Uint64(b)
	}
	b := make([]byte, length)
	_, err = io.ReadFull(c.conn, b)
	return h[0] & 0xF, string(b), err
}

// next is the next object that the server sends. Pings on the way are left unanswered.
func (c *socket) next() object {
	c.Helper()
	for {
		opcode, payload, err := c.receive()
		switch {
		case err != nil:
			c.Fatalf("reading the stream: %v", err)
		case opcode == opClose:
			c.Fatalf("the stream was closed: %d %s", binary.BigEndian.Uint16([]byte(payload)), payload[2:])
		case opcode == opText:
			return parse(c.server, payload)
		}
	}
}

// until reads until an object of this kind comes.
func (c *socket) until(kind string) object {
	c.Helper()
	for {
		if e := c.next(); e["kind"] == kind {
			return e
		}
	}
}

// closed reads until the server says goodbye: why, or 0 if it just went.
func (c *socket) closed() (code int) {
	c.Helper()
	for {
		opcode, payload, err := c.receive()
		switch {
		case err == nil && opcode == opClose && payload == "":
			return 1005 // no reason given, RFC 6455 §7.1.5
		case err == nil && opcode == opClose:
			return int(binary.BigEndian.Uint16([]byte(payload)))
		case err == nil:
		case errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || strings.Contains(err.Error(), "reset"):
			return 0
		default:
			c.Fatalf("the server does not end the connection: %v", err)
		}
	}
}

// gone reads until the connection has ended.
func (c *socket) gone() {
	c.Helper()
	for {
		if _, err := c.conn.ReadByte(); err != nil {
			if !errors.Is(err, io.EOF) && !strings.Contains(err.Error(), "reset") {
				c.Fatalf("the connection is still there: %v", err)
			}
			return
		}
	}
}

// bye says goodbye and waits for the answer.
func (c *socket) bye() {
	c.Helper()
	c.frame(fin|opClose, "\x03\xe8")
	c.closed()
	c.Close()
}

func parse(s *server, text string) (e object) {
	s.Helper()
	if err := json.Unmarshal([]byte(text), &e); err != nil {
		s.Fatalf("%q: %v", text, err)
	}
	return e
}

// Close closes the connection without a word.
func (c *socket) Close() { c.conn.Conn.Close() }

// eventSource is a stream by server-sent events.
type eventSource struct {
	*server
	*conn
	head answer
	body *lineReader
	last string // the data of the last event, as it came
}

// listen opens a stream by server-sent events.
func (s *server) listen(target string, lines ...string) *eventSource {
	s.Helper()
	a, c := s.open("GET", target, "", append(lines, events)...)
	if a.StatusCode != http.StatusOK {
		text, _ := io.ReadAll(a.Body)
		s.Fatalf("event source: %d %s", a.StatusCode, text)
	}
	return &eventSource{s, c, a, newLineReader(a.Body), ""}
}

// next is the next event: its SSE id and its object. It is nil at the end of the stream.
func (e *eventSource) next() (id string, data object) {
	e.Helper()
	for {
		line, err := e.body.line()
		name, value, _ := strings.Cut(line, ": ")
		switch {
		case err == io.EOF || err == io.ErrUnexpectedEOF:
			return "", nil
		case err != nil:
			e.Fatalf("reading events: %v", err)
		case line == "":
			return id, data
		case name == "id":
			id = value
		case name == "data" && data == nil:
			e.last, data = value, parse(e.server, value)
		default:
			e.Fatalf("the server sent the line %q", line)
		}
	}
}

// until reads until an object of this kind comes.
func (e *eventSource) until(kind string) (id string, data object) {
	e.Helper()
	for {
		id, data := e.next()
		if data == nil {
			e.Fatalf("the stream ended without %s", kind)
		}
		if data["kind"] == kind {
			return id, data
		}
	}
}

// marshal is JSON as browsers write it.
func marshal(t interface{ Fatal(...any) }, v any) []byte {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		t.Fatal(err)
	}
	return bytes.TrimSpace(b.Bytes())
}
