package chat

import (
	"context"
	"database/sql"
	"errors"
)

// Signing in: a nickname becomes a person with a session, and a session or a
// token becomes an Actor. Every command begins with one of these.

// SignIn gives the nickname that was typed to a person and makes a session for
// him. current, if it is not nil, is the session that the browser has: it ends, and the
// person stays the same (BadRequest: malformed name; NameInUse: somebody else's, or reserved).
func (s *Server) SignIn(ctx context.Context, current *Session, typed string) (Secret, error) {
	return s.signIn(ctx, current, typed, false)
}

func (s *Server) signIn(ctx context.Context, current *Session, typed string, always bool) (Secret, error) {
	name, err := s.nickname(typed)
	if err != nil {
		return "", err
	}
	person, fresh := NewID(), true
	if current != nil {
		person, fresh = current.Person, false
	}
	if bot, err := s.auth.botOf(ctx, name); err != nil {
		return "", err
	} else if bot != 0 && bot != person {
		return "", Refuse(NameInUse, "The name %s belongs to a bot. Choose another.", name.Text)
	}
	if current != nil && s.Banned(person) {
		return "", errBanned // not even under another name
	}
	if claimant, _, err := s.claimant(ctx, typed); err != nil {
		return "", err
	} else if claimant != 0 && claimant != person {
		return "", Refuse(NoPassword, "The name %s is somebody's own. If it is yours, type its password; else choose another name.", name.Text)
	}
	if err := s.mayComeIn(fresh && !always); err != nil {
		return "", err
	}
	if err = s.take(ctx, person, name, fresh); errors.Is(err, errIDTaken) {
		person = NewID()
		err = s.take(ctx, person, name, fresh)
	}
	if err != nil {
		if fresh && Refusal(err).Code == Unavailable { // it may have been taken all the same
			s.giveBack(ctx, person)
		}
		return "", err
	}
	s.personal.sight(person, s.now(), "")
	secret, err := s.auth.newSession(ctx, person, s.now())
	if err == nil && current != nil {
		_, err = s.auth.endSession(ctx, *current)
	}
	if err != nil && fresh {
		s.giveBack(ctx, person)
	}
	return secret, err
}

// giveBack frees the name of somebody who did not come in after all: his browser went away, or
// there is no session for him. Without it the name would be nobody's for a day. It does not wait: a name that
// was never taken is not released, and one that was is taken before.
func (s *Server) giveBack(ctx context.Context, person ID) {
	released := Event{Kind: NameReleased, Author: person, CID: serverCID()}
	// A log that does not take it has stopped; then the name lapses.
	_ = s.log.Append(context.WithoutCancel(ctx), released, func(Receipt, error) {})
}

// SignOut ends a session. With the person's last one the name is free.
func (s *Server) SignOut(ctx context.Context, session Session) error {
	others, err := s.auth.endSession(ctx, session)
	if err != nil || others {
		return err
	}
	_, err = Await(ctx, s.log, Event{Kind: NameReleased, Author: session.Person, CID: serverCID()})
	if errors.Is(err, errNothingToDo) {
		return nil
	}
	return err
}

// Session finds the session of a cookie (SignedOut if there is none); renewed
// says that the cookie is to be set anew.
func (s *Server) Session(ctx context.Context, secret Secret) (session Session, renewed bool, err error) {
	return s.auth.session(ctx, secret, s.now())
}

// Enter says who acts in a session, under his name as it stands now. A name that
// lapsed while he was away is taken again; if somebody else took it, that is NameInUse: the
// person is known and has no name until he chooses another.
func (s *Server) Enter(ctx context.Context, session Session) (Actor, error) {
	h, err := s.store.holding(ctx, session.Person)
	if errors.Is(err, sql.ErrNoRows) {
		return Actor{}, errSignedOut // auth.db is newer than chat.db
	} else if err != nil {
		return Actor{}, err
	}
	return s.enter(ctx, Actor{Person: Person{session.Person, h.name, h.role}}, h)
}

// EnterBot says which bot acts with a token (SignedOut if it is none). The bot becomes a person when
// it first acts; if somebody took its name before it ever did, that is NameInUse.
func (s *Server) EnterBot(ctx context.Context, secret Secret) (Actor, error) {
	bot, err := s.auth.token(ctx, secret)
	if err != nil {
		return Actor{}, err
	}
	h, err := s.store.holding(ctx, bot.ID)
	if errors.Is(err, sql.ErrNoRows) {
		h, err = holding{name: bot.Name}, nil
	}
	if err != nil {
		return Actor{}, err
	}
	bot.Role = RoleMember
	return s.enter(ctx, Actor{Person: bot, Bot: true}, h)
}

func (s *Server) enter(ctx context.Context, actor Actor, h holding) (Actor, error) {
	now := s.now()
	house := s.store.house.Load()
	if house.banned[actor.ID] {
		return Actor{}, errBanned
	}
	actor.Role = house.role(actor.Person)
	if h.held && h.role == RoleGuest && now.Sub(h.renewed) > keepEvery {
		_, err := Await(ctx, s.log, Event{Kind: NameKept, Author: actor.ID, CID: serverCID()})
		h.held = !errors.Is(err, errNothingToDo) // a log that cannot take it (a full disk) is no reason to refuse reading
	}
	if !h.held {
		name, err := s.nickname(actor.Name)
		if err != nil {
			return Actor{}, err
		}
		if err := s.takeAs(ctx, actor.ID, nameBody{Name: name.Text, Keys: name.Keys, Bot: actor.Bot}); err != nil {
			return Actor{}, err
		}
	}
	s.personal.sight(actor.ID, now, "")
	return actor, nil
}

// LastRoom is the room that the person looked at last: where to go when no room is named.
func (s *Server) LastRoom(ctx context.Context, actor Actor) string {
	room := s.personal.sighted(actor.ID).room
	if room == "" {
		// Not knowing is no reason to fail: everyone is in the lobby.
		_ = s.store.db.row(ctx, "SELECT room FROM seen WHERE person = ?", int64(actor.ID)).Scan(&room)
	}
	if _, err := s.Room(ctx, actor, room); err != nil {
		return Lobby
	}
	return room
}

// Visit notes that the actor looks at a room.
func (s *Server) Visit(actor Actor, room string) { s.personal.sight(actor.ID, s.now(), room) }
