package web

import (
	"bytes"
	"fmt"
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
		words := h.words(r)
		switch e := chat.Refusal(err); e.Code {
		case chat.SignedOut, chat.NameInUse:
			to := "/login"
			if r.URL.Path != "/" {
				to += "?next=" + url.QueryEscape(r.URL.RequestURI())
			}
			http.Redirect(w, r, to, http.StatusSeeOther)
		case chat.NotFound, chat.BadRequest:
			h.errorPage(w, r, http.StatusNotFound, words.text("page.nothing"), words.refusal(e))
		case chat.Banned:
			h.errorPage(w, r, http.StatusForbidden, words.text("page.shut_out"), words.refusal(e))
		case chat.Forbidden:
			h.errorPage(w, r, http.StatusForbidden, words.text("page.not_yours"), words.refusal(e))
		default:
			if e.Err != nil && r.Context().Err() == nil {
				h.logger.Error("a page failed", "path", r.URL.Path, "err", e.Err)
			}
			h.errorPage(w, r, statuses[e.Code], words.text("page.not_now"), words.refusal(e))
		}
	}
}

// home is the room where the person was last.
func (h *Handler) home(w http.ResponseWriter, r *http.Request, who visitor) error {
	http.Redirect(w, r, "/r/"+h.server.LastRoom(r.Context(), who.Actor), http.StatusSeeOther)
	return nil
}

type person struct {
	ID, Name, Initial, Role string
	Hue                     int
}

func newPagePerson(p chat.Person) person {
	return person{p.ID.String(), p.Name, initial(p.Name), p.Role.String(), hue(p.ID)}
}

// initial is the first character of a name as people count characters, for the avatar.
func initial(name string) string {
	first, _, _, _ := uniseg.FirstGraphemeClusterInString(name, -1)
	return strings.ToUpper(first)
}

// inWords is a time as it is written where no script turns it into the reader's own; the same in every language.
func inWords(at time.Time) string { return at.UTC().Format("2006-01-02 15:04 UTC") }

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

// render writes a page in the reader's language, all of it or an error.
func (h *Handler) render(w http.ResponseWriter, r *http.Request, status int, name string, data any) {
	var page bytes.Buffer
	words := h.words(r)
	if err := words.pages.ExecuteTemplate(&page, name, data); err != nil {
		panic(fmt.Errorf("page %s: %w", name, err))
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Language", words.Tag())
	w.Header().Set("Vary", "Accept-Language, Cookie") // for those who keep what they are told not to keep
	w.Header().Set("Content-Security-Policy", h.contentSecurity(r))
	w.WriteHeader(status)
	w.Write(page.Bytes())
}
