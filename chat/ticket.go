package chat

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// A ticket is a link that works once and not for long. Only its hash is kept.
const (
	HostTicketAge  = 30 * time.Minute
	PhoneTicketAge = 5 * time.Minute

	hostTicket  = "host"
	phoneTicket = "phone"
)

var errTicket = Refuse(NotFound, "This link does not work any more: it was used, or it is too old.")

// MakeHostTicket makes the secret of a link whose visitor becomes the host.
func (a *Auth) MakeHostTicket(ctx context.Context, now time.Time) (Secret, error) {
	return a.makeTicket(ctx, hostTicket, 0, now.Add(HostTicketAge))
}

func (a *Auth) makeTicket(ctx context.Context, use string, person ID, until time.Time) (Secret, error) {
	secret := newSecret()
	hash, _ := secret.hash()
	_, err := a.db.write.ExecContext(ctx, "INSERT INTO ticket (hash, use, person, until) VALUES (?, ?, ?, ?)", hash[:], use, int64(person), until.UnixMilli())
	return secret, err
}

// ticket says whose a ticket is, and leaves it as it is.
func (a *Auth) ticket(ctx context.Context, use string, secret Secret, now time.Time) (ID, error) {
	return a.askTicket(ctx, a.db.read, "SELECT person FROM ticket WHERE hash = ? AND use = ? AND until >= ?", use, secret, now)
}

// useTicket takes a ticket: of all who try only one gets it.
func (a *Auth) useTicket(ctx context.Context, use string, secret Secret, now time.Time) (ID, error) {
	return a.askTicket(ctx, a.db.write, "DELETE FROM ticket WHERE hash = ? AND use = ? AND until >= ? RETURNING person", use, secret, now)
}

func (a *Auth) askTicket(ctx context.Context, db *sql.DB, query, use string, secret Secret, now time.Time) (ID, error) {
	hash, ok := secret.hash()
	if !ok {
		return 0, errTicket
	}
	var person int64
	err := db.QueryRowContext(ctx, query, hash[:], use, now.UnixMilli()).Scan(&person)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, errTicket
	}
	return ID(person), err
}

// Note keeps something for the command line, and Noted reads it; "" if there is nothing.
func (a *Auth) Note(ctx context.Context, name, value string) error {
	_, err := a.db.write.ExecContext(ctx, "INSERT INTO note (name, value) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET value = ?2", name, value)
	return err
}

// Noted reads what Note kept.
func (a *Auth) Noted(ctx context.Context, name string) (value string, err error) {
	err = a.db.row(ctx, "SELECT value FROM note WHERE name = ?", name).Scan(&value)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return value, err
}

// HostTicket says whether the link to become the host still works.
func (s *Server) HostTicket(ctx context.Context, secret Secret) error {
	_, err := s.auth.ticket(ctx, hostTicket, secret, s.now())
	return err
}

// SignInHost gives a new person a nickname, also where nobody new may come in otherwise: who has
// the link to become the host has come to change that.
func (s *Server) SignInHost(ctx context.Context, typed string) (Secret, error) {
	return s.signIn(ctx, nil, typed, true)
}

// BecomeHost makes the actor, who has claimed his name, the host by such a link, which has worked then.
func (s *Server) BecomeHost(ctx context.Context, actor Actor, secret Secret) error {
	if err := s.HostTicket(ctx, secret); err != nil {
		return err
	}
	if actor.Role == RoleGuest || actor.Bot {
		return Refuse(Forbidden, "The host has a password. Choose one first.")
	}
	if _, err := s.auth.useTicket(ctx, hostTicket, secret, s.now()); err != nil {
		return err
	}
	return s.setRole(ctx, 0, actor.ID, RoleHost)
}

// HandOver makes a link by which another browser, once and soon, comes in as the actor.
func (s *Server) HandOver(ctx context.Context, actor Actor) (Secret, error) {
	if err := s.May(actor, ToRead); err != nil {
		return "", err
	}
	if err := s.limit(s.joins, actor.ID); err != nil {
		return "", err
	}
	return s.auth.makeTicket(ctx, phoneTicket, actor.ID, s.now().Add(PhoneTicketAge))
}

// HandedOver says who one would be by such a link.
func (s *Server) HandedOver(ctx context.Context, secret Secret) (Person, error) {
	id, err := s.auth.ticket(ctx, phoneTicket, secret, s.now())
	if err != nil {
		return Person{}, err
	}
	people, err := s.People(ctx, []ID{id})
	return people[id], err
}

// TakeOver begins a session by such a link. current, if it is not nil, is the session that the browser has: it ends.
func (s *Server) TakeOver(ctx context.Context, current *Session, secret Secret) (Secret, error) {
	person, err := s.auth.useTicket(ctx, phoneTicket, secret, s.now())
	if err != nil {
		return "", err
	}
	if s.Banned(person) {
		return "", errBanned
	}
	return s.begin(ctx, current, person)
}

// begin makes a session for somebody and ends the one that the browser had.
func (s *Server) begin(ctx context.Context, current *Session, person ID) (Secret, error) {
	secret, err := s.auth.newSession(ctx, person, s.now())
	if err != nil || current == nil {
		return secret, err
	}
	if current.Person == person {
		_, err = s.auth.endSession(ctx, *current)
		return secret, err
	}
	return secret, s.SignOut(ctx, *current) // a guest's name is free then
}
