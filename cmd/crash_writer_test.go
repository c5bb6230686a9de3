package cmd_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"chatd/chat/client"
)

// writer is one client of the crash test. It writes down what it sent, what was
// acknowledged, and what it saw, for the check to judge.
type writer struct {
	name    string
	id      string
	client  *client.Client
	session *client.Session
	uplink  *uplink
	window  int
	epoch   time.Time // the one clock of all writers

	mu       sync.Mutex
	posts    []*sent // in the order in which they were queued
	byCID    map[string]*sent
	seen     []client.Event
	connects int
	resets   []string
	markers  map[string]bool // rooms whose last message was not seen yet
	complete chan struct{}   // closed when there are none
}

// sent is one post and its fate. Times are since the writers' epoch.
type sent struct {
	room, cid, text string
	invoked, acked  time.Duration
	id              string
	dup             bool
	err             error
	pending         *client.Pending
}

// texts are what people write: what is kept must come back byte for byte.
var texts = []string{
	"hello", "  blanks at both ends  ", "two\nlines\n", "<script>alert(1)</script> & co", "see https://example.org/a?b=c&d.",
	"مرحبا بالعالم", "👩‍👩‍👧 family", "quote \" and \\ backslash", strings.Repeat("long ", 400),
}

func newWriter(t testing.TB, url, name string, window int, sse bool, epoch time.Time) *writer {
	t.Helper()
	w := &writer{
		name: name, uplink: &uplink{conns: map[net.Conn]bool{}}, window: window, epoch: epoch,
		byCID: map[string]*sent{}, markers: map[string]bool{}, complete: make(chan struct{}),
	}
	var err error
	w.client, err = client.New(url, client.WithHTTPClient(&http.Client{Transport: &http.Transport{DialContext: w.uplink.dial}}))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.client.Close)
	w.session = w.client.Follow(client.SessionOptions{
		SSE:    sse,
		Window: window,
		Delay:  func(int) time.Duration { return rand.N(100 * time.Millisecond) }, // the test has no minute to wait
		Observer: client.Observer{
			Connected: func(client.Event) { w.mu.Lock(); w.connects++; w.mu.Unlock() },
			Event:     w.event,
			Reset: func(e client.Event, newEpoch bool) {
				w.mu.Lock()
				defer w.mu.Unlock()
				w.resets = append(w.resets, fmt.Sprintf("to %s, new epoch: %v", e.Cursor, newEpoch))
			},
			Settled: w.settled,
		},
	})
	return w
}

// enter signs in and joins the rooms.
func (w *writer) enter(ctx context.Context, rooms []string) error {
	if err := w.client.SignIn(ctx, w.name); err != nil {
		return err
	}
	me, err := w.client.Me(ctx)
	if err != nil {
		return err
	}
	w.id = me.ID
	for _, room := range rooms {
		w.markers[room] = true
		if room == "lobby" {
			continue // everyone is in it
		}
		if err := w.client.Join(ctx, room); err != nil {
			return err
		}
	}
	return nil
}

// write posts in random rooms, at a walking pace, until ctx ends.
func (w *writer) write(ctx context.Context, rooms []string) {
	pace := time.NewTimer(0)
	defer pace.Stop()
	undecided := make(chan *client.Pending, w.window)
	for n := 0; ; n++ {
		select {
		case <-ctx.Done():
			return
		case <-pace.C:
		}
		s := &sent{
			room: rooms[rand.IntN(len(rooms))], cid: client.NewCID(),
			text: fmt.Sprintf("%s %d: %s", w.name, n, texts[rand.IntN(len(texts))]),
		}
		w.mu.Lock()
		w.posts, w.byCID[s.cid] = append(w.posts, s), s
		s.invoked = time.Since(w.epoch)
		w.mu.Unlock()
		pending, err := w.session.Queue(s.room, s.text, s.cid)
		if err != nil {
			w.settled(client.Receipt{CID: s.cid}, err)
			return
		}
		s.pending = pending
		if undecided <- pending; len(undecided) == w.window { // the oldest decides when the next may go
			if _, err := (<-undecided).Wait(ctx); err != nil && ctx.Err() != nil {
				return
			}
		}
		pace.Reset(rand.N(60 * time.Millisecond))
	}
}

// settle waits until the server has decided about every post.
func (w *writer) settle(ctx context.Context) error {
	w.mu.Lock()
	posts := w.posts
	w.mu.Unlock()
	for _, s := range posts {
		if s.pending == nil {
			continue
		}
		if _, err := s.pending.Wait(ctx); err != nil {
			return fmt.Errorf("%s, cid %s: %w", w.name, s.cid, err)
		}
	}
	return nil
}

func (w *writer) settled(r client.Receipt, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	s := w.byCID[r.CID]
	s.acked, s.id, s.dup, s.err = time.Since(w.epoch), r.ID, r.Dup, err
}

// theEnd is the text of the last message of each room.
const theEnd = "this is the end"

func (w *writer) event(e client.Event) {
	if e.Kind != client.KindPosted {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.seen = append(w.seen, e)
	if e.Text == theEnd && w.markers[e.Room] {
		delete(w.markers, e.Room)
		if len(w.markers) == 0 {
			close(w.complete)
		}
	}
}

// uplink is a writer's way to the server. It can be cut, as by a laptop that is shut.
type uplink struct {
	mu    sync.Mutex
	conns map[net.Conn]bool
}

func (u *uplink) dial(ctx context.Context, kind, address string) (net.Conn, error) {
	conn, err := (&net.Dialer{}).DialContext(ctx, kind, address)
	if err != nil {
		return nil, err
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	u.conns[conn] = true
	return &cable{conn, u}, nil
}

func (u *uplink) cut() {
	u.mu.Lock()
	defer u.mu.Unlock()
	for conn := range u.conns {
		conn.Close()
	}
	clear(u.conns)
}

// cutNowAndThen cuts the uplink at random until ctx ends.
func (u *uplink) cutNowAndThen(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(50*time.Millisecond + rand.N(time.Second)):
			u.cut()
		}
	}
}

type cable struct {
	net.Conn
	uplink *uplink
}

func (c *cable) Close() error {
	c.uplink.mu.Lock()
	delete(c.uplink.conns, c.Conn)
	c.uplink.mu.Unlock()
	return c.Conn.Close()
}
