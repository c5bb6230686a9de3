package chat

import "context"

// MessageDeleted: a message is no more. Its place remains; its text is nowhere any more. Body is an about.
const MessageDeleted Kind = "message.deleted"

// DeleteAsync deletes a message. done is as of PostAsync.
func (s *Server) DeleteAsync(ctx context.Context, actor Actor, m Target, done func(Receipt, error)) error {
	return s.appendAbout(ctx, actor, MessageDeleted, m.Room, m.CID, about{Message: m.Message}, done)
}

func applyMessageDeleted(t *tx, e *Entry) error {
	m, err := t.target(ToDelete, e)
	if err == nil && m.author != e.Author {
		_, _, err = t.demand(ToDeleteAny, e)
	}
	switch {
	case err != nil:
		return err
	case m.deleted:
		return errNothingToDo
	}
	if err := t.stand(m); err != nil {
		return err
	}
	message := int64(m.Message)
	for _, step := range []struct {
		sql  string
		args []any
	}{
		{"UPDATE entry SET body = x'' WHERE seq = ?", []any{message}},
		{"UPDATE revision SET sum = x'', body = NULL WHERE message = ?", []any{message}},
		{"INSERT INTO revision (message, rev, entry, at, author, sum) VALUES (?, 1, ?, ?, ?, x'') ON CONFLICT DO NOTHING", []any{message, message, m.at, int64(m.author)}},
		{"DELETE FROM reaction WHERE message = ?", []any{message}},
		{"UPDATE standing SET deleted = 1, edited = 0, reactions = 0, pinned = 0 WHERE message = ?", []any{message}},
	} {
		if _, err := t.exec(step.sql, step.args...); err != nil {
			return err
		}
	}
	e.State = &State{Message: m.Message, Rev: m.rev, Deleted: true}
	e.State.Thread, err = t.unanswer(m.Message)
	return err
}
