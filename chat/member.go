package chat

import (
	"context"
	"database/sql"
	"errors"
)

// MemberJoined and MemberLeft: somebody came into a room, or went. They have no body.
const (
	MemberJoined Kind = "member.joined"
	MemberLeft   Kind = "member.left"
)

// Join puts the actor into a room that anyone may join. To be in it already is fine.
func (s *Server) Join(ctx context.Context, actor Actor, room string) error {
	return s.move(ctx, actor, room, MemberJoined, true)
}

// Leave takes the actor out of a room. Not to be in it is fine; nobody can leave the lobby.
func (s *Server) Leave(ctx context.Context, actor Actor, room string) error {
	if room == Lobby {
		return Refuse(Forbidden, "Everyone is in the lobby; it cannot be left.")
	}
	return s.move(ctx, actor, room, MemberLeft, false)
}

func (s *Server) move(ctx context.Context, actor Actor, room string, kind Kind, in bool) error {
	if err := s.may(ctx, actor, map[bool]Verb{true: ToJoin, false: ToLeave}[in], ""); err != nil {
		return err
	}
	if err := s.limit(s.joins, actor.ID); err != nil {
		return err
	}
	r, err := s.Room(ctx, actor, room)
	if err != nil || r.Joined == in {
		return err
	}
	_, err = Await(ctx, s.log, Event{Kind: kind, Room: room, Author: actor.ID, CID: serverCID()})
	if errors.Is(err, errNothingToDo) {
		return nil // another of the person's connections was faster
	}
	return err
}

var errNothingToDo = Refuse(Conflict, "That is so already.")

func applyMemberJoined(t *tx, e *Entry) error {
	room, err := t.room(e.Room)
	if err != nil {
		return err
	}
	in, err := t.isMember(e.Author, room)
	switch {
	case err != nil:
		return err
	case in:
		return errNothingToDo
	case room.private:
		return errNotFoundRoom
	}
	return t.beginStay(e.Author, room, e.Seq)
}

func applyMemberLeft(t *tx, e *Entry) error {
	room, err := t.room(e.Room)
	if err != nil {
		return err
	}
	left, err := t.exec("UPDATE stay SET until = ? WHERE person = ? AND room = ? AND until IS NULL", int64(e.Seq), int64(e.Author), room.id)
	if err != nil {
		return err
	}
	if !left {
		return errNothingToDo
	}
	return nil
}

func (t *tx) beginStay(person ID, room roomRow, since Seq) error {
	_, err := t.exec("INSERT INTO stay (person, room, since) VALUES (?, ?, ?)", int64(person), room.id, int64(since))
	return err
}

func (t *tx) isMember(person ID, room roomRow) (bool, error) {
	if room.id == lobbyID {
		return true, nil
	}
	var one int
	err := t.row("SELECT 1 FROM stay WHERE person = ? AND room = ? AND until IS NULL", int64(person), room.id).Scan(&one)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}
