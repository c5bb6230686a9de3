package chattest

import (
	"context"
	"maps"
	"slices"
	"sync"
	"testing"

	"chatd/chat"
)

// Several callers append without waiting; each one's events keep their order,
// and everyone's places are one order.
func testOneOrder(t *testing.T, open Open) {
	b := setUp(t, open)
	const callers, each = 8, 50
	var all [callers]answers
	var wg sync.WaitGroup
	for c := range callers {
		wg.Go(func() {
			for n := range each {
				if err := all[c].append(t.Context(), b.log, post(ann, number(number("c", c), n), "lobby", number(number("t", c), n))); err != nil {
					t.Error(err)
				}
			}
			all[c].waiting.Wait()
		})
	}
	wg.Wait()
	said := map[chat.Seq]string{}
	for c := range callers {
		for n := range each {
			r, text := all[c].receipts[n], number(number("t", c), n)
			if all[c].errs[n] != nil {
				t.Fatalf("%s: %v", text, all[c].errs[n])
			}
			if n > 0 && r.Seq <= all[c].receipts[n-1].Seq {
				t.Errorf("%s has place %d, the one before it %d", text, r.Seq, all[c].receipts[n-1].Seq)
			}
			if other, taken := said[r.Seq]; taken {
				t.Errorf("%s and %s have the same place %d", text, other, r.Seq)
			}
			said[r.Seq] = text
		}
	}
	var want []string
	for _, seq := range slices.Sorted(maps.Keys(said)) {
		want = append(want, said[seq])
	}
	equalTexts(t, b.texts(), want)
}

func testThousand(t *testing.T, open Open) {
	b := setUp(t, open)
	const n = 1000
	receipts := make([]chat.Receipt, n)
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { receipts[i] = b.must(post(bob, number("at-once", i), "lobby", number("m", i))) })
	}
	wg.Wait()
	entries, err := b.store.Entries(t.Context(), 0, 2*n)
	if err != nil {
		t.Fatal(err)
	}
	stored := map[string]chat.Entry{}
	for _, e := range entries {
		stored[e.CID] = e
	}
	for i, r := range receipts {
		if e := stored[number("at-once", i)]; e.Seq != r.Seq || !e.At.Equal(r.At) || r.Dup || string(e.Body) != number("m", i) {
			t.Fatalf("message %d was answered %+v and stands as %d %s %q", i, r, e.Seq, e.At, e.Body)
		}
	}
}

// replay: a follower that begins at any place gets every entry behind it, in
// order, and then what is new. An entry that comes twice must be the same both times.
func testReplay(t *testing.T, open Open) {
	b := setUp(t, open)
	for i := range 20 {
		b.must(post(ann, number("r", i), "lobby", number("m", i)))
		b.refused(post(ann, number("lost", i), "nowhere", "x"), chat.NotFound)
	}
	history, err := b.store.Entries(t.Context(), 0, 1000)
	if err != nil {
		t.Fatal(err)
	}
	for from := -1; from < len(history); from++ {
		after := chat.Seq(0)
		if from >= 0 {
			after = history[from].Seq
		}
		got := replay(t, open(t, b.store), after, number("sentinel", from+1))
		want := history[from+1:]
		if len(got) != len(want)+1 {
			t.Fatalf("after %d: %d entries, want %d and a new one", after, len(got), len(want))
		}
		for i := range want {
			if got[i].Seq != want[i].Seq || got[i].CID != want[i].CID || got[i].Author != want[i].Author ||
				got[i].Room != want[i].Room || !got[i].At.Equal(want[i].At) || string(got[i].Body) != string(want[i].Body) {
				t.Fatalf("after %d: entry %d is %+v, want %+v", after, i, got[i], want[i])
			}
		}
	}
}

// replay follows the log after a place until an event that it appends itself comes out.
func replay(t *testing.T, log chat.Log, after chat.Seq, sentinel string) []chat.Entry {
	t.Helper()
	var got []chat.Entry
	seen := map[chat.Seq]chat.Entry{}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	ended := make(chan error, 1)
	go func() {
		ended <- log.Follow(ctx, after, func(ctx context.Context, entries []chat.Entry) ([]chat.Verdict, error) {
			for _, e := range entries {
				if first, again := seen[e.Seq]; again {
					if first.CID != e.CID || first.Author != e.Author {
						t.Errorf("place %d was %s and now is %s", e.Seq, first.CID, e.CID)
					}
					continue
				}
				if len(got) > 0 && e.Seq <= got[len(got)-1].Seq {
					t.Errorf("place %d came after %d", e.Seq, got[len(got)-1].Seq)
				}
				seen[e.Seq], got = e, append(got, e)
			}
			return standing(ctx, entries)
		})
	}()
	if _, err := chat.Await(ctx, log, post(ann, sentinel, "lobby", "new")); err != nil {
		t.Error(err)
	}
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	return got
}
