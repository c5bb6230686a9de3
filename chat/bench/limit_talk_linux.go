package bench

import (
	"bytes"
	"crypto/sha1"
	"encoding/base64"
	"fmt"
	"strconv"
)

// What a yardstick says: as little of the protocol as the generator needs.

// upgrade answers the handshake (RFC 6455 §4.2.2) and returns what came behind it.
func (s *limitServer) upgrade(c *limitClient, in []byte) []byte {
	request, rest, whole := bytes.Cut(in, []byte("\r\n\r\n"))
	if !whole {
		return in
	}
	name := string(between(request, "rooms=", " &"))
	if s.rooms[name] == nil {
		s.rooms[name] = new(limitRoom)
	}
	c.room = s.rooms[name]
	c.room.clients = append(c.room.clients, c)
	if length, err := strconv.Atoi(string(between(request, "frame=", " &"))); err == nil {
		s.length = length
	}
	key := between(request, "Sec-WebSocket-Key: ", "\r")
	sum := sha1.Sum(append(bytes.Clone(key), "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"...))
	answer := fmt.Appendf(nil, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: %s\r\n\r\n", base64.StdEncoding.EncodeToString(sum[:]))
	s.write(c, appendFrame(answer, opText, []byte(`{"kind":"live","cursor":"0"}`)))
	return rest
}

func (s *limitServer) frame(c *limitClient, f frame, payload []byte) {
	f.unmask(payload)
	cid, room, text := between(payload, `"cid":"`, `"`), between(payload, `"room":"`, `"`), between(payload, `"text":"`, `"`)
	if f.opcode != opText || cid == nil {
		return
	}
	s.count++
	c.acks = appendFrame(c.acks, opText, fmt.Appendf(nil, `{"kind":"ack","cid":"%s","id":"%d","dup":false}`, cid, s.count))
	event := fmt.Appendf(nil, `{"kind":"message.posted","id":"%d","room":"%s","cid":"%s","text":"%s","by":"`, s.count, room, cid, text)
	const headerLength, endLength = 4, 2
	for headerLength+len(event)+endLength < s.length {
		event = append(event, 'x')
	}
	if len(c.room.batch) == 0 {
		s.dirty = append(s.dirty, c.room)
	}
	c.room.batch = appendFrame(c.room.batch, opText, append(event, `"}`...))
	if s.each {
		s.flush()
	}
}

// between cuts out what stands behind a word, up to the first of some characters. The
// generator sends nothing that needs more than that.
func between(b []byte, word, ends string) []byte {
	_, b, found := bytes.Cut(b, []byte(word))
	if !found {
		return nil
	}
	if end := bytes.IndexAny(b, ends); end >= 0 {
		return b[:end]
	}
	return b
}
