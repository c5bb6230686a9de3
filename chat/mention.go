package chat

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"slices"
	"strings"
)

// Whom a message means. The rule resolves its names at its place in the log, to identities, so that
// a mention follows whoever takes another name; @room means whoever is in the room. Who is here is not
// in the store: whoever appends a text with @here says whom that is, and the body has it (reply.go).

// Mentions are the people whom a message means.
type Mentions struct {
	People []Mention // by name
	Here   []ID      // by @here
	Room   bool      // everybody who is in the room, by @room
}

// Mention is somebody who is named in a text.
type Mention struct {
	Person        // as he is called now
	Word   string // as he is called in the text, in small letters
}

// Of says who is meant by a name in the text; of @here and @room nobody in particular: an identity of 0.
func (m *Mentions) Of(name string) (Person, bool) {
	word := lower(name)
	switch {
	case word == wordRoom:
		return Person{Name: word}, m.Room
	case word == wordHere:
		return Person{Name: word}, len(m.Here) > 0
	}
	for _, p := range m.People {
		if p.Word == word {
			return p.Person, true
		}
	}
	return Person{}, false
}

// Means says whether somebody, who is in the room, is meant.
func (m *Mentions) Means(who ID) bool {
	return m != nil && (m.Room || slices.Contains(m.Here, who) || slices.ContainsFunc(m.People, func(p Mention) bool { return p.ID == who }))
}

// mentionBytes is how much an event may grow by a mention: its markup, and whom it means.
const mentionBytes = 1 << 10

const (
	wordHere = "here"
	wordRoom = "room"
)

// lower makes small letters of A to Z, as SQLite compares names.
func lower(name string) string {
	return strings.Map(func(r rune) rune {
		if 'A' <= r && r <= 'Z' {
			r += 'a' - 'A'
		}
		return r
	}, name)
}

// says whether a text has this word behind an @.
func says(text, word string) bool {
	return slices.ContainsFunc(Namings(text), func(n Naming) bool {
		return slices.ContainsFunc(n.Names, func(name string) bool { return lower(name) == word })
	})
}

// mention notes whom a message means, which has this text now.
func (t *tx) mention(message Seq, author ID, room roomRow, text string, here []ID) (*Mentions, error) {
	var m Mentions
	known := map[string]bool{}
	for _, naming := range Namings(text) {
		for _, name := range naming.Names {
			word := lower(name)
			done := known[word]
			if !done {
				var err error
				if done, err = t.resolve(&m, author, room, word, here); err != nil {
					return nil, err
				}
				known[word] = done
			}
			if done {
				break
			}
		}
	}
	if len(known) == 0 {
		return nil, nil
	}
	for _, p := range m.People {
		if err := t.noteMention(message, p.ID, p.Word, room); err != nil {
			return nil, err
		}
	}
	for _, id := range m.Here {
		if err := t.noteMention(message, id, wordHere, room); err != nil {
			return nil, err
		}
	}
	if m.Room {
		if err := t.noteMention(message, 0, wordRoom, room); err != nil {
			return nil, err
		}
	}
	if len(m.People) == 0 && len(m.Here) == 0 && !m.Room {
		return nil, nil
	}
	return &m, nil
}

func (t *tx) noteMention(message Seq, person ID, word string, room roomRow) error {
	_, err := t.exec("INSERT INTO mention (message, person, word, room) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING", int64(message), int64(person), word, room.id)
	return err
}

// resolve finds whom a word means, for somebody who says it in this room; false if nobody.
func (t *tx) resolve(m *Mentions, author ID, room roomRow, word string, here []ID) (bool, error) {
	if word == wordHere || word == wordRoom {
		if may, err := t.mayCall(author, room); !may || err != nil {
			return false, err
		}
		if word == wordRoom {
			m.Room = true
			return true, nil
		}
		for _, id := range here {
			if in, err := t.isMember(id, room); err != nil {
				return false, err
			} else if in {
				m.Here = append(m.Here, id)
			}
		}
		return len(m.Here) > 0, nil
	}
	var id int64
	p := Mention{Word: word}
	err := t.row(`SELECT id, name FROM person WHERE name = ?1 COLLATE NOCASE AND banned = 0
		AND (NOT ?2 OR EXISTS (SELECT 1 FROM stay WHERE person = id AND room = ?3 AND until IS NULL)) ORDER BY held DESC, renewed DESC, id LIMIT 1`,
		word, room.private, room.id).Scan(&id, &p.Name)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err == nil {
		p.ID = ID(id)
		m.People = append(m.People, p)
	}
	return err == nil, err
}

// mayCall says whether somebody may call everybody in a room.
func (t *tx) mayCall(who ID, room roomRow) (bool, error) {
	role, err := t.role(who)
	if err != nil {
		return false, err
	}
	member, err := t.isMember(who, room)
	if err != nil {
		return false, err
	}
	var people int
	if room.id == lobbyID {
		err = t.row("SELECT count(*) FROM (SELECT 1 FROM person WHERE held = 1 LIMIT ?)", few+1).Scan(&people)
	} else {
		err = t.row("SELECT count(*) FROM (SELECT 1 FROM stay WHERE room = ? AND until IS NULL LIMIT ?)", room.id, few+1).Scan(&people)
	}
	room.few = people <= few
	return ToMentionAll.in(room, who, role, member) == nil, err
}

// unmention forgets whom the text of a message meant, and if answered whom it answers; it returns whom. 0 is everybody in the room.
func (t *tx) unmention(message Seq, answered bool) (meant []ID, err error) {
	err = t.each("SELECT DISTINCT person FROM mention WHERE message = ? AND (? OR word <> '') ORDER BY person", func(scan func(...any) error) error {
		var id int64
		err := scan(&id)
		meant = append(meant, ID(id))
		return err
	}, int64(message), answered)
	if err == nil && len(meant) > 0 {
		_, err = t.exec("DELETE FROM mention WHERE message = ? AND (? OR word <> '')", int64(message), answered)
	}
	return meant, err
}

// hereIn is whom @here means, in a text that somebody says in a room: those who are in it and
// here. Where more are here than presence names it means nobody.
func (s *Server) hereIn(ctx context.Context, actor Actor, room, text string) ([]ID, error) {
	if !says(text, wordHere) {
		return nil, nil
	}
	row, err := s.store.roomFor(ctx, actor.ID, room)
	if err != nil {
		return nil, nil // the rule says why not
	}
	ids := slices.DeleteFunc(s.presence.ids(), func(id ID) bool { return id == actor.ID })
	if row.id != lobbyID {
		if ids, err = s.store.membersOf(ctx, row, ids); err != nil {
			return nil, err
		}
	}
	if len(ids) > maxNamed {
		return nil, nil
	}
	slices.Sort(ids)
	return ids, nil
}

// membersOf is who of these is in a room.
func (s *Store) membersOf(ctx context.Context, room roomRow, ids []ID) (in []ID, err error) {
	list, err := json.Marshal(ids)
	if err != nil {
		return nil, err
	}
	rows, err := s.db.rows(ctx, "SELECT person FROM stay WHERE room = ? AND until IS NULL AND person IN (SELECT value FROM json_each(?))", room.id, string(list))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		in = append(in, ID(id))
	}
	return in, rows.Err()
}

// readMentions reads whom these messages mean.
func readMentions(ctx context.Context, q queryer, messages []Seq) (map[Seq]*Mentions, error) {
	if len(messages) == 0 {
		return nil, nil
	}
	rows, err := q.QueryContext(ctx, `SELECT m.message, m.person, m.word, coalesce(p.name, '') FROM mention m LEFT JOIN person p ON p.id = m.person
		WHERE m.message IN (SELECT value FROM json_each(?)) AND m.word <> '' ORDER BY m.message, m.person, m.word`, jsonSeqs(messages))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	found := map[Seq]*Mentions{}
	for rows.Next() {
		var message, id int64
		var p Mention
		if err := rows.Scan(&message, &id, &p.Word, &p.Name); err != nil {
			return nil, err
		}
		p.ID = ID(id)
		m := found[Seq(message)]
		if m == nil {
			m = &Mentions{}
			found[Seq(message)] = m
		}
		switch {
		case p.ID == 0:
			m.Room = true
		case p.Word == wordHere:
			m.Here = append(m.Here, p.ID)
		default:
			m.People = append(m.People, p)
		}
	}
	return found, rows.Err()
}
