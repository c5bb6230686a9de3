package web_test

import (
	"database/sql"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// BenchmarkRoomPage: the first HTML of a room, by how much was ever said there, for somebody
// who has read nothing of the last half of it. It is to take under 20 ms, and no longer for a million.
func BenchmarkRoomPage(b *testing.B) {
	for _, messages := range []int{100, 1_000_000} {
		b.Run(fmt.Sprint("messages=", messages), func(b *testing.B) {
			s := newServer(b)
			ana := s.signIn("ana")
			fill(b, s, messages)
			took := time.Duration(0)
			bytes := 0
			for b.Loop() {
				r, err := http.NewRequestWithContext(b.Context(), http.MethodGet, s.origin+"/r/lobby", nil)
				s.ok(err)
				r.Header.Set("Cookie", ana.cookie)
				start := time.Now()
				response, err := http.DefaultTransport.RoundTrip(r)
				s.ok(err)
				page, err := io.ReadAll(response.Body)
				s.ok(err)
				took += time.Since(start)
				bytes = len(page)
				response.Body.Close()
				if !strings.Contains(string(page), fmt.Sprint(" in it ", messages)) {
					b.Fatalf("%s, without the newest message: %.200s", response.Status, page)
				}
			}
			b.ReportMetric(float64(took.Microseconds())/1000/float64(b.N), "ms/page")
			b.ReportMetric(float64(bytes), "bytes")
		})
	}
}

// fill writes into the lobby what a robot would have said there, and that everybody has read the first half.
func fill(b *testing.B, s *server, messages int) {
	b.Helper()
	db, err := sql.Open("sqlite", filepath.Join(s.dir, "chat.db"))
	s.ok(err)
	defer db.Close()
	for _, statement := range []string{
		`INSERT INTO entry (seq, kind, room, author, at, cid, body)
			WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1)
			SELECT i + 1000, 1, 0, 1 + i % 5, 1790000000000 + i * 10000, 'c' || i, CAST('a message of the usual length, with *some* ` + "`code`" + ` in it ' || i AS BLOB) FROM n`,
		`INSERT INTO read_mark (person, room, seq) SELECT id, 0, 1000 + ?1 / 2 FROM person`,
	} {
		if _, err := db.ExecContext(b.Context(), statement, messages); err != nil {
			b.Fatal(err)
		}
	}
}
