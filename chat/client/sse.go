package client

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
)

// sseTransport reads server-sent events, as the HTML standard describes them, from the
// body of an answer that does not end.
type sseTransport struct {
	body   io.Closer
	lines  *bufio.Scanner
	cancel context.CancelFunc
	lastID string // stays until another id comes: so does a browser's
}

// dialSSE bounds the opening by ctx; the stream itself lives until close or abort.
func dialSSE(ctx context.Context, c *Client, path string) (transport, error) {
	living, cancel := context.WithCancel(context.WithoutCancel(ctx))
	opened := context.AfterFunc(ctx, cancel)
	req, err := c.request(living, http.MethodGet, path, nil, nil)
	if err != nil {
		cancel()
		return nil, err
	}
	req.Header.Set("Accept", "text/event-stream")
	resp, err := c.http.Do(req)
	if err != nil {
		cancel()
		return nil, err
	}
	if resp.StatusCode != http.StatusOK {
		defer cancel()
		defer resp.Body.Close()
		return nil, refusal(resp)
	}
	if !opened() { // ctx ended at the last moment and has cut the body
		cancel()
		resp.Body.Close()
		return nil, context.Cause(ctx)
	}
	return newSSE(resp.Body, cancel), nil
}

func newSSE(body io.ReadCloser, cancel context.CancelFunc) *sseTransport {
	lines := bufio.NewScanner(body)
	lines.Buffer(make([]byte, 0, 4<<10), maxFrameBytes+len("data: \r\n"))
	return &sseTransport{body: body, lines: lines, cancel: cancel}
}

func (t *sseTransport) read(ctx context.Context) (frame, error) {
	stop := context.AfterFunc(ctx, t.abort)
	defer stop()
	data, err := t.event()
	if err != nil && ctx.Err() != nil {
		return frame{}, context.Cause(ctx)
	}
	return frame{data: data, sseID: t.lastID}, err
}

// event reads up to the empty line that ends an event. Comments, event names and
// retry times are read over.
func (t *sseTransport) event() ([]byte, error) {
	var data []byte
	for t.lines.Scan() {
		line := t.lines.Bytes()
		if len(line) == 0 {
			if data != nil {
				return data, nil
			}
			continue
		}
		field, value, _ := bytes.Cut(line, []byte(":"))
		value = bytes.TrimPrefix(value, []byte(" "))
		switch string(field) {
		case "id":
			t.lastID = string(value)
		case "data":
			if data != nil {
				data = append(data, '\n')
			}
			data = append(data, value...)
		}
	}
	err := t.lines.Err()
	if err == nil {
		err = io.ErrUnexpectedEOF // an event stream has no goodbye: any end is a broken one
	}
	return nil, fmt.Errorf("the stream broke: %w", err)
}

func (t *sseTransport) write(context.Context, []byte) error { return ErrOneWay }

func (t *sseTransport) close() error {
	t.cancel()
	if err := t.body.Close(); err != nil && !errors.Is(err, context.Canceled) {
		return fmt.Errorf("close the stream: %w", err)
	}
	return nil
}

func (t *sseTransport) abort() { t.cancel(); t.body.Close() }
