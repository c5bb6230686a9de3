package web

import (
	"bytes"
	stdjson "encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"unicode/utf8"

	"chatd/chat"

	"github.com/go-json-experiment/json"
	"golang.org/x/text/language"
)

// FuzzDecode: what is taken is strict JSON that another reader understands the same way, and what is refused can be said.
func FuzzDecode(f *testing.F) {
	for _, seed := range []string{
		`{"do":"post","cid":"c1","room":"lobby","text":"hi"}`, `{"do":"ping","do":"ping"}`, `{"Do":"ping"}`, `{"text":"\ud83d"}`, `{"text":"\ud83d\ude00"}`, `{"text":"\u0000"}`,
		`{"text":"\\u0000"}`, `{"text":"\\\u0000"}`, `{"a/b~":1}`, `{"text":{}}`, "{\"\xff\":1}", "{\"text\":\"\xff\"}", `null`, `[]`, ``, `{"text":1e999}`, `{"cid":null}`, `{"id":"7"} `, `{"text":"x"}x`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var c command
		err := decode(data, &c)
		if err != nil {
			e := chat.Refusal(err)
			if e.Code != chat.BadRequest {
				t.Errorf("%q: %v", data, err)
			}
			if _, err := json.Marshal(newRefusal(e, &catalogue{tag: language.English})); err != nil {
				t.Errorf("%q is refused with %q, which cannot be written: %v", data, e.Text, err)
			}
			if cid := readableCID(data); cid != "" && !chat.ValidCID(cid) {
				t.Errorf("%q has the cid %q", data, cid)
			}
			return
		}
		var fields map[string]*string
		if err := stdjson.Unmarshal(data, &fields); err != nil || !utf8.Valid(data) {
			t.Fatalf("%q is taken: %v", data, err)
		}
		for name, value := range fields {
			got, known := map[string]string{"do": c.Do, "cid": c.CID, "room": c.Room, "text": c.Text, "id": c.ID}[name]
			if !known || value != nil && *value != got || value == nil && got != "" || strings.ContainsRune(got, 0) {
				t.Errorf("%q: %s is %q", data, name, got)
			}
		}
		if got := bytes.Count(data, []byte(`":`)); got < len(fields) {
			t.Errorf("%q: %d fields", data, len(fields))
		}
	})
}

// FuzzPageQuery: whatever stands behind the question mark, a page is asked for by one place at most and a limit within bounds.
func FuzzPageQuery(f *testing.F) {
	for _, seed := range []string{"", "before=7", "after=0", "around=9&limit=5", "limit=0", "limit=-1", "limit=99999999999999999999", "before=1&after=2", "before=1&before=2", "%zz", "before=07", "a;b", "before=%31"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, query string) {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.URL.RawQuery = query
		q, err := pageQuery(r)
		if err != nil {
			if chat.Refusal(err).Code != chat.BadRequest {
				t.Errorf("%q: %v", query, err)
			}
			return
		}
		places := 0
		for _, place := range []chat.Seq{q.Before, q.After, q.Around} {
			if place != 0 {
				places++
			}
		}
		if q.Limit < 1 || q.Limit > maxPageLimit || places > 1 {
			t.Errorf("%q: %+v", query, q)
		}
	})
}

// FuzzNextPath: a page to go on with is on this server, whoever reads the address.
func FuzzNextPath(f *testing.F) {
	for _, seed := range []string{"/r/lobby", "//x", `/\x`, "/\t/x", "https://x", "/x?y#z", "/%2f/x", "/..//x"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, next string) {
		path := nextPath(next)
		if path == "" {
			return
		}
		w := httptest.NewRecorder()
		http.Redirect(w, httptest.NewRequest(http.MethodPost, "http://here.example/login", nil), path, http.StatusSeeOther)
		to := w.Header().Get("Location")
		if path != next || !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.ContainsAny(to, "\\\t\r\n\x00") {
			t.Errorf("%q leads to %q", next, to)
		}
	})
}
