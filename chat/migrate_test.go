package chat

import (
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A schema that has grown: version 1 was made by create, each step adds one.
const version1 = "CREATE TABLE word (text TEXT NOT NULL) STRICT"

var grown = schema{
	create: "CREATE TABLE word (text TEXT NOT NULL, length INTEGER NOT NULL DEFAULT 0) STRICT; CREATE TABLE count (n INTEGER) STRICT",
	steps: []string{
		"ALTER TABLE word ADD COLUMN length INTEGER NOT NULL DEFAULT 0; UPDATE word SET length = length(text)",
		"CREATE TABLE count (n INTEGER) STRICT; INSERT INTO count SELECT count(*) FROM word",
	},
}

func query(t *testing.T, db *sql.DB, q string) (n int) {
	t.Helper()
	if err := db.QueryRowContext(t.Context(), q).Scan(&n); err != nil {
		t.Fatalf("%s: %v", q, err)
	}
	return n
}

// old makes a database of version 1 with two rows.
func old(t *testing.T) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "x.db")
	db, err := openDatabase(t.Context(), path, schema{create: version1})
	if err != nil {
		t.Fatal(err)
	}
	defer db.close()
	if v := query(t, db.read, "PRAGMA user_version"); v != 1 {
		t.Fatalf("a fresh file of one version has version %d", v)
	}
	if _, err := db.write.Exec("INSERT INTO word (text) VALUES ('one'), ('three')"); err != nil {
		t.Fatal(err)
	}
	return path
}

func copies(t *testing.T, path string) []string {
	t.Helper()
	found, err := filepath.Glob(path + ".v*")
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestMigrateFresh(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.db")
	for range 2 { // the second time there is nothing to do
		db, err := openDatabase(t.Context(), path, grown)
		if err != nil {
			t.Fatal(err)
		}
		if v := query(t, db.read, "PRAGMA user_version"); v != 3 {
			t.Errorf("version %d, want 3", v)
		}
		if err := db.close(); err != nil {
			t.Fatal(err)
		}
	}
	if c := copies(t, path); c != nil {
		t.Errorf("copies of a file that had nothing to lose: %v", c)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file is %v, %v; want its owner's alone", info.Mode(), err)
	}
}

func TestMigrateOlder(t *testing.T) {
	path := old(t)
	db, err := openDatabase(t.Context(), path, grown)
	if err != nil {
		t.Fatal(err)
	}
	defer db.close()
	if v, n, l := query(t, db.read, "PRAGMA user_version"), query(t, db.read, "SELECT n FROM count"), query(t, db.read, "SELECT sum(length) FROM word"); v != 3 || n != 2 || l != 8 {
		t.Errorf("version %d with count %d and length %d; want 3, 2, 8", v, n, l)
	}
	// The copy is the old file: its version, its rows, and it opens with the old program.
	c := copies(t, path)
	if len(c) != 1 {
		t.Fatalf("copies: %v; want one", c)
	}
	before, err := openDatabase(t.Context(), c[0], schema{create: version1})
	if err != nil {
		t.Fatalf("the copy: %v", err)
	}
	defer before.close()
	if v, n := query(t, before.read, "PRAGMA user_version"), query(t, before.read, "SELECT count(*) FROM word"); v != 1 || n != 2 {
		t.Errorf("the copy has version %d and %d rows; want 1 and 2", v, n)
	}
	if info, err := os.Stat(c[0]); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the copy is %v, %v; want its owner's alone", info.Mode(), err)
	}
}

func TestMigrateRefusesNewer(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.db")
	db, err := openDatabase(t.Context(), path, grown)
	if err != nil {
		t.Fatal(err)
	}
	db.close()
	_, err = openDatabase(t.Context(), path, schema{create: version1})
	if err == nil || !strings.Contains(err.Error(), "newer chatd") || !strings.Contains(err.Error(), "version 3") {
		t.Errorf("an older program says %v; want a sentence that names the newer version", err)
	}
	if c := copies(t, path); c != nil {
		t.Errorf("a refused file was copied: %v", c)
	}
}

// A step that fails takes back what it did, and the file stays what it was; the
// next try, with a program that knows better, goes on from there.
func TestMigrateStepFails(t *testing.T) {
	path := old(t)
	broken := grown
	broken.steps = []string{grown.steps[0], "CREATE TABLE count (n INTEGER) STRICT; INSERT INTO no_such_table VALUES (1)"}
	for range 2 {
		if _, err := openDatabase(t.Context(), path, broken); err == nil || !strings.Contains(err.Error(), "no_such_table") {
			t.Fatalf("the broken step: %v", err)
		}
	}
	raw, err := openPool(path, "ro", "deferred", readerPragmas)
	if err != nil {
		t.Fatal(err)
	}
	if v, n := query(t, raw, "PRAGMA user_version"), query(t, raw, "SELECT count(*) FROM sqlite_schema WHERE name = 'count'"); v != 2 || n != 0 {
		t.Errorf("after the failed step: version %d, its table is there %d times; want 2 and 0", v, n)
	}
	raw.Close()
	db, err := openDatabase(t.Context(), path, grown)
	if err != nil {
		t.Fatal(err)
	}
	defer db.close()
	if n := query(t, db.read, "SELECT n FROM count"); n != 2 {
		t.Errorf("count is %d, want 2", n)
	}
}

// Without its copy there is no upgrade.
func TestMigrateNeedsItsCopy(t *testing.T) {
	path := old(t)
	db, err := openDatabase(t.Context(), path, schema{create: version1})
	if err != nil {
		t.Fatal(err)
	}
	defer db.close()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := grown.migrate(ctx, db); err == nil {
		t.Error("upgraded although it was broken off")
	}
	if v := query(t, db.read, "PRAGMA user_version"); v != 1 {
		t.Errorf("version %d, want 1", v)
	}
	if c := copies(t, path); c != nil {
		t.Errorf("half a copy was left: %v", c)
	}
}

func TestNotADatabase(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "chat.db"), []byte(strings.Repeat("this is no database ", 500)), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenStore(t.Context(), dir); err == nil {
		t.Error("a file that is no database is opened")
	}
}
