package web_test

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// The reference is protocol.md. Everything fenced in it is an example, and every
// example is replayed here, in its order, against a running server; what the server
// can say and the reference does not have fails the test, too.
//
// > is what a client sends, < what it gets. $name is a value that differs each time:
// the first time it is noted, after that it must be the same. … is anything.

// block is one fenced example.
type block struct {
	line       int
	kind, name string   // ```ws ana
	flags      []string // of the server, if this block is the first that wants one like that
	fresh      bool     // a new section: a new server
	lines      []string
}

var (
	fence   = regexp.MustCompile("^```(.*)$")
	started = regexp.MustCompile("`chatd serve( --[^`]*)`")
)

func examples(t *testing.T) (blocks []block, text string) {
	data, err := os.ReadFile("protocol.md")
	if err != nil {
		t.Fatal(err)
	}
	var b *block
	var next block
	for i, line := range strings.Split(string(data), "\n") {
		switch mark := fence.FindStringSubmatch(line); {
		case mark != nil && b == nil:
			next.kind, next.name, _ = strings.Cut(mark[1], " ")
			next.line = i + 1
			b = &next
		case mark != nil:
			blocks, b, next = append(blocks, *b), nil, block{}
		case b != nil:
			b.lines = append(b.lines, line)
		case strings.HasPrefix(line, "## "):
			next.fresh = true
		case strings.HasPrefix(line, "    ") || strings.HasPrefix(line, "\t"):
			t.Errorf("line %d: an example that is not fenced is not replayed", i+1)
		}
		if flags := started.FindStringSubmatch(line); flags != nil && b == nil && !strings.HasPrefix(line, "|") {
			next.fresh, next.flags = true, strings.Fields(flags[1])
		}
	}
	return blocks, string(data)
}

func TestProtocol(t *testing.T) {
	t.Parallel() // it waits for signals, which come once a second
	blocks, text := examples(t)
	if len(blocks) < 30 {
		t.Fatalf("%d examples", len(blocks))
	}
	var st *story
	for _, b := range blocks {
		if b.fresh || st == nil {
			st.end()
			st = newStory(t, b.flags)
		}
		st.line = b.line
		switch b.kind {
		case "http":
			st.http(b)
		case "ws", "sse":
			st.stream(b)
		default:
			t.Errorf("line %d: an example of %q is not replayed", b.line, b.kind)
		}
	}
	st.end()
	checkComplete(t, blocks, text)
}

// story is a server with two people and a bot, and what was noted of it.
type story struct {
	*server
	matcher
	line    int // of the example that is being replayed
	streams map[string]*hearing
}

func newStory(t *testing.T, flags []string) *story {
	s := newServer(t, func(o *settings) {
		for i := 0; i+1 < len(flags); i += 2 {
			value := strings.TrimSuffix(flags[i+1], "s")
			n, err := strconv.Atoi(value)
			if err != nil {
				t.Fatalf("%s: %v", flags, err)
			}
			switch flags[i] {
			case "--message-rate":
				o.MessageRate = n
			case "--login-rate":
				o.LoginRate = n
			case "--connections-per-ip":
				o.ConnectionsPerIP = n
			case "--heartbeat":
				o.Heartbeat = time.Duration(n) * time.Second
			default:
				t.Fatalf("the flag %s is not known to the replay", flags[i])
			}
		}
	})
	_, token, _ := strings.Cut(s.bot("deploy"), "Bearer ")
	st := &story{server: s, matcher: matcher{}, streams: map[string]*hearing{}}
	for name, value := range map[string]string{
		"origin": s.origin, "host": s.addr, "data": s.chat.DataID()[:8], "epoch": s.chat.Epoch(), "build": strings.TrimPrefix(s.prefix, "/assets/"), "token": token,
	} {
		st.matcher[name] = value
	}
	for _, name := range []string{"ana", "bob"} {
		p := s.signIn(name)
		st.matcher[name], st.matcher[name+"id"] = p.cookie, p.id
	}
	return st
}

func (st *story) end() {
	if st == nil {
		return
	}
	for _, h := range st.streams {
		h.close()
	}
}

// failf says where in the reference something is not so.
func (st *story) failf(format string, args ...any) {
	st.Helper()
	st.Fatalf("protocol.md, example at line %d: %s", st.line, fmt.Sprintf(format, args...))
}

// sides cuts an example into what goes out and what comes in, in turns.
func (st *story) sides(lines []string) (turns [][]string) {
	for i, line := range lines {
		if line == "" || line[0] != '>' && line[0] != '<' && line[0] != '#' {
			st.failf("%q is neither sent (>) nor got (<) nor a remark (#)", line)
		}
		if i == 0 || line[0] != lines[i-1][0] {
			turns = append(turns, nil)
		}
		turns[len(turns)-1] = append(turns[len(turns)-1], line)
	}
	return turns
}

// message takes the first line, the headers and the body out of one side.
func message(lines []string) (first string, headers []string, body string) {
	var plain []string
	for _, line := range lines {
		plain = append(plain, strings.TrimPrefix(strings.TrimPrefix(line[1:], " "), "\u00a0"))
	}
	blank := slices.Index(plain, "")
	if blank < 0 {
		blank = len(plain)
	} else {
		body = strings.Join(plain[blank+1:], "\n")
	}
	return plain[0], plain[1:blank], body
}

// http replays requests and compares the answers.
func (st *story) http(b block) {
	var a answer
	for _, turn := range st.sides(b.lines) {
		first, headers, body := message(turn)
		switch turn[0][0] {
		case '>':
			method, target, _ := strings.Cut(st.fill(first), " ")
			for i := range headers {
				headers[i] = st.fill(headers[i])
			}
			a = st.call(method, target, st.fill(body), headers...)
		case '<':
			if status, err := strconv.Atoi(first); err != nil || a.StatusCode != status {
				st.failf("%d %s, and not %s", a.StatusCode, a.text, first)
			}
			for _, line := range headers {
				name, want, _ := strings.Cut(line, ": ")
				if err := st.text(want, strings.Join(a.Header[name], "\n")); err != nil {
					st.failf("%s: %v", name, err)
				}
			}
			if body != "" {
				if err := st.body(body, a.text); err != nil {
					st.failf("%v", err)
				}
			}
		case '#':
			st.remark(turn)
		}
	}
}

// remark does what a remark says that the operator does.
func (st *story) remark(turn []string) {
	if strings.Contains(strings.Join(turn, " "), "SIGTERM") {
		st.drain()
	}
	if strings.Contains(strings.Join(turn, " "), "makes ana the host") {
		ana := person{name: "ana", cookie: st.matcher["anna"], origin: st.origin}
		if a := st.call("POST", st.hostLink(), "", ana.lines(form)...); a.StatusCode != 303 {
			st.failf("%d %s", a.StatusCode, a.text)
		}
	}
}

// heard is something that came on a stream.
type heard struct {
	id, data string // data is "close 4500" at the end
}

// hearing is an open stream, and what has come and was not yet expected.
type hearing struct {
	next    func() heard
	send    func(string)
	close   func()
	pending []heard
}

// stream opens a stream, or goes on with one of this name, and replays what is said on it.
func (st *story) stream(b block) {
	h := st.streams[b.name]
	for _, turn := range st.sides(b.lines) {
		switch {
		case turn[0][0] == '#':
			st.remark(turn)
		case turn[0][0] == '>' && strings.HasPrefix(turn[0], "> GET "):
			first, headers, _ := message(turn)
			_, target, _ := strings.Cut(st.fill(first), " ")
			for i := range headers {
				headers[i] = st.fill(headers[i])
			}
			if b.kind == "ws" {
				h = hearSocket(st.dial(target, headers...))
			} else {
				h = hearEvents(st.listen(target, slices.DeleteFunc(headers, func(line string) bool { return line == events })...))
			}
			if b.name != "" {
				st.streams[b.name] = h
			} else {
				defer h.close()
			}
		case h == nil:
			st.failf("there is no stream %q", b.name)
		case turn[0][0] == '>':
			for _, line := range turn {
				h.send(st.fill(line[2:]))
			}
		default:
			st.expect(h, turn)
		}
	}
}

// expect finds what is expected among what comes. Signals may come at any time; what else comes must be expected.
func (st *story) expect(h *hearing, turn []string) {
	id := ""
	for _, line := range turn {
		want := strings.TrimPrefix(line[1:], " ")
		if want == "" {
			continue
		}
		if rest, ok := strings.CutPrefix(want, "id: "); ok {
			id = rest
			continue
		}
		want = strings.TrimPrefix(want, "data: ")
		for i, began := 0, time.Now(); ; i++ {
			if i == len(h.pending) {
				if time.Since(began) > guard {
					st.failf("%s does not come, but %v", want, h.pending)
				}
				h.pending = append(h.pending, h.next())
			}
			got := h.pending[i]
			if kindOf(got.data) != kindOf(want) && !strings.HasPrefix(got.data, "close") {
				continue // acks and events overtake one another
			}
			err := st.body(want, got.data)
			if err == nil && id != "" {
				err = st.text(id, got.id)
			}
			if err != nil && kindOf(want) == "presence" {
				continue
			}
			if err != nil {
				st.failf("%v", err)
			}
			h.pending = slices.Delete(h.pending, i, i+1)
			break
		}
		id = ""
	}
}

func kindOf(frame string) string {
	if kind := regexp.MustCompile(`^\{"kind":"([^"]*)"`).FindStringSubmatch(frame); kind != nil {
		return kind[1]
	}
	return frame
}

func hearSocket(c *socket) *hearing {
	return &hearing{send: c.send, close: c.Close, next: func() heard {
		for {
			opcode, payload, err := c.receive()
			switch {
			case err != nil:
				return heard{data: "close without a word"}
			case opcode == opClose:
				c.answerClose()
				return heard{data: fmt.Sprintf("close %d", int(payload[0])<<8|int(payload[1]))}
			case opcode == opText:
				return heard{data: payload}
			}
		}
	}}
}

func hearEvents(e *eventSource) *hearing {
	return &hearing{close: e.Close, next: func() heard {
		id, data := e.next()
		if data == nil {
			return heard{data: "close"}
		}
		return heard{id, string(e.last)}
	}}
}
