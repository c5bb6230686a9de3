package chat

import (
	"context"
	"strings"
)

// maxMembers is how many people a list names.
const maxMembers = 1000

// Member is somebody in a list of people.
type Member struct {
	Person
	Here bool // has a stream open
}

// Members lists who is in a room that the actor may see, by name, the first 1000 of them. In the lobby is
// everybody who has a name.
func (s *Server) Members(ctx context.Context, actor Actor, room string) ([]Member, error) {
	row, err := s.store.roomFor(ctx, actor.ID, room)
	if err != nil {
		return nil, err
	}
	if row.id == lobbyID {
		return s.Find(ctx, "")
	}
	return s.members(ctx, "SELECT p.id, p.name, p.role FROM stay s JOIN person p ON p.id = s.person WHERE s.room = ?1 AND s.until IS NULL AND p.banned = 0 ORDER BY p.name COLLATE NOCASE, p.id LIMIT ?2", row.id, maxMembers)
}

// Find lists those who have a name now, and whose names contain the text, by name, the first 1000 of them.
func (s *Server) Find(ctx context.Context, containing string) ([]Member, error) {
	like := "%" + strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(containing) + "%"
	return s.members(ctx, `SELECT id, name, role FROM person WHERE held = 1 AND banned = 0 AND name LIKE ?1 ESCAPE '\' ORDER BY name COLLATE NOCASE, id LIMIT ?2`, like, maxMembers)
}

func (s *Server) members(ctx context.Context, query string, args ...any) ([]Member, error) {
	rows, err := s.store.db.rows(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	members := []Member{}
	for rows.Next() {
		var m Member
		var id int64
		if err := rows.Scan(&id, &m.Name, &m.Role); err != nil {
			return nil, err
		}
		m.ID = ID(id)
		m.Here = s.presence.here(m.ID)
		members = append(members, m)
	}
	return members, rows.Err()
}
