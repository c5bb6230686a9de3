package chat

import (
	"context"
	"encoding/json"
	"errors"
)

// SwitchesChanged: the host changed what holds for the whole server. Body is Switches as JSON.
const SwitchesChanged Kind = "switches.changed"

// Switches are what the host decides for everybody.
type Switches struct {
	Join  string `json:"join"`  // who may come in: JoinAnyone, JoinNobody
	Rooms string `json:"rooms"` // the least role that may make rooms: guest, member or moderator
}

// Who may come in. Whoever is in stays, and who has claimed a name comes back by his password.
const (
	JoinAnyone = "anyone" // whoever has the address
	JoinNobody = "nobody" // nobody new
)

var usualSwitches = Switches{JoinAnyone, RoleGuest.String()}

func (w Switches) check() *Error {
	role, known := ParseRole(w.Rooms)
	if !known || role > RoleModerator || w.Join != JoinAnyone && w.Join != JoinNobody {
		return Refuse(BadRequest, "These settings are malformed. Reload the page and try again.")
	}
	return nil
}

func (w Switches) rooms() Role {
	role, _ := ParseRole(w.Rooms) // checked before it was stored
	return role
}

// Switches says how they stand.
func (s *Server) Switches() Switches { return s.store.house.Load().switches }

// SetSwitches changes all of them.
func (s *Server) SetSwitches(ctx context.Context, actor Actor, w Switches) error {
	if err := s.May(actor, ToSetSwitches); err != nil {
		return err
	}
	if err := w.check(); err != nil {
		return err
	}
	body, err := json.Marshal(w)
	if err != nil {
		return err
	}
	_, err = Await(ctx, s.log, Event{Kind: SwitchesChanged, Author: actor.ID, CID: serverCID(), Body: body})
	if errors.Is(err, errNothingToDo) {
		return nil
	}
	return err
}

func applySwitchesChanged(t *tx, e *Entry) error {
	var w Switches
	if err := json.Unmarshal(e.Body, &w); err != nil {
		return Refuse(BadRequest, "The settings are malformed.")
	}
	if err := w.check(); err != nil {
		return err
	}
	if err := t.allows(e.Author, ToSetSwitches); err != nil {
		return err
	}
	now, err := t.switches()
	if err != nil {
		return err
	}
	if now == w {
		return errNothingToDo
	}
	for name, value := range map[string]string{"join": w.Join, "rooms": w.Rooms} { // each row is its own: the order does not matter
		if _, err := t.exec("INSERT INTO switch (name, value) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET value = ?2", name, value); err != nil {
			return err
		}
	}
	return nil
}

func (t *tx) switches() (Switches, error) {
	w := usualSwitches
	err := t.each("SELECT name, value FROM switch", func(scan func(...any) error) error {
		var name, value string
		if err := scan(&name, &value); err != nil {
			return err
		}
		switch name {
		case "join":
			w.Join = value
		case "rooms":
			w.Rooms = value
		}
		return nil
	})
	return w, err
}

// mayComeIn says why somebody new may not come in just now.
func (s *Server) mayComeIn(fresh bool) error {
	if !fresh || s.Switches().Join == JoinAnyone {
		return nil
	}
	return Refuse(Forbidden, "Nobody new comes in here just now.")
}
