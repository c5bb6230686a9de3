package web_test

import (
	"strings"
	"testing"
)

// TestAddressForOthers: what a page offers to give to others leads them here. localhost
// leads every machine to itself, so there the network's own address stands.
func TestAddressForOthers(t *testing.T) {
	network := "http://192.168.1.20:5000/"
	s := newServer(t, func(o *settings) { o.Network = func() string { return network } })
	ana := s.signIn("ana")
	port := s.addr[strings.LastIndex(s.addr, ":"):]
	for host, want := range map[string]string{
		"localhost" + port:      network,
		"LOCALHOST." + port:     network,
		"chat.localhost" + port: network,
		"127.0.0.1" + port:      network,
		"127.8.8.8" + port:      network,
		"[::1]" + port:          network,
		"192.168.7.7" + port:    "http://192.168.7.7" + port + "/",
		"kitchen" + port:        "http://kitchen" + port + "/",
	} {
		page := s.call("GET", "/r/lobby", "", append(ana.lines(), "Host: "+host)...)
		if !strings.Contains(page.text, `data-copy="`+want+`"`) {
			t.Errorf("to a reader at %s the page does not offer %s", host, want)
		}
	}

	network = "" // for this machine alone
	page := s.call("GET", "/r/lobby", "", ana.lines()...)
	if strings.Contains(page.text, "data-copy=") || !strings.Contains(page.text, "only this computer") {
		t.Error("the page offers an address that leads nobody here")
	}
	if a := s.call("GET", "/qr.svg", "", ana.lines()...); a.StatusCode != 404 {
		t.Errorf("its picture is answered with %d", a.StatusCode)
	}
}
