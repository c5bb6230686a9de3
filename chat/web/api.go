package web

import (
	"context"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"chatd/chat"

	"github.com/go-json-experiment/json/jsontext"
)

// Plain HTTP: everything a program needs without holding a connection open.

type personJSON struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Role string `json:"role,omitempty"` // without one he is a guest, or it is not said here
}

func newPerson(p chat.Person) personJSON { return personJSON{p.ID.String(), p.Name, roleOf(p)} }

type limitsJSON struct {
	TextBytes         int `json:"text_bytes"`
	MessagesPerSecond int `json:"messages_per_s,omitzero"`
}

func (h *Handler) limits() limitsJSON { return limitsJSON{chat.MaxText, h.options.MessageRate} }

// me says who one is; and if a stream would be refused, why: a browser cannot see that itself.
func (h *Handler) me(w http.ResponseWriter, r *http.Request, who visitor) error {
	if err := h.streams.admit(h.client(r), who.ID); err != nil {
		return err
	}
	answer(w, http.StatusOK, struct {
		personJSON
		Bot    bool       `json:"bot,omitzero"`
		Limits limitsJSON `json:"limits"`
	}{newPerson(who.Person), who.Bot, h.limits()})
	return nil
}

func (h *Handler) join(w http.ResponseWriter, r *http.Request, who visitor) error {
	return h.move(w, r, who, h.server.Join, true)
}

func (h *Handler) leave(w http.ResponseWriter, r *http.Request, who visitor) error {
	return h.move(w, r, who, h.server.Leave, false)
}

func (h *Handler) move(w http.ResponseWriter, r *http.Request, who visitor, move func(context.Context, chat.Actor, string) error, joined bool) error {
	ctx, cancel := context.WithTimeout(r.Context(), commandTimeout)
	defer cancel()
	if err := move(ctx, who.Actor, r.PathValue("room")); err != nil {
		return err
	}
	answer(w, http.StatusOK, map[string]any{"room": r.PathValue("room"), "joined": joined})
	return nil
}

// pageLimit is how many messages a page has if nobody says, and at most.
const (
	pageLimit    = 50
	maxPageLimit = 200
)

type pageJSON struct {
	Messages []jsontext.Value `json:"messages"`
	People   []personJSON     `json:"people,omitempty"` // those of the authors who are more than guests
	HasOlder bool             `json:"has_older"`
	HasNewer bool             `json:"has_newer"`
	Cursor   string           `json:"cursor"`
	Epoch    string           `json:"epoch"`
}

func newPage(p chat.Page) pageJSON {
	page := pageJSON{Messages: make([]jsontext.Value, len(p.Messages)), HasOlder: p.HasOlder, HasNewer: p.HasNewer, Cursor: p.Cursor.String(), Epoch: p.Epoch}
	for i := range p.Messages {
		page.Messages[i] = appendEntry(nil, &p.Messages[i])
	}
	return page
}

func (h *Handler) messages(w http.ResponseWriter, r *http.Request, who visitor) error {
	query, err := pageQuery(r)
	if err != nil {
		return err
	}
	page, err := h.server.Page(r.Context(), who.Actor, r.PathValue("room"), query)
	if err != nil {
		return err
	}
	answered := newPage(page)
	people, err := h.authors(r.Context(), page.Messages)
	if err != nil {
		return err
	}
	answered.People = slices.DeleteFunc(people.list, func(p personJSON) bool { return p.Role == "" })
	answer(w, http.StatusOK, answered)
	return nil
}

func pageQuery(r *http.Request) (q chat.PageQuery, err error) {
	params := r.URL.Query()
	named := 0
	for name, place := range map[string]*chat.Seq{"before": &q.Before, "after": &q.After, "around": &q.Around} {
		if !params.Has(name) {
			continue
		}
		named++
		seq, ok := chat.ParseSeq(params.Get(name))
		if name == "after" && ok && seq == 0 {
			q.Oldest = true // the cursor of an empty log
			continue
		}
		if !ok || seq == 0 {
			return q, chat.Refuse(chat.BadRequest, "There is no message with this id in the room.")
		}
		*place = seq
	}
	if named > 1 {
		return q, chat.Refuse(chat.BadRequest, "Ask for one of before, after and around.")
	}
	q.Limit = pageLimit
	if params.Has("limit") {
		if q.Limit, err = strconv.Atoi(params.Get("limit")); err != nil || q.Limit < 1 {
			return q, chat.Refuse(chat.BadRequest, "The limit is a number from 1 to %d.", maxPageLimit)
		}
	}
	q.Limit = min(q.Limit, maxPageLimit)
	return q, nil
}

// post takes a message as JSON, or as the body itself.
func (h *Handler) post(w http.ResponseWriter, r *http.Request, who visitor) error {
	want := struct {
		Text  string `json:"text"`
		CID   string `json:"cid"`
		Reply string `json:"reply"`
	}{}
	switch media, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); {
	case media == "application/json":
		if err := decodeBody(w, r, &want); err != nil {
			return err
		}
	case strings.HasPrefix(media, "multipart/"):
		return chat.Refuse(chat.BadRequest, "Send the text as the body, or as JSON.")
	default:
		text, err := readBody(w, r)
		if err != nil {
			return err
		}
		want.Text = string(text)
	}
	if want.CID == "" {
		want.CID = r.Header.Get("Idempotency-Key")
	}
	reply, err := replyTo(want.Reply)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(r.Context(), commandTimeout)
	defer cancel()
	receipt, err := h.server.Post(ctx, who.Actor, chat.Post{Room: r.PathValue("room"), CID: want.CID, Text: want.Text, Reply: reply})
	if err != nil {
		return err
	}
	answer(w, http.StatusCreated, map[string]any{"id": receipt.Seq.String(), "room": r.PathValue("room"), "at": formatTime(receipt.At), "dup": receipt.Dup})
	return nil
}
