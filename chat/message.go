package chat

import (
	"bytes"
	"context"
	"strings"
	"unicode"
	"unicode/utf8"
)

// MessagePosted: somebody said something in a room. Body is the text, byte for byte;
// of an answer, and of one that says @here, it begins with U+0000, what it answers and who is here, and another U+0000 (reply.go).
const MessagePosted Kind = "message.posted"

// MaxText is how many bytes of UTF-8 a message may have; MaxFrame how many its
// event may have as it goes out, escapes and markup included (protocol.md).
const (
	MaxText  = 16 << 10
	MaxFrame = 64 << 10
)

// Post is what one says, where, and under which identity.
type Post struct {
	Room  string
	CID   string // 1–64 characters of A–Z a–z 0–9 - _; "" lets the server make one
	Text  string
	Reply Seq // the message of the room that this answers; 0: none
}

func (p Post) check() *Error {
	switch {
	case p.CID != "" && !ValidCID(p.CID):
		return errCID
	case len(p.Text) > MaxText:
		return Refuse(TooLarge, "A message may have %d bytes of text; this one has %d. Send it in parts.", MaxText, len(p.Text))
	case !strings.ContainsFunc(p.Text, visible):
		return Refuse(BadRequest, "There is nothing in this message.")
	case !utf8.ValidString(p.Text) || strings.ContainsRune(p.Text, 0):
		return Refuse(BadRequest, "A message is text in UTF-8, without the character U+0000.")
	}
	return nil
}

var errCID = Refuse(BadRequest, "A cid has 1 to 64 characters of A–Z, a–z, 0–9, - and _.")

// visible is false for blanks and for what leaves no trace on a screen.
func visible(r rune) bool { return !unicode.IsSpace(r) && !unicode.In(r, unicode.Cc, unicode.Cf) }

// ValidCID says whether a client may name a command so: 1 to 64 characters of A–Z a–z 0–9 - _.
func ValidCID(cid string) bool {
	if len(cid) < 1 || len(cid) > 64 {
		return false
	}
	for _, c := range []byte(cid) {
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '-', c == '_':
		default:
			return false
		}
	}
	return true
}

// PostAsync puts a message into the log and returns; done is called with its
// place or the refusal once that is decided, from another goroutine, and must
// not block. Messages posted by one caller one after the other are placed in
// that order. A refusal that needs no log is returned at once, and done is not called.
func (s *Server) PostAsync(ctx context.Context, actor Actor, p Post, done func(Receipt, error)) error {
	if err := p.check(); err != nil {
		return err
	}
	if err := s.May(actor, ToPost); err != nil { // the room is asked by the rule
		return err
	}
	if err := s.limit(s.messages, actor.ID); err != nil {
		return err
	}
	here, err := s.hereIn(ctx, actor, p.Room, p.Text)
	if err != nil {
		return err
	}
	e := Event{Kind: MessagePosted, Room: p.Room, Author: actor.ID, CID: p.CID, Body: replyBody(p.Reply, p.Text, here...)}
	if e.CID == "" {
		e.CID = serverCID()
	}
	if err := s.fits(e, actor); err != nil {
		return err
	}
	return s.log.Append(ctx, e, done)
}

// fits says whether what goes out of a text is small enough. Escapes can make six bytes of one,
// markup ten, and what becomes of the message later adds its own. A long text is encoded here for a
// second reason: what its markup costs is paid by its author, and the log's follower finds it made.
func (s *Server) fits(posted Event, actor Actor) error {
	if len(posted.Body) <= MaxFrame/64 {
		return nil
	}
	grows := mentionBytes * len(Namings(string(posted.Body)))
	if len(s.encoder.Entry(&Entry{Seq: 1 << 62, Event: posted, By: actor.Person}))+grows > MaxFrame {
		return Refuse(TooLarge, "This message grows too large on its way (many special characters or links). Send it in parts.")
	}
	return nil
}

// Post is PostAsync that waits for the answer.
func (s *Server) Post(ctx context.Context, actor Actor, p Post) (Receipt, error) {
	return Wait(ctx, func(done func(Receipt, error)) error { return s.PostAsync(ctx, actor, p, done) })
}

// Posting into a public room that one is not in joins it: whoever speaks also
// hears the answer, and a bot needs one call and not two.
func applyMessagePosted(t *tx, e *Entry) error {
	room, in, err := t.demand(ToPost, e)
	if err != nil {
		return err
	}
	answered, err := t.quote(e, room)
	if err != nil {
		return err
	}
	if err := t.pace(e, room); err != nil {
		return err
	}
	// Nothing is refused from here on, and nothing was written before: the rule refuses first.
	if answered != nil {
		if err := t.answers(e, answered, room); err != nil {
			return err
		}
	}
	if !in {
		if err := t.beginStay(e.Author, room, e.Seq); err != nil {
			return err
		}
	}
	if bytes.IndexByte(e.Body, '@') < 0 {
		return nil
	}
	mentions, err := t.mention(e.Seq, e.Author, room, e.Text(), hereOf(e.Body))
	if err != nil || mentions == nil {
		return err
	}
	if e.State == nil {
		e.State = &State{Message: e.Seq, Rev: 1}
	}
	e.State.Mentions = mentions
	return nil
}
