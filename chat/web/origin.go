package web

import (
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"strings"

	"chatd/chat"
)

// Where a request comes from, and whether it may: the server's own names, the
// page's origin, the client's address behind proxies.

// scheme is how the browser reached the server.
func (h *Handler) scheme(r *http.Request) string {
	if r.TLS != nil {
		return "https"
	}
	if h.fromProxy(r) {
		if proto := forwarded(r, "X-Forwarded-Proto"); proto == "https" || proto == "http" {
			return proto
		}
	}
	if h.public(h.host(r)) {
		return h.options.PublicURL.Scheme
	}
	return "http"
}

// host is the name by which the browser reached the server, with the port if it is not the scheme's own.
func (h *Handler) host(r *http.Request) string {
	if h.fromProxy(r) {
		if host := forwarded(r, "X-Forwarded-Host"); host != "" {
			return host
		}
	}
	return r.Host
}

// forwarded is the entry of a forwarding header that the nearest proxy wrote: the
// last one of the last line. Those before it may be the client's own.
func forwarded(r *http.Request, name string) string {
	list := strings.Join(r.Header.Values(name), ",")
	return strings.TrimSpace(list[strings.LastIndex(list, ",")+1:])
}

// fromProxy says whether forwarding headers may be believed. Only a peer that
// the operator named may say who it speaks for.
func (h *Handler) fromProxy(r *http.Request) bool {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	return err == nil && h.trusted(peer.Addr())
}

func (h *Handler) trusted(addr netip.Addr) bool {
	for _, prefix := range h.options.TrustedProxies {
		if prefix.Contains(addr.Unmap()) {
			return true
		}
	}
	return false
}

// client is the address that limits count by: the peer, or the rightmost
// address in X-Forwarded-For that is not a trusted proxy. An IPv6 client counts by its /64.
func (h *Handler) client(r *http.Request) netip.Addr {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{} // a Unix socket: all together
	}
	addr := peer.Addr().Unmap()
	if h.trusted(addr) {
		hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
		for i := len(hops) - 1; i >= 0 && h.trusted(addr); i-- {
			hop, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
			if err != nil {
				break
			}
			addr = hop.Unmap()
		}
	}
	if addr.Is6() && !addr.IsLoopback() {
		if prefix, err := addr.WithZone("").Prefix(64); err == nil {
			return prefix.Addr()
		}
	}
	return addr
}

// local says whether a Host names this server in a way that no stranger on the
// Internet can bind to its address (DNS rebinding): an IP literal, localhost, a
// single label, a .local name, or the machine's own name.
func local(host string) bool {
	u, err := url.Parse("//" + host)
	if err != nil || u.Host != host {
		return false // not a host with perhaps a port, and nothing else
	}
	name := strings.ToLower(strings.TrimSuffix(u.Hostname(), "."))
	if _, err := netip.ParseAddr(name); err == nil {
		return true
	}
	for _, c := range []byte(name) {
		if !('a' <= c && c <= 'z' || '0' <= c && c <= '9' || c == '-' || c == '.' || c == '_') {
			return false
		}
	}
	own, err := os.Hostname()
	return name != "" && !strings.Contains(name, ".") || strings.HasSuffix(name, ".local") || strings.HasSuffix(name, ".localhost") ||
		err == nil && name == strings.ToLower(own)
}

// loopback says whether a Host leads every machine to itself.
func loopback(host string) bool {
	u, err := url.Parse("//" + host)
	if err != nil {
		return false
	}
	name := strings.ToLower(strings.TrimSuffix(u.Hostname(), "."))
	addr, err := netip.ParseAddr(name)
	return err == nil && addr.Unmap().IsLoopback() || name == "localhost" || strings.HasSuffix(name, ".localhost")
}

// served says whether this server answers to the name that the request used.
func (h *Handler) served(r *http.Request) bool {
	host := h.host(r)
	return local(host) || h.public(host)
}

// public says whether a Host is that of the address which the operator named.
func (h *Handler) public(host string) bool {
	public := h.options.PublicURL
	return public != nil && origin(public.Scheme, host) == origin(public.Scheme, public.Host)
}

// origin is the RFC 6454 form of scheme and host: lower case, without the scheme's own port.
func origin(scheme, host string) string {
	host = strings.ToLower(host)
	switch scheme {
	case "http":
		host = strings.TrimSuffix(host, ":80")
	case "https":
		host = strings.TrimSuffix(host, ":443")
	}
	return scheme + "://" + host
}

// sameOrigin holds against other sites acting through somebody's session. A
// request with a session cookie must say that it is from here: by its Origin, or, where a browser
// sends none, by Sec-Fetch-Site. An upgrade cannot be without: browsers send its Origin always.
// (net/http's CrossOriginProtection knows neither the scheme nor the cookie.)
func (h *Handler) sameOrigin(r *http.Request, upgrade bool) *chat.Error {
	if h.foreign(r) || !upgrade && r.Header.Get("Sec-Fetch-Site") == "cross-site" { // whatever its Origin
		return errForeign
	}
	if _, cookie := h.cookie(r); cookie && r.Header.Get("Origin") == "" && (upgrade || r.Header.Get("Sec-Fetch-Site") != "same-origin") {
		return errForeign
	}
	return nil
}

// foreign says that a request admits to come from elsewhere.
func (h *Handler) foreign(r *http.Request) bool {
	switch origins := r.Header.Values("Origin"); len(origins) {
	case 0:
		site := r.Header.Get("Sec-Fetch-Site")
		return site != "" && site != "same-origin" && site != "none"
	case 1:
		own := origins[0] == origin(h.scheme(r), h.host(r))
		return !own && (h.options.PublicURL == nil || origins[0] != origin(h.options.PublicURL.Scheme, h.options.PublicURL.Host))
	}
	return true
}

var errForeign = chat.Refuse(chat.Forbidden, "This request comes from another site. Open the chat at its own address. (Behind a proxy: see --public-url.)")
