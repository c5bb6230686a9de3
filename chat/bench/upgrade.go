package bench

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Refused is a server's answer to an upgrade that it did not want.
type Refused struct {
	Status     int
	RetryAfter string // of the header; "" if there was none
	Body       string
}

func (r *Refused) retryAfter() (time.Duration, bool) {
	seconds, err := strconv.Atoi(r.RetryAfter)
	return time.Duration(seconds) * time.Second, err == nil
}

func (r *Refused) Error() string {
	return fmt.Sprintf("the server answered %d: %s", r.Status, strings.TrimSpace(r.Body))
}

// upgradeKey is any 16 bytes in base64 (RFC 6455 §4.1). Nobody needs ours to be new each time.
const upgradeKey = "Y2hhdGQgYmVuY2ggY2hhdA=="

// upgrade opens a WebSocket by hand; early is what came right behind the answer.
func upgrade(ctx context.Context, base string, who *Person, query url.Values) (s net.Conn, early []byte, err error) {
	u, err := url.Parse(base)
	if err != nil {
		return nil, nil, err
	}
	if u.Scheme != "http" {
		return nil, nil, errors.New("the generator speaks plain http only: give the server's own address, behind any proxy")
	}
	dialer := net.Dialer{Timeout: handshakeTimeout, KeepAlive: -1}
	s, err = dialer.DialContext(ctx, "tcp", u.Host)
	if err != nil {
		return nil, nil, err
	}
	err = s.SetDeadline(time.Now().Add(handshakeTimeout))
	if err == nil {
		_, err = s.Write(upgradeRequest(u, who, query))
	}
	if err == nil {
		early, err = readUpgraded(s)
	}
	if err == nil {
		err = s.SetDeadline(time.Time{})
	}
	if err != nil {
		s.Close()
		return nil, nil, err
	}
	return s, early, nil
}

func upgradeRequest(u *url.URL, who *Person, query url.Values) []byte {
	request := fmt.Appendf(nil, "GET %s/api/stream?%s HTTP/1.1\r\nHost: %s\r\nOrigin: http://%s\r\n", u.Path, query.Encode(), u.Host, u.Host)
	if who.Cookie != "" {
		request = fmt.Appendf(request, "Cookie: %s\r\n", who.Cookie)
	}
	return fmt.Appendf(request, "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: %s\r\n\r\n", upgradeKey)
}

// readUpgraded reads the answer to an upgrade and returns what came behind it.
func readUpgraded(s net.Conn) (early []byte, err error) {
	answer := make([]byte, 0, 1<<10)
	for {
		n, err := s.Read(answer[len(answer):cap(answer)])
		answer = answer[:len(answer)+n]
		head, rest, whole := bytes.Cut(answer, []byte("\r\n\r\n"))
		switch {
		case whole && bytes.HasPrefix(head, []byte("HTTP/1.1 101 ")):
			return rest, nil
		case whole, err == nil && len(answer) == cap(answer):
			return nil, refused(io.MultiReader(bytes.NewReader(answer), s))
		case err != nil:
			return nil, err
		}
	}
}

func refused(answer io.Reader) error {
	r, err := http.ReadResponse(bufio.NewReader(answer), nil)
	if err != nil {
		return fmt.Errorf("the server's answer to an upgrade: %w", err)
	}
	defer r.Body.Close()
	body, err := io.ReadAll(io.LimitReader(r.Body, 1<<10))
	if err != nil {
		return err
	}
	return &Refused{r.StatusCode, r.Header.Get("Retry-After"), string(body)}
}
