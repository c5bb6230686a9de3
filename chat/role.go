package chat

import (
	"context"
	"encoding/json"
	"errors"
)

// What somebody is here. Whoever has only a nickname is a guest; whoever made the
// name his own with a password (password.go) is a member; moderators and hosts are
// members whom a host, or the operator of the machine, gave the role.
const (
	RoleChanged Kind = "role.changed" // Body is roleChange
	NameClaimed Kind = "name.claimed" // Author has a password now: his name does not lapse, nor is it free when he signs out
)

// Role is what somebody is here. Who has a higher one may do all that a lower one may.
type Role int

// The roles, as they are stored and compared.
const (
	RoleGuest Role = iota
	RoleMember
	RoleModerator
	RoleHost
)

var roleNames = [...]string{"guest", "member", "moderator", "host"}

// String is the role as it stands on the wire.
func (r Role) String() string { return roleNames[r] }

// ParseRole reads what String wrote.
func ParseRole(text string) (Role, bool) {
	for i, name := range roleNames {
		if name == text {
			return Role(i), true
		}
	}
	return 0, false
}

type roleChange struct {
	Person ID     `json:"person"`
	Role   string `json:"role"`
}

// SetRole makes somebody a member, a moderator or a host. Only who has claimed his
// name can be more than a guest, and there is always a host.
func (s *Server) SetRole(ctx context.Context, actor Actor, person ID, role Role) error {
	if err := s.May(actor, ToSetRole); err != nil {
		return err
	}
	return s.setRole(ctx, actor.ID, person, role)
}

func (s *Server) setRole(ctx context.Context, author, person ID, role Role) error {
	body, err := json.Marshal(roleChange{person, role.String()})
	if err != nil {
		return err
	}
	_, err = Await(ctx, s.log, Event{Kind: RoleChanged, Author: author, CID: serverCID(), Body: body})
	if errors.Is(err, errNothingToDo) {
		return nil
	}
	return err
}

func applyRoleChanged(t *tx, e *Entry) error {
	var body roleChange
	if err := json.Unmarshal(e.Body, &body); err != nil {
		return Refuse(BadRequest, "The role is malformed.")
	}
	role, known := ParseRole(body.Role)
	if !known || role == RoleGuest {
		return Refuse(BadRequest, "There is no such role to give. There are: member, moderator, host.")
	}
	if err := t.allows(e.Author, ToSetRole); err != nil {
		return err
	}
	now, err := t.role(body.Person)
	switch {
	case err != nil:
		return err
	case now == role:
		return errNothingToDo
	case now == RoleGuest:
		return Refuse(Forbidden, "Only somebody with a password can be given a role. Ask for one to be chosen first.")
	}
	if now == RoleHost {
		var others bool
		if err := t.row("SELECT EXISTS (SELECT 1 FROM person WHERE role = ? AND id <> ?)", int(RoleHost), int64(body.Person)).Scan(&others); err != nil {
			return err
		}
		if !others {
			return Refuse(Forbidden, "There must be a host. Make somebody else one first.")
		}
	}
	delete(t.people, body.Person)
	_, err = t.exec("UPDATE person SET role = ? WHERE id = ?", int(role), int64(body.Person))
	return err
}

func applyNameClaimed(t *tx, e *Entry) error {
	claimed, err := t.exec("UPDATE person SET role = ? WHERE id = ? AND held = 1 AND role = ?", int(RoleMember), int64(e.Author), int(RoleGuest))
	if err == nil && !claimed {
		return errNothingToDo
	}
	delete(t.people, e.Author)
	return err
}

// HasHost says whether anybody is the host yet.
func (s *Server) HasHost(ctx context.Context) (has bool, err error) {
	err = s.store.db.row(ctx, "SELECT EXISTS (SELECT 1 FROM person WHERE role = ?)", int(RoleHost)).Scan(&has)
	return has, err
}

// People says who these are, and what; who is not known is left out.
func (s *Server) People(ctx context.Context, ids []ID) (map[ID]Person, error) {
	list, err := json.Marshal(ids)
	if err != nil {
		return nil, err
	}
	rows, err := s.store.db.rows(ctx, "SELECT id, name, role FROM person WHERE id IN (SELECT value FROM json_each(?))", string(list))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	people := map[ID]Person{}
	for rows.Next() {
		var id int64
		var p Person
		if err := rows.Scan(&id, &p.Name, &p.Role); err != nil {
			return nil, err
		}
		p.ID = ID(id)
		people[p.ID] = p
	}
	return people, rows.Err()
}

// tellRole tells everybody who is here what somebody is now, and has it said with his presence from now on.
func (s *Server) tellRole(e *Entry) {
	person := e.Author
	if e.Kind == RoleChanged {
		var body roleChange
		if err := json.Unmarshal(e.Body, &body); err != nil {
			return // the rule has read it, so it can be read
		}
		person = body.Person
	}
	people, err := s.People(context.Background(), []ID{person})
	if p, known := people[person]; err == nil && known {
		s.presence.update(p)
	}
}
