package client

import (
	"context"
	"errors"
	"time"
)

// SessionOptions says what a Session follows and how. The zero value follows all rooms
// of the person from now on, over a WebSocket, one post on the way at a time.
type SessionOptions struct {
	From  Position
	Rooms []string // empty: all one is in
	SSE   bool     // read server-sent events and post over HTTP

	// Window is how many posts may be on the way at once; 0 means 1. With 1 the history
	// keeps the order of the posts whatever happens. With more, it still does through any
	// number of reconnects, but a nack that is not final lets younger posts pass.
	Window int

	// Delay is how long to wait before the attempt with that number (0, 1, …) after a
	// connection was lost; nil means FullJitter.
	Delay func(attempt int) time.Duration

	Observer Observer
}

// Observer is told what happens to a Session. Every field may be nil. All but Settled
// are called by Run, one after the other, and nothing more is read until they return.
type Observer struct {
	Connected func(hello Event)
	Lost      func(err error, wait time.Duration) // the next attempt is made after wait

	// Event gets every kept event once, in the order of the history. After a reset without
	// a new epoch the hole is filled by paging: messages only, and in order within each room.
	Event func(Event)
	// Signal gets what is not kept and is neither ack nor nack: typing, presence, live, heartbeat …
	Signal func(Event)
	// Reset says that the stream did not go on where it stopped. If the epoch is a new one,
	// this is another history (a restored backup): forget what was shown and load pages anew.
	Reset func(reset Event, newEpoch bool)

	// Settled tells of each post that was decided: durable (err nil), or refused for good.
	// It may be called while another function of the Observer runs.
	Settled func(r Receipt, err error)
}

// Session follows the stream of one person for as long as Run runs, and carries his
// posts. Post may be called by many goroutines, before, during and after Run.
type Session struct {
	client  *Client
	options SessionOptions
	outbox  *outbox
	open    func(context.Context, StreamOptions) (*Stream, error)

	// Owned by Run.
	from       Position
	heard      map[string]string // by room: the last message
	holes      map[string]*hole
	drainUntil time.Time
}

// Follow prepares a Session; Run starts it.
func (c *Client) Follow(o SessionOptions) *Session {
	if o.Delay == nil {
		o.Delay = FullJitter
	}
	return &Session{
		client:  c,
		options: o,
		outbox:  newOutbox(o.Window, o.Delay),
		open:    c.Open,
		from:    o.From,
		heard:   map[string]string{},
		holes:   map[string]*hole{},
	}
}

// Run connects, and comes back whenever the connection is lost, until ctx ends (it then
// returns the cause of that) or the server says not to come back: a final *CloseError,
// or a final *Error such as 401. Posts that are undecided then return the same error.
// Run may be called once.
func (s *Session) Run(ctx context.Context) (err error) {
	defer func() { s.outbox.close(err) }()
	for attempt := 0; ; attempt++ {
		began := time.Now()
		err := s.connect(ctx)
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if final(err) {
			return err
		}
		if time.Since(began) >= stableAfter || !s.drainUntil.IsZero() {
			attempt = 0
		}
		wait := s.wait(err, attempt)
		if s.options.Observer.Lost != nil {
			s.options.Observer.Lost(err, wait)
		}
		if err := sleep(ctx, wait); err != nil {
			return err
		}
	}
}

// wait is how long to stay away. A drain names the time, and the server has spread the
// clients already; a Retry-After is a least to which the jitter is added.
func (s *Session) wait(err error, attempt int) time.Duration {
	if until := s.drainUntil; !until.IsZero() {
		s.drainUntil = time.Time{}
		return max(0, time.Until(until))
	}
	return retryAfter(err) + s.options.Delay(attempt)
}

// connect lives through one connection and says how it ended.
func (s *Session) connect(ctx context.Context) error {
	stream, err := s.open(ctx, StreamOptions{From: s.from, Rooms: s.options.Rooms, SSE: s.options.SSE})
	if err != nil {
		return err
	}
	s.from = stream.Position() // a first stream that dies young must not begin at a later "now"
	ctx, cancel := context.WithCancelCause(ctx)
	carried := make(chan struct{})
	defer func() {
		cancel(nil)
		stream.Abort()
		<-carried
	}()
	s.outbox.reconnected()
	go func() {
		defer close(carried)
		cancel(s.carry(ctx, stream)) // a stream that cannot be written to is of no use for reading
	}()
	if s.options.Observer.Connected != nil {
		s.options.Observer.Connected(stream.Hello())
	}
	return s.follow(ctx, stream)
}

// follow reads until the stream ends. A server that says nothing at all for longer than
// a heartbeat and a half is gone, whatever the network says (half-open connections).
func (s *Session) follow(ctx context.Context, stream *Stream) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	patience := silence(stream.Hello())
	quiet := time.AfterFunc(patience, func() { cancel(errSilent) })
	defer quiet.Stop()
	for {
		e, err := stream.Next(ctx)
		if err != nil {
			return err
		}
		quiet.Reset(patience)
		if err := s.handle(ctx, stream, e); err != nil {
			return err
		}
		s.from = stream.Position()
	}
}

var errSilent = errors.New("the server has fallen silent")

// silence is how long a server may say nothing: 25 s between heartbeats makes it 40 s.
func silence(hello Event) time.Duration {
	heartbeat := time.Duration(hello.HeartbeatSeconds * float64(time.Second))
	if heartbeat <= 0 {
		heartbeat = 25 * time.Second
	}
	return heartbeat * 8 / 5
}

// handle deals with one frame. Only when it returned nil does the session's place move on.
func (s *Session) handle(ctx context.Context, stream *Stream, e Event) error {
	switch {
	case e.Kind == KindAck:
		s.settled(e.CID, Receipt{ID: e.ID, Dup: e.Dup}, nil)
		return nil
	case e.Kind == KindNack:
		s.refused(e.CID, nack(e))
		return nil
	case e.Kind == KindReset:
		return s.reset(ctx, stream, e)
	case e.Kind == KindDrain:
		s.drainUntil = time.Now().Add(time.Duration(e.InMS) * time.Millisecond)
	}
	tell := s.options.Observer.Signal
	if e.Kept() {
		tell = s.options.Observer.Event
		if s.paged(e) {
			return nil
		}
	}
	if tell != nil {
		tell(e)
	}
	if e.Kind == KindPosted {
		s.heard[e.Room] = e.ID
	}
	return nil
}

func (s *Session) settled(cid string, r Receipt, err error) {
	r, mine := s.outbox.settle(cid, r, err)
	if mine && s.options.Observer.Settled != nil {
		s.options.Observer.Settled(r, err)
	}
}

// refused repeats what may succeed later and gives up what never will.
func (s *Session) refused(cid string, err *Error) {
	if err.Final {
		s.settled(cid, Receipt{}, err)
		return
	}
	s.outbox.postpone(cid, err.RetryAfter)
}
