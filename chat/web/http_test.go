package web_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"
)

// Header lines that come again and again.
const (
	form     = "Content-Type: application/x-www-form-urlencoded"
	jsonBody = "Content-Type: application/json"
	events   = "Accept: text/event-stream"
)

// upgrade are the header lines that ask for a WebSocket; the key is RFC 6455's own.
var upgrade = []string{"Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="}

// answer is an HTTP answer with its body.
type answer struct {
	*http.Response
	s    *server
	text string
}

// call sends one request, exactly these lines, and reads the whole answer (of an upgrade or a stream: its head).
func (s *server) call(method, target, body string, lines ...string) answer {
	s.Helper()
	a, conn := s.open(method, target, body, lines...)
	defer conn.Close()
	if a.StatusCode == http.StatusSwitchingProtocols || a.Header.Get("Content-Type") == "text/event-stream" {
		return a
	}
	text, err := io.ReadAll(a.Body)
	s.ok(err)
	a.text = string(text)
	return a
}

// open sends one request over a connection of its own and reads the head of the answer.
func (s *server) open(method, target, body string, lines ...string) (answer, *conn) {
	s.Helper()
	c := s.connect()
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s HTTP/1.1\r\n", method, target)
	if !has(lines, "Host:") {
		lines = append(lines, "Host: "+s.addr)
	}
	if !has(lines, "Connection:") {
		lines = append(lines, "Connection: close")
	}
	if body != "" || method == http.MethodPost {
		lines = append(lines, fmt.Sprintf("Content-Length: %d", len(body)))
	}
	b.WriteString(strings.Join(lines, "\r\n") + "\r\n\r\n" + body)
	_, err := io.WriteString(c, b.String())
	s.ok(err)
	response, err := http.ReadResponse(c.Reader, &http.Request{Method: method})
	if err != nil {
		s.Fatalf("%s %s: %v", method, target, err)
	}
	return answer{Response: response, s: s}, c
}

// conn is a raw connection to the server.
type conn struct {
	net.Conn
	*bufio.Reader
}

func (c *conn) Read(b []byte) (int, error) { return c.Reader.Read(b) }

// guarded is a connection on which nothing may take longer than the guard.
type guarded struct{ net.Conn }

func (g guarded) Read(b []byte) (int, error) {
	g.SetReadDeadline(time.Now().Add(guard))
	return g.Conn.Read(b)
}

func (g guarded) Write(b []byte) (int, error) {
	g.SetWriteDeadline(time.Now().Add(guard))
	return g.Conn.Write(b)
}

// connect opens a connection that ends with the test.
func (s *server) connect() *conn {
	s.Helper()
	c, err := net.Dial("tcp", s.addr)
	s.ok(err)
	s.Cleanup(func() { c.Close() })
	return &conn{guarded{c}, bufio.NewReader(guarded{c})}
}

func has(lines []string, name string) bool {
	for _, line := range lines {
		if strings.HasPrefix(line, name) {
			return true
		}
	}
	return false
}

// object is the body as JSON.
func (a answer) object() map[string]any {
	a.s.Helper()
	var object map[string]any
	if err := json.Unmarshal([]byte(a.text), &object); err != nil {
		a.s.Fatalf("%d %q: %v", a.StatusCode, a.text, err)
	}
	return object
}

// code is the word in an error.
func (a answer) code() string {
	a.s.Helper()
	code, _ := a.object()["code"].(string)
	return code
}

// is fails the test if the answer is another.
func (a answer) is(status int, code string) {
	a.s.Helper()
	if a.StatusCode != status || a.code() != code {
		a.s.Errorf("%d %s, want %d %s", a.StatusCode, a.text, status, code)
	}
}

// lineReader reads lines of a body that comes bit by bit.
type lineReader struct{ *bufio.Reader }

func newLineReader(r io.Reader) *lineReader { return &lineReader{bufio.NewReader(r)} }

func (r *lineReader) line() (string, error) {
	line, err := r.ReadString('\n')
	return strings.TrimSuffix(line, "\n"), err
}
