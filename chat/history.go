package chat

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"time"
)

// PageQuery asks for a part of a room's messages: the newest, those before or
// after one, or those around one.
type PageQuery struct {
	Before, After, Around Seq  // at most one of them is not 0
	Oldest                bool // as After the very beginning
	Limit                 int
}

// Page is a part of a room's messages, oldest first, as they stand now. Cursor
// opens a stream right behind it: nothing that is newer than the page's end and
// not in the page is skipped. Head opens one that tells what comes from now on; of a
// page that ends with the newest message they are the same.
type Page struct {
	Messages           []Entry
	HasOlder, HasNewer bool
	Cursor, Head       Seq
	Epoch              string
}

// Page reads messages of a room that the actor may see. Before and After are
// places that were ever given out, as an id or a cursor, so that a reader who
// was told to page a hole can; Around is a message of the room. Others are a BadRequest.
func (s *Server) Page(ctx context.Context, actor Actor, room string, q PageQuery) (Page, error) {
	row, err := s.store.roomFor(ctx, actor.ID, room)
	if err != nil {
		return Page{}, err
	}
	return s.store.page(ctx, actor.ID, row, q)
}

func (s *Store) page(ctx context.Context, person ID, room roomRow, q PageQuery) (page Page, err error) {
	tx, err := s.db.read.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return Page{}, err
	}
	defer tx.Rollback()
	page, err = pageReader{ctx, tx, person, room, 0}.page(q)
	page.Epoch = s.epoch
	return page, err
}

type pageReader struct {
	ctx    context.Context
	tx     *sql.Tx
	person ID
	room   roomRow
	thread Seq // not 0: only the answers in the thread that this message began
}

func (r pageReader) page(q PageQuery) (page Page, err error) {
	// The head is read in the same snapshot as the messages, so that a stream
	// from here repeats nothing and skips nothing.
	var head int64
	if err := r.tx.QueryRowContext(r.ctx, selectHead).Scan(&head); err != nil {
		return Page{}, err
	}
	if known, err := r.knows(q); err != nil {
		return Page{}, err
	} else if !known {
		return Page{}, Refuse(BadRequest, "There is no message with this id in the room.")
	}
	switch {
	case q.After != 0, q.Oldest:
		page.HasOlder = !q.Oldest
		page.Messages, page.HasNewer, err = r.newer(q.After, q.Limit)
	case q.Around != 0:
		var newer []Entry
		page.Messages, page.HasOlder, err = r.older(q.Around+1, (q.Limit+1)/2)
		if err == nil {
			newer, page.HasNewer, err = r.newer(q.Around, q.Limit/2)
			page.Messages = append(page.Messages, newer...)
		}
	default:
		before := q.Before
		if before == 0 {
			before = Seq(head) + 1
		}
		page.HasNewer = q.Before != 0
		page.Messages, page.HasOlder, err = r.older(before, q.Limit)
	}
	page.Cursor, page.Head = Seq(head), Seq(head)
	switch n := len(page.Messages); {
	case err != nil || !page.HasNewer:
	case n > 0:
		page.Cursor = page.Messages[n-1].Seq
	default: // nothing is older than Before: right behind that nothing is the place before it
		err = r.tx.QueryRowContext(r.ctx, "SELECT coalesce(max(seq), 0) FROM entry WHERE seq < ?", int64(q.Before)).Scan(&page.Cursor)
	}
	return page, err
}

// seenBy is the condition that somebody reads message e of the room: of some rooms what was said while he was there.
func (r roomRow) seenBy(person ID) string {
	if !r.recent {
		return ""
	}
	return fmt.Sprintf(` AND e.seq >= (SELECT min(since) FROM stay WHERE person = %[1]d AND room = %[2]d)
		AND EXISTS (SELECT 1 FROM stay s WHERE s.person = %[1]d AND s.room = %[2]d AND s.since <= e.seq AND (s.until IS NULL OR s.until >= e.seq))`, person, r.id)
}

// knows says whether the places in the query exist.
func (r pageReader) knows(q PageQuery) (bool, error) {
	place := max(q.Before, q.After, q.Around)
	if place == 0 {
		return true, nil
	}
	var one int
	err := r.tx.QueryRowContext(r.ctx, "SELECT 1 FROM entry e WHERE seq = ?1 AND (?2 OR room = ?3 AND kind = 1"+r.room.seenBy(r.person)+")", int64(place), q.Around == 0, r.room.id).Scan(&one)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

func (r pageReader) older(before Seq, limit int) ([]Entry, bool, error) {
	messages, more, err := r.list("seq < ? ORDER BY e.seq DESC", before, limit)
	for i, j := 0, len(messages)-1; i < j; i, j = i+1, j-1 {
		messages[i], messages[j] = messages[j], messages[i]
	}
	return messages, more, err
}

func (r pageReader) newer(after Seq, limit int) ([]Entry, bool, error) {
	return r.list("seq > ? ORDER BY e.seq", after, limit)
}

// list reads one more than asked for, to say whether there are more.
func (r pageReader) list(where string, seq Seq, limit int) (messages []Entry, more bool, err error) {
	among, id := "e.room = ? AND e.kind = 1", r.room.id
	if r.thread != 0 {
		among, id = "e.seq IN (SELECT message FROM answer WHERE root = ?)", int64(r.thread)
	}
	rows, err := r.tx.QueryContext(r.ctx, selectEntry+"WHERE "+among+r.room.seenBy(r.person)+" AND e."+where+" LIMIT ?", id, int64(seq), limit+1)
	if err != nil {
		return nil, false, err
	}
	if messages, _, err = scanEntries(rows, math.MaxInt); err != nil {
		return nil, false, err
	}
	more = len(messages) > limit
	messages = messages[:min(limit, len(messages))]
	return messages, more, complete(r.ctx, r.tx, messages)
}

// selectEntry and scanEntries read entries as they stand now.
const selectEntry = "SELECT e.seq, e.kind, coalesce(r.name, ''), e.author, coalesce(p.name, ''), e.at, e.cid, e.body, s.rev, s.edited, s.deleted, s.reactions, s.pinned, s.answers, s.answered " +
	"FROM entry e LEFT JOIN room r ON r.id = e.room LEFT JOIN person p ON p.id = e.author LEFT JOIN standing s ON s.message = e.seq "

// It stops once the bodies have maxBytes or more; whole says that it did not.
func scanEntries(rows *sql.Rows, maxBytes int) (entries []Entry, whole bool, err error) {
	defer rows.Close()
	for size := 0; rows.Next(); {
		if size >= maxBytes {
			return entries, false, nil
		}
		var e Entry
		var code int
		var seq, author, at int64
		var rev, edited, deleted, reactions, pinned, answers, answered sql.NullInt64
		if err := rows.Scan(&seq, &code, &e.Room, &author, &e.By.Name, &at, &e.CID, &e.Body, &rev, &edited, &deleted, &reactions, &pinned, &answers, &answered); err != nil {
			return nil, false, err
		}
		kind, known := kindOfCode[code]
		if !known {
			return nil, false, errUnknownKind
		}
		e.Seq, e.Kind, e.Author, e.At = Seq(seq), kind, ID(author), time.UnixMilli(at).UTC()
		e.By.ID = e.Author
		if rev.Valid {
			e.State = &State{Message: e.Seq, Rev: int(rev.Int64), Deleted: deleted.Int64 == 1, Pinned: pinned.Int64 > 0}
			if edited.Int64 > 0 {
				e.State.Edited = time.UnixMilli(edited.Int64).UTC()
			}
			e.State.Reactions = make([]Reaction, min(reactions.Int64, 1)) // complete reads which
			if answers.Int64 > 0 {
				e.State.Thread = newThread(e.Seq, int(answers.Int64), answered.Int64)
			}
		}
		entries = append(entries, e)
		size += len(e.Body)
	}
	return entries, true, rows.Err()
}
