package cmd_test

import (
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync/atomic"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
)

// offline: what is written without a network waits, over a reload too, and is sent once.
func offline(s *stage) {
	bob := s.joins("bob")
	way := newRelay(s)
	s.URL = way.URL
	ana := s.joins("ana")
	ana.mayLog(whileAway...)
	ana.says("with a network")

	ana.unplugs(way)
	ana.writes("without one")
	ana.seesStatus("You are offline")
	if moving := asks[int](ana.webPage, `document.getAnimations().length`); moving != 0 {
		s.Errorf("%d things move while a message can only wait", moving)
	}
	ana.hasScreen(screen{320, 568, true})
	if beside := asks[float64](ana.webPage, `document.querySelector("#status span").getBoundingClientRect().left - document.querySelector("#status").getBoundingClientRect().left`); beside < 8 {
		s.Error("on a small screen the words about the connection stand below their dot")
	}
	ana.hasScreen(screen{1280, 800, false})
	if m := ana.sees("ana: without one"); m.State != "waiting" {
		s.Errorf("without a network a message is %s", m.State)
	}
	ana.plugsIn(way)
	ana.seesSent("without one")
	bob.sees("ana: without one")
	ana.seesStatus("")

	ana.unplugs(way)
	ana.writes("and before a reload")
	ana.seesStatus("You are offline")
	do(ana.webPage, command(page.Reload, page.ReloadParams{})) // the browser's own page says that there is no network
	ana.waits("no page of chatd", func(v view) bool { return v.Heading != "Lobby" })
	ana.plugsIn(way)
	ana.opens("/")
	ana.isIn()
	ana.seesSent("and before a reload")
	bob.sees("ana: and before a reload")
	s.history("ana: with a network", "ana: without one", "ana: and before a reload")
}

// unplugs pulls the cable, and the system tells the browser.
func (p *person) unplugs(way *relay) {
	p.stage.Helper()
	way.pull()
	p.isTold(true)
}

func (p *person) plugsIn(way *relay) {
	p.stage.Helper()
	way.plug(p.stage)
	p.isTold(false)
}

func (p *person) isTold(offline bool) {
	p.stage.Helper()
	do(p.webPage, command(network.OverrideNetworkState, network.OverrideNetworkStateParams{Offline: offline, DownloadThroughput: -1, UploadThroughput: -1}))
}

// withoutWebSocket: where a proxy does not let them through, people talk all the same.
func withoutWebSocket(s *stage) {
	var upgrades, streams, posts atomic.Int32
	server, err := url.Parse(s.URL)
	if err != nil {
		s.Fatal(err)
	}
	forward := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(server)
		r.Out.Host = r.In.Host
	}}
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Header.Get("Upgrade") != "":
			upgrades.Add(1)
			http.Error(w, "no upgrades here", http.StatusBadRequest)
			return
		case r.Header.Get("Accept") == "text/event-stream":
			streams.Add(1)
		case r.Method == http.MethodPost && r.URL.Path == "/api/commands":
			posts.Add(1)
		}
		forward.ServeHTTP(w, r)
	}))
	s.Cleanup(proxy.Close)
	s.Cleanup(func() { proxy.CloseClientConnections() })
	s.URL = proxy.URL

	ana, bob := s.joins("ana"), s.joins("bob")
	s.mayLog("WebSocket connection to")
	ana.says("hello through the proxy")
	bob.sees("ana: hello through the proxy")
	bob.says("and back")
	ana.sees("bob: and back")
	ana.seesStatus("")
	bob.waitsFor("the event behind the answer", `document.querySelector("#messages > li[data-cid]:not([data-id])") === null`)
	bob.presses(arrowUp)
	bob.waitsFor("the editor", `document.activeElement.matches(".editor textarea")`)
	bob.types(" again")
	bob.presses(enter)
	ana.sees("bob: and back again")
	if upgrades.Load() != 6 || streams.Load() != 2 || posts.Load() != 3 {
		s.Errorf("two people tried %d upgrades, opened %d streams and commanded %d times", upgrades.Load(), streams.Load(), posts.Load())
	}
	s.history("ana: hello through the proxy", "bob: and back again")
	s.mayLog("WebSocket connection to")
}

// overPlainHTTP: an address of the local network is no secure place for a browser, and
// much of it is missing there. People talk all the same.
func overPlainHTTP(s *stage) {
	s.URL = strings.Replace(s.URL, "127.0.0.1", lan, 1)
	ana, bob := s.joins("ana"), s.joins("bob")
	if asks[bool](ana.webPage, `isSecureContext`) {
		s.Fatalf("%s is a secure place", s.URL)
	}
	ana.says("hello over there")
	bob.sees("ana: hello over there")
	bob.clicks("Copy address")
	bob.clicks("Copied")
	over := asks[float64](bob.webPage, `performance.now()`) + 2_500
	bob.waitsFor("both clicks to be over", scripted(`performance.now() > %v`, over))
	bob.finds("Copy address")
	s.history("ana: hello over there")
	s.mayLog("Cross-Origin-Opener-Policy", "Origin-Agent-Cluster") // headers that only count where it is secure
}
