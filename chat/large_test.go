package chat_test

import (
	"context"
	"database/sql"
	"fmt"
	"testing"

	"chatd/chat"
)

// history writes n messages of somebody into the lobby at once, or into a room
// that only he ever was in, as if they had been said, and opens the store again.
// It returns the directory.
func history(t testing.TB, n int, private bool) (dir string) {
	t.Helper()
	dir = t.TempDir()
	store, err := chat.OpenStore(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	room := 0
	if private {
		room = 2
	}
	if err := chat.WithWriter(store, func(conn *sql.Conn) error { return writeHistory(t.Context(), conn, n, room) }); err != nil {
		t.Fatal(err)
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	return dir
}

// writeHistory: place 1 is the talker's name, place 2 the room's beginning, and then come the messages.
func writeHistory(ctx context.Context, conn *sql.Conn, n, room int) error {
	for _, statement := range []string{
		"BEGIN IMMEDIATE",
		"INSERT INTO person (id, name, held, renewed) VALUES (7, 'talker', 1, 0)",
		"INSERT INTO name_key (key, person) VALUES ('talker', 7)",
		`INSERT INTO entry (seq, kind, room, author, at, cid, body) VALUES (1, 5, NULL, 7, 0, 'name', x'7b7d'), (2, 2, 2, 7, 0, 'room', x'7b7d')`,
		"INSERT INTO room (id, name, title, private) VALUES (2, 'board', 'Board', 1)",
		"INSERT INTO stay (person, room, since) VALUES (7, 2, 2)",
		fmt.Sprintf(`WITH RECURSIVE i(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM i WHERE n < %d)
			INSERT INTO entry (seq, kind, room, author, at, cid, body) SELECT n + 2, 1, %d, 7, 1700000000000 + n * 1000, 'c' || n, CAST('message ' || n AS BLOB) FROM i`, n, room),
		fmt.Sprintf("UPDATE meta SET value = %d WHERE key = 'applied'", n+2),
		"COMMIT",
	} {
		if _, err := conn.ExecContext(ctx, statement); err != nil {
			return fmt.Errorf("%s: %w", statement, err)
		}
	}
	return nil
}
