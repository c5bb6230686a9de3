package cmd

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
)

func TestOneServerADirectory(t *testing.T) {
	dir := t.TempDir()
	unlock, err := lockDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	_, err = lockDir(dir)
	if inUse, ok := errors.AsType[*inUseError](err); !ok || inUse.dir != dir || inUse.pid != os.Getpid() {
		t.Fatalf("the second lock: %v", err)
	}
	want := fmt.Sprintf("Another chatd is already using %s (pid %d). Stop it first, or give this one its own directory with --data.", dir, os.Getpid())
	if err.Error() != want || exitStatus(err) != exitFailed {
		t.Errorf("%v\nwant %s", err, want)
	}
	if other, err := lockDir(t.TempDir()); err != nil {
		t.Errorf("another directory: %v", err)
	} else {
		other()
	}
	unlock()
	unlock, err = lockDir(dir)
	if err != nil {
		t.Fatalf("after unlock: %v", err)
	}
	unlock()
}

func TestLockWithoutANumber(t *testing.T) {
	dir := t.TempDir()
	unlock, err := lockDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer unlock()
	for _, text := range []string{"", "x", "-3"} {
		if err := os.WriteFile(dir+"/lock.pid", []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := lockDir(dir); err == nil || strings.Contains(err.Error(), "pid") {
			t.Errorf("lock.pid holds %q: %v", text, err)
		}
	}
}

func TestLockThatCannotBeTaken(t *testing.T) {
	if _, err := lockDir(t.TempDir() + "/none"); err == nil || !strings.Contains(err.Error(), "cannot be locked") {
		t.Errorf("a directory that is not there: %v", err)
	}
}
