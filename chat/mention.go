package chat

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
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

// countMentions counts, for selectRoom, what mentions the person ?1 behind his mark, up to ?2: messages of others
// that name or answer him, and where he is in the room those that call everybody.
const countMentions = `SELECT count(*) FROM (SELECT DISTINCT m.message FROM mention m JOIN entry e ON e.seq = m.message
	WHERE m.person IN (?1, iif(r.id = 0 OR s.since IS NOT NULL, 0, ?1)) AND m.room = r.id AND m.message > max(coalesce(k.seq, 0), coalesce(s.since, 0)) AND e.author <> ?1 AND e.author NOT IN (SELECT other FROM ignored WHERE person = ?1) LIMIT ?2)`

func mentionsAfter(ctx context.Context, tx *sql.Tx, person ID, room *Room, read Seq) (n int, err error) {
	everybody := person
	if room.Joined {
		everybody = 0
	}
	err = tx.QueryRowContext(ctx, `SELECT count(*) FROM (SELECT DISTINCT m.message FROM mention m JOIN entry e ON e.seq = m.message
		WHERE m.person IN (?1, ?2) AND m.room = ?3 AND m.message > ?4 AND e.author <> ?1 AND e.author NOT IN (SELECT other FROM ignored WHERE person = ?1) LIMIT ?5)`,
		int64(person), int64(everybody), room.row.id, int64(read), maxUnread).Scan(&n)
	return n, err
}

// Mentioned is a message that means somebody, in the list of all of them.
type Mentioned struct {
	Entry
	Title  string // of its room
	Answer bool   // it does not name him, but answers what he said
	Unread bool
}

// MentionPage is a part of somebody's mentions, the newest first. Cursor is the place of which it is true.
type MentionPage struct {
	Mentions []Mentioned
	HasOlder bool
	Cursor   Seq
}

// Mentions lists what others said that names the actor, calls everybody where he was, or answers him, in the
// rooms that he may see; before one of them, or the newest.
func (s *Server) Mentions(ctx context.Context, actor Actor, before Seq, limit int) (page MentionPage, err error) {
	tx, err := s.store.db.read.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return page, err
	}
	defer tx.Rollback()
	if err := tx.QueryRowContext(ctx, selectHead).Scan(&page.Cursor); err != nil {
		return page, err
	}
	if before == 0 {
		before = page.Cursor + 1
	}
	const wasThere = "EXISTS (SELECT 1 FROM stay x WHERE x.person = ?1 AND x.room = r.id AND x.since <= m.message AND (x.until IS NULL OR x.until >= m.message))"
	rows, err := tx.QueryContext(ctx, `SELECT m.message, max(m.word) = '', m.room, r.name, m.message > max(coalesce(k.seq, 0), coalesce(s.since, 0))
		FROM mention m JOIN room r ON r.id = m.room JOIN entry e ON e.seq = m.message
		LEFT JOIN stay s ON s.person = ?1 AND s.room = m.room AND s.until IS NULL LEFT JOIN read_mark k ON k.person = ?1 AND k.room = m.room
		WHERE m.person IN (?1, 0) AND m.message < ?2 AND e.author <> ?1 AND (NOT r.private OR s.since IS NOT NULL)
		AND (m.person <> 0 OR r.id = 0 OR `+wasThere+`) AND (NOT r.recent OR `+wasThere+`)
		GROUP BY m.message ORDER BY m.message DESC LIMIT ?3`, int64(actor.ID), int64(before), limit+1)
	if err != nil {
		return page, err
	}
	defer rows.Close()
	var places []Seq
	about := map[Seq]Mentioned{}
	for rows.Next() {
		var m Mentioned
		var seq, room int64
		if err := rows.Scan(&seq, &m.Answer, &room, &m.Room, &m.Unread); err != nil {
			return page, err
		}
		m.Unread = m.Unread && Seq(seq) > s.personal.marked(actor.ID, room)
		about[Seq(seq)] = m
		places = append(places, Seq(seq))
	}
	if err := rows.Err(); err != nil {
		return page, err
	}
	page.HasOlder = len(places) > limit
	places = places[:min(limit, len(places))]
	// By the same reader: lists that each need a second one would wait for each other.
	found, err := tx.QueryContext(ctx, selectEntry+"WHERE e.seq IN (SELECT value FROM json_each(?)) ORDER BY e.seq DESC", jsonSeqs(places))
	if err != nil {
		return page, err
	}
	entries, _, err := scanEntries(found, math.MaxInt)
	if err != nil {
		return page, err
	}
	if err := complete(ctx, tx, entries); err != nil {
		return page, err
	}
	titles, err := s.titles(ctx, tx, actor, about)
	for i := range entries {
		m := about[entries[i].Seq]
		m.Title, m.Entry = titles[m.Room], entries[i]
		page.Mentions = append(page.Mentions, m)
	}
	return page, err
}

// titles are what the rooms of these are called.
func (s *Server) titles(ctx context.Context, tx *sql.Tx, actor Actor, list map[Seq]Mentioned) (map[string]string, error) {
	titles := map[string]string{}
	for _, m := range list {
		titles[m.Room] = ""
	}
	names, err := json.Marshal(slices.Sorted(maps.Keys(titles)))
	if err != nil || len(titles) == 0 {
		return titles, err
	}
	rooms, err := s.roomsWhere(ctx, tx, actor, "r.name IN (SELECT value FROM json_each(?3))", string(names))
	for _, r := range rooms {
		titles[r.Name] = r.Title
	}
	return titles, err
}

// tellMentioned tells those who are here and whom this entry means, or meant before, how much mentions them now,
// where their streams do not tell it: of a message in a public room where they are not, and of what became of one.
func (s *Server) tellMentioned(ctx context.Context, e *Entry) error {
	if e.State == nil {
		return nil
	}
	whom := slices.Clone(e.State.meant)
	if m := e.State.Mentions; m != nil {
		for _, p := range m.People {
			whom = append(whom, p.ID)
		}
		whom = append(whom, m.Here...)
		if m.Room && e.Kind != MessagePosted {
			whom = append(whom, 0)
		}
	}
	slices.Sort(whom)
	for _, id := range slices.Compact(whom) {
		if id == 0 {
			s.hub.send(signal{bytes: s.encoder.RoomsChanged(), room: e.Room})
			continue
		}
		if id == e.Author || !s.presence.here(id) {
			continue
		}
		who := Actor{Person: Person{ID: id}}
		r, err := s.Room(ctx, who, e.Room)
		if errors.Is(err, errNotFoundRoom) {
			continue
		}
		if err != nil {
			return fmt.Errorf("telling who is mentioned: %w", err)
		}
		if !r.Joined || e.Kind != MessagePosted {
			s.tellReading(who, r)
		}
	}
	return nil
}
