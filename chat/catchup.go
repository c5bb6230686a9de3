package chat

import (
	"context"
	"database/sql"
	"errors"
)

// bounds say how far a feed may be behind; tests have smaller ones. With more
// than queued it reads on from the ring or the store. Who is further behind than the others
// is told so by one reset: the client loads pages of what it shows instead of
// being sent everything.
type bounds struct {
	queued  int // frames in the queue
	visible int // events that the actor may see
	scanned int // places to look at
}

var usualBounds = bounds{queued: maxQueuedFrames, visible: 10_000, scanned: 100_000}

const (
	// scanWindow is how many places one read of the store looks at, so that no
	// read transaction is long.
	scanWindow = 5_000
	// pageBytes bounds the text of one read: a thousand readers that catch up
	// at once hold a thousand pages.
	pageBytes = 64 << 10
)

// catchUp hands out the next part of what lies behind the cursor: from the
// hub's ring where it reaches back so far, else from the store.
func (f *Feed) catchUp(ctx context.Context) (Batch, error) {
	if f.reset {
		return f.toHead(ctx)
	}
	if f.rooms == nil {
		rooms, err := f.server.store.roomsAt(ctx, f.actor.ID, f.cursor, f.only)
		if err != nil {
			return Batch{}, err
		}
		f.rooms = rooms
	}
	if batch, ok := f.fromRing(); ok {
		return batch, nil
	}
	if !f.distanceKnown {
		far, err := f.server.store.tooFar(ctx, f.actor.ID, f.cursor, f.server.bounds)
		if err != nil {
			return Batch{}, err
		}
		if far {
			return f.toHead(ctx)
		}
		f.distanceKnown = true
	}
	return f.fromStore(ctx)
}

// toHead gives up what lies between and goes on from the head.
func (f *Feed) toHead(ctx context.Context) (Batch, error) {
	head := f.server.hub.Head()
	rooms, err := f.server.store.roomsAt(ctx, f.actor.ID, head, f.only)
	if err != nil {
		return Batch{}, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.cursor, f.rooms, f.reset = head, rooms, false
	return Batch{Reset: true, Cursor: head}, nil
}

// fromRing takes what the ring has after the cursor, as much as a queue may
// hold. With the last of it the feed is live: nothing is published meanwhile,
// because the hub's lock is held.
func (f *Feed) fromRing() (batch Batch, ok bool) {
	ok = f.server.hub.after(f, f.cursor, func(frames []Frame, head Seq) bool {
		f.mu.Lock()
		defer f.mu.Unlock()
		size := 0
		for i := range frames {
			frame := &frames[i]
			if len(batch.Frames) >= f.server.bounds.queued || size+len(frame.Bytes) > maxQueuedBytes {
				batch.Cursor = f.cursor
				return false
			}
			f.cursor = frame.Seq
			if f.passes(frame) {
				batch.Frames = append(batch.Frames, *frame)
				size += len(frame.Bytes)
			}
		}
		// The store may have been read past the head: what is committed and not yet published.
		f.cursor, f.live = max(f.cursor, head), true
		batch.Cursor, batch.Live = f.cursor, true
		batch.Signals = [][]byte{f.server.presence.snapshot()}
		return true
	})
	return batch, ok
}

// fromStore reads a window of places after the cursor. The cursor moves to the
// window's end, so that entries which the actor may not see cannot pin it.
func (f *Feed) fromStore(ctx context.Context) (Batch, error) {
	entries, end, err := f.server.store.visible(ctx, f.actor.ID, f.cursor, f.server.bounds.queued)
	if err != nil {
		return Batch{}, err
	}
	rooms, err := f.server.store.roomsAt(ctx, f.actor.ID, end, f.only)
	if err != nil {
		return Batch{}, err
	}
	batch := Batch{Cursor: end}
	for i := range entries {
		if f.only == nil || f.only[entries[i].Room] {
			batch.Frames = append(batch.Frames, f.server.frame(&entries[i]))
		}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.cursor, f.rooms = end, rooms
	return batch, nil
}

// mayEverSee is the condition that a person may see entry e: it belongs to a
// room and happened while he was in it. Everyone is always in the lobby.
const mayEverSee = `(e.room = 0 OR EXISTS (SELECT 1 FROM stay s WHERE s.person = ?1 AND s.room = e.room AND s.since <= e.seq AND (s.until IS NULL OR s.until >= e.seq)))`

// visible reads the entries after a place that a person may see: those of one
// window, and of a window no more than limit. end is how far it looked.
func (s *Store) visible(ctx context.Context, person ID, after Seq, limit int) (entries []Entry, end Seq, err error) {
	tx, err := s.db.read.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return nil, 0, err
	}
	defer tx.Rollback()
	// The window ends at an entry that exists, because its place becomes a cursor.
	var last sql.NullInt64
	if err := tx.QueryRowContext(ctx, "SELECT max(seq) FROM (SELECT seq FROM entry WHERE seq > ? ORDER BY seq LIMIT ?)", int64(after), scanWindow).Scan(&last); err != nil {
		return nil, 0, err
	}
	if !last.Valid {
		return nil, after, nil
	}
	rows, err := tx.QueryContext(ctx, selectEntry+"WHERE e.seq > ?2 AND e.seq <= ?3 AND "+mayEverSee+" ORDER BY e.seq LIMIT ?4", int64(person), int64(after), last.Int64, limit)
	if err != nil {
		return nil, 0, err
	}
	entries, whole, err := scanEntries(rows, pageBytes)
	if err != nil {
		return nil, 0, err
	}
	if err := complete(ctx, tx, entries); err != nil {
		return nil, 0, err
	}
	if err := s.veil(ctx, person, entries); err != nil {
		return nil, 0, err
	}
	if err := nameOthers(ctx, tx, entries); err != nil {
		return nil, 0, err
	}
	if !whole || len(entries) == limit {
		return entries, entries[len(entries)-1].Seq, nil
	}
	return entries, Seq(last.Int64), nil
}

// nameOthers fills in whom the entries are about.
func nameOthers(ctx context.Context, tx *sql.Tx, entries []Entry) error {
	for i := range entries {
		for _, id := range entries[i].about() {
			p := Person{ID: id}
			if err := tx.QueryRowContext(ctx, "SELECT name FROM person WHERE id = ?", int64(id)).Scan(&p.Name); err != nil {
				return err
			}
			entries[i].Of = append(entries[i].Of, p)
		}
	}
	return nil
}

// tooFar says whether catching up from a place is more than a stream should carry.
func (s *Store) tooFar(ctx context.Context, person ID, after Seq, b bounds) (bool, error) {
	var behind int
	err := s.db.row(ctx, "SELECT count(*) FROM (SELECT 1 FROM entry WHERE seq > ? LIMIT ?)", int64(after), b.scanned+1).Scan(&behind)
	if err != nil || behind <= b.visible || behind > b.scanned {
		return behind > b.scanned, err
	}
	err = s.db.row(ctx, "SELECT count(*) FROM (SELECT 1 FROM entry e WHERE e.seq > ?2 AND "+mayEverSee+" LIMIT ?3)", int64(person), int64(after), b.visible+1).Scan(&behind)
	return behind > b.visible, err
}

// knows says whether a place was ever given out as a cursor: it is an entry's, or the very beginning.
func (s *Store) knows(ctx context.Context, place Seq) (bool, error) {
	if place == 0 {
		return true, nil
	}
	var one int
	err := s.db.row(ctx, "SELECT 1 FROM entry WHERE seq = ?", int64(place)).Scan(&one)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

// justLobby is where most people are at a large event: one set for all of them.
var justLobby = map[string]bool{Lobby: true}

// roomsAt returns the rooms that a person was in right after a place, of those asked for. The set may be shared.
func (s *Store) roomsAt(ctx context.Context, person ID, place Seq, only map[string]bool) (map[string]bool, error) {
	rooms := map[string]bool{}
	if only == nil || only[Lobby] {
		rooms[Lobby] = true
	}
	rows, err := s.db.rows(ctx, "SELECT r.name FROM stay s JOIN room r ON r.id = s.room WHERE s.person = ?1 AND s.since <= ?2 AND (s.until IS NULL OR s.until > ?2)", int64(person), int64(place))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var room string
		if err := rows.Scan(&room); err != nil {
			return nil, err
		}
		if only == nil || only[room] {
			rooms[room] = true
		}
	}
	if len(rooms) == 1 && rooms[Lobby] {
		rooms = justLobby
	}
	return rooms, rows.Err()
}
