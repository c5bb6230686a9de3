package chat

import (
	"context"
	"crypto/rand"
	"database/sql"
	_ "embed"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"
)

//go:embed schema.sql
var schemaSQL string

// ErrStorage marks an error of the disk or of the database file while writing.
// After it nothing more is acknowledged: a failed fsync that is tried again may
// report a success that never happened. The process ends with status 75 and is
// started anew, and what was not acknowledged is sent again by its authors.
var ErrStorage = errors.New("writing to the data directory failed")

// Store is chat.db: the log's entries and every view of them. It is written by
// Apply and by the flush of personal signals, one at a time; its readers run
// beside that and never wait for it. Methods are safe for concurrent use.
type Store struct {
	db      *database
	data    string
	epoch   string
	applied atomic.Uint64
	head    atomic.Uint64
	house   atomic.Pointer[house] // as of the last commit

	mu    sync.Mutex // guards tx: there is one writer
	tx    tx
	pages int           // written since a checkpoint was asked for
	grown chan struct{} // cap 1: a checkpoint is due
}

// OpenStore opens chat.db in the directory dir, or makes it, or brings an older
// one to the newest schema.
func OpenStore(ctx context.Context, dir string) (*Store, error) {
	db, err := openDatabase(ctx, filepath.Join(dir, "chat.db"), schema{create: schemaSQL})
	if err != nil {
		return nil, err
	}
	s := &Store{db: db, grown: make(chan struct{}, 1)}
	if err := s.open(ctx); err != nil {
		db.close()
		return nil, err
	}
	return s, nil
}

func (s *Store) open(ctx context.Context) error {
	conn, err := s.db.write.Conn(ctx)
	if err != nil {
		return err
	}
	s.tx = tx{ctx: context.WithoutCancel(ctx), conn: conn, statements: map[string]*sql.Stmt{}}
	s.tx.forget()
	err = s.update(func(t *tx) error {
		for key, fresh := range map[string]any{"data": randomHex(), "epoch": randomHex(), "applied": int64(0)} {
			if _, err := t.exec("INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT DO NOTHING", key, fresh); err != nil {
				return err
			}
		}
		h, err := t.house()
		s.house.Store(h)
		return err
	})
	if err != nil {
		return err
	}
	var applied, head int64
	read := func(key string, into any) {
		err = errors.Join(err, conn.QueryRowContext(ctx, "SELECT value FROM meta WHERE key = ?", key).Scan(into))
	}
	read("data", &s.data)
	read("epoch", &s.epoch)
	read("applied", &applied)
	err = errors.Join(err, conn.QueryRowContext(ctx, selectHead).Scan(&head))
	s.applied.Store(uint64(max(applied, head)))
	s.head.Store(uint64(head))
	return err
}

const selectHead = "SELECT coalesce(max(seq), 0) FROM entry"

func randomHex() string {
	b := make([]byte, 16)
	rand.Read(b)
	return hex.EncodeToString(b)
}

// Newest returns the newest entry that stands, for a log that goes on from there; false if there is none.
func (s *Store) Newest(ctx context.Context) (Entry, bool, error) {
	entries, err := s.entries(ctx, "ORDER BY e.seq DESC LIMIT 1")
	if err != nil || len(entries) == 0 {
		return Entry{}, false, err
	}
	return entries[0], true, nil
}

// Entries reads up to limit entries behind a place, in order, for a log that replays them.
func (s *Store) Entries(ctx context.Context, after Seq, limit int) ([]Entry, error) {
	return s.entries(ctx, "WHERE e.seq > ? ORDER BY e.seq LIMIT ?", int64(after), limit)
}

func (s *Store) entries(ctx context.Context, where string, args ...any) ([]Entry, error) {
	rows, err := s.db.rows(ctx, selectEntry+where, args...)
	if err != nil {
		return nil, err
	}
	entries, _, err := scanEntries(rows, math.MaxInt)
	if err != nil {
		return nil, err
	}
	return entries, complete(ctx, s.db.read, entries)
}

// Close closes the file. Nothing may use the store any more.
func (s *Store) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tx.close()
	return s.db.close()
}

// DataID is the identity of this data, for ever; Epoch changes when it is
// restored from a copy, so that a cursor from before does not fit.
func (s *Store) DataID() string { return s.data }

// Epoch says to which history a cursor belongs.
func (s *Store) Epoch() string { return s.epoch }

// Applied is how far the store has followed the log, entries that were void included.
func (s *Store) Applied() Seq { return Seq(s.applied.Load()) }

// Head is the place of the newest entry that stands: what a cursor can be.
func (s *Store) Head() Seq { return Seq(s.head.Load()) }

// Apply writes the entries and every view of them in one transaction, and says
// of each whether it stands. When it returns, what stands is durable; then
// each entry that stands has its By filled in. With an error nothing of the
// batch is stored: ErrStorageFull leaves the store as it was, any other wraps ErrStorage or names an
// entry of a kind that this program does not know, and ends the follower.
//
// Entries come in order. One that was applied before gets its answer and changes nothing.
// Only the log's follower calls it.
func (s *Store) Apply(ctx context.Context, entries []Entry) ([]Verdict, error) {
	verdicts := make([]Verdict, len(entries))
	applied, head := s.Applied(), s.Head()
	var changed *house
	err := s.update(func(t *tx) error {
		var renew bool
		for i := range entries {
			e := &entries[i]
			verdict, err := t.apply(e, e.Seq <= applied)
			if err != nil {
				return err
			}
			verdicts[i] = verdict
			if verdict.stands() {
				head = e.Seq
				renew = renew || rules[e.Kind].house
			}
			applied = max(applied, e.Seq)
		}
		if renew {
			var err error
			if changed, err = t.house(); err != nil {
				return err
			}
		}
		if applied == head {
			return nil // the entry says so: a page less to write for each commit
		}
		_, err := t.exec("UPDATE meta SET value = ? WHERE key = 'applied'", int64(applied))
		return err
	})
	if err != nil {
		return nil, err
	}
	if changed != nil {
		s.house.Store(changed)
	}
	s.applied.Store(uint64(applied))
	s.head.Store(uint64(head))
	return verdicts, nil
}

func (v Verdict) stands() bool { return v.Refused == nil && !v.Dup }

// update runs f in a transaction, and makes what it did durable.
func (s *Store) update(f func(*tx) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := &s.tx
	err := t.do("BEGIN IMMEDIATE")
	if err == nil {
		if err = f(t); err == nil {
			err = t.do("COMMIT")
		}
		if err != nil {
			t.forget()
			// After some errors SQLite has rolled back by itself; then this
			// one says so, and there is nothing to do about it.
			_ = t.do("ROLLBACK")
		}
	}
	switch {
	case err == nil:
		s.wrote(pagesWritten(t.conn))
		return nil
	case isFull(err):
		return ErrStorageFull
	case errors.Is(err, errUnknownKind):
		return err
	}
	return fmt.Errorf("%w: %w", ErrStorage, err)
}

var errUnknownKind = errors.New("the log has an event of a kind that this chatd does not know; a newer chatd is needed")

// apply decides one entry. A refusal takes back what was written of it and leaves the rest of the batch alone.
func (t *tx) apply(e *Entry, again bool) (Verdict, error) {
	rule, known := rules[e.Kind]
	switch {
	case !known:
		return Verdict{}, fmt.Errorf("%w: %s", errUnknownKind, e.Kind)
	case again:
		return verdictOf(t.earlier(e, errVoid))
	case rule.refusesFirst:
		verdict, err := verdictOf(t.decide(e, rule))
		if err == nil && verdict.Refused != nil {
			_, err = t.exec("DELETE FROM entry WHERE seq = ?", int64(e.Seq))
		}
		return verdict, err
	}
	if err := t.do("SAVEPOINT entry"); err != nil {
		return Verdict{}, err
	}
	verdict, err := verdictOf(t.decide(e, rule))
	if err == nil && verdict.Refused != nil {
		t.forget()
		err = t.do("ROLLBACK TO entry")
	}
	if err == nil {
		err = t.do("RELEASE entry")
	}
	return verdict, err
}

// verdictOf makes a verdict of a refusal.
func verdictOf(v Verdict, err error) (Verdict, error) {
	if refused, ok := errors.AsType[*Error](err); ok {
		return Verdict{Refused: refused}, nil
	}
	return v, err
}

// errVoid answers an entry that comes a second time and did not stand the first time.
var errVoid = Refuse(Conflict, "This was refused before.")

// decide writes the entry and runs its rule. A repeat is found by its identity
// before anything else is asked: it gets the first answer even if it would be refused today.
func (t *tx) decide(e *Entry, rule rule) (Verdict, error) {
	var room any
	switch {
	case e.Kind == RoomCreated:
		room = int64(e.Seq)
	case rule.inRoom:
		r, err := t.room(e.Room)
		if errors.Is(err, sql.ErrNoRows) {
			return t.earlier(e, errNotFoundRoom)
		} else if err != nil {
			return Verdict{}, err
		}
		room = r.id
	}
	body := e.Body
	if rule.keeps != nil {
		body = rule.keeps(body)
	}
	if body == nil {
		body = []byte{}
	}
	inserted, err := t.exec("INSERT INTO entry (seq, kind, room, author, at, cid, body) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (author, cid) DO NOTHING",
		int64(e.Seq), rule.code, room, int64(e.Author), e.At.UnixMilli(), e.CID, body)
	if err != nil {
		return Verdict{}, err
	}
	if !inserted {
		return t.earlier(e, nil)
	}
	if rule.public || rule.house {
		if err := t.admits(e.Author); err != nil {
			return Verdict{}, err
		}
	}
	if err := rule.apply(t, e); err != nil {
		return Verdict{}, err
	}
	if e.By, err = t.person(e.Author); err != nil {
		return Verdict{}, err
	}
	e.Of = nil
	for _, id := range e.about() {
		who, err := t.person(id)
		if err != nil {
			return Verdict{}, err
		}
		e.Of = append(e.Of, who)
	}
	return Verdict{Receipt: Receipt{Seq: e.Seq, At: e.At}}, nil
}

// earlier answers an entry whose identity is taken with the first one's place;
// if there is none, with otherwise.
func (t *tx) earlier(e *Entry, otherwise *Error) (Verdict, error) {
	var seq, at int64
	var code int
	var room sql.NullString
	var body []byte
	err := t.row("SELECT e.seq, e.at, e.kind, r.name, e.body FROM entry e LEFT JOIN room r ON r.id = e.room WHERE e.author = ? AND e.cid = ?",
		int64(e.Author), e.CID).Scan(&seq, &at, &code, &room, &body)
	if errors.Is(err, sql.ErrNoRows) && otherwise != nil {
		return Verdict{}, otherwise
	}
	if err != nil {
		return Verdict{}, err
	}
	same := code == rules[e.Kind].code && room.String == e.Room
	if same {
		// A log may have read what it delivers again from the store.
		equal := string(body) == string(e.Body)
		if same, err = t.sameText(Seq(seq), e, equal); err != nil {
			return Verdict{}, err
		}
		same = same || equal && otherwise == errVoid
	}
	if !same {
		return Verdict{}, Refuse(CIDConflict, "This cid was already used for something else.")
	}
	return Verdict{Receipt: Receipt{Seq: Seq(seq), At: time.UnixMilli(at).UTC(), Dup: true}}, nil
}
