package chat

import (
	"context"
	"database/sql"
)

// What tests outside the package need to reach inside.

// NarrowQueues makes a server's bounds so small that every reader falls behind.
func NarrowQueues(s *Server, frames, ringBytes int) { s.bounds.queued, s.hub.keep = frames, ringBytes }

// ShortPatience makes a server reset whoever is further behind than this.
func ShortPatience(s *Server, visible, scanned int) {
	s.bounds.visible, s.bounds.scanned = visible, scanned
}

// Writer and Reader are the pools of a store.
func Writer(s *Store) *sql.DB { return s.db.write }
func Reader(s *Store) *sql.DB { return s.db.read }

// WithWriter lends the one writing connection.
func WithWriter(s *Store, use func(*sql.Conn) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return use(s.tx.conn)
}

// LapseNames and Flush are what the ticker does now and then.
func LapseNames(ctx context.Context, s *Server) error { return s.lapseNames(ctx) }
func Flush(s *Server) error                           { s.sight(); return s.personal.flush(s.store) }

// Queued is how much a feed holds.
func Queued(f *Feed) (frames, bytes, signals int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.queue), f.queuedBytes, len(f.signals)
}

const (
	MaxQueuedFrames  = maxQueuedFrames
	MaxQueuedBytes   = maxQueuedBytes
	MaxQueuedSignals = maxQueuedSignals
	RingBytes        = ringBytes
	ScanWindow       = scanWindow
	PageBytes        = pageBytes
)

// LogOf is the log that a server appends to.
func LogOf(s *Server) Log { return s.log }

// Buckets is how many keys a limiter remembers.
func Buckets[K comparable](l *Limiter[K]) int { return len(l.buckets) }

// Publish does what the follower does after a commit, for entries that nobody stored.
func Publish(s *Server, e *Entry) { s.hub.publish([]Frame{s.frame(e)}, e.Seq) }

// Woken says whether Next would return at once.
func Woken(f *Feed) bool { return len(f.wake) > 0 }

// Ring is what a server's hub remembers.
func Ring(s *Server) (frames, bytes int) {
	s.hub.mu.Lock()
	defer s.hub.mu.Unlock()
	return len(s.hub.ring), s.hub.size
}

// Sessions counts what auth.db has, ended or not; -1 if it cannot be read.
func Sessions(a *Auth) (n int) {
	if err := a.db.read.QueryRow("SELECT count(*) FROM session").Scan(&n); err != nil {
		return -1
	}
	return n
}

// CheckpointBytes is how much is written to the write-ahead log between two checkpoints.
const CheckpointBytes = checkpointPages * 4096
