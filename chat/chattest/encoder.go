package chattest

import (
	"fmt"
	"slices"
	"strings"

	"chatd/chat"
)

// Encoder writes events down as a story tells them: "ann: hi", in another room
// than the lobby "ops/ann: hi", "ops/ann joined".
type Encoder struct{}

// Entry implements chat.Encoder.
func (Encoder) Entry(e *chat.Entry) []byte {
	who := e.By.Name
	if e.Room != chat.Lobby {
		who = e.Room + "/" + who
	}
	switch e.Kind {
	case chat.MessagePosted:
		return fmt.Appendf(nil, "%s: %s", who, told(e))
	case chat.MessageEdited, chat.MessageDeleted, chat.ReactionAdded, chat.ReactionRemoved, chat.MessagePinned, chat.MessageUnpinned:
		return fmt.Appendf(nil, "%s %s %s", who, e.Kind, aboutLine(e))
	case chat.RoomCreated:
		return fmt.Appendf(nil, "%s opened", who)
	case chat.MemberJoined:
		return fmt.Appendf(nil, "%s joined", who)
	case chat.MemberLeft:
		return fmt.Appendf(nil, "%s left", who)
	case chat.PersonBanned:
		return fmt.Appendf(nil, "%s banned %s", who, names(e.Of))
	case chat.MemberInvited:
		return fmt.Appendf(nil, "%s invited %s", who, names(e.Of))
	case chat.MemberRemoved:
		return fmt.Appendf(nil, "%s removed %s", who, names(e.Of))
	case chat.RoomChanged:
		return fmt.Appendf(nil, "%s changed %s", who, e.Body)
	case chat.RoomArchived:
		return fmt.Appendf(nil, "%s archived", who)
	}
	return fmt.Appendf(nil, "%s %s", who, e.Kind)
}

// Typing implements chat.Encoder.
func (Encoder) Unread(room string, u chat.Unread) []byte {
	return fmt.Appendf(nil, "%s %d unread from %d", room, u.Count, u.First)
}

// Typing implements chat.Encoder.
func (Encoder) Typing(room string, by chat.Person) []byte {
	return fmt.Appendf(nil, "%s/%s is typing", room, by.Name)
}

// Reading implements chat.Encoder: "ops 3", "ops 3 @1", "ops nothing".
func (Encoder) Reading(r chat.Reading) []byte {
	b := fmt.Appendf(nil, "%s", r.Room)
	if r.Level != chat.Everything {
		b = fmt.Appendf(b, " %s", r.Level)
	} else {
		b = fmt.Appendf(b, " %d", r.Unread)
	}
	if r.Mentions > 0 {
		b = fmt.Appendf(b, " @%d", r.Mentions)
	}
	return b
}

// Reports implements chat.Encoder.
func (Encoder) Reports(open int) []byte { return fmt.Appendf(nil, "%d reports", open) }

// Ignoring implements chat.Encoder.
func (Encoder) Ignoring(people []chat.Person) []byte {
	return []byte("ignoring " + names(people))
}

// RoomsChanged implements chat.Encoder.
func (Encoder) RoomsChanged() []byte { return []byte("rooms changed") }

// Presence implements chat.Encoder: "here ann bob", "count 300", or "came bob",
// "went ann", "came bob, went ann".
func (Encoder) Presence(p chat.Presence) []byte {
	if p.Here != nil {
		return []byte("here " + names(p.Here))
	}
	var parts []string
	if len(p.Joined) > 0 {
		parts = append(parts, "came "+names(p.Joined))
	}
	if len(p.Left) > 0 {
		parts = append(parts, "went "+names(p.Left))
	}
	if parts == nil {
		return fmt.Appendf(nil, "count %d", p.Count)
	}
	return []byte(strings.Join(parts, ", "))
}

func names(people []chat.Person) string {
	var names []string
	for _, p := range people {
		names = append(names, p.Name)
	}
	slices.Sort(names)
	return strings.Join(names, " ")
}

// told is a message as it stands: `hi`, `hi (edited 2)`, `deleted`, `[ann: hi] and you?`, `hi (pinned) 👍 ann bob`, `hi {2}` with two answers.
func told(e *chat.Entry) string {
	s := e.State
	if s == nil {
		return e.Text()
	}
	if s.Deleted {
		return "deleted" + counted(s.Thread, e.Seq)
	}
	line := e.Text()
	if q := s.Reply; q != nil && q.Deleted {
		line = "[deleted] " + line
	} else if q != nil {
		line = fmt.Sprintf("[%s: %s] %s", q.By.Name, q.Text, line)
	}
	if s.Rev > 1 {
		line += fmt.Sprintf(" (edited %d)", s.Rev)
	}
	if s.Pinned {
		line += " (pinned)"
	}
	for _, r := range s.Reactions {
		line += " " + r.Emoji + " " + names(r.By)
	}
	return line + counted(s.Thread, e.Seq)
}

// counted says how many answers a message has that began a thread.
func counted(thread *chat.Thread, message chat.Seq) string {
	if thread == nil || thread.Root != message {
		return ""
	}
	return fmt.Sprintf(" {%d}", thread.Answers)
}

// aboutLine is what an event about a message says: `hello (2)`, `👍 2`, “.
func aboutLine(e *chat.Entry) string {
	switch s := e.State; {
	case e.Kind == chat.MessageEdited && s.Deleted:
		return "deleted"
	case e.Kind == chat.MessageEdited:
		return fmt.Sprintf("%s (%d)", s.Text, s.Rev)
	case len(s.Reactions) > 0:
		return fmt.Sprintf("%s %d", s.Reactions[0].Emoji, s.Reactions[0].Count)
	case s.Thread != nil:
		return "done" + counted(s.Thread, s.Thread.Root)
	}
	return "done"
}
