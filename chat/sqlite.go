package chat

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"

	"modernc.org/sqlite" // the driver is named in this file and nowhere else
)

// SQLite's primary result codes that chatd tells apart (sqlite.org/rescode.html).
const (
	sqliteFull = 13
)

// pragmas are set on every connection and asserted on each, because a pragma
// that silently falls back (a replaced pool connection, an ignored setting)
// would break the first promise: acknowledged means durable.
var writerPragmas = []pragma{
	{"busy_timeout", "5000"},
	{"journal_mode", "wal"},
	{"synchronous", "2"}, // FULL: an fsync for each commit; NORMAL lost acknowledged rows in a power cut
	{"secure_delete", "1"},
	{"temp_store", "2"},
	{"cache_size", "-16000"},             // KiB
	{"wal_autocheckpoint", "16000"},      // pages; chat.db has checkpoints beside the commits long before (checkpoint.go)
	{"journal_size_limit", "67108864"},   // bytes
	{"fullfsync", onDarwin()},            // there a plain fsync does not reach the medium
	{"checkpoint_fullfsync", onDarwin()}, // likewise
}

var checkpointPragmas = append([]pragma{{"busy_timeout", "50"}}, writerPragmas[1:]...) // commits wait meanwhile

var readerPragmas = []pragma{
	{"busy_timeout", "5000"},
	{"query_only", "1"},
	{"temp_store", "2"},
	{"cache_size", "-4000"},
}

type pragma struct{ name, value string }

func onDarwin() string {
	if runtime.GOOS == "darwin" {
		return "1"
	}
	return "0"
}

// database is one SQLite file: a writer, of which there is one connection, and
// readers beside it, which a write-ahead log keeps out of each other's way.
type database struct {
	path     string
	write    *sql.DB
	read     *sql.DB
	prepared sync.Map // the readers' statements, *sql.Stmt by query
}

// openDatabase opens or makes the file, brings it to the newest schema (see
// migrate.go) and opens the readers.
func openDatabase(ctx context.Context, path string, s schema) (*database, error) {
	// The owner's alone; the files that SQLite puts beside it take after it.
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := f.Close(); err != nil {
		return nil, err
	}
	write, err := openPool(path, "rwc", "immediate", writerPragmas)
	if err != nil {
		return nil, err
	}
	write.SetMaxOpenConns(1)
	db := &database{path: path, write: write}
	if err := s.migrate(ctx, db); err != nil {
		write.Close()
		return nil, err
	}
	db.read, err = openPool(path, "ro", "deferred", readerPragmas)
	if err != nil {
		write.Close()
		return nil, err
	}
	db.read.SetMaxOpenConns(4)
	db.read.SetMaxIdleConns(4)
	return db, nil
}

// rows asks the readers. A statement is prepared once for each connection: SQLite took
// longer to parse most queries than to answer them.
func (db *database) rows(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	stmt, err := db.prepare(ctx, query)
	if err != nil {
		return nil, err
	}
	return stmt.QueryContext(ctx, args...)
}

// row asks the readers for one row. A statement that cannot be prepared surfaces in Scan.
func (db *database) row(ctx context.Context, query string, args ...any) *sql.Row {
	stmt, err := db.prepare(ctx, query)
	if err != nil {
		return db.read.QueryRowContext(ctx, query, args...)
	}
	return stmt.QueryRowContext(ctx, args...)
}

func (db *database) prepare(ctx context.Context, query string) (*sql.Stmt, error) {
	if stmt, known := db.prepared.Load(query); known {
		return stmt.(*sql.Stmt), nil
	}
	stmt, err := db.read.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	first, raced := db.prepared.LoadOrStore(query, stmt)
	if raced {
		stmt.Close() // a connection that is broken says so to its next user, too
	}
	return first.(*sql.Stmt), nil
}

func (db *database) close() error {
	return errors.Join(db.read.Close(), db.write.Close())
}

func openPool(path, mode, lock string, pragmas []pragma) (*sql.DB, error) {
	file := url.URL{Scheme: "file", Path: filepath.ToSlash(path)}
	if runtime.GOOS == "windows" {
		file.Path = "/" + file.Path // file:///C:/…
	}
	query := url.Values{"mode": {mode}, "_txlock": {lock}}
	for _, p := range pragmas {
		query.Add("_pragma", p.name+"("+p.value+")")
	}
	file.RawQuery = query.Encode()
	connector, err := sqlite.NewConnector(file.String())
	if err != nil {
		return nil, err
	}
	return sql.OpenDB(assertingConnector{connector, pragmas}), nil
}

// assertingConnector refuses a new connection on which a pragma did not take.
type assertingConnector struct {
	driver.Connector
	pragmas []pragma
}

func (a assertingConnector) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := a.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	for _, p := range a.pragmas {
		got, err := readPragma(ctx, conn, p.name)
		if err == nil && got != p.value {
			err = fmt.Errorf("sqlite: pragma %s is %s and not %s", p.name, got, p.value)
		}
		if err != nil {
			conn.Close()
			return nil, err
		}
	}
	return conn, nil
}

func readPragma(ctx context.Context, conn driver.Conn, name string) (string, error) {
	rows, err := conn.(driver.QueryerContext).QueryContext(ctx, "PRAGMA "+name, nil)
	if err != nil {
		return "", err
	}
	defer rows.Close()
	value := make([]driver.Value, 1)
	if err := rows.Next(value); err != nil {
		return "", fmt.Errorf("sqlite: pragma %s: %w", name, err)
	}
	return fmt.Sprint(value[0]), nil
}

// pagesWritten is how many pages a connection has written since it was asked last.
func pagesWritten(conn *sql.Conn) (n int) {
	_ = conn.Raw(func(driver any) (err error) { // the driver has this counter, and counting cannot fail
		n, _, err = driver.(sqlite.DBStatus).Status(sqlite.DBStatusCacheWrite, true)
		return err
	})
	return n
}

// isFull reports that a write failed because the disk has no room (SQLITE_FULL,
// which SQLite makes of ENOSPC): nothing is wrong with the file.
func isFull(err error) bool {
	var e *sqlite.Error
	return errors.As(err, &e) && e.Code()&0xff == sqliteFull
}

// minSQLite is the first version with every fix that chatd's promises need: the
// WAL-reset corruption (3.51.3) and the FTS5 memory corruption (3.53.2).
var minSQLite = [3]int{3, 53, 2}

func checkSQLiteVersion(ctx context.Context, db *sql.DB) error {
	var text string
	if err := db.QueryRowContext(ctx, "SELECT sqlite_version()").Scan(&text); err != nil {
		return err
	}
	var v [3]int
	if _, err := fmt.Sscanf(strings.TrimSpace(text), "%d.%d.%d", &v[0], &v[1], &v[2]); err != nil {
		return fmt.Errorf("sqlite version %q: %w", text, err)
	}
	for i, least := range minSQLite {
		if v[i] != least {
			if v[i] < least {
				return fmt.Errorf("chatd needs SQLite 3.53.2 or newer; this build has %s", text)
			}
			break
		}
	}
	return nil
}
