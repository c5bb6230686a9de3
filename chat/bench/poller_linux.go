package bench

import (
	"errors"
	"fmt"
	"net"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// readBuffer is how much is read at once: half of a usual second-level cache,
// the other half being for the transcript that it is compared with.
const readBuffer = 256 << 10

// epoll is the poller of Linux: one thread, raw system calls.
type epoll struct {
	fd     int
	open   []*rawSocket // by descriptor
	events [512]unix.EpollEvent
	buffer [readBuffer]byte
}

func newPoller() (poller, error) {
	fd, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	if err != nil {
		return nil, fmt.Errorf("epoll: %w", err)
	}
	return &epoll{fd: fd}, nil
}

func (p *epoll) close() {
	for _, s := range p.open {
		if s != nil {
			s.close()
		}
	}
	unix.Close(p.fd)
}

func (p *epoll) add(c *conn, from net.Conn) error {
	fd, err := takeDescriptor(from)
	if err != nil {
		return err
	}
	s := &rawSocket{poller: p, fd: fd, conn: c}
	for len(p.open) <= fd {
		p.open = append(p.open, nil)
	}
	p.open[fd], c.socket = s, s
	return s.control(unix.EPOLL_CTL_ADD)
}

// takeDescriptor takes a socket away from Go's own poller. It stays non-blocking.
func takeDescriptor(from net.Conn) (int, error) {
	defer from.Close()
	raw, err := from.(*net.TCPConn).SyscallConn()
	if err != nil {
		return 0, err
	}
	fd := -1
	if e := raw.Control(func(theirs uintptr) { fd, err = unix.FcntlInt(theirs, unix.F_DUPFD_CLOEXEC, 0) }); e != nil {
		return 0, e
	}
	return fd, err
}

func (p *epoll) poll(until time.Time) error {
	n, err := p.wait(time.Until(until))
	if err != nil && !errors.Is(err, unix.EINTR) {
		return fmt.Errorf("epoll: %w", err)
	}
	for _, e := range p.events[:max(n, 0)] {
		s := p.open[e.Fd]
		if s == nil {
			continue // closed by what came before in this round
		}
		if e.Events&unix.EPOLLOUT != 0 {
			s.flush()
		}
		if e.Events&^unix.EPOLLOUT != 0 {
			s.read()
		}
	}
	return nil
}

// wait is epoll_pwait2, which knows nanoseconds: half a millisecond matters to open loops.
func (p *epoll) wait(timeout time.Duration) (int, error) {
	ts := unix.NsecToTimespec(int64(max(timeout, 0)))
	call := unix.Syscall6 // tells the scheduler that it may take a while
	if timeout <= 0 {
		call = unix.RawSyscall6
	}
	n, _, errno := call(unix.SYS_EPOLL_PWAIT2, uintptr(p.fd), uintptr(unsafe.Pointer(&p.events[0])), uintptr(len(p.events)), uintptr(unsafe.Pointer(&ts)), 0, 0)
	if errno == unix.ENOSYS { // Linux before 5.11
		return unix.EpollWait(p.fd, p.events[:], int((timeout+time.Millisecond-1)/time.Millisecond))
	}
	if errno != 0 {
		return 0, errno
	}
	return int(n), nil
}

// rawSocket implements socket.
type rawSocket struct {
	poller  *epoll
	fd      int
	conn    *conn
	pending []byte // not yet taken by the system
}

// control tells epoll what the socket waits for.
func (s *rawSocket) control(op int) error {
	e := unix.EpollEvent{Fd: int32(s.fd), Events: unix.EPOLLIN}
	if len(s.pending) > 0 {
		e.Events |= unix.EPOLLOUT
	}
	if err := unix.EpollCtl(s.poller.fd, op, s.fd, &e); err != nil {
		return fmt.Errorf("epoll: %w", err)
	}
	return nil
}

func (s *rawSocket) read() {
	n, err := rawRead(s.fd, s.poller.buffer[:])
	switch {
	case err == unix.EAGAIN, err == unix.EINTR:
	case err != nil:
		s.close()
		s.conn.ended(err)
	case n == 0:
		s.close()
		s.conn.ended(errClosed)
	default:
		s.conn.receive(s.poller.buffer[:n])
	}
}

func (s *rawSocket) write(b []byte) error {
	if len(s.pending) > 0 {
		s.pending = append(s.pending, b...)
		return nil
	}
	n, err := rawWrite(s.fd, b)
	if err != nil && err != unix.EAGAIN {
		return err
	}
	if n < len(b) {
		s.pending = append(s.pending, b[n:]...)
		return s.control(unix.EPOLL_CTL_MOD)
	}
	return nil
}

func (s *rawSocket) flush() {
	n, err := rawWrite(s.fd, s.pending)
	if err == nil {
		s.pending = append(s.pending[:0], s.pending[n:]...)
	}
	if len(s.pending) == 0 {
		_ = s.control(unix.EPOLL_CTL_MOD) // it is in the set: this cannot fail
	}
}

// A paused socket leaves the set: its end would be told again and again otherwise.
// Leaving and coming back cannot fail while the descriptor is open.
func (s *rawSocket) pause()  { _ = s.control(unix.EPOLL_CTL_DEL) }
func (s *rawSocket) resume() { _ = s.control(unix.EPOLL_CTL_ADD) }

func (s *rawSocket) close() {
	if s.poller.open[s.fd] == s {
		s.poller.open[s.fd] = nil
		unix.Close(s.fd)
	}
}

// rawRead and rawWrite are for sockets that do not block: the scheduler need not know.
func rawRead(fd int, b []byte) (int, error) {
	return transferred(unix.RawSyscall(unix.SYS_READ, uintptr(fd), uintptr(unsafe.Pointer(unsafe.SliceData(b))), uintptr(len(b))))
}

// rawWrite returns 0 with an error.
func rawWrite(fd int, b []byte) (int, error) {
	return transferred(unix.RawSyscall(unix.SYS_WRITE, uintptr(fd), uintptr(unsafe.Pointer(unsafe.SliceData(b))), uintptr(len(b))))
}

func transferred(n, _ uintptr, errno unix.Errno) (int, error) {
	if errno != 0 {
		return 0, errno
	}
	return int(n), nil
}
