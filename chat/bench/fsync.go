package bench

import (
	"errors"
	"fmt"
	"os"
	"time"
)

// Fsync measures how long this machine takes to make four kilobytes durable, in a
// file of its own in dir: what no acknowledgement can be faster than. It adds n times to h.
func Fsync(dir string, n int, h *Histogram) (err error) {
	f, err := os.CreateTemp(dir, "fsync-*")
	if err != nil {
		return fmt.Errorf("measure fsync: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close(), os.Remove(f.Name())) }()
	page := make([]byte, 4<<10)
	for range n {
		began := time.Now()
		if _, err := f.Write(page); err != nil {
			return fmt.Errorf("measure fsync: %w", err)
		}
		if err := f.Sync(); err != nil {
			return fmt.Errorf("measure fsync: %w", err)
		}
		h.Add(time.Since(began))
	}
	return nil
}
