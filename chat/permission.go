package chat

import (
	"context"
	"database/sql"
	"errors"
)

// Who may do what: one table. A command asks it before the log gets to see anything, a rule
// asks it again, because the log's order decides; and a list of rooms says by it what one may.

// Verb is something that people do.
type Verb string

// Everything that a command does.
const (
	ToRead            Verb = "read"
	ToPost            Verb = "post"
	ToType            Verb = "be seen typing"
	ToEdit            Verb = "edit messages"
	ToDelete          Verb = "delete messages"
	ToDeleteAny       Verb = "delete what others said"
	ToSeeEarlierTexts Verb = "see what others said before they edited it"
	ToReact           Verb = "react to messages"
	ToPin             Verb = "pin messages"
	ToSetLevel        Verb = "choose what to be told of a room"
	ToMentionAll      Verb = "call everybody"
	ToJoin            Verb = "join a room"
	ToLeave           Verb = "leave a room"
	ToInvite          Verb = "invite into a room"
	ToChangeRoom      Verb = "change a room"
	ToRemove          Verb = "remove people from a room"
	ToArchive         Verb = "archive a room"
	ToSlow            Verb = "make a room slow"
	ToConverse        Verb = "begin a direct conversation"
	ToCreateRoom      Verb = "make rooms"
	ToBan             Verb = "ban people"
	ToSeeAudit        Verb = "see who did what"
	ToReport          Verb = "report messages"
	ToSeeReports      Verb = "see what is reported"
	ToSetRole         Verb = "give roles"
	ToSetSwitches     Verb = "change the settings"
)

// permission is a row of the table. Of a room, only who sees it is asked about: a private one is
// for everybody else, whatever his role, answered like one that does not exist.
type permission struct {
	least Role      // who has this role may
	room  circle    // and these, whatever their role
	never roomTrait // but nobody in rooms that are any of this
}

// circle is who else may do something because of how a room stands to him.
type circle int

const (
	nobodyElse circle = iota
	membersToo        // who is in it
	makerToo          // who made it, and is in it
	fewToo            // who made it and is in it, and where no more than few are in it all of them
)

// few is how many people may all call each other at once.
const few = 20

// noRole is more than anybody has: it is for the room to say who may.
const noRole = RoleHost + 1

type roomTrait int

const (
	isLobby roomTrait = 1 << iota
	isDirect
	isArchived
)

var permissions = map[Verb]permission{
	ToRead:            {RoleGuest, nobodyElse, 0},
	ToPost:            {RoleGuest, nobodyElse, isArchived}, // a public room is entered by posting
	ToType:            {noRole, membersToo, isArchived},
	ToEdit:            {noRole, membersToo, isArchived}, // one's own
	ToDelete:          {RoleModerator, membersToo, 0},   // one's own, and with the next also others'
	ToDeleteAny:       {RoleModerator, nobodyElse, 0},
	ToSeeEarlierTexts: {RoleModerator, nobodyElse, 0}, // one's own whoever reads the room
	ToReact:           {noRole, membersToo, isArchived},
	ToPin:             {noRole, membersToo, isArchived},
	ToSetLevel:        {noRole, membersToo, 0},
	ToMentionAll:      {RoleModerator, fewToo, isArchived}, // elsewhere @room and @here stay words
	ToJoin:            {RoleGuest, nobodyElse, isArchived},
	ToLeave:           {RoleGuest, nobodyElse, isLobby | isDirect},
	ToInvite:          {RoleModerator, membersToo, isLobby | isDirect | isArchived},
	ToChangeRoom:      {RoleModerator, membersToo, isDirect | isArchived},
	ToRemove:          {RoleModerator, makerToo, isLobby | isDirect | isArchived},
	ToArchive:         {RoleModerator, makerToo, isLobby | isDirect | isArchived},
	ToSlow:            {RoleModerator, nobodyElse, isDirect | isArchived},
	ToConverse:        {RoleGuest, nobodyElse, 0},
	ToCreateRoom:      {RoleGuest, nobodyElse, 0}, // raised by a switch (switches.go)
	ToBan:             {RoleModerator, nobodyElse, 0},
	ToSeeAudit:        {RoleModerator, nobodyElse, 0},
	ToReport:          {RoleGuest, nobodyElse, 0},
	ToSeeReports:      {RoleModerator, nobodyElse, 0},
	ToSetRole:         {RoleHost, nobodyElse, 0},
	ToSetSwitches:     {RoleHost, nobodyElse, 0},
}

// outranked says that somebody must not be put out by one of this role: only a host puts out
// a moderator, and nobody a host.
func outranked(theirs, by Role) bool { return theirs > RoleMember && theirs >= by }

// in says why somebody may not do this in the room; nil if he may.
func (v Verb) in(room roomRow, who ID, role Role, member bool) error {
	p := permissions[v]
	switch is := room.traits() & p.never; {
	case room.private && !member:
		return errNotFoundRoom
	case is&isArchived != 0:
		return errArchived
	case is&isDirect != 0:
		return Refuse(Forbidden, "A direct conversation stays as it is. Mute it if it is too much, or make a room for more.")
	case is&isLobby != 0:
		return Refuse(Forbidden, "Everyone is in the lobby, always.")
	case role >= p.least,
		p.room == membersToo && member,
		(p.room == makerToo || p.room == fewToo) && member && room.maker == who,
		p.room == fewToo && member && room.few:
		return nil
	case p.room == membersToo:
		return errNotIn
	}
	return v.refusal(p)
}

// by says why somebody of this role may not do what is done in no room; nil if he may.
func (v Verb) by(role Role, switches Switches) error {
	p := permissions[v]
	if v == ToCreateRoom {
		p.least = switches.rooms()
	}
	if role >= p.least {
		return nil
	}
	return v.refusal(p)
}

func (v Verb) refusal(p permission) error {
	who := map[Role]string{RoleMember: "people with a password", RoleModerator: "moderators and the host", RoleHost: "the host"}[p.least]
	if p.room == makerToo || p.room == fewToo {
		who = "whoever made the room, " + who
	}
	return Refuse(Forbidden, "Only %s may %s here.", who, v)
}

var (
	errNotIn    = Refuse(Forbidden, "Join the room first.")
	errArchived = Refuse(Forbidden, "This room is archived: it can be read, and nobody writes there any more.")
)

// May says why the actor may not do something that is done in no room; nil if he may.
func (s *Server) May(actor Actor, verb Verb) error {
	h := s.store.house.Load()
	if h.banned[actor.ID] {
		return errBanned
	}
	return verb.by(h.role(actor.Person), h.switches)
}

// mayIn finds a room and says why the actor may not do something there; nil if he may.
func (s *Server) mayIn(ctx context.Context, actor Actor, verb Verb, name string) (Room, error) {
	h := s.store.house.Load()
	if h.banned[actor.ID] {
		return Room{}, errBanned
	}
	room, err := s.Room(ctx, actor, name)
	if err == nil {
		err = verb.in(room.row, actor.ID, h.role(actor.Person), room.Joined)
	}
	return room, err
}

// demand refuses what the author of an entry may not do in its room.
func (t *tx) demand(verb Verb, e *Entry) (room roomRow, member bool, err error) {
	if room, err = t.room(e.Room); err != nil {
		return room, false, err
	}
	if member, err = t.isMember(e.Author, room); err != nil {
		return room, false, err
	}
	role, err := t.role(e.Author)
	if err == nil {
		err = verb.in(room, e.Author, role, member)
	}
	return room, member, err
}

// allows refuses what somebody may not do at all.
func (t *tx) allows(author ID, verb Verb) error {
	role, err := t.role(author)
	if err != nil {
		return err
	}
	switches, err := t.switches()
	if err != nil {
		return err
	}
	return verb.by(role, switches)
}

// role finds what somebody is; chatd itself may do everything.
func (t *tx) role(id ID) (Role, error) {
	if id == 0 {
		return RoleHost, nil
	}
	p, err := t.standing(id)
	return p.Role, err
}

// standing is what rules need to know of a person.
type standing struct {
	Person
	banned bool
}

// standing finds somebody as he is now.
func (t *tx) standing(id ID) (standing, error) {
	if p, known := t.people[id]; known {
		return p, nil
	}
	p := standing{Person: Person{ID: id}}
	err := t.row("SELECT name, role, banned FROM person WHERE id = ?", int64(id)).Scan(&p.Name, &p.Role, &p.banned)
	if errors.Is(err, sql.ErrNoRows) {
		return standing{}, errNobody
	}
	if err == nil {
		if len(t.people) >= maxRemembered {
			clear(t.people)
		}
		t.people[id] = p
	}
	return p, err
}

// admits refuses an author who is not known, or was banned before this entry.
func (t *tx) admits(author ID) error {
	if author == 0 {
		return nil
	}
	p, err := t.standing(author)
	switch {
	case errors.Is(err, errNobody):
		return Refuse(SignedOut, "Nobody of this identity is known here.")
	case p.banned:
		return errBanned
	}
	return err
}

// errNobody answers whoever names a person that is not there.
var errNobody = Refuse(NotFound, "There is nobody of this identity.")
