package cmd

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

func TestDefaultDataDir(t *testing.T) {
	for _, test := range []struct {
		goos string
		env  map[string]string
		uid  int
		want string // "" is an error
	}{
		{"linux", map[string]string{"HOME": "/root"}, 0, "/var/lib/chatd"},
		{"linux", map[string]string{"HOME": "/root", "XDG_DATA_HOME": "/root/x"}, 0, "/var/lib/chatd"},
		{"linux", map[string]string{"HOME": "/home/ana"}, 1000, "/home/ana/.local/share/chatd"},
		{"linux", map[string]string{"HOME": "/home/ana", "XDG_DATA_HOME": "/data/ana"}, 1000, "/data/ana/chatd"},
		{"linux", map[string]string{"HOME": "/home/ana", "XDG_DATA_HOME": "data"}, 1000, "/home/ana/.local/share/chatd"},
		{"linux", map[string]string{"XDG_DATA_HOME": "/data/ana"}, 1000, "/data/ana/chatd"},
		{"linux", nil, 1000, ""},
		{"freebsd", map[string]string{"HOME": "/home/ana"}, 1001, "/home/ana/.local/share/chatd"},
		{"freebsd", map[string]string{"HOME": "/root"}, 0, "/var/db/chatd"},
		{"darwin", map[string]string{"HOME": "/Users/ana", "XDG_DATA_HOME": "/data"}, 501, "/Users/ana/Library/Application Support/chatd"},
		{"darwin", map[string]string{"HOME": "/var/root"}, 0, "/var/root/Library/Application Support/chatd"},
		{"darwin", nil, 501, ""},
		{"windows", map[string]string{"LocalAppData": `C:\Users\ana\AppData\Local`}, -1, `C:\Users\ana\AppData\Local\chatd`},
		{"windows", map[string]string{"HOME": "/c/Users/ana"}, -1, ""},
	} {
		got, err := defaultDataDir(test.goos, func(key string) string { return test.env[key] }, test.uid)
		if got != test.want || (err == nil) != (test.want != "") {
			t.Errorf("%s %v uid %d: %q, %v; want %q", test.goos, test.env, test.uid, got, err, test.want)
		}
		if err != nil && !strings.Contains(err.Error(), "--data") {
			t.Errorf("%s shows no way out", err)
		}
	}
}

func TestDataDirIsMadeForItsOwnerAlone(t *testing.T) {
	given := filepath.Join(t.TempDir(), "a", "b")
	dir, err := dataDir(given)
	if err != nil || dir != given {
		t.Fatalf("dataDir = %q, %v", dir, err)
	}
	info, err := os.Stat(dir)
	if err != nil {
		t.Fatal(err)
	}
	if runtime.GOOS != "windows" && info.Mode().Perm() != 0o700 {
		t.Errorf("mode %o, want 700", info.Mode().Perm())
	}
	if left, _ := os.ReadDir(dir); len(left) > 0 {
		t.Errorf("%s was left behind", left)
	}
	if again, err := dataDir(given); err != nil || again != dir {
		t.Errorf("the second time: %q, %v", again, err)
	}
}

func TestDataDirIsAbsolute(t *testing.T) {
	t.Chdir(t.TempDir())
	if dir, err := dataDir("data"); err != nil || !filepath.IsAbs(dir) {
		t.Errorf("dataDir = %q, %v", dir, err)
	}
}

func TestDataDirThatCannotBe(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{file, filepath.Join(file, "below")} {
		_, err := dataDir(dir)
		if err == nil || !strings.Contains(err.Error(), dir) || !strings.Contains(err.Error(), "--data") || exitStatus(err) != exitFailed {
			t.Errorf("dataDir(%s): %v", dir, err)
		}
	}
}

func TestDataDirThatCannotBeWritten(t *testing.T) {
	if runtime.GOOS == "windows" || os.Getuid() == 0 {
		t.Skip("nothing is closed to root, and Windows has no such bits")
	}
	dir := t.TempDir()
	if err := os.Chmod(dir, 0o500); err != nil {
		t.Fatal(err)
	}
	if _, err := dataDir(dir); err == nil || !strings.Contains(err.Error(), "cannot be written: permission denied") {
		t.Errorf("dataDir: %v", err)
	}
}
