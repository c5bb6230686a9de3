package web

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"chatd/chat"

	"github.com/coder/websocket" // named in this file and nowhere else in the server
)

// The library does the handshake, reads, answers pings and closes. What chatd
// says is written past it: a server's frames are not masked, so a frame that was
// encoded once is the same bytes for everyone, and many go out in one call.

// subprotocol is the name of this protocol; a client that offers only other
// versions of it is told so.
const subprotocol = "chatd.v1"

// webSocket upgrades, and lets go of the request: the connection runs on its own goroutines.
// leave is called when it has ended.
func (h *Handler) webSocket(w http.ResponseWriter, r *http.Request, who visitor, leave func()) error {
	ws := &webSocket{}
	var s *stream
	hijack := &hijacker{ResponseWriter: w}
	lib, err := websocket.Accept(hijack, r, &websocket.AcceptOptions{
		Subprotocols:       []string{subprotocol},
		InsecureSkipVerify: true, // the origin was checked, scheme and all, before (sameOrigin)
		CompressionMode:    websocket.CompressionDisabled,
		OnPingReceived:     func(context.Context, []byte) bool { return ws.onPing(s) },
		OnPongReceived:     func(context.Context, []byte) { ws.onPong(s) },
	})
	if err != nil {
		leave()
		return nil // the library has answered
	}
	lib.SetReadLimit(chat.MaxFrame)
	ws.lib, ws.socket = lib, hijack.socket
	ws.flood = newBucket(h.options.MessageRate)
	ctx, cancel := context.WithCancelCause(context.Background())
	s, err = h.open(ctx, who, h.subscription(r), ws, cancel)
	if err != nil {
		defer leave()
		cancel(err)
		ws.close(closeOverload, "try again")
		return nil
	}
	if ws.socket.direct != nil {
		s.socket = ws.socket
	}
	if tooOld(r) {
		s.end(ending{code: closeTooOld, reason: "this server speaks " + subprotocol})
	}
	s.writers.Go(s.run)
	// The handler's goroutine has grown a stack for the handshake and holds the
	// request; a fresh one reads, and that one ends.
	go func() {
		defer leave()
		cancel(ws.read(ctx, s))
		s.over()
	}()
	return nil
}

// tooOld says that the client offers versions of the protocol, and not this one.
func tooOld(r *http.Request) bool {
	offered := strings.FieldsFunc(strings.Join(r.Header.Values("Sec-WebSocket-Protocol"), ","), func(c rune) bool { return c == ',' || c == ' ' })
	return slices.ContainsFunc(offered, func(p string) bool { return strings.HasPrefix(p, "chatd.v") }) && !slices.Contains(offered, subprotocol)
}

// webSocket implements wire.
type webSocket struct {
	lib    *websocket.Conn
	socket *socket
	flood  *bucket
	once   sync.Once
}

func (*webSocket) append(b, frame []byte, _ string) []byte { return append(b, frame...) }

func (ws *webSocket) write(b []byte) error { return ws.socket.write(b) }

// ping adds an empty ping (RFC 6455 §5.5.2); the pong arrives at OnPongReceived.
func (*webSocket) ping(b []byte) ([]byte, bool) {
	const finPing = 0x89
	return append(b, finPing, 0), true
}

// close sends a close frame and waits a second for the other's.
func (ws *webSocket) close(code int, reason string) {
	ws.once.Do(func() {
		timer := time.AfterFunc(time.Second, ws.drop)
		defer timer.Stop()
		ws.lib.Close(websocket.StatusCode(code), reason)
	})
}

// drop closes the connection under the library, whose CloseNow would wait for a Close that waits for the other side.
func (ws *webSocket) drop() {
	ws.socket.Close()
	ws.lib.CloseNow()
}

// onPing counts pings like frames; true lets the library answer.
func (ws *webSocket) onPing(s *stream) bool {
	s.heard()
	return ws.counted(s)
}

// onPong counts pongs, too: nobody asked for so many.
func (ws *webSocket) onPong(s *stream) {
	s.heard()
	ws.counted(s)
}

// counted counts a frame and says whether it is within the measure; one too many ends the stream.
func (ws *webSocket) counted(s *stream) bool {
	within := ws.flood.take(time.Now())
	if !within {
		s.end(ending{code: closeFlood, reason: "too many frames"})
	}
	return within
}

// read takes the client's frames, one after the other, until the connection ends.
func (ws *webSocket) read(ctx context.Context, s *stream) error {
	var buffer bytes.Buffer
	for {
		kind, reader, err := ws.lib.Reader(ctx)
		if err != nil {
			return errGone
		}
		buffer.Reset()
		if _, err := buffer.ReadFrom(reader); err != nil {
			return errGone
		}
		s.heard()
		switch {
		case kind != websocket.MessageText:
			ws.close(int(websocket.StatusUnsupportedData), "text frames only")
			return errGone
		case !utf8.Valid(buffer.Bytes()): // RFC 6455 §8.1; the library does not look
			ws.close(int(websocket.StatusInvalidFramePayloadData), "invalid UTF-8")
			return errGone
		}
		ws.counted(s)
		s.handle(ctx, bytes.Clone(buffer.Bytes()))
		if buffer.Cap() > 4<<10 {
			buffer = bytes.Buffer{} // an idle connection keeps no large buffer
		}
	}
}

// hijacker hands the library a socket, with small buffers instead of the
// 4 + 4 KiB of net/http.
type hijacker struct {
	http.ResponseWriter
	socket *socket
}

// Hijack implements http.Hijacker.
func (h *hijacker) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, buffered, err := http.NewResponseController(h.ResponseWriter).Hijack()
	if err != nil {
		return nil, nil, err
	}
	if err := conn.SetDeadline(time.Time{}); err != nil {
		conn.Close()
		return nil, nil, err
	}
	h.socket = newSocket(conn)
	// What came early must stand in the small reader's buffer: the library takes it from there.
	early, _ := buffered.Reader.Peek(buffered.Reader.Buffered()) // what is buffered can be peeked at
	reader := bufio.NewReaderSize(io.MultiReader(bytes.NewReader(bytes.Clone(early)), h.socket), max(smallBuffer, len(early)))
	if _, err := reader.Peek(len(early)); err != nil {
		return nil, nil, err
	}
	return h.socket, bufio.NewReadWriter(reader, bufio.NewWriterSize(h.socket, smallBuffer)), nil
}

// smallBuffer holds a frame header and a line of chat.
const smallBuffer = 256

// bucket is the measure of a flood on one connection; owned by its reader.
type bucket struct {
	rate, tokens float64
	at           time.Time
}

// newBucket allows five times as many frames as messages, at least 50 a second,
// and four seconds of that at once; nil, if messages have no limit.
func newBucket(messageRate int) *bucket {
	if messageRate <= 0 {
		return nil
	}
	rate := float64(max(50, 5*messageRate))
	return &bucket{rate: rate, tokens: 4 * rate, at: time.Now()}
}

func (b *bucket) take(now time.Time) bool {
	if b == nil {
		return true
	}
	b.tokens = min(4*b.rate, b.tokens+now.Sub(b.at).Seconds()*b.rate)
	b.at = now
	b.tokens--
	return b.tokens >= 0
}
