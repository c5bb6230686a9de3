package client

import (
	"context"
	"errors"
)

// carry sends what is in the outbox until the connection ends. It returns what made
// sending impossible; the posts stay where they are and go out on the next connection.
func (s *Session) carry(ctx context.Context, stream *Stream) error {
	send := s.send
	if s.options.SSE {
		send = s.sendHTTP
	}
	for {
		p, err := s.outbox.next(ctx)
		if err != nil {
			return err
		}
		if err := send(ctx, stream, p); err != nil {
			return err
		}
	}
}

// send puts a post on the stream; its ack comes back there too.
func (s *Session) send(ctx context.Context, stream *Stream, p *post) error {
	err := stream.Send(ctx, Command{Do: "post", CID: p.cid, Room: p.room, Text: p.text})
	var refused *Error
	if errors.As(err, &refused) { // it could not be put in a frame: no server would take it
		s.refused(p.cid, refused)
		return nil
	}
	return err
}

// sendHTTP posts beside a stream that only flows one way, one request at a time.
func (s *Session) sendHTTP(ctx context.Context, _ *Stream, p *post) error {
	r, err := s.client.Post(ctx, p.room, p.text, p.cid)
	var refused *Error
	switch {
	case errors.As(err, &refused) && refused.Status == 401:
		return err // it is the session that was refused, not the post
	case errors.As(err, &refused):
		s.refused(p.cid, refused)
		return nil
	case err == nil:
		s.settled(p.cid, r, nil)
	}
	return err
}
