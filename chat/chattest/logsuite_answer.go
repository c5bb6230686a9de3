package chattest

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"chatd/chat"
)

// What was answered stands in the file: another reader of it sees it at once.
func testDurable(t *testing.T, open Open) {
	b := setUp(t, open)
	for i := range 10 {
		r := b.must(post(ann, number("d", i), "lobby", number("m", i)))
		other, err := chat.OpenStore(t.Context(), b.dir)
		if err != nil {
			t.Fatal(err)
		}
		newest, any, err := other.Newest(t.Context())
		if err != nil || !any || newest.Seq != r.Seq || string(newest.Body) != number("m", i) {
			t.Fatalf("answered %d, but the file ends with %d %q (%v)", r.Seq, newest.Seq, newest.Body, err)
		}
		if err := other.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func testIdentity(t *testing.T, open Open) {
	b := setUp(t, open)
	e := post(ann, "same", "ops", "once")
	first := b.must(e)
	if first.Dup {
		t.Error("the first answer says that it is a repeat")
	}
	again := func(when string) {
		t.Helper()
		if r := b.must(e); r.Seq != first.Seq || !r.At.Equal(first.At) || !r.Dup {
			t.Errorf("%s: got %+v, want %+v as a repeat", when, r, first)
		}
	}
	again("at once")
	if r := b.must(post(bob, "same", "ops", "once")); r.Dup || r.Seq == first.Seq {
		t.Errorf("another author's cid got %+v, the first author's place is %d", r, first.Seq)
	}
	for i := range 300 {
		b.must(post(bob, number("between", i), "lobby", "x"))
	}
	again("much later")
	b.restart()
	again("after a restart")
	// Not even leaving the room takes the answer away.
	b.must(chat.Event{Kind: chat.MemberLeft, Room: "ops", Author: ann, CID: "leave"})
	again("after leaving the room")
}

func testIdentityAtOnce(t *testing.T, open Open) {
	b := setUp(t, open)
	for round := range 5 {
		var fresh atomic.Int32
		var places sync.Map
		var wg sync.WaitGroup
		for range 20 {
			wg.Go(func() {
				r := b.must(post(ann, number("race", round), "lobby", "x"))
				places.Store(r.Seq, true)
				if !r.Dup {
					fresh.Add(1)
				}
			})
		}
		wg.Wait()
		n := 0
		places.Range(func(any, any) bool { n++; return true })
		if fresh.Load() != 1 || n != 1 {
			t.Errorf("sent twenty times at once: %d places, %d times new; want 1 and 1", n, fresh.Load())
		}
	}
	if n := len(b.texts()); n != 5 {
		t.Errorf("%d messages stand, want 5", n)
	}
}

func testCIDConflict(t *testing.T, open Open) {
	b := setUp(t, open)
	first := b.must(post(ann, "mine", "lobby", "what I said"))
	b.refused(post(ann, "mine", "lobby", "what I did not say"), chat.CIDConflict)
	b.refused(post(ann, "mine", "ops", "what I said"), chat.CIDConflict)
	b.refused(chat.Event{Kind: chat.MemberJoined, Room: "lobby", Author: ann, CID: "mine", Body: []byte("what I said")}, chat.CIDConflict)
	b.refused(post(ann, "mine", "nowhere", "what I said"), chat.CIDConflict)
	if r := b.must(post(ann, "mine", "lobby", "what I said")); r.Seq != first.Seq || !r.Dup {
		t.Errorf("after the conflicts: %+v, want the first place %d", r, first.Seq)
	}
	equalTexts(t, b.texts(), []string{"what I said"})
}

// Good and bad events that wait together are answered each for itself.
func testMixedBatch(t *testing.T, open Open) {
	b := setUp(t, open)
	g := newGate()
	b.swap(func(s *chat.Store) apply { return g.around(s.Apply) })
	var a answers
	send := func(e chat.Event) {
		if err := a.append(t.Context(), b.log, e); err != nil {
			t.Fatal(err)
		}
	}
	send(post(ann, "first", "lobby", "first"))
	<-g.entered
	var want []string
	codes := []chat.Code{""}
	for i := range 12 {
		send(post(ann, number("good", i), "lobby", number("good", i)))
		send(post(ann, number("nowhere", i), "nowhere", "x"))
		send(post(99, number("nobody", i), "lobby", "x"))
		send(post(ann, number("good", i), "lobby", "something else"))
		codes = append(codes, "", chat.NotFound, chat.SignedOut, chat.CIDConflict)
		want = append(want, number("good", i))
	}
	close(g.open)
	a.waiting.Wait()
	for i, code := range codes {
		if err := a.errs[i]; (code == "") != (err == nil) || code != "" && !isCode(err, code) {
			t.Errorf("answer %d is %v, want %q", i, err, code)
		}
	}
	equalTexts(t, b.texts(), append([]string{"first"}, want...))
}

// Each Append that returned nil is answered exactly once, each that returned an
// error never, and then nothing was stored.
func testOneAnswer(t *testing.T, open Open) {
	b := setUp(t, open)
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	var a answers
	var accepted []bool
	for i := range 600 {
		ctx := t.Context()
		if i%2 == 0 {
			ctx = gone
		}
		accepted = append(accepted, a.append(ctx, b.log, post(ann, number("once", i), "lobby", number("once", i))) == nil)
	}
	a.waiting.Wait()
	texts := b.texts()
	if err := b.stop(); err != nil {
		t.Fatal(err)
	}
	var want []string
	for i, ok := range accepted {
		switch {
		case ok && (a.times[i] != 1 || a.errs[i] != nil):
			t.Errorf("append %d was answered %d times, with %v", i, a.times[i], a.errs[i])
		case !ok && a.times[i] != 0:
			t.Errorf("append %d was refused at once and answered %d times", i, a.times[i])
		case ok:
			want = append(want, number("once", i))
		}
	}
	equalTexts(t, texts, want)
}

// When ctx ends, what is queued is applied and answered; who comes later is told so.
func testEnd(t *testing.T, open Open) {
	b := setUp(t, open)
	g := newGate()
	b.swap(func(s *chat.Store) apply {
		return g.around(func(ctx context.Context, entries []chat.Entry) ([]chat.Verdict, error) {
			if ctx.Err() != nil {
				return nil, ctx.Err() // a commit must not be broken off
			}
			return s.Apply(ctx, entries)
		})
	})
	var a answers
	for i := range 40 {
		if err := a.append(t.Context(), b.log, post(ann, number("end", i), "lobby", number("end", i))); err != nil {
			t.Fatal(err)
		}
	}
	<-g.entered
	b.cancel()
	close(g.open)
	err := <-b.ended
	b.ended <- err // for stop
	if err != nil {
		t.Errorf("Follow returned %v when its context ended", err)
	}
	for i := range 40 {
		if a.times[i] != 1 || a.errs[i] != nil {
			t.Errorf("append %d was answered %d times, with %v", i, a.times[i], a.errs[i])
		}
	}
	if n := len(b.texts()); n != 40 {
		t.Errorf("%d messages stand, want 40", n)
	}
	b.refused(post(ann, "late", "lobby", "late"), chat.Unavailable)
}

// A follower whose context has ended already does as one whose context ends: a
// server that is told to stop while it starts has not failed.
func testEndedAtOnce(t *testing.T, open Open) {
	b := setUp(t, open)
	if err := b.stop(); err != nil {
		t.Fatal(err)
	}
	b.openStore()
	var a answers
	for i := range 5 {
		if err := a.append(t.Context(), b.log, post(ann, number("early", i), "lobby", number("early", i))); err != nil {
			t.Fatal(err)
		}
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	err := b.log.Follow(ended, b.store.Applied(), b.store.Apply)
	b.ended <- nil // for stop
	if err != nil {
		t.Errorf("Follow returned %v", err)
	}
	a.waiting.Wait()
	for i := range 5 {
		if a.errs[i] != nil {
			t.Errorf("append %d: %v", i, a.errs[i])
		}
	}
	equalTexts(t, b.texts(), []string{"early-0", "early-1", "early-2", "early-3", "early-4"})
}

// Whoever appends in the very moment in which the follower ends is answered, too:
// stored, or not.
func testEndRace(t *testing.T, open Open) {
	b := setUp(t, open)
	for round := range 25 {
		log := open(t, b.store)
		ctx, cancel := context.WithCancel(t.Context())
		var following, appending sync.WaitGroup
		following.Go(func() {
			if err := log.Follow(ctx, b.store.Applied(), standing); err != nil {
				t.Error(err)
			}
		})
		var all [64]answers
		for i := range all {
			appending.Go(func() {
				for n := 0; all[i].append(t.Context(), log, post(ann, number(number("r", round), n), "lobby", "x")) == nil; n++ {
					if n == round/5 {
						cancel()
					}
				}
			})
		}
		appending.Wait()
		following.Wait()
		answered := make(chan struct{})
		go func() {
			defer close(answered)
			for i := range all {
				all[i].waiting.Wait()
			}
		}()
		select {
		case <-answered:
		case <-time.After(10 * time.Second):
			t.Fatalf("round %d: an event that was taken was never answered", round)
		}
		cancel()
	}
}

// A full disk answers the batch, stores nothing of it, and the next is tried as if nothing had been.
func testStorageFull(t *testing.T, open Open) {
	b := setUp(t, open)
	var full atomic.Bool
	b.swap(func(s *chat.Store) apply {
		return func(ctx context.Context, entries []chat.Entry) ([]chat.Verdict, error) {
			if full.Load() {
				return nil, chat.ErrStorageFull
			}
			return s.Apply(ctx, entries)
		}
	})
	for i := range 3 {
		b.must(post(ann, number("before", i), "lobby", number("before", i)))
		full.Store(true)
		b.refused(post(ann, number("full", i), "lobby", number("full", i)), chat.StorageFull)
		b.refused(post(bob, number("full", i), "lobby", "too"), chat.StorageFull)
		full.Store(false)
		if r := b.must(post(ann, number("full", i), "lobby", number("full", i))); r.Dup {
			t.Error("what was answered storage_full stands already")
		}
	}
	equalTexts(t, b.texts(), []string{"before-0", "full-0", "before-1", "full-1", "before-2", "full-2"})
}

// Any other error ends the follower: what waits is answered Unavailable, with
// no claim about whether it was stored, and nothing is acknowledged after it.
func testFatal(t *testing.T, open Open) {
	b := setUp(t, open)
	g := newGate()
	broken := errors.New("the disk broke")
	b.swap(func(s *chat.Store) apply {
		return g.around(func(context.Context, []chat.Entry) ([]chat.Verdict, error) { return nil, broken })
	})
	var a answers
	for i := range 30 {
		if err := a.append(t.Context(), b.log, post(ann, number("f", i), "lobby", "x")); err != nil {
			t.Fatal(err)
		}
	}
	<-g.entered
	close(g.open)
	if err := <-b.ended; !errors.Is(err, broken) {
		t.Errorf("Follow returned %v, want the error of apply", err)
	}
	b.ended <- nil // for stop
	a.waiting.Wait()
	for i := range 30 {
		if a.times[i] != 1 || !isCode(a.errs[i], chat.Unavailable) {
			t.Errorf("append %d was answered %d times, with %v; want once, unavailable", i, a.times[i], a.errs[i])
		}
	}
	b.refused(post(ann, "after", "lobby", "x"), chat.Unavailable)
	if n := len(b.texts()); n != 0 {
		t.Errorf("%d messages stand, want none", n)
	}
}
