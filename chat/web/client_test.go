package web

import (
	"net/http/httptest"
	"testing"
)

// Symptom: on this machine, reached as localhost over IPv6, the page said "Not encrypted".
func TestLoopbackIsNotTheNetwork(t *testing.T) {
	h := &Handler{}
	for from, plain := range map[string]bool{
		"127.0.0.1:1": false, "[::1]:1": false, "[::ffff:127.0.0.1]:1": false,
		"192.0.2.7:1": true, "[fd00::2]:1": true,
	} {
		r := httptest.NewRequest("GET", "http://localhost:5000/", nil)
		r.RemoteAddr = from
		if h.plain(r) != plain {
			t.Errorf("from %s plain is %v", from, !plain)
		}
	}
}
