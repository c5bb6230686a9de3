package cmd

import (
	"io"
	"log/slog"
	"os"

	"golang.org/x/term"
)

// newLogger writes for whoever reads: lines of text when f is a terminal, JSON
// when it is a file, a pipe or a service manager. Give it os.Stderr.
func newLogger(f *os.File) *slog.Logger {
	return slog.New(logHandler(f, isTerminal(f)))
}

func logHandler(w io.Writer, terminal bool) slog.Handler {
	if terminal {
		return slog.NewTextHandler(w, nil)
	}
	return slog.NewJSONHandler(w, nil)
}

func isTerminal(f *os.File) bool {
	return term.IsTerminal(int(f.Fd()))
}
