package client

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
)

func TestFramesOfTheProtocol(t *testing.T) {
	at := time.Date(2026, 11, 22, 8, 0, 0, 123e6, time.UTC)
	ana := Person{ID: "p1", Name: "ana"}
	for name, c := range map[string]struct {
		json  string
		want  Event
		kept  bool
		place string
	}{
		"hello": {`{"kind":"hello","protocol":1,"epoch":"e1","cursor":"812","resumed":true,"me":{"id":"p1","name":"ana"},"heartbeat_s":25,"limits":{"text_bytes":16384,"messages_per_s":10},"build":"3f2a"}`,
			Event{Kind: "hello", Protocol: 1, Epoch: "e1", Cursor: "812", Resumed: true, Me: ana, HeartbeatSeconds: 25, Limits: Limits{16384, 10}, Build: "3f2a"}, false, "812"},
		"reset": {`{"kind":"reset","cursor":"900"}`, Event{Kind: "reset", Cursor: "900"}, false, "900"},
		"message": {`{"kind":"message.posted","id":"813","room":"lobby","at":"2026-11-22T08:00:00.123Z","by":{"id":"p1","name":"ana"},"cid":"q8","text":"hi *all*","html":"hi <em>all</em>"}`,
			Event{Kind: "message.posted", ID: "813", Room: "lobby", At: at, By: ana, CID: "q8", Text: "hi *all*", HTML: "hi <em>all</em>"}, true, "813"},
		"edit": {`{"kind":"message.edited","id":"820","room":"lobby","at":"2026-11-22T08:00:00.123Z","by":{"id":"p1","name":"ana"},"message":"813","rev":2,"text":"ho"}`,
			Event{Kind: "message.edited", ID: "820", Room: "lobby", At: at, By: ana, Message: "813", Rev: 2, Text: "ho"}, true, "820"},
		"ack is no place": {`{"kind":"ack","cid":"q8","id":"813","dup":true}`, Event{Kind: "ack", CID: "q8", ID: "813", Dup: true}, false, ""},
		"nack": {`{"kind":"nack","cid":"q8","code":"rate_limited","message":"slowly","final":false,"retry_after_ms":1500}`,
			Event{Kind: "nack", CID: "q8", Code: "rate_limited", Message: "slowly", RetryAfterMS: 1500}, false, ""},
		"typing": {`{"kind":"typing","room":"lobby","by":{"id":"p1","name":"ana"}}`, Event{Kind: "typing", Room: "lobby", By: ana}, false, ""},
		"presence": {`{"kind":"presence","joined":[{"id":"p1","name":"ana"}],"left":[],"count":3}`,
			Event{Kind: "presence", Joined: []Person{ana}, Left: []Person{}, Count: 3}, false, ""},
		"drain":        {`{"kind":"drain","in_ms":1800}`, Event{Kind: "drain", InMS: 1800}, false, ""},
		"unknown kept": {`{"kind":"poll.opened","id":"9","surprise":{"a":[1]}}`, Event{Kind: "poll.opened", ID: "9"}, true, "9"},
		"unknown":      {`{"kind":"weather","sun":true}`, Event{Kind: "weather"}, false, ""},
	} {
		t.Run(name, func(t *testing.T) {
			var got Event
			if err := json.Unmarshal([]byte(c.json), &got); err != nil {
				t.Fatal(err)
			}
			if string(got.Raw) != c.json {
				t.Errorf("Raw is %s", got.Raw)
			}
			got.Raw = nil
			if g, w := asJSON(t, got), asJSON(t, c.want); g != w {
				t.Errorf("got  %s\nwant %s", g, w)
			}
			if got.Kept() != c.kept {
				t.Errorf("Kept() = %v", got.Kept())
			}
			if got.place() != c.place {
				t.Errorf("place() = %q, want %q", got.place(), c.place)
			}
		})
	}
}

func TestWhatIsNoFrame(t *testing.T) {
	for _, bad := range []string{`{}`, `{"id":"1"}`, `[]`, `"hello"`, `{"kind":"live"`, `{"kind":7}`, `{"kind":"live"}{}`} {
		if err := json.Unmarshal([]byte(bad), new(Event)); err == nil {
			t.Errorf("%s was taken for a frame", bad)
		}
	}
}

// A text of "<" would grow sixfold by the escapes that encoding/json makes for HTML.
func TestCommandsAreNotEscapedForHTML(t *testing.T) {
	data, err := encode(Command{Do: "post", CID: "c", Room: "lobby", Text: "<b> & \u2028 \"x\""})
	if err != nil {
		t.Fatal(err)
	}
	if want := `{"do":"post","cid":"c","room":"lobby","text":"<b> & \u2028 \"x\""}`; string(data) != want {
		t.Errorf("got  %s\nwant %s", data, want)
	}
	if ping, _ := encode(Command{Do: "ping", CID: "c"}); string(ping) != `{"do":"ping","cid":"c"}` {
		t.Errorf("got %s", ping)
	}
}

func TestCIDsAreValidAndDiffer(t *testing.T) {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	seen := map[string]bool{}
	for range 1000 {
		cid := NewCID()
		if len(cid) < 22 || len(cid) > 64 || strings.Trim(cid, alphabet) != "" || seen[cid] {
			t.Fatalf("cid %q", cid)
		}
		seen[cid] = true
	}
}

func asJSON(t *testing.T, v any) string {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
