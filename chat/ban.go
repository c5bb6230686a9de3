package chat

import (
	"context"
	"encoding/json"
	"errors"
	"unicode/utf8"
)

// PersonBanned: a moderator shut somebody out; PersonUnbanned: he may come back. Body is banBody.
const (
	PersonBanned   Kind = "person.banned"
	PersonUnbanned Kind = "person.unbanned"
)

const maxReason = 500 // bytes

type banBody struct {
	Person ID     `json:"person"`
	Reason string `json:"reason,omitempty"`
}

var errBanned = Refuse(Banned, "You were shut out of this chat. Ask the people who run it.")

// Ban shuts somebody out: his streams are cut at once and no session or token of his is taken
// any more. A moderator cannot ban a moderator or a host, and nobody himself.
func (s *Server) Ban(ctx context.Context, actor Actor, person ID, reason string) error {
	return s.ban(ctx, actor, PersonBanned, person, reason)
}

// Unban lets somebody come back, with the sessions that he had.
func (s *Server) Unban(ctx context.Context, actor Actor, person ID, reason string) error {
	return s.ban(ctx, actor, PersonUnbanned, person, reason)
}

func (s *Server) ban(ctx context.Context, actor Actor, kind Kind, person ID, reason string) error {
	if err := s.May(actor, ToBan); err != nil {
		return err
	}
	if len(reason) > maxReason || !utf8.ValidString(reason) {
		return Refuse(TooLarge, "A reason may have %d bytes.", maxReason)
	}
	body, err := json.Marshal(banBody{person, reason})
	if err != nil {
		return err
	}
	_, err = Await(ctx, s.log, Event{Kind: kind, Author: actor.ID, CID: serverCID(), Body: body})
	if errors.Is(err, errNothingToDo) {
		return nil
	}
	return err
}

func applyPersonBanned(t *tx, e *Entry) error   { return t.ban(e, true) }
func applyPersonUnbanned(t *tx, e *Entry) error { return t.ban(e, false) }

func (t *tx) ban(e *Entry, banned bool) error {
	var body banBody
	if err := json.Unmarshal(e.Body, &body); err != nil {
		return Refuse(BadRequest, "The ban is malformed.")
	}
	if err := t.allows(e.Author, ToBan); err != nil {
		return err
	}
	theirs, err := t.role(body.Person)
	if err != nil {
		return err
	}
	ours, err := t.role(e.Author)
	switch {
	case err != nil:
		return err
	case body.Person == e.Author:
		return Refuse(Forbidden, "You cannot ban yourself.")
	case outranked(theirs, ours):
		return Refuse(Forbidden, "Only a host may ban a moderator, and nobody a host.")
	}
	delete(t.people, body.Person)
	changed, err := t.exec("UPDATE person SET banned = ?1 WHERE id = ?2 AND banned <> ?1", banned, int64(body.Person))
	if err == nil && !changed {
		return errNothingToDo
	}
	return err
}

// cut has the connections of somebody who was banned ended.
func (s *Server) cut(e *Entry) {
	var body banBody
	if err := json.Unmarshal(e.Body, &body); err != nil || s.banned == nil {
		return // the rule has read it, so it can be read
	}
	s.banned(body.Person)
}

// OnBan has told called with everybody who is banned from now on, after it is durable. It must not block. Before Run.
func (s *Server) OnBan(told func(ID)) { s.banned = told }

// Banned says whether somebody is shut out now.
func (s *Server) Banned(person ID) bool { return s.store.house.Load().banned[person] }
