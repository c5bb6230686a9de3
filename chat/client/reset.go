package client

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
)

// pageSize is the protocol's most for one page.
const pageSize = 200

// hole is what paging has handed over of one room since a reset. The pages reach up to
// the newest message, the stream goes on from the reset: what is in both is told once.
type hole struct {
	last string // where paging goes on
	told map[string]bool
}

// reset deals with a stream that did not go on where the last one stopped. Within one
// epoch the session fills the hole; another epoch is another history, which only its
// owner can decide about.
func (s *Session) reset(ctx context.Context, stream *Stream, e Event) error {
	newEpoch := stream.Hello().Epoch != s.from.Epoch
	if s.options.Observer.Reset != nil {
		s.options.Observer.Reset(e, newEpoch)
	}
	if newEpoch {
		clear(s.holes)
		clear(s.heard)
		return nil
	}
	rooms, err := s.rooms(ctx)
	if err != nil {
		return err
	}
	for _, room := range rooms {
		if err := s.fill(ctx, room); err != nil && !notFound(err) {
			return err
		}
	}
	return nil
}

// fill hands over what was said in a room since the session's place. If it fails halfway,
// the next connection, which resumes from the same place, goes on from there.
func (s *Session) fill(ctx context.Context, room string) error {
	h := s.holes[room]
	if h == nil {
		// Where nothing was heard of the room yet, the session's place has to do.
		h = &hole{last: cmp.Or(s.heard[room], s.from.Cursor), told: map[string]bool{}}
		s.holes[room] = h
	}
	for more := true; more; {
		page, err := s.client.Page(ctx, room, PageQuery{After: h.last, Limit: pageSize})
		if err != nil {
			return err
		}
		if page.Epoch != s.from.Epoch {
			return fmt.Errorf("the history of %s was replaced while it was read", room)
		}
		for _, e := range page.Messages {
			h.last, s.heard[room] = e.ID, e.ID
			h.told[e.ID] = true
			if s.options.Observer.Event != nil {
				s.options.Observer.Event(e)
			}
		}
		more = page.HasNewer && len(page.Messages) > 0
	}
	return nil
}

// notFound is a room that is gone, or that one may not see any more: its hole stays.
func notFound(err error) bool {
	var refused *Error
	return errors.As(err, &refused) && refused.Status == http.StatusNotFound
}

// rooms is which rooms the stream follows.
func (s *Session) rooms(ctx context.Context) ([]string, error) {
	if len(s.options.Rooms) > 0 {
		return s.options.Rooms, nil
	}
	all, err := s.client.Rooms(ctx)
	if err != nil {
		return nil, err
	}
	var joined []string
	for _, room := range all {
		if room.Joined {
			joined = append(joined, room.Name)
		}
	}
	return joined, nil
}

// paged reports whether a page has handed e over already. The first message of the room
// that no page held is past the hole, and what was kept about it can go.
func (s *Session) paged(e Event) bool {
	h := s.holes[e.Room]
	if h == nil {
		return false
	}
	if h.told[e.ID] {
		return true
	}
	if e.Kind == KindPosted {
		delete(s.holes, e.Room)
	}
	return false
}
