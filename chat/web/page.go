package web

import (
	"bytes"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"strings"
	"time"

	"chatd/chat"

	"github.com/rivo/uniseg"
)

// Pages: what a browser is shown before, and without, any script.

// page is a handler for somebody who is signed in; others are sent to /login and come back afterwards.
func (h *Handler) page(handle func(http.ResponseWriter, *http.Request, visitor) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		who, err := h.visitor(w, r)
		if err == nil {
			err = handle(w, r, who)
		}
		if err == nil {
			return
		}
		switch e := chat.Refusal(err); e.Code {
		case chat.SignedOut, chat.NameInUse:
			to := "/login"
			if r.URL.Path != "/" {
				to += "?next=" + url.QueryEscape(r.URL.RequestURI())
			}
			http.Redirect(w, r, to, http.StatusSeeOther)
		case chat.NotFound, chat.BadRequest:
			h.errorPage(w, r, http.StatusNotFound, "Nothing here", e.Text)
		default:
			if e.Err != nil && r.Context().Err() == nil {
				h.logger.Error("a page failed", "path", r.URL.Path, "err", e.Err)
			}
			h.errorPage(w, r, statuses[e.Code], "Not just now", e.Text)
		}
	}
}

// home is the room where the person was last.
func (h *Handler) home(w http.ResponseWriter, r *http.Request, who visitor) error {
	http.Redirect(w, r, "/r/"+h.server.LastRoom(r.Context(), who.Actor), http.StatusSeeOther)
	return nil
}

type person struct {
	ID, Name, Initial string
	Hue               int
}

func newPagePerson(p chat.Person) person {
	return person{p.ID.String(), p.Name, initial(p.Name), hue(p.ID)}
}

// initial is the first character of a name as people count characters, for the avatar.
func initial(name string) string {
	first, _, _, _ := uniseg.FirstGraphemeClusterInString(name, -1)
	return strings.ToUpper(first)
}

type roomPage struct {
	Assets string
	Me     person
	Room   struct {
		Name, Title string
		Joined      bool
	}
	Messages []pageMessage
	HasOlder bool
	Past     bool   // an old part of the room, which does not go on live
	Plain    bool   // not encrypted, and not on this machine
	Address  string // what to give to others; "" when nothing leads them here
	State    roomState
}

// Live says whether the page goes on: by whoever is here and whatever is said. Rooms read
// from outside, and old parts, stand still.
func (p *roomPage) Live() bool { return p.Room.Joined && !p.Past }

type pageMessage struct {
	Room              string
	ID, At, CID, Text string
	UTC               string // At in words, where no script turns it into the reader's own time
	By                person
	HTML              template.HTML
	Continued         bool // same author within groupWithin of the one before
	Deleted, Pinned   bool
	Edited            string // when, "" if it was not
	Reply             *chat.Quote
	Reactions         []chat.Reaction
	Answers           int // in the thread that it began
}

const groupWithin = 5 * time.Minute

// roomState is what the page's script begins with.
type roomState struct {
	Me       personJSON `json:"me"`
	Room     stateRoom  `json:"room"`
	Messages []rawJSON  `json:"messages"`
	HasOlder bool       `json:"has_older"`
	HasNewer bool       `json:"has_newer"`
	Anchor   string     `json:"anchor,omitempty"` // the message that the address names
	Cursor   string     `json:"cursor"`
	Epoch    string     `json:"epoch"`
	Build    string     `json:"build"`
	Limits   limitsJSON `json:"limits"`
}

type stateRoom struct {
	Name   string `json:"name"`
	Title  string `json:"title"`
	Joined bool   `json:"joined"`
}

// rawJSON is written by encoding/json, which html/template uses, and escaped by it for a script element.
type rawJSON []byte

func (r rawJSON) MarshalJSON() ([]byte, error) { return r, nil }

// room shows a room: its newest messages, or those around the one that the address names.
func (h *Handler) room(w http.ResponseWriter, r *http.Request, who visitor) error {
	room, err := h.server.Room(r.Context(), who.Actor, r.PathValue("room"))
	if err != nil {
		return err
	}
	query := chat.PageQuery{Limit: pageLimit}
	anchor := r.PathValue("id")
	if anchor != "" {
		if query.Around, err = messageOf(r); err != nil {
			return err
		}
		query.Limit = maxPageLimit // so that a recent one is on the page that goes on live
	}
	messages, err := h.server.Page(r.Context(), who.Actor, room.Name, query)
	if err != nil {
		return err
	}
	h.server.Visit(who.Actor, room.Name)

	page := roomPage{
		Assets: h.options.StaticPrefix, Me: newPagePerson(who.Person), HasOlder: messages.HasOlder, Past: messages.HasNewer,
		Plain: h.plain(r), Address: h.address(r),
	}
	page.Room.Name, page.Room.Title, page.Room.Joined = room.Name, room.Title, room.Joined
	raw := newPage(messages)
	page.State = roomState{
		Me: newPerson(who.Person), Room: stateRoom{room.Name, room.Title, room.Joined},
		Messages: make([]rawJSON, len(raw.Messages)), HasOlder: raw.HasOlder, HasNewer: raw.HasNewer, Anchor: anchor,
		Cursor: raw.Cursor, Epoch: raw.Epoch, Build: h.options.Build, Limits: h.limits(),
	}
	for i := range messages.Messages {
		e := &messages.Messages[i]
		page.State.Messages[i] = rawJSON(raw.Messages[i])
		page.Messages = append(page.Messages, newPageMessage(e))
		if i > 0 {
			before := messages.Messages[i-1]
			page.Messages[i].Continued = before.By.ID == e.By.ID && page.Messages[i].Reply == nil && e.At.Sub(before.At) < groupWithin
		}
	}
	h.render(w, r, http.StatusOK, "index.html", &page)
	return nil
}

func newPageMessage(e *chat.Entry) pageMessage {
	m := pageMessage{Room: e.Room, ID: e.Seq.String(), At: formatTime(e.At), Text: e.Text(), By: newPagePerson(e.By), UTC: e.At.UTC().Format("2 Jan 2006, 15:04 UTC")}
	m.HTML = renderHTML(m.Text)
	if s := e.State; s != nil {
		m.Deleted, m.Pinned, m.Reactions = s.Deleted, s.Pinned, s.Reactions
		if !s.Edited.IsZero() {
			m.Edited = formatTime(s.Edited)
		}
		if s.Reply != nil {
			m.Reply = s.Reply
		}
		if s.Thread != nil && s.Thread.Root == e.Seq {
			m.Answers = s.Thread.Answers
		}
	}
	if e.CID[0] != '~' {
		m.CID = e.CID
	}
	return m
}

// plain says that what is said travels readable for others in the network.
func (h *Handler) plain(r *http.Request) bool {
	return h.scheme(r) == "http" && !h.client(r).IsLoopback()
}

// address is where others find the chat: as this reader does, unless the operator said
// otherwise or the reader's way is one inside this machine. "" when there is none.
func (h *Handler) address(r *http.Request) string {
	if h.options.PublicURL != nil {
		return h.options.PublicURL.String()
	}
	if loopback(h.host(r)) && h.options.Network != nil {
		return h.options.Network()
	}
	return h.scheme(r) + "://" + h.host(r) + "/"
}

type errorPage struct {
	Assets, Title, Text, Back string
	Status                    int
}

func (h *Handler) errorPage(w http.ResponseWriter, r *http.Request, status int, title, text string) {
	h.render(w, r, status, "error.html", errorPage{h.options.StaticPrefix, title, text, "/", status})
}

// render writes a page, all of it or an error.
func (h *Handler) render(w http.ResponseWriter, r *http.Request, status int, name string, data any) {
	var page bytes.Buffer
	if err := h.pages.ExecuteTemplate(&page, name, data); err != nil {
		panic(fmt.Errorf("page %s: %w", name, err))
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", h.contentSecurity(r))
	w.WriteHeader(status)
	w.Write(page.Bytes())
}
