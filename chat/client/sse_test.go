package client

import (
	"context"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

func readSSE(t *testing.T, body io.Reader) (got []frame, end error) {
	t.Helper()
	s := newSSE(io.NopCloser(body), func() {})
	for {
		f, err := s.read(context.Background())
		if err != nil {
			return got, err
		}
		got = append(got, frame{data: append([]byte(nil), f.data...), sseID: f.sseID})
	}
}

func TestServerSentEvents(t *testing.T) {
	const text = ": welcome\n\n" +
		"id: 812\ndata: {\"kind\":\"hello\"}\n\n" +
		"event: message\r\nid:813\r\nretry: 1000\r\ndata:{\"a\":\r\ndata:1}\r\n\r\n" +
		"data: signal\n\n" +
		"id: 814\n\n" + // moves the id, but is no event
		"data: last\n\n" +
		"id: 815\ndata: cut off before the empty line\n"
	want := []frame{
		{[]byte(`{"kind":"hello"}`), "812"},
		{[]byte("{\"a\":\n1}"), "813"},
		{[]byte("signal"), "813"},
		{[]byte("last"), "814"},
	}
	for name, body := range map[string]io.Reader{
		"at once":      strings.NewReader(text),
		"byte by byte": iotest.OneByteReader(strings.NewReader(text)),
	} {
		t.Run(name, func(t *testing.T) {
			got, err := readSSE(t, body)
			if err == nil || !strings.Contains(err.Error(), "unexpected EOF") {
				t.Errorf("ended with %v", err)
			}
			if len(got) != len(want) {
				t.Fatalf("got %d events, want %d: %q", len(got), len(want), got)
			}
			for i := range want {
				if string(got[i].data) != string(want[i].data) || got[i].sseID != want[i].sseID {
					t.Errorf("event %d is %q, want %q", i, got[i], want[i])
				}
			}
		})
	}
}

func TestServerSentEventSize(t *testing.T) {
	most := strings.Repeat("x", maxFrameBytes)
	if got, _ := readSSE(t, strings.NewReader("data: "+most+"\r\n\r\n")); len(got) != 1 || len(got[0].data) != maxFrameBytes {
		t.Error("an event of 64 KiB was not read")
	}
	if got, err := readSSE(t, strings.NewReader("data: "+most+"xxx\n\n")); len(got) != 0 || !strings.Contains(err.Error(), "too long") {
		t.Errorf("an event of more than 64 KiB: %d events, %v", len(got), err)
	}
}
