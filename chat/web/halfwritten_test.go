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

// A pong does not come in the middle of a frame of which the client has taken a part, however much
// of others' words waits there: less than what is kept for a slow connection, and more.
func TestPongWhileAFrameIsHalfWritten(t *testing.T) {
	was := web.SetSendBuffer(4 << 10)
	t.Cleanup(func() { web.SetSendBuffer(was) }) // after the server has ended
	s := newServer(t, func(o *settings) { o.MessageRate = 0 })
	ana, bob := s.signIn("ana"), s.signIn("bob")
	talker := s.live(bob)
	defer talker.bye()
	const length, pings = 16000, 200 // a text is more than what the kernel holds for ana
	for _, messages := range []int{4, 24} {
		slow := s.slow(ana)
		for i := range messages {
			talker.say(fmt.Sprintf("c%d-%d", messages, i), "lobby", strings.Repeat("x", length))
		}
		for i := range pings {
			slow.frame(fin|opPing, fmt.Sprintf("%0125d", i))
		}
		posted, pongs := 0, 0
		for posted < messages || pongs < pings {
			opcode, payload, err := slow.receive()
			s.ok(err)
			switch opcode {
			case opPong:
				if payload != fmt.Sprintf("%0125d", pongs) {
					t.Fatalf("pong %d says %q", pongs, payload)
				}
				pongs++
			case opText:
				if e := parse(s, payload); e["kind"] == "message.posted" {
					if want := fmt.Sprintf("c%d-%d", messages, posted); e["cid"] != want {
						t.Fatalf("instead of %s came %v", want, e["cid"])
					}
					posted++
				}
			default:
				t.Fatalf("opcode %d within what was written", opcode)
			}
		}
		slow.bye()
	}
}

// slow opens a stream of which one byte is read at a time, and the kernel holds few.
func (s *server) slow(p person) *socket {
	s.Helper()
	// Set before the connection is made, or the window is large already.
	dialer := net.Dialer{Control: func(_, _ string, c syscall.RawConn) (err error) {
		controlled := c.Control(func(fd uintptr) { err = syscall.SetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_RCVBUF, 4<<10) })
		return errors.Join(controlled, err)
	}}
	tcp, err := dialer.DialContext(s.Context(), "tcp", s.addr)
	s.ok(err)
	s.Cleanup(func() { tcp.Close() })
	slow := &socket{server: s, conn: &conn{guarded{tcp}, bufio.NewReaderSize(byByte{tcp}, 16)}}
	s.ok(tcp.SetReadDeadline(time.Now().Add(guard)))
	slow.bytes("GET /api/stream HTTP/1.1\r\n", strings.Join(append(p.lines("Host: "+s.addr), upgrade...), "\r\n"), "\r\n\r\n")
	_, err = http.ReadResponse(slow.conn.Reader, nil)
	s.ok(err)
	slow.until("presence")
	return slow
}
