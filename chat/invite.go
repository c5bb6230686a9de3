package chat

import (
	"context"
	"encoding/json"
	"errors"
)

// MemberInvited: the author brought somebody else into a room; MemberRemoved: he put
// somebody out, who sees that and nothing after it. Body is subjectBody as JSON.
const (
	MemberInvited Kind = "member.invited"
	MemberRemoved Kind = "member.removed"
)

type subjectBody struct {
	Person ID `json:"person"`
}

// Invite brings a person who is known into a room that the actor is in. Who is in it already is fine.
func (s *Server) Invite(ctx context.Context, actor Actor, room string, person ID) error {
	return s.moveOther(ctx, actor, room, ToInvite, MemberInvited, person)
}

// Remove puts a person out of a room. Who is not in it is fine.
func (s *Server) Remove(ctx context.Context, actor Actor, room string, person ID) error {
	return s.moveOther(ctx, actor, room, ToRemove, MemberRemoved, person)
}

func (s *Server) moveOther(ctx context.Context, actor Actor, room string, verb Verb, kind Kind, person ID) error {
	if err := s.limit(s.joins, actor.ID); err != nil {
		return err
	}
	if _, err := s.mayIn(ctx, actor, verb, room); err != nil {
		return err
	}
	body, err := json.Marshal(subjectBody{person})
	if err != nil {
		return err
	}
	_, err = Await(ctx, s.log, Event{Kind: kind, Room: room, Author: actor.ID, CID: serverCID(), Body: body})
	if errors.Is(err, errNothingToDo) {
		return nil
	}
	return err
}

func applyMemberInvited(t *tx, e *Entry) error {
	room, _, err := t.demand(ToInvite, e)
	if err != nil {
		return err
	}
	person, err := t.subject(e)
	if err != nil {
		return err
	}
	if person.banned {
		return errNobody
	}
	in, err := t.isMember(person.ID, room)
	if err != nil {
		return err
	}
	if in {
		return errNothingToDo
	}
	return t.beginStay(person.ID, room, e.Seq)
}

func applyMemberRemoved(t *tx, e *Entry) error {
	room, _, err := t.demand(ToRemove, e)
	if err != nil {
		return err
	}
	person, err := t.subject(e)
	if err != nil {
		return err
	}
	ours, err := t.role(e.Author)
	switch {
	case err != nil:
		return err
	case person.ID == e.Author:
		return Refuse(BadRequest, "To go yourself, leave the room.")
	case room.maker != e.Author && outranked(person.Role, ours):
		return Refuse(Forbidden, "Only a host may remove a moderator, and nobody a host. Whoever made the room may.")
	}
	return t.endStay(person.ID, room, e.Seq)
}

// subject is the one whom the entry is about.
func (t *tx) subject(e *Entry) (standing, error) {
	for _, id := range e.about() {
		return t.standing(id)
	}
	return standing{}, errNobody
}

// about returns the people whom the entry names besides its author, from its body.
func (e *Entry) about() []ID {
	switch e.Kind {
	case MemberInvited, MemberRemoved:
		var body subjectBody
		if json.Unmarshal(e.Body, &body) == nil && body.Person != 0 {
			return []ID{body.Person}
		}
	case RoomCreated:
		var body roomBody
		if json.Unmarshal(e.Body, &body) == nil {
			return body.People
		}
	}
	return nil
}
