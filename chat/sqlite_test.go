package chat

import (
	"context"
	"database/sql"
	"path/filepath"
	"strings"
	"testing"
)

// Every connection has the pragmas, also the one that replaces another.
func TestPragmasOnEveryConnection(t *testing.T) {
	store, err := OpenStore(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	check := func(conn *sql.Conn, pragmas []pragma) {
		t.Helper()
		for _, p := range pragmas {
			var got string
			if err := conn.QueryRowContext(t.Context(), "PRAGMA "+p.name).Scan(&got); err != nil || got != p.value {
				t.Errorf("pragma %s is %q, %v; want %q", p.name, got, err, p.value)
			}
		}
	}
	check(store.tx.conn, writerPragmas)
	for range 2 {
		var conns []*sql.Conn
		for range 4 {
			conn, err := store.db.read.Conn(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			check(conn, readerPragmas)
			conns = append(conns, conn)
		}
		for _, conn := range conns {
			conn.Close()
		}
		store.db.read.SetMaxIdleConns(0) // the next ones are new
	}
	if _, err := store.db.read.ExecContext(t.Context(), "DELETE FROM entry"); err == nil {
		t.Error("a reader can write")
	}
}

// A pragma that does not take is no warning: there is no connection.
func TestPragmaThatDoesNotTake(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.db")
	for _, wrong := range []pragma{
		{"synchronous", "9"},            // SQLite makes of it what it can
		{"journal_mode", "nonsense"},    // is ignored
		{"no_such_pragma", "1"},         // answers nothing
		{"journal_mode", "WAL"},         // answered in lower case: what is asserted is the answer
		{"application_id", "different"}, // not a number
	} {
		db, err := openPool(path, "rwc", "immediate", []pragma{{"busy_timeout", "5000"}, wrong})
		if err != nil {
			t.Fatal(err)
		}
		if err := db.PingContext(t.Context()); err == nil || !strings.Contains(err.Error(), wrong.name) {
			t.Errorf("pragma %s(%s): %v; want a refusal that names it", wrong.name, wrong.value, err)
		}
		db.Close()
	}
	// A memory database cannot have a write-ahead log: the real list is refused there.
	db, err := openPool(path, "memory", "immediate", writerPragmas)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.PingContext(t.Context()); err == nil || !strings.Contains(err.Error(), "journal_mode") {
		t.Errorf("no write-ahead log: %v", err)
	}
}

// Full means an fsync at each commit: nothing may quietly relax that.
func TestWriterIsDurable(t *testing.T) {
	want := map[string]string{"synchronous": "2", "journal_mode": "wal"}
	for _, p := range writerPragmas {
		if value, named := want[p.name]; named && p.value == value {
			delete(want, p.name)
		}
	}
	if len(want) > 0 {
		t.Errorf("the writer lacks %v", want)
	}
}

func TestSQLiteVersion(t *testing.T) {
	db, err := openPool(filepath.Join(t.TempDir(), "x.db"), "rwc", "immediate", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := checkSQLiteVersion(context.Background(), db); err != nil {
		t.Error(err)
	}
	least := minSQLite
	defer func() { minSQLite = least }()
	for _, tooNew := range [][3]int{{4, 0, 0}, {3, 999, 0}} {
		minSQLite = tooNew
		if err := checkSQLiteVersion(context.Background(), db); err == nil {
			t.Errorf("this SQLite passes for %v", tooNew)
		}
	}
}
