package chat

import (
	"sync"
	"time"
)

// Limiter is a token bucket for each key: so many a period, with a burst.
// Safe for concurrent use. A nil Limiter allows everything.
type Limiter[K comparable] struct {
	every time.Duration // the time one token takes to come back
	burst float64

	mu      sync.Mutex
	buckets map[K]bucket
	swept   time.Time
}

type bucket struct {
	tokens float64
	at     time.Time
}

// NewLimiter allows n in every period, and burst at once. With n = 0 there is no limit: it returns nil.
func NewLimiter[K comparable](n int, period time.Duration, burst int) *Limiter[K] {
	if n <= 0 {
		return nil
	}
	return &Limiter[K]{every: period / time.Duration(n), burst: float64(max(burst, 1)), buckets: map[K]bucket{}}
}

// Take takes a token of key, or says how long until there is one.
func (l *Limiter[K]) Take(key K, now time.Time) (ok bool, wait time.Duration) {
	if l == nil {
		return true, 0
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.sweep(now)
	b, known := l.buckets[key]
	if !known {
		b.tokens = l.burst
	} else {
		b.tokens = min(l.burst, b.tokens+float64(now.Sub(b.at))/float64(l.every))
	}
	b.at = now
	if ok = b.tokens >= 1; ok {
		b.tokens--
	} else {
		wait = time.Duration((1 - b.tokens) * float64(l.every))
	}
	l.buckets[key] = b
	return ok, wait
}

// sweep forgets the buckets that are full again, so that the map is as large
// as the number of keys that were active lately and no larger.
func (l *Limiter[K]) sweep(now time.Time) {
	full := time.Duration(l.burst) * l.every
	if now.Sub(l.swept) < max(full, time.Minute) {
		return
	}
	l.swept = now
	for key, b := range l.buckets {
		if now.Sub(b.at) >= full {
			delete(l.buckets, key)
		}
	}
}
