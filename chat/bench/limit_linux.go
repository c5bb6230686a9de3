package bench

import (
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"

	"golang.org/x/sys/unix"
)

// Serve listens on a free port of 127.0.0.1, prints its address to out, and serves for
// ever on one thread.
//
// Any upgrade of /?rooms=NAME&frame=N is taken. A post is answered with an ack and goes
// to everybody who named the same room, in a frame of N bytes.
func (l Limit) Serve(out io.Writer) error {
	runtime.GOMAXPROCS(1)
	runtime.LockOSThread()
	listener, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return fmt.Errorf("socket: %w", err)
	}
	defer unix.Close(listener)
	if err := unix.Bind(listener, &unix.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}); err != nil {
		return fmt.Errorf("bind: %w", err)
	}
	if err := unix.Listen(listener, 4096); err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	name, err := unix.Getsockname(listener)
	if err != nil {
		return err
	}
	set, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	if err != nil {
		return fmt.Errorf("epoll: %w", err)
	}
	defer unix.Close(set)
	if err := unix.EpollCtl(set, unix.EPOLL_CTL_ADD, listener, &unix.EpollEvent{Fd: int32(listener), Events: unix.EPOLLIN}); err != nil {
		return fmt.Errorf("epoll: %w", err)
	}
	if _, err := fmt.Fprintf(out, "limit %s on http://127.0.0.1:%d\n", l, name.(*unix.SockaddrInet4).Port); err != nil {
		return err
	}
	return (&limitServer{each: l == LimitA, set: set, listener: listener, rooms: map[string]*limitRoom{}}).run()
}

type limitServer struct {
	each          bool // write for each message, not for each round
	set, listener int
	clients       []*limitClient // by descriptor
	rooms         map[string]*limitRoom
	dirty         []*limitRoom // those with a batch
	length        int          // of a frame
	count         int          // of messages
	buffer        [64 << 10]byte
}

type limitRoom struct {
	clients []*limitClient // in the order in which they came
	batch   []byte         // what is to be written to all of them
}

type limitClient struct {
	fd   int
	room *limitRoom // nil before the upgrade
	in   []byte     // not yet a whole request or frame
	out  []byte     // not yet taken by the system
	acks []byte
	gone bool
}

func (s *limitServer) run() error {
	var events [512]unix.EpollEvent
	for {
		n, err := unix.EpollWait(s.set, events[:], -1)
		if err != nil && !errors.Is(err, unix.EINTR) {
			return fmt.Errorf("epoll: %w", err)
		}
		for _, e := range events[:max(n, 0)] {
			if int(e.Fd) == s.listener {
				if err := s.accept(); err != nil {
					return err
				}
				continue
			}
			c := s.clients[e.Fd]
			if e.Events&unix.EPOLLOUT != 0 {
				s.retry(c)
			}
			if e.Events&^unix.EPOLLOUT != 0 {
				s.read(c)
			}
		}
		s.flush()
	}
}

func (s *limitServer) accept() error {
	for {
		fd, _, err := unix.Accept4(s.listener, unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC)
		if errors.Is(err, unix.EAGAIN) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("accept: %w", err)
		}
		if err := unix.SetsockoptInt(fd, unix.IPPROTO_TCP, unix.TCP_NODELAY, 1); err != nil {
			return err
		}
		for len(s.clients) <= fd {
			s.clients = append(s.clients, nil)
		}
		c := &limitClient{fd: fd}
		s.clients[fd] = c
		if err := unix.EpollCtl(s.set, unix.EPOLL_CTL_ADD, fd, &unix.EpollEvent{Fd: int32(fd), Events: unix.EPOLLIN}); err != nil {
			return err
		}
	}
}

func (s *limitServer) read(c *limitClient) {
	n, err := rawRead(c.fd, s.buffer[:])
	if err == unix.EAGAIN {
		return
	}
	if err != nil || n == 0 {
		s.drop(c)
		return
	}
	in := s.buffer[:n]
	if len(c.in) > 0 {
		c.in = append(c.in, in...)
		in = c.in
	}
	if c.room == nil {
		if in = s.upgrade(c, in); c.room == nil {
			c.in = append(c.in[:0], in...)
			return
		}
	}
	for {
		f, whole := parseFrame(in)
		if !whole {
			break
		}
		s.frame(c, f, in[f.begin:f.end])
		in = in[f.end:]
	}
	c.in = append(c.in[:0], in...)
	if len(c.acks) > 0 && !c.gone {
		s.write(c, c.acks)
		c.acks = c.acks[:0]
	}
}

// flush writes what there is for each room to everybody in it.
func (s *limitServer) flush() {
	for _, r := range s.dirty {
		for _, c := range r.clients {
			s.write(c, r.batch)
		}
		r.batch = r.batch[:0]
	}
	s.dirty = s.dirty[:0]
}

// write makes one system call, or none while the system has taken less than all before.
func (s *limitServer) write(c *limitClient, b []byte) {
	if len(c.out) > 0 {
		c.out = append(c.out, b...)
		return
	}
	n, err := rawWrite(c.fd, b)
	if n < len(b) && (err == nil || err == unix.EAGAIN) {
		c.out = append(c.out, b[n:]...)
		s.watch(c, unix.EPOLLIN|unix.EPOLLOUT)
	} // any other error comes back from the next read
}

func (s *limitServer) retry(c *limitClient) {
	if n, err := rawWrite(c.fd, c.out); err == nil {
		c.out = append(c.out[:0], c.out[n:]...)
	}
	if len(c.out) == 0 {
		s.watch(c, unix.EPOLLIN)
	}
}

// watch cannot fail: the descriptor is in the set until it is closed.
func (s *limitServer) watch(c *limitClient, events uint32) {
	_ = unix.EpollCtl(s.set, unix.EPOLL_CTL_MOD, c.fd, &unix.EpollEvent{Fd: int32(c.fd), Events: events})
}

func (s *limitServer) drop(c *limitClient) {
	c.gone = true
	if c.room != nil {
		c.room.clients = slices.DeleteFunc(c.room.clients, func(other *limitClient) bool { return other == c })
	}
	unix.Close(c.fd)
}
