package chat

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	_ "embed"
	"encoding/base64"
	"errors"
	"path/filepath"
	"time"
)

//go:embed auth.sql
var authSQL string

const (
	// SessionIdle is how long a session lives without being used, SessionAge how long at most.
	SessionIdle = 30 * 24 * time.Hour
	SessionAge  = 180 * 24 * time.Hour
	renewEvery  = 24 * time.Hour
)

// Auth is auth.db: who may say that he is whom. It knows no names but those of
// bots, and is never part of the log. Methods are safe for concurrent use, also by other processes.
type Auth struct {
	db *database
}

// OpenAuth opens auth.db in the directory dir, or makes it.
func OpenAuth(ctx context.Context, dir string) (*Auth, error) {
	db, err := openDatabase(ctx, filepath.Join(dir, "auth.db"), schema{create: authSQL})
	if err != nil {
		return nil, err
	}
	return &Auth{db}, nil
}

// Close closes the file.
func (a *Auth) Close() error { return a.db.close() }

// Secret is what a cookie or a bearer token carries: 32 random bytes as
// base64url. Only its hash is kept, so a stolen file signs nobody in.
type Secret string

// SecretHash names a session or a token without giving it away.
type SecretHash [sha256.Size]byte

func newSecret() Secret {
	b := make([]byte, 32)
	rand.Read(b)
	return Secret(base64.RawURLEncoding.EncodeToString(b))
}

// hash is false for what cannot be a secret of ours, whatever its length.
func (s Secret) hash() (SecretHash, bool) {
	if len(s) != base64.RawURLEncoding.EncodedLen(32) {
		return SecretHash{}, false
	}
	b, err := base64.RawURLEncoding.Strict().DecodeString(string(s))
	if err != nil {
		return SecretHash{}, false
	}
	return sha256.Sum256(b), true
}

// Session is a browser that is signed in.
type Session struct {
	Hash   SecretHash
	Person ID
}

var errSignedOut = Refuse(SignedOut, "You are not signed in.")

// newSession makes a session for a person and returns its secret, which stands nowhere else.
func (a *Auth) newSession(ctx context.Context, person ID, now time.Time) (Secret, error) {
	secret := newSecret()
	hash, _ := secret.hash()
	_, err := a.db.write.ExecContext(ctx, "INSERT INTO session (hash, person, created, used) VALUES (?, ?, ?, ?)", hash[:], int64(person), now.UnixMilli(), now.UnixMilli())
	return secret, err
}

// session finds a session by its secret and renews it by use. renewed says that
// it was: then the browser's cookie should be, too.
func (a *Auth) session(ctx context.Context, secret Secret, now time.Time) (s Session, renewed bool, err error) {
	hash, ok := secret.hash()
	if !ok {
		return Session{}, false, errSignedOut
	}
	var person, created, used int64
	err = a.db.row(ctx, "SELECT person, created, used FROM session WHERE hash = ?", hash[:]).Scan(&person, &created, &used)
	if errors.Is(err, sql.ErrNoRows) {
		return Session{}, false, errSignedOut
	} else if err != nil {
		return Session{}, false, err
	}
	if now.Sub(time.UnixMilli(used)) > SessionIdle || now.Sub(time.UnixMilli(created)) > SessionAge {
		return Session{}, false, errSignedOut
	}
	if now.Sub(time.UnixMilli(used)) > renewEvery {
		// A session that cannot be renewed now (a full disk) is still one.
		_, err := a.db.write.ExecContext(ctx, "UPDATE session SET used = ? WHERE hash = ?", now.UnixMilli(), hash[:])
		renewed = err == nil
	}
	return Session{hash, ID(person)}, renewed, nil
}

// endSession ends one session and says whether the person has another.
func (a *Auth) endSession(ctx context.Context, s Session) (others bool, err error) {
	if _, err := a.db.write.ExecContext(ctx, "DELETE FROM session WHERE hash = ?", s.Hash[:]); err != nil {
		return false, err
	}
	err = a.db.write.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM session WHERE person = ?)", int64(s.Person)).Scan(&others)
	return others, err
}

// forget deletes the sessions that have ended by themselves.
func (a *Auth) forget(ctx context.Context, now time.Time) error {
	_, err := a.db.write.ExecContext(ctx, "DELETE FROM session WHERE used < ? OR created < ?", now.Add(-SessionIdle).UnixMilli(), now.Add(-SessionAge).UnixMilli())
	if err == nil {
		_, err = a.db.write.ExecContext(ctx, "DELETE FROM ticket WHERE until < ?", now.UnixMilli())
	}
	return err
}

// MakeToken makes a token for the bot of this name and returns it; it is kept
// nowhere in the clear. A bot may have several: they all are the same bot. A
// name that looks like another bot's is a NameInUse.
func (a *Auth) MakeToken(ctx context.Context, name Name, now time.Time) (Secret, error) {
	tx, err := a.db.write.BeginTx(ctx, nil)
	if err != nil {
		return "", err
	}
	defer tx.Rollback()
	bot := NewID()
	for _, key := range name.Keys {
		var holder int64
		var holderName string
		err := tx.QueryRowContext(ctx, "SELECT t.person, t.name FROM token_key k JOIN token t ON t.person = k.person WHERE k.key = ? LIMIT 1", key).Scan(&holder, &holderName)
		if errors.Is(err, sql.ErrNoRows) {
			continue
		} else if err != nil {
			return "", err
		}
		if holderName != name.Text {
			return "", Refuse(NameInUse, "The name %s looks like that of the bot %s. Choose another.", name.Text, holderName)
		}
		bot = ID(holder)
	}
	secret := newSecret()
	hash, _ := secret.hash()
	if _, err := tx.ExecContext(ctx, "INSERT INTO token (hash, person, name, created) VALUES (?, ?, ?, ?)", hash[:], int64(bot), name.Text, now.UnixMilli()); err != nil {
		return "", err
	}
	for _, key := range name.Keys {
		if _, err := tx.ExecContext(ctx, "INSERT INTO token_key (key, person) VALUES (?, ?) ON CONFLICT DO NOTHING", key, int64(bot)); err != nil {
			return "", err
		}
	}
	return secret, tx.Commit()
}

// token finds the bot that a token belongs to.
func (a *Auth) token(ctx context.Context, secret Secret) (Person, error) {
	hash, ok := secret.hash()
	if !ok {
		return Person{}, errSignedOut
	}
	var person int64
	var p Person
	err := a.db.row(ctx, "SELECT person, name FROM token WHERE hash = ?", hash[:]).Scan(&person, &p.Name)
	if errors.Is(err, sql.ErrNoRows) {
		return Person{}, errSignedOut
	}
	p.ID = ID(person)
	return p, err
}

func (a *Auth) isBot(ctx context.Context, person ID) (bot bool, err error) {
	err = a.db.row(ctx, "SELECT EXISTS (SELECT 1 FROM token WHERE person = ?)", int64(person)).Scan(&bot)
	return bot, err
}

// botOf returns the bot that a name belongs to, 0 if none.
func (a *Auth) botOf(ctx context.Context, name Name) (ID, error) {
	for _, key := range name.Keys {
		var person int64
		err := a.db.row(ctx, "SELECT person FROM token_key WHERE key = ?", key).Scan(&person)
		if err == nil {
			return ID(person), nil
		} else if !errors.Is(err, sql.ErrNoRows) {
			return 0, err
		}
	}
	return 0, nil
}
