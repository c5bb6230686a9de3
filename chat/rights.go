package chat

import (
	"database/sql"
	"errors"
)

// right is something that people may or may not do with a room.
type right string

const (
	mayChange  right = "change"  // its title and topic
	mayInvite  right = "invite"  // bring somebody in
	mayRemove  right = "remove"  // put somebody out
	mayArchive right = "archive" // end it
)

// allowed is the one place that decides who may do what with a room: its members
// change it and bring others in; who made it removes people and archives it. Nobody
// does any of it with a direct conversation, or with a room that is archived.
func allowed(what right, room roomRow, who ID, member bool) bool {
	switch {
	case !member || room.direct || room.archived:
		return false
	case room.id == lobbyID:
		return what == mayChange
	case what == mayChange, what == mayInvite:
		return true
	}
	return room.maker == who
}

// demand refuses what somebody may not do with the room of an entry.
func (t *tx) demand(what right, e *Entry) (roomRow, error) {
	room, err := t.room(e.Room)
	if err != nil {
		return room, err
	}
	member, err := t.isMember(e.Author, room)
	switch {
	case err != nil:
		return room, err
	case room.private && !member:
		return room, errNotFoundRoom
	case room.archived:
		return room, errArchived
	case room.direct:
		return room, Refuse(Forbidden, "A direct conversation stays as it is: make a room for more.")
	case !member:
		return room, errNotIn
	case !allowed(what, room, e.Author, member):
		return room, Refuse(Forbidden, "That is for whoever made the room.")
	}
	return room, nil
}

var (
	errNotIn    = Refuse(Forbidden, "Join the room first.")
	errArchived = Refuse(Forbidden, "This room is archived: it can be read, and nobody writes there any more.")
)

// known says whether there is such a person.
func (t *tx) known(who ID) (bool, error) {
	var one int
	err := t.row("SELECT 1 FROM person WHERE id = ?", int64(who)).Scan(&one)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}
