package web

import (
	"net/http"

	"chatd/chat"
)

// routes is every URL there is. Pages send whoever is not signed in to /login;
// the API answers 401.
func (h *Handler) routes() *http.ServeMux {
	mux := http.NewServeMux()

	mux.HandleFunc("GET /{$}", h.page(h.home))
	mux.HandleFunc("GET /login", h.loginForm)
	mux.HandleFunc("POST /login", h.login)
	mux.HandleFunc("POST /logout", h.logout)
	mux.HandleFunc("POST /language", h.chooseLanguage)
	mux.HandleFunc("POST /density", h.chooseDensity)
	mux.HandleFunc("GET /r/{room}", h.page(h.room))
	mux.HandleFunc("GET /r/{room}/{id}", h.page(h.room))
	mux.HandleFunc("GET /mentions", h.page(h.mentionsPage))
	mux.HandleFunc("GET /qr.svg", h.page(h.qr))
	mux.HandleFunc("GET /account", h.page(h.account))
	mux.HandleFunc("POST /account/password", h.page(h.password))
	mux.HandleFunc("POST /account/phone", h.page(h.handOver))
	mux.HandleFunc("GET /phone/{secret}", h.phone)
	mux.HandleFunc("POST /phone/{secret}", h.takeOver)
	mux.HandleFunc("GET /host/{secret}", h.hostForm)
	mux.HandleFunc("POST /host/{secret}", h.becomeHost)
	mux.HandleFunc("GET /settings", h.page(h.settings))
	mux.HandleFunc("POST /settings", h.page(h.changeSettings))
	mux.HandleFunc("GET /reports", h.page(h.reports))
	mux.HandleFunc("POST /reports", h.page(h.closeReport))
	mux.HandleFunc("GET /audit", h.page(h.audit))
	mux.Handle("GET "+h.options.StaticPrefix+"/", h.options.Static)

	mux.HandleFunc("GET /api/me", h.api(h.me))
	mux.HandleFunc("GET /api/rooms", h.api(h.rooms))
	mux.HandleFunc("POST /api/rooms", h.api(h.createRoom))
	mux.HandleFunc("POST /api/rooms/{room}/join", h.api(h.join))
	mux.HandleFunc("POST /api/rooms/{room}/leave", h.api(h.leave))
	mux.HandleFunc("POST /api/rooms/{room}/change", h.api(h.changeRoom))
	mux.HandleFunc("POST /api/rooms/{room}/archive", h.api(h.archiveRoom))
	mux.HandleFunc("POST /api/rooms/{room}/level", h.api(h.setLevel))
	mux.HandleFunc("POST /api/rooms/{room}/report", h.api(h.report))
	mux.HandleFunc("POST /api/rooms/{room}/slow", h.api(h.slow))
	mux.HandleFunc("POST /api/rooms/{room}/invite", h.api(h.invite))
	mux.HandleFunc("POST /api/rooms/{room}/remove", h.api(h.remove))
	mux.HandleFunc("GET /api/rooms/{room}/members", h.api(h.members))
	mux.HandleFunc("GET /api/people", h.api(h.people))
	mux.HandleFunc("GET /api/mentions", h.api(h.mentions))
	mux.HandleFunc("GET /api/people/{person}", h.api(h.profile))
	mux.HandleFunc("GET /api/ignored", h.api(h.ignored))
	mux.HandleFunc("POST /api/people/{person}/ignore", h.api(h.ignore))
	mux.HandleFunc("POST /account/unignore", h.page(h.unignore))
	mux.HandleFunc("POST /api/people/{person}/role", h.api(h.setRole))
	mux.HandleFunc("POST /api/people/{person}/ban", h.api(h.ban))
	mux.HandleFunc("POST /api/people/{person}/unban", h.api(h.unban))
	mux.HandleFunc("POST /api/direct", h.api(h.direct))
	mux.HandleFunc("GET /api/rooms/{room}/messages", h.api(h.messages))
	mux.HandleFunc("POST /api/rooms/{room}/messages", h.api(h.post))
	mux.HandleFunc("GET /api/rooms/{room}/messages/{id}/thread", h.api(h.thread))
	mux.HandleFunc("GET /api/rooms/{room}/messages/{id}/revisions", h.api(h.revisions))
	mux.HandleFunc("GET /api/rooms/{room}/pins", h.api(h.pins))
	mux.HandleFunc("POST /api/commands", h.api(h.act))
	mux.HandleFunc("GET /api/stream", h.api(h.stream))

	mux.HandleFunc("GET /healthz", h.healthz)
	mux.HandleFunc("GET /readyz", h.readyz)
	mux.HandleFunc("GET /version", h.version)

	mux.HandleFunc("/api/", func(w http.ResponseWriter, r *http.Request) {
		h.fail(w, r, chat.Refuse(chat.NotFound, "There is nothing at this address."))
	})
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		words := h.words(r)
		h.errorPage(w, r, http.StatusNotFound, words.text("page.nothing"), words.text("page.no_page"))
	})
	return mux
}

// api is a handler for somebody who is signed in.
func (h *Handler) api(handle func(http.ResponseWriter, *http.Request, visitor) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		who, err := h.visitor(w, r)
		if err != nil {
			err = signedOut(err)
		} else {
			err = handle(w, r, who)
		}
		if err != nil {
			h.fail(w, r, err)
		}
	}
}

func (h *Handler) healthz(w http.ResponseWriter, _ *http.Request) {
	answer(w, http.StatusOK, map[string]string{"status": "ok"})
}

// readyz says whether commands are taken: not before the log is followed, and not while stopping.
func (h *Handler) readyz(w http.ResponseWriter, _ *http.Request) {
	if !h.server.Ready() || h.streams.draining() {
		answer(w, http.StatusServiceUnavailable, map[string]string{"status": "not ready"})
		return
	}
	answer(w, http.StatusOK, map[string]string{"status": "ready"})
}

func (h *Handler) version(w http.ResponseWriter, _ *http.Request) {
	answer(w, http.StatusOK, map[string]string{"version": h.options.Version})
}
