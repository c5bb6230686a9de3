package chat

import (
	"context"
	"database/sql"
)

// maxIgnored is how many people somebody can ignore.
const maxIgnored = 500

// Ignore says whether the actor wants to hear of somebody: what an ignored one says is not counted as unread, and a
// conversation with him alone is in no list. It concerns nobody else, who is not told, so it is not in the log; it is
// written when it returns, and all of the actor's streams are told. What is so already is fine.
func (s *Server) Ignore(ctx context.Context, actor Actor, person ID, ignored bool) error {
	if err := s.May(actor, ToRead); err != nil {
		return err
	}
	if err := s.limit(s.joins, actor.ID); err != nil {
		return err
	}
	if person == actor.ID {
		return Refuse(BadRequest, "You cannot ignore yourself.")
	}
	err := s.store.update(func(t *tx) error {
		if !ignored {
			_, err := t.exec("DELETE FROM ignored WHERE person = ? AND other = ?", int64(actor.ID), int64(person))
			return err
		}
		_, err := t.exec(`INSERT INTO ignored (person, other) SELECT ?1, id FROM person
			WHERE id = ?2 AND (SELECT count(*) FROM ignored WHERE person = ?1) < ?3 ON CONFLICT DO NOTHING`, int64(actor.ID), int64(person), maxIgnored)
		return err
	})
	if err != nil {
		return err
	}
	people, err := s.Ignored(ctx, actor)
	if err != nil {
		return err
	}
	s.hub.send(signal{bytes: s.encoder.Ignoring(people), room: Lobby, to: actor.ID})
	for _, p := range people {
		if p.ID == person {
			return nil
		}
	}
	if ignored {
		return Refuse(NotFound, "There is nobody of this identity, or you ignore %d people already.", maxIgnored)
	}
	return nil
}

// Ignored lists whom the actor ignores, by name.
func (s *Server) Ignored(ctx context.Context, actor Actor) ([]Person, error) {
	rows, err := s.store.db.rows(ctx, "SELECT p.id, p.name FROM ignored i JOIN person p ON p.id = i.other WHERE i.person = ? ORDER BY p.name COLLATE NOCASE, p.id", int64(actor.ID))
	if err != nil {
		return nil, err
	}
	return scanPeople(rows)
}

func scanPeople(rows *sql.Rows) ([]Person, error) {
	defer rows.Close()
	people := []Person{}
	for rows.Next() {
		var id int64
		var p Person
		if err := rows.Scan(&id, &p.Name); err != nil {
			return nil, err
		}
		p.ID = ID(id)
		people = append(people, p)
	}
	return people, rows.Err()
}
