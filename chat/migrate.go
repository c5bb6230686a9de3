package chat

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"time"
)

// schema is how a database file is made, and how an older one becomes the
// newest. Versions go forward only; PRAGMA user_version counts them from 1.
type schema struct {
	create string   // makes an empty file the newest version
	steps  []string // steps[i] takes version i+1 to version i+2
}

// version is the newest version: what create makes.
func (s schema) version() int { return len(s.steps) + 1 }

// migrate brings the file to the newest version, in one transaction, after
// making a verified copy beside it. A file that is newer than this program is
// refused: it would not be understood.
func (s schema) migrate(ctx context.Context, db *database) error {
	if err := checkSQLiteVersion(ctx, db.write); err != nil {
		return err
	}
	var version int
	if err := db.write.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version); err != nil {
		return fmt.Errorf("open %s: %w", db.path, err)
	}
	switch {
	case version == s.version():
		return nil
	case version > s.version():
		return fmt.Errorf("%s was written by a newer chatd (its schema is version %d, this chatd knows up to %d). Run that newer chatd, or restore a backup made before the upgrade", db.path, version, s.version())
	case version == 0:
		return inTransaction(ctx, db.write, s.create, s.version())
	}
	if err := db.copyBefore(ctx, version); err != nil {
		return fmt.Errorf("copy of %s before the upgrade: %w", db.path, err)
	}
	for ; version < s.version(); version++ {
		if err := inTransaction(ctx, db.write, s.steps[version-1], version+1); err != nil {
			return fmt.Errorf("upgrade of %s to schema version %d: %w", db.path, version+1, err)
		}
	}
	return nil
}

func inTransaction(ctx context.Context, db *sql.DB, statements string, version int) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if _, err := tx.ExecContext(ctx, statements); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, fmt.Sprintf("PRAGMA user_version = %d", version)); err != nil {
		return err
	}
	return tx.Commit()
}

// copyBefore makes PATH.vN-TIME, a copy as of now, flushes it to the disk and
// opens it to check that it is whole.
func (db *database) copyBefore(ctx context.Context, version int) error {
	path := fmt.Sprintf("%s.v%d-%s", db.path, version, time.Now().UTC().Format("20060102T150405.000Z"))
	if _, err := db.write.ExecContext(ctx, "VACUUM INTO ?", path); err != nil {
		os.Remove(path)
		return err
	}
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := f.Chmod(0o600); err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return err
	}
	copied, err := openPool(path, "ro", "deferred", readerPragmas)
	if err != nil {
		return err
	}
	defer copied.Close()
	var verdict string
	if err := copied.QueryRowContext(ctx, "PRAGMA integrity_check").Scan(&verdict); err != nil {
		return err
	}
	if verdict != "ok" {
		return fmt.Errorf("the copy %s is damaged: %s", path, verdict)
	}
	return nil
}
