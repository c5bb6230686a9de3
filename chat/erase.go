package chat

import "time"

// EraseSpan is how far back a ban takes away what the banned one said, if it does.
const EraseSpan = time.Hour

// erase leaves nothing of a message but its place. standing has a row for it.
func (t *tx) erase(message Seq, at int64, author ID) error {
	for _, step := range []struct {
		sql  string
		args []any
	}{
		{"UPDATE entry SET body = x'' WHERE seq = ?", []any{int64(message)}},
		{"UPDATE revision SET sum = x'', body = NULL WHERE message = ?", []any{int64(message)}},
		{"INSERT INTO revision (message, rev, entry, at, author, sum) VALUES (?, 1, ?, ?, ?, x'') ON CONFLICT DO NOTHING", []any{int64(message), int64(message), at, int64(author)}},
		{"DELETE FROM reaction WHERE message = ?", []any{int64(message)}},
		{"DELETE FROM mention WHERE message = ?", []any{int64(message)}},
		{"UPDATE standing SET deleted = 1, edited = 0, reactions = 0, pinned = 0 WHERE message = ?", []any{int64(message)}},
	} {
		if _, err := t.exec(step.sql, step.args...); err != nil {
			return err
		}
	}
	return nil
}

// eraseSince erases what somebody said from a time on, in every room, and returns which messages that were.
func (t *tx) eraseSince(author ID, since time.Time) (erased []Seq, err error) {
	type said struct {
		message, at, room int64
		known             bool
	}
	var all []said
	err = t.each(`SELECT e.seq, e.at, e.room, s.message IS NOT NULL FROM entry e LEFT JOIN standing s ON s.message = e.seq
		WHERE e.author = ? AND e.kind = 1 AND e.at >= ? AND coalesce(s.deleted, 0) = 0 ORDER BY e.seq`, func(scan func(...any) error) error {
		var m said
		err := scan(&m.message, &m.at, &m.room, &m.known)
		all = append(all, m)
		return err
	}, int64(author), since.UnixMilli())
	for _, m := range all {
		if err != nil {
			return nil, err
		}
		if err = t.stand(target{about: about{Message: Seq(m.message)}, room: roomRow{id: m.room}, known: m.known}); err == nil {
			err = t.erase(Seq(m.message), m.at, author)
		}
		if err == nil {
			_, err = t.unanswer(Seq(m.message))
		}
		erased = append(erased, Seq(m.message))
	}
	return erased, err
}
