//go:build !unix

package web

import "errors"

// canCallDirect is false where a socket cannot be written to without waiting
// through Go's standard library: there every connection has a goroutine that writes and one that reads.
const canCallDirect = false

var errNothingYet = errors.ErrUnsupported

func writeNow(int, []byte) (int, error) { return 0, errors.ErrUnsupported }

func readNow(int, []byte) (int, error) { return 0, errors.ErrUnsupported }
