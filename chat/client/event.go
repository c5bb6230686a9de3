package client

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// The kinds of frame that this package itself acts upon. A server may send others;
// those with an id are kept events all the same.
const (
	KindHello     = "hello"
	KindReset     = "reset"
	KindLive      = "live"
	KindHeartbeat = "heartbeat"
	KindDrain     = "drain"
	KindAck       = "ack"
	KindNack      = "nack"
	KindPosted    = "message.posted"
)

// Person is somebody as the others see him. The id is for ever, the name may change.
type Person struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// Limits is what the server lets one person do. Zero means: not said.
type Limits struct {
	TextBytes         int     `json:"text_bytes"`
	MessagesPerSecond float64 `json:"messages_per_s"`
}

// Event is one object that the server sent: a kept event, a signal, or a frame about
// the stream itself. Which fields are filled depends on Kind; what this package has
// no field for is in Raw.
type Event struct {
	Kind string `json:"kind"`

	// Kept events. ID is opaque: compare it for equality only.
	ID      string    `json:"id"`
	Room    string    `json:"room"`
	At      time.Time `json:"at"`
	By      Person    `json:"by"`
	CID     string    `json:"cid"` // of acks and nacks too
	Text    string    `json:"text"`
	HTML    string    `json:"html"`
	Rev     int       `json:"rev"`
	Deleted bool      `json:"deleted"`
	Message string    `json:"message"` // of what is done with a message its id, of a nack a sentence for a person

	// What became of a message, and what it answers.
	EditedAt  time.Time  `json:"edited_at"` // zero: it was not edited
	Pinned    bool       `json:"pinned"`
	Reply     *Quote     `json:"reply"`
	Thread    *Thread    `json:"thread"`
	Reactions []Reaction `json:"reactions"`
	Reaction  *Reaction  `json:"reaction"` // of reaction.added and reaction.removed: how this one stands now

	// Frames about the stream: hello, reset, live, heartbeat, drain.
	Cursor           string  `json:"cursor"`
	Protocol         int     `json:"protocol"`
	Epoch            string  `json:"epoch"`
	Resumed          bool    `json:"resumed"`
	Me               Person  `json:"me"`
	HeartbeatSeconds float64 `json:"heartbeat_s"`
	Limits           Limits  `json:"limits"`
	Build            string  `json:"build"`
	InMS             int64   `json:"in_ms"`

	// Answers to commands: ack, nack.
	Dup          bool   `json:"dup"`
	Code         string `json:"code"`
	Final        bool   `json:"final"`
	RetryAfterMS int64  `json:"retry_after_ms"`

	// Presence.
	Here   []Person `json:"here"`
	Joined []Person `json:"joined"`
	Left   []Person `json:"left"`
	Count  int      `json:"count"`

	// Raw is the object as it was received. The caller owns it.
	Raw json.RawMessage `json:"-"`

	// SSE is the id field that came with a server-sent event, "" on a WebSocket.
	SSE string `json:"-"`
}

// Kept reports whether e is part of the history: it happened, it has a place, and its
// id is a cursor. An ack has an id too, but may overtake events, so it is no place to
// resume from.
func (e Event) Kept() bool { return e.ID != "" && e.Kind != KindAck && e.Kind != KindNack }

// place is the cursor that a reader has reached once it has seen e, "" if e does not say.
func (e Event) place() string {
	if e.Kept() {
		return e.ID
	}
	return e.Cursor
}

// UnmarshalJSON keeps a copy of the object in Raw and refuses one without a kind.
func (e *Event) UnmarshalJSON(data []byte) error {
	type fields Event
	var f fields
	if err := json.Unmarshal(data, &f); err != nil {
		return fmt.Errorf("a frame that cannot be read: %w", err)
	}
	if f.Kind == "" {
		return errors.New("a frame without a kind")
	}
	*e = Event(f)
	e.Raw = append(json.RawMessage(nil), data...)
	return nil
}

// Command is what a client asks for on a stream.
type Command struct {
	Do   string `json:"do"` // post, typing, ping
	CID  string `json:"cid"`
	Room string `json:"room,omitempty"`
	Text string `json:"text,omitempty"`
}

// Receipt says where a post stands in the history.
type Receipt struct {
	ID   string    `json:"id"`
	CID  string    `json:"cid"`
	Room string    `json:"room"`
	At   time.Time `json:"at"`  // zero if the answer came over a WebSocket: the event carries it
	Dup  bool      `json:"dup"` // it was stored by an earlier attempt; ID is the first one's
}

// Position is where a reader is in the history. The zero Position is "now".
// A cursor means nothing without the epoch it was read in.
type Position struct {
	Cursor string
	Epoch  string
}
