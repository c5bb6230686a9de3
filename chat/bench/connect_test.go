package bench

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
)

// accept upgrades by hand and says live, in one piece with the answer.
func accept(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return
	}
	defer conn.Close()
	conn.Write(append([]byte("HTTP/1.1 101 Switching Protocols\r\n\r\n"), private("live")...))
	io.Copy(io.Discard, conn) // until the other side has enough
}

// dial connects two people to a server that answers upgrades with h.
func dial(t *testing.T, a *approach, h http.HandlerFunc) error {
	t.Helper()
	server := httptest.NewServer(h)
	defer server.Close()
	p, err := newPoller()
	if err != nil {
		t.Fatal(err)
	}
	defer p.close()
	c := theatre(2)
	c.poller, c.server.URL = p, server.URL
	c.people[0] = Person{"ana", "chatd-1=secret"}
	a.atOnce, a.query = 2, func(*conn) url.Values { return url.Values{"after": {"7"}} }
	return c.connect(t.Context(), c.conns, a)
}

func TestConnect(t *testing.T) {
	var asked atomic.Int64
	err := dial(t, new(approach), func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Cookie") == "chatd-1=secret" && r.URL.String() == "/api/stream?after=7" && r.Header.Get("Origin") == "http://"+r.Host {
			asked.Add(1)
		}
		accept(w)
	})
	if err != nil || asked.Load() != 1 {
		t.Errorf("%v; %d requests as they should be", err, asked.Load())
	}
}

func TestRefusals(t *testing.T) {
	var answers atomic.Int64
	refuse := func(retryAfter string) http.HandlerFunc {
		answers.Store(0)
		return func(w http.ResponseWriter, _ *http.Request) {
			if answers.Add(1) > 1 {
				accept(w)
				return
			}
			if retryAfter != "" {
				w.Header().Set("Retry-After", retryAfter)
			}
			w.WriteHeader(http.StatusServiceUnavailable)
			fmt.Fprint(w, "not now")
		}
	}
	if err := dial(t, new(approach), refuse("0")); err == nil || !strings.Contains(err.Error(), "503: not now") {
		t.Errorf("whoever takes no refusal: %v", err)
	}
	patient := &approach{patient: true}
	if err := dial(t, patient, refuse("0")); err != nil || patient.refused.Load() != 1 {
		t.Errorf("whoever is patient: %v, %d refusals", err, patient.refused.Load())
	}
	if err := dial(t, &approach{patient: true}, refuse("")); err == nil || !strings.Contains(err.Error(), "does not say when to come back") {
		t.Errorf("a refusal without Retry-After: %v", err)
	}
}

func TestSignIn(t *testing.T) {
	var names atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/login" || r.Header.Get("Origin") == "" {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		if names.Add(1) > 100 {
			w.WriteHeader(http.StatusTooManyRequests)
			return
		}
		http.SetCookie(w, &http.Cookie{Name: "chatd-1", Value: r.FormValue("nickname")})
		http.Redirect(w, r, "/r/lobby", http.StatusSeeOther)
	}))
	defer server.Close()
	people, err := SignIn(t.Context(), server.URL, 100, Progress{})
	if err != nil {
		t.Fatal(err)
	}
	for i, p := range people {
		if p.Cookie != "chatd-1="+p.Name || !strings.HasSuffix(p.Name, fmt.Sprint("-", i)) {
			t.Errorf("person %d: %+v", i, p)
		}
	}
	if _, err := SignIn(t.Context(), server.URL, 1, Progress{}); err == nil || !strings.Contains(err.Error(), "--login-rate 0") {
		t.Errorf("one too many: %v", err)
	}
}
