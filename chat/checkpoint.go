package chat

import (
	"context"
	"database/sql"
	"fmt"
)

// checkpointPages is how far the write-ahead log grows before it is carried over into the file.
// With fewer the same pages are carried over more often; with more the commits beside it share the
// disk with it for longer. At 1000, 2000 and 4000 the slowest of a hundred answers took 3.4, 4.6 and
// 6.5 ms of 2,000 a second, and at 1000 a busy server took 7 % fewer posts (chatd bench ack).
const checkpointPages = 2000

// checkpoints carries the write-ahead log over into the file whenever it has grown, until ctx
// ends. It has a connection of its own: done by the writer, as SQLite does if left alone, it
// would make everybody wait whose commit comes next. If writing fails the error wraps ErrStorage.
func (s *Store) checkpoints(ctx context.Context) error {
	db, err := openPool(s.db.path, "rw", "deferred", checkpointPragmas)
	if err != nil {
		return err
	}
	defer db.Close()
	conn, err := db.Conn(ctx) // now, and not when there may be no descriptor left
	if err != nil {
		return unlessOver(ctx, err)
	}
	defer conn.Close()
	for {
		select {
		case <-s.grown:
		case <-ctx.Done():
			return nil
		}
		err := s.checkpoint(ctx, conn)
		if err != nil && !isFull(err) { // with a full disk, the next one does it once there is room
			return unlessOver(ctx, fmt.Errorf("%w: checkpoint: %w", ErrStorage, err))
		}
	}
}

// unlessOver returns err, but nil if it came of ctx having ended.
func unlessOver(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return nil
	}
	return err
}

// checkpoint carries over what is there, beside commits and readers, and then, while nobody commits,
// the little that came meanwhile: the log begins anew only if there is nothing left in it and
// nobody reads from it. Readers are soon done; one that is not is tried again the next time.
func (s *Store) checkpoint(ctx context.Context, conn *sql.Conn) error {
	if err := carryOver(ctx, conn, "PASSIVE"); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return carryOver(ctx, conn, "RESTART")
}

// carryOver makes a checkpoint (sqlite.org/pragma.html#pragma_wal_checkpoint). That somebody was in the way is no error.
func carryOver(ctx context.Context, conn *sql.Conn, mode string) error {
	var busy, inLog, carried int
	return conn.QueryRowContext(ctx, "PRAGMA wal_checkpoint("+mode+")").Scan(&busy, &inLog, &carried)
}

// wrote counts the pages of a commit. The caller holds mu.
func (s *Store) wrote(pages int) {
	if s.pages += pages; s.pages < checkpointPages {
		return
	}
	s.pages = 0
	select {
	case s.grown <- struct{}{}:
	default: // the one that is due will do
	}
}
