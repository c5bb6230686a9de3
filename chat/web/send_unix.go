//go:build unix && (!linux || 386 || s390x)

package web

import (
	"errors"
	"syscall"
)

// writeNow writes what the socket takes; that may be nothing.
func writeNow(fd int, b []byte) (int, error) {
	for {
		n, err := syscall.Write(fd, b)
		switch {
		case err == nil:
			return n, nil
		case errors.Is(err, syscall.EINTR):
		case errors.Is(err, syscall.EAGAIN):
			return 0, nil
		default:
			return 0, err
		}
	}
}
