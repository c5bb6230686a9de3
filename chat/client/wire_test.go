package client

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
)

// wire is a transport whose other end the test holds: it says frames word for word and
// hears what the client sends. It decides nothing by itself.
type wire struct {
	down chan string
	up   chan Command
	gone chan struct{}
	once sync.Once
	err  error // why it is gone
}

func newWire() *wire {
	return &wire{down: make(chan string, 100), up: make(chan Command, 100), gone: make(chan struct{})}
}

func (w *wire) end(err error) { w.once.Do(func() { w.err = err; close(w.gone) }) }

func (w *wire) read(ctx context.Context) (frame, error) {
	select {
	case f := <-w.down: // what was said before the end is still read
		return frame{data: []byte(f)}, nil
	default:
	}
	select {
	case f := <-w.down:
		return frame{data: []byte(f)}, nil
	case <-w.gone:
		return frame{}, w.err
	case <-ctx.Done():
		w.end(context.Cause(ctx))
		return frame{}, context.Cause(ctx)
	}
}

func (w *wire) write(_ context.Context, data []byte) error {
	var c Command
	if err := json.Unmarshal(data, &c); err != nil {
		return err
	}
	select {
	case <-w.gone:
		return w.err
	case w.up <- c:
		return nil
	}
}

func (w *wire) close() error { w.end(errors.New("closed here")); return nil }
func (w *wire) abort()       { w.end(errors.New("aborted here")) }

// say queues frames for the client.
func (w *wire) say(frames ...string) {
	for _, f := range frames {
		w.down <- f
	}
}

func hello(epoch, cursor string, resumed bool) string {
	return fmt.Sprintf(`{"kind":"hello","protocol":1,"epoch":%q,"cursor":%q,"resumed":%v,"heartbeat_s":25}`, epoch, cursor, resumed)
}

func posted(id, room string) string {
	return fmt.Sprintf(`{"kind":"message.posted","id":%q,"room":%q,"text":"text of %s"}`, id, room, id)
}

func ack(cid, id string) string { return fmt.Sprintf(`{"kind":"ack","cid":%q,"id":%q}`, cid, id) }

// attempt is one opening of a stream by a Session; the test answers it with a wire or an error.
type attempt struct {
	StreamOptions
	answer chan any
}

// script makes a Session whose streams the test opens by hand, and whose requests are
// answered by pages.
func script(t *testing.T, o SessionOptions, pages func(path string) (status int, body string)) (*Session, chan attempt) {
	t.Helper()
	c, err := New("http://chatd.test", WithHTTPClient(&http.Client{Transport: answers(pages)}))
	if err != nil {
		t.Fatal(err)
	}
	attempts := make(chan attempt)
	s := c.Follow(o)
	s.open = func(ctx context.Context, o StreamOptions) (*Stream, error) {
		a := attempt{o, make(chan any, 1)}
		select {
		case attempts <- a:
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
		switch answer := (<-a.answer).(type) {
		case error:
			return nil, answer
		default:
			return greet(ctx, answer.(*wire), o.From)
		}
	}
	return s, attempts
}

// answers is a RoundTripper in memory.
type answers func(path string) (int, string)

func (a answers) RoundTrip(r *http.Request) (*http.Response, error) {
	status, body := a(r.URL.RequestURI())
	return &http.Response{
		StatusCode: status, Request: r,
		Header: http.Header{"Content-Type": {"application/json"}},
		Body:   io.NopCloser(strings.NewReader(body)),
	}, nil
}
