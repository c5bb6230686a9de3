package chat

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// Thread is how a message and its answers stand now. Who answers an answer answers what that one
// answers, too: there is one level, and each answer knows the message that began its thread.
type Thread struct {
	Root    Seq
	Answers int       // those that were not deleted
	Last    time.Time // when the newest of them was posted; zero: there is none
}

// ThreadPage is the message that began a thread, and a part of the answers.
type ThreadPage struct {
	Root Entry
	Page
}

// Thread reads the thread of a message of a room that the actor may see: of one that began it or of any
// answer. Of a message that nobody answered it is the message alone. q is as of Page, and asks for answers.
func (s *Server) Thread(ctx context.Context, actor Actor, room string, message Seq, q PageQuery) (ThreadPage, error) {
	row, err := s.store.roomFor(ctx, actor.ID, room)
	if err != nil {
		return ThreadPage{}, err
	}
	return s.store.thread(ctx, actor.ID, row, message, q)
}

func (s *Store) thread(ctx context.Context, person ID, room roomRow, message Seq, q PageQuery) (page ThreadPage, err error) {
	tx, err := s.db.read.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return ThreadPage{}, err
	}
	defer tx.Rollback()
	rows, err := tx.QueryContext(ctx, selectEntry+"WHERE e.seq = coalesce((SELECT root FROM answer WHERE message = ?1), ?1) AND e.room = ?2 AND e.kind = 1"+room.seenBy(person), int64(message), room.id)
	if err != nil {
		return ThreadPage{}, err
	}
	root, _, err := scanEntries(rows, 1)
	switch {
	case err != nil:
		return ThreadPage{}, err
	case len(root) == 0:
		return ThreadPage{}, errNotFoundMessage
	}
	if err := complete(ctx, tx, root); err != nil {
		return ThreadPage{}, err
	}
	page.Root = root[0]
	page.Page, err = pageReader{ctx, tx, person, room, page.Root.Seq}.page(q)
	page.Epoch = s.epoch
	return page, err
}

// answer counts e as an answer in the thread of the message that it answers, and notes in it how that stands.
func (t *tx) answer(e *Entry, reply Seq, room roomRow) error {
	root, _, err := t.threadOf(reply)
	if err != nil {
		return err
	}
	if _, err := t.exec("INSERT INTO answer (message, root) VALUES (?, ?)", int64(e.Seq), int64(root)); err != nil {
		return err
	}
	if _, err := t.exec(`INSERT INTO standing (message, room, rev, edited, deleted, reactions, pinned, answers, answered) VALUES (?1, ?2, 1, 0, 0, 0, 0, 1, ?3)
		ON CONFLICT DO UPDATE SET answers = answers + 1, answered = ?3`, int64(root), room.id, e.At.UnixMilli()); err != nil {
		return err
	}
	found, err := readThreads(t.ctx, t.conn, []Seq{e.Seq})
	e.State.Thread = found[e.Seq]
	return err
}

// unanswer takes a message that was deleted out of the count of its thread, and says how that stands; nil of one that answers nothing.
func (t *tx) unanswer(message Seq) (*Thread, error) {
	root, answers, err := t.threadOf(message)
	if err != nil || !answers {
		return nil, err
	}
	if _, err := t.exec(`UPDATE standing SET answers = answers - 1, answered = coalesce((SELECT e.at FROM answer a JOIN entry e ON e.seq = a.message
		LEFT JOIN standing s ON s.message = a.message WHERE a.root = ?1 AND coalesce(s.deleted, 0) = 0 ORDER BY a.message DESC LIMIT 1), 0) WHERE message = ?1`, int64(root)); err != nil {
		return nil, err
	}
	found, err := readThreads(t.ctx, t.conn, []Seq{message})
	return found[message], err
}

// threadOf finds which message began the thread of this one, and whether that is another.
func (t *tx) threadOf(message Seq) (root Seq, answers bool, err error) {
	var seq int64
	err = t.row("SELECT root FROM answer WHERE message = ?", int64(message)).Scan(&seq)
	if errors.Is(err, sql.ErrNoRows) {
		return message, false, nil
	}
	return Seq(seq), true, err
}

// readThreads reads how the threads stand in which these messages are answers.
func readThreads(ctx context.Context, q queryer, messages []Seq) (map[Seq]*Thread, error) {
	found := map[Seq]*Thread{}
	if len(messages) == 0 {
		return found, nil
	}
	rows, err := q.QueryContext(ctx, `SELECT a.message, a.root, s.answers, s.answered FROM answer a JOIN standing s ON s.message = a.root
		WHERE a.message IN (SELECT value FROM json_each(?))`, jsonSeqs(messages))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var message, root, answered int64
		var answers int
		if err := rows.Scan(&message, &root, &answers, &answered); err != nil {
			return nil, err
		}
		found[Seq(message)] = newThread(Seq(root), answers, answered)
	}
	return found, rows.Err()
}

func newThread(root Seq, answers int, answered int64) *Thread {
	thread := &Thread{Root: root, Answers: answers}
	if answered > 0 {
		thread.Last = time.UnixMilli(answered).UTC()
	}
	return thread
}
