//go:build !linux

package web

// Silent is how many streams nobody waits for but the poller; ok is false where there is none.
func (*Handler) Silent() (n int, ok bool) { return 0, false }
