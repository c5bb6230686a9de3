package client

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"
)

const (
	protocolVersion = 1
	// maxFrameBytes is the protocol's most for one frame, in either direction.
	maxFrameBytes = 64 << 10
	// writeTimeout is how long a frame may take to leave before the stream is given up.
	writeTimeout = 10 * time.Second
)

// StreamOptions says which stream is wanted. The zero value follows all of one's
// rooms from now on, over a WebSocket.
type StreamOptions struct {
	From  Position
	Rooms []string // empty: all one is in
	SSE   bool     // server-sent events instead of a WebSocket: nothing can be sent
}

// Stream is one connection to the server, from its hello to its end. One goroutine
// reads with Next and asks for Position; others may Send at the same time. Whoever
// opened it must Close it.
type Stream struct {
	transport transport
	hello     Event
	position  Position
}

// transport carries whole frames. WebSocket and server-sent events are the two.
type transport interface {
	// read waits for a frame. If ctx ends meanwhile, the transport is of no use any more.
	read(ctx context.Context) (frame, error)
	// write may be called by several goroutines, during a read too.
	write(ctx context.Context, data []byte) error
	// close says goodbye in bounded time; abort does not even try.
	close() error
	abort()
}

type frame struct {
	data  []byte
	sseID string
}

// Open connects and waits for the server's hello. A refusal before the stream began is
// an *Error: 401 without a session, 403 for a foreign Origin, 429 for one too many.
func (c *Client) Open(ctx context.Context, o StreamOptions) (*Stream, error) {
	dial := dialWebSocket
	if o.SSE {
		dial = dialSSE
	}
	opening, cancel := context.WithTimeout(ctx, requestTimeout)
	defer cancel()
	t, err := dial(opening, c, o.path())
	if err != nil {
		return nil, fmt.Errorf("open the stream: %w", err)
	}
	s, err := greet(opening, t, o.From)
	if err != nil {
		t.abort()
		return nil, fmt.Errorf("open the stream: %w", err)
	}
	return s, nil
}

func (o StreamOptions) path() string {
	v := url.Values{}
	if o.From.Cursor != "" {
		v.Set("after", o.From.Cursor)
		v.Set("epoch", o.From.Epoch)
	}
	if len(o.Rooms) > 0 {
		v.Set("rooms", strings.Join(o.Rooms, ","))
	}
	if len(v) == 0 {
		return "/api/stream"
	}
	return "/api/stream?" + v.Encode()
}

// greet reads the hello, with which every stream begins.
func greet(ctx context.Context, t transport, from Position) (*Stream, error) {
	s := &Stream{transport: t, position: from}
	e, err := s.Next(ctx)
	switch {
	case err != nil:
		return nil, err
	case e.Kind != KindHello:
		return nil, fmt.Errorf("the server began with %q instead of hello", e.Kind)
	case e.Protocol != protocolVersion:
		return nil, &CloseError{Code: CloseTooOld, Reason: fmt.Sprintf("the server speaks version %d of the protocol, this client version %d", e.Protocol, protocolVersion)}
	}
	s.hello = e
	// When resuming was refused, the hello's cursor lies behind a hole. Until the reset
	// that tells of it has been read, the reader still stands where it stood: a
	// connection that dies in between must not make the hole disappear.
	if e.Resumed || from.Cursor == "" {
		s.position = Position{Cursor: e.Cursor, Epoch: e.Epoch}
	}
	return s, nil
}

// Hello is what the server said first. Next does not return it again.
func (s *Stream) Hello() Event { return s.hello }

// Position is where to resume once everything that Next returned has been dealt with.
func (s *Stream) Position() Position { return s.position }

// Next waits for the next frame. If ctx ends meanwhile, the stream is over, and the
// error is the cause of that. A *CloseError is the server's goodbye; any other error is
// a connection that broke. After an error there is no next frame.
func (s *Stream) Next(ctx context.Context) (Event, error) {
	f, err := s.transport.read(ctx)
	if err != nil {
		return Event{}, err
	}
	if !utf8.Valid(f.data) {
		return Event{}, fmt.Errorf("the server sent a frame that is not UTF-8")
	}
	var e Event
	if err := json.Unmarshal(f.data, &e); err != nil {
		return Event{}, fmt.Errorf("the server sent %w", err)
	}
	e.SSE = f.sseID
	if place := e.place(); place != "" && e.Kind != KindHello {
		s.position.Cursor = place
	}
	if e.Kind == KindReset {
		s.position.Epoch = s.hello.Epoch
	}
	return e, nil
}

// Send hands a command to the connection. That it was handed over says nothing about
// its fate: an ack or a nack does. A command too large to be sent, or with a text that
// is not UTF-8, is a final *Error and leaves the stream as it was.
func (s *Stream) Send(ctx context.Context, c Command) error {
	if !utf8.ValidString(c.Text) {
		return errNotUTF8
	}
	data, err := encode(c)
	if err != nil {
		return err
	}
	if len(data) > maxFrameBytes {
		return &Error{Code: "too_large", Text: "the message is too large for one frame", Final: true}
	}
	return s.SendRaw(ctx, data)
}

// SendRaw hands over one frame as it is, right or wrong. It is for tests of what a
// server does with what it should not get.
func (s *Stream) SendRaw(ctx context.Context, data []byte) error {
	ctx, cancel := context.WithTimeout(ctx, writeTimeout)
	defer cancel()
	return s.transport.write(ctx, data)
}

// Close says goodbye and frees the connection. Calling it again, or after an error of
// Next, does no harm.
func (s *Stream) Close() error { return s.transport.close() }

// Abort drops the connection without a goodbye, as a lost network would.
func (s *Stream) Abort() { s.transport.abort() }
