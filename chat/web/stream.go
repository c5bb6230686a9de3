package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"chatd/chat"

	"github.com/go-json-experiment/json"
)

// A stream is one connection of somebody, by WebSocket or server-sent events:
// one chat.Feed, and a lane of its own for answers. While it has a writer, that
// one owns the feed; without, the feed is parked (park.go).
type stream struct {
	handler *Handler
	who     visitor
	words   *catalogue // in the language that the request asks for
	feed    *chat.Feed
	wire    wire
	ctx     context.Context         // ends the writer
	cancel  context.CancelCauseFunc // with a cause
	socket  *socket                 // where a parked feed pushes; nil: it is never parked
	writers sync.WaitGroup          // the writer, while there is one

	mu       sync.Mutex
	parked   bool     // there is no writer: the feed pushes, and the streams' pusher writes the lane
	isOver   bool     // there will be no writer any more
	lane     [][]byte // answers and what else is for this connection alone, encoded
	owed     int      // how many in the lane are answers to commands
	ended    *ending  // why the server wants the connection to end
	inPusher bool     // guarded by the pusher

	commands chan struct{} // holds one for each command that is not yet answered on the wire
	beat     atomic.Bool   // a heartbeat is due
	beatAt   time.Time     // when the last was; owned by the heart
	pinged   atomic.Int64  // unix ms of the last ping, 0 if it was answered or never sent
}

// wire is how bytes get to the other side.
type wire interface {
	// append adds a frame (see frame) to what is to be written. cursor is what a reader could resume from after it; "" for none.
	append(b, frame []byte, cursor string) []byte
	// write sends everything; no progress for stallTimeout is an error.
	write(b []byte) error
	// ping adds a question for a sign of life, if the wire has such a thing.
	ping(b []byte) (with []byte, asked bool)
	// close says why and ends the connection, within a second.
	close(code int, reason string)
	// drop ends the connection at once.
	drop()
}

// ending is a close code with its reason, and how long to stay away.
type ending struct {
	code   int
	reason string
	away   time.Duration // said before the end, if not 0
}

// Close codes, RFC 6455 §7.4.1 and protocol.md.
const (
	closeRestart   = 1012
	closeOverload  = 1013
	closeFlood     = 4013
	closeSignedOut = 4500
	closeBanned    = 4503
	closeTooOld    = 4506
)

const (
	// stallTimeout is how long a write may make no progress.
	stallTimeout = 10 * time.Second
	// pongTimeout is how long after a ping a connection may be silent.
	pongTimeout = 10 * time.Second
	// maxCommands is how many commands of one connection may be on their way.
	maxCommands = 256
	// chunk is how many bytes the writer gathers before it writes.
	chunk = 64 << 10
)

// stream opens a stream: what is wrong is said before the upgrade.
func (h *Handler) stream(w http.ResponseWriter, r *http.Request, who visitor) error {
	upgrade := strings.EqualFold(r.Header.Get("Upgrade"), "websocket")
	if upgrade {
		if err := h.sameOrigin(r, true); err != nil {
			return err
		}
	} else if h.foreign(r) {
		return errForeign
	} else if r.Method != http.MethodGet || !strings.Contains(r.Header.Get("Accept"), "text/event-stream") {
		return chat.Refuse(chat.BadRequest, "Open a WebSocket here, or accept text/event-stream.")
	}
	leave, err := h.streams.enter(h.client(r), who.ID)
	if err != nil {
		return err
	}
	if upgrade {
		return h.webSocket(w, r, who, leave)
	}
	defer leave()
	return h.serverSent(w, r, who)
}

// subscription reads where a stream is to begin. Last-Event-ID, which a browser
// sends by itself when it reconnects, beats after. A cursor that does not fit begins with a reset.
func (h *Handler) subscription(r *http.Request) (sub chat.Subscription) {
	params := r.URL.Query()
	cursor, resume := params.Get("after"), params.Has("after")
	if last := r.Header.Get("Last-Event-ID"); last != "" {
		cursor, resume = last, true
	}
	if resume {
		seq, ok := chat.ParseSeq(cursor)
		if ok && params.Get("epoch") == h.server.Epoch() {
			sub.After = &seq
		} else {
			sub.Reset = true
		}
	}
	if params.Has("rooms") {
		sub.Rooms = strings.Split(params.Get("rooms"), ",")
	}
	return sub
}

// open subscribes as the request asks, and says hello. ctx is the stream's, which outlives the request.
func (h *Handler) open(ctx context.Context, r *http.Request, who visitor, wire wire, cancel context.CancelCauseFunc) (*stream, error) {
	sub := h.subscription(r)
	feed, err := h.server.Subscribe(r.Context(), who.Actor, sub)
	if err != nil {
		return nil, err
	}
	s := &stream{handler: h, who: who, words: h.words(r), feed: feed, wire: wire, ctx: ctx, cancel: cancel, commands: make(chan struct{}, maxCommands), beatAt: time.Now()}
	cursor := feed.Cursor().String()
	hello, err := json.Marshal(struct {
		Kind      string     `json:"kind"`
		Protocol  int        `json:"protocol"`
		Epoch     string     `json:"epoch"`
		Cursor    string     `json:"cursor"`
		Resumed   bool       `json:"resumed"`
		Me        personJSON `json:"me"`
		Heartbeat float64    `json:"heartbeat_s"`
		Limits    limitsJSON `json:"limits"`
		Build     string     `json:"build"`
	}{"hello", 1, h.server.Epoch(), cursor, feed.Resumed(sub), personJSON{ID: who.ID.String(), Name: who.Name}, h.options.Heartbeat.Seconds(), h.limits(), h.options.Build})
	if err == nil {
		err = wire.write(wire.append(nil, frame(hello), cursor))
	}
	if err != nil {
		feed.Close()
		return nil, err
	}
	h.streams.add(s)
	return s, nil
}

// run is the stream's writer: it takes what the feed has and what is in the
// lane, and writes it, until ctx ends, the other side is gone, the server ends
// it, or there is nothing to do but wait, and the feed can be parked.
func (s *stream) run() {
	s.feed.Unpark() // by who may park it again, and so before that
	var buffer []byte
	for {
		batch, err := s.feed.Next(s.ctx)
		if err != nil {
			if s.ctx.Err() == nil {
				s.handler.logger.Error("reading the store for a stream failed", "err", err)
				s.wire.close(closeOverload, "try again")
			}
			s.wire.drop()
			return
		}
		if buffer, err = s.send(buffer[:0], batch); err != nil {
			s.wire.drop()
			return
		}
		if s.finish(buffer[:0]) || s.park() {
			return
		}
		if cap(buffer) > chunk/16 {
			buffer = nil // an idle connection keeps no large buffer
		}
	}
}

// over waits for the writer and closes the feed; ctx has ended.
func (s *stream) over() {
	s.mu.Lock()
	s.isOver = true
	s.mu.Unlock()
	s.feed.Unpark()
	s.writers.Wait()
	s.wire.drop()
	s.handler.streams.remove(s)
	s.feed.Close()
}

// send writes a batch and the lane, in pieces of about a chunk.
func (s *stream) send(b []byte, batch chat.Batch) ([]byte, error) {
	add := func(frame []byte, cursor string) (err error) {
		b = s.wire.append(b, frame, cursor)
		if len(b) >= chunk {
			err, b = s.wire.write(b), b[:0]
		}
		return err
	}
	if batch.Reset {
		if err := add(cursorFrame("reset", batch.Cursor), batch.Cursor.String()); err != nil {
			return b, err
		}
	}
	for i := range batch.Frames {
		if err := add(batch.Frames[i].Bytes, batch.Frames[i].Seq.String()); err != nil {
			return b, err
		}
	}
	if batch.Live {
		if err := add(cursorFrame("live", batch.Cursor), batch.Cursor.String()); err != nil {
			return b, err
		}
	}
	lane, owed := s.takeLane()
	for _, frame := range append(lane, batch.Signals...) {
		if err := add(frame, ""); err != nil {
			return b, err
		}
	}
	b, asked := s.appendBeat(b)
	if len(b) > 0 {
		if err := s.wire.write(b); err != nil {
			return b, err
		}
	}
	s.said(owed, asked)
	return b, nil
}

// appendBeat adds a heartbeat, and a ping with it, if one is due.
func (s *stream) appendBeat(b []byte) (with []byte, asked bool) {
	if !s.beat.Swap(false) {
		return b, false
	}
	cursor := s.feed.Cursor()
	b, asked = s.wire.ping(s.wire.append(b, cursorFrame("heartbeat", cursor), cursor.String()))
	if asked {
		s.pinged.Store(time.Now().UnixMilli()) // before it is out: the pong may be faster than what follows
	}
	return b, asked
}

// said notes that so many answers, and perhaps a ping, were written. The time for the pong counts from
// here, unless it is there already.
func (s *stream) said(answers int, asked bool) {
	if at := s.pinged.Load(); asked && at != 0 {
		s.pinged.CompareAndSwap(at, time.Now().UnixMilli())
	}
	for range answers {
		<-s.commands
	}
}

func cursorFrame(kind string, cursor chat.Seq) []byte {
	return frame(fmt.Appendf(nil, `{"kind":"%s","cursor":"%s"}`, kind, cursor))
}

func (s *stream) takeLane() (lane [][]byte, owed int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	lane, owed = s.lane, s.owed
	s.lane, s.owed = nil, 0
	return lane, owed
}

// finish ends the connection if the server wants that and nothing is owed any more.
func (s *stream) finish(b []byte) bool {
	s.mu.Lock()
	ended := s.ended
	s.mu.Unlock()
	if ended == nil || ended.code == closeRestart && len(s.commands) > 0 {
		return false
	}
	if ended.away > 0 {
		drain := frame(fmt.Appendf(nil, `{"kind":"drain","in_ms":%d}`, ended.away.Milliseconds()))
		if s.wire.write(s.wire.append(b, drain, "")) != nil {
			s.wire.drop()
			return true
		}
	}
	s.wire.close(ended.code, ended.reason)
	return true
}

// end asks the writer to end the connection. The first reason stands.
func (s *stream) end(e ending) {
	s.mu.Lock()
	if s.ended == nil {
		s.ended = &e
	}
	s.mu.Unlock()
	s.startWriter() // ending takes a writer
	s.feed.Poke()
}

// ending reports whether the server has decided to end the connection.
func (s *stream) ending() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.ended != nil
}

// heard notes a sign of life of the other side.
func (s *stream) heard() { s.pinged.Store(0) }

// errGone ends a stream whose other side has gone.
var errGone = errors.New("the other side is gone")
