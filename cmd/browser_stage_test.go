package cmd_test

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"sync"
	"testing"

	"chatd/chat/client"
)

// stage is where one story happens: a server with data of its own, and the people.
type stage struct {
	*testing.T
	chromium context.Context
	binary   string
	args     []string
	server   *program
	URL      string // where people find the server, the same after a restart

	people    []*person
	newcomers int
}

// newStage starts a server, with these flags beside the usual ones.
func newStage(t *testing.T, chromium context.Context) *stage {
	s := &stage{T: t, chromium: chromium, binary: binary(t), args: []string{
		// a port of the test's own choice, because some stories start the server again
		"--port", freePort(t), "--data", t.TempDir(), "--message-rate", "0", "--login-rate", "0",
	}}
	s.starts()
	s.URL = s.server.URL
	t.Cleanup(s.end)
	return s
}

// starts runs the server, on the same port and data as the one before.
func (s *stage) starts() {
	s.Helper()
	s.server = start(s, s.binary, s.args...)
}

// restarts stops the server in good order and starts it again.
func (s *stage) restarts() {
	s.Helper()
	s.server.stop(s)
	s.starts()
}

// person is somebody with a browser of his own, in which no page is open yet.
func (s *stage) person(name string) *person {
	s.Helper()
	p := &person{name: name, webPage: openPage(s, name, s.chromium, true)}
	s.people = append(s.people, p)
	return p
}

// joins is a person who has come in.
func (s *stage) joins(name string) *person {
	s.Helper()
	p := s.person(name)
	p.joins()
	return p
}

// program is somebody who talks through the API.
func (s *stage) program(name string) *client.Client {
	s.Helper()
	c, err := client.New(s.server.URL) // only browsers know other names of it
	if err != nil {
		s.Fatal(err)
	}
	s.Cleanup(c.Close)
	if err := c.SignIn(within(s), name); err != nil {
		s.Fatal(err)
	}
	return c
}

// posts says something through the API.
func (s *stage) posts(c *client.Client, texts ...string) {
	s.Helper()
	for _, text := range texts {
		if _, err := c.Post(within(s), "lobby", text, ""); err != nil {
			s.Fatal(err)
		}
	}
}

// history asserts, by the eyes of a newcomer in a fresh profile, what was said: exactly
// these lines ("ana: hi") in this order, of which the newest fill the page that opens.
func (s *stage) history(lines ...string) {
	s.Helper()
	s.newcomers++
	newcomer := s.joins(fmt.Sprint("newcomer ", s.newcomers))
	page := lines[max(0, len(lines)-50):]
	if got := newcomer.looks().lines(); !slices.Equal(got, page) {
		s.Errorf("a newcomer reads\n%q\nand was to read\n%q", got, page)
	}
	if len(page) == len(lines) {
		return
	}
	all, err := s.program(newcomer.name+" too").Page(within(s), "lobby", client.PageQuery{Limit: 200})
	if err != nil {
		s.Fatal(err)
	}
	if len(all.Messages) != len(lines) || all.HasOlder {
		s.Fatalf("there are %d messages (and more: %v) and were to be %d", len(all.Messages), all.HasOlder, len(lines))
	}
	for i, m := range all.Messages {
		if line := m.By.Name + ": " + m.Text; line != lines[i] {
			s.Errorf("message %d is %q and was to be %q", i, line, lines[i])
		}
	}
}

// together does several things at once, each of them one after the other.
func (s *stage) together(things ...func()) {
	s.Helper()
	var all sync.WaitGroup
	for _, thing := range things {
		all.Go(thing)
	}
	all.Wait()
	if s.Failed() {
		s.FailNow() // one of them has, and only ended itself
	}
}

// mayLog allows console messages that contain one of these, for everybody: what Chromium
// writes of itself when a server is away is no fault of the page.
func (s *stage) mayLog(parts ...string) {
	for _, p := range s.people {
		p.mayLog(parts...)
	}
}

// whileAway is what Chromium writes when nobody answers, or a server that is just going or coming.
var whileAway = []string{"net::ERR_", "WebSocket connection to", "status of 503"}

// end asserts that nobody's browser had anything to say.
func (s *stage) end() {
	for _, p := range s.people {
		for _, complaint := range p.complaints() {
			s.Errorf("in %s's browser: %s", p.name, complaint)
		}
	}
}

// origin is scheme, host and port of an address, with ws counted as http.
func origin(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	if u.Scheme == "ws" {
		u.Scheme = "http"
	}
	return u.Scheme + "://" + u.Host
}
