package cmd_test

import (
	"io"
	"net"
	"strings"
	"sync"
	"testing"
)

// relay is a way to the server that can be pulled, as a cable can: everything that goes
// through it breaks off, and nothing new gets through until it is plugged in again.
type relay struct {
	URL         string
	end, server string // addresses

	listener net.Listener
	copying  sync.WaitGroup
	mu       sync.Mutex
	open     map[net.Conn]bool // guarded by mu; nil while pulled
}

// newRelay leads to the server of the stage. It is pulled when the test ends.
func newRelay(s *stage) *relay {
	r := &relay{end: "127.0.0.1:" + freePort(s), server: strings.TrimPrefix(s.URL, "http://")}
	r.URL = "http://" + r.end
	r.plug(s)
	s.Cleanup(r.pull)
	return r
}

func (r *relay) plug(t testing.TB) {
	t.Helper()
	listener, err := net.Listen("tcp", r.end)
	if err != nil {
		t.Fatal(err)
	}
	r.listener, r.open = listener, map[net.Conn]bool{}
	r.copying.Go(func() {
		for {
			near, err := listener.Accept()
			if err != nil {
				return
			}
			r.copying.Go(func() { r.join(near) })
		}
	})
}

func (r *relay) pull() {
	r.listener.Close()
	r.mu.Lock()
	for conn := range r.open {
		conn.Close()
	}
	r.open = nil
	r.mu.Unlock()
	r.copying.Wait()
}

// join carries one connection, in both directions, until either end has enough of it.
func (r *relay) join(near net.Conn) {
	defer near.Close()
	far, err := net.Dial("tcp", r.server)
	if err != nil {
		return
	}
	defer far.Close()
	if !r.carries(near) {
		return
	}
	r.copying.Go(func() {
		io.Copy(far, near)
		far.Close()
	})
	io.Copy(near, far)
}

// carries remembers a connection to break it off; false when the cable is pulled already.
func (r *relay) carries(conn net.Conn) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.open != nil {
		r.open[conn] = true
	}
	return r.open != nil
}
