package client

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"
)

const (
	// maxBackoff and firstBackoff are the protocol's: random(0, min(30 s, 1 s·2^k)).
	maxBackoff   = 30 * time.Second
	firstBackoff = time.Second
	// stableAfter is how long a connection must have lived for the next failure to be a
	// first one again. A server that greets everybody and dies must not be hammered.
	stableAfter = time.Minute
)

// FullJitter is how long to wait before attempt number `attempt` (0 is the first one
// after a failure): anything from nothing to twice as much as the attempt before could
// have taken, 30 s at most. So a thousand clients that lost one server come back spread out.
func FullJitter(attempt int) time.Duration {
	return rand.N(backoffLimit(attempt))
}

func backoffLimit(attempt int) time.Duration {
	if attempt >= 5 { // 2^5 s is past the limit, and a larger shift would overflow
		return maxBackoff
	}
	return firstBackoff << max(attempt, 0)
}

// final reports whether a stream that ended like this must not be opened again by itself.
func final(err error) bool {
	var closed *CloseError
	var refused *Error
	switch {
	case errors.As(err, &closed):
		return closed.Final()
	case errors.As(err, &refused):
		return refused.Final
	}
	return false
}

// retryAfter is how long the server asked to be left alone, 0 if it did not.
func retryAfter(err error) time.Duration {
	var refused *Error
	if errors.As(err, &refused) {
		return refused.RetryAfter
	}
	return 0
}

// sleep waits for d or until ctx ends, and says why if it was ctx.
func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-t.C:
		return nil
	}
}
