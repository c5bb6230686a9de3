package client

import (
	"context"
	"fmt"
)

// Pending is a post that the server has not decided about, or had not when it was queued.
type Pending struct{ post *post }

// Queue puts a text behind what is already in the outbox and returns at once. An empty
// cid is minted. The error is that of a Session whose Run has ended.
func (s *Session) Queue(room, text, cid string) (*Pending, error) {
	if cid == "" {
		cid = NewCID()
	}
	p, err := s.outbox.add(room, text, cid)
	if err != nil {
		return nil, fmt.Errorf("post in %s: %w", room, err)
	}
	return &Pending{p}, nil
}

// CID is the identity of the post.
func (p *Pending) CID() string { return p.post.cid }

// Wait returns what the server decided: a receipt when the text is durable, a final
// *Error when it never will be, and the error with which Run ended if it did so before.
// If ctx ends first, the post stays where it is.
func (p *Pending) Wait(ctx context.Context) (Receipt, error) {
	select {
	case <-p.post.decided:
		return p.result()
	case <-ctx.Done():
		return Receipt{CID: p.post.cid}, context.Cause(ctx)
	}
}

func (p *Pending) result() (Receipt, error) {
	if p.post.err != nil {
		return p.post.receipt, fmt.Errorf("post in %s: %w", p.post.room, p.post.err)
	}
	return p.post.receipt, nil
}

// Post stores a text in a room, through as many reconnects as it takes, always with the
// same cid (an empty one is minted), and returns when the server has decided; see Wait.
// If ctx ends first, the error is its cause, and the text was not sent and never will be;
// or the error wraps ErrMaySend, and the Session goes on trying.
func (s *Session) Post(ctx context.Context, room, text, cid string) (Receipt, error) {
	p, err := s.Queue(room, text, cid)
	if err != nil {
		return Receipt{CID: cid}, err
	}
	r, err := p.Wait(ctx)
	if err == nil || ctx.Err() == nil {
		return r, err
	}
	switch s.outbox.withdraw(p.post) {
	case withdrawn:
		return r, err
	case decided:
		return p.result()
	default:
		return r, fmt.Errorf("post in %s: %w: %w", room, ErrMaySend, err)
	}
}
