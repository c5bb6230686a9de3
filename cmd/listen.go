package cmd

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"strconv"
	"strings"
	"syscall"
)

// portTakenError says that another program listens where chatd wants to.
type portTakenError struct {
	port int
	next int // the next port that is free, 0 when none is near
}

func (e *portTakenError) Error() string {
	if e.next == 0 {
		return fmt.Sprintf("Port %d is taken by another program. Give another one with --port.", e.port)
	}
	return fmt.Sprintf("Port %d is taken by another program. Try: chatd serve --port %d", e.port, e.next)
}

// listen opens host:port for TCP. An empty host is every interface, port 0 one
// that the system chooses. It never moves to another port by itself: an address
// that moves is an address that nobody finds. Each error is a sentence with a
// way out; status 2, as typing something else helps.
func listen(ctx context.Context, host string, port int) (net.Listener, error) {
	host = strings.Trim(host, "[]")
	if port < 0 || port > 65535 {
		return nil, usageError("--port wants a port number from 0 to 65535, but got %d; try --port 5000", port)
	}
	l, err := tryListening(ctx, host, port)
	if err == nil {
		return l, nil
	}
	var dns *net.DNSError
	var badAddr *net.AddrError
	switch {
	case isPortTaken(err):
		return nil, &exitError{status: exitUsage, err: &portTakenError{port: port, next: nextFreePort(ctx, host, port)}}
	case errors.Is(err, fs.ErrPermission) && port < 1024:
		return nil, usageError("This account may not use port %d (ports below 1024 are kept for the system). Try: chatd serve --port 5000", port)
	case isNotOurAddress(err), errors.As(err, &dns), errors.As(err, &badAddr):
		return nil, usageError("--host wants an address of this computer, but %q is none; leave it out to listen on all of them.", host)
	}
	return nil, failure("Port %d cannot be opened: %w.", port, err)
}

func tryListening(ctx context.Context, host string, port int) (net.Listener, error) {
	var config net.ListenConfig
	return config.Listen(ctx, "tcp", net.JoinHostPort(host, strconv.Itoa(port)))
}

// nextFreePort looks at the hundred ports after port. By the time somebody
// types it, it may be taken too; then chatd says so again.
func nextFreePort(ctx context.Context, host string, port int) int {
	for next := port + 1; next <= min(port+100, 65535); next++ {
		if l, err := tryListening(ctx, host, next); err == nil {
			_ = l.Close()
			return next
		}
	}
	return 0
}

func isPortTaken(err error) bool     { return hasErrno(err, errnosPortTaken) }
func isNotOurAddress(err error) bool { return hasErrno(err, errnosNotOurAddress) }

func hasErrno(err error, errnos []syscall.Errno) bool {
	for _, errno := range errnos {
		if errors.Is(err, errno) {
			return true
		}
	}
	return false
}
