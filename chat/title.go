package chat

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"unicode/utf8"
)

// RoomChanged: a room has another title or topic; its address stays. Body is Change as JSON.
const RoomChanged Kind = "room.changed"

const maxRoomTopic = 300 // bytes

// Change is what becomes of a room: nil leaves what there is.
type Change struct {
	Title *string `json:"title,omitempty"`
	Topic *string `json:"topic,omitempty"`
}

func (c Change) check() *Error {
	switch {
	case c.Title == nil && c.Topic == nil:
		return Refuse(BadRequest, "Say what is to change: title, topic or both.")
	case c.Title != nil && strings.TrimSpace(*c.Title) == "":
		return Refuse(BadRequest, "A room has a title.")
	case c.Title != nil && len(*c.Title) > maxRoomTitle:
		return Refuse(TooLarge, "A room's title may have %d bytes.", maxRoomTitle)
	case c.Topic != nil && len(*c.Topic) > maxRoomTopic:
		return Refuse(TooLarge, "A room's topic may have %d bytes.", maxRoomTopic)
	case c.Title != nil && !oneLine(*c.Title), c.Topic != nil && !oneLine(*c.Topic):
		return Refuse(BadRequest, "Title and topic are one line of text each.")
	}
	return nil
}

func oneLine(text string) bool {
	return utf8.ValidString(text) && !strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r == 0x7f })
}

// ChangeRoom gives a room another title or topic. What is so already is fine.
func (s *Server) ChangeRoom(ctx context.Context, actor Actor, room string, c Change) error {
	if err := c.check(); err != nil {
		return err
	}
	if err := s.limit(s.joins, actor.ID); err != nil {
		return err
	}
	if _, err := s.mayIn(ctx, actor, ToChangeRoom, room); err != nil {
		return err
	}
	body, err := json.Marshal(c)
	if err != nil {
		return err
	}
	_, err = Await(ctx, s.log, Event{Kind: RoomChanged, Room: room, Author: actor.ID, CID: serverCID(), Body: body})
	if errors.Is(err, errNothingToDo) {
		return nil
	}
	return err
}

// Changed returns what this entry (of kind RoomChanged) changed.
func (e *Entry) Changed() (c Change) {
	_ = json.Unmarshal(e.Body, &c) // what the log holds was checked by the rule
	return c
}

func applyRoomChanged(t *tx, e *Entry) error {
	var c Change
	if json.Unmarshal(e.Body, &c) != nil {
		return Refuse(BadRequest, "The change is malformed.")
	}
	if err := c.check(); err != nil {
		return err
	}
	room, _, err := t.demand(ToChangeRoom, e)
	if err != nil {
		return err
	}
	done, err := t.exec("UPDATE room SET title = coalesce(?2, title), topic = coalesce(?3, topic) WHERE id = ?1 AND (title <> coalesce(?2, title) OR topic <> coalesce(?3, topic))",
		room.id, c.Title, c.Topic)
	if err == nil && !done {
		return errNothingToDo
	}
	return err
}
