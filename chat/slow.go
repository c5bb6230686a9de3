package chat

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"
)

// RoomSlowed: a room has another pace. Body is slowBody as JSON.
const RoomSlowed Kind = "room.slowed"

// MaxSlow is the slowest pace that a room can have.
const MaxSlow = 6 * time.Hour

type slowBody struct {
	Seconds int `json:"seconds"` // from one message of somebody to his next; 0: as he likes
}

// Slow makes a room slow: whoever is no moderator waits so long from one of his messages to the
// next, in whole seconds. 0 ends that. What is so already is fine.
func (s *Server) Slow(ctx context.Context, actor Actor, room string, pace time.Duration) error {
	if pace < 0 || pace > MaxSlow || pace%time.Second != 0 {
		return Refuse(BadRequest, "A slow room has 1 to %d seconds between two messages of one person; 0 ends it.", MaxSlow/time.Second)
	}
	if err := s.limit(s.joins, actor.ID); err != nil {
		return err
	}
	if _, err := s.mayIn(ctx, actor, ToSlow, room); err != nil {
		return err
	}
	body, err := json.Marshal(slowBody{int(pace / time.Second)})
	if err != nil {
		return err
	}
	_, err = Await(ctx, s.log, Event{Kind: RoomSlowed, Room: room, Author: actor.ID, CID: serverCID(), Body: body})
	if errors.Is(err, errNothingToDo) {
		return nil
	}
	return err
}

// Pace returns the pace that a room has after this entry (of kind RoomSlowed), in seconds.
func (e *Entry) Pace() int {
	var body slowBody
	_ = json.Unmarshal(e.Body, &body) // what the log holds was checked by the rule
	return body.Seconds
}

func applyRoomSlowed(t *tx, e *Entry) error {
	var body slowBody
	if json.Unmarshal(e.Body, &body) != nil || body.Seconds < 0 || body.Seconds > int(MaxSlow/time.Second) {
		return Refuse(BadRequest, "The pace is malformed.")
	}
	room, _, err := t.demand(ToSlow, e)
	switch {
	case err != nil:
		return err
	case room.slow == body.Seconds:
		return errNothingToDo
	}
	delete(t.rooms, e.Room)
	if _, err := t.exec("UPDATE room SET slow = ? WHERE id = ?", body.Seconds, room.id); err != nil {
		return err
	}
	if body.Seconds == 0 {
		_, err = t.exec("DELETE FROM paced WHERE room = ?", room.id)
	}
	return err
}

// pace refuses a message that comes too early in a slow room, and notes one that does not. It measures by
// the times that the log gave the messages, so that every node decides the same; of two that run backwards it holds nothing against anybody.
func (t *tx) pace(e *Entry, room roomRow) error {
	if room.slow == 0 {
		return nil
	}
	role, err := t.role(e.Author)
	if err != nil || role >= RoleModerator {
		return err
	}
	var last int64
	err = t.row("SELECT at FROM paced WHERE room = ? AND person = ?", room.id, int64(e.Author)).Scan(&last)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	pace, since := time.Duration(room.slow)*time.Second, e.At.Sub(time.UnixMilli(last))
	if err == nil && since >= 0 && since < pace {
		refused := Refuse(RateLimited, "This room is slow: everybody waits %s from one message to the next. Yours is sent by itself after that.", pace)
		refused.RetryAfter = pace - since
		return refused
	}
	_, err = t.exec("INSERT INTO paced (room, person, at) VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE SET at = ?3", room.id, int64(e.Author), e.At.UnixMilli())
	return err
}
