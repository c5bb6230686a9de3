package web_test

import (
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

// Who may do what, as it can be seen from outside: every route and every command for
// everybody whom chatd tells apart. A route without a row fails the test.

// The columns. All are in the lobby. The host made den, a private room, and is in it with the banned one; he made
// open, a public one, where nobody else is. The guest made club, a private room; the member and the moderator are in it, the
// host is not.
var everybody = []string{"out", "guest", "member", "moderator", "host", "banned"}

// cell is a row: a request, and its status for each of everybody. Where a request got through to what it
// asks for, it finds nothing to do there. $member and $nobodys are identities, the second of somebody in the lobby only; $said and
// $inden are messages of the host, the second in den.
type cell struct{ route, target, body, want string }

var matrix = []cell{
	{"GET /{$}", "/", "", "303 303 303 303 303 403"},
	{"GET /login", "/login", "", "200 303 303 303 303 200"},
	{"POST /login", "/login", "nickname=", "422 422 422 422 422 422"},
	{"POST /language", "/language", "language=en", "303 303 303 303 303 303"},
	{"POST /density", "/density", "density=compact", "303 303 303 303 303 303"},
	{"GET /r/{room}", "/r/lobby", "", "303 200 200 200 200 403"},
	{"GET /r/{room}", "/r/den", "", "303 404 404 404 200 403"},
	{"GET /r/{room}/{id}", "/r/lobby/1", "", "303 404 404 404 404 403"},
	{"GET /mentions", "/mentions", "", "303 200 200 200 200 403"},
	{"GET /qr.svg", "/qr.svg", "", "303 200 200 200 200 403"},
	{"GET /account", "/account", "", "303 200 200 200 200 403"},
	{"POST /account/password", "/account/password", "password=", "303 422 403 403 403 403"}, // without the old one
	{"POST /account/phone", "/account/phone", "", "303 200 200 200 200 403"},
	{"GET /phone/{secret}", "/phone/x", "", "404 404 404 404 404 404"},
	{"POST /phone/{secret}", "/phone/x", "", "404 404 404 404 404 404"},
	{"GET /host/{secret}", "/host/x", "", "404 404 404 404 404 404"},
	{"POST /host/{secret}", "/host/x", "", "404 404 404 404 404 404"},
	{"GET /settings", "/settings", "", "303 403 403 200 200 403"},
	{"POST /settings", "/settings", "do=switches&join=anyone&rooms=guest", "303 403 403 403 303 403"},
	{"POST /settings", "/settings", "do=role&role=member&person=1", "303 403 403 403 404 403"},
	{"POST /settings", "/settings", "do=ban&person=1", "303 403 403 404 404 403"},
	{"POST /settings", "/settings", "do=unban&person=1", "303 403 403 404 404 403"},
	{"GET /audit", "/audit", "", "303 403 403 200 200 403"},
	{"GET /api/me", "/api/me", "", "401 200 200 200 200 403"},
	{"GET /api/rooms", "/api/rooms", "", "401 200 200 200 200 403"},
	{"POST /api/rooms", "/api/rooms", `{"room":"lobby"}`, "401 409 409 409 409 403"},
	{"GET /api/people", "/api/people?name=t", "", "401 200 200 200 200 403"},
	{"GET /api/mentions", "/api/mentions", "", "401 200 200 200 200 403"},
	{"POST /api/direct", "/api/direct", `{"people":["$nobodys"]}`, "401 201 201 201 201 403"},
	{"POST /api/direct", "/api/direct", `{"people":["$banned"]}`, "401 404 404 404 404 403"},
	{"POST /api/rooms/{room}/join", "/api/rooms/lobby/join", "", "401 200 200 200 200 403"},
	{"POST /api/rooms/{room}/join", "/api/rooms/den/join", "", "401 404 404 404 200 403"},
	{"POST /api/rooms/{room}/leave", "/api/rooms/open/leave", "", "401 200 200 200 200 403"},
	{"POST /api/rooms/{room}/leave", "/api/rooms/nowhere/leave", "", "401 404 404 404 404 403"},
	{"GET /api/rooms/{room}/messages", "/api/rooms/lobby/messages", "", "401 200 200 200 200 403"},
	{"GET /api/rooms/{room}/messages", "/api/rooms/den/messages", "", "401 404 404 404 200 403"},
	{"POST /api/rooms/{room}/messages", "/api/rooms/lobby/messages", "hi", "401 201 201 201 201 403"},
	{"POST /api/rooms/{room}/messages", "/api/rooms/den/messages", "hi", "401 404 404 404 201 403"},
	{"GET /api/rooms/{room}/messages", "/api/rooms/club/messages", "", "401 200 200 200 404 403"},
	{"GET /api/rooms/{room}/messages/{id}/thread", "/api/rooms/lobby/messages/$said/thread", "", "401 200 200 200 200 403"},
	{"GET /api/rooms/{room}/messages/{id}/thread", "/api/rooms/den/messages/$inden/thread", "", "401 404 404 404 200 403"},
	{"GET /api/rooms/{room}/messages/{id}/revisions", "/api/rooms/lobby/messages/$said/revisions", "", "401 403 403 200 200 403"},
	{"GET /api/rooms/{room}/messages/{id}/revisions", "/api/rooms/den/messages/$inden/revisions", "", "401 404 404 404 200 403"},
	{"GET /api/rooms/{room}/pins", "/api/rooms/lobby/pins", "", "401 200 200 200 200 403"},
	{"GET /api/rooms/{room}/pins", "/api/rooms/den/pins", "", "401 404 404 404 200 403"},
	{"POST /api/commands", "/api/commands", `{"do":"pin","cid":"p","room":"lobby","message":"1"}`, "401 404 404 404 404 403"},
	{"GET /api/stream", "/api/stream", "", "401 400 400 400 400 403"}, // neither an upgrade nor events
	{"GET /healthz", "/healthz", "", "200 200 200 200 200 200"},
	{"GET /readyz", "/readyz", "", "200 200 200 200 200 200"},
	{"GET /version", "/version", "", "200 200 200 200 200 200"},
	{"POST /logout", "/logout", "", "303 303 303 303 303 303"}, // the last: nobody is signed in afterwards
}

// What is done with rooms.
var matrixOfRooms = []cell{
	{"GET /api/rooms/{room}/members", "/api/rooms/lobby/members", "", "401 200 200 200 200 403"},
	{"GET /api/rooms/{room}/members", "/api/rooms/den/members", "", "401 404 404 404 200 403"},
	{"GET /api/rooms/{room}/members", "/api/rooms/club/members", "", "401 200 200 200 404 403"},
	{"POST /api/rooms/{room}/level", "/api/rooms/den/level", `{"level":"nothing"}`, "401 404 404 404 200 403"},
	{"POST /api/rooms/{room}/level", "/api/rooms/open/level", `{"level":"nothing"}`, "401 403 403 403 200 403"},
	{"POST /api/rooms/{room}/change", "/api/rooms/lobby/change", `{"topic":"t"}`, "401 200 200 200 200 403"},
	{"POST /api/rooms/{room}/change", "/api/rooms/den/change", `{"topic":"t"}`, "401 404 404 404 200 403"},
	{"POST /api/rooms/{room}/change", "/api/rooms/open/change", `{"topic":"t"}`, "401 403 403 200 200 403"},
	{"POST /api/rooms/{room}/change", "/api/rooms/club/change", `{"topic":"t"}`, "401 200 200 200 404 403"},
	{"POST /api/rooms/{room}/invite", "/api/rooms/lobby/invite", `{"person":"$member"}`, "401 403 403 403 403 403"},
	{"POST /api/rooms/{room}/invite", "/api/rooms/den/invite", `{"person":"$host"}`, "401 404 404 404 200 403"},
	{"POST /api/rooms/{room}/invite", "/api/rooms/open/invite", `{"person":"$host"}`, "401 403 403 200 200 403"},
	{"POST /api/rooms/{room}/invite", "/api/rooms/club/invite", `{"person":"$member"}`, "401 200 200 200 404 403"},
	{"POST /api/rooms/{room}/remove", "/api/rooms/lobby/remove", `{"person":"$nobodys"}`, "401 403 403 403 403 403"},
	{"POST /api/rooms/{room}/remove", "/api/rooms/den/remove", `{"person":"$nobodys"}`, "401 404 404 404 200 403"},
	{"POST /api/rooms/{room}/remove", "/api/rooms/open/remove", `{"person":"$nobodys"}`, "401 403 403 200 200 403"},
	{"POST /api/rooms/{room}/remove", "/api/rooms/club/remove", `{"person":"$nobodys"}`, "401 200 403 200 404 403"},
	{"POST /api/rooms/{room}/archive", "/api/rooms/lobby/archive", "", "401 403 403 403 403 403"},
	{"POST /api/rooms/{room}/archive", "/api/rooms/den/archive", "", "401 404 404 404 200 403"},
	{"POST /api/rooms/{room}/archive", "/api/rooms/open/archive", "", "401 403 403 200 403 403"}, // by then it is archived
	{"POST /api/rooms/{room}/archive", "/api/rooms/club/archive", "", "401 200 403 403 404 403"}, // likewise
}

// What moderators and the host do.
var matrixOfHost = []cell{
	{"GET /api/people/{person}", "/api/people/$nobodys", "", "401 200 200 200 200 403"},
	{"GET /api/people/{person}", "/api/people/$banned", "", "401 404 404 200 200 403"},
	{"GET /api/people/{person}", "/api/people/1", "", "401 404 404 404 404 403"},
	{"GET /reports", "/reports", "", "303 403 403 200 200 403"},
	{"POST /reports", "/reports", "report=1", "303 403 403 303 303 403"},
	{"POST /api/rooms/{room}/report", "/api/rooms/lobby/report", `{"message":"1"}`, "401 404 404 404 404 403"},
	{"POST /api/rooms/{room}/report", "/api/rooms/den/report", `{"message":"1"}`, "401 404 404 404 404 403"},
	{"GET /api/ignored", "/api/ignored", "", "401 200 200 200 200 403"},
	{"POST /api/people/{person}/ignore", "/api/people/$nobodys/ignore", `{"ignored":true}`, "401 200 200 200 200 403"},
	{"POST /api/people/{person}/ignore", "/api/people/1/ignore", `{"ignored":true}`, "401 404 404 404 404 403"},
	{"POST /account/unignore", "/account/unignore", "person=1", "303 303 303 303 303 403"},
	{"POST /api/people/{person}/role", "/api/people/$member/role", `{"role":"member"}`, "401 403 403 403 200 403"},
	{"POST /api/people/{person}/ban", "/api/people/$banned/ban", `{}`, "401 403 403 200 200 403"},
	{"POST /api/people/{person}/ban", "/api/people/1/ban", `{}`, "401 403 403 404 404 403"},
	{"POST /api/people/{person}/unban", "/api/people/$nobodys/unban", `{}`, "401 403 403 200 200 403"},
	{"POST /api/rooms/{room}/slow", "/api/rooms/lobby/slow", `{"seconds":0}`, "401 403 403 200 200 403"},
	{"POST /api/rooms/{room}/slow", "/api/rooms/den/slow", `{"seconds":10}`, "401 404 404 404 200 403"},
	{"POST /api/rooms/{room}/slow", "/api/rooms/club/slow", `{"seconds":10}`, "401 403 403 200 404 403"},
}

// frames are the commands of a stream, with the answers for the guest, the member, the moderator and the host. $said,
// $doomed and $inden are messages of the host, the last in den.
var frames = []struct{ do, frame, want string }{
	{"post", `"room":"lobby","text":"hi"`, "ack ack ack ack"},
	{"post", `"room":"den","text":"hi"`, "not_found not_found not_found ack"},
	{"edit", `"room":"lobby","message":"$said","text":"mine"`, "forbidden forbidden forbidden ack"},
	{"edit", `"room":"den","message":"$inden","text":"mine"`, "not_found not_found not_found ack"},
	{"edit", `"room":"lobby","message":"$inden","text":"mine"`, "not_found not_found not_found not_found"},
	{"react", `"room":"lobby","message":"$said","emoji":"👍"`, "ack ack ack ack"},
	{"react", `"room":"den","message":"$inden","emoji":"👍"`, "not_found not_found not_found ack"},
	{"unreact", `"room":"lobby","message":"$said","emoji":"👍"`, "ack ack ack ack"},
	{"unreact", `"room":"den","message":"$inden","emoji":"👍"`, "not_found not_found not_found ack"},
	{"pin", `"room":"lobby","message":"$said"`, "ack ack ack ack"},
	{"pin", `"room":"den","message":"$inden"`, "not_found not_found not_found ack"},
	{"unpin", `"room":"lobby","message":"$said"`, "ack ack ack ack"},
	{"unpin", `"room":"den","message":"$inden"`, "not_found not_found not_found ack"},
	{"delete", `"room":"lobby","message":"$doomed"`, "forbidden forbidden ack ack"},
	{"delete", `"room":"den","message":"$inden"`, "not_found not_found not_found ack"},
	{"typing", `"room":"lobby"`, "- - - -"},
	{"typing", `"room":"den"`, "not_found not_found not_found -"},
	{"read", `"room":"lobby","id":"1"`, "- - - -"},
	{"read", `"room":"den","id":"1"`, "not_found not_found not_found -"},
	{"unread", `"room":"lobby","message":"$said"`, "ack ack ack ack"},
	{"unread", `"room":"den","message":"$inden"`, "not_found not_found not_found ack"},
	{"ping", ``, "ack ack ack ack"},
}

const passphrase = "correct horse battery"

// claim gives somebody a password, by the form.
func (s *server) claim(p *person) {
	s.Helper()
	a := s.call("POST", "/account/password", "password="+passphrase, p.lines(form)...)
	if a.StatusCode != http.StatusSeeOther {
		s.Fatalf("%s claims the name: %d %s", p.name, a.StatusCode, a.text)
	}
	p.cookie, _, _ = strings.Cut(a.Header.Get("Set-Cookie"), ";")
}

// hostLink is the address that the first start prints.
func (s *server) hostLink() string {
	s.Helper()
	ticket, err := s.auth.MakeHostTicket(s.Context(), time.Now())
	s.ok(err)
	return "/host/" + string(ticket)
}

// cast are people in all roles.
func (s *server) cast() map[string]person {
	s.Helper()
	cast := map[string]person{"out": {}}
	for _, name := range everybody[1:] {
		p := s.signIn("the" + name)
		if name == "member" || name == "moderator" || name == "host" {
			s.claim(&p)
		}
		cast[name] = p
	}
	host := cast["host"]
	if a := s.call("POST", s.hostLink(), "", host.lines(form)...); a.StatusCode != http.StatusSeeOther {
		s.Fatalf("becoming the host: %d %s", a.StatusCode, a.text)
	}
	cast["nobodys"] = s.signIn("nobodys")
	s.call("POST", "/api/rooms", `{"room":"den","private":true}`, host.lines()...)
	s.call("POST", "/api/rooms", `{"room":"open"}`, host.lines()...)
	s.call("POST", "/api/rooms/den/invite", `{"person":"`+cast["banned"].id+`"}`, host.lines()...)
	s.call("POST", "/api/rooms", `{"room":"club","private":true}`, cast["guest"].lines()...)
	for _, name := range []string{"member", "moderator"} {
		s.call("POST", "/api/rooms/club/invite", `{"person":"`+cast[name].id+`"}`, cast["guest"].lines()...)
	}
	for _, change := range []string{"do=role&role=moderator&person=" + cast["moderator"].id, "do=ban&person=" + cast["banned"].id} {
		if a := s.call("POST", "/settings", change, host.lines(form)...); a.StatusCode != http.StatusSeeOther {
			s.Fatalf("%s: %d %s", change, a.StatusCode, a.text)
		}
	}
	return cast
}

func TestPermissions(t *testing.T) {
	listed := map[string]bool{}
	for _, rows := range [][]cell{matrix, matrixOfRooms, matrixOfHost} { // each on a server of its own: so much at once is too much
		s := newServer(t, func(o *settings) { o.MessageRate = 0 })
		cast := s.cast()
		for name, room := range map[string]string{"said": "lobby", "inden": "den"} {
			id, _ := s.call("POST", "/api/rooms/"+room+"/messages", name, cast["host"].lines()...).object()["id"].(string)
			cast[name] = person{id: id}
		}
		for _, row := range rows {
			listed[row.route] = true
			s.holds(row, cast)
		}
	}
	for _, found := range regexp.MustCompile(`"((?:GET|POST|PUT|PATCH|DELETE) /[^"]*)"`).FindAllStringSubmatch(read(t, "routes.go"), -1) {
		if !listed[found[1]] {
			t.Errorf("%s is not in the matrix: say who may", found[1])
		}
	}
}

// holds says where the server does not do as the row has it.
func (s *server) holds(row cell, cast map[string]person) {
	s.Helper()
	fill := func(text string) string {
		return regexp.MustCompile(`\$\w+`).ReplaceAllStringFunc(text, func(name string) string { return cast[name[1:]].id })
	}
	target, body := fill(row.target), fill(row.body)
	method, _, _ := strings.Cut(row.route, " ")
	for i, want := range strings.Fields(row.want) {
		var lines []string
		if who := everybody[i]; who != "out" {
			lines = cast[who].lines()
		}
		a := s.call(method, target, body, lines...)
		switch {
		case strconv.Itoa(a.StatusCode) != want:
			s.Errorf("%s %s %s by %s is %d, want %s: %s", method, row.target, row.body, everybody[i], a.StatusCode, want, a.text)
		case a.StatusCode == http.StatusForbidden && strings.HasPrefix(row.target, "/api/"):
			a.is(http.StatusForbidden, map[bool]string{true: "banned", false: "forbidden"}[everybody[i] == "banned"])
		}
	}
}

func TestPermissionsOfCommands(t *testing.T) {
	s := newServer(t, func(o *settings) { o.MessageRate = 0 })
	cast := s.cast()
	said := map[string]string{}
	for name, room := range map[string]string{"said": "lobby", "doomed": "lobby", "inden": "den"} {
		a := s.call("POST", "/api/rooms/"+room+"/messages", name, cast["host"].lines()...)
		said["$"+name], _ = a.object()["id"].(string)
	}
	listed := map[string]bool{}
	for column, who := range everybody {
		switch who {
		case "out":
			s.call("GET", "/api/stream", "", append(upgrade, "Origin: "+s.origin)...).is(401, "signed_out")
			continue
		case "banned":
			s.call("GET", "/api/stream", "", cast[who].lines(upgrade...)...).is(403, "banned")
			continue
		}
		c := s.live(cast[who])
		for i, f := range frames {
			listed[f.do] = true
			want := strings.Fields(f.want)[column-1]
			cid := "c" + strconv.Itoa(i)
			rest := regexp.MustCompile(`\$\w+`).ReplaceAllStringFunc(f.frame, func(name string) string { return said[name] })
			if rest != "" {
				rest = "," + rest
			}
			c.send(`{"do":"` + f.do + `","cid":"` + cid + `"` + rest + `}`)
			c.send(`{"do":"ping","cid":"behind-` + cid + `"}`)
			got, behind := "-", false
			for !behind || want != "-" && got == "-" { // what is kept may be answered later than what follows it
				switch e := c.next(); {
				case e["cid"] == "behind-"+cid:
					behind = true
				case e["cid"] == cid && e["kind"] == "ack":
					got = "ack"
				case e["cid"] == cid && e["kind"] == "nack":
					got, _ = e["code"].(string)
				}
			}
			if got != want {
				t.Errorf("%s %s by %s is answered %q, want %q", f.do, f.frame, who, got, want)
			}
		}
		c.Close()
	}
	for _, do := range append(cases(t, "command.go", "c.Do"), cases(t, "act.go", "c.Do")...) {
		if !listed[do] {
			t.Errorf("the command %s is not in the table: say who may", do)
		}
	}
}

// Somebody who is removed from a room hears that within a second, and nothing of the room after it, on both transports.
func TestRemoved(t *testing.T) {
	s := newServer(t)
	ana, bob := s.signIn("ana"), s.signIn("bob")
	s.call("POST", "/api/rooms", `{"room":"board","private":true}`, ana.lines()...)
	s.call("POST", "/api/rooms/board/invite", `{"person":"`+bob.id+`"}`, ana.lines()...)
	c := s.live(bob)
	defer c.Close()
	events := s.listen("/api/stream", bob.lines()...)
	defer events.Close()
	began := time.Now()
	s.call("POST", "/api/rooms/board/remove", `{"person":"`+bob.id+`"}`, ana.lines()...)
	s.post(ana, "board", "not for bob")
	s.post(ana, "lobby", "for all")
	check := func(transport string, next func() map[string]any) {
		removed := false
		for e := next(); e["text"] != "for all"; e = next() {
			if e["kind"] == "member.removed" {
				removed = true
				if took := time.Since(began); took > time.Second {
					t.Errorf("%s: it took %v", transport, took)
				}
			} else if e["room"] == "board" && removed {
				t.Errorf("%s: after the removal there is %v", transport, e)
			}
		}
		if !removed {
			t.Errorf("%s: he is not told", transport)
		}
	}
	check("WebSocket", c.next)
	check("events", func() map[string]any { _, data := events.next(); return data })
}

// Somebody who is banned is cut off at once, on both transports, and told why.
func TestBanned(t *testing.T) {
	s := newServer(t)
	cast := s.cast()
	c := s.live(cast["guest"])
	defer c.Close()
	events := s.listen("/api/stream", cast["guest"].lines()...)
	defer events.Close()
	began := time.Now()
	s.call("POST", "/settings", "do=ban&reason=noise&person="+cast["guest"].id, cast["moderator"].lines(form)...)
	for {
		opcode, payload, err := c.receive()
		if err != nil {
			t.Fatalf("cut without a word: %v", err)
		}
		if opcode == opClose {
			if code := int(payload[0])<<8 | int(payload[1]); code != 4503 {
				t.Errorf("closed with %d", code)
			}
			break
		}
	}
	for id, data := events.next(); data != nil; id, data = events.next() {
		_ = id
	}
	if took := time.Since(began); took > time.Second {
		t.Errorf("it took %v", took)
	}
	s.call("GET", "/api/me", "", cast["guest"].lines()...).is(403, "banned")
	if a := s.call("POST", "/login", "nickname=another", cast["guest"].lines(form)...); a.StatusCode != http.StatusForbidden {
		t.Errorf("under another name: %d", a.StatusCode)
	}
	s.call("POST", "/settings", "do=unban&person="+cast["guest"].id, cast["host"].lines(form)...)
	if a := s.call("GET", "/api/me", "", cast["guest"].lines()...); a.StatusCode != 200 {
		t.Errorf("let back in: %d", a.StatusCode)
	}
}

func TestHostLinkPage(t *testing.T) {
	s := newServer(t)
	link := s.hostLink()
	s.unchanged("looking at the link", func() {
		for range 3 {
			if a := s.call("GET", link, ""); a.StatusCode != 200 || a.Header.Get("Set-Cookie") != "" {
				t.Errorf("the page: %d", a.StatusCode)
			}
		}
	})
	weak := s.call("POST", link, "nickname=ana&password=password1", form, "Origin: "+s.origin)
	if weak.StatusCode != 422 || !strings.Contains(weak.text, "role=\"alert\"") {
		t.Errorf("a weak password: %d", weak.StatusCode)
	}
	cookie, _, _ := strings.Cut(weak.Header.Get("Set-Cookie"), ";")
	a := s.call("POST", link, "password="+passphrase, form, "Origin: "+s.origin, "Cookie: "+cookie)
	if a.StatusCode != 303 || len(a.Header["Set-Cookie"]) != 1 {
		t.Fatalf("%d %s %v", a.StatusCode, a.text, a.Header["Set-Cookie"])
	}
	cookie, _, _ = strings.Cut(a.Header.Get("Set-Cookie"), ";")
	if me := s.call("GET", "/api/me", "", "Cookie: "+cookie).object(); me["role"] != "host" || me["name"] != "ana" {
		t.Errorf("who has the link is %v", me)
	}
	for _, method := range []string{"GET", "POST"} {
		if a := s.call(method, link, "nickname=ben&password="+passphrase, form, "Origin: "+s.origin); a.StatusCode != 404 {
			t.Errorf("%s again: %d", method, a.StatusCode)
		}
	}
	if strings.Contains(s.log.String(), strings.TrimPrefix(link, "/host/")) || strings.Contains(s.log.String(), passphrase) {
		t.Error("the log has a secret")
	}
}

// A name and a password: the same answer for a wrong one and for a name that nobody claimed, in the same time.
func TestSignInByPassword(t *testing.T) {
	s := newServer(t)
	ana := s.signIn("ana")
	s.claim(&ana)
	asked := s.call("POST", "/login", "nickname=ana", form)
	if asked.StatusCode != 401 || !strings.Contains(asked.text, `name="password"`) {
		t.Errorf("the name alone: %d", asked.StatusCode)
	}
	if a := s.call("GET", "/login", ""); strings.Contains(a.text, `name="password"`) {
		t.Error("a password is asked for before a name is claimed")
	}
	in := s.call("POST", "/login", "nickname=ANA&next=/r/lobby&password="+passphrase, form)
	if in.StatusCode != 303 || in.Header.Get("Location") != "/r/lobby" {
		t.Fatalf("%d %s", in.StatusCode, in.text)
	}
	cookie, _, _ := strings.Cut(in.Header.Get("Set-Cookie"), ";")
	if me := s.call("GET", "/api/me", "", "Cookie: "+cookie).object(); me["id"] != ana.id || me["role"] != "member" {
		t.Errorf("she is %v", me)
	}
	took := [2]time.Duration{time.Hour, time.Hour} // the shortest of each
	var text [2]string
	for range 4 {
		for i, name := range []string{"ana", "eve"} {
			began := time.Now()
			a := s.call("POST", "/login", "nickname="+name+"&password=wrong+wrong", form)
			took[i] = min(took[i], time.Since(began))
			if a.StatusCode != 403 {
				t.Errorf("%s: %d", name, a.StatusCode)
			}
			text[i] = strings.ReplaceAll(a.text, name, "NAME")
		}
	}
	if text[0] != text[1] {
		t.Error("a name that is known is answered otherwise")
	}
	if took[0] > 2*took[1] || took[1] > 2*took[0] {
		t.Errorf("a known name takes %v, an unknown one %v", took[0], took[1])
	}
}
