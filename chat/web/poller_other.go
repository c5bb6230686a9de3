//go:build !linux

package web

// poller is nothing where only Go's own poller is at hand: a goroutine waits for each connection.
type poller struct{}

type reader interface{ readable() }

func newPoller() (*poller, error) { return nil, nil }

func (*poller) run() {}

func (*poller) close() {}

func (*poller) await(int, reader) bool { return false }

func (*poller) take(int) reader { return nil }
