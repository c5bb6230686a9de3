package web

import "sync"

// Most connections have nothing to write most of the time. Then their writer
// ends, and the feed is parked: what everybody gets is pushed by the one who
// offers it, and what is for one connection alone by the pusher, each with one call
// that does not wait. A connection that cannot take it gets a writer again.

// park ends the writer if there is nothing left for it to do.
func (s *stream) park() bool {
	if s.socket == nil {
		return false
	}
	s.mu.Lock()
	if len(s.lane) > 0 || s.ended != nil || s.beat.Load() || s.isOver {
		s.mu.Unlock()
		return false
	}
	s.parked = true // from here on answers go to the pusher
	s.mu.Unlock()
	if s.feed.Park(s) {
		return true
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.parked {
		return true // meanwhile there is another writer
	}
	s.parked = false
	s.feed.Poke() // for answers that came meanwhile
	return false
}

// Push implements chat.Sink.
func (s *stream) Push(b []byte) bool { return s.socket.push(b) }

// Behind implements chat.Sink: what comes is to be had from the feed again.
func (s *stream) Behind() { s.startWriter() }

// startWriter gives a parked stream its writer again.
func (s *stream) startWriter() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.parked && !s.isOver {
		s.parked = false
		s.writers.Go(s.run)
	}
}

// nudge has whoever writes for the stream look.
func (s *stream) nudge() {
	s.mu.Lock()
	parked := s.parked
	s.mu.Unlock()
	if parked {
		s.handler.streams.pusher.add(s)
	} else {
		s.feed.Poke()
	}
}

// pushLane writes the lane, and a heartbeat if one is due, without waiting.
func (s *stream) pushLane() {
	lane, owed := s.takeLane()
	var b []byte
	for _, frame := range lane {
		b = s.wire.append(b, frame, "")
	}
	b, asked := s.appendBeat(b)
	if len(b) == 0 {
		return
	}
	if s.socket.push(b) {
		s.said(owed, asked)
		return
	}
	s.mu.Lock()
	s.lane, s.owed = append([][]byte{b}, s.lane...), s.owed+owed
	s.mu.Unlock()
	s.startWriter()
	s.feed.Poke()
}

// pusher writes the lanes of parked streams. One goroutine for all of them: it
// is not the one that answers, which has the next batch to commit.
type pusher struct {
	mu   sync.Mutex
	due  []*stream
	wake chan struct{} // cap 1
}

func (p *pusher) add(s *stream) {
	p.mu.Lock()
	if !s.inPusher {
		s.inPusher = true
		p.due = append(p.due, s)
	}
	p.mu.Unlock()
	select {
	case p.wake <- struct{}{}:
	default:
	}
}

func (p *pusher) run(stop <-chan struct{}) {
	for {
		select {
		case <-stop:
			return
		case <-p.wake:
		}
		p.mu.Lock()
		due := p.due
		p.due = nil
		for _, s := range due {
			s.inPusher = false
		}
		p.mu.Unlock()
		for _, s := range due {
			s.pushLane()
		}
	}
}
