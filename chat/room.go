package chat

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"strings"
	"unicode/utf8"
)

// RoomCreated: somebody opened a room, and is in it. Body is roomBody as JSON.
const RoomCreated Kind = "room.created"

// Lobby is the room that was always there, and that everyone is in.
const (
	Lobby   = "lobby"
	lobbyID = 0
)

const (
	maxRoomName  = 40  // bytes
	maxRoomTitle = 200 // bytes
)

type roomBody struct {
	Title   string `json:"title"`
	Private bool   `json:"private,omitempty"`
}

// NewRoom is what somebody asks for.
type NewRoom struct {
	Name    string // the address: 1–40 of a–z 0–9 - _, for ever
	Title   string // what people read; "" is the name
	Private bool   // for everybody who is not in it, it does not exist
}

// Room is a room as one person sees it.
type Room struct {
	Name, Title string
	Private     bool
	Joined      bool
	Unread      int // messages of others after the read mark, counted up to 100; 0 where not joined
	Head        Seq // the newest message, 0 if there is none
}

// Title returns the title that was given to a room in this entry (of kind RoomCreated).
func (e *Entry) Title() string {
	var body roomBody
	if e.Kind != RoomCreated || json.Unmarshal(e.Body, &body) != nil {
		return ""
	}
	return body.Title
}

func (n NewRoom) check() *Error {
	valid := len(n.Name) >= 1 && len(n.Name) <= maxRoomName
	for _, c := range []byte(n.Name) {
		valid = valid && ('a' <= c && c <= 'z' || '0' <= c && c <= '9' || c == '-' || c == '_')
	}
	switch {
	case !valid:
		return Refuse(BadRequest, "A room's name has 1 to %d characters of a–z, 0–9, - and _.", maxRoomName)
	case len(n.Title) > maxRoomTitle:
		return Refuse(TooLarge, "A room's title may have %d bytes.", maxRoomTitle)
	case !utf8.ValidString(n.Title) || strings.ContainsFunc(n.Title, func(r rune) bool { return r < ' ' || r == 0x7f }):
		return Refuse(BadRequest, "A room's title is one line of text.")
	}
	return nil
}

// CreateRoom makes a room, and puts the actor into it. A name in use, even by a
// room that the actor may not see, is a Conflict.
func (s *Server) CreateRoom(ctx context.Context, actor Actor, n NewRoom) (Receipt, error) {
	if err := n.check(); err != nil {
		return Receipt{}, err
	}
	if err := s.may(ctx, actor, ToCreateRoom, ""); err != nil {
		return Receipt{}, err
	}
	if err := s.limit(s.roomsMade, actor.ID); err != nil {
		return Receipt{}, err
	}
	if strings.TrimSpace(n.Title) == "" {
		n.Title = n.Name
	}
	body, err := json.Marshal(roomBody{n.Title, n.Private})
	if err != nil {
		return Receipt{}, err
	}
	return Await(ctx, s.log, Event{Kind: RoomCreated, Room: n.Name, Author: actor.ID, CID: serverCID(), Body: body})
}

func applyRoomCreated(t *tx, e *Entry) error {
	var body roomBody
	if err := json.Unmarshal(e.Body, &body); err != nil {
		return Refuse(BadRequest, "The room is malformed.")
	}
	made, err := t.exec("INSERT INTO room (id, name, title, private) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING", int64(e.Seq), e.Room, body.Title, body.Private)
	if err != nil {
		return err
	}
	if !made {
		return Refuse(Conflict, "There is a room of this name already. Choose another name.")
	}
	return t.beginStay(e.Author, roomRow{id: int64(e.Seq)}, e.Seq)
}

// Rooms lists the rooms that the actor is in or may join, the lobby first, then by name.
func (s *Server) Rooms(ctx context.Context, actor Actor) ([]Room, error) {
	rows, err := s.store.db.rows(ctx, selectRoom+" WHERE NOT r.private OR joined ORDER BY r.id <> 0, r.name LIMIT 1000", int64(actor.ID))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var rooms []Room
	for rows.Next() {
		r, err := scanRoom(rows)
		if err != nil {
			return nil, err
		}
		rooms = append(rooms, r)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	for i := range rooms {
		if rooms[i].Unread, err = s.unread(ctx, actor, rooms[i]); err != nil {
			return nil, err
		}
	}
	return rooms, nil
}

// Room describes one room, or says NotFound where the actor may not see it.
func (s *Server) Room(ctx context.Context, actor Actor, name string) (Room, error) {
	room, err := scanRoom(s.store.db.row(ctx, selectRoom+" WHERE r.name = ?2 AND (NOT r.private OR joined)", int64(actor.ID), name))
	if errors.Is(err, sql.ErrNoRows) {
		return Room{}, errNotFoundRoom
	}
	return room, err
}

const selectRoom = `SELECT r.name, r.title, r.private,
	r.id = 0 OR EXISTS (SELECT 1 FROM stay WHERE person = ?1 AND room = r.id AND until IS NULL) AS joined,
	coalesce((SELECT seq FROM entry WHERE room = r.id AND kind = 1 ORDER BY seq DESC LIMIT 1), 0)
	FROM room r`

func scanRoom(row interface{ Scan(...any) error }) (r Room, err error) {
	var head int64
	err = row.Scan(&r.Name, &r.Title, &r.Private, &r.Joined, &head)
	r.Head = Seq(head)
	return r, err
}

// roomRow is what rules need to know of a room.
type roomRow struct {
	id      int64
	private bool
}

// room finds a room by its name; sql.ErrNoRows if there is none.
func (t *tx) room(name string) (roomRow, error) {
	if r, known := t.rooms[name]; known {
		return r, nil
	}
	var r roomRow
	if err := t.row("SELECT id, private FROM room WHERE name = ?", name).Scan(&r.id, &r.private); err != nil {
		return roomRow{}, err
	}
	if len(t.rooms) >= maxRemembered {
		clear(t.rooms)
	}
	t.rooms[name] = r
	return r, nil
}

// roomFor finds a room that a person may see.
func (s *Store) roomFor(ctx context.Context, person ID, name string) (r roomRow, err error) {
	err = s.db.row(ctx, `SELECT id, private FROM room r WHERE name = ?
		AND (NOT private OR EXISTS (SELECT 1 FROM stay WHERE person = ? AND room = r.id AND until IS NULL))`, name, int64(person)).Scan(&r.id, &r.private)
	if errors.Is(err, sql.ErrNoRows) {
		return r, errNotFoundRoom
	}
	return r, err
}
