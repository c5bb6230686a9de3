package cmd

import (
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"runtime"

	"github.com/spf13/cobra"
)

// addDataFlag gives cmd the flag --data, which every command has that works on
// the data; pass what it holds to dataDir.
func addDataFlag(cmd *cobra.Command, dir *string) {
	usage := "`DIR` where everything is kept"
	if place, err := defaultDataDir(runtime.GOOS, os.Getenv, os.Getuid()); err == nil {
		usage += " (default " + place + ")"
	}
	cmd.Flags().StringVar(dir, "data", "", usage)
}

// dataDir is the data directory as an absolute path: given, or when that is ""
// the system's own place. It exists afterwards and can be written; one that had
// to be made is the owner's alone (0700).
func dataDir(given string) (string, error) {
	dir := given
	if dir == "" {
		var err error
		if dir, err = defaultDataDir(runtime.GOOS, os.Getenv, os.Getuid()); err != nil {
			return "", err
		}
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", failure("The data directory %s cannot be found: %w.", given, err)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", failure("The data directory %s cannot be made: %s. Give another one with --data.", dir, reason(err))
	}
	if err := tryWriting(dir); err != nil {
		return "", failure("The data directory %s cannot be written: %s. Give another one with --data.", dir, reason(err))
	}
	return dir, nil
}

// defaultDataDir is where the platform keeps a program's data. Sources: file
// hierarchy standard 3.0 §5.8 and hier(7) for root, XDG Base Directory 0.8,
// Apple's File System Programming Guide, Windows' known folder LocalAppData.
// uid is the Unix user's number, -1 on Windows.
func defaultDataDir(goos string, env func(string) string, uid int) (string, error) {
	switch {
	case goos == "windows":
		if base := env("LocalAppData"); base != "" {
			return base + `\chatd`, nil
		}
		return "", failure("%%LocalAppData%% is not set, so there is no place for the data; give one with --data.")
	case goos == "linux" && uid == 0:
		return "/var/lib/chatd", nil
	case goos != "darwin" && uid == 0:
		return "/var/db/chatd", nil
	}

	home := env("HOME")
	if base := env("XDG_DATA_HOME"); goos != "darwin" && path.IsAbs(base) { // the standard: ignore a relative one
		return path.Join(base, "chatd"), nil
	}
	if home == "" {
		return "", failure("$HOME is not set, so there is no place for the data; give one with --data.")
	}
	if goos == "darwin" {
		return path.Join(home, "Library/Application Support/chatd"), nil
	}
	return path.Join(home, ".local/share/chatd"), nil
}

// tryWriting is the only honest question: permission bits do not know about
// read-only file systems, access lists or quotas.
func tryWriting(dir string) error {
	f, err := os.CreateTemp(dir, ".try-*")
	if err != nil {
		return err
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}

// reason is what the system said, without the path, which the sentence names already.
func reason(err error) string {
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		return e.Err.Error()
	}
	return err.Error()
}
