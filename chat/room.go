package chat

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"
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
	Topic   string `json:"topic,omitempty"`
	Private bool   `json:"private,omitempty"`
	Recent  bool   `json:"recent,omitempty"` // members read what was said while they were in it
	People  []ID   `json:"people,omitempty"` // a direct conversation of the author with these
}

// NewRoom is what somebody asks for.
type NewRoom struct {
	Name    string // the address: 1–40 of a–z 0–9 - _, for ever
	Title   string // what people read; "" is the name
	Topic   string
	Private bool // for everybody who is not in it, it does not exist
	Recent  bool // private: who comes in later does not see what was said before
}

// Room is a room as one person sees it.
type Room struct {
	Name, Title, Topic string
	Private            bool
	Direct             bool     // a conversation of people, called by them
	People             []Person // of a direct conversation: the others
	Recent             bool     // one sees what was said while one was in it
	Archived           bool
	Slow               time.Duration // from one message of somebody to his next; 0: as he likes
	Joined             bool
	Level              Level    // what the person wants to be told of it
	May                []string // what the person may do with it: change, invite, remove, archive, slow, call
	Unread             int      // messages of others after the read mark and after coming in, counted up to 100; 0 where not joined, and as the level says
	Mentions           int      // those of others that mention or answer the person, likewise; in a public room also where not joined
	Head               Seq      // the newest message that the person may see, 0 if there is none

	row roomRow
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
	case strings.HasPrefix(n.Name, directPrefix):
		return Refuse(BadRequest, "A room's name does not begin with %s: that is for direct conversations.", directPrefix)
	case n.Recent && !n.Private:
		return Refuse(BadRequest, "Everybody reads all of a public room: only a private one can keep what was said before.")
	}
	if strings.TrimSpace(n.Title) == "" {
		n.Title = n.Name
	}
	return Change{Title: &n.Title, Topic: &n.Topic}.check()
}

// CreateRoom makes a room, and puts the actor into it. A name in use, even by a
// room that the actor may not see, is a Conflict.
func (s *Server) CreateRoom(ctx context.Context, actor Actor, n NewRoom) (Receipt, error) {
	if err := n.check(); err != nil {
		return Receipt{}, err
	}
	if err := s.May(actor, ToCreateRoom); err != nil {
		return Receipt{}, err
	}
	if err := s.limit(s.roomsMade, actor.ID); err != nil {
		return Receipt{}, err
	}
	if strings.TrimSpace(n.Title) == "" {
		n.Title = n.Name
	}
	body, err := json.Marshal(roomBody{Title: n.Title, Topic: n.Topic, Private: n.Private, Recent: n.Recent})
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
	direct, verb := body.People != nil, ToCreateRoom
	if direct {
		verb = ToConverse
	}
	if err := t.allows(e.Author, verb); err != nil {
		return err
	}
	made, err := t.exec("INSERT INTO room (id, name, title, topic, maker, private, direct, recent) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
		int64(e.Seq), e.Room, body.Title, body.Topic, int64(e.Author), body.Private, direct, body.Recent)
	if err != nil {
		return err
	}
	if !made {
		return errRoomExists
	}
	if direct {
		if err := t.openDirect(e, body.People); err != nil {
			return err
		}
	}
	return t.beginStay(e.Author, roomRow{id: int64(e.Seq)}, e.Seq)
}

var errRoomExists = Refuse(Conflict, "There is a room of this name already. Choose another name.")

// RoomList is the rooms that somebody is in or may join. Cursor is the place of which that is
// true: a stream from there tells what comes next, and repeats nothing of it.
type RoomList struct {
	Rooms  []Room
	Cursor Seq
}

// Rooms lists the rooms that the actor is in or may join: the lobby first, then by title.
// Archived ones are not in it, nor conversations with somebody whom he ignores.
func (s *Server) Rooms(ctx context.Context, actor Actor) (RoomList, error) {
	tx, err := s.store.db.read.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return RoomList{}, err
	}
	defer tx.Rollback()
	var list RoomList
	if err := tx.QueryRowContext(ctx, selectHead).Scan(&list.Cursor); err != nil {
		return RoomList{}, err
	}
	list.Rooms, err = s.roomsWhere(ctx, tx, actor, "NOT r.archived AND (NOT r.private OR joined) AND NOT "+withIgnored+" ORDER BY joined DESC, r.id LIMIT 1000")
	slices.SortStableFunc(list.Rooms, func(a, b Room) int {
		return cmp.Or(cmp.Compare(min(a.row.id, 1), min(b.row.id, 1)), strings.Compare(strings.ToLower(a.Title), strings.ToLower(b.Title)), strings.Compare(a.Name, b.Name))
	})
	return list, err
}

// withIgnored is the condition that r is a conversation with one other, whom ?1 ignores.
const withIgnored = `(r.direct AND EXISTS (SELECT 1 FROM ignored i JOIN stay o ON o.person = i.other WHERE i.person = ?1 AND o.room = r.id)
	AND (SELECT count(*) FROM stay o WHERE o.room = r.id) = 2)`

// Room describes one room, or says NotFound where the actor may not see it.
func (s *Server) Room(ctx context.Context, actor Actor, name string) (Room, error) {
	tx, err := s.store.db.read.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return Room{}, err
	}
	defer tx.Rollback()
	rooms, err := s.roomsWhere(ctx, tx, actor, "r.name = ?3 AND (NOT r.private OR joined)", name)
	if err == nil && len(rooms) == 0 {
		err = errNotFoundRoom
	}
	if err != nil {
		return Room{}, err
	}
	return rooms[0], nil
}

// selectRoom reads rooms as the person ?1 sees them; what is unread is counted up to ?2. Of
// a room that he came into, what was said before is not unread.
var selectRoom = `SELECT r.id, r.name, r.title, r.topic, r.maker, r.private, r.direct, r.recent, r.archived, r.slow,
	r.id = 0 OR s.since IS NOT NULL AS joined, coalesce(l.level, 0),
	coalesce((SELECT seq FROM entry WHERE room = r.id AND kind = 1 AND (NOT r.recent OR seq >= s.since) ORDER BY seq DESC LIMIT 1), 0),
	max(coalesce(k.seq, 0), coalesce(s.since, 0)) AS mark,
	CASE WHEN (r.id = 0 OR s.since IS NOT NULL) AND l.level IS NULL THEN
		(SELECT count(*) FROM (SELECT 1 FROM entry WHERE room = r.id AND kind = 1 AND author <> ?1 AND author NOT IN (SELECT other FROM ignored WHERE person = ?1) AND seq > max(coalesce(k.seq, 0), coalesce(s.since, 0)) LIMIT ?2))
	ELSE 0 END,
	CASE WHEN coalesce(l.level, 0) < 2 THEN ` + "(" + countMentions("iif(r.id = 0 OR s.since IS NOT NULL, 0, ?1)", "r.id", "max(coalesce(k.seq, 0), coalesce(s.since, 0))") + `) ELSE 0 END,
	CASE WHEN r.id = 0 THEN (SELECT count(*) FROM (SELECT 1 FROM person WHERE held = 1 LIMIT 21))
	ELSE (SELECT count(*) FROM (SELECT 1 FROM stay WHERE room = r.id AND until IS NULL LIMIT 21)) END
	FROM room r LEFT JOIN stay s ON s.person = ?1 AND s.room = r.id AND s.until IS NULL
	LEFT JOIN level l ON l.person = ?1 AND l.room = r.id LEFT JOIN read_mark k ON k.person = ?1 AND k.room = r.id WHERE `

// offered is what a room's May tells of, in the words of the wire.
var offered = []struct {
	verb Verb
	word string
}{{ToChangeRoom, "change"}, {ToInvite, "invite"}, {ToRemove, "remove"}, {ToArchive, "archive"}, {ToSlow, "slow"}, {ToMentionAll, "call"}}

func (s *Server) roomsWhere(ctx context.Context, tx *sql.Tx, actor Actor, where string, args ...any) ([]Room, error) {
	rows, err := tx.QueryContext(ctx, selectRoom+where, append([]any{int64(actor.ID), maxUnread}, args...)...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	role := s.store.house.Load().role(actor.Person)
	var rooms []Room
	var marks []Seq
	for rows.Next() {
		var r Room
		var head, mark int64
		var people int
		row := &r.row
		if err := rows.Scan(&row.id, &r.Name, &r.Title, &r.Topic, &row.maker, &row.private, &row.direct, &row.recent, &row.archived, &row.slow, &r.Joined, &r.Level, &head, &mark, &r.Unread, &r.Mentions, &people); err != nil {
			return nil, err
		}
		row.few = people <= few
		r.Head, r.Private, r.Direct, r.Recent, r.Archived = Seq(head), row.private, row.direct, row.recent, row.archived
		r.Slow = time.Duration(row.slow) * time.Second
		for _, may := range offered {
			if may.verb.in(*row, actor.ID, role, r.Joined) == nil {
				r.May = append(r.May, may.word)
			}
		}
		rooms, marks = append(rooms, r), append(marks, Seq(mark))
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	for i := range rooms {
		r := &rooms[i]
		read := s.personal.marked(actor.ID, r.row.id)
		if read <= marks[i] {
			continue
		}
		if r.Unread > 0 {
			if r.Unread, err = unreadAfter(ctx, tx, actor.ID, r.row.id, read); err != nil {
				return nil, err
			}
		}
		if r.Mentions > 0 {
			if r.Mentions, err = mentionsAfter(ctx, tx, actor.ID, r, read); err != nil {
				return nil, err
			}
		}
	}
	return rooms, others(ctx, tx, actor.ID, rooms)
}

// tellOfRooms tells everybody that the list of public rooms is another, in passing: those who show it ask for it.
func (s *Server) tellOfRooms(ctx context.Context, entries []Entry, verdicts []Verdict) {
	for i := range entries {
		switch entries[i].Kind {
		case RoomCreated, RoomChanged, RoomArchived:
			if !verdicts[i].stands() {
				continue
			}
			var r roomRow
			if err := r.scan(s.store.db.row(ctx, selectRoomRow, entries[i].Room)); err == nil && !r.private {
				s.hub.send(signal{bytes: s.encoder.RoomsChanged()})
				return
			}
		}
	}
}

// roomRow is what rules need to know of a room.
type roomRow struct {
	id       int64
	maker    ID
	private  bool
	direct   bool
	recent   bool
	archived bool
	few      bool // no more than few are in it; known where somebody asks whether he may call all of them
	slow     int  // seconds
}

// traits is what of a room the table of permissions asks about.
func (r roomRow) traits() (is roomTrait) {
	if r.id == lobbyID {
		is |= isLobby
	}
	if r.direct {
		is |= isDirect
	}
	if r.archived {
		is |= isArchived
	}
	return is
}

const selectRoomRow = "SELECT id, maker, private, direct, recent, archived, slow FROM room r WHERE name = ?1"

func (r *roomRow) scan(row *sql.Row) error {
	return row.Scan(&r.id, &r.maker, &r.private, &r.direct, &r.recent, &r.archived, &r.slow)
}

// room finds a room by its name; sql.ErrNoRows if there is none.
func (t *tx) room(name string) (roomRow, error) {
	if r, known := t.rooms[name]; known {
		return r, nil
	}
	var r roomRow
	if err := r.scan(t.row(selectRoomRow, name)); err != nil {
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
	err = r.scan(s.db.row(ctx, selectRoomRow+" AND (NOT private OR EXISTS (SELECT 1 FROM stay WHERE person = ?2 AND room = r.id AND until IS NULL))", name, int64(person)))
	if errors.Is(err, sql.ErrNoRows) {
		return r, errNotFoundRoom
	}
	return r, err
}
