package client

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/coder/websocket"
)

// wsTransport is the only thing in this package that knows the WebSocket library.
type wsTransport struct{ conn *websocket.Conn }

func dialWebSocket(ctx context.Context, c *Client, path string) (transport, error) {
	header := http.Header{}
	c.identify(header)
	conn, resp, err := websocket.Dial(ctx, c.base.String()+path, &websocket.DialOptions{
		HTTPClient:   c.http,
		HTTPHeader:   header,
		Subprotocols: []string{"chatd.v1"},
	})
	if err != nil {
		if resp != nil && resp.StatusCode != http.StatusSwitchingProtocols {
			defer resp.Body.Close()
			return nil, refusal(resp)
		}
		return nil, err
	}
	conn.SetReadLimit(maxFrameBytes)
	return wsTransport{conn}, nil
}

func (t wsTransport) read(ctx context.Context) (frame, error) {
	kind, data, err := t.conn.Read(ctx)
	switch closed := (websocket.CloseError{}); {
	case err == nil && kind != websocket.MessageText:
		return frame{}, errors.New("the server sent a binary frame")
	case err == nil:
		return frame{data: data}, nil
	case ctx.Err() != nil:
		return frame{}, context.Cause(ctx)
	case errors.As(err, &closed):
		return frame{}, &CloseError{Code: int(closed.Code), Reason: closed.Reason}
	default:
		return frame{}, fmt.Errorf("the stream broke: %w", err)
	}
}

func (t wsTransport) write(ctx context.Context, data []byte) error {
	if err := t.conn.Write(ctx, websocket.MessageText, data); err != nil {
		return fmt.Errorf("the stream broke: %w", err)
	}
	return nil
}

func (t wsTransport) close() error {
	if err := t.conn.Close(websocket.StatusNormalClosure, ""); err != nil {
		return fmt.Errorf("close the stream: %w", err)
	}
	return nil
}

func (t wsTransport) abort() { t.conn.CloseNow() }
