package chat

import "context"

// Mute says whether the actor wants to be told what is unread in a room he is in. It concerns nobody
// else, so it is not in the log; it is written when it returns.
func (s *Server) Mute(ctx context.Context, actor Actor, room string, muted bool) error {
	if err := s.limit(s.joins, actor.ID); err != nil {
		return err
	}
	r, err := s.mayIn(ctx, actor, ToMute, room)
	if err != nil {
		return err
	}
	statement := "DELETE FROM mute WHERE person = ? AND room = ?"
	if muted {
		statement = "INSERT INTO mute (person, room) VALUES (?, ?) ON CONFLICT DO NOTHING"
	}
	err = s.store.update(func(t *tx) error {
		_, err := t.exec(statement, int64(actor.ID), r.row.id)
		return err
	})
	if err != nil || r.Muted == muted {
		return err
	}
	if r, err = s.Room(ctx, actor, room); err == nil {
		s.tellReading(actor, r)
	}
	return err
}
