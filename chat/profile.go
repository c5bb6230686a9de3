package chat

import (
	"context"
	"database/sql"
	"errors"
)

// Profile is somebody as the actor sees him, with what the actor may do with him.
type Profile struct {
	Person
	Here   bool
	Banned bool
	Ignore bool     // the actor ignores him
	May    []string // talk, ignore, remove (from the room that was asked about), role, ban, unban
}

// Profile says who somebody is. Who was banned is nobody, but for those who may let him back in. Of room, where it is
// not "", it says whether the actor may remove him from it.
func (s *Server) Profile(ctx context.Context, actor Actor, id ID, room string) (Profile, error) {
	if err := s.May(actor, ToRead); err != nil {
		return Profile{}, err
	}
	p := Profile{Person: Person{ID: id}}
	err := s.store.db.row(ctx, "SELECT name, role, banned FROM person WHERE id = ?", int64(id)).Scan(&p.Name, &p.Role, &p.Banned)
	mayBan := s.May(actor, ToBan) == nil
	if errors.Is(err, sql.ErrNoRows) || err == nil && p.Banned && !mayBan {
		return Profile{}, errNobody
	}
	if err != nil {
		return Profile{}, err
	}
	p.Here = s.presence.here(id)
	if id == actor.ID {
		return p, nil
	}
	ours := s.store.house.Load().role(actor.Person)
	bot, err := s.auth.isBot(ctx, id)
	if err != nil {
		return Profile{}, err
	}
	offer := func(word string, may bool) {
		if may {
			p.May = append(p.May, word)
		}
	}
	removable, err := s.mayRemove(ctx, actor, ours, p.Person, room)
	if err == nil {
		err = s.store.db.row(ctx, "SELECT EXISTS (SELECT 1 FROM ignored WHERE person = ? AND other = ?)", int64(actor.ID), int64(id)).Scan(&p.Ignore)
	}
	offer("talk", !p.Banned)
	offer("ignore", !p.Ignore)
	offer("unignore", p.Ignore)
	offer("remove", removable)
	offer("role", !bot && p.Role != RoleGuest && s.May(actor, ToSetRole) == nil)
	offer("ban", mayBan && !p.Banned && !outranked(p.Role, ours))
	offer("unban", mayBan && p.Banned)
	return p, err
}

func (s *Server) mayRemove(ctx context.Context, actor Actor, ours Role, who Person, name string) (bool, error) {
	if name == "" {
		return false, nil
	}
	room, err := s.mayIn(ctx, actor, ToRemove, name)
	if e := Refusal(err); err != nil && (e.Code == Forbidden || e.Code == NotFound) {
		return false, nil
	}
	if err != nil || room.row.maker != actor.ID && outranked(who.Role, ours) {
		return false, err
	}
	var in bool
	err = s.store.db.row(ctx, "SELECT EXISTS (SELECT 1 FROM stay WHERE person = ? AND room = ? AND until IS NULL)", int64(who.ID), room.row.id).Scan(&in)
	return in, err
}
