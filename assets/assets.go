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
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
)

//go:embed templates/*.html css/*.css js/*.js js/view/*.js js/later/*.js img/*
var files embed.FS

// Templates returns the page templates, *.html.
func Templates() fs.FS {
	templates, err := fs.Sub(files, "templates")
	if err != nil {
		panic(err) // the embed pattern above names the folder
	}
	return templates
}

// Static serves everything but the templates under one prefix that is the hash
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
		if !strings.HasPrefix(name, "templates/") {
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

// contentTypes are stated here, because the system's own table may say otherwise.
var contentTypes = map[string]string{
	".css": "text/css; charset=utf-8",
	".js":  "text/javascript; charset=utf-8",
	".svg": "image/svg+xml",
	".png": "image/png",
}

func newFile(name string, plain []byte) file {
	f := file{plain: plain, contentType: contentTypes[path.Ext(name)]}
	if f.contentType == "" {
		f.contentType = mime.TypeByExtension(path.Ext(name))
	}
	var packed bytes.Buffer
	w, _ := gzip.NewWriterLevel(&packed, gzip.BestCompression) // the level is valid
	w.Write(plain)
	w.Close()
	if packed.Len() < len(plain) {
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
