package assets

import (
	"compress/gzip"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"path"
	"regexp"
	"strings"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// The budget of the room's page (bytes, gzip): the JavaScript that it begins with, and the style sheets.
const (
	maxScript = 60 << 10
	maxStyle  = 15 << 10
)

// later are the modules that a page asks for when they are needed, by import().
const later = "js/later/"

func TestWeight(t *testing.T) {
	script, style := 0, 0
	words := 0 // of the language that takes the most
	for name, f := range NewStatic().files {
		switch {
		case path.Dir(name) == "text":
			words = max(words, packedSize(f))
		case path.Ext(name) == ".js" && !strings.HasPrefix(name, later):
			script += packedSize(f)
		case path.Ext(name) == ".css" && path.Dir(name) != "css/later":
			style += packedSize(f)
		}
	}
	script += words
	t.Logf("JavaScript %d bytes (texts %d), CSS %d bytes, gzip", script, words, style)
	if script == 0 || script > maxScript {
		t.Errorf("JavaScript has %d bytes, the budget is %d", script, maxScript)
	}
	if style == 0 || style > maxStyle {
		t.Errorf("CSS has %d bytes, the budget is %d", style, maxStyle)
	}
}

func packedSize(f file) int {
	if f.packed == nil {
		return len(f.plain)
	}
	return len(f.packed)
}

func TestServing(t *testing.T) {
	s := NewStatic()
	get := func(address, encoding string) *http.Response {
		r := httptest.NewRequest("GET", address, nil)
		r.Header.Set("Accept-Encoding", encoding)
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		return w.Result()
	}
	plain, packed := get(s.Prefix()+"/js/main.js", ""), get(s.Prefix()+"/js/main.js", "gzip, br")
	if plain.Header.Get("Content-Type") != "text/javascript; charset=utf-8" || plain.Header.Get("Cache-Control") != "public, max-age=31536000, immutable" {
		t.Errorf("headers: %v", plain.Header)
	}
	if packed.Header.Get("Content-Encoding") != "gzip" {
		t.Fatalf("not packed: %v", packed.Header)
	}
	unpacker, err := gzip.NewReader(packed.Body)
	if err != nil {
		t.Fatal(err)
	}
	want, _ := io.ReadAll(plain.Body)
	if got, err := io.ReadAll(unpacker); err != nil || string(got) != string(want) || len(want) == 0 {
		t.Errorf("the packed file differs from the plain one (%v)", err)
	}
	for _, address := range []string{
		"/assets/000000000000/js/main.js",    // another version
		s.Prefix() + "/templates/index.html", // not for browsers as it is
		s.Prefix() + "/../assets.go", s.Prefix() + "/package.json", s.Prefix() + "/", s.Prefix(),
	} {
		if got := get(address, "").StatusCode; got != http.StatusNotFound {
			t.Errorf("GET %s: %d", address, got)
		}
	}
	if NewStatic().Hash() != s.Hash() {
		t.Error("the same files have two hashes")
	}
}

// TestMarkupDiscipline keeps what the content policy and the architecture rely
// on: markup from strings in one file, no inline style or script, no network or DOM where it does not belong.
func TestMarkupDiscipline(t *testing.T) {
	rules := []struct {
		in, except string // path patterns
		never      *regexp.Regexp
		why        string
	}{
		{"js/", "js/trusted.js", regexp.MustCompile(`innerHTML|outerHTML|insertAdjacentHTML|createPolicy|document\.write|setHTMLUnsafe`), "markup from strings is made in trusted.js alone"},
		{"js/", "", regexp.MustCompile(`\beval\(|new Function|randomUUID\(|cssText|setAttribute\("style"|https?://`), "no eval, no API that plain http lacks, no inline style, no foreign address"},
		{"js/view/", "", regexp.MustCompile(`\bfetch\(|WebSocket|EventSource|localStorage`), "views have no network and no storage"},
		{"js/store.js", "", regexp.MustCompile(`document|window|fetch\(`), "the store has no DOM and no network"},
		{"templates/", "", regexp.MustCompile(`\sstyle=|<style|\son[a-z]+=|javascript:`), "no inline style or script"},
		{"css/", "", regexp.MustCompile(`@import|url\(["']?(https?:)?//`), "no foreign address"},
	}
	err := fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := files.ReadFile(name)
		for _, rule := range rules {
			if strings.HasPrefix(name, rule.in) && name != rule.except {
				if found := rule.never.Find(text); found != nil {
					t.Errorf("%s has %q: %s", name, found, rule.why)
				}
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestEverythingIsPreloaded: over plain HTTP a module that imports a module is
// a round trip each; the page names them all at once, but for those that come later.
func TestEverythingIsPreloaded(t *testing.T) {
	parts, err := files.ReadFile("templates/parts.html")
	if err != nil {
		t.Fatal(err)
	}
	for name := range NewStatic().files {
		if path.Ext(name) == ".js" && path.Dir(name) != "text" && strings.Contains(string(parts), "/"+name+`"`) == strings.HasPrefix(name, later) {
			t.Errorf("parts.html names %s, or is to: all but those in %s", name, later)
		}
	}
}
