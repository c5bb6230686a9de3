package chat

import (
	"context"
	"encoding/json"
	"errors"
	"time"
	"unicode/utf8"
)

// MessageReported: somebody asks the moderators to look at a message. ReportClosed: one of them has. Bodies are
// reportBody and closeBody as JSON. Nobody else is told of either.
const (
	MessageReported Kind = "message.reported"
	ReportClosed    Kind = "report.closed"
)

type reportBody struct {
	Message Seq    `json:"message"`
	Reason  string `json:"reason,omitempty"`
}

type closeBody struct {
	Report Seq `json:"report"`
}

// Report is a message that somebody thinks the moderators should see.
type Report struct {
	ID      Seq
	At      time.Time
	By      Person // who reports
	Reason  string
	Room    string // "" where the reader does not see it: he reads what was reported, and nothing else of the room
	Message Seq
	Author  Person
	Text    string
	Deleted bool
	SaidAt  time.Time
}

const maxReports = 100

// Report asks the moderators to look at a message that the actor sees. To have asked already is fine.
func (s *Server) Report(ctx context.Context, actor Actor, room string, message Seq, reason string) error {
	if len(reason) > maxReason || !utf8.ValidString(reason) {
		return Refuse(TooLarge, "A reason may have %d bytes.", maxReason)
	}
	if err := s.limit(s.joins, actor.ID); err != nil {
		return err
	}
	if _, err := s.mayIn(ctx, actor, ToReport, room); err != nil {
		return err
	}
	// Of some rooms one reads what was said while one was there: what one cannot read one does not report.
	if page, err := s.Page(ctx, actor, room, PageQuery{Around: message, Limit: 1}); err != nil || len(page.Messages) == 0 {
		return errNotFoundMessage
	}
	return s.settle(ctx, Event{Kind: MessageReported, Room: room, Author: actor.ID}, reportBody{message, reason})
}

// CloseReport says that a moderator has looked. To be closed already is fine.
func (s *Server) CloseReport(ctx context.Context, actor Actor, report Seq) error {
	if err := s.May(actor, ToSeeReports); err != nil {
		return err
	}
	return s.settle(ctx, Event{Kind: ReportClosed, Author: actor.ID}, closeBody{report})
}

// settle appends an event with this body; that there was nothing to do is fine.
func (s *Server) settle(ctx context.Context, e Event, body any) (err error) {
	e.CID = serverCID()
	if e.Body, err = json.Marshal(body); err != nil {
		return err
	}
	if _, err = Await(ctx, s.log, e); errors.Is(err, errNothingToDo) {
		return nil
	}
	return err
}

func applyMessageReported(t *tx, e *Entry) error {
	var body reportBody
	if json.Unmarshal(e.Body, &body) != nil || len(body.Reason) > maxReason {
		return Refuse(BadRequest, "The report is malformed.")
	}
	if err := t.admits(e.Author); err != nil {
		return err
	}
	m, err := t.target(ToReport, e)
	switch {
	case err != nil:
		return err
	case m.author == e.Author:
		return Refuse(BadRequest, "This is your own message: delete it.")
	case m.deleted:
		return Refuse(NotFound, "This message was deleted.")
	}
	made, err := t.exec("INSERT INTO report (entry, message, reporter) VALUES (?, ?, ?) ON CONFLICT DO NOTHING", int64(e.Seq), int64(m.Message), int64(e.Author))
	if err == nil && !made {
		return errNothingToDo
	}
	return err
}

func applyReportClosed(t *tx, e *Entry) error {
	var body closeBody
	if json.Unmarshal(e.Body, &body) != nil {
		return Refuse(BadRequest, "This is malformed.")
	}
	if err := t.admits(e.Author); err != nil {
		return err
	}
	if err := t.allows(e.Author, ToSeeReports); err != nil {
		return err
	}
	closed, err := t.exec("UPDATE report SET closed = ? WHERE entry = ? AND closed = 0", int64(e.Seq), int64(body.Report))
	if err == nil && !closed {
		return errNothingToDo
	}
	return err
}

// Reports lists what is reported and not closed, oldest first, at most 100.
func (s *Server) Reports(ctx context.Context, actor Actor) ([]Report, error) {
	if err := s.May(actor, ToSeeReports); err != nil {
		return nil, err
	}
	rows, err := s.store.db.rows(ctx, `SELECT e.seq, e.at, e.body, e.author, coalesce(p.name, ''), m.seq, m.at, m.body, m.author, coalesce(a.name, ''), coalesce(s.deleted, 0),
			CASE WHEN NOT r.private OR EXISTS (SELECT 1 FROM stay t WHERE t.person = ?1 AND t.room = r.id AND t.until IS NULL) THEN r.name ELSE '' END
		FROM report JOIN entry e ON e.seq = report.entry JOIN entry m ON m.seq = report.message JOIN room r ON r.id = m.room
		LEFT JOIN person p ON p.id = e.author LEFT JOIN person a ON a.id = m.author LEFT JOIN standing s ON s.message = m.seq
		WHERE report.closed = 0 ORDER BY report.entry LIMIT ?2`, int64(actor.ID), maxReports)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var reports []Report
	for rows.Next() {
		var r Report
		var id, at, by, message, saidAt, author int64
		var body, text []byte
		if err := rows.Scan(&id, &at, &body, &by, &r.By.Name, &message, &saidAt, &text, &author, &r.Author.Name, &r.Deleted, &r.Room); err != nil {
			return nil, err
		}
		var b reportBody
		if err := json.Unmarshal(body, &b); err != nil {
			return nil, err
		}
		r.ID, r.At, r.Reason, r.Message, r.SaidAt = Seq(id), time.UnixMilli(at).UTC(), b.Reason, Seq(message), time.UnixMilli(saidAt).UTC()
		r.By.ID, r.Author.ID = ID(by), ID(author)
		_, r.Text = splitBody(text)
		reports = append(reports, r)
	}
	return reports, rows.Err()
}

// OpenReports counts what waits for the moderators, up to 100; for everybody else that is nothing.
func (s *Server) OpenReports(ctx context.Context, actor Actor) (n int, err error) {
	if s.May(actor, ToSeeReports) != nil {
		return 0, nil
	}
	return s.openReports(ctx)
}

func (s *Server) openReports(ctx context.Context) (n int, err error) {
	err = s.store.db.row(ctx, "SELECT count(*) FROM (SELECT 1 FROM report WHERE closed = 0 LIMIT ?)", maxReports).Scan(&n)
	return n, err
}

// tellReports tells the moderators who are here how much waits for them; the follower calls it after the commit.
func (s *Server) tellReports(ctx context.Context) {
	n, err := s.openReports(ctx)
	if err != nil {
		s.logger.Warn("the moderators could not be told of a report", "err", err)
		return
	}
	for id, role := range s.store.house.Load().staff {
		if role >= RoleModerator {
			s.hub.send(signal{bytes: s.encoder.Reports(n), room: Lobby, to: id})
		}
	}
}
