package chat

import "context"

// Who may do what: one table, asked by every command before the log gets to see
// it, and by the rules again, because the log's order decides.

// Verb is something that people do, as far as not everybody may.
type Verb string

// Everything that a route or a command does.
const (
	ToRead         Verb = "read"
	ToPost         Verb = "post"
	ToJoin         Verb = "join"
	ToLeave        Verb = "leave"
	ToReact        Verb = "react"
	ToEditOwn      Verb = "edit own messages"
	ToDeleteOwn    Verb = "delete own messages"
	ToPin          Verb = "pin messages"
	ToReport       Verb = "report messages"
	ToInvite       Verb = "invite into a room"
	ToChangeRoom   Verb = "change a room"
	ToCreateRoom   Verb = "make rooms"
	ToDeleteOthers Verb = "delete others' messages"
	ToRemove       Verb = "remove people from a room"
	ToArchive      Verb = "archive a room"
	ToSlow         Verb = "slow a room down"
	ToBan          Verb = "ban people"
	ToSeeAudit     Verb = "see who did what"
	ToSetRole      Verb = "give roles"
	ToSetSwitches  Verb = "change the settings"
)

// permission is a row of the table: the least role that may, and how the room, if
// there is one, must stand to the person. A room that he may not see is answered
// like one that does not exist, whatever his role.
type permission struct {
	verb   Verb
	least  Role
	inside bool // he must be in the room; else it is enough to see it
}

var permissions = func() map[Verb]permission {
	table := map[Verb]permission{}
	for _, p := range []permission{
		{ToRead, RoleGuest, false},
		{ToPost, RoleGuest, false}, // a public room is entered by posting
		{ToJoin, RoleGuest, false},
		{ToLeave, RoleGuest, false},
		{ToReact, RoleGuest, true},
		{ToEditOwn, RoleGuest, true},
		{ToDeleteOwn, RoleGuest, true},
		{ToPin, RoleGuest, true},
		{ToReport, RoleGuest, false},
		{ToInvite, RoleGuest, true},
		{ToChangeRoom, RoleGuest, true},
		{ToCreateRoom, RoleGuest, false}, // raised by a switch (switches.go)
		{ToDeleteOthers, RoleModerator, true},
		{ToRemove, RoleModerator, true},
		{ToArchive, RoleModerator, true},
		{ToSlow, RoleModerator, true},
		{ToBan, RoleModerator, false},
		{ToSeeAudit, RoleModerator, false},
		{ToSetRole, RoleHost, false},
		{ToSetSwitches, RoleHost, false},
	} {
		table[p.verb] = p
	}
	return table
}()

func (p permission) refusal() *Error {
	who := map[Role]string{RoleMember: "people with a password", RoleModerator: "moderators and the host", RoleHost: "the host"}[p.least]
	return Refuse(Forbidden, "Only %s may %s here.", who, p.verb)
}

// errNotInside answers who sees a room and is not in it.
var errNotInside = Refuse(Forbidden, "Join the room first.")

// May says why the actor may not do something, in a room or, with "", at all; nil if he may.
func (s *Server) May(ctx context.Context, actor Actor, verb Verb, room string) error {
	return s.may(ctx, actor, verb, room)
}

func (s *Server) may(ctx context.Context, actor Actor, verb Verb, room string) error {
	h := s.store.house.Load()
	if h.banned[actor.ID] {
		return errBanned
	}
	p, known := permissions[verb]
	if !known {
		panic("chat: no permission says who may " + string(verb))
	}
	if verb == ToCreateRoom {
		p.least = h.switches.rooms()
	}
	if h.role(actor.Person) < p.least {
		return p.refusal()
	}
	if room == "" {
		return nil
	}
	r, err := s.Room(ctx, actor, room)
	if err == nil && p.inside && !r.Joined {
		return errNotInside
	}
	return err
}
