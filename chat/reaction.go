package chat

import (
	"context"
	"database/sql"
	"errors"
)

// ReactionAdded and ReactionRemoved: somebody reacted to a message with an emoji, or took that back. Body is an about.
const (
	ReactionAdded   Kind = "reaction.added"
	ReactionRemoved Kind = "reaction.removed"
)

const (
	maxEmoji    = 20 // different ones on one message
	maxReactors = 20 // named for each; the others are counted
)

// Reaction is one emoji on a message.
type Reaction struct {
	Emoji string
	Count int      // 0: there is none any more
	By    []Person // the first of them
}

// ReactAsync reacts to a message with an emoji, or takes that back. done is as of PostAsync.
func (s *Server) ReactAsync(ctx context.Context, actor Actor, m Target, emoji string, on bool, done func(Receipt, error)) error {
	if !isEmoji(emoji) {
		return Refuse(BadRequest, "A reaction is one emoji.")
	}
	kind := ReactionAdded
	if !on {
		kind = ReactionRemoved
	}
	return s.appendAbout(ctx, actor, kind, m.Room, m.CID, about{Message: m.Message, Emoji: emoji}, done)
}

func applyReactionAdded(t *tx, e *Entry) error {
	m, err := t.target(ToReact, e)
	switch {
	case err != nil:
		return err
	case m.deleted:
		return Refuse(NotFound, "This message was deleted.")
	}
	var place sql.NullInt64
	var mine sql.NullBool
	var kinds int
	if err := t.row(`SELECT count(DISTINCT emoji), max(place) FILTER (WHERE emoji = ?2), max(person = ?3) FILTER (WHERE emoji = ?2) FROM reaction WHERE message = ?1`,
		int64(m.Message), m.Emoji, int64(e.Author)).Scan(&kinds, &place, &mine); err != nil {
		return err
	}
	switch {
	case mine.Bool:
		return errNothingToDo
	case !place.Valid && kinds >= maxEmoji:
		return Refuse(Forbidden, "A message can have %d different reactions. Use one that is there.", maxEmoji)
	case !place.Valid:
		place.Int64 = int64(e.Seq)
	}
	if err := t.stand(m); err != nil {
		return err
	}
	if _, err := t.exec("INSERT INTO reaction (message, emoji, person, seq, place) VALUES (?, ?, ?, ?, ?)", int64(m.Message), m.Emoji, int64(e.Author), int64(e.Seq), place.Int64); err != nil {
		return err
	}
	if _, err := t.exec("UPDATE standing SET reactions = reactions + 1 WHERE message = ?", int64(m.Message)); err != nil {
		return err
	}
	return t.react(e, m)
}

func applyReactionRemoved(t *tx, e *Entry) error {
	m, err := t.target(ToReact, e)
	if err != nil {
		return err
	}
	gone, err := t.exec("DELETE FROM reaction WHERE message = ? AND emoji = ? AND person = ?", int64(m.Message), m.Emoji, int64(e.Author))
	switch {
	case err != nil:
		return err
	case !gone:
		return errNothingToDo
	}
	if _, err := t.exec("UPDATE standing SET reactions = reactions - 1 WHERE message = ?", int64(m.Message)); err != nil {
		return err
	}
	return t.react(e, m)
}

// react notes in the event how many and who there are now.
func (t *tx) react(e *Entry, m target) error {
	// The author himself may be new to this store's memory: his name is read with the others'.
	found, err := readReactions(t.ctx, t.conn, []Seq{m.Message})
	if err != nil {
		return err
	}
	e.State = &State{Message: m.Message, Rev: m.rev, Reactions: []Reaction{reactionOf(found[m.Message], m.Emoji)}}
	return nil
}

// reactionOf finds an emoji; what is not there has a count of 0.
func reactionOf(all []Reaction, emoji string) Reaction {
	for _, r := range all {
		if r.Emoji == emoji {
			return r
		}
	}
	return Reaction{Emoji: emoji}
}

// readReactions reads what there is on these messages: emoji in the order in which they came, people too.
func readReactions(ctx context.Context, q queryer, messages []Seq) (map[Seq][]Reaction, error) {
	rows, err := q.QueryContext(ctx, `SELECT r.message, r.emoji, r.n, r.person, coalesce(p.name, '') FROM (
			SELECT message, emoji, person, seq, place, count(*) OVER (PARTITION BY message, emoji) AS n, row_number() OVER (PARTITION BY message, emoji ORDER BY seq) AS i
			FROM reaction WHERE message IN (SELECT value FROM json_each(?1))) r
		LEFT JOIN person p ON p.id = r.person WHERE r.i <= ?2 ORDER BY r.message, r.place, r.seq`, jsonSeqs(messages), maxReactors)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	found := map[Seq][]Reaction{}
	for rows.Next() {
		var message, person int64
		var r Reaction
		var name string
		if err := rows.Scan(&message, &r.Emoji, &r.Count, &person, &name); err != nil {
			return nil, err
		}
		list := found[Seq(message)]
		if n := len(list); n == 0 || list[n-1].Emoji != r.Emoji {
			list = append(list, r)
		}
		last := &list[len(list)-1]
		last.By = append(last.By, Person{ID: ID(person), Name: name})
		found[Seq(message)] = list
	}
	return found, errors.Join(rows.Err())
}
