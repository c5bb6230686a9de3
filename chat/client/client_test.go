package client

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// serve answers requests with h and returns a Client for it.
func serve(t *testing.T, h http.HandlerFunc, options ...Option) (*Client, string) {
	t.Helper()
	server := httptest.NewServer(h)
	c, err := New(server.URL+"/", options...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close(); server.Close() })
	return c, server.URL
}

func TestSignInKeepsTheCookieAndSaysWhereItComesFrom(t *testing.T) {
	var origins, cookies []string
	c, address := serve(t, func(w http.ResponseWriter, r *http.Request) {
		origins = append(origins, r.Header.Get("Origin"))
		cookies = append(cookies, r.Header.Get("Cookie"))
		if r.URL.Path == "/login" {
			http.SetCookie(w, &http.Cookie{Name: "chatd-1", Value: r.PostFormValue("nickname"), Path: "/", HttpOnly: true})
			http.Redirect(w, r, "/r/lobby", http.StatusSeeOther)
			return
		}
		io.WriteString(w, `{"id":"p1","name":"ana","limits":{"text_bytes":16384}}`)
	})
	if err := c.SignIn(t.Context(), "ana"); err != nil {
		t.Fatal(err)
	}
	me, err := c.Me(t.Context())
	if err != nil || me.ID != "p1" || me.Limits.TextBytes != 16384 {
		t.Errorf("%+v, %v", me, err)
	}
	if got := strings.Join(origins, " "); got != address+" "+address {
		t.Errorf("origins %s", got)
	}
	if got := strings.Join(cookies, " "); got != " chatd-1=ana" {
		t.Errorf("cookies %q: the redirect must not be followed, the cookie must be kept", got)
	}
}

func TestATokenNeedsNoOrigin(t *testing.T) {
	c, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, `{"id":"`+r.Header.Get("Authorization")+r.Header.Get("Origin")+`"}`)
	}, WithToken("t0k"))
	if me, err := c.Me(t.Context()); err != nil || me.ID != "Bearer t0k" {
		t.Errorf("%+v, %v", me, err)
	}
}

func TestRefusals(t *testing.T) {
	for name, c := range map[string]struct {
		status       int
		header, body string
		want         Error
		words        string
	}{
		"json": {429, "application/json", `{"code":"rate_limited","message":"Slowly.","retry_after_ms":1500}`,
			Error{429, "rate_limited", "Slowly.", 1500 * time.Millisecond, false}, "Slowly. (rate_limited, 429)"},
		"login page": {409, "text/html; charset=utf-8", `<!doctype html><title>Sign in</title><p class="error" id="e" role="alert">
			The name <bdi>&lt;ana&gt;</bdi> is taken.</p><p>more</p>`,
			Error{409, "", "The name <ana> is taken.", 0, true}, "The name <ana> is taken. (409)"},
		"page without a sentence": {500, "text/html", `<p>oh</p>`, Error{500, "", "", 0, false}, "Internal Server Error (500)"},
		"plain text":              {404, "text/plain", "404 page not found\nmore", Error{404, "", "404 page not found", 0, true}, "404 page not found (404)"},
		"retry after":             {503, "text/plain", "", Error{503, "", "", 7 * time.Second, false}, "Service Unavailable (503)"},
	} {
		t.Run(name, func(t *testing.T) {
			cl, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Content-Type", c.header)
				if name == "retry after" {
					w.Header().Set("Retry-After", "7")
				}
				w.WriteHeader(c.status)
				io.WriteString(w, c.body)
			})
			for what, err := range map[string]error{
				"sign in": cl.SignIn(t.Context(), "ana"),
				"request": cl.Join(t.Context(), "lobby"),
				"stream":  second(cl.Open(t.Context(), StreamOptions{})),
				"sse":     second(cl.Open(t.Context(), StreamOptions{SSE: true})),
			} {
				var refused *Error
				if !errors.As(err, &refused) {
					t.Errorf("%s: %v", what, err)
					continue
				}
				if *refused != c.want && what != "stream" { // the library reads only the first KiB there
					t.Errorf("%s: %+v, want %+v", what, *refused, c.want)
				}
				if refused.Error() != c.words {
					t.Errorf("%s: %q, want %q", what, refused.Error(), c.words)
				}
			}
		})
	}
}

func second(_ *Stream, err error) error { return err }

func TestPostSendsTheTextByteForByte(t *testing.T) {
	var got, path string
	c, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
		data, _ := io.ReadAll(r.Body)
		got, path = string(data), r.URL.EscapedPath()
		w.WriteHeader(http.StatusCreated)
		io.WriteString(w, `{"id":"8","room":"lobby","at":"2026-11-22T08:00:00.123Z","dup":true}`)
	})
	r, err := c.Post(t.Context(), "a/b", "  <b>\n ", "cid-1")
	if err != nil || r.ID != "8" || r.CID != "cid-1" || !r.Dup || r.At.Nanosecond() != 123e6 {
		t.Errorf("%+v, %v", r, err)
	}
	if want := `{"text":"  <b>\n ","cid":"cid-1"}`; got != want || path != "/api/rooms/a%2Fb/messages" {
		t.Errorf("%s got %s, want %s", path, got, want)
	}
	if _, err := c.Post(t.Context(), "lobby", "\xff", ""); !final(err) {
		t.Errorf("half a character: %v", err)
	}
}

func TestPageQuery(t *testing.T) {
	var asked string
	c, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
		asked = r.URL.RequestURI()
		io.WriteString(w, `{"messages":[`+posted("1", "lobby")+`],"has_older":true,"has_newer":false,"cursor":"5","epoch":"e"}`)
	})
	p, err := c.Page(t.Context(), "lobby", PageQuery{Before: "9", Limit: 3})
	if err != nil || len(p.Messages) != 1 || p.Messages[0].ID != "1" || !p.HasOlder || p.Position() != (Position{"5", "e"}) {
		t.Errorf("%+v, %v", p, err)
	}
	if asked != "/api/rooms/lobby/messages?before=9&limit=3" {
		t.Errorf("asked %s", asked)
	}
}

func TestStreamOfServerSentEvents(t *testing.T) {
	c, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Accept") != "text/event-stream" {
			t.Errorf("accepts %q", r.Header.Get("Accept"))
		}
		w.Header().Set("Content-Type", "text/event-stream")
		io.WriteString(w, "id: 5\ndata: "+hello("e", "5", false)+"\n\nid: 6\ndata: "+posted("6", "lobby")+"\n\n")
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	})
	s, err := c.Open(t.Context(), StreamOptions{SSE: true})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if e, err := s.Next(t.Context()); err != nil || e.ID != "6" || e.SSE != "6" || s.Position() != (Position{"6", "e"}) {
		t.Errorf("%+v, %v, %v", e, s.Position(), err)
	}
	if err := s.Send(t.Context(), Command{Do: "ping", CID: "c"}); !errors.Is(err, ErrOneWay) {
		t.Errorf("sending: %v", err)
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	why := errors.New("enough")
	time.AfterFunc(time.Millisecond, func() { cancel(why) })
	if _, err := s.Next(ctx); !errors.Is(err, why) {
		t.Errorf("Next ended with %v", err)
	}
}

func TestAddressesThatAreNone(t *testing.T) {
	for _, bad := range []string{"", "localhost:5000", "ftp://host", "http://", "ht tp://x"} {
		if _, err := New(bad); err == nil {
			t.Errorf("%q was taken for an address", bad)
		}
	}
}
