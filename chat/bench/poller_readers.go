package bench

import (
	"net"
	"sync"
	"time"
)

// readers is the poller for any system: a goroutine for each socket reads, and
// poll hands over what they read, one after the other.
type readers struct {
	arrived chan arrival
	closing chan struct{}
	reading sync.WaitGroup
	open    map[*readSocket]struct{}
}

// arrival is what one read brought. The reader waits on the socket's resumed before it
// uses its buffer again.
type arrival struct {
	from *readSocket
	b    []byte
	err  error
}

func newReaders() *readers {
	return &readers{arrived: make(chan arrival), closing: make(chan struct{}), open: map[*readSocket]struct{}{}}
}

func (p *readers) close() {
	close(p.closing)
	for s := range p.open {
		s.Conn.Close()
	}
	p.reading.Wait()
}

func (p *readers) add(c *conn, from net.Conn) error {
	s := &readSocket{Conn: from, poller: p, conn: c, taken: make(chan struct{}, 1)}
	c.socket = s
	p.open[s] = struct{}{}
	p.reading.Go(s.read)
	return nil
}

func (s *readSocket) read() {
	buffer := make([]byte, 16<<10)
	for {
		n, err := s.Conn.Read(buffer)
		select {
		case s.poller.arrived <- arrival{s, buffer[:n], err}:
		case <-s.poller.closing:
			return
		}
		if err != nil {
			return
		}
		select {
		case <-s.taken:
		case <-s.poller.closing:
			return
		}
	}
}

// mostAtOnce is how much poll hands over before it looks at the clock.
const mostAtOnce = 512

func (p *readers) poll(until time.Time) error {
	timer := time.NewTimer(time.Until(until))
	defer timer.Stop()
	select {
	case a := <-p.arrived:
		p.hand(a)
	case <-timer.C:
		return nil
	}
	for range mostAtOnce {
		select {
		case a := <-p.arrived:
			p.hand(a)
		default:
			return nil
		}
	}
	return nil
}

func (p *readers) hand(a arrival) {
	s := a.from
	if _, open := p.open[s]; !open {
		return
	}
	if len(a.b) > 0 {
		s.conn.receive(a.b)
	}
	if a.err != nil {
		s.close()
		s.conn.ended(errClosed)
		return
	}
	if s.paused {
		s.owed = true
	} else {
		s.taken <- struct{}{}
	}
}

// readSocket implements socket. What is written waits for the system.
type readSocket struct {
	net.Conn
	poller *readers
	conn   *conn
	taken  chan struct{} // one for each arrival that was handed over
	paused bool
	owed   bool // taken, which was not said because of a pause
}

func (s *readSocket) write(b []byte) error {
	if err := s.SetWriteDeadline(time.Now().Add(handshakeTimeout)); err != nil {
		return err
	}
	_, err := s.Conn.Write(b)
	return err
}

func (s *readSocket) pause() { s.paused = true }

func (s *readSocket) resume() {
	s.paused = false
	if s.owed {
		s.owed = false
		s.taken <- struct{}{}
	}
}

func (s *readSocket) close() {
	delete(s.poller.open, s)
	s.Conn.Close()
	select { // the reader may wait for this
	case s.taken <- struct{}{}:
	default:
	}
}
