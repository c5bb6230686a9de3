package chat_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// imports maps each file of the module that is not a test, as a path from its root, to what it imports.
func imports(t *testing.T) map[string][]string {
	t.Helper()
	found := map[string][]string{}
	root := ".."
	err := filepath.WalkDir(root, func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if name := d.Name(); d.IsDir() && file != root && (strings.HasPrefix(name, ".") || name == "testdata" || name == "node_modules") {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go") {
			return nil
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, file)
		if err != nil {
			return err
		}
		rel = filepath.ToSlash(rel)
		found[rel] = []string{}
		for _, spec := range parsed.Imports {
			found[rel] = append(found[rel], strings.Trim(spec.Path.Value, `"`))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// mayKnow is who knows whom: each package of the module with those of the module that it may import.
// chattest is for tests; it puts a real server on the local log.
var mayKnow = map[string][]string{
	".":             {"cmd"},
	"cmd":           {"assets", "chat", "chat/bench", "chat/client", "chat/local", "chat/nickname", "chat/password", "chat/web"},
	"assets":        {},
	"chat":          {},
	"chat/bench":    {},
	"chat/client":   {"chat"},
	"chat/local":    {"chat"},
	"chat/nickname": {},
	"chat/password": {},
	"chat/web":      {"chat"},
	"chat/chattest": {"chat", "chat/local"},
}

// The leaves know chat and not each other, chat knows nobody, and only cmd puts things together.
func TestImportDirection(t *testing.T) {
	seen := map[string]bool{}
	for file, list := range imports(t) {
		dir := path.Dir(file)
		seen[dir] = true
		allowed, named := mayKnow[dir]
		if !named {
			t.Errorf("%s: the package %s is not in mayKnow: say whom it may know", file, dir)
		}
		for _, imported := range list {
			if inside, ok := strings.CutPrefix(imported, "chatd/"); ok && !slices.Contains(allowed, inside) {
				t.Errorf("%s imports %s", file, imported)
			}
		}
	}
	for dir := range mayKnow {
		if !seen[dir] {
			t.Errorf("mayKnow names %s, which is not there", dir)
		}
	}
}

// What comes from outside is named in as few files as possible, so that it can be replaced.
func TestOutsideIsNamedOnce(t *testing.T) {
	users := map[string][]string{} // an outside package in a directory → the files that name it
	for file, list := range imports(t) {
		dir := path.Dir(file)
		for _, imported := range list {
			if first, _, _ := strings.Cut(imported, "/"); strings.Contains(first, ".") {
				users[dir+" "+imported] = append(users[dir+" "+imported], file)
				if dir == "chat" && imported != "modernc.org/sqlite" || dir == "chat/local" || dir == "chat/chattest" {
					t.Errorf("%s imports %s: package %s stands on the standard library alone", file, imported, dir)
				}
				if strings.Contains(imported, "websocket") && imported != "github.com/coder/websocket" {
					t.Errorf("%s imports %s", file, imported)
				}
			}
		}
	}
	for _, once := range []string{"chat modernc.org/sqlite", "chat/web github.com/coder/websocket", "chat/client github.com/coder/websocket"} {
		if files := users[once]; len(files) != 1 {
			t.Errorf("%s is named in %v; want one file", once, files)
		}
	}
	for user, files := range users {
		if strings.Contains(user, "websocket") && !strings.HasPrefix(user, "chat/web ") && !strings.HasPrefix(user, "chat/client ") {
			t.Errorf("%v name a WebSocket library", files)
		}
	}
}
