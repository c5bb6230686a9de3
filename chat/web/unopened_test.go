package web_test

import (
	"bytes"
	"context"
	"net"
	"net/http"
	"strings"
	"testing"
)

// Symptom: a ping behind the handshake of a stream that could not be opened made the program fail, and the connection stayed.
func TestStreamThatCannotOpen(t *testing.T) {
	s := newServer(t, func(o *settings) {
		o.wrap = func(c net.Conn) net.Conn { return &failing{Conn: c} }
		o.http.ConnContext = func(ctx context.Context, c net.Conn) context.Context {
			ctx, c.(*failing).cancel = context.WithCancel(ctx)
			return ctx
		}
	})
	ana := s.signIn("ana")
	conn := s.connect()
	c := &socket{server: s, conn: conn}
	c.bytes("GET /api/stream HTTP/1.1\r\nHost: ", s.addr, "\r\n", strings.Join(ana.lines(upgrade...), "\r\n"), "\r\n\r\n",
		frameOf(fin|opPing, ""), frameOf(fin|opPong, ""), frameOf(fin|opText, ping("a")))
	response, err := http.ReadResponse(conn.Reader, nil)
	s.ok(err)
	if response.StatusCode != http.StatusSwitchingProtocols {
		t.Fatal(response.Status)
	}
	if code := c.closed(); code != 1013 {
		t.Errorf("closed with %d", code)
	}
	c.answerClose()
	c.gone()
	if strings.Contains(s.log.String(), "made the program fail") {
		t.Error(s.log)
	}
}

// failing ends the context of its requests once an upgrade is answered, so that what comes after that fails.
type failing struct {
	net.Conn
	cancel context.CancelFunc
}

func (f *failing) Write(b []byte) (int, error) {
	if bytes.HasPrefix(b, []byte("HTTP/1.1 101")) {
		f.cancel()
	}
	return f.Conn.Write(b)
}
