// Package web speaks chatd's protocol: pages, plain HTTP, and the stream over
// WebSocket and server-sent events. It knows URLs, cookies, origins, JSON and
// frames. It does not know SQL, nor what a message means: it turns what comes in
// into commands of chat.Server, and what a chat.Feed hands out into bytes.
package web

import (
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"runtime/debug"
	"time"

	"chatd/chat"
)

// commandTimeout is how long a request waits for the log's answer.
const commandTimeout = 5 * time.Second

// Handler serves everything that chatd serves. Safe for concurrent use.
type Handler struct {
	server  *chat.Server
	options Options
	logger  *slog.Logger
	texts   *catalogues
	mux     *http.ServeMux
	streams *streams
	logins  *chat.Limiter[netip.Addr]
}

// Options are what a Handler is told by those who build it.
type Options struct {
	Templates fs.FS        // login.html, index.html, error.html and what they share
	Texts     fs.FS        // what they say: a file a language, de.json
	Static    http.Handler // what is under StaticPrefix
	// StaticPrefix is the address of Static, and Build its version: a page of another one reloads itself.
	StaticPrefix, Build string
	Version             string
	Logger              *slog.Logger

	PublicURL      *url.URL       // where browsers find the server; nil: at any name that is local
	TrustedProxies []netip.Prefix // peers whose X-Forwarded headers count
	// Network says where others in the network find the server, "" when they cannot: asked for
	// readers on the server's own machine, whose address leads nobody else here. May be nil.
	Network func() string

	Heartbeat        time.Duration // how often a silent stream says something
	MessageRate      int           // as in chat.Options: told to clients, and the measure of a flood
	ConnectionsPerIP int           // streams at once from one address; 0: no limit
	LoginRate        int           // sign-ins a minute from one address; 0: no limit
}

// New puts a handler together. Its goroutines, one for the heartbeat and those of its streams, end with Drain.
func New(server *chat.Server, o Options) (*Handler, error) {
	texts, err := readCatalogues(o.Texts, o.Templates)
	if err != nil {
		return nil, err
	}
	streams, err := newStreams(o)
	if err != nil {
		return nil, err
	}
	h := &Handler{
		server: server, options: o, logger: o.Logger, texts: texts, streams: streams,
		logins: chat.NewLimiter[netip.Addr](o.LoginRate, time.Minute, o.LoginRate),
	}
	server.OnBan(h.streams.ban)
	h.mux = h.routes()
	return h, nil
}

// ServeHTTP implements http.Handler.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	defer h.recover(w, r)
	header := w.Header()
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("X-Frame-Options", "DENY")
	header.Set("Referrer-Policy", "same-origin") // not no-referrer: that would turn the Origin of a form into null
	header.Set("Cross-Origin-Opener-Policy", "same-origin")
	header.Set("Cross-Origin-Resource-Policy", "same-origin")
	header.Set("Origin-Agent-Cluster", "?1")
	header.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()")
	header.Set("Cache-Control", "no-store")
	if r.Body != http.NoBody {
		// Nobody waits longer for a body, read or not: what a handler leaves, net/http still reads.
		// A connection that cannot have a deadline (a test's recorder) has no slow sender either.
		_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(bodyTimeout))
	}
	if !h.served(r) {
		h.misdirected(w)
		return
	}
	if h.scheme(r) == "https" {
		header.Set("Strict-Transport-Security", "max-age=31536000")
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		if err := h.sameOrigin(r, false); err != nil {
			h.fail(w, r, err)
			return
		}
	}
	h.mux.ServeHTTP(w, r)
}

// contentSecurity is the policy of pages: everything from here, nothing inline,
// no markup from strings but through the one policy (assets/js/trusted.js).
// The stream is named because older WebKit does not count ws: as 'self'.
func (h *Handler) contentSecurity(r *http.Request) string {
	stream := "ws://"
	if h.scheme(r) == "https" {
		stream = "wss://"
	}
	return "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; media-src 'self' blob:; font-src 'self'; " +
		"connect-src 'self' " + stream + h.host(r) + "; manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; " +
		"frame-ancestors 'none'; frame-src 'none'; object-src 'none'; require-trusted-types-for 'script'; trusted-types chatd"
}

// misdirected answers a name that is not this server's.
func (h *Handler) misdirected(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(http.StatusMisdirectedRequest)
	fmt.Fprintln(w, "This chatd does not answer to that name. Open it by its address, by localhost or by a name in the local network; or start it with --public-url and the address that people use.")
}

// recover ends a request in which the program failed: the client gets a
// sentence, the log the stack.
func (h *Handler) recover(w http.ResponseWriter, r *http.Request) {
	cause := recover()
	if cause == nil {
		return
	}
	if cause == http.ErrAbortHandler {
		panic(cause)
	}
	h.logger.Error("a request made the program fail", "method", r.Method, "path", r.URL.Path, "err", cause, "stack", string(debug.Stack()))
	answer(w, http.StatusInternalServerError, refusal{Code: chat.Unavailable, Message: "Something went wrong on the server."})
}
