package cmd_test

import (
	"database/sql"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	_ "modernc.org/sqlite" // a restored chat.db is made with it
)

// restored: the data is that of a copy from earlier. The page shows what is there now, and
// keeps what was not sent.
func restored(s *stage) {
	ana := s.joins("ana")
	s.mayLog(whileAway...)
	ana.says("before the copy")
	s.server.stop(s)
	data := s.args[3]
	copied := filepath.Join(s.TempDir(), "copy")
	if err := os.CopyFS(copied, os.DirFS(data)); err != nil {
		s.Fatal(err)
	}
	s.starts()
	ana.says("after the copy")

	s.server.stop(s)
	ana.seesStatus("econnecting")
	ana.writes("not sent")
	ana.types("not finished")
	newEpoch(s, filepath.Join(copied, "chat.db"))
	s.args[3] = copied
	s.starts()

	ana.waits("the room as it was copied", func(v view) bool {
		_, lost := v.message("ana: after the copy")
		m, kept := v.message("ana: not sent")
		return !lost && kept && (m.State == "sent" || m.State == "")
	})
	if v := ana.looks(); len(v.Messages) != 2 || v.Draft != "not finished" {
		s.Errorf("ana sees %q and has typed %q", v.lines(), v.Draft)
	}
	s.history("ana: before the copy", "ana: not sent")
}

// newEpoch does to a copy what restoring it does.
func newEpoch(t testing.TB, path string) {
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec("UPDATE meta SET value = 'restored' WHERE key = 'epoch'"); err != nil {
		t.Fatal(err)
	}
}

// upgraded: the server comes back with other assets. A page that was left open loads them,
// once, and keeps what was being written.
func upgraded(s *stage) {
	ana := s.joins("ana")
	s.mayLog(whileAway...)
	ana.says("on the old one")
	opened := ana.looks().Opened

	s.server.stop(s)
	ana.seesStatus("") // the server has said that it comes back
	ana.writes("not sent")
	ana.types("not finished")
	s.binary = withOtherStyle(s)
	s.starts()

	v := ana.waits("another page", func(v view) bool { return v.Opened != 0 && v.Opened != opened })
	ana.isIn()
	ana.seesSent("not sent")
	ana.waits("the draft", func(v view) bool { return v.Draft == "not finished" })
	if colour := asks[string](ana.webPage, `getComputedStyle(document.querySelector(".name")).color`); colour != "rgb(1, 2, 3)" {
		s.Errorf("the new style is not there: names are %s", colour)
	}
	if again := ana.looks().Opened; again != v.Opened {
		s.Errorf("the page has loaded itself more than once")
	}
	s.history("ana: on the old one", "ana: not sent")
}

// withOtherStyle builds chatd with one style sheet changed.
func withOtherStyle(t testing.TB) string {
	t.Helper()
	dir := t.TempDir()
	sheet, err := filepath.Abs("../assets/css/room.css")
	if err != nil {
		t.Fatal(err)
	}
	style, err := os.ReadFile(sheet)
	if err != nil {
		t.Fatal(err)
	}
	changed, overlay, upgraded := filepath.Join(dir, "room.css"), filepath.Join(dir, "overlay.json"), filepath.Join(dir, "chatd")
	replace, err := json.Marshal(map[string]any{"Replace": map[string]string{sheet: changed}})
	if err != nil {
		t.Fatal(err)
	}
	for path, content := range map[string][]byte{changed: append(style, ".name { color: rgb(1, 2, 3) }"...), overlay: replace} {
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if out, err := exec.Command("go", "build", "-overlay", overlay, "-o", upgraded, "chatd").CombinedOutput(); err != nil {
		t.Fatalf("chatd cannot be built with another style: %v\n%s", err, out)
	}
	return upgraded
}
