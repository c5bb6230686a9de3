package cmd_test

import (
	"io"
	"net/http"
	"path"
	"strings"
)

// The room may weigh so much, packed (issue 4, point 7).
const (
	maxScript = 60 << 10
	maxStyle  = 15 << 10
)

// weight: what the room asks for is light, comes from here, and is asked for once.
func weight(s *stage) {
	ana := s.joins("ana")
	ana.says("hi")
	before := len(ana.everything())
	ana.opens("/r/lobby")
	ana.isIn()
	packed := map[string]int{}
	for _, response := range ana.everything()[before:] {
		if !strings.Contains(response.URL, "/assets/") {
			continue
		}
		if !response.cached && !strings.Contains(response.URL, "/js/later/") { // those may have been on their way when the page was left
			s.Errorf("%s is asked for again", response.URL)
		}
		size, header := download(s, response.URL)
		packed[path.Ext(response.URL)] += size
		if cache := header.Get("Cache-Control"); !strings.Contains(cache, "immutable") {
			s.Errorf("%s may be kept: %q", response.URL, cache)
		}
	}
	s.Logf("packed: %v bytes", packed)
	if js := packed[".js"]; js == 0 || js > maxScript {
		s.Errorf("the room has %d bytes of script", js)
	}
	if css := packed[".css"]; css == 0 || css > maxStyle {
		s.Errorf("the room has %d bytes of style", css)
	}
	s.history("ana: hi")
}

// download returns how many bytes an address costs, packed.
func download(s *stage, address string) (int, http.Header) {
	s.Helper()
	request, err := http.NewRequestWithContext(within(s), http.MethodGet, address, nil)
	if err != nil {
		s.Fatal(err)
	}
	request.Header.Set("Accept-Encoding", "gzip") // then it is not unpacked on the way
	transport := &http.Transport{DisableKeepAlives: true}
	response, err := transport.RoundTrip(request)
	if err != nil {
		s.Fatal(err)
	}
	defer response.Body.Close()
	size, err := io.Copy(io.Discard, response.Body)
	if err != nil {
		s.Fatal(err)
	}
	return int(size), response.Header
}
