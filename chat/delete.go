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
	meant, err := t.unmention(m.Message, true)
	if err != nil {
		return err
	}
	if err := t.erase(m.Message, m.at, m.author); err != nil {
		return err
	}
	if m.author != e.Author {
		if err := t.audit(e); err != nil {
			return err
		}
	}
	e.State = &State{Message: m.Message, Rev: m.rev, Deleted: true, meant: meant}
	e.State.Thread, err = t.unanswer(m.Message)
	return err
}
