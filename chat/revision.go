package chat

import (
	"context"
	"time"
)

// Revision is a text that a message had, or has.
type Revision struct {
	Rev  int // 1 is the text as it was posted
	At   time.Time
	By   Person
	Text string
}

// Revisions are the texts of a message that the actor may see, the one that stands last: of his own, and for moderators and
// the host of everybody's. Of a message that was deleted there is none.
func (s *Server) Revisions(ctx context.Context, actor Actor, room string, message Seq) ([]Revision, error) {
	row, err := s.store.roomFor(ctx, actor.ID, room)
	if err != nil {
		return nil, err
	}
	found, err := s.store.entries(ctx, "WHERE e.seq = ? AND e.room = ? AND e.kind = 1"+row.seenBy(actor.ID), int64(message), row.id)
	switch {
	case err != nil:
		return nil, err
	case len(found) == 0:
		return nil, errNotFoundMessage
	}
	if found[0].Author != actor.ID {
		if _, err := s.mayIn(ctx, actor, ToSeeEarlierTexts, room); err != nil {
			return nil, err
		}
	}
	now := Revision{Rev: 1, At: found[0].At, By: found[0].By, Text: found[0].Text()}
	if state := found[0].State; state != nil && state.Deleted {
		return nil, nil
	} else if state != nil && state.Rev > 1 {
		now.Rev, now.At = state.Rev, state.Edited
	}
	earlier, err := s.store.earlierTexts(ctx, message, now.Rev)
	return append(earlier, now), err
}

// maxRevisions bounds what is read of a message that was edited all day: the newest.
const maxRevisions = 200

func (s *Store) earlierTexts(ctx context.Context, message Seq, before int) ([]Revision, error) {
	rows, err := s.db.rows(ctx, `SELECT v.rev, v.at, v.author, coalesce(p.name, ''), v.body FROM revision v LEFT JOIN person p ON p.id = v.author
		WHERE v.message = ?1 AND v.rev < ?2 AND v.rev >= ?2 - ?3 AND v.body IS NOT NULL ORDER BY v.rev`, int64(message), before, maxRevisions)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var texts []Revision
	for rows.Next() {
		var r Revision
		var at, author int64
		var body []byte
		if err := rows.Scan(&r.Rev, &at, &author, &r.By.Name, &body); err != nil {
			return nil, err
		}
		r.At, r.By.ID, r.Text = time.UnixMilli(at).UTC(), ID(author), string(body)
		texts = append(texts, r)
	}
	return texts, rows.Err()
}
