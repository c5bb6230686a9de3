package web

import (
	"context"
	"maps"
	"math/rand/v2"
	"net/netip"
	"sync"
	"time"

	"chatd/chat"
)

// streams knows every open stream: to count them, to keep them alive, and to
// end them. One goroutine, the heart, beats for all of them: no timer is a connection's own.
type streams struct {
	heartbeat time.Duration
	perAddr   int // at once; 0: no limit

	mu       sync.Mutex
	open     map[*stream]struct{}
	byAddr   map[netip.Addr]int
	byPerson map[chat.ID]int
	ended    map[chat.SecretHash]time.Time // sessions that ended less than openWithin ago
	closing  bool
	running  sync.WaitGroup // the heart, the pusher, the poller, and what each stream runs

	stop   chan struct{}
	pusher pusher
	poller *poller
}

// perPerson is how many streams one person may have at once.
const perPerson = 20

func newStreams(o Options) (*streams, error) {
	p, err := newPoller()
	if err != nil {
		return nil, err
	}
	s := &streams{poller: p,
		heartbeat: o.Heartbeat, perAddr: o.ConnectionsPerIP, stop: make(chan struct{}),
		open: map[*stream]struct{}{}, byAddr: map[netip.Addr]int{}, byPerson: map[chat.ID]int{}, ended: map[chat.SecretHash]time.Time{},
	}
	s.pusher.wake = make(chan struct{}, 1)
	s.running.Go(s.heart)
	s.running.Go(func() { s.pusher.run(s.stop) })
	s.running.Go(s.poller.run)
	return s, nil
}

// admit says whether one more stream of this address and person would be taken.
func (s *streams) admit(addr netip.Addr, person chat.ID) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.admitLocked(addr, person)
}

func (s *streams) admitLocked(addr netip.Addr, person chat.ID) error {
	switch {
	case s.closing:
		return &chat.Error{Code: chat.Unavailable, Text: "The server is restarting. Come back in a moment.", RetryAfter: 2 * time.Second}
	case s.perAddr > 0 && s.byAddr[addr] >= s.perAddr:
		return &chat.Error{Code: chat.RateLimited, Text: "Too many connections from your address. Close a tab, or ask the operator to raise --connections-per-ip.", RetryAfter: 5 * time.Second}
	case s.byPerson[person] >= perPerson:
		return &chat.Error{Code: chat.RateLimited, Text: "You have too many connections open. Close a tab.", RetryAfter: 5 * time.Second}
	}
	return nil
}

// enter counts a stream that is about to open; leave, called once when it has
// ended, takes it off again. Drain waits for it.
func (s *streams) enter(addr netip.Addr, person chat.ID) (leave func(), err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.admitLocked(addr, person); err != nil {
		return nil, err
	}
	s.byAddr[addr]++
	s.byPerson[person]++
	s.running.Add(1)
	return func() { s.leave(addr, person) }, nil
}

func (s *streams) leave(addr netip.Addr, person chat.ID) {
	defer s.running.Done()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.byAddr[addr]--; s.byAddr[addr] == 0 {
		delete(s.byAddr, addr)
	}
	if s.byPerson[person]--; s.byPerson[person] == 0 {
		delete(s.byPerson, person)
	}
}

// add makes a stream known, and ends it if meanwhile the server began to stop, or its session ended.
func (s *streams) add(stream *stream) {
	s.mu.Lock()
	s.open[stream] = struct{}{}
	closing, ended := s.closing, false
	if session := stream.who.session; session != nil {
		_, ended = s.ended[session.Hash]
	}
	s.mu.Unlock()
	switch {
	case stream.handler.server.Banned(stream.who.ID):
		stream.end(bannedEnding)
	case ended:
		stream.end(signedOutEnding)
	case closing:
		stream.end(restart(rand.N(shortestDrain)))
	}
}

func (s *streams) remove(stream *stream) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.open, stream)
}

func (s *streams) all() []*stream {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make([]*stream, 0, len(s.open))
	for stream := range s.open {
		all = append(all, stream)
	}
	return all
}

// openWithin is longer than it takes from asking who somebody is to adding his stream.
const openWithin = time.Minute

var bannedEnding = ending{code: closeBanned, reason: "banned"}

// ban closes the streams of somebody who was shut out; one that is just opening is ended by add.
func (s *streams) ban(person chat.ID) {
	for _, stream := range s.all() {
		if stream.who.ID == person {
			stream.end(bannedEnding)
		}
	}
}

var signedOutEnding = ending{code: closeSignedOut, reason: "signed out"}

// end closes the streams of a session that has ended, and those that are just opening.
func (s *streams) end(session chat.SecretHash) {
	now := time.Now()
	s.mu.Lock()
	maps.DeleteFunc(s.ended, func(_ chat.SecretHash, at time.Time) bool { return now.Sub(at) > openWithin })
	s.ended[session] = now
	s.mu.Unlock()
	for _, stream := range s.all() {
		if stream.who.session != nil && stream.who.session.Hash == session {
			stream.end(signedOutEnding)
		}
	}
}

// heart tells streams that a heartbeat is due, pings them with it, and drops
// those that gave no sign of life since.
func (s *streams) heart() {
	tick := time.NewTicker(min(time.Second, s.heartbeat))
	defer tick.Stop()
	for {
		select {
		case <-s.stop:
			return
		case now := <-tick.C:
			for _, stream := range s.all() {
				stream.tick(now, s.heartbeat)
			}
		}
	}
}

func (s *stream) tick(now time.Time, heartbeat time.Duration) {
	if pinged := s.pinged.Load(); pinged != 0 && now.Sub(time.UnixMilli(pinged)) > pongTimeout {
		s.cancel(errGone)
		s.wire.drop()
		return
	}
	if now.Sub(s.beatAt) >= heartbeat {
		s.beatAt = now
		s.beat.Store(true)
		s.nudge()
	}
}

// restart ends a stream so that its client comes back after a time of its own.
func restart(away time.Duration) ending {
	return ending{code: closeRestart, reason: "the server restarts", away: 1 + away}
}

func (s *streams) draining() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.closing
}

// drainRate is how many clients a second may come back after a restart, shortestDrain over how long they are spread at least.
const (
	drainRate     = 500
	shortestDrain = 2 * time.Second
)

// Drain refuses new streams and ends those that are open, telling each client a
// time of its own to come back, so that not all come at once. What they had
// asked is answered first. It returns when they have ended, or drops them when ctx ends.
func (h *Handler) Drain(ctx context.Context) {
	s := h.streams
	s.mu.Lock()
	if s.closing {
		s.mu.Unlock()
		return
	}
	s.closing = true
	s.mu.Unlock()
	settling, settled := context.WithTimeout(ctx, time.Second)
	defer settled()
	h.server.Settle(settling)
	all := s.all()
	within := max(shortestDrain, time.Duration(len(all))*time.Second/drainRate)
	for _, stream := range all {
		stream.end(restart(rand.N(within)))
	}
	ended := make(chan struct{})
	go func() {
		s.running.Wait()
		close(ended)
	}()
	close(s.stop)
	s.poller.close()
	select {
	case <-ended:
		return
	case <-ctx.Done():
	}
	for _, stream := range s.all() {
		stream.cancel(context.Cause(ctx))
		stream.wire.drop()
	}
	<-ended
}
