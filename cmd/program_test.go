package cmd

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"runtime/debug"
	"strings"
	"testing"
)

func TestClosest(t *testing.T) {
	candidates := []string{"serve", "token", "version", "completion", "help"}
	for word, want := range map[string]string{
		"srve": "serve", "sevre": "serve", "SERVE": "serve", "tokens": "token", "comp": "completion", "versoin": "version",
		"x": "", "banana": "", "": "", "zz": "",
	} {
		if got := closest(word, candidates); got != want {
			t.Errorf("closest(%q) = %q, want %q", word, got, want)
		}
	}
}

func TestExitStatus(t *testing.T) {
	storage := &exitError{status: exitStorage, err: errors.New("no room")}
	for _, test := range []struct {
		err  error
		want int
	}{
		{nil, 0}, {errors.New("x"), 1}, {failure("x"), 1}, {usageError("x"), 2}, {storage, 75}, {fmt.Errorf("serve: %w", storage), 75},
	} {
		if got := exitStatus(test.err); got != test.want {
			t.Errorf("exitStatus(%v) = %d, want %d", test.err, got, test.want)
		}
	}
}

func TestLogFormat(t *testing.T) {
	var text, lines bytes.Buffer
	slog.New(logHandler(&text, true)).Info("room made", "room", "ops")
	slog.New(logHandler(&lines, false)).Info("room made", "room", "ops")
	if !strings.Contains(text.String(), `msg="room made" room=ops`) {
		t.Errorf("on a terminal: %s", &text)
	}
	var entry map[string]any
	if err := json.Unmarshal(lines.Bytes(), &entry); err != nil || entry["room"] != "ops" {
		t.Errorf("elsewhere: %s %v", &lines, err)
	}
	file, err := os.CreateTemp(t.TempDir(), "log")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	newLogger(file).Info("started")
	if written, _ := os.ReadFile(file.Name()); !json.Valid(written) {
		t.Errorf("into a file: %s", written)
	}
}

func TestVersion(t *testing.T) {
	defer func(before string) { version = before }(version)
	version = "1.2.3"
	word, flag := call(t, "version"), call(t, "--version")
	if word != flag || !strings.HasPrefix(word, "chatd 1.2.3\n") || !strings.Contains(word, "go1.") {
		t.Errorf("version: %q, --version: %q", word, flag)
	}
	version = ""
	if got := readBuild().Version; got == "" {
		t.Error("a build without a name has no version at all")
	}
	info := &debug.BuildInfo{Settings: []debug.BuildSetting{{Key: "vcs.revision", Value: "abc"}, {Key: "vcs.modified", Value: "true"}}}
	if got := commitOf(info); got != "abc (changed since)" {
		t.Errorf("commitOf = %q", got)
	}
	if got := (build{Version: "1", Commit: "abc", Go: "go1.26", OS: "linux/amd64"}).String(); got != "chatd 1\ncommit abc\ngo1.26 linux/amd64\n" {
		t.Errorf("String = %q", got)
	}
}
