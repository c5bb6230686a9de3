package web

import (
	"context"
	"net/http"
	"net/url"

	"chatd/chat"

	"rsc.io/qr"
)

// One's own account: the password that makes the name one's own, and the way to the phone.

type accountPage struct {
	Assets, Error, Notice string
	Me                    person
	Address               string // of a link for the phone; "" if none was asked for
	QR                    qrCode
	Staff                 bool
}

// qrCode is a picture as the numbers of its path.
type qrCode struct {
	Size int
	Path string
}

func (h *Handler) account(w http.ResponseWriter, r *http.Request, who visitor) error {
	h.showAccount(w, r, who, http.StatusOK, accountPage{Notice: notices[r.URL.Query().Get("done")]})
	return nil
}

// notices are the texts that a page says after what was done on another one.
var notices = map[string]string{
	"claimed":  "account.claimed",
	"password": "account.changed",
	"host":     "settings.now_host",
	"changed":  "settings.changed",
}

func (h *Handler) showAccount(w http.ResponseWriter, r *http.Request, who visitor, status int, page accountPage) {
	page.Assets, page.Me = h.options.StaticPrefix, newPagePerson(who.Person)
	page.Staff = h.server.May(who.Actor, chat.ToSeeAudit) == nil
	h.render(w, r, status, "account.html", page)
}

// form reads a form that a browser sends.
func form(w http.ResponseWriter, r *http.Request) (url.Values, error) {
	body, err := readBody(w, r)
	if err != nil {
		return nil, err
	}
	values, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, chat.Refuse(chat.BadRequest, "The form did not arrive whole. Go back and try again.")
	}
	return values, nil
}

// password claims the name of a guest, or changes the password of who has one.
func (h *Handler) password(w http.ResponseWriter, r *http.Request, who visitor) error {
	if who.session == nil {
		return chat.Refuse(chat.Forbidden, "A program has a token, and no password.")
	}
	values, err := form(w, r)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(r.Context(), commandTimeout)
	defer cancel()
	var secret chat.Secret
	var ended []chat.Session
	done := "claimed"
	if who.Role == chat.RoleGuest {
		secret, err = h.server.Claim(ctx, *who.session, who.Actor, values.Get("password"))
		ended = []chat.Session{*who.session}
	} else {
		secret, ended, err = h.server.ChangePassword(ctx, who.Actor, h.client(r).String(), values.Get("old"), values.Get("password"))
		done = "password"
	}
	if err != nil {
		e := chat.Refusal(err)
		retryAfter(w, e)
		h.showAccount(w, r, who, formStatus(e), accountPage{Error: h.words(r).refusal(e)})
		return nil
	}
	for _, session := range ended {
		h.streams.end(session.Hash)
	}
	h.setCookie(w, r, secret)
	http.Redirect(w, r, "/account?done="+done, http.StatusSeeOther)
	return nil
}

// formStatus is the status of a page that shows a form again.
func formStatus(e *chat.Error) int {
	if e.Code == chat.BadRequest {
		return http.StatusUnprocessableEntity
	}
	return statuses[e.Code]
}

// handOver shows a link that takes the session along to another device.
func (h *Handler) handOver(w http.ResponseWriter, r *http.Request, who visitor) error {
	if who.session == nil {
		return chat.Refuse(chat.Forbidden, "A program takes its token along.")
	}
	secret, err := h.server.HandOver(r.Context(), who.Actor)
	if err != nil {
		return err
	}
	address := h.address(r)
	if address == "" {
		address = h.scheme(r) + "://" + h.host(r) + "/"
	}
	page := accountPage{Address: address + "phone/" + string(secret)}
	code, err := qr.Encode(page.Address, qr.M)
	if err != nil {
		return err
	}
	page.QR = qrCode{code.Size + 2*quietZone, qrPath(code)}
	h.showAccount(w, r, who, http.StatusOK, page)
	return nil
}

type ticketPage struct {
	Assets, Action, Nickname, Error, Name string
	Host, Ask                             bool // to become the host; a name or a password is still wanted
}

// phone shows what a link of handOver would do; only its button does it.
func (h *Handler) phone(w http.ResponseWriter, r *http.Request) {
	who, err := h.server.HandedOver(r.Context(), chat.Secret(r.PathValue("secret")))
	if err != nil {
		h.ticketFailed(w, r, err)
		return
	}
	h.render(w, r, http.StatusOK, "ticket.html", ticketPage{Assets: h.options.StaticPrefix, Action: r.URL.Path, Name: who.Name})
}

func (h *Handler) ticketFailed(w http.ResponseWriter, r *http.Request, err error) {
	e := chat.Refusal(err)
	if e.Err != nil && r.Context().Err() == nil {
		h.logger.Error("a link failed", "err", e.Err)
	}
	words := h.words(r)
	h.errorPage(w, r, statuses[e.Code], words.text("ticket.over"), words.refusal(e))
}

func (h *Handler) takeOver(w http.ResponseWriter, r *http.Request) {
	session, _ := h.session(w, r)
	secret, err := h.server.TakeOver(r.Context(), session, chat.Secret(r.PathValue("secret")))
	if err != nil {
		h.ticketFailed(w, r, err)
		return
	}
	if session != nil {
		h.streams.end(session.Hash)
	}
	h.setCookie(w, r, secret)
	http.Redirect(w, r, "/", http.StatusSeeOther)
}
