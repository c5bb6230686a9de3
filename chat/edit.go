package chat

import (
	"context"
	"encoding/json"
)

// MessageEdited: its author gave a message another text. Body is an about with the text, and
// stored without it: the text that stands is the message's own, the earlier ones are in revision.
const MessageEdited Kind = "message.edited"

// EditAsync gives the actor's own message another text. done is as of PostAsync.
func (s *Server) EditAsync(ctx context.Context, actor Actor, m Target, text string, done func(Receipt, error)) error {
	if err := (Post{CID: m.CID, Text: text}).check(); err != nil {
		return err
	}
	// As it will be replayed, with what it answers.
	if err := s.fits(Event{Kind: MessagePosted, Room: m.Room, Author: actor.ID, CID: "~", Body: []byte(text)}, actor); err != nil {
		return err
	}
	return s.appendAbout(ctx, actor, MessageEdited, m.Room, m.CID, about{Message: m.Message, Text: text}, done)
}

// keepsEdit leaves the text out of what the log's entry keeps.
func keepsEdit(body []byte) []byte {
	var a about
	if json.Unmarshal(body, &a) != nil {
		return nil // the rule refuses it
	}
	a.Text = ""
	kept, err := json.Marshal(a)
	if err != nil {
		return nil
	}
	return kept
}

func editText(body []byte) []byte {
	var a about
	if json.Unmarshal(body, &a) != nil {
		return nil
	}
	return []byte(a.Text)
}

func applyMessageEdited(t *tx, e *Entry) error {
	m, err := t.target(ToEdit, e)
	switch {
	case err != nil:
		return err
	case m.author != e.Author:
		return Refuse(Forbidden, "Only its author can edit a message.")
	case m.deleted:
		return Refuse(NotFound, "This message was deleted.")
	case m.Text == "":
		return Refuse(BadRequest, "There is nothing in this message.")
	}
	if err := t.stand(m); err != nil {
		return err
	}
	if m.rev == 1 {
		if _, err := t.exec("INSERT INTO revision (message, rev, entry, at, author, sum) VALUES (?, 1, ?, ?, ?, ?)",
			int64(m.Message), int64(m.Message), m.at, int64(m.author), sumOf(m.body)); err != nil {
			return err
		}
	}
	reply, earlier := splitBody(m.body)
	m.rev++
	for _, step := range []struct {
		sql  string
		args []any
	}{
		{"UPDATE revision SET body = ? WHERE message = ? AND rev = ?", []any{[]byte(earlier), int64(m.Message), m.rev - 1}},
		{"INSERT INTO revision (message, rev, entry, at, author, sum) VALUES (?, ?, ?, ?, ?, ?)",
			[]any{int64(m.Message), m.rev, int64(e.Seq), e.At.UnixMilli(), int64(e.Author), sumOf([]byte(m.Text))}},
		{"UPDATE entry SET body = ? WHERE seq = ?", []any{replyBody(reply, m.Text), int64(m.Message)}},
		{"UPDATE standing SET rev = ?, edited = ? WHERE message = ?", []any{m.rev, e.At.UnixMilli(), int64(m.Message)}},
	} {
		if _, err := t.exec(step.sql, step.args...); err != nil {
			return err
		}
	}
	e.State = &State{Message: m.Message, Rev: m.rev, Edited: e.At, Text: m.Text}
	return nil
}
