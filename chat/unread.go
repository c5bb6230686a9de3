package chat

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// Unread is what others said in a room since somebody read there last.
type Unread struct {
	First Seq       // the first such message
	Since time.Time // when it was posted
	Count int       // up to 100; 0: everything was read
}

// Unread says what the actor has not read in a room. Where he has never read, nothing
// is new to him: it is all the same to him.
func (s *Server) Unread(ctx context.Context, actor Actor, room string) (u Unread, err error) {
	row, err := s.store.roomFor(ctx, actor.ID, room)
	if err != nil {
		return Unread{}, err
	}
	tx, err := s.store.db.read.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return Unread{}, err
	}
	defer tx.Rollback()
	var mark, first, at int64
	err = tx.QueryRowContext(ctx, `SELECT max(coalesce((SELECT seq FROM read_mark WHERE person = ?1 AND room = ?2), 0),
		coalesce((SELECT since FROM stay WHERE person = ?1 AND room = ?2 AND until IS NULL), 0), ?3)`,
		int64(actor.ID), row.id, int64(s.personal.marked(actor.ID, row.id))).Scan(&mark)
	if err != nil || mark == 0 {
		return Unread{}, err
	}
	err = tx.QueryRowContext(ctx, "SELECT seq, at FROM entry WHERE room = ?1 AND kind = 1 AND author <> ?2 AND seq > ?3 ORDER BY seq LIMIT 1",
		row.id, int64(actor.ID), mark).Scan(&first, &at)
	if errors.Is(err, sql.ErrNoRows) {
		return Unread{}, nil
	}
	if err != nil {
		return Unread{}, err
	}
	u = Unread{First: Seq(first), Since: time.UnixMilli(at).UTC()}
	u.Count, err = unreadAfter(ctx, tx, actor.ID, row.id, Seq(mark))
	return u, err
}

// MarkUnread says that the actor wants to read from this message on again. It is durable
// when it returns, and all of his streams are told.
func (s *Server) MarkUnread(ctx context.Context, actor Actor, room string, from Seq) error {
	row, err := s.store.roomFor(ctx, actor.ID, room)
	if err != nil {
		return err
	}
	var one int
	err = s.store.db.row(ctx, "SELECT 1 FROM entry WHERE seq = ? AND room = ? AND kind = 1", int64(from), row.id).Scan(&one)
	if errors.Is(err, sql.ErrNoRows) {
		return Refuse(BadRequest, "There is no message with this id in the room.")
	}
	if err != nil {
		return err
	}
	s.personal.unmark(actor.ID, row.id, from-1)
	if err := s.personal.flush(s.store); err != nil {
		return err
	}
	u, err := s.Unread(ctx, actor, room)
	if err != nil {
		return err
	}
	s.hub.send(signal{bytes: s.encoder.Unread(room, u), room: room, to: actor.ID})
	return nil
}
