package web

import (
	"net/http"
	"time"

	"chatd/chat"
)

// Wait beats the heart of every stream that owes a pong as if it had owed it for so long.
func (h *Handler) Wait(owed time.Duration) {
	for _, stream := range h.streams.all() {
		if pinged := stream.pinged.Load(); pinged != 0 {
			stream.tick(time.UnixMilli(pinged).Add(owed), h.streams.heartbeat)
		}
	}
}

// Streams is how many streams are open.
func (h *Handler) Streams() int { return len(h.streams.all()) }

// SetSendBuffer sets how much the kernel holds for a client, and returns what it was. No server may run meanwhile.
func SetSendBuffer(n int) (was int) {
	was, sendBuffer = sendBuffer, n
	return was
}

// Direct is how many streams are written to without waiting.
func (h *Handler) Direct() (n int) {
	for _, stream := range h.streams.all() {
		if ws, ok := stream.wire.(*webSocket); ok && ws.socket.direct() {
			n++
		}
	}
	return n
}

// Subscription is where a stream that is asked for like this begins.
func Subscription(h *Handler, r *http.Request) chat.Subscription { return h.subscription(r) }
