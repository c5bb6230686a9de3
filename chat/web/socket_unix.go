//go:build unix

package web

import (
	"errors"
	"syscall"
)

// canCallDirect says that a socket can be read and written through Go's standard library
// without waiting: it is non-blocking.
const canCallDirect = true

// errNothingYet is what readNow returns when nothing has arrived.
var errNothingYet = error(syscall.EAGAIN)

// readNow reads what has arrived.
func readNow(fd int, b []byte) (int, error) {
	for {
		n, err := syscall.Read(fd, b)
		if !errors.Is(err, syscall.EINTR) {
			return n, err
		}
	}
}
