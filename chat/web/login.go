package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"chatd/chat"
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
		page.Notice = "While you were away, your name went to somebody else. Choose another; what you said stays yours."
	}
	h.render(w, r, http.StatusOK, "login.html", page)
}

func (h *Handler) login(w http.ResponseWriter, r *http.Request) {
	allowed, wait := h.logins.Take(h.client(r), time.Now())
	body, err := readBody(w, r)
	if err != nil {
		h.errorPage(w, r, statuses[chat.Refusal(err).Code], "That did not work", chat.Refusal(err).Text)
		return
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		h.errorPage(w, r, http.StatusBadRequest, "That did not work", "The form did not arrive whole. Go back and try again.")
		return
	}
	page := loginPage{Assets: h.options.StaticPrefix, Nickname: form.Get("nickname"), Next: nextPath(form.Get("next"))}
	if !allowed {
		h.loginFailed(w, r, page, &chat.Error{
			Code: chat.RateLimited, RetryAfter: wait,
			Text: "Many people are coming in from your address. Wait a few seconds and try again.",
		})
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
	if page.Error = e.Text; e.Code == chat.NoPassword {
		page.Error, page.Notice, page.Password = "", e.Text, true
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
		h.errorPage(w, r, statuses[e.Code], "Not signed out", "The server could not sign you out just now. Try again in a moment.")
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
