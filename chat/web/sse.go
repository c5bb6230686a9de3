package web

import (
	"context"
	"net/http"
	"time"
)

// serverSent sends the stream's objects as server-sent events, for clients that
// cannot have a WebSocket. Commands go by plain HTTP.
func (h *Handler) serverSent(w http.ResponseWriter, r *http.Request, who visitor) error {
	ctx, cancel := context.WithCancelCause(r.Context())
	defer cancel(errGone)
	header := w.Header()
	header.Set("Content-Type", "text/event-stream")
	header.Set("X-Accel-Buffering", "no") // nginx: pass on at once
	s, err := h.open(ctx, r, who, &serverSent{w, http.NewResponseController(w), cancel}, cancel)
	if err != nil {
		header.Del("X-Accel-Buffering")
		return err
	}
	s.run()
	cancel(errGone)
	s.over()
	return nil
}

// serverSent implements wire. There is no ping: a heartbeat that cannot be written ends it.
type serverSent struct {
	w       http.ResponseWriter
	control *http.ResponseController
	cancel  context.CancelCauseFunc
}

func (*serverSent) append(b, frame []byte, cursor string) []byte {
	if cursor != "" {
		b = append(append(append(b, "id: "...), cursor...), '\n')
	}
	b = append(b, "data: "...)
	b = append(b, payload(frame)...) // JSON has no line breaks of its own
	return append(b, "\n\n"...)
}

// write sends everything in pieces, each of which must get through within stallTimeout.
func (e *serverSent) write(b []byte) error {
	const piece = 8 << 10
	for len(b) > 0 {
		n := min(piece, len(b))
		if err := e.control.SetWriteDeadline(time.Now().Add(stallTimeout)); err != nil {
			return err
		}
		if _, err := e.w.Write(b[:n]); err != nil {
			return err
		}
		if err := e.control.Flush(); err != nil {
			return err
		}
		b = b[n:]
	}
	return nil
}

func (*serverSent) ping(b []byte) ([]byte, bool) { return b, false }

func (e *serverSent) close(int, string) { e.drop() }

func (e *serverSent) drop() { e.cancel(errGone) }
