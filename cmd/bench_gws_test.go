package cmd_test

import (
	"bytes"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/lxzan/gws"

	"chatd/chat/bench"
)

// BenchmarkRoomsBesideGWS holds chatd against a small server on lxzan/gws that keeps nothing
// and knows nobody: 200 rooms of 5 people, who say something each second. Beside them runs the
// same server when it makes each message durable before it sends it, as chatd does: a
// message a millisecond leaves nothing to put together, so each costs an fsync.
//
//	go test ./cmd -run '^$' -bench RoomsBesideGWS
func BenchmarkRoomsBesideGWS(b *testing.B) {
	cores, err := bench.SplitCores(1)
	if err != nil {
		b.Fatal(err)
	}
	start := func(name string, program string, args ...string) bench.Server {
		p, err := bench.Start(b.Context(), cores, program, args...)
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(p.Kill)
		return bench.Server{Name: name, URL: p.URL, Process: p, SignsIn: name == "chatd"}
	}
	chatd := start("chatd", binary(b), "serve", "--port", "0", "--host", "127.0.0.1", "--data", b.TempDir(),
		"--message-rate", "0", "--login-rate", "0", "--connections-per-ip", "0")
	self, err := os.Executable()
	if err != nil {
		b.Fatal(err)
	}
	b.Setenv("CHATD_TEST_GWS", os.DevNull)
	forgetful := start("gws", self)
	b.Setenv("CHATD_TEST_GWS", filepath.Join(b.TempDir(), "kept"))
	durable := start("gws, durable", self)
	load := bench.Load{Clients: 1000, Rooms: 200, Size: 100, Duration: 4 * time.Second, Rounds: 9, Cores: cores}
	for b.Loop() {
		report, err := bench.Rooms(b.Context(), []bench.Server{chatd, forgetful, durable}, load, bench.Progress{})
		if err != nil {
			b.Fatal(err)
		}
		if err := report.Write(os.Stdout); err != nil { // b.Log would cut it
			b.Fatal(err)
		}
		if len(report.Faults) > 0 {
			b.Fatal("there were faults")
		}
	}
}

// The test binary is the server, in a process of its own.
func init() {
	if path := os.Getenv("CHATD_TEST_GWS"); path != "" {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		s := newGWSServer()
		if err == nil && path != os.DevNull {
			s.kept, err = os.Create(path)
		}
		if err == nil {
			fmt.Printf("http://%v\n", listener.Addr())
			err = http.Serve(listener, s)
		}
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// gwsServer says what bench's yardsticks say.
type gwsServer struct {
	gws.BuiltinEventHandler
	upgrader *gws.Upgrader
	mu       sync.Mutex
	rooms    map[string]*gwsRoom
	length   atomic.Int64 // of a frame
	count    atomic.Int64 // of messages

	keeping sync.Mutex
	kept    *os.File // what was said; nil: nothing is kept
}

type gwsRoom struct {
	mu    sync.Mutex
	conns []*gws.Conn
}

func newGWSServer() *gwsServer {
	s := &gwsServer{rooms: map[string]*gwsRoom{}}
	s.upgrader = gws.NewUpgrader(s, &gws.ServerOption{})
	return s
}

func (s *gwsServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	var length int64
	fmt.Sscan(query.Get("frame"), &length)
	s.length.Store(length)
	conn, err := s.upgrader.Upgrade(w, r)
	if err != nil {
		return
	}
	s.mu.Lock()
	room := s.rooms[query.Get("rooms")]
	if room == nil {
		room = new(gwsRoom)
		s.rooms[query.Get("rooms")] = room
	}
	s.mu.Unlock()
	room.mu.Lock()
	room.conns = append(room.conns, conn)
	room.mu.Unlock()
	conn.Session().Store("room", room)
	conn.WriteString(`{"kind":"live","cursor":"0"}`)
	go conn.ReadLoop()
}

// OnMessage answers a post and hands it to the room, one after the other, so that
// everybody sees one order.
func (s *gwsServer) OnMessage(conn *gws.Conn, message *gws.Message) {
	defer message.Close()
	post := message.Bytes()
	value := func(name string) []byte {
		_, rest, _ := bytes.Cut(post, []byte(name))
		v, _, _ := bytes.Cut(rest, []byte(`"`))
		return v
	}
	id := s.count.Add(1)
	cid := value(`"cid":"`)
	if err := s.keep(post); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return // no ack: the measurement fails
	}
	conn.WriteAsync(gws.OpcodeText, fmt.Appendf(nil, `{"kind":"ack","cid":"%s","id":"%d","dup":false}`, cid, id), nil)
	event := fmt.Appendf(nil, `{"kind":"message.posted","id":"%d","room":"%s","cid":"%s","text":"%s","by":"`, id, value(`"room":"`), cid, value(`"text":"`))
	for len(event)+6 < int(s.length.Load()) {
		event = append(event, 'x')
	}
	event = append(event, `"}`...)
	stored, _ := conn.Session().Load("room")
	room := stored.(*gwsRoom)
	room.mu.Lock()
	defer room.mu.Unlock()
	broadcast := gws.NewBroadcaster(gws.OpcodeText, event)
	defer broadcast.Close()
	for _, conn := range room.conns {
		broadcast.Broadcast(conn)
	}
}

// keep makes a message durable, if the server keeps any.
func (s *gwsServer) keep(post []byte) error {
	if s.kept == nil {
		return nil
	}
	s.keeping.Lock()
	defer s.keeping.Unlock()
	if _, err := s.kept.Write(post); err != nil {
		return err
	}
	return s.kept.Sync()
}
