package bench

import (
	"net"
	"time"
)

// poller moves bytes between sockets and connections. All its methods, and all that it
// calls, are on one goroutine: whoever calls poll.
type poller interface {
	// add takes over a socket: what arrives goes to c.receive, its end to c.ended. It sets c.socket.
	add(c *conn, s net.Conn) error
	// poll hands over what has arrived, and waits for something until the given
	// time at most. A time that has passed does not wait.
	poll(until time.Time) error
	close()
}

// socket is one connection's way out.
type socket interface {
	// write sends b, or keeps what the other side does not take at once; it keeps no reference to b.
	write(b []byte) error
	// pause and resume stop and continue reading.
	pause()
	resume()
	close()
}
