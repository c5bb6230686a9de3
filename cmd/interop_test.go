//lint:file-ignore SA1019 that clients written against the frozen path still work is what is tested here

package cmd_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"testing"

	"chatd/chat/client"

	coder "github.com/coder/websocket"
	gorilla "github.com/gorilla/websocket"
	nhooyr "nhooyr.io/websocket"
)

// foreign is a WebSocket of a library that clients of chatd may be written with.
type foreign struct {
	subprotocol string
	read        func(context.Context) ([]byte, error)
	write       func(context.Context, []byte) error
	close       func() error
}

// libraries dial with nothing but what the protocol asks for: a cookie, the server's
// own Origin, and the name of the protocol.
var libraries = map[string]func(ctx context.Context, url string, header http.Header) (foreign, error){
	// The path that its author has handed over, frozen at v1.8.17: clients written against it are out there.
	"nhooyr.io/websocket": func(ctx context.Context, url string, header http.Header) (foreign, error) {
		conn, _, err := nhooyr.Dial(ctx, url, &nhooyr.DialOptions{HTTPHeader: header, Subprotocols: []string{"chatd.v1"}})
		if err != nil {
			return foreign{}, err
		}
		return foreign{
			subprotocol: conn.Subprotocol(),
			read:        func(ctx context.Context) ([]byte, error) { _, data, err := conn.Read(ctx); return data, err },
			write:       func(ctx context.Context, data []byte) error { return conn.Write(ctx, nhooyr.MessageText, data) },
			close:       func() error { return conn.Close(nhooyr.StatusNormalClosure, "") },
		}, nil
	},
	"github.com/coder/websocket": func(ctx context.Context, url string, header http.Header) (foreign, error) {
		conn, _, err := coder.Dial(ctx, url, &coder.DialOptions{
			HTTPHeader: header, Subprotocols: []string{"chatd.v1"},
			CompressionMode: coder.CompressionContextTakeover, // offered, and to be declined
		})
		if err != nil {
			return foreign{}, err
		}
		return foreign{
			subprotocol: conn.Subprotocol(),
			read:        func(ctx context.Context) ([]byte, error) { _, data, err := conn.Read(ctx); return data, err },
			write:       func(ctx context.Context, data []byte) error { return conn.Write(ctx, coder.MessageText, data) },
			close:       func() error { return conn.Close(coder.StatusNormalClosure, "") },
		}, nil
	},
	"github.com/gorilla/websocket": func(ctx context.Context, url string, header http.Header) (foreign, error) {
		dialer := gorilla.Dialer{Subprotocols: []string{"chatd.v1"}, EnableCompression: true}
		conn, resp, err := dialer.DialContext(ctx, url, header)
		if err != nil {
			return foreign{}, err
		}
		if got := resp.Header.Get("Sec-WebSocket-Extensions"); got != "" {
			return foreign{}, fmt.Errorf("compression is off, but the server agreed to %s", got)
		}
		return foreign{
			subprotocol: conn.Subprotocol(),
			read: func(ctx context.Context) ([]byte, error) {
				deadline, _ := ctx.Deadline()
				conn.SetReadDeadline(deadline)
				_, data, err := conn.ReadMessage()
				return data, err
			},
			write: func(_ context.Context, data []byte) error { return conn.WriteMessage(gorilla.TextMessage, data) },
			close: func() error {
				defer conn.Close()
				if err := conn.WriteMessage(gorilla.CloseMessage, gorilla.FormatCloseMessage(gorilla.CloseNormalClosure, "")); err != nil {
					return err
				}
				_, _, err := conn.ReadMessage()
				if !gorilla.IsCloseError(err, gorilla.CloseNormalClosure) {
					return fmt.Errorf("the answer to a close frame: %w", err)
				}
				return nil
			},
		}, nil
	},
}

// TestInterop lets other people's WebSocket libraries talk to the real server: sign in,
// upgrade, hello, post, ack, event, goodbye.
func TestInterop(t *testing.T) {
	server := start(t, binary(t), "--port", "0", "--data", t.TempDir())
	number := 0
	for name, dial := range libraries {
		number++
		nickname := fmt.Sprintf("guest%d", number)
		t.Run(name, func(t *testing.T) {
			ctx := within(t)
			header := signIn(t, ctx, server.URL, nickname)
			conn, err := dial(ctx, "ws"+server.URL[len("http"):]+"/api/stream", header)
			if err != nil {
				t.Fatal(err)
			}
			if conn.subprotocol != "chatd.v1" {
				t.Errorf("subprotocol %q", conn.subprotocol)
			}
			hello := next(t, ctx, conn)
			if hello.Kind != "hello" || hello.Protocol != 1 || hello.Epoch == "" || hello.Resumed || hello.Me.Name != nickname || hello.HeartbeatSeconds != 25 {
				t.Errorf("the hello is %s", hello.Raw)
			}
			const text = "  <b>hi</b> \u202e👋\n"
			post, _ := json.Marshal(client.Command{Do: "post", CID: "cid-1", Room: "lobby", Text: text})
			if err := conn.write(ctx, post); err != nil {
				t.Fatal(err)
			}
			var ack, event client.Event
			live := false
			for ack.Kind == "" || event.Kind == "" { // in either order
				switch e := next(t, ctx, conn); e.Kind {
				case "ack":
					ack = e
				case "message.posted":
					event = e
				case "live":
					live = true
				case "nack", "reset":
					t.Fatalf("the server said %s", e.Raw)
				}
			}
			if !live {
				t.Error("the stream never said that it is live")
			}
			if ack.CID != "cid-1" || ack.Dup || ack.ID == "" || ack.ID != event.ID {
				t.Errorf("the ack %s, the event %s", ack.Raw, event.Raw)
			}
			if event.CID != "cid-1" || event.Text != text || event.Room != "lobby" || event.By != hello.Me {
				t.Errorf("the event is %s", event.Raw)
			}
			if err := conn.close(); err != nil {
				t.Errorf("goodbye: %v", err)
			}
		})
	}
	server.stop(t)
}

// signIn takes a nickname and returns what an upgrade needs.
func signIn(t *testing.T, ctx context.Context, address, nickname string) http.Header {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	c, err := client.New(address, client.WithHTTPClient(&http.Client{Jar: jar, Transport: &http.Transport{DisableKeepAlives: true}}))
	if err != nil {
		t.Fatal(err)
	}
	if err := c.SignIn(ctx, nickname); err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	header := http.Header{"Origin": {address}}
	for _, cookie := range jar.Cookies(u) {
		header.Add("Cookie", cookie.String())
	}
	return header
}

// next reads a frame.
func next(t *testing.T, ctx context.Context, conn foreign) client.Event {
	t.Helper()
	data, err := conn.read(ctx)
	if err != nil {
		t.Fatal(err)
	}
	var e client.Event
	if err := json.Unmarshal(data, &e); err != nil {
		t.Fatal(err)
	}
	return e
}
