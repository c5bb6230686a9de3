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

// The library does the handshake, reads and closes. What chatd
// says is written past it: a server's frames are not masked, so a frame that was
// encoded once is the same bytes for everyone, and many go out in one call.

// subprotocol is the name of this protocol; a client that offers only other
// versions of it is told so.
const subprotocol = "chatd.v1"

// webSocket upgrades, and lets go of the request: the connection runs on its own goroutines.
// leave is called when it has ended.
func (h *Handler) webSocket(w http.ResponseWriter, r *http.Request, who visitor, leave func()) error {
	ws := &webSocket{leave: leave, flood: newBucket(h.options.MessageRate)}
	hijack := &hijacker{ResponseWriter: w, poller: h.streams.poller}
	lib, err := websocket.Accept(hijack, r, &websocket.AcceptOptions{
		Subprotocols:       []string{subprotocol},
		InsecureSkipVerify: true, // the origin was checked, scheme and all, before (sameOrigin)
		CompressionMode:    websocket.CompressionDisabled,
		OnPingReceived:     func(_ context.Context, payload []byte) bool { ws.onPing(payload); return false },
		OnPongReceived:     func(context.Context, []byte) { ws.counted(1) }, // nobody asked for so many
	})
	if err != nil {
		leave()
		return nil // the library has answered
	}
	lib.SetReadLimit(chat.MaxFrame)
	ws.lib, ws.socket, ws.reader = lib, hijack.socket, hijack.reader
	ws.reader.Reset(ws.socket) // nothing was read yet; the library has put a reader of its own in between
	ctx, cancel := context.WithCancelCause(context.Background())
	ws.stream, err = h.open(ctx, r, who, ws, cancel)
	if err != nil {
		defer leave()
		cancel(err)
		ws.close(closeOverload, "try again")
		return nil
	}
	s := ws.stream
	if ws.socket.direct() {
		s.socket = ws.socket
	}
	if tooOld(r) {
		s.end(ending{code: closeTooOld, reason: "this server speaks " + subprotocol})
	}
	s.writers.Go(s.run)
	// The handler's goroutine has grown a stack for the handshake and holds the
	// request; it ends, and another one reads when there is something to read.
	if !ws.await() {
		go ws.run()
	}
	return nil
}

// tooOld says that the client offers versions of the protocol, and not this one.
func tooOld(r *http.Request) bool {
	offered := strings.FieldsFunc(strings.Join(r.Header.Values("Sec-WebSocket-Protocol"), ","), func(c rune) bool { return c == ',' || c == ' ' })
	return slices.ContainsFunc(offered, func(p string) bool { return strings.HasPrefix(p, "chatd.v") }) && !slices.Contains(offered, subprotocol)
}

// webSocket implements wire, and reader.
type webSocket struct {
	lib    *websocket.Conn
	socket *socket
	reader *bufio.Reader // the library's
	stream *stream
	leave  func() // to be called at the end
	once   sync.Once

	mu      sync.Mutex // guards reader while the library does not read, and what follows
	flood   *bucket
	closing bool // from here on the library reads by itself, for the other's close frame
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
		ws.mu.Lock()
		ws.closing = true
		ws.mu.Unlock()
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

// onPing counts pings like frames, and answers them. The library would end the connection when its
// answer is not out within five seconds, however much of ours there is to be written before it.
func (ws *webSocket) onPing(payload []byte) {
	const finPong = 0x8a
	if ws.counted(1) {
		// An error has ended the socket, which whoever reads is told next.
		_ = ws.write(append([]byte{finPong, byte(len(payload))}, payload...))
	}
}

// counted notes a sign of life, counts frames, and says whether they are within the measure; one too
// many ends the stream. Nothing is once it closes: there is nothing to answer behind the close frame.
func (ws *webSocket) counted(n int) bool {
	if ws.stream == nil {
		return false // it could not be opened, and is being closed
	}
	ws.stream.heard()
	ws.mu.Lock()
	closing := ws.closing
	within := !closing && ws.flood.take(n, time.Now())
	ws.mu.Unlock()
	if !within && !closing {
		ws.stream.end(ending{code: closeFlood, reason: "too many frames"})
	}
	return within
}

// await lets go of reading until there is something to read; false if somebody has to wait for it.
func (ws *webSocket) await() bool {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	return !ws.closing && ws.reader.Buffered() == 0 && ws.socket.await(ws)
}

// readable implements reader. What is only a sign of life needs no goroutine.
func (ws *webSocket) readable() {
	signs, answers, more := ws.glance()
	if signs > 0 && ws.counted(signs) && len(answers) > 0 && !ws.socket.push(answers) {
		go func() { // too much is to be written before it
			_ = ws.write(answers) // an error has ended the socket, which run is told next
			ws.run()
		}()
		return
	}
	if more || !ws.await() {
		go ws.run()
	}
}

// glance takes the signs of life that have arrived; more says that there is something else.
func (ws *webSocket) glance() (signs int, answers []byte, more bool) {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	if ws.closing {
		return 0, nil, true
	}
	return ws.socket.glance()
}

// run reads until there is nothing to read, or to the end of the connection.
func (ws *webSocket) run() {
	for ws.next() {
		if ws.await() {
			return
		}
	}
	ws.once.Do(func() {}) // a close that has begun says its last word first
	ws.stream.cancel(errGone)
	ws.stream.over()
	ws.leave()
}

// next takes one frame of the client; false if there will be none any more.
func (ws *webSocket) next() bool {
	// Without a context that could end, which would cost memory: drop ends it, too.
	kind, reader, err := ws.lib.Reader(context.Background())
	if err != nil {
		return false
	}
	data, err := io.ReadAll(reader)
	if err != nil {
		return false
	}
	switch {
	case kind != websocket.MessageText:
		ws.close(int(websocket.StatusUnsupportedData), "text frames only")
		return false
	case !utf8.Valid(data): // RFC 6455 §8.1; the library does not look
		ws.close(int(websocket.StatusInvalidFramePayloadData), "invalid UTF-8")
		return false
	}
	ws.counted(1)
	ws.stream.handle(ws.stream.ctx, data)
	return true
}

// hijacker hands the library a socket, with small buffers instead of the
// 4 + 4 KiB of net/http.
type hijacker struct {
	http.ResponseWriter
	poller *poller
	socket *socket
	reader *bufio.Reader
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
	h.socket = newSocket(conn, h.poller)
	early, _ := buffered.Reader.Peek(buffered.Reader.Buffered()) // what is buffered can be peeked at
	h.socket.ahead = bytes.Clone(early)
	h.reader = bufio.NewReaderSize(h.socket, smallBuffer)
	return h.socket, bufio.NewReadWriter(h.reader, bufio.NewWriterSize(h.socket, controlFrame)), nil
}

const (
	smallBuffer  = 256            // holds a frame header and a line of chat
	maxControl   = 125            // bytes of a control frame's payload (RFC 6455 §5.5)
	controlFrame = 2 + maxControl // the largest of the library's, which writes nothing else: it goes out in one call
)

// bucket is the measure of a flood on one connection.
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

// take takes n tokens and says whether there were so many.
func (b *bucket) take(n int, now time.Time) bool {
	if b == nil {
		return true
	}
	b.tokens = min(4*b.rate, b.tokens+now.Sub(b.at).Seconds()*b.rate)
	b.at = now
	b.tokens -= float64(n)
	return b.tokens >= 0
}
