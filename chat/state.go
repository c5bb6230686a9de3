package chat

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"
	"time"
)

// complete says of entries that were read how what they are about stands now. Entries to
// which nothing happened cost nothing.
func complete(ctx context.Context, q queryer, entries []Entry) error {
	var messages, reacted, naming, answers []Seq
	abouts := make(map[int]about)
	for i := range entries {
		e := &entries[i]
		switch {
		case e.Kind == MessagePosted:
			reply, _ := splitBody(e.Body)
			if reply != 0 {
				messages = append(messages, reply)
			}
			if reply != 0 || e.State != nil && e.State.Deleted {
				answers = append(answers, e.Seq)
			}
			if e.State != nil && len(e.State.Reactions) > 0 {
				reacted = append(reacted, e.Seq)
			}
			if bytes.IndexByte(e.Body, '@') >= 0 {
				naming = append(naming, e.Seq)
			}
		case rules[e.Kind].about:
			var a about
			if err := json.Unmarshal(e.Body, &a); err != nil {
				return err
			}
			abouts[i] = a
			e.State = &State{Message: a.Message}
			if e.Kind == ReactionAdded || e.Kind == ReactionRemoved {
				reacted = append(reacted, a.Message)
			}
			if e.Kind == MessageEdited {
				naming = append(naming, a.Message)
			}
			if e.Kind == MessageDeleted {
				answers = append(answers, a.Message)
			}
			messages = append(messages, a.Message)
		}
	}
	if len(messages)+len(reacted)+len(naming)+len(answers) == 0 {
		return nil
	}
	texts, err := readMessages(ctx, q, messages)
	if err != nil {
		return err
	}
	reactions, err := readReactions(ctx, q, reacted)
	if err != nil {
		return err
	}
	mentions, err := readMentions(ctx, q, naming)
	if err != nil {
		return err
	}
	threads, err := readThreads(ctx, q, answers)
	if err != nil {
		return err
	}
	for i := range entries {
		e := &entries[i]
		if e.Kind == MessagePosted {
			if m := mentions[e.Seq]; m != nil {
				if e.State == nil {
					e.State = &State{Message: e.Seq, Rev: 1}
				}
				e.State.Mentions = m
			}
			if reply, _ := splitBody(e.Body); reply != 0 {
				if e.State == nil {
					e.State = &State{Message: e.Seq, Rev: 1}
				}
				e.State.Reply = texts[reply].quote()
			}
			if e.State != nil && len(e.State.Reactions) > 0 {
				e.State.Reactions = reactions[e.Seq]
			}
			if thread := threads[e.Seq]; thread != nil {
				e.State.Thread = thread
			}
			continue
		}
		a, ok := abouts[i]
		if !ok {
			continue
		}
		m := texts[a.Message]
		e.State.Rev, e.State.Deleted = m.rev, m.deleted
		switch e.Kind {
		case MessageDeleted:
			e.State.Thread = threads[a.Message]
		case MessageEdited:
			e.State.Text, e.State.Mentions = m.text, mentions[a.Message]
			if m.edited != 0 {
				e.State.Edited = time.UnixMilli(m.edited).UTC()
			}
		case ReactionAdded, ReactionRemoved:
			e.State.Reactions = []Reaction{reactionOf(reactions[a.Message], a.Emoji)}
		}
	}
	return nil
}

// readMessages reads messages that others refer to.
func readMessages(ctx context.Context, q queryer, messages []Seq) (map[Seq]messageRow, error) {
	found := map[Seq]messageRow{}
	if len(messages) == 0 {
		return found, nil
	}
	rows, err := q.QueryContext(ctx, `SELECT e.seq, e.author, coalesce(p.name, ''), e.body, coalesce(s.rev, 1), coalesce(s.edited, 0), coalesce(s.deleted, 0)
		FROM entry e LEFT JOIN person p ON p.id = e.author LEFT JOIN standing s ON s.message = e.seq WHERE e.seq IN (SELECT value FROM json_each(?))`, jsonSeqs(messages))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var m messageRow
		var seq, author int64
		var body []byte
		if err := rows.Scan(&seq, &author, &m.by.Name, &body, &m.rev, &m.edited, &m.deleted); err != nil {
			return nil, err
		}
		m.seq, m.by.ID = Seq(seq), ID(author)
		_, m.text = splitBody(body)
		found[m.seq] = m
	}
	return found, rows.Err()
}

// jsonSeqs is a list of places, each once, for SQLite's json_each.
func jsonSeqs(list []Seq) string {
	list = slices.Compact(slices.Sorted(slices.Values(list)))
	if list == nil {
		return "[]"
	}
	data, err := json.Marshal(list)
	if err != nil {
		panic(err) // numbers
	}
	return string(data)
}

// veil takes from entries of rooms that their reader has left what became of them afterwards.
func (s *Store) veil(ctx context.Context, person ID, entries []Entry) error {
	var rooms map[string]bool
	for i := range entries {
		e := &entries[i]
		if e.State == nil || e.Room == Lobby {
			continue
		}
		if rooms == nil {
			var err error
			if rooms, err = s.roomsAt(ctx, person, s.Head(), nil); err != nil {
				return err
			}
		}
		if rooms[e.Room] {
			continue
		}
		before := *e.State
		e.State = &State{Message: before.Message, Rev: before.Rev, Deleted: before.Deleted || before.Rev > 1}
		if !e.State.Deleted {
			e.State.Mentions = before.Mentions
		}
		if before.Reply != nil {
			e.State.Reply = &Quote{Message: before.Reply.Message, Deleted: true}
		}
		if e.Kind == ReactionAdded || e.Kind == ReactionRemoved {
			e.State.Reactions = []Reaction{{Emoji: before.Reactions[0].Emoji}}
		}
	}
	return nil
}
