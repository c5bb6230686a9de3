package chat

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"errors"
	"time"
)

// about is the body, as JSON, of an event that is about a message.
type about struct {
	Message Seq    `json:"message"`
	Rev     int    `json:"rev,omitempty"`   // of an edit, in the store
	Text    string `json:"text,omitempty"`  // of an edit, on its way to the store
	Here    []ID   `json:"here,omitempty"`  // of an edit, on its way to the store: to whom its @here is said
	Emoji   string `json:"emoji,omitempty"` // of a reaction
}

// State is what became of a message since it was posted.
type State struct {
	Message   Seq
	Rev       int       // 1 as it was posted, one more with each edit
	Edited    time.Time // when it was edited last; zero: never
	Deleted   bool
	Pinned    bool
	Text      string  // of an edit: the text that stands now
	Reply     *Quote  // what it answers
	Thread    *Thread // of an answer, of what has answers, and of an answer that was deleted just now
	Reactions []Reaction
	Mentions  *Mentions // whom the text means; nil: nobody

	meant []ID // of an edit or deletion that is applied: whom the text before it meant; 0 is everybody in the room
}

var errNotFoundMessage = Refuse(NotFound, "There is no such message in this room.")

// target is the message that an event is about, as its rule finds it.
type target struct {
	about
	room   roomRow
	author ID
	at     int64
	body   []byte

	known   bool // standing has a row
	rev     int
	deleted bool
	pinned  bool
}

// target finds the message that e is about, for somebody who may do this in its room.
func (t *tx) target(verb Verb, e *Entry) (m target, err error) {
	if err := json.Unmarshal(e.Body, &m.about); err != nil {
		return m, Refuse(BadRequest, "The event is malformed.")
	}
	if m.room, _, err = t.demand(verb, e); err != nil {
		return m, err
	}
	var rev, deleted, pinned sql.NullInt64
	var author int64
	err = t.row(`SELECT e.author, e.at, e.body, s.rev, s.deleted, s.pinned FROM entry e LEFT JOIN standing s ON s.message = e.seq
		WHERE e.seq = ? AND e.room = ? AND e.kind = 1`, int64(m.Message), m.room.id).Scan(&author, &m.at, &m.body, &rev, &deleted, &pinned)
	if errors.Is(err, sql.ErrNoRows) {
		return m, errNotFoundMessage
	}
	m.author, m.known, m.rev, m.deleted, m.pinned = ID(author), rev.Valid, max(1, int(rev.Int64)), deleted.Int64 == 1, pinned.Int64 > 0
	return m, err
}

// stand makes sure that standing has a row for the message.
func (t *tx) stand(m target) error {
	if m.known {
		return nil
	}
	_, err := t.exec("INSERT INTO standing (message, room, rev, edited, deleted, reactions, pinned, answers, answered) VALUES (?, ?, 1, 0, 0, 0, 0, 0, 0)", int64(m.Message), m.room.id)
	return err
}

// sameText says whether a command that comes again under a taken identity has the text that
// the first one brought, where the store has put another in its place, or none; else it is equal.
func (t *tx) sameText(seq Seq, e *Entry, equal bool) (bool, error) {
	text := asSaid(e.Body)
	if rule := rules[e.Kind]; rule.keeps != nil {
		text = editText(e.Body)
	} else if e.Kind != MessagePosted {
		return equal, nil
	}
	var sum []byte
	err := t.row("SELECT sum FROM revision WHERE entry = ?", int64(seq)).Scan(&sum)
	if errors.Is(err, sql.ErrNoRows) {
		return equal, nil
	}
	// Of what was deleted nothing is kept to compare with: any repeat is one.
	return err == nil && (len(sum) == 0 || string(sum) == string(sumOf(text))), err
}

func sumOf(text []byte) []byte {
	sum := sha256.Sum256(text)
	return sum[:]
}

// appendAbout puts an event about a message into the log. What is so already is answered as a repeat.
func (s *Server) appendAbout(ctx context.Context, actor Actor, kind Kind, room, cid string, a about, done func(Receipt, error)) error {
	if cid != "" && !ValidCID(cid) {
		return errCID
	}
	if cid == "" {
		cid = serverCID()
	}
	if err := s.limit(s.messages, actor.ID); err != nil {
		return err
	}
	body, err := json.Marshal(a)
	if err != nil {
		return err
	}
	return s.log.Append(ctx, Event{Kind: kind, Room: room, Author: actor.ID, CID: cid, Body: body}, func(r Receipt, err error) {
		if errors.Is(err, errNothingToDo) {
			r, err = Receipt{Dup: true}, nil
		}
		done(r, err)
	})
}

// Target names a message, and the command about it.
type Target struct {
	Room    string
	Message Seq
	CID     string // as of a Post
}
