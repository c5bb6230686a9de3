package local_test

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"chatd/chat"
	"chatd/chat/chattest"
	"chatd/chat/local"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestLog(t *testing.T) {
	chattest.LogSuite(t, func(_ testing.TB, store *chat.Store) chat.Log { return local.New(store, time.Now) })
}

// empty is a source without a past.
type empty struct{}

func (empty) Newest(context.Context) (chat.Entry, bool, error)             { return chat.Entry{}, false, nil }
func (empty) Entries(context.Context, chat.Seq, int) ([]chat.Entry, error) { return nil, nil }
func stands(_ context.Context, entries []chat.Entry) ([]chat.Verdict, error) {
	return make([]chat.Verdict, len(entries)), nil
}
func ignore(chat.Receipt, error) {}
func event(n int) chat.Event {
	return chat.Event{Kind: chat.MessagePosted, Room: chat.Lobby, CID: fmt.Sprint(n)}
}

// What waited while nobody followed is taken in as few batches as their bound
// allows: that is the group commit.
func TestBatchIsWhateverWaits(t *testing.T) {
	log := local.New(empty{}, time.Now)
	const waiting = 3000
	var answered atomic.Int32
	for i := range waiting {
		if err := log.Append(t.Context(), event(i), func(chat.Receipt, error) { answered.Add(1) }); err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	var batches []int
	err := log.Follow(ctx, 0, func(ctx context.Context, entries []chat.Entry) ([]chat.Verdict, error) {
		batches = append(batches, len(entries))
		cancel()
		return stands(ctx, entries)
	})
	if err != nil || answered.Load() != waiting || len(batches) != 3 || batches[0] != 1024 {
		t.Errorf("%d of %d answered, in batches of %v, %v; want all in three batches, 1024 at most", answered.Load(), waiting, batches, err)
	}
}

// Whoever finds the queue full waits no longer than his context, and is told so.
func TestFullQueueIsBusy(t *testing.T) {
	log := local.New(empty{}, time.Now)
	const queued = 4096
	for i := range queued {
		if err := log.Append(t.Context(), event(i), ignore); err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	var refused *chat.Error
	if err := log.Append(ctx, event(queued), ignore); !errors.As(err, &refused) || refused.Code != chat.Busy || refused.RetryAfter == 0 || refused.Final() {
		t.Errorf("the full queue says %v; want busy, with a time to come back", err)
	}
	ended, end := context.WithCancel(t.Context())
	end()
	n := 0
	err := log.Follow(ended, 0, func(ctx context.Context, entries []chat.Entry) ([]chat.Verdict, error) {
		n += len(entries)
		return stands(ctx, entries)
	})
	if err != nil || n != queued {
		t.Errorf("%d of %d were applied: %v", n, queued, err)
	}
}

// A clock that is set back moves no stamp back: not within a run, not after a restart.
func TestClockSetBack(t *testing.T) {
	noon := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	now := noon
	store, err := chat.OpenStore(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	var stamps []time.Time
	for run := range 2 {
		log := local.New(store, func() time.Time { return now })
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- log.Follow(ctx, store.Applied(), store.Apply) }()
		for i := range 3 {
			// Read by the follower only after this Append: no race on now.
			r, err := chat.Await(ctx, log, chat.Event{Kind: chat.NameTaken, Author: 1, CID: fmt.Sprint(run, i), Body: []byte(`{"name":"ann","keys":["ann"]}`)})
			if err != nil {
				t.Fatal(err)
			}
			stamps = append(stamps, r.At)
			now = now.Add(-time.Minute)
		}
		cancel()
		if err := <-ended; err != nil {
			t.Fatal(err)
		}
	}
	for _, at := range stamps {
		if !at.Equal(noon) {
			t.Fatalf("the stamps are %v; want none before %v", stamps, noon)
		}
	}
}
