package web

import (
	"context"
	"html/template"
	"net/http"
	"slices"
	"strconv"
	"time"

	"chatd/chat"
)

// The page of a room, as it is before any script: the rooms, the newest messages, who wrote them, and what the script begins with.

type roomPage struct {
	Assets string
	Me     person
	Room   struct {
		Name, Title, Topic                string
		Joined, Archived, Private, Direct bool
	}
	Rooms    []roomLinks
	Unread   int // of all rooms but this one
	Mentions int // of all rooms
	Messages []pageMessage
	HasOlder bool
	Above    bool   // what is new begins before these messages
	Since    string // when, in words
	Plain    bool   // not encrypted, and not on this machine
	Address  string // what to give to others; "" when nothing leads them here
	Reports  int    // that wait for this reader, who is a moderator
	Compact  bool   // the reader wants it dense
	State    roomState
}

// Live says whether the page goes on: by whoever is here and whatever is said. Rooms read
// from outside stand still.
func (p *roomPage) Live() bool { return p.Room.Joined && !p.Room.Archived }

// roomLinks is a part of the list of rooms.
type roomLinks struct {
	ID, Title     string
	New, NewTitle string // the button that makes one more; "" for none
	Rooms         []roomLink
}

type roomLink struct {
	roomJSON
	Here bool // this page
}

// Quiet says that nothing of the room is counted.
func (r roomLink) Quiet() bool {
	return r.Level == chat.Nothing.String() || r.Level == chat.Invisible.String()
}

// Badge is how much is unread, as it is shown; "" for nothing.
func (r roomLink) Badge() string { return badge(r.Unread) }

// Unlisted says that the room is not in the list, unless it is shown.
func (r roomLink) Unlisted() bool { return r.Level == chat.Invisible.String() && !r.Here }

// Mentioned is how much that is unread mentions its reader, as Badge.
func (r roomLink) Mentioned() string { return badge(r.Mentions) }

func badge(unread int) string {
	switch {
	case unread == 0:
		return ""
	case unread > 99:
		return "99+"
	}
	return strconv.Itoa(unread)
}

// Mentioned is how much that is unread mentions its reader.
func (p *roomPage) Mentioned() string { return badge(p.Mentions) }

// Badge is how much is unread in other rooms.
func (p *roomPage) Badge() string { return badge(p.Unread) }

// list puts the rooms into the parts in which they are shown.
func (p *roomPage) list(rooms []roomJSON) {
	parts := []roomLinks{
		{ID: "rooms-joined", Title: "rooms.title", New: "new-room", NewTitle: "rooms.create"},
		{ID: "rooms-direct", Title: "rooms.direct", New: "message-people", NewTitle: "direct.new"},
		{ID: "rooms-more", Title: "rooms.more"},
	}
	for _, r := range rooms {
		part := 0
		switch {
		case r.Direct:
			part = 1
		case !r.Joined:
			part = 2
		}
		here := r.Room == p.Room.Name
		parts[part].Rooms = append(parts[part].Rooms, roomLink{r, here})
		p.Mentions = min(100, p.Mentions+r.Mentions)
		if !here {
			p.Unread = min(100, p.Unread+r.Unread)
		}
	}
	p.Rooms = parts
}

type pageMessage struct {
	Room              string
	ID, At, CID, Text string
	UTC               string // At, to be read where no script turns it into the reader's own time; the same in every language
	By                person
	HTML              template.HTML
	Continued         bool // same author within groupWithin of the one before
	FirstNew          bool // what was not read begins here
	Deleted, Pinned   bool
	Ignored           bool   // its author, by the reader
	Edited            string // when, "" if it was not
	Reply             *chat.Quote
	Reactions         []chat.Reaction
	Answers           int // in the thread that it began
}

const groupWithin = 5 * time.Minute

// roomState is what the page's script begins with.
type roomState struct {
	Me       personJSON   `json:"me"`
	Room     roomJSON     `json:"room"`
	Rooms    []roomJSON   `json:"rooms"`
	People   []personJSON `json:"people"` // who wrote the messages
	Ignored  []personJSON `json:"ignored"`
	Messages []rawJSON    `json:"messages"`
	HasOlder bool         `json:"has_older"`
	HasNewer bool         `json:"has_newer"`
	Unread   *unreadJSON  `json:"unread,omitempty"`
	Anchor   string       `json:"anchor,omitempty"` // the message that the address names
	Cursor   string       `json:"cursor"`
	Epoch    string       `json:"epoch"`
	Build    string       `json:"build"`
	Limits   limitsJSON   `json:"limits"`
}

// unreadJSON is what was not read when the page was made.
type unreadJSON struct {
	First string `json:"first"`
	Since string `json:"since"`
	Count int    `json:"count"` // up to 100
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
	// The list first, and the stream from there: what comes between it and the page comes again, and changes nothing.
	rooms, err := h.server.Rooms(r.Context(), who.Actor)
	if err != nil {
		return err
	}
	unread, err := h.server.Unread(r.Context(), who.Actor, room.Name)
	if err != nil {
		return err
	}
	messages, err := h.server.Page(r.Context(), who.Actor, room.Name, query)
	if err != nil {
		return err
	}
	h.server.Visit(who.Actor, room.Name)
	if !room.Joined && room.Mentions > 0 && !messages.HasNewer {
		// From outside nothing says how far one reads: who comes to look has seen what mentions him.
		if err := h.server.MarkRead(r.Context(), who.Actor, room.Name, room.Head); err != nil {
			return err
		}
	}

	page := roomPage{
		Assets: h.options.StaticPrefix, Me: newPagePerson(who.Person), HasOlder: messages.HasOlder,
		Plain: h.plain(r), Address: h.address(r), Compact: compact(r),
	}
	page.Room.Name, page.Room.Title, page.Room.Topic = room.Name, room.Title, room.Topic
	page.Room.Joined, page.Room.Archived, page.Room.Private, page.Room.Direct = room.Joined, room.Archived, room.Private, room.Direct
	messages.Cursor = min(messages.Head, rooms.Cursor) // what lies between an old part and now is paged, not streamed
	raw := newPage(messages)
	page.State = roomState{
		Me: newPerson(who.Person), Room: newRoom(room), Rooms: newRooms(rooms.Rooms),
		Messages: make([]rawJSON, len(raw.Messages)), HasOlder: raw.HasOlder, HasNewer: raw.HasNewer, Anchor: anchor,
		Cursor: raw.Cursor, Epoch: raw.Epoch, Build: h.options.Build, Limits: h.limits(),
	}
	page.list(page.State.Rooms)
	people, err := h.authors(r.Context(), messages.Messages)
	if err != nil {
		return err
	}
	page.State.People = people.list
	ignored, err := h.server.Ignored(r.Context(), who.Actor)
	if err != nil {
		return err
	}
	page.State.Ignored = newPeople(ignored)
	if page.Reports, err = h.server.OpenReports(r.Context(), who.Actor); err != nil {
		return err
	}
	if unread.Count > 0 {
		page.State.Unread = &unreadJSON{unread.First.String(), formatTime(unread.Since), unread.Count}
		page.Above, page.Since = true, inWords(unread.Since)
	}
	for i := range messages.Messages {
		e := &messages.Messages[i]
		e.By.Role = people.roles[e.By.ID]
		page.State.Messages[i] = rawJSON(raw.Messages[i])
		page.Messages = append(page.Messages, newPageMessage(e))
		page.Messages[i].Ignored = slices.ContainsFunc(ignored, func(p chat.Person) bool { return p.ID == e.By.ID })
		if e.Seq == unread.First {
			page.Messages[i].FirstNew, page.Above = true, false
		} else if i > 0 {
			before := messages.Messages[i-1]
			page.Messages[i].Continued = before.By.ID == e.By.ID && page.Messages[i].Reply == nil && e.At.Sub(before.At) < groupWithin
		}
	}
	h.render(w, r, http.StatusOK, "index.html", &page)
	return nil
}

// authors are the people who wrote messages, with what they are.
type authors struct {
	list  []personJSON // in the order in which they first speak
	roles map[chat.ID]chat.Role
}

func (h *Handler) authors(ctx context.Context, messages []chat.Entry) (a authors, err error) {
	a = authors{[]personJSON{}, map[chat.ID]chat.Role{}}
	var ids []chat.ID
	for i := range messages {
		if id := messages[i].By.ID; !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	people, err := h.server.People(ctx, ids)
	for _, id := range ids {
		a.list = append(a.list, newPerson(people[id]))
		a.roles[id] = people[id].Role
	}
	return a, err
}

func newPageMessage(e *chat.Entry) pageMessage {
	m := pageMessage{Room: e.Room, ID: e.Seq.String(), At: formatTime(e.At), Text: e.Text(), By: newPagePerson(e.By), UTC: inWords(e.At)}
	m.HTML = renderHTML(m.Text, mentionsOf(e.State))
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
