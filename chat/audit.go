package chat

import (
	"context"
	"encoding/json"
	"time"
)

// Act is something that was done to somebody, or to everybody: who, what, to whom, when, why.
// It is an entry of the log, so nobody can take it away.
type Act struct {
	Seq        Seq
	Kind       Kind
	At         time.Time
	By, Target Person // By is nobody where the operator of the machine did it; Target where it was everybody
	Room       string // where it was done, if it was in one
	Role       string // of a role.changed: which
	Switches   Switches
	Reason     string
}

const maxActs = 100

// Audit lists the newest acts before a place, or with 0 of all, newest first; more says that there are older ones.
// Of what was done in a private room only who is in it is told.
func (s *Server) Audit(ctx context.Context, actor Actor, before Seq) (acts []Act, more bool, err error) {
	if err := s.May(actor, ToSeeAudit); err != nil {
		return nil, false, err
	}
	if before == 0 {
		before = s.store.Head() + 1
	}
	entries, err := s.store.entries(ctx, `WHERE e.kind BETWEEN 40 AND 59 AND e.seq < ?1
		AND (e.room IS NULL OR NOT r.private OR EXISTS (SELECT 1 FROM stay s WHERE s.person = ?2 AND s.room = e.room AND s.until IS NULL))
		ORDER BY e.seq DESC LIMIT ?3`, int64(before), int64(actor.ID), maxActs+1)
	if err != nil {
		return nil, false, err
	}
	var targets []ID
	ofActs := make([]ID, len(entries))
	for i, e := range entries {
		var body struct {
			Person ID     `json:"person"`
			Role   string `json:"role"`
			Reason string `json:"reason"`
			Switches
		}
		if len(e.Body) > 0 {
			if err := json.Unmarshal(e.Body, &body); err != nil {
				return nil, false, err
			}
		}
		acts = append(acts, Act{Seq: e.Seq, Kind: e.Kind, At: e.At, By: e.By, Room: e.Room, Role: body.Role, Switches: body.Switches, Reason: body.Reason})
		ofActs[i] = body.Person
		targets = append(targets, body.Person)
	}
	people, err := s.People(ctx, targets)
	for i := range acts {
		acts[i].Target = people[ofActs[i]]
	}
	if len(acts) > maxActs {
		acts, more = acts[:maxActs], true
	}
	return acts, more, err
}

// Resident is somebody in the list of people that moderators see.
type Resident struct {
	Person
	Banned bool
	Bot    bool
}

// Residents lists people, those with a role first, then by name: at most 500.
func (s *Server) Residents(ctx context.Context, actor Actor) ([]Resident, error) {
	if err := s.May(actor, ToSeeAudit); err != nil {
		return nil, err
	}
	rows, err := s.store.db.rows(ctx, "SELECT id, name, role, banned FROM person WHERE held = 1 OR banned = 1 ORDER BY role DESC, banned DESC, name LIMIT 500")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []Resident
	for rows.Next() {
		var id int64
		var r Resident
		if err := rows.Scan(&id, &r.Name, &r.Role, &r.Banned); err != nil {
			return nil, err
		}
		r.ID = ID(id)
		if r.Bot, err = s.auth.isBot(ctx, r.ID); err != nil {
			return nil, err
		}
		all = append(all, r)
	}
	return all, rows.Err()
}
