package chat

import (
	"context"
	"database/sql"
	"maps"
	"slices"
	"sync"
	"time"
)

// maxUnread is where counting stops: a page shows "99+".
const maxUnread = 100

// MarkRead says that the actor has read everything in the room up to this
// place. It is a personal signal: not in the log, written within seconds.
// A mark never moves back. His other streams are told, if he has any.
func (s *Server) MarkRead(ctx context.Context, actor Actor, room string, upTo Seq) error {
	row, err := s.store.roomFor(ctx, actor.ID, room)
	if err != nil {
		return err
	}
	moved := s.personal.mark(actor.ID, row.id, min(upTo, s.store.Head()))
	if !moved || !s.presence.elsewhere(actor.ID) {
		return nil
	}
	r, err := s.Room(ctx, actor, room)
	if err == nil {
		s.tellReading(actor, r)
	}
	return err
}

// Reading is how far somebody is in a room, as he himself is told.
type Reading struct {
	Room   string
	Head   Seq // the newest message that was counted
	Unread int // up to 100
	Muted  bool
}

// tellReading tells all of the actor's streams how far he is in a room.
func (s *Server) tellReading(actor Actor, r Room) {
	s.hub.send(signal{bytes: s.encoder.Reading(Reading{r.Name, r.Head, r.Unread, r.Muted}), room: r.Name, to: actor.ID})
}

// unreadAfter counts, never subtracts: places of other rooms and of the person's own words lie between.
func unreadAfter(ctx context.Context, tx *sql.Tx, person ID, room int64, read Seq) (n int, err error) {
	err = tx.QueryRowContext(ctx, "SELECT count(*) FROM (SELECT 1 FROM entry WHERE room = ? AND kind = 1 AND author <> ? AND seq > ? LIMIT ?)",
		room, int64(person), int64(read), maxUnread).Scan(&n)
	return n, err
}

// personal holds what people's devices say of themselves (when they were last
// here, how far they have read) until it is written to the store, so that it
// costs one transaction every few seconds and not one each time.
type personal struct {
	mu    sync.Mutex
	seen  map[ID]sighting
	marks map[markKey]Seq
	back  map[markKey]Seq // what is not read any more: written before marks, which came later

	writing sync.Mutex // one flush at a time, so that an older mark is never written after a newer one; taken before mu
}

type sighting struct {
	at   time.Time
	room string // "" leaves the stored one
}

type markKey struct {
	person ID
	room   int64
}

// mark notes how far somebody has read; moved says that this is not known to be no news.
func (p *personal) mark(person ID, room int64, seq Seq) (moved bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	key := markKey{person, room}
	moved = seq > p.marks[key]
	p.marks[key] = max(p.marks[key], seq)
	return moved
}

// unmark takes a mark back to a place before it.
func (p *personal) unmark(person ID, room int64, seq Seq) {
	p.mu.Lock()
	defer p.mu.Unlock()
	key := markKey{person, room}
	delete(p.marks, key)
	if p.back == nil {
		p.back = map[markKey]Seq{}
	}
	p.back[key] = seq
}

func (p *personal) marked(person ID, room int64) Seq {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.marks[markKey{person, room}]
}

func (p *personal) sight(person ID, at time.Time, room string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if room == "" {
		room = p.seen[person].room
	}
	p.seen[person] = sighting{at, room}
}

func (p *personal) sighted(person ID) sighting {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.seen[person]
}

// flush writes what has come since the last time. What cannot be written stays
// for the next time; later news of the same thing wins.
func (p *personal) flush(store *Store) error {
	p.writing.Lock()
	defer p.writing.Unlock()
	p.mu.Lock()
	seen, marks, back := p.seen, p.marks, p.back
	p.seen, p.marks, p.back = map[ID]sighting{}, map[markKey]Seq{}, nil
	p.mu.Unlock()
	if len(seen)+len(marks)+len(back) == 0 {
		return nil
	}
	err := inParts(store, back, func(t *tx, key markKey, seq Seq) error {
		_, err := t.exec(`INSERT INTO read_mark (person, room, seq) VALUES (?1, ?2, ?3)
			ON CONFLICT DO UPDATE SET seq = ?3`, int64(key.person), key.room, int64(seq))
		return err
	})
	if err == nil {
		err = inParts(store, seen, func(t *tx, person ID, s sighting) error {
			_, err := t.exec(`INSERT INTO seen (person, at, room) VALUES (?1, ?2, ?3)
				ON CONFLICT DO UPDATE SET at = max(at, ?2), room = CASE ?3 WHEN '' THEN room ELSE ?3 END`, int64(person), s.at.UnixMilli(), s.room)
			return err
		})
	}
	if err == nil {
		err = inParts(store, marks, func(t *tx, key markKey, seq Seq) error {
			_, err := t.exec(`INSERT INTO read_mark (person, room, seq) VALUES (?1, ?2, ?3)
				ON CONFLICT DO UPDATE SET seq = max(seq, ?3)`, int64(key.person), key.room, int64(seq))
			return err
		})
	}
	if err != nil {
		for person, s := range seen {
			if p.sighted(person).at.IsZero() {
				p.sight(person, s.at, s.room)
			}
		}
		for key, seq := range marks {
			p.mark(key.person, key.room, seq)
		}
		p.mu.Lock()
		for key, seq := range back {
			if _, newer := p.back[key]; !newer {
				if p.back == nil {
					p.back = map[markKey]Seq{}
				}
				p.back[key] = seq
			}
		}
		p.mu.Unlock()
	}
	return err
}

// partSize is how many personal signals are written in one transaction. Messages wait for it: some milliseconds.
const partSize = 500

func inParts[K comparable, V any](store *Store, all map[K]V, write func(*tx, K, V) error) error {
	for part := range slices.Chunk(slices.Collect(maps.Keys(all)), partSize) {
		err := store.update(func(t *tx) error {
			for _, key := range part {
				if err := write(t, key, all[key]); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}
