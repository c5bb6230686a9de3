package chat

import "context"

// MessagePinned and MessageUnpinned: somebody in the room put a message where all find it, or took it from there. Body is an about.
const (
	MessagePinned   Kind = "message.pinned"
	MessageUnpinned Kind = "message.unpinned"
)

const maxPins = 100 // in one room

// PinAsync pins a message of a room that the actor is in, or takes the pin away. done is as of PostAsync.
func (s *Server) PinAsync(ctx context.Context, actor Actor, m Target, on bool, done func(Receipt, error)) error {
	kind := MessagePinned
	if !on {
		kind = MessageUnpinned
	}
	return s.appendAbout(ctx, actor, kind, m.Room, m.CID, about{Message: m.Message}, done)
}

func applyMessagePinned(t *tx, e *Entry) error {
	m, err := t.target(ToPin, e)
	switch {
	case err != nil:
		return err
	case m.deleted:
		return Refuse(NotFound, "This message was deleted.")
	case m.pinned:
		return errNothingToDo
	}
	var pins int
	if err := t.row("SELECT count(*) FROM standing WHERE room = ? AND pinned > 0", m.room.id).Scan(&pins); err != nil {
		return err
	}
	if pins >= maxPins {
		return Refuse(Forbidden, "A room can have %d pinned messages. Take one away first.", maxPins)
	}
	if err := t.stand(m); err != nil {
		return err
	}
	if _, err := t.exec("UPDATE standing SET pinned = ? WHERE message = ?", int64(e.Seq), int64(m.Message)); err != nil {
		return err
	}
	e.State = &State{Message: m.Message, Rev: m.rev, Pinned: true}
	return nil
}

func applyMessageUnpinned(t *tx, e *Entry) error {
	m, err := t.target(ToPin, e)
	switch {
	case err != nil:
		return err
	case !m.pinned:
		return errNothingToDo
	}
	if _, err := t.exec("UPDATE standing SET pinned = 0 WHERE message = ?", int64(m.Message)); err != nil {
		return err
	}
	e.State = &State{Message: m.Message, Rev: m.rev}
	return nil
}

// Pins are the pinned messages of a room that the actor may see, the newest pin first.
func (s *Server) Pins(ctx context.Context, actor Actor, room string) ([]Entry, error) {
	row, err := s.store.roomFor(ctx, actor.ID, room)
	if err != nil {
		return nil, err
	}
	return s.store.entries(ctx, "WHERE e.seq IN (SELECT message FROM standing WHERE room = ?1 AND pinned > 0)"+row.seenBy(actor.ID)+" ORDER BY s.pinned DESC LIMIT ?2", row.id, maxPins)
}
