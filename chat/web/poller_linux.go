package web

import (
	"errors"
	"fmt"
	"os"
	"sync"
	"syscall"
	"time"
)

// poller tells when a connection that was silent has something to read. A goroutine
// that waits for that keeps 4 KB of stack; ten thousand silent people need none of it.
//
// It is an epoll set beside Go's own, which it waits for through Go's own: an epoll
// descriptor can be polled like any other (epoll(7)). A nil poller knows nothing, and nobody waits for it.
type poller struct {
	set  *os.File
	call syscall.RawConn // on set

	mu      sync.Mutex
	waiting map[int]reader // by descriptor; whoever takes one out calls it
}

// reader is called once when there is something to read. It must not block.
type reader interface{ readable() }

func newPoller() (*poller, error) {
	fd, err := syscall.EpollCreate1(syscall.EPOLL_CLOEXEC)
	if err != nil {
		return nil, fmt.Errorf("epoll: %w", err)
	}
	if err := syscall.SetNonblock(fd, true); err != nil { // so that os.NewFile hands it to Go's own poller
		syscall.Close(fd)
		return nil, fmt.Errorf("epoll: %w", err)
	}
	p := &poller{set: os.NewFile(uintptr(fd), "epoll"), waiting: map[int]reader{}}
	if err := p.set.SetReadDeadline(time.Time{}); err != nil { // it says whether Go's own poller has taken it
		p.set.Close()
		return nil, fmt.Errorf("epoll: %w", err)
	}
	p.call, err = p.set.SyscallConn()
	return p, err
}

// run calls readers until close.
func (p *poller) run() {
	var events [128]syscall.EpollEvent
	for {
		n := 0
		err := p.call.Read(func(fd uintptr) bool {
			for {
				got, err := syscall.EpollWait(int(fd), events[:], 0)
				if n = max(got, 0); !errors.Is(err, syscall.EINTR) {
					return n > 0 || err != nil
				}
			}
		})
		if err != nil || n == 0 {
			return // closed
		}
		for _, e := range events[:n] {
			if r := p.take(int(e.Fd)); r != nil {
				r.readable()
			}
		}
	}
}

func (p *poller) close() { p.set.Close() }

// await has r called once there is something to read from a descriptor, or its other side
// is gone. The descriptor stays open until then, or until take. False if that cannot be.
func (p *poller) await(fd int, r reader) bool {
	if p == nil || fd < 0 {
		return false
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	err := p.control(syscall.EPOLL_CTL_MOD, fd)
	if errors.Is(err, syscall.ENOENT) { // the first time
		err = p.control(syscall.EPOLL_CTL_ADD, fd)
	}
	if err == nil {
		p.waiting[fd] = r // an event that is there already waits for the lock
	}
	return err == nil
}

func (p *poller) control(operation, fd int) error {
	e := syscall.EpollEvent{Events: syscall.EPOLLIN | syscall.EPOLLRDHUP | syscall.EPOLLONESHOT, Fd: int32(fd)}
	var err error
	if closed := p.call.Control(func(set uintptr) { err = syscall.EpollCtl(int(set), operation, fd, &e) }); closed != nil {
		return closed
	}
	return err
}

// take returns who waits for the descriptor, who then does no longer; nil if nobody does.
func (p *poller) take(fd int) reader {
	if p == nil {
		return nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	r := p.waiting[fd]
	delete(p.waiting, fd)
	return r
}
