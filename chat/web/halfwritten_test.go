//go:build unix

package web_test

import (
	"bufio"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"chatd/chat/web"
)

// byByte is a connection of which one byte is read at a time.
type byByte struct{ net.Conn }

func (c byByte) Read(b []byte) (int, error) { return c.Conn.Read(b[:min(1, len(b))]) }

// A pong does not come in the middle of a frame of which the client has taken a part.
func TestPongWhileAFrameIsHalfWritten(t *testing.T) {
	was := web.SetSendBuffer(4 << 10)
	t.Cleanup(func() { web.SetSendBuffer(was) }) // after the server has ended
	s := newServer(t, func(o *settings) { o.MessageRate = 0 })
	ana, bob := s.signIn("ana"), s.signIn("bob")
	// Set before the connection is made, or the window is large already.
	dialer := net.Dialer{Control: func(_, _ string, c syscall.RawConn) (err error) {
		controlled := c.Control(func(fd uintptr) { err = syscall.SetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_RCVBUF, 4<<10) })
		return errors.Join(controlled, err)
	}}
	tcp, err := dialer.DialContext(t.Context(), "tcp", s.addr)
	s.ok(err)
	defer tcp.Close()
	slow := &socket{server: s, conn: &conn{guarded{tcp}, bufio.NewReaderSize(byByte{tcp}, 16)}}
	s.ok(tcp.SetReadDeadline(time.Now().Add(guard)))
	slow.bytes("GET /api/stream HTTP/1.1\r\n", strings.Join(append(ana.lines("Host: "+s.addr), upgrade...), "\r\n"), "\r\n\r\n")
	_, err = http.ReadResponse(slow.conn.Reader, nil)
	s.ok(err)
	slow.until("presence")
	const messages = 4
	talker := s.live(bob)
	defer talker.bye()
	for i := range messages { // each more than what the kernel holds for ana
		talker.say(fmt.Sprintf("c%d", i), "lobby", strings.Repeat("x", 16000))
		slow.frame(fin|opPing, fmt.Sprint("n", i))
	}
	posted, pongs := 0, 0
	for posted < messages || pongs < messages {
		opcode, payload, err := slow.receive()
		s.ok(err)
		switch opcode {
		case opPong:
			if payload != fmt.Sprint("n", pongs) {
				t.Fatalf("the pong says %q, want n%d", payload, pongs)
			}
			pongs++
		case opText:
			if parse(s, payload)["kind"] == "message.posted" {
				posted++
			}
		default:
			t.Fatalf("opcode %d within what was written", opcode)
		}
	}
	slow.bye()
}
