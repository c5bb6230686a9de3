package web

import (
	"html"
	"net/http"
	"sort"

	"chatd/chat"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// Whom a message means, in its markup; and the list of what means somebody.

// name is a place in a text where somebody is named.
type name struct {
	start, stop int
	who         chat.Person // called as he is now; without an identity it is here, or room
}

// calls says whom a place in a text means, of those whom the text means.
func calls(n chat.Naming, m *chat.Mentions) (who chat.Person, ok bool) {
	for _, said := range n.Names {
		if who, ok = m.Of(said); ok {
			return who, true
		}
	}
	return who, false
}

// names are the places where a text names those whom it means, in order.
func names(source []byte, m *chat.Mentions) (found []name) {
	if m == nil {
		return nil
	}
	for _, n := range chat.Namings(string(source)) {
		for i, said := range n.Names {
			if who, ok := m.Of(said); ok {
				found = append(found, name{n.Start, n.Ends[i], who})
				break
			}
		}
	}
	return found
}

// namesFrom is those names that end behind a place.
func namesFrom(names []name, place int) []name {
	return names[sort.Search(len(names), func(i int) bool { return names[i].stop > place }):]
}

// mention writes the name of somebody, as he is called now.
func (w *writer) mention(n name) {
	w.marked, w.words = true, true
	if n.who.ID == 0 {
		w.out.WriteString(`<span class="mention all">@` + n.who.Name + `</span>`)
		return
	}
	w.out.WriteString(`<span class="mention" data-person="` + n.who.ID.String() + `">@` + html.EscapeString(n.who.Name) + `</span>`)
}

var namesKey = parser.NewContextKey()

// wholeName keeps what looks like Markdown inside a name from being taken for it: @_ana_.
type wholeName struct{}

func (wholeName) Trigger() []byte { return []byte("@") }

func (wholeName) Parse(_ ast.Node, block text.Reader, pc parser.Context) ast.Node {
	found, _ := pc.Get(namesKey).([]name)
	_, at := block.PeekLine()
	if rest := namesFrom(found, at.Start); len(rest) > 0 && rest[0].start == at.Start {
		block.Advance(rest[0].stop - at.Start)
		return ast.NewTextSegment(text.NewSegment(at.Start, rest[0].stop))
	}
	return nil
}

type mentionsJSON struct {
	Mentions []mentionJSON `json:"mentions"`
	HasOlder bool          `json:"has_older"`
	Cursor   string        `json:"cursor"`
	Epoch    string        `json:"epoch"`
}

type mentionJSON struct {
	Title   string         `json:"title"` // of its room
	Answer  bool           `json:"answer,omitzero"`
	Unread  bool           `json:"unread,omitzero"`
	Message jsontext.Value `json:"message"`
}

// mentionLimit is how many mentions a page has.
const mentionLimit = 50

func (h *Handler) mentionPage(r *http.Request, who visitor) (chat.MentionPage, error) {
	var before chat.Seq
	if id := r.URL.Query().Get("before"); id != "" {
		var ok bool
		if before, ok = chat.ParseSeq(id); !ok || before == 0 {
			return chat.MentionPage{}, chat.Refuse(chat.BadRequest, "There is no message with this id.")
		}
	}
	return h.server.Mentions(r.Context(), who.Actor, before, mentionLimit)
}

func (h *Handler) newMentions(page chat.MentionPage) mentionsJSON {
	list := mentionsJSON{Mentions: make([]mentionJSON, len(page.Mentions)), HasOlder: page.HasOlder, Cursor: page.Cursor.String(), Epoch: h.server.Epoch()}
	for i := range page.Mentions {
		m := &page.Mentions[i]
		list.Mentions[i] = mentionJSON{m.Title, m.Answer, m.Unread, appendEntry(nil, &m.Entry)}
	}
	return list
}

// mentions is what mentioned somebody, as JSON.
func (h *Handler) mentions(w http.ResponseWriter, r *http.Request, who visitor) error {
	page, err := h.mentionPage(r, who)
	if err != nil {
		return err
	}
	answer(w, http.StatusOK, h.newMentions(page))
	return nil
}

type mentionsPage struct {
	Assets string
	Items  []mentionItem
	Older  string // where the next page begins; "" if there is none
	State  mentionsState
}

type mentionItem struct {
	pageMessage
	Title          string
	Answer, Unread bool
}

// mentionsState is what the page's script begins with.
type mentionsState struct {
	Me       personJSON     `json:"me"`
	Mentions []mentionState `json:"mentions"`
	Cursor   string         `json:"cursor"`
	Epoch    string         `json:"epoch"`
	Live     bool           `json:"live"` // it begins with the newest
}

type mentionState struct {
	Message rawJSON `json:"message"`
}

// mentionsPage is the same list, for people.
func (h *Handler) mentionsPage(w http.ResponseWriter, r *http.Request, who visitor) error {
	list, err := h.mentionPage(r, who)
	if err != nil {
		return err
	}
	raw := h.newMentions(list)
	page := mentionsPage{Assets: h.options.StaticPrefix, State: mentionsState{
		Me: newPerson(who.Person), Mentions: []mentionState{}, Cursor: raw.Cursor, Epoch: raw.Epoch, Live: !r.URL.Query().Has("before"),
	}}
	for i := range list.Mentions {
		m := &list.Mentions[i]
		page.Items = append(page.Items, mentionItem{newPageMessage(&m.Entry), m.Title, m.Answer, m.Unread})
		page.State.Mentions = append(page.State.Mentions, mentionState{rawJSON(raw.Mentions[i].Message)})
		if list.HasOlder {
			page.Older = m.Seq.String()
		}
	}
	h.render(w, r, http.StatusOK, "mentions.html", page)
	return nil
}
