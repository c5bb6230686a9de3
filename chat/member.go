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
	return s.move(ctx, actor, room, ToJoin, MemberJoined)
}

// Leave takes the actor out of a room. Not to be in it is fine; nobody can leave the lobby.
func (s *Server) Leave(ctx context.Context, actor Actor, room string) error {
	return s.move(ctx, actor, room, ToLeave, MemberLeft)
}

func (s *Server) move(ctx context.Context, actor Actor, room string, verb Verb, kind Kind) error {
	if err := s.limit(s.joins, actor.ID); err != nil {
		return err
	}
	r, err := s.mayIn(ctx, actor, verb, room)
	if err != nil || r.Joined == (verb == ToJoin) {
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
	room, in, err := t.demand(ToJoin, e)
	if err != nil {
		return err
	}
	if in {
		return errNothingToDo
	}
	return t.beginStay(e.Author, room, e.Seq)
}

func applyMemberLeft(t *tx, e *Entry) error {
	room, _, err := t.demand(ToLeave, e)
	if err != nil {
		return err
	}
	return t.endStay(e.Author, room, e.Seq)
}

// endStay ends the stay of somebody who is in the room.
func (t *tx) endStay(person ID, room roomRow, until Seq) error {
	left, err := t.exec("UPDATE stay SET until = ? WHERE person = ? AND room = ? AND until IS NULL", int64(until), int64(person), room.id)
	if err == nil && !left {
		return errNothingToDo
	}
	return err
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
