// Package assets is what the browser gets, compiled into the program: page
// templates, style sheets, scripts, pictures. It knows their bytes and their addresses, and
// nothing of what is on the pages.
package assets

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"mime"
	"net/http"
	"path"
	"regexp"
	"strings"
	"sync"

	"github.com/tdewolff/minify/v2"
	"github.com/tdewolff/minify/v2/css"
	"github.com/tdewolff/minify/v2/js"
)

//go:embed templates/*.html text/*.json css/*.css css/later/*.css js/*.js js/later/*.js js/view/*.js img/*
var files embed.FS

// Templates returns the page templates, *.html.
func Templates() fs.FS { return folder("templates") }

// Texts returns what pages say, a file a language: de.json.
func Texts() fs.FS { return folder("text") }

func folder(name string) fs.FS {
	sub, err := fs.Sub(files, name)
	if err != nil {
		panic(err) // the embed pattern above names the folder
	}
	return sub
}

// Static serves everything but the templates, and the texts as scripts, under one prefix that is the hash
// of all their content: what is fetched from there never changes, so it is
// kept by browsers for ever, and scripts import each other by relative addresses.
type Static struct {
	hash  string
	files map[string]file
}

type file struct {
	contentType   string
	plain, packed []byte // packed is nil where gzip saves nothing
}

// NewStatic reads and compresses the files, each once.
func NewStatic() *Static {
	s := &Static{files: map[string]file{}}
	sum := sha256.New()
	err := fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		plain, err := files.ReadFile(name)
		if err != nil {
			return err
		}
		fmt.Fprintf(sum, "%s %d\n", name, len(plain))
		sum.Write(plain)
		switch path.Dir(name) {
		case "templates":
		case "text":
			name = strings.TrimSuffix(name, ".json") + ".js"
			s.files[name] = newFile(name, textModule(name, plain))
		default:
			s.files[name] = newFile(name, plain)
		}
		return nil
	})
	if err != nil {
		panic(err) // reading what is compiled in does not fail
	}
	s.hash = hex.EncodeToString(sum.Sum(nil))[:12]
	return s
}

// textModule makes of a catalogue the module that js/text.js learns its language from: text/de.js, with those
// texts only whose keys stand in a script.
func textModule(name string, catalogue []byte) []byte {
	texts := map[string]json.RawMessage{}
	if err := json.Unmarshal(catalogue, &texts); err != nil {
		panic(err) // a test reads all of them
	}
	maps.DeleteFunc(texts, func(key string, _ json.RawMessage) bool { return !scriptStrings()[key] })
	var module bytes.Buffer
	encoder := json.NewEncoder(&module)
	encoder.SetEscapeHTML(false)
	fmt.Fprintf(&module, "import { speak } from \"../js/text.js\";\nspeak(%q, ", strings.TrimSuffix(path.Base(name), ".js"))
	if err := encoder.Encode(texts); err != nil {
		panic(err)
	}
	return append(bytes.TrimSpace(module.Bytes()), ");\n"...)
}

// scriptStrings are the strings in double quotes of all scripts.
var scriptStrings = sync.OnceValue(func() map[string]bool {
	found := map[string]bool{}
	for _, pattern := range []string{"js/*.js", "js/*/*.js"} {
		names, _ := fs.Glob(files, pattern) // the patterns are valid
		for _, name := range names {
			script, _ := files.ReadFile(name) // it is there, and what is compiled in can be read
			for _, literal := range quoted.FindAllSubmatch(script, -1) {
				found[string(literal[1])] = true
			}
		}
	}
	return found
})

var quoted = regexp.MustCompile(`"([a-z_]+\.[a-z_]+)"`)

// contentTypes are stated here, because the system's own table may say otherwise.
var contentTypes = map[string]string{
	".css": "text/css; charset=utf-8",
	".js":  "text/javascript; charset=utf-8",
	".svg": "image/svg+xml",
	".png": "image/png",
}

// lighter leaves out what a browser does not need, which in scripts is mostly comments: a third of their weight.
// Names stay as they are, so that an error's trace can be read.
var lighter = sync.OnceValue(func() *minify.M {
	m := minify.New()
	m.Add("text/javascript", &js.Minifier{KeepVarNames: true})
	m.Add("text/css", &css.Minifier{})
	return m
})

func newFile(name string, plain []byte) file {
	f := file{plain: plain, contentType: contentTypes[path.Ext(name)]}
	if f.contentType == "" {
		f.contentType = mime.TypeByExtension(path.Ext(name))
	}
	if kind, _, found := strings.Cut(f.contentType, "; charset=utf-8"); found {
		light, err := lighter().Bytes(kind, plain)
		if err != nil {
			panic(fmt.Errorf("%s: %w", name, err)) // a test reads all of them
		}
		f.plain = light
	}
	var packed bytes.Buffer
	w, _ := gzip.NewWriterLevel(&packed, gzip.BestCompression) // the level is valid
	w.Write(f.plain)
	w.Close()
	if packed.Len() < len(f.plain) {
		f.packed = packed.Bytes()
	}
	return f
}

// Hash names this version of the files: "3f2a9c01bd7e".
func (s *Static) Hash() string { return s.hash }

// Prefix is where the files are: "/assets/3f2a9c01bd7e".
func (s *Static) Prefix() string { return "/assets/" + s.hash }

// ServeHTTP answers GET and HEAD below Prefix.
func (s *Static) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name, _ := strings.CutPrefix(r.URL.Path, s.Prefix()+"/")
	f, known := s.files[name]
	if !known {
		http.NotFound(w, r)
		return
	}
	header := w.Header()
	header.Set("Content-Type", f.contentType)
	header.Set("Cache-Control", "public, max-age=31536000, immutable")
	header.Set("Vary", "Accept-Encoding")
	body := f.plain
	if f.packed != nil && strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		header.Set("Content-Encoding", "gzip")
		body = f.packed
	}
	header.Set("Content-Length", fmt.Sprint(len(body)))
	if r.Method != http.MethodHead {
		w.Write(body)
	}
}
