package chat_test

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// A disk that is really full, where one may be mounted.
func TestFullDisk(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=4m"); err != nil {
		t.Skipf("a small disk cannot be mounted here (%v): TestFullFile stands in for it", err)
	}
	// After the crowd is gone: cleanups run last first.
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, 0); err != nil {
			t.Error(err)
		}
	})
	ballast := filepath.Join(dir, "ballast")
	if err := os.WriteFile(ballast, make([]byte, 2<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	fullAndBack(t, newCrowd(t, crowdOptions{dir: dir}), func() {
		if err := os.Remove(ballast); err != nil {
			t.Fatal(err)
		}
	})
}
