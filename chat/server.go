package chat

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"
)

// Server is the one door: every command of every person, however it came,
// is a method of it, and checks who may do this, within which limits, and
// whether it is well-formed before the log gets to see it. Safe for concurrent use.
type Server struct {
	store    *Store
	auth     *Auth
	log      Log
	encoder  Encoder
	nickname func(string) (Name, error)
	now      func() time.Time
	logger   *slog.Logger

	hub      *Hub
	personal personal
	presence presence
	ready    atomic.Bool
	banned   func(ID) // has the connections of somebody ended
	full     bool     // the disk was full the last time; owned by the follower
	bounds   bounds

	kiln                              *kiln
	failuresOfName, failuresOfAddress *failures

	messages  *Limiter[ID]
	roomsMade *Limiter[ID]
	joins     *Limiter[ID]
	typing    *Limiter[ID]
	typers    *Limiter[string]
}

// Encoder writes down what goes out, as the wire wants it. The bytes are shared
// by all who get them, so they say nothing that only one may know. Called from several goroutines.
type Encoder interface {
	Entry(*Entry) []byte
	Typing(room string, by Person) []byte
	Presence(Presence) []byte
	Reading(Reading) []byte
	RoomsChanged() []byte
	Unread(room string, u Unread) []byte // to the person's own streams
}

// Options are what a Server is told by those who build it.
type Options struct {
	Encoder  Encoder
	Nickname func(typed string) (Name, error) // what a nickname may look like: *Error with BadRequest or NameInUse
	// PasswordKey makes a key of a password and a salt, slowly on purpose: what is kept of passwords.
	PasswordKey func(password string, salt []byte) []byte
	Now         func() time.Time // nil: the clock
	Logger      *slog.Logger

	// MessageRate is how many messages a second one person may send, with a
	// burst of three times that; 0: as many as he likes.
	MessageRate int
}

// NewServer puts a server together. It does nothing until Run. Store and auth stay the caller's to close, after Run.
func NewServer(store *Store, auth *Auth, log Log, o Options) *Server {
	if o.Now == nil {
		o.Now = time.Now
	}
	s := &Server{
		store: store, auth: auth, log: log, encoder: o.Encoder, nickname: o.Nickname, now: o.Now, logger: o.Logger,
		hub:       newHub(store.Head()),
		personal:  personal{seen: map[ID]sighting{}, marks: map[markKey]Seq{}},
		presence:  presence{encode: o.Encoder.Presence, people: map[ID]*attendance{}, changed: map[ID]bool{}},
		messages:  NewLimiter[ID](o.MessageRate, time.Second, 3*o.MessageRate),
		roomsMade: NewLimiter[ID](20, time.Hour, 20),
		joins:     NewLimiter[ID](5, time.Second, 20),
		typing:    NewLimiter[ID](1, time.Second, 2),
		typers:    NewLimiter[string](typersPerRoom, time.Second, typersPerRoom),
		bounds:    usualBounds,
		kiln:      newKiln(o.PasswordKey), failuresOfName: newFailures(failuresOfName), failuresOfAddress: newFailures(failuresOfAddress),
	}
	return s
}

// DataID and Epoch are those of the store.
func (s *Server) DataID() string { return s.store.DataID() }

// Epoch says to which history a cursor belongs.
func (s *Server) Epoch() string { return s.store.Epoch() }

// Head is the place up to which everything was published.
func (s *Server) Head() Seq { return s.hub.Head() }

// Settle waits until live feeds have been offered all that was published before, or ctx ends.
func (s *Server) Settle(ctx context.Context) { s.hub.settle(ctx) }

// Ready reports whether commands are being taken.
func (s *Server) Ready() bool { return s.ready.Load() }

// Run follows the log, tells who is here, and looks after what grows old, until
// ctx ends; then what was appended by then is applied and answered. An error
// that wraps ErrStorage means that the disk failed and nothing more will be acknowledged.
func (s *Server) Run(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var running sync.WaitGroup
	var tickErr, checkpointErr error
	running.Go(func() {
		defer cancel()
		tickErr = s.tick(ctx)
	})
	running.Go(func() {
		defer cancel()
		checkpointErr = s.store.checkpoints(ctx)
	})
	flushing, stopFlushing := context.WithCancel(context.WithoutCancel(ctx))
	defer stopFlushing()
	running.Go(func() { newFlusher(s.hub).run(flushing) })
	s.ready.Store(true)
	err := s.log.Follow(ctx, s.store.Applied(), s.apply)
	s.ready.Store(false)
	cancel()
	stopFlushing()
	running.Wait()
	if err = errors.Join(err, tickErr, checkpointErr); err == nil {
		err = ignoreFull(s.personal.flush(s.store))
	}
	return err
}

// apply is what the log's follower does with a batch: store, then publish.
func (s *Server) apply(ctx context.Context, entries []Entry) ([]Verdict, error) {
	verdicts, err := s.store.Apply(ctx, entries)
	if full := errors.Is(err, ErrStorageFull); full != s.full && (full || err == nil) {
		s.full = full
		if full {
			s.logger.Error("the disk is full: nothing can be stored until there is room; reading goes on")
		} else {
			s.logger.Info("the disk has room again")
		}
	}
	if err != nil {
		return nil, err
	}
	frames := make([]Frame, 0, len(entries))
	for i := range entries {
		if verdicts[i].stands() && rules[entries[i].Kind].public {
			frames = append(frames, s.frame(&entries[i]))
		}
	}
	s.hub.publish(frames, s.store.Head())
	s.tellOfRooms(ctx, entries, verdicts)
	for i := range entries {
		e := &entries[i]
		if !verdicts[i].stands() {
			continue
		}
		if rules[e.Kind].house {
			s.follow(e)
		}
		if e.Kind == MessageEdited || e.Kind == MessageDeleted {
			if err := s.retell(ctx, e.State.Message); err != nil {
				return nil, err
			}
		}
	}
	return verdicts, nil
}

// retell has the ring say of a message what is so now: who comes back is not sent a text that is no more.
func (s *Server) retell(ctx context.Context, message Seq) error {
	places := s.hub.telling(message)
	if len(places) == 0 {
		return nil
	}
	entries, err := s.store.entries(ctx, "WHERE e.seq IN (SELECT value FROM json_each(?))", jsonSeqs(places))
	if err != nil {
		return err
	}
	frames := make([]Frame, len(entries))
	for i := range entries {
		frames[i] = s.frame(&entries[i])
	}
	s.hub.retell(frames)
	return nil
}

func (s *Server) frame(e *Entry) Frame {
	f := Frame{Seq: e.Seq, Bytes: s.encoder.Entry(e), room: e.Room}
	switch e.Kind {
	case MessagePosted: // into a public room it enters it
		f.mover, f.message = e.Author, e.Seq
		if e.State != nil && e.State.Reply != nil {
			f.quoted = e.State.Reply.Message
		}
	case MessageEdited:
		if e.State != nil {
			f.message = e.State.Message
		}
	case MemberJoined:
		f.mover = e.Author
	case MemberLeft:
		f.mover, f.leaves = e.Author, true
	case RoomCreated:
		f.mover = e.Author
		for _, p := range e.Of {
			f.others = append(f.others, p.ID)
		}
	case MemberInvited, MemberRemoved:
		f.leaves = e.Kind == MemberRemoved
		for _, p := range e.Of {
			f.mover = p.ID
		}
	}
	return f
}

// tick does what is done every now and then.
func (s *Server) tick(ctx context.Context) error {
	ticker := time.NewTicker(presenceEvery)
	defer ticker.Stop()
	for n := 1; ; n++ {
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
		if change := s.presence.difference(s.now()); change != nil {
			s.hub.send(signal{bytes: change})
		}
		if n%300 == 0 {
			s.sight() // those who come and go are noted when they do
		}
		if n%5 == 0 {
			if err := ignoreFull(s.personal.flush(s.store)); err != nil {
				return err
			}
		}
		if n%60 == 0 {
			s.janitor(ctx)
		}
	}
}

// sight notes that whoever is here is seen just now.
func (s *Server) sight() {
	now := s.now()
	for _, id := range s.presence.ids() {
		s.personal.sight(id, now, "")
	}
}

// janitor looks after names and sessions that have grown old. What fails now is tried again later.
func (s *Server) janitor(ctx context.Context) {
	if err := errors.Join(s.lapseNames(ctx), s.auth.forget(ctx, s.now())); err != nil && ctx.Err() == nil {
		s.logger.Warn("old names and sessions could not be cleared away; trying again in a minute", "err", err)
	}
}

func ignoreFull(err error) error {
	if errors.Is(err, ErrStorageFull) {
		return nil
	}
	return err
}

// limit takes a token of the actor, or refuses.
func (s *Server) limit(l *Limiter[ID], who ID) error {
	if ok, wait := l.Take(who, s.now()); !ok {
		return &Error{Code: RateLimited, Text: "That was too much at once. Try again in a moment.", RetryAfter: wait}
	}
	return nil
}
