package web

import (
	"errors"
	"net"
	"sync"
	"syscall"
	"time"
	"unicode/utf8"
)

// socket is a connection that several write to: the flusher what everybody
// gets, the lane what is for this one alone, the library its control frames. It
// keeps the order: what somebody began is finished before anything else.
//
// Whoever finds it idle writes at once, without waiting for the other side. What
// the kernel does not take is kept, within maxRest, and a goroutine writes it, which
// exists only while the other side is slow.
type socket struct {
	net.Conn
	direct *direct // nil where a write cannot be told not to wait

	mu       sync.Mutex
	rest     [][]byte      // what is to be written before anything else
	restSize int           // its bytes, and those that the goroutine has in hand
	draining bool          // the goroutine is at it
	idle     chan struct{} // closed when it is done; made by who waits for that
	err      error         // why nothing can be written any more
}

const (
	// maxRest is how much is kept for a connection that is slow: as much as a feed's queue.
	maxRest = 256 << 10
	// sendBuffer is how much the kernel holds for a client that does not read.
	// Left alone, Linux takes megabytes before the server notices anything.
	sendBuffer = 128 << 10
)

func newSocket(conn net.Conn) *socket {
	if tcp, ok := conn.(*net.TCPConn); ok {
		// Where it cannot be set the default serves.
		_ = tcp.SetWriteBuffer(sendBuffer)
	}
	return &socket{Conn: conn, direct: newDirect(conn)}
}

// push writes or keeps all of b and does not wait; false if too much is kept already. b is not changed.
func (s *socket) push(b []byte) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.err != nil:
		return true // nobody is there any more; whoever reads from it ends the connection
	case s.draining:
		if s.restSize+len(b) > maxRest {
			return false
		}
	case s.direct != nil:
		n, err := s.direct.write(b)
		if err != nil {
			s.fail(err)
			return true
		}
		if b = b[n:]; len(b) == 0 {
			return true
		}
	}
	s.rest = append(s.rest, b)
	s.restSize += len(b)
	if !s.draining {
		s.draining = true
		go s.drain()
	}
	return true
}

// Write implements net.Conn for the library. It waits until b is out: after its
// close frame the library closes the connection.
func (s *socket) Write(b []byte) (int, error) {
	if err := s.write(answerable(b)); err != nil {
		return 0, err
	}
	return len(b), nil
}

// answerable is what the library writes, but for one thing: it sends a client's reason for
// closing back as it came. One that is not UTF-8 is answered with 1007 (RFC 6455 §8.1).
func answerable(b []byte) []byte {
	const finClose, invalid = 0x88, 1007
	if len(b) > 4 && b[0] == finClose && !utf8.Valid(b[4:]) {
		return []byte{finClose, 2, invalid >> 8, invalid & 0xff}
	}
	return b
}

// write writes all of b and waits until it, and what was before it, is out.
func (s *socket) write(b []byte) error {
	s.mu.Lock()
	for s.draining {
		if s.idle == nil {
			s.idle = make(chan struct{})
		}
		idle := s.idle
		s.mu.Unlock()
		<-idle // the goroutine ends within stallTimeout of the last progress
		s.mu.Lock()
	}
	if s.err != nil {
		defer s.mu.Unlock()
		return s.err
	}
	s.rest, s.restSize, s.draining = append(s.rest, b), len(b), true
	s.mu.Unlock()
	s.drain()
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.err
}

// drain writes what is kept until there is no more. Only who set draining calls it.
func (s *socket) drain() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for len(s.rest) > 0 && s.err == nil {
		out := net.Buffers(s.rest)
		s.rest = nil
		size := s.restSize
		s.mu.Unlock()
		err := writeAll(s.Conn, &out)
		s.mu.Lock()
		if s.restSize -= size; err != nil {
			s.fail(err)
		}
	}
	s.draining = false
	if s.idle != nil {
		close(s.idle)
		s.idle = nil
	}
}

// fail ends the connection: its reader notices and ends the stream.
func (s *socket) fail(err error) {
	s.err, s.rest = err, nil
	s.Conn.Close()
}

// Close implements net.Conn.
func (s *socket) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err == nil {
		s.err = net.ErrClosed
	}
	return s.Conn.Close()
}

// writeAll writes what is in out as long as the other side takes any of it
// within stallTimeout.
func writeAll(conn net.Conn, out *net.Buffers) error {
	for {
		if err := conn.SetWriteDeadline(time.Now().Add(stallTimeout)); err != nil {
			return err
		}
		n, err := out.WriteTo(conn)
		var timeout net.Error
		switch {
		case err == nil:
			return conn.SetWriteDeadline(time.Time{}) // a direct write has none
		case n == 0, !errors.As(err, &timeout), !timeout.Timeout():
			return err
		}
	}
}

// direct writes to a connection without waiting for the other side. Used under
// the socket's lock.
type direct struct {
	raw syscall.RawConn
	try func(fd uintptr) bool // made once, so that a write allocates nothing
	b   []byte
	n   int
	err error
}

func newDirect(conn net.Conn) *direct {
	tcp, ok := conn.(*net.TCPConn)
	if !ok || !canWriteDirect {
		return nil
	}
	raw, err := tcp.SyscallConn()
	if err != nil {
		return nil
	}
	d := &direct{raw: raw}
	d.try = func(fd uintptr) bool {
		d.n, d.err = writeNow(fd, d.b)
		return true // done, however much it was: do not wait
	}
	return d
}

// write returns how much the kernel took.
func (d *direct) write(b []byte) (int, error) {
	d.b = b
	err := d.raw.Write(d.try)
	d.b = nil
	if err == nil {
		err = d.err
	}
	return d.n, err
}
