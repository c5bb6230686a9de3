package chat_test

import (
	"testing"
	"time"

	"chatd/chat"
)

func TestLimiter(t *testing.T) {
	start := time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)
	type take struct {
		after time.Duration // since the one before
		key   string
		ok    bool
		wait  time.Duration
	}
	times := func(n int, t take) (all []take) {
		for range n {
			all = append(all, t)
		}
		return all
	}
	for name, test := range map[string]struct {
		n      int
		period time.Duration
		burst  int
		takes  []take
	}{
		"burst, then one at a time": {10, time.Second, 30, append(times(30, take{ok: true}),
			take{ok: false, wait: 100 * time.Millisecond}, take{after: 60 * time.Millisecond, ok: false, wait: 40 * time.Millisecond},
			take{after: 40 * time.Millisecond, ok: true}, take{ok: false, wait: 100 * time.Millisecond})},
		"a refusal costs nothing": {1, time.Second, 1, []take{{ok: true}, {after: 500 * time.Millisecond, wait: 500 * time.Millisecond},
			{wait: 500 * time.Millisecond}, {wait: 500 * time.Millisecond}, {after: 500 * time.Millisecond, ok: true}}},
		"no more than the burst is saved": {1, time.Second, 2, []take{{ok: true}, {after: time.Hour, ok: true}, {ok: true}, {wait: time.Second}}},
		"each key for itself":             {1, time.Minute, 1, []take{{key: "a", ok: true}, {key: "b", ok: true}, {key: "a", wait: time.Minute}, {key: "c", ok: true}, {key: "b", wait: time.Minute}}},
		"a burst is at least one":         {1, time.Second, 0, []take{{ok: true}, {wait: time.Second}}},
		"none: no limit":                  {0, time.Second, 3, times(100, take{ok: true})},
		"after many others":               {1, time.Second, 1, []take{{key: "a", ok: true}, {after: 2 * time.Minute, key: "b", ok: true}, {key: "a", ok: true}, {key: "a", wait: time.Second}}},
	} {
		t.Run(name, func(t *testing.T) {
			l := chat.NewLimiter[string](test.n, test.period, test.burst)
			now := start
			for i, take := range test.takes {
				now = now.Add(take.after)
				if ok, wait := l.Take(take.key, now); ok != take.ok || wait.Round(time.Millisecond) != take.wait {
					t.Fatalf("take %d: %v, %v; want %v, %v", i, ok, wait, take.ok, take.wait)
				}
			}
		})
	}
}

// A limiter remembers who was active lately and forgets the rest.
func TestLimiterForgets(t *testing.T) {
	l := chat.NewLimiter[int](10, time.Second, 30)
	now := time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)
	for i := range 10_000 {
		l.Take(i, now)
		now = now.Add(time.Second)
	}
	if n := chat.Buckets(l); n > 130 {
		t.Errorf("%d keys are remembered of 10000 that came one a second", n)
	}
}
