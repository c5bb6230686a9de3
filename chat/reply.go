package chat

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// quoteLength is how much of a message stands above its answers, in characters.
const quoteLength = 200

// Quote is the message that another one answers, as it stands now.
type Quote struct {
	Message Seq
	By      Person
	Text    string // its beginning
	Deleted bool
}

// replyBody is the body of a message that answers another one, or none (0), and says @here to some people, or nobody.
// A text cannot have U+0000 in it.
func replyBody(reply Seq, text string, here ...ID) []byte {
	if reply == 0 && len(here) == 0 {
		return []byte(text)
	}
	body := fmt.Appendf(nil, "\x00%d", reply)
	for _, id := range here {
		body = fmt.Appendf(body, " %d", id)
	}
	return fmt.Appendf(body, "\x00%s", text)
}

// splitBody takes what a message answers off its text.
func splitBody(body []byte) (reply Seq, text string) {
	if rest, ok := bytes.CutPrefix(body, []byte{0}); ok {
		head, text, _ := bytes.Cut(rest, []byte{0})
		id, _, _ := bytes.Cut(head, []byte{' '})
		reply, _ = ParseSeq(string(id))
		return reply, string(text)
	}
	return 0, string(body)
}

// hereOf is to whom the author of a body says @here.
func hereOf(body []byte) (here []ID) {
	rest, ok := bytes.CutPrefix(body, []byte{0})
	if !ok {
		return nil
	}
	head, _, _ := bytes.Cut(rest, []byte{0})
	for i, word := range strings.Fields(string(head)) {
		if id, err := strconv.ParseInt(word, 10, 64); i > 0 && err == nil {
			here = append(here, ID(id))
		}
	}
	return here
}

// asSaid is a body as its author sent it. Who was here is not part of that: a repeat may come when others are.
func asSaid(body []byte) []byte { return replyBody(splitBody(body)) }

// Text returns what was said in this entry (of kind MessagePosted), as it stands.
func (e *Entry) Text() string {
	_, text := splitBody(e.Body)
	return text
}

// quote finds what e answers, which must be a message of the same room; nil if it answers nothing.
func (t *tx) quote(e *Entry, room roomRow) (*messageRow, error) {
	reply, _ := splitBody(e.Body)
	if reply == 0 {
		return nil, nil
	}
	var one int
	err := t.row("SELECT 1 FROM entry WHERE seq = ? AND room = ? AND kind = 1", int64(reply), room.id).Scan(&one)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, Refuse(BadRequest, "The message that this answers is not in this room.")
	}
	if err != nil {
		return nil, err
	}
	found, err := readMessages(t.ctx, t.conn, []Seq{reply})
	answered := found[reply]
	return &answered, err
}

// answers puts e into the thread of what it answers, whose author it means.
func (t *tx) answers(e *Entry, answered *messageRow, room roomRow) error {
	e.State = &State{Message: e.Seq, Rev: 1, Reply: answered.quote()}
	if err := t.answer(e, answered.seq, room); err != nil {
		return err
	}
	return t.noteMention(e.Seq, answered.by.ID, "", room)
}

// messageRow is a message as others refer to it.
type messageRow struct {
	seq     Seq
	by      Person
	text    string
	rev     int
	edited  int64
	deleted bool
}

func (m messageRow) quote() *Quote {
	return &Quote{Message: m.seq, By: m.by, Text: beginning(m.text), Deleted: m.deleted}
}

func beginning(text string) string {
	n := 0
	for i := range text {
		if n == quoteLength {
			return text[:i]
		}
		n++
	}
	return text
}

type queryer interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}
