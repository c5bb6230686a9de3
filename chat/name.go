package chat

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"strings"
	"time"
)

// What happens to names. A name belongs to the person who took it until he
// gives it back (signs out) or it lapses, NameLapse after he was last seen.
//
// Time enters through the log: no rule looks at a clock. Whoever notices that a
// name has lapsed appends name.lapsed with what he knew, and it is void if the holder came back meanwhile.
const (
	NameTaken    Kind = "name.taken"    // Body is nameBody: Author has this name now, and not the one he may have had
	NameKept     Kind = "name.kept"     // Author is back, or still here: what was seen before this is no reason to lapse
	NameReleased Kind = "name.released" // Author gave his name back
	NameLapsed   Kind = "name.lapsed"   // Body is lapseBody: the holder was not seen after that time
)

const (
	// NameLapse is how long after its holder was last seen a name is free again.
	NameLapse = 24 * time.Hour
	// keepEvery is how old the log's knowledge of a holder may grow before his
	// being here is appended: at most two events a day and person, well before NameLapse.
	keepEvery = 12 * time.Hour
)

// Name is a nickname that is well-formed, with the keys under which it looks
// like others: two names that share one cannot both be held. What is
// well-formed is not decided here (see package nickname): Unicode's tables
// change, and the keys in the log do not change with them.
type Name struct {
	Text string
	Keys []string
}

type nameBody struct {
	Name string   `json:"name"`
	Keys []string `json:"keys"`
	New  bool     `json:"new,omitempty"` // the person is to be a new one
	Bot  bool     `json:"bot,omitempty"` // the name belongs to a token, so it is no guest's
}

type lapseBody struct {
	Holder      ID    `json:"holder"`
	SeenThrough int64 `json:"seen_through"` // unix ms
}

// take appends that a person has a name now.
func (s *Server) take(ctx context.Context, person ID, name Name, fresh bool) error {
	return s.takeAs(ctx, person, nameBody{Name: name.Text, Keys: name.Keys, New: fresh})
}

func (s *Server) takeAs(ctx context.Context, person ID, n nameBody) error {
	body, err := json.Marshal(n)
	if err != nil {
		return err
	}
	_, err = Await(ctx, s.log, Event{Kind: NameTaken, Author: person, CID: serverCID(), Body: body})
	return err
}

func applyNameTaken(t *tx, e *Entry) error {
	var body nameBody
	if err := json.Unmarshal(e.Body, &body); err != nil || body.Name == "" || len(body.Keys) == 0 {
		return Refuse(BadRequest, "The name is malformed.")
	}
	for _, key := range body.Keys {
		var holder int64
		var name string
		err := t.row("SELECT p.id, p.name FROM name_key k JOIN person p ON p.id = k.person WHERE k.key = ?", key).Scan(&holder, &name)
		switch {
		case errors.Is(err, sql.ErrNoRows) || err == nil && ID(holder) == e.Author:
		case err != nil:
			return err
		case strings.EqualFold(name, body.Name):
			return Refuse(NameInUse, "The name %s is taken. Choose another.", name)
		default:
			return Refuse(NameInUse, "This name looks too much like %s, which is taken. Choose another.", name)
		}
	}
	if known, err := t.exec("UPDATE person SET name = ?, held = 1, renewed = ? WHERE id = ?", body.Name, e.At.UnixMilli(), int64(e.Author)); err != nil {
		return err
	} else if known && body.New {
		return errIDTaken
	} else if !known {
		if _, err := t.exec("INSERT INTO person (id, name, held, renewed, role) VALUES (?, ?, 1, ?, ?)", int64(e.Author), body.Name, e.At.UnixMilli(), body.Bot); err != nil {
			return err
		}
	}
	delete(t.people, e.Author)
	if _, err := t.exec("DELETE FROM name_key WHERE person = ?", int64(e.Author)); err != nil {
		return err
	}
	for _, key := range body.Keys {
		if _, err := t.exec("INSERT INTO name_key (key, person) VALUES (?, ?) ON CONFLICT DO NOTHING", key, int64(e.Author)); err != nil {
			return err
		}
	}
	return nil
}

// errIDTaken: two people drew the same 48 random bits. The second draws again.
var errIDTaken = Refuse(Conflict, "This identity is taken.")

func applyNameKept(t *tx, e *Entry) error {
	kept, err := t.exec("UPDATE person SET renewed = ? WHERE id = ? AND held = 1", e.At.UnixMilli(), int64(e.Author))
	if err == nil && !kept {
		return errNothingToDo
	}
	return err
}

func applyNameReleased(t *tx, e *Entry) error {
	return t.free(e.Author, e.At.UnixMilli())
}

func applyNameLapsed(t *tx, e *Entry) error {
	var body lapseBody
	if err := json.Unmarshal(e.Body, &body); err != nil {
		return Refuse(BadRequest, "The lapse is malformed.")
	}
	return t.free(body.Holder, body.SeenThrough)
}

// free takes a guest's name away, unless the log has seen him after that time. A name that
// somebody claimed stays his.
func (t *tx) free(person ID, seenThrough int64) error {
	freed, err := t.exec("UPDATE person SET held = 0 WHERE id = ? AND held = 1 AND role = 0 AND renewed <= ?", int64(person), seenThrough)
	if err != nil {
		return err
	}
	if !freed {
		return errNothingToDo
	}
	_, err = t.exec("DELETE FROM name_key WHERE person = ?", int64(person))
	return err
}

// person finds who an author is now; nobody is chatd itself.
func (t *tx) person(id ID) (Person, error) {
	if id == 0 {
		return Person{}, nil
	}
	p, err := t.standing(id)
	return Person{ID: p.ID, Name: p.Name}, err
}

// holding is what the store knows of a person and his name.
type holding struct {
	name    string
	role    Role
	held    bool
	renewed time.Time
}

func (s *Store) holding(ctx context.Context, person ID) (h holding, err error) {
	var renewed int64
	err = s.db.row(ctx, "SELECT name, role, held, renewed FROM person WHERE id = ?", int64(person)).Scan(&h.name, &h.role, &h.held, &renewed)
	h.renewed = time.UnixMilli(renewed)
	return h, err
}

// lapseNames appends name.lapsed for every name whose holder was not seen for
// NameLapse. Who is here now counts as seen. A claimed name does not lapse, nor a bot's: it is
// the bot's as long as the bot has a token.
func (s *Server) lapseNames(ctx context.Context) error {
	cutoff := s.now().Add(-NameLapse)
	rows, err := s.store.db.rows(ctx, `SELECT p.id, max(p.renewed, coalesce(s.at, 0)) AS last FROM person p LEFT JOIN seen s ON s.person = p.id
		WHERE p.held = 1 AND p.role = 0 AND p.renewed < ?1 AND last < ?1 ORDER BY p.renewed`, cutoff.UnixMilli())
	if err != nil {
		return err
	}
	defer rows.Close()
	var lapses []lapseBody
	for rows.Next() {
		var holder, last int64
		if err := rows.Scan(&holder, &last); err != nil {
			return err
		}
		lapses = append(lapses, lapseBody{ID(holder), last})
	}
	if err := rows.Err(); err != nil {
		return err
	}
	for _, lapse := range lapses {
		if err := s.lapse(ctx, lapse, cutoff); err != nil {
			return err
		}
	}
	return nil
}

func (s *Server) lapse(ctx context.Context, lapse lapseBody, cutoff time.Time) error {
	if s.presence.here(lapse.Holder) || s.personal.sighted(lapse.Holder).at.After(cutoff) {
		return nil
	}
	if bot, err := s.auth.isBot(ctx, lapse.Holder); err != nil || bot {
		return err
	}
	body, err := json.Marshal(lapse)
	if err != nil {
		return err
	}
	_, err = Await(ctx, s.log, Event{Kind: NameLapsed, CID: serverCID(), Body: body})
	if errors.Is(err, errNothingToDo) {
		return nil
	}
	return err
}
