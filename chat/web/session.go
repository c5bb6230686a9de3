package web

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"chatd/chat"
)

// visitor is who sent a request.
type visitor struct {
	chat.Actor
	session *chat.Session // nil: a program with a bearer token
}

// cookieName differs from one chatd to the next, since browsers share cookies
// between the ports of a host; on https its prefix makes browsers refuse it from anywhere else.
func (h *Handler) cookieName(r *http.Request) string {
	if h.scheme(r) == "https" {
		return "__Host-chatd"
	}
	return "chatd-" + h.server.DataID()[:8]
}

// cookie returns the session cookie. With two of them somebody is playing
// tricks: then there is a cookie, and no secret.
func (h *Handler) cookie(r *http.Request) (chat.Secret, bool) {
	switch cookies := r.CookiesNamed(h.cookieName(r)); len(cookies) {
	case 0:
		return "", false
	case 1:
		return chat.Secret(cookies[0].Value), true
	}
	return "", true
}

func (h *Handler) setCookie(w http.ResponseWriter, r *http.Request, secret chat.Secret) {
	http.SetCookie(w, &http.Cookie{
		Name: h.cookieName(r), Value: string(secret), Path: "/", MaxAge: int(chat.SessionIdle.Seconds()),
		HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: h.scheme(r) == "https",
	})
}

func (h *Handler) clearCookie(w http.ResponseWriter, r *http.Request) {
	http.SetCookie(w, &http.Cookie{
		Name: h.cookieName(r), Path: "/", MaxAge: -1,
		HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: h.scheme(r) == "https",
	})
}

// session finds the session of the request's cookie, and renews the cookie with it.
func (h *Handler) session(w http.ResponseWriter, r *http.Request) (*chat.Session, error) {
	secret, _ := h.cookie(r)
	session, renewed, err := h.server.Session(r.Context(), secret)
	if err != nil {
		return nil, err
	}
	if renewed {
		h.setCookie(w, r, secret)
	}
	return &session, nil
}

// visitor says who sent the request: *chat.Error with SignedOut if nobody did,
// with NameInUse if the person's name went to somebody else while he was away.
func (h *Handler) visitor(w http.ResponseWriter, r *http.Request) (visitor, error) {
	ctx, cancel := context.WithTimeout(r.Context(), commandTimeout)
	defer cancel()
	if token, ok := bearer(r); ok {
		actor, err := h.server.EnterBot(ctx, token)
		return visitor{Actor: actor}, err
	}
	session, err := h.session(w, r)
	if err != nil {
		return visitor{}, err
	}
	actor, err := h.server.Enter(ctx, *session)
	return visitor{actor, session}, err
}

func bearer(r *http.Request) (chat.Secret, bool) {
	kind, token, ok := strings.Cut(r.Header.Get("Authorization"), " ")
	if !ok || !strings.EqualFold(kind, "Bearer") {
		return "", false
	}
	return chat.Secret(strings.TrimSpace(token)), true
}

// signedOut is for programs that cannot be sent to a page: whoever has no name is signed out.
func signedOut(err error) error {
	var e *chat.Error
	if errors.As(err, &e) && e.Code == chat.NameInUse {
		return &chat.Error{Code: chat.SignedOut, Text: e.Text, Err: e}
	}
	return err
}
