package chattest

import (
	"context"
	"crypto/sha256"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"chatd/chat"
	"chatd/chat/local"
)

// Setup is one way in which a story's server is put together.
type Setup struct {
	Log         func(*chat.Store, func() time.Time) chat.Log // nil: the local one
	Tune        func(*chat.Server)                           // before anything is asked of it
	Nickname    func(string) (chat.Name, error)              // nil: any word, alike without regard to case
	MessageRate int
}

// World is where a story takes place: a real server on a real store, and people.
// A story runs inside a synctest bubble: its time is the story's own, and
// everything that waits for time happens when the story lets it pass.
type World struct {
	T      testing.TB
	Server *chat.Server
	Store  *chat.Store
	Auth   *chat.Auth

	setup  Setup
	dir    string
	people map[string]*Person
	cancel context.CancelFunc
	ended  chan error

	mu      sync.Mutex
	skipped time.Duration // how much of the time was jumped over
}

// Tell tells a story under each of the named setups.
func Tell(t *testing.T, setups map[string]Setup, story func(*World)) {
	for name, setup := range setups {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := &World{T: t, setup: setup, dir: t.TempDir(), people: map[string]*Person{}}
				w.start()
				defer w.stop()
				story(w)
			})
		})
	}
}

// quickKey takes no time: a story has many passwords and no thieves.
func quickKey(password string, salt []byte) []byte {
	key := sha256.Sum256(append([]byte(password), salt...))
	return key[:]
}

// Now is what time it is in the story.
func (w *World) Now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return time.Now().Add(w.skipped)
}

func (w *World) start() {
	w.T.Helper()
	var err error
	if w.Store, err = chat.OpenStore(context.Background(), w.dir); err != nil {
		w.T.Fatal(err)
	}
	if w.Auth, err = chat.OpenAuth(context.Background(), w.dir); err != nil {
		w.T.Fatal(err)
	}
	nickname, newLog := w.setup.Nickname, w.setup.Log
	if nickname == nil {
		nickname = func(typed string) (chat.Name, error) {
			return chat.Name{Text: typed, Keys: []string{strings.ToLower(typed)}}, nil
		}
	}
	if newLog == nil {
		newLog = func(s *chat.Store, now func() time.Time) chat.Log { return local.New(s, now) }
	}
	w.Server = chat.NewServer(w.Store, w.Auth, newLog(w.Store, w.Now), chat.Options{
		Encoder: Encoder{}, Nickname: nickname, PasswordKey: quickKey, Now: w.Now,
		Logger: slog.New(slog.DiscardHandler), MessageRate: w.setup.MessageRate,
	})
	if w.setup.Tune != nil {
		w.setup.Tune(w.Server)
	}
	ctx, cancel := context.WithCancel(context.Background())
	w.cancel, w.ended = cancel, make(chan error, 1)
	go func(server *chat.Server, ended chan error) { ended <- server.Run(ctx) }(w.Server, w.ended)
}

func (w *World) stop() {
	w.T.Helper()
	for _, p := range w.people {
		p.Hangs()
	}
	w.cancel()
	if err := <-w.ended; err != nil {
		w.T.Errorf("the server ended with: %v", err)
	}
	if err := w.Store.Close(); err != nil {
		w.T.Error(err)
	}
	if err := w.Auth.Close(); err != nil {
		w.T.Error(err)
	}
}

// Restarts ends the server and starts it on the same data. Everyone is cut off.
func (w *World) Restarts() { w.RestartsAfter(0) }

// RestartsAfter restarts the server after it was down for so long.
func (w *World) RestartsAfter(down time.Duration) {
	w.T.Helper()
	w.stop()
	time.Sleep(down)
	w.start()
}

// Passes lets time pass. Of a long time all but the last two minutes, which is
// long enough for everything that is done now and then, is jumped over.
func (w *World) Passes(d time.Duration) {
	if jump := d - 2*time.Minute; jump > 0 {
		w.Jumps(jump)
		d -= jump
	}
	time.Sleep(d) // the bubble's time: nothing is waited for
	synctest.Wait()
}

// Jumps moves the clock on, and nothing has the time to happen.
func (w *World) Jumps(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.skipped += d
}

// As is somebody of this name, who signs in when he is first named.
func (w *World) As(name string) *Person {
	w.T.Helper()
	p := w.people[name]
	if p == nil {
		p = &Person{w: w}
		secret, err := w.Server.SignIn(context.Background(), nil, name)
		if err != nil {
			w.T.Fatalf("%s signs in: %v", name, err)
		}
		p.Secret = secret
		p.Enters()
		w.people[name] = p
	}
	return p
}
