package web

import (
	"errors"
	"net"
	"sync"
	"time"
	"unicode/utf8"
)

// socket is a connection that several write to: the flusher what everybody
// gets, the lane what is for this one alone, the library its control frames. It
// keeps the order: what somebody began is finished before anything else.
//
// Whoever finds it idle writes at once, without waiting for the other side. What
// the kernel does not take is kept, within maxRest, and a goroutine writes it, which
// exists only while the other side is slow. And a connection on which nothing
// arrives has none that reads: the poller starts one when something does.
type socket struct {
	net.Conn
	fd     int     // the descriptor, for calls that do not wait; -1 where there are none
	poller *poller // tells when there is something to read; nil: nobody does

	mu       sync.Mutex
	ahead    []byte        // was read before the library asked for it
	rest     [][]byte      // what is to be written before anything else
	restSize int           // its bytes, and those that the goroutine has in hand
	draining bool          // the goroutine is at it
	idle     chan struct{} // closed when it is done; made by who waits for that
	err      error         // why nothing can be written any more
}

// maxRest is how much is kept for a connection that is slow: as much as a feed's queue.
const maxRest = 256 << 10

// sendBuffer is how much the kernel holds for a client that does not read.
// Left alone, Linux takes megabytes before the server notices anything.
var sendBuffer = 128 << 10 // tests make it smaller

func newSocket(conn net.Conn, p *poller) *socket {
	s := &socket{Conn: conn, fd: -1, poller: p}
	if tcp, ok := conn.(*net.TCPConn); ok {
		// Where it cannot be set the default serves.
		_ = tcp.SetWriteBuffer(sendBuffer)
		s.fd = descriptor(tcp)
	}
	return s
}

// descriptor returns the descriptor of a connection, which stays the connection's
// own; -1 where a call on it could wait.
func descriptor(tcp *net.TCPConn) int {
	fd := -1
	if raw, err := tcp.SyscallConn(); err == nil && canCallDirect {
		_ = raw.Control(func(number uintptr) { fd = int(number) }) // it fails if the connection is closed: then there is none
	}
	return fd
}

// direct says whether the socket can be written to without waiting.
func (s *socket) direct() bool { return s.fd >= 0 }

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
	case s.fd >= 0: // open as long as there is no error: who closes it holds the lock
		n, err := writeNow(s.fd, b)
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
func (s *socket) fail(err error) error {
	if s.err == nil {
		s.err, s.rest = err, nil
		if r := s.poller.take(s.fd); r != nil {
			go r.readable()
		}
	}
	return s.Conn.Close()
}

// Close implements net.Conn.
func (s *socket) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.fail(net.ErrClosed)
}

// Read implements net.Conn for the library.
func (s *socket) Read(b []byte) (int, error) {
	s.mu.Lock()
	n := copy(b, s.ahead)
	if s.ahead = s.ahead[n:]; len(s.ahead) == 0 {
		s.ahead = nil
	}
	s.mu.Unlock()
	if n > 0 {
		return n, nil
	}
	return s.Conn.Read(b)
}

// await has the poller call r once when there is something to read or the connection has
// ended; false if nobody can tell, and somebody has to wait for it in Read.
func (s *socket) await(r reader) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.err == nil && len(s.ahead) == 0 && s.poller.await(s.fd, r)
}

// glance reads what has arrived, without waiting, at a place where a frame begins. Signs of
// life, which are all that silent clients send, are taken out, and counted; answers is what
// is to be said to them. Anything else is kept for the library, which waits for the rest of it.
func (s *socket) glance() (signs int, answers []byte, more bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err != nil || len(s.ahead) > 0 {
		return 0, nil, true
	}
	var b [smallBuffer]byte
	n, err := readNow(s.fd, b[:])
	if errors.Is(err, errNothingYet) {
		return 0, nil, false
	}
	if err != nil || n == 0 {
		return 0, nil, true // the library is told the same
	}
	arrived := b[:n]
	for {
		answer, rest, ok := signOfLife(arrived)
		if !ok {
			break
		}
		answers, arrived = append(answers, answer...), rest
		signs++
	}
	s.ahead = append([]byte(nil), arrived...)
	return signs, answers, len(arrived) > 0
}

// signOfLife takes a client's ping or pong (RFC 6455 §5.5.2, §5.5.3) from the beginning of b, if all
// of one is there. A ping has a pong for an answer.
func signOfLife(b []byte) (answer, rest []byte, ok bool) {
	const finPing, finPong, masked, head = 0x89, 0x8a, 0x80, 2 + 4 // with the mask
	if len(b) < head || b[0] != finPing && b[0] != finPong || b[1]&masked == 0 {
		return nil, b, false
	}
	length := int(b[1] &^ masked)
	if length > maxControl || len(b) < head+length {
		return nil, b, false
	}
	if b[0] == finPing {
		answer = append(answer, finPong, byte(length))
		for i, c := range b[head : head+length] {
			answer = append(answer, c^b[2+i%4])
		}
	}
	return answer, b[head+length:], true
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
