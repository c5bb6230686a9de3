package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"chatd/chat"

	"golang.org/x/text/language"
)

// Coming in and going: a nickname, a cookie, and the way back to where one wanted to be.

type loginPage struct {
	Assets, Nickname, Error, Notice, Next string
	Password                              bool // the name is claimed: its password is asked for
}

func (h *Handler) loginForm(w http.ResponseWriter, r *http.Request) {
	page := loginPage{Assets: h.options.StaticPrefix, Next: nextPath(r.URL.Query().Get("next"))}
	who, err := h.visitor(w, r)
	var e *chat.Error
	switch {
	case err == nil && who.session != nil:
		http.Redirect(w, r, orHome(page.Next), http.StatusSeeOther)
		return
	case errors.As(err, &e) && e.Code == chat.NameInUse:
		page.Notice = h.words(r).text("login.name_lost")
	}
	h.render(w, r, http.StatusOK, "login.html", page)
}

func (h *Handler) login(w http.ResponseWriter, r *http.Request) {
	allowed, wait := h.logins.Take(h.client(r), time.Now())
	form, err := readForm(w, r)
	if err != nil {
		h.formFailed(w, r, err)
		return
	}
	page := loginPage{Assets: h.options.StaticPrefix, Nickname: form.Get("nickname"), Next: nextPath(form.Get("next"))}
	if !allowed {
		h.loginFailed(w, r, page, &chat.Error{Code: chat.RateLimited, RetryAfter: wait})
		return
	}
	session, err := h.session(w, r)
	var e *chat.Error
	if err != nil && !(errors.As(err, &e) && e.Code == chat.SignedOut) {
		h.loginFailed(w, r, page, err)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), commandTimeout)
	defer cancel()
	var secret chat.Secret
	if page.Password = form.Has("password"); page.Password {
		secret, err = h.server.SignInByPassword(ctx, session, h.client(r).String(), page.Nickname, form.Get("password"))
	} else {
		secret, err = h.server.SignIn(ctx, session, page.Nickname)
	}
	if err != nil {
		h.loginFailed(w, r, page, err)
		return
	}
	if session != nil {
		h.streams.end(session.Hash)
	}
	h.setCookie(w, r, secret)
	http.Redirect(w, r, orHome(page.Next), http.StatusSeeOther)
}

// readForm reads the fields of a form.
func readForm(w http.ResponseWriter, r *http.Request) (url.Values, error) {
	body, err := readBody(w, r)
	if err != nil {
		return nil, err
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, &chat.Error{Code: chat.BadRequest, Text: "The form did not arrive whole. Go back and try again.", Err: err}
	}
	return form, nil
}

// formFailed answers a form that could not be read.
func (h *Handler) formFailed(w http.ResponseWriter, r *http.Request, err error) {
	words, e := h.words(r), chat.Refusal(err)
	text := words.text("page.broken_form")
	if e.Code != chat.BadRequest {
		text = words.refusal(e)
	}
	h.errorPage(w, r, statuses[e.Code], words.text("page.failed"), text)
}

// loginFailed shows the form again, with what was typed and what is wrong with it.
func (h *Handler) loginFailed(w http.ResponseWriter, r *http.Request, page loginPage, err error) {
	e := chat.Refusal(err)
	status := statuses[e.Code]
	if e.Code == chat.BadRequest {
		status = http.StatusUnprocessableEntity
	}
	if e.Err != nil && e.Code == chat.Unavailable && r.Context().Err() == nil {
		h.logger.Error("signing in failed", "err", e.Err)
	}
	retryAfter(w, e)
	words := h.words(r)
	switch {
	case e.Code == chat.NoPassword:
		page.Notice, page.Password = words.text("login.asks_password"), true
	case e.Code == chat.RateLimited:
		page.Error = words.text("login.crowded")
	case e.Code == chat.BadRequest && words.tag != language.English:
		page.Error = words.text("error.name_malformed")
	default:
		page.Error = words.refusal(e)
	}
	h.render(w, r, status, "login.html", page)
}

// logout is carried out whether or not the browser waits for the answer: a session that has
// ended and a name that is not free would stay so for a day.
func (h *Handler) logout(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), commandTimeout)
	defer cancel()
	r = r.WithContext(ctx)
	session, err := h.session(w, r)
	if err == nil {
		err = h.server.SignOut(ctx, *session)
		h.streams.end(session.Hash)
	}
	if e := chat.Refusal(err); err != nil && e.Code != chat.SignedOut {
		h.logger.Error("signing out failed", "err", err)
		words := h.words(r)
		h.errorPage(w, r, statuses[e.Code], words.text("page.still_in"), words.text("page.still_in_why"))
		return
	}
	h.clearCookie(w, r)
	http.Redirect(w, r, "/login", http.StatusSeeOther)
}

// nextPath allows a path on this server and nothing else.
func nextPath(next string) string {
	if !strings.HasPrefix(next, "/") || strings.HasPrefix(next, "//") || strings.ContainsFunc(next, func(c rune) bool { return c <= ' ' || c == '\\' || c == 0x7f }) {
		return ""
	}
	if u, err := url.Parse(next); err != nil || u.Host != "" || u.Scheme != "" {
		return ""
	}
	return next
}

func orHome(next string) string {
	if next == "" {
		return "/"
	}
	return next
}
