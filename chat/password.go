package chat

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"database/sql"
	_ "embed"
	"encoding/base64"
	"errors"
	"strings"
	"sync"
	"time"
	"unicode/utf8"
)

// A password makes a nickname one's own: it comes back on every device and lapses no more.

const (
	saltBytes    = 16
	hashesAtOnce = 2  // each takes 19 MiB
	hashesQueued = 32 // who comes when so many wait is told to come again
)

const (
	minPassword = 8    // bytes
	maxPassword = 1024 // bytes: all of it counts
)

// passwords.txt are those of the most common passwords that are long enough otherwise, from the
// list of the zxcvbn estimator (MIT; github.com/dropbox/zxcvbn), in lower case.
//
//go:embed passwords.txt
var commonText string

var commonPasswords = sync.OnceValue(func() map[string]bool {
	common := map[string]bool{}
	for line := range strings.Lines(commonText) {
		common[strings.TrimSuffix(line, "\n")] = true
	}
	return common
})

func checkPassword(password, name string) *Error {
	switch lower := strings.ToLower(password); {
	case len(password) < minPassword:
		return Refuse(BadRequest, "A password has at least %d characters. A few words in a row are easy to remember.", minPassword)
	case len(password) > maxPassword:
		return Refuse(BadRequest, "A password may have %d bytes.", maxPassword)
	case !utf8.ValidString(password):
		return Refuse(BadRequest, "A password is text in UTF-8.")
	case commonPasswords()[lower]:
		return Refuse(BadRequest, "Many people have this password, so it is among the first that others try. Choose another.")
	case lower == strings.ToLower(name):
		return Refuse(BadRequest, "Your name is the first that others try. Choose another password.")
	}
	return nil
}

// kiln makes keys of passwords, few at a time: each takes much memory and some tens of milliseconds.
type kiln struct {
	slow   func(password string, salt []byte) []byte
	places chan struct{} // cap hashesAtOnce + hashesQueued
	fires  chan struct{} // cap hashesAtOnce
}

func newKiln(slow func(password string, salt []byte) []byte) *kiln {
	return &kiln{slow, make(chan struct{}, hashesAtOnce+hashesQueued), make(chan struct{}, hashesAtOnce)}
}

func (k *kiln) key(ctx context.Context, password string, salt []byte) ([]byte, error) {
	full := &Error{Code: Busy, Text: "Many people are signing in just now. Try again in a moment.", RetryAfter: 2 * time.Second}
	select {
	case k.places <- struct{}{}:
	default:
		return nil, full
	}
	defer func() { <-k.places }()
	select {
	case k.fires <- struct{}{}:
	case <-ctx.Done():
		full.Err = context.Cause(ctx)
		return nil, full
	}
	defer func() { <-k.fires }()
	return k.slow(password, salt), nil
}

// hash is what is kept of a password: how it was made (1: package password), the salt, the key.
func (k *kiln) hash(ctx context.Context, password string) (string, error) {
	salt := make([]byte, saltBytes)
	rand.Read(salt)
	key, err := k.key(ctx, password, salt)
	b64 := base64.RawStdEncoding
	return "1$" + b64.EncodeToString(salt) + "$" + b64.EncodeToString(key), err
}

// fits says whether a password is the one of this hash. It takes as long for no hash at all.
func (k *kiln) fits(ctx context.Context, password, hash string) (bool, error) {
	salt, want := make([]byte, saltBytes), []byte(nil)
	if parts := strings.Split(hash, "$"); len(parts) == 3 && parts[0] == "1" {
		var errSalt, errKey error
		salt, errSalt = base64.RawStdEncoding.DecodeString(parts[1])
		want, errKey = base64.RawStdEncoding.DecodeString(parts[2])
		if err := errors.Join(errSalt, errKey); err != nil {
			return false, err
		}
	}
	got, err := k.key(ctx, password, salt)
	return err == nil && want != nil && subtle.ConstantTimeCompare(got, want) == 1, err
}

func (a *Auth) password(ctx context.Context, person ID) (hash string, err error) {
	err = a.db.row(ctx, "SELECT hash FROM password WHERE person = ?", int64(person)).Scan(&hash)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return hash, err
}

func (a *Auth) setPassword(ctx context.Context, person ID, hash string) error {
	_, err := a.db.write.ExecContext(ctx, "INSERT INTO password (person, hash) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET hash = ?2", int64(person), hash)
	return err
}

// endSessions ends all of a person's sessions.
func (a *Auth) endSessions(ctx context.Context, person ID) (ended []Session, err error) {
	rows, err := a.db.write.QueryContext(ctx, "DELETE FROM session WHERE person = ? RETURNING hash", int64(person))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var hash []byte
		if err := rows.Scan(&hash); err != nil {
			return nil, err
		}
		ended = append(ended, Session{SecretHash(hash), person})
	}
	return ended, rows.Err()
}

// errWrong is the one answer for a name that nobody claimed and for a wrong password.
var errWrong = Refuse(Forbidden, "The name and the password do not belong together. Try again.")

// Claim makes the actor's name his own: with the password he comes in everywhere. He gets a new session.
func (s *Server) Claim(ctx context.Context, session Session, actor Actor, password string) (Secret, error) {
	if err := s.May(actor, ToRead); err != nil {
		return "", err
	}
	if actor.Role != RoleGuest {
		return "", Refuse(Conflict, "You have a password already.")
	}
	if err := checkPassword(password, actor.Name); err != nil {
		return "", err
	}
	hash, err := s.kiln.hash(ctx, password)
	if err == nil {
		err = s.auth.setPassword(ctx, actor.ID, hash)
	}
	if err == nil {
		_, err = Await(ctx, s.log, Event{Kind: NameClaimed, Author: actor.ID, CID: serverCID()})
	}
	if err != nil && !errors.Is(err, errNothingToDo) {
		return "", err
	}
	return s.begin(ctx, &session, actor.ID)
}

// ChangePassword gives the actor another password. All his sessions end; the browser that
// did this gets a new one.
func (s *Server) ChangePassword(ctx context.Context, actor Actor, address, old, password string) (Secret, []Session, error) {
	if err := s.May(actor, ToRead); err != nil {
		return "", nil, err
	}
	if err := s.prove(ctx, actor.ID, actor.ID.String(), address, old); err != nil {
		return "", nil, err
	}
	if err := checkPassword(password, actor.Name); err != nil {
		return "", nil, err
	}
	hash, err := s.kiln.hash(ctx, password)
	if err == nil {
		err = s.auth.setPassword(ctx, actor.ID, hash)
	}
	if err != nil {
		return "", nil, err
	}
	ended, err := s.auth.endSessions(ctx, actor.ID)
	if err != nil {
		return "", nil, err
	}
	secret, err := s.auth.newSession(ctx, actor.ID, s.now())
	return secret, ended, err
}

// SignInByPassword brings in whoever has claimed the name and knows its password. A name that
// nobody claimed and a wrong password get the same answer, in the same time.
func (s *Server) SignInByPassword(ctx context.Context, current *Session, address, typed, password string) (Secret, error) {
	person, name, err := s.claimant(ctx, typed)
	if err != nil {
		return "", err
	}
	if err := s.prove(ctx, person, name, address, password); err != nil {
		return "", err
	}
	if s.Banned(person) {
		return "", errBanned
	}
	s.personal.sight(person, s.now(), "")
	return s.begin(ctx, current, person)
}

// claimant finds who has claimed a name, 0 if nobody has, and the name's key: what failures are counted by.
func (s *Server) claimant(ctx context.Context, typed string) (person ID, key string, err error) {
	name, err := s.nickname(typed)
	if err != nil {
		return 0, strings.ToLower(strings.TrimSpace(typed)), nil
	}
	var id int64
	var held string
	err = s.store.db.row(ctx, "SELECT p.id, p.name FROM name_key k JOIN person p ON p.id = k.person WHERE k.key = ? AND p.role > 0", name.Keys[0]).Scan(&id, &held)
	if errors.Is(err, sql.ErrNoRows) || err == nil && !strings.EqualFold(held, name.Text) {
		return 0, name.Keys[0], nil
	}
	return ID(id), name.Keys[0], err
}

// prove checks a password, and counts failures by name and by address.
func (s *Server) prove(ctx context.Context, person ID, name, address, password string) error {
	now := s.now()
	for _, wait := range []time.Duration{s.failuresOfName.wait(name, now), s.failuresOfAddress.wait(address, now)} {
		if wait > 0 {
			return &Error{Code: RateLimited, Text: "That went wrong too often. Wait a while and try again.", RetryAfter: wait}
		}
	}
	hash := ""
	if person != 0 {
		var err error
		if hash, err = s.auth.password(ctx, person); err != nil {
			return err
		}
	}
	if len(password) > maxPassword {
		password = "" // no password is that long
	}
	fits, err := s.kiln.fits(ctx, password, hash)
	if err != nil {
		return err
	}
	if !fits {
		s.failuresOfName.add(name, now)
		s.failuresOfAddress.add(address, now)
		return errWrong
	}
	s.failuresOfName.forget(name)
	return nil
}

// failures makes whoever fails wait: after so many failures a second, then twice as long each time.
type failures struct {
	free int // so many cost nothing

	mu     sync.Mutex
	failed map[string]failure
}

type failure struct {
	times int
	until time.Time
}

const (
	failuresOfName    = 5
	failuresOfAddress = 20
	longestWait       = 15 * time.Minute
	failuresKept      = 10_000 // then those that are over are forgotten
)

func newFailures(free int) *failures { return &failures{free: free, failed: map[string]failure{}} }

func (f *failures) wait(key string, now time.Time) time.Duration {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.failed[key].until.Sub(now)
}

func (f *failures) add(key string, now time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.failed) >= failuresKept {
		for key, old := range f.failed {
			if now.Sub(old.until) > longestWait {
				delete(f.failed, key)
			}
		}
	}
	one := f.failed[key]
	if now.Sub(one.until) > longestWait { // long ago
		one.times = 0
	}
	one.times++
	one.until = now
	if over := one.times - f.free; over >= 0 {
		one.until = now.Add(min(longestWait, time.Second<<min(over, 20)))
	}
	f.failed[key] = one
}

func (f *failures) forget(key string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.failed, key)
}
