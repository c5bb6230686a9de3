package chat

import "context"

// Log gives events their place in the one order. It decides nothing else: what
// an event means, and whether it stands, is decided by whoever applies it.
//
// There are two implementations and one suite that both pass (chattest.LogSuite).
type Log interface {
	// Append puts e behind everything that was appended before it, by whichever
	// caller. It waits only while the queue in front of the log is full, and for
	// no longer than ctx. If it returns nil, done is called exactly once, later or
	// before it returns, with e durable and decided: its place, or a *Error that
	// says why not; (Author, CID) gets the same answer however often it is appended. An answer
	// with the code Unavailable leaves open whether e was stored: append it again.
	// done runs on the follower's goroutine: it must not block. If Append returns
	// an error (a *Error), nothing was stored and done is not called.
	//
	// The answer comes by a function, not a return value, so that one connection
	// can have many posts on their way, in order, without a goroutine for each.
	Append(ctx context.Context, e Event, done func(Receipt, error)) error

	// Follow calls apply with every entry after the given place, in order, in
	// batches, and answers Append with the verdicts, one for each entry. Exactly one follower may run.
	// It returns nil when ctx has ended and what was queued by then is applied and
	// answered; or the error that apply returned, unless that was ErrStorageFull, which answers
	// the batch and goes on.
	Follow(ctx context.Context, after Seq, apply func(context.Context, []Entry) ([]Verdict, error)) error
}

// Await appends e and waits for the answer. A ctx that ends first gives
// Unavailable: the event may yet be stored.
func Await(ctx context.Context, l Log, e Event) (Receipt, error) {
	return Wait(ctx, func(done func(Receipt, error)) error { return l.Append(ctx, e, done) })
}

// Wait turns a call that answers by a function into one that returns. A ctx that ends first gives
// Unavailable: what was asked for may yet be done.
func Wait(ctx context.Context, call func(done func(Receipt, error)) error) (Receipt, error) {
	type answer struct {
		receipt Receipt
		err     error
	}
	answered := make(chan answer, 1)
	if err := call(func(r Receipt, err error) { answered <- answer{r, err} }); err != nil {
		return Receipt{}, err
	}
	select {
	case a := <-answered:
		return a.receipt, a.err
	case <-ctx.Done():
		return Receipt{}, &Error{Code: Unavailable, Text: "The server did not answer in time. Sending it again is safe.", Err: context.Cause(ctx)}
	}
}
