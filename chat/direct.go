package chat

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// A direct conversation is a room.created with the people in it. There is one for
// each set of people: its address is made from them, and nobody comes in later.

const (
	directPrefix = "dm-"
	maxDirect    = 12 // people, the actor included
)

// DirectName is the address of the conversation of these people, in whatever order.
func DirectName(people []ID) string {
	people = slices.Compact(slices.Sorted(slices.Values(people)))
	sum := sha256.New()
	for _, id := range people {
		fmt.Fprintln(sum, id)
	}
	return directPrefix + hex.EncodeToString(sum.Sum(nil))[:24]
}

// Direct finds the conversation of the actor with these people, or makes it; made says which.
func (s *Server) Direct(ctx context.Context, actor Actor, with []ID) (room Room, made bool, err error) {
	people := slices.Compact(slices.Sorted(slices.Values(append(slices.Clone(with), actor.ID))))
	switch {
	case len(people) < 2:
		return Room{}, false, Refuse(BadRequest, "Say with whom: a conversation has two people or more.")
	case len(people) > maxDirect:
		return Room{}, false, Refuse(BadRequest, "A direct conversation has %d people at most. Make a room for more.", maxDirect)
	}
	if err := s.May(actor, ToConverse); err != nil {
		return Room{}, false, err
	}
	name := DirectName(people)
	if room, err = s.Room(ctx, actor, name); err == nil || Refusal(err).Code != NotFound {
		return room, false, err
	}
	if err := s.limit(s.roomsMade, actor.ID); err != nil {
		return Room{}, false, err
	}
	others := slices.DeleteFunc(people, func(id ID) bool { return id == actor.ID })
	body, err := json.Marshal(roomBody{Private: true, People: others})
	if err != nil {
		return Room{}, false, err
	}
	_, err = Await(ctx, s.log, Event{Kind: RoomCreated, Room: name, Author: actor.ID, CID: serverCID(), Body: body})
	if err != nil && !errors.Is(err, errRoomExists) {
		return Room{}, false, err
	}
	made = err == nil // else another of them was faster
	room, err = s.Room(ctx, actor, name)
	return room, made, err
}

// openDirect puts the people of a conversation that was just made into it.
func (t *tx) openDirect(e *Entry, people []ID) error {
	all := slices.Sorted(slices.Values(append(slices.Clone(people), e.Author)))
	if e.Room != DirectName(all) || len(all) < 2 || len(slices.Compact(all)) != len(people)+1 {
		return Refuse(BadRequest, "This is not the address of these people's conversation.")
	}
	for _, id := range people {
		who, err := t.standing(id)
		if err != nil {
			return err
		}
		if who.banned {
			return errNobody
		}
		if err := t.beginStay(id, roomRow{id: int64(e.Seq)}, e.Seq); err != nil {
			return err
		}
	}
	return nil
}

// others fills in who is in the direct conversations among these rooms, besides the
// actor, and calls them by that.
func others(ctx context.Context, tx *sql.Tx, actor ID, rooms []Room) error {
	direct := map[int64]*Room{}
	for i := range rooms {
		if rooms[i].Direct {
			direct[rooms[i].row.id] = &rooms[i]
		}
	}
	if len(direct) == 0 {
		return nil
	}
	rows, err := tx.QueryContext(ctx, `SELECT r.id, p.id, p.name FROM stay mine JOIN room r ON r.id = mine.room AND r.direct
		JOIN stay s ON s.room = r.id AND s.until IS NULL JOIN person p ON p.id = s.person
		WHERE mine.person = ?1 AND mine.until IS NULL AND s.person <> ?1 ORDER BY p.name, p.id`, int64(actor))
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var room, id int64
		var name string
		if err := rows.Scan(&room, &id, &name); err != nil {
			return err
		}
		if r := direct[room]; r != nil {
			r.People = append(r.People, Person{ID: ID(id), Name: name})
		}
	}
	for _, r := range direct {
		r.Title = names(r.People)
	}
	return rows.Err()
}

func names(people []Person) string {
	all := make([]string, len(people))
	for i, p := range people {
		all[i] = p.Name
	}
	return strings.Join(all, ", ")
}
