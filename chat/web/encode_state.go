package web

import (
	"strconv"

	"chatd/chat"
)

// What became of messages, as it goes out.

func mentionsOf(s *chat.State) *chat.Mentions {
	if s == nil {
		return nil
	}
	return s.Mentions
}

func appendText(b []byte, text string, m *chat.Mentions) []byte {
	b = append(b, `,"text":`...)
	b = appendString(b, text)
	if m != nil {
		b = appendMentions(b, m)
	}
	if html := renderHTML(text, m); html != "" {
		b = append(b, `,"html":`...)
		b = appendString(b, string(html))
	}
	return b
}

// appendMentions writes whom a text means.
func appendMentions(b []byte, m *chat.Mentions) []byte {
	b = append(b, `,"mentions":{`...)
	if len(m.People) > 0 {
		b = append(b, `"people":[`...)
		for _, p := range m.People {
			b = append(appendPerson(b, p.Person), ',')
		}
		b = append(b[:len(b)-1], `],`...)
	}
	if len(m.Here) > 0 {
		b = append(b, `"here":[`...)
		for _, id := range m.Here {
			b = append(append(append(b, '"'), id.String()...), `",`...)
		}
		b = append(b[:len(b)-1], `],`...)
	}
	if m.Room {
		b = append(b, `"room":true,`...)
	}
	b[len(b)-1] = '}' // there is always somebody
	return b
}

// appendState writes what a message has beside its text.
func appendState(b []byte, s *chat.State) []byte {
	if s == nil {
		return b
	}
	b = appendRev(b, s)
	if s.Deleted {
		b = append(b, `,"deleted":true`...)
	}
	if s.Pinned {
		b = append(b, `,"pinned":true`...)
	}
	if q := s.Reply; q != nil {
		b = append(b, `,"reply":{"id":"`...)
		b = append(b, q.Message.String()...)
		b = append(b, '"')
		if q.Deleted {
			b = append(b, `,"deleted":true}`...)
		} else {
			b = appendPerson(append(b, `,"by":`...), q.By)
			b = append(appendString(append(b, `,"text":`...), q.Text), '}')
		}
	}
	b = appendThread(b, s.Thread)
	if len(s.Reactions) > 0 {
		b = append(b, `,"reactions":[`...)
		for i, r := range s.Reactions {
			if i > 0 {
				b = append(b, ',')
			}
			// All who are named must not make the event too large for its frame.
			b = appendReaction(b, r, len(b) < chat.MaxFrame-8<<10)
		}
		b = append(b, ']')
	}
	return b
}

func appendRev(b []byte, s *chat.State) []byte {
	if s.Rev > 1 && !s.Deleted {
		b = strconv.AppendInt(append(b, `,"rev":`...), int64(s.Rev), 10)
		b = s.Edited.AppendFormat(append(b, `,"edited_at":"`...), timeFormat)
		b = append(b, '"')
	}
	return b
}

func appendThread(b []byte, t *chat.Thread) []byte {
	if t == nil {
		return b
	}
	b = append(append(b, `,"thread":{"root":"`...), t.Root.String()...)
	b = strconv.AppendInt(append(b, `","answers":`...), int64(t.Answers), 10)
	if !t.Last.IsZero() {
		b = append(t.Last.AppendFormat(append(b, `,"last_at":"`...), timeFormat), '"')
	}
	return append(b, '}')
}

func appendReaction(b []byte, r chat.Reaction, named bool) []byte {
	b = appendString(append(b, `{"emoji":`...), r.Emoji)
	b = strconv.AppendInt(append(b, `,"count":`...), int64(r.Count), 10)
	b = append(b, `,"by":[`...)
	for i, p := range r.By {
		if !named {
			break
		}
		if i > 0 {
			b = append(b, ',')
		}
		b = appendPerson(b, p)
	}
	return append(b, "]}"...)
}

// appendAbout writes what an event about a message needs.
func appendAbout(b []byte, e *chat.Entry) []byte {
	if e.State == nil {
		return b
	}
	b = append(append(append(b, `,"message":"`...), e.State.Message.String()...), '"')
	switch e.Kind {
	case chat.MessageEdited:
		if e.State.Deleted {
			return append(b, `,"deleted":true`...)
		}
		return appendText(appendRev(b, e.State), e.State.Text, e.State.Mentions)
	case chat.MessageDeleted:
		return appendThread(b, e.State.Thread)
	case chat.ReactionAdded, chat.ReactionRemoved:
		return appendReaction(append(b, `,"reaction":`...), e.State.Reactions[0], true)
	}
	return b
}
