package chat

import "context"

// RoomArchived: nobody writes in the room any more. It leaves the lists, and can be read
// at its address by those who could read it before. It has no body.
const RoomArchived Kind = "room.archived"

// Archive ends a room. To be archived already is a Forbidden.
func (s *Server) Archive(ctx context.Context, actor Actor, room string) error {
	if err := s.limit(s.joins, actor.ID); err != nil {
		return err
	}
	if _, err := s.mayIn(ctx, actor, ToArchive, room); err != nil {
		return err
	}
	_, err := Await(ctx, s.log, Event{Kind: RoomArchived, Room: room, Author: actor.ID, CID: serverCID()})
	return err
}

func applyRoomArchived(t *tx, e *Entry) error {
	room, _, err := t.demand(ToArchive, e)
	if err != nil {
		return err
	}
	delete(t.rooms, e.Room)
	_, err = t.exec("UPDATE room SET archived = 1 WHERE id = ?", room.id)
	return err
}
