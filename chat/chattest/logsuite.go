package chattest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"chatd/chat"
)

// Open makes the log under test, with the store that its entries are applied to.
type Open func(testing.TB, *chat.Store) chat.Log

// LogSuite holds a log against everything that chat.Log promises.
func LogSuite(t *testing.T, open Open) {
	for _, test := range []struct {
		name string
		run  func(*testing.T, Open)
	}{
		{"OneOrderForAll", testOneOrder},
		{"AThousandAtOnce", testThousand},
		{"AnsweredIsDurable", testDurable},
		{"SameIdentitySameAnswer", testIdentity},
		{"SameIdentityAtOnce", testIdentityAtOnce},
		{"CIDConflict", testCIDConflict},
		{"RefusalLeavesTheBatchAlone", testMixedBatch},
		{"ReplayFromEveryPlace", testReplay},
		{"OneAnswerForEachAppend", testOneAnswer},
		{"EndAnswersWhatIsQueued", testEnd},
		{"EndBeforeTheBeginning", testEndedAtOnce},
		{"EndWhileOthersAppend", testEndRace},
		{"StorageFullGoesOn", testStorageFull},
		{"FatalErrorEnds", testFatal},
	} {
		t.Run(test.name, func(t *testing.T) { test.run(t, open) })
	}
}

// apply is what a log's follower does with a batch.
type apply = func(context.Context, []chat.Entry) ([]chat.Verdict, error)

// bench is a store and the log under test, followed until stop.
type bench struct {
	t      testing.TB
	open   Open
	dir    string
	store  *chat.Store
	log    chat.Log
	cancel context.CancelFunc
	ended  chan error // what Follow returned
}

const (
	ann = chat.ID(1)
	bob = chat.ID(2)
)

// setUp starts a log on an empty store that knows ann and bob and has the room "ops".
func setUp(t testing.TB, open Open) *bench {
	b := &bench{t: t, open: open, dir: t.TempDir()}
	b.openStore()
	b.follow(b.store.Apply)
	t.Cleanup(func() {
		if err := b.stop(); err != nil {
			t.Errorf("the follower ended with: %v", err)
		}
	})
	for id, name := range map[chat.ID]string{ann: "ann", bob: "bob"} {
		body, _ := json.Marshal(map[string]any{"name": name, "keys": []string{name}})
		b.must(chat.Event{Kind: chat.NameTaken, Author: id, CID: "name-" + name, Body: body})
	}
	b.must(chat.Event{Kind: chat.RoomCreated, Room: "ops", Author: ann, CID: "room-ops", Body: []byte(`{"title":"Ops"}`)})
	return b
}

func (b *bench) openStore() {
	b.t.Helper()
	store, err := chat.OpenStore(b.t.Context(), b.dir)
	if err != nil {
		b.t.Fatal(err)
	}
	b.store, b.log = store, b.open(b.t, store)
}

// follow starts the follower; it owns apply from here on.
func (b *bench) follow(apply apply) {
	ctx, cancel := context.WithCancel(context.Background())
	b.cancel, b.ended = cancel, make(chan error, 1)
	log, after, ended := b.log, b.store.Applied(), b.ended
	go func() { ended <- log.Follow(ctx, after, apply) }()
}

// stop ends the follower and closes the store; a second time it does nothing.
func (b *bench) stop() error {
	if b.store == nil {
		return nil
	}
	b.cancel()
	err := <-b.ended
	err = errors.Join(err, b.store.Close())
	b.store = nil
	return err
}

// swap ends the follower and starts another on the same data, applying with what with makes of the store.
func (b *bench) swap(with func(*chat.Store) apply) {
	b.t.Helper()
	if err := b.stop(); err != nil {
		b.t.Fatal(err)
	}
	b.openStore()
	b.follow(with(b.store))
}

func (b *bench) restart() { b.swap(func(s *chat.Store) apply { return s.Apply }) }

// post is the event of somebody saying something.
func post(author chat.ID, cid, room, text string) chat.Event {
	return chat.Event{Kind: chat.MessagePosted, Room: room, Author: author, CID: cid, Body: []byte(text)}
}

func (b *bench) must(e chat.Event) chat.Receipt {
	b.t.Helper()
	r, err := chat.Await(b.t.Context(), b.log, e)
	if err != nil {
		b.t.Fatalf("append %s %s: %v", e.Kind, e.CID, err)
	}
	return r
}

// refused appends and expects a refusal of this code.
func (b *bench) refused(e chat.Event, code chat.Code) {
	b.t.Helper()
	if r, err := chat.Await(b.t.Context(), b.log, e); !isCode(err, code) {
		b.t.Errorf("append %s %s: got %v, %v; want %s", e.Kind, e.CID, r, err, code)
	}
}

func isCode(err error, code chat.Code) bool {
	var e *chat.Error
	return errors.As(err, &e) && e.Code == code
}

// texts returns the messages that the store has, in order.
func (b *bench) texts() []string {
	b.t.Helper()
	entries, err := b.store.Entries(b.t.Context(), 0, 1_000_000)
	if err != nil {
		b.t.Fatal(err)
	}
	var texts []string
	for _, e := range entries {
		if e.Kind == chat.MessagePosted {
			texts = append(texts, string(e.Body))
		}
	}
	return texts
}

// answers collects what Append answers.
type answers struct {
	mu       sync.Mutex
	waiting  sync.WaitGroup
	receipts []chat.Receipt
	errs     []error
	times    []int
}

// append sends e and makes room for its answer.
func (a *answers) append(ctx context.Context, l chat.Log, e chat.Event) error {
	a.mu.Lock()
	i := len(a.times)
	a.receipts, a.errs, a.times = append(a.receipts, chat.Receipt{}), append(a.errs, nil), append(a.times, 0)
	a.mu.Unlock()
	a.waiting.Add(1)
	err := l.Append(ctx, e, func(r chat.Receipt, err error) {
		a.mu.Lock()
		defer a.mu.Unlock()
		a.receipts[i], a.errs[i] = r, err
		if a.times[i]++; a.times[i] == 1 {
			a.waiting.Done()
		}
	})
	if err != nil {
		a.waiting.Done()
	}
	return err
}

// gate holds the follower inside apply, so that what is appended meanwhile queues up.
type gate struct {
	entered chan struct{} // gets one when apply is entered
	open    chan struct{} // closed to let it go on
}

func newGate() *gate { return &gate{make(chan struct{}, 1), make(chan struct{})} }

func (g *gate) around(next apply) apply {
	return func(ctx context.Context, entries []chat.Entry) ([]chat.Verdict, error) {
		select {
		case g.entered <- struct{}{}:
		default:
		}
		<-g.open
		return next(ctx, entries)
	}
}

// standing answers every entry as if it stood, and stores nothing.
func standing(_ context.Context, entries []chat.Entry) ([]chat.Verdict, error) {
	verdicts := make([]chat.Verdict, len(entries))
	for i, e := range entries {
		verdicts[i].Receipt = chat.Receipt{Seq: e.Seq, At: e.At}
	}
	return verdicts, nil
}

func number(prefix string, n int) string { return fmt.Sprintf("%s-%d", prefix, n) }

func equalTexts(t testing.TB, got, want []string) {
	t.Helper()
	if g, w := strings.Join(got, "\n"), strings.Join(want, "\n"); g != w {
		t.Errorf("stored:\n%s\nwant:\n%s", g, w)
	}
}
