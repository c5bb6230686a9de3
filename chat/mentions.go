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
)

// What mentions somebody: how much of it is new, the list of it, and telling those who are here.

// countMentions is a query that counts, up to ?2, what mentions the person ?1 in a room behind a mark: messages of others
// whom he does not ignore that name or answer him, and where he is in the room, so that everybody is 0, those that call all of it.
func countMentions(everybody, room, mark string) string {
	return `SELECT count(*) FROM (SELECT DISTINCT m.message FROM mention m JOIN entry e ON e.seq = m.message
	WHERE m.person IN (?1, ` + everybody + `) AND m.room = ` + room + ` AND m.message > ` + mark + `
	AND e.author <> ?1 AND e.author NOT IN (SELECT other FROM ignored WHERE person = ?1) LIMIT ?2)`
}

var countMentionsAfter = countMentions("?3", "?4", "?5")

func mentionsAfter(ctx context.Context, tx *sql.Tx, person ID, room *Room, read Seq) (n int, err error) {
	everybody := person
	if room.Joined {
		everybody = 0
	}
	err = tx.QueryRowContext(ctx, countMentionsAfter, int64(person), maxUnread, int64(everybody), room.row.id, int64(read)).Scan(&n)
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
