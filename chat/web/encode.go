package web

import (
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"time"

	"chatd/chat"

	"github.com/go-json-experiment/json/jsontext"
)

// Encoder implements chat.Encoder: each event becomes one WebSocket text frame,
// once. A server's frames are not masked (RFC 6455 §5.1), so the same bytes go to
// everyone; server-sent events take the payload out of them.
type Encoder struct{}

// Entry writes a kept event as protocol.md has it.
func (Encoder) Entry(e *chat.Entry) []byte {
	return frame(appendEntry(make([]byte, 0, 256+len(e.Body)), e))
}

func appendEntry(b []byte, e *chat.Entry) []byte {
	b = append(b, `{"kind":"`...)
	b = append(b, e.Kind...)
	b = append(b, `","id":"`...)
	b = append(b, e.Seq.String()...)
	b = append(b, `","room":`...)
	b = appendString(b, e.Room)
	b = append(b, `,"at":"`...)
	b = e.At.AppendFormat(b, timeFormat)
	b = append(b, `","by":`...)
	b = appendPerson(b, e.By)
	switch e.Kind {
	case chat.MessagePosted:
		if e.CID[0] != '~' { // made by the server: nobody waits for it
			b = append(b, `,"cid":"`...)
			b = append(b, e.CID...)
			b = append(b, '"')
		}
		if e.State == nil || !e.State.Deleted {
			b = appendText(b, e.Text())
		}
		b = appendState(b, e.State)
	case chat.MessageEdited, chat.MessageDeleted, chat.ReactionAdded, chat.ReactionRemoved, chat.MessagePinned, chat.MessageUnpinned:
		b = appendAbout(b, e)
	case chat.RoomCreated:
		b = append(b, `,"title":`...)
		b = appendString(b, e.Title())
		if len(e.Of) > 0 {
			b = appendPeople(append(b, `,"direct":true,"people":`...), e.Of)
		}
	case chat.RoomChanged:
		change := e.Changed()
		if change.Title != nil {
			b = appendString(append(b, `,"title":`...), *change.Title)
		}
		if change.Topic != nil {
			b = appendString(append(b, `,"topic":`...), *change.Topic)
		}
	case chat.MemberInvited, chat.MemberRemoved:
		b = appendPeople(append(b, `,"people":`...), e.Of)
	}
	return append(b, '}')
}

// timeFormat is RFC 3339 in UTC with milliseconds.
const timeFormat = "2006-01-02T15:04:05.000Z"

// Typing writes that somebody is typing.
func (Encoder) Unread(room string, u chat.Unread) []byte {
	b := appendString([]byte(`{"kind":"unread","room":`), room)
	return frame(fmt.Appendf(b, `,"first":"%s","count":%d}`, u.First, u.Count))
}

// Typing writes who is typing.
func (Encoder) Typing(room string, by chat.Person) []byte {
	b := appendString([]byte(`{"kind":"typing","room":`), room)
	return frame(append(appendPerson(append(b, `,"by":`...), by), '}'))
}

// Reading writes how far somebody is in a room.
func (Encoder) Reading(r chat.Reading) []byte {
	b := appendString([]byte(`{"kind":"read","room":`), r.Room)
	return frame(fmt.Appendf(b, `,"head":"%s","unread":%d,"muted":%t}`, r.Head, r.Unread, r.Muted))
}

// RoomsChanged writes that the list of rooms is another.
func (Encoder) RoomsChanged() []byte { return frame([]byte(`{"kind":"rooms"}`)) }

// Presence writes who is here, or what changed.
func (Encoder) Presence(p chat.Presence) []byte {
	b := []byte(`{"kind":"presence"`)
	list := func(name string, people []chat.Person) {
		if people == nil {
			return
		}
		b = appendPeople(fmt.Appendf(b, `,"%s":`, name), people)
	}
	list("here", p.Here)
	list("joined", p.Joined)
	list("left", p.Left)
	return frame(fmt.Appendf(b, `,"count":%d}`, p.Count))
}

// appendPeople writes people, with what they are where that is known and more than a guest.
func appendPeople(b []byte, people []chat.Person) []byte {
	b = append(b, '[')
	for i, person := range people {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendPerson(b, person)
		if role := roleOf(person); role != "" {
			b = append(append(append(b[:len(b)-1], `,"role":"`...), role...), `"}`...)
		}
	}
	return append(b, ']')
}

// roleOf is what somebody is, as it goes out: of a guest nothing is said.
func roleOf(p chat.Person) string {
	if p.Role == chat.RoleGuest {
		return ""
	}
	return p.Role.String()
}

func appendPerson(b []byte, p chat.Person) []byte {
	b = append(b, `{"id":"`...)
	b = append(b, p.ID.String()...)
	b = append(b, `","name":`...)
	return append(appendString(b, p.Name), '}')
}

// appendString quotes valid UTF-8; what the log holds was checked at the door.
func appendString(b []byte, s string) []byte {
	quoted, err := jsontext.AppendQuote(b, s)
	if err != nil {
		return append(b, `""`...)
	}
	return quoted
}

// formatTime is a time as it goes out.
func formatTime(t time.Time) string { return t.UTC().Format(timeFormat) }

// frame puts the header of a WebSocket text frame before a payload (RFC 6455 §5.2).
func frame(payload []byte) []byte {
	const finText = 0x81
	var b []byte
	switch n := len(payload); {
	case n < 126:
		b = append(make([]byte, 0, 2+n), finText, byte(n))
	case n < 1<<16:
		b = binary.BigEndian.AppendUint16(append(make([]byte, 0, 4+n), finText, 126), uint16(n))
	default:
		b = binary.BigEndian.AppendUint64(append(make([]byte, 0, 10+n), finText, 127), uint64(n))
	}
	return append(b, payload...)
}

// payload takes the header off again.
func payload(frame []byte) []byte {
	switch frame[1] {
	case 126:
		return frame[4:]
	case 127:
		return frame[10:]
	}
	return frame[2:]
}

// hues is how many colours there are for people; the style sheet has a class for each.
const hues = 12

// hue is the colour that belongs to a person: the same in the browser (hue.js or where it computes it) and here.
func hue(id chat.ID) int {
	h := fnv.New32a()
	h.Write([]byte(id.String()))
	return int(h.Sum32() % hues)
}
