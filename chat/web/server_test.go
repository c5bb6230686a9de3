package web_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"chatd/assets"
	"chatd/chat"
	"chatd/chat/local"
	"chatd/chat/nickname"
	"chatd/chat/password"
	"chatd/chat/web"
)

// guard is how long a test waits for what should come at once, before it fails.
const guard = 10 * time.Second

// server is a chat as it runs: a real store, the local log, a real socket.
type server struct {
	testing.TB
	addr, origin string // 127.0.0.1:port, http://127.0.0.1:port
	prefix       string // of the assets
	dir          string
	chat         *chat.Server
	handler      *web.Handler
	auth         *chat.Auth
	log          *journal
}

// settings are what a test may change of a server before it starts.
type settings struct {
	web.Options
	http *http.Server
	wrap func(net.Conn) net.Conn // around each connection; nil: they are plain
}

// newServer starts a server with the product's defaults, changed as the test wants it. It ends with the test.
func newServer(t testing.TB, changes ...func(*settings)) *server {
	t.Helper()
	s := &server{TB: t, dir: t.TempDir(), log: &journal{}}
	store, err := chat.OpenStore(t.Context(), s.dir)
	s.ok(err)
	s.auth, err = chat.OpenAuth(t.Context(), s.dir)
	s.ok(err)
	static := assets.NewStatic()
	s.prefix = static.Prefix()
	o := settings{http: &http.Server{ReadHeaderTimeout: 5 * time.Second, MaxHeaderBytes: 16 << 10}, Options: web.Options{
		Templates: assets.Templates(), Texts: assets.Texts(), Static: static, StaticPrefix: static.Prefix(), Build: static.Hash(), Version: "1.2.3",
		Logger:    slog.New(slog.NewJSONHandler(s.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		Heartbeat: 25 * time.Second, MessageRate: 10, ConnectionsPerIP: 1000, LoginRate: 300,
	}}
	for _, change := range changes {
		change(&o)
	}
	s.chat = chat.NewServer(store, s.auth, local.New(store, time.Now), chat.Options{
		Encoder: web.Encoder{}, Nickname: parseNickname, PasswordKey: password.Key, Logger: o.Logger, MessageRate: o.MessageRate,
	})
	s.handler, err = web.New(s.chat, o.Options)
	s.ok(err)
	o.http.Handler, o.http.ErrorLog = s.handler, slog.NewLogLogger(o.Logger.Handler(), slog.LevelDebug)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	s.ok(err)
	s.addr = listener.Addr().String()
	s.origin = "http://" + s.addr
	if portable && o.wrap == nil {
		o.wrap = func(c net.Conn) net.Conn { return wrapped{c} }
	}
	if o.wrap != nil {
		listener = wrapping{listener, o.wrap}
	}

	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	var running sync.WaitGroup
	running.Go(func() {
		if err := s.chat.Run(ctx); err != nil {
			t.Errorf("the server ended: %v", err)
		}
	})
	running.Go(func() {
		if err := o.http.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			t.Errorf("the listener ended: %v", err)
		}
	})
	t.Cleanup(func() {
		s.handler.Drain(within(t))
		o.http.Close()
		stop()
		running.Wait()
		s.ok(errors.Join(store.Close(), s.auth.Close()))
	})
	return s
}

// parseNickname is what cmd gives the server.
func parseNickname(typed string) (chat.Name, error) {
	name, err := nickname.Parse(typed)
	var bad *nickname.Error
	if errors.As(err, &bad) {
		code := chat.BadRequest
		if bad.Code == nickname.Reserved {
			code = chat.NameInUse
		}
		return chat.Name{}, chat.Refuse(code, "%s", bad.Text)
	}
	return chat.Name(name), err
}

// in is the same server for a test within the test.
func (s *server) in(t testing.TB) *server {
	inner := *s
	inner.TB = t
	return &inner
}

func (s *server) ok(err error) {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
}

// within is a context that outlives the test's own and ends after the guard.
func within(t testing.TB) context.Context {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), guard)
	t.Cleanup(cancel)
	return ctx
}

// person is somebody who is signed in.
type person struct {
	id, name string
	cookie   string // name=value
	origin   string
}

// lines are the headers that a browser sends with whatever the person does.
func (p person) lines(more ...string) []string {
	return append([]string{"Cookie: " + p.cookie, "Origin: " + p.origin}, more...)
}

// signIn signs in by the form.
func (s *server) signIn(name string) person {
	s.Helper()
	a := s.call("POST", "/login", "nickname="+name, form)
	if a.StatusCode != http.StatusSeeOther {
		s.Fatalf("signing in as %s: %d %s", name, a.StatusCode, a.text)
	}
	cookie, _, _ := strings.Cut(a.Header.Get("Set-Cookie"), ";")
	p := person{name: name, cookie: cookie, origin: s.origin}
	p.id = s.call("GET", "/api/me", "", p.lines()...).object()["id"].(string)
	return p
}

// bot makes a token, and has it used once: a bot becomes somebody when it first does something.
func (s *server) bot(name string) (bearer string) {
	s.Helper()
	parsed, err := parseNickname(name)
	s.ok(err)
	token, err := s.auth.MakeToken(s.Context(), parsed, time.Now())
	s.ok(err)
	bearer = "Authorization: Bearer " + string(token)
	s.call("GET", "/api/me", "", bearer)
	return bearer
}

// post says something by HTTP and returns the message's id.
func (s *server) post(p person, room, text string) string {
	s.Helper()
	a := s.call("POST", "/api/rooms/"+room+"/messages", text, p.lines()...)
	if a.StatusCode != http.StatusCreated {
		s.Fatalf("posting: %d %s", a.StatusCode, a.text)
	}
	return a.object()["id"].(string)
}

// unchanged fails the test if anything is stored by what is done.
func (s *server) unchanged(what string, do func()) {
	s.Helper()
	before := s.chat.Head()
	do()
	if after := s.chat.Head(); after != before {
		s.Errorf("%s: something was stored (%v → %v)", what, before, after)
	}
}

// journal is a log that several goroutines write and the test reads.
type journal struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (j *journal) Write(b []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.Write(b)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.String()
}
