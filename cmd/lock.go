package cmd

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/gofrs/flock"
)

// inUseError says that another server holds the data directory.
type inUseError struct {
	dir string
	pid int // 0 when unknown
}

func (e *inUseError) Error() string {
	who := ""
	if e.pid > 0 {
		who = fmt.Sprintf(" (pid %d)", e.pid)
	}
	return fmt.Sprintf("Another chatd is already using %s%s. Stop it first, or give this one its own directory with --data.", e.dir, who)
}

// lockDir makes this process the only server of dir until unlock is called or
// it ends, however it ends: the system holds the lock, not the file. A
// directory that is held gives *inUseError.
//
// The lock is taken on the file "lock". The number of the process stands in
// "lock.pid" beside it, because Windows lets nobody read a locked file; it is
// for people, and nothing trusts it.
func lockDir(dir string) (unlock func(), err error) {
	lock := flock.New(filepath.Join(dir, "lock"), flock.SetPermissions(0o600))
	pidFile := filepath.Join(dir, "lock.pid")

	held, err := lock.TryLock()
	if err != nil {
		return nil, failure("The data directory %s cannot be locked: %s. Give another one with --data.", dir, reason(err))
	}
	if !held {
		return nil, &inUseError{dir: dir, pid: readPID(pidFile)}
	}
	// A pid file that cannot be written costs a later message its number, no more.
	_ = os.WriteFile(pidFile, []byte(strconv.Itoa(os.Getpid())+"\n"), 0o600)
	return func() {
		_ = os.Remove(pidFile)
		_ = lock.Unlock()
	}, nil
}

func readPID(file string) int {
	text, err := os.ReadFile(file)
	if err != nil {
		return 0
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		return 0
	}
	return pid
}
