package web_test

import (
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

// Raw frames as RFC 6455 forbids them, or the protocol does; and which word the server goes with.
func TestFrames(t *testing.T) {
	s := newServer(t)
	ana := s.signIn("ana")
	const ping = `{"do":"ping","cid":"p1"}`
	post := func(text string) string { return `{"do":"post","cid":"p1","room":"lobby","text":"` + text + `"}` }
	frame, closing := frameOf, func(payload string) string { return frameOf(fin|opClose, payload) }
	for name, test := range map[string]struct {
		bytes string
		want  int // 0: dropped without a word
	}{
		"unmasked":                     {header(fin|opText, 0, len(ping)) + ping, 0},
		"reserved bit 1":               {frame(fin|0x40|opText, ping), 1002},
		"reserved bit 2":               {frame(fin|0x20|opText, ping), 1002},
		"reserved bit 3":               {frame(fin|0x10|opText, ping), 1002},
		"reserved bit of a ping":       {frame(fin|0x40|opPing, ""), 1002},
		"opcode 3":                     {frame(fin|0x3, ping), 1002},
		"opcode 7":                     {frame(fin|0x7, ping), 1002},
		"opcode 11":                    {frame(fin|0xB, ""), 1002},
		"opcode 15":                    {frame(fin|0xF, ""), 1002},
		"continuation of nothing":      {frame(fin|opContinuation, ping), 1002},
		"text within a text":           {frame(opText, post("a")[:9]) + frame(fin|opText, ping), 1002},
		"fragmented ping":              {frame(opPing, ""), 1002},
		"fragmented close":             {frame(opClose, ""), 1002},
		"ping of 126":                  {frame(fin|opPing, strings.Repeat("p", 126)), 1002},
		"close of 126":                 {closing("\x03\xe8" + strings.Repeat("p", 124)), 1002},
		"close with half a code":       {closing("\x03"), 1002},
		"close 0":                      {closing("\x00\x00"), 1002},
		"close 999":                    {closing("\x03\xe7"), 1002},
		"close 1004":                   {closing("\x03\xec"), 1002},
		"close 1005":                   {closing("\x03\xed"), 1002},
		"close 1006":                   {closing("\x03\xee"), 1002},
		"close 1015":                   {closing("\x03\xf7"), 1002},
		"close 5000":                   {closing("\x13\x88"), 1002},
		"close 1000":                   {closing("\x03\xe8bye"), 1000},
		"close 1001":                   {closing("\x03\xe9"), 1001},
		"close 4999":                   {closing("\x13\x87"), 4999},
		"close, not UTF-8":             {closing("\x03\xe8bye \xff"), 1007},
		"close, half a rune":           {closing("\x03\xe8\xe2\x82"), 1007},
		"close, in letters":            {closing("\x03\xe8adiós"), 1000},
		"binary":                       {frame(fin|opBinary, ping), 1003},
		"binary in parts":              {frame(opBinary, ping[:3]) + frame(fin|opContinuation, ping[3:]), 1003},
		"empty binary":                 {frame(fin|opBinary, ""), 1003},
		"invalid UTF-8":                {frame(fin|opText, post("\xff")), 1007},
		"overlong":                     {frame(fin|opText, post("\xc0\xaf")), 1007},
		"surrogate":                    {frame(fin|opText, post("\xed\xa0\x80")), 1007},
		"over U+10FFFF":                {frame(fin|opText, post("\xf4\x90\x80\x80")), 1007},
		"unfinished rune":              {frame(fin|opText, "\xe2\x82"), 1007},
		"invalid over two frames":      {frame(opText, post("a")[:9]+"\xe2") + frame(fin|opContinuation, "\x28\xa1"), 1007},
		"unfinished over two frames":   {frame(opText, "\xe2") + frame(fin|opContinuation, "\x82"), 1007},
		"65537 bytes":                  {frame(fin|opText, post(strings.Repeat("a", 65537-len(post(""))))), 1009},
		"65537 bytes in parts":         {frame(opText, strings.Repeat(" ", 40000)) + frame(fin|opContinuation, strings.Repeat(" ", 25537)), 1009},
		"2^63 bytes announced":         {"\x81\xff\x80\x00\x00\x00\x00\x00\x00\x00\x11\x22\x33\x44" + strings.Repeat(" ", 70000), 0},
		"a gigabyte announced":         {"\x81\xff\x00\x00\x00\x00\x40\x00\x00\x00\x11\x22\x33\x44" + strings.Repeat(" ", 70000), 1009},
		"many small parts, over 65536": {frame(opText, " ") + strings.Repeat(frame(opContinuation, strings.Repeat(" ", 100)), 700), 1009},
	} {
		t.Run(name, func(t *testing.T) {
			s := s.in(t)
			s.unchanged(name, func() {
				c := s.live(ana)
				defer c.Close()
				c.bytes(test.bytes)
				if got := c.closed(); got != test.want {
					t.Errorf("closed with %d, want %d", got, test.want)
				}
				c.answerClose()
				c.gone()
			})
		})
	}
	s.live(ana).bye() // and ana may come back
}

// What RFC 6455 allows is taken: a message in many parts, control frames between them, empty parts, no goodbye reason.
func TestFramesThatAreFine(t *testing.T) {
	s := newServer(t)
	ana := s.signIn("ana")
	c := s.live(ana)
	c.frame(opText, `{"do":"post","cid":"c1","room":"lobby",`)
	c.frame(fin|opPing, "are you there?")
	c.frame(opContinuation, "")
	c.frame(fin|opPong, "unasked")
	text := `"text":"ü"}`
	cut := strings.Index(text, "ü") + 1
	c.frame(opContinuation, text[:cut]) // in the middle of a letter
	c.frame(fin|opContinuation, text[cut:])
	pong, ack, event := false, false, false
	for !pong || !ack || !event {
		opcode, payload, err := c.receive()
		s.ok(err)
		switch {
		case opcode == opPong:
			pong = payload == "are you there?"
		case strings.Contains(payload, `"ack"`):
			ack = true
		case strings.Contains(payload, `"text":"ü"`):
			event = true
		}
	}
	ping := `{"do":"ping","cid":"p1"}`
	c.send(ping + strings.Repeat(" ", 64<<10-len(ping))) // the largest frame there may be
	c.until("ack")
	c.frame(fin|opClose, "")
	if code := c.closed(); code != 1005 {
		t.Errorf("a goodbye without a reason is answered with %d", code)
	}
	c.gone()
}

// Who does not answer a goodbye is left standing after a second.
func TestSilentPeerIsLeft(t *testing.T) {
	t.Parallel() // it waits for seconds
	s := newServer(t)
	ana := s.signIn("ana")
	for name, test := range map[string]struct {
		do   func(*socket)
		want int
	}{
		"signed out": {func(*socket) { s.call("POST", "/logout", "", ana.lines()...) }, 4500},
		"binary":     {func(c *socket) { c.frame(fin|opBinary, "") }, 1003},
	} {
		c := s.live(ana)
		test.do(c)
		if code := c.closed(); code != test.want {
			t.Errorf("%s: %d", name, code)
		}
		told := time.Now()
		c.gone()
		if waited := time.Since(told); waited > 3*time.Second {
			t.Errorf("%s: the server waited %v for an answer", name, waited)
		}
		ana = s.signIn("ana" + map[bool]string{true: "x", false: "y"}[name == "binary"])
	}
}

func TestFlood(t *testing.T) {
	s := newServer(t)
	ana, bob := s.signIn("ana"), s.signIn("bob")
	other := s.live(bob)
	defer other.bye()
	for name, flood := range map[string]string{
		"pings of the protocol": frameOf(fin|opText, `{"do":"ping","cid":"p"}`),
		"typing":                frameOf(fin|opText, `{"do":"typing","cid":"p","room":"lobby"}`),
		"nonsense":              frameOf(fin|opText, `x`),
		"pings":                 frameOf(fin|opPing, ""),
		"pongs":                 frameOf(fin|opPong, ""),
	} {
		c := s.live(ana)
		c.bytes(strings.Repeat(flood, 300))
		if code := c.closed(); code != 4013 {
			t.Errorf("%s: closed with %d", name, code)
		}
		c.answerClose()
		c.gone()
	}
	other.send(`{"do":"ping","cid":"still-here"}`)
	other.until("ack")
}

func TestProtocolTooOld(t *testing.T) {
	s := newServer(t)
	ana := s.signIn("ana")
	c := s.dial("/api/stream", ana.lines("Sec-WebSocket-Protocol: chatd.v0")...)
	if hello := c.next(); hello["kind"] != "hello" {
		t.Errorf("first came %v", hello)
	}
	if code := c.closed(); code != 4506 {
		t.Errorf("closed with %d", code)
	}
}

// An upgrade over a request that has a body, or half of one, is none of ours to guess at.
func TestAmbiguousRequests(t *testing.T) {
	s := newServer(t)
	bearer := s.bot("deploy")
	for name, c := range map[string]struct {
		lines string
		want  []int
	}{
		"both lengths":      {"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", []int{400}},
		"two lengths":       {"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!", []int{400}},
		"bad length":        {"Content-Length: -1\r\n\r\n", []int{400}},
		"bad chunk size":    {"Transfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n0\r\n\r\n", []int{400}},
		"another encoding":  {"Transfer-Encoding: gzip\r\n\r\nhello", []int{400, 501}},
		"two hosts":         {"Host: localhost\r\nContent-Length: 2\r\n\r\nhi", []int{400}},
		"blank in a name":   {"X Y: z\r\nContent-Length: 2\r\n\r\nhi", []int{400}},
		"16 KiB of headers": {"X: " + strings.Repeat("x", 40<<10) + "\r\nContent-Length: 2\r\n\r\nhi", []int{431}},
		"1000 headers":      {strings.Repeat("X-Some-Header: and its value\r\n", 1000) + "Content-Length: 2\r\n\r\nhi", []int{431}},
	} {
		s.unchanged(name, func() {
			conn := s.connect()
			conn.Write([]byte("POST /api/rooms/lobby/messages HTTP/1.1\r\nHost: " + s.addr + "\r\n" + bearer + "\r\n" + c.lines))
			response, err := http.ReadResponse(conn.Reader, nil)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			ok := false
			for _, want := range c.want {
				ok = ok || response.StatusCode == want
			}
			if !ok {
				t.Errorf("%s: %d", name, response.StatusCode)
			}
		})
	}
}

// A body that comes drop by drop is not waited for, whether somebody wants it or not. (net/http reads what a
// handler leaves, and answers after that.)
func TestSlowBodies(t *testing.T) {
	t.Parallel() // it waits for seconds
	s := newServer(t)
	ana := s.signIn("ana")
	var all sync.WaitGroup
	for _, request := range []string{"POST /login", "POST /logout", "POST /api/rooms/lobby/join", "POST /nothing", "GET /healthz", "GET /login"} {
		c := &socket{server: s, conn: s.connect()}
		c.bytes(request, " HTTP/1.1\r\nHost: ", s.addr, "\r\n", strings.Join(ana.lines(), "\r\n"), "\r\nContent-Length: 1000\r\n\r\nx")
		all.Go(func() {
			c.conn.SetReadDeadline(time.Now().Add(3 * guard))
			if _, err := io.Copy(io.Discard, c.conn.Conn.(guarded).Conn); err != nil {
				t.Errorf("%s: %v", request, err)
			}
		})
	}
	all.Wait()
}

// Headers that come drop by drop are not waited for. (The bound itself is cmd's.)
func TestSlowHeaders(t *testing.T) {
	s := newServer(t, func(o *settings) { o.http.ReadHeaderTimeout = 100 * time.Millisecond })
	c := &socket{server: s, conn: s.connect()}
	c.bytes("GET /login HTTP/1.1\r\nHost: ")
	c.gone()
}
