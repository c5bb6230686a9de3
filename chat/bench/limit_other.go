//go:build !linux

package bench

import (
	"errors"
	"io"
)

// Serve needs Linux.
func (l Limit) Serve(io.Writer) error { return errors.New("the yardsticks need Linux") }
