//go:build !unix

package web

import "errors"

// canWriteDirect is false where a socket cannot be written to without waiting
// through Go's standard library: there every connection has a goroutine that writes.
const canWriteDirect = false

func writeNow(uintptr, []byte) (int, error) { return 0, errors.ErrUnsupported }
