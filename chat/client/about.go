package client

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"time"
	"unicode/utf8"
)

// Quote is the message that another one answers: its beginning, or that it was deleted.
type Quote struct {
	ID      string `json:"id"`
	By      Person `json:"by"`
	Text    string `json:"text"`
	Deleted bool   `json:"deleted"`
}

// Thread is how a message and its answers stand.
type Thread struct {
	Root    string    `json:"root"`
	Answers int       `json:"answers"` // those that were not deleted
	LastAt  time.Time `json:"last_at"` // zero: there is none
}

// Reaction is one emoji on a message. By names the first 20 people; of what nobody reacts with any more Count is 0.
type Reaction struct {
	Emoji string   `json:"emoji"`
	Count int      `json:"count"`
	By    []Person `json:"by"`
}

// ThreadPage is the message that began a thread, and a part of its answers, oldest first.
type ThreadPage struct {
	Root Event `json:"root"`
	Page
}

// Reply is Post that answers a message of the room.
func (c *Client) Reply(ctx context.Context, room, message, text, cid string) (Receipt, error) {
	return c.do(ctx, about{Do: "post", Room: room, Reply: message, Text: text, CID: cid})
}

// Edit gives one's own message another text. This and what follows is done when it returns a receipt; after any other
// error than a final *Error, ask again with the same cid. What was so already has a receipt with Dup and without an ID.
func (c *Client) Edit(ctx context.Context, room, message, text, cid string) (Receipt, error) {
	return c.do(ctx, about{Do: "edit", Room: room, Message: message, Text: text, CID: cid})
}

// Delete takes the text of one's own message away, everywhere and for good. See Edit.
func (c *Client) Delete(ctx context.Context, room, message, cid string) (Receipt, error) {
	return c.do(ctx, about{Do: "delete", Room: room, Message: message, CID: cid})
}

// React reacts to a message with an emoji, or takes that back. See Edit.
func (c *Client) React(ctx context.Context, room, message, emoji string, on bool, cid string) (Receipt, error) {
	return c.do(ctx, about{Do: either(on, "react", "unreact"), Room: room, Message: message, Emoji: emoji, CID: cid})
}

// Pin puts a message where everybody in the room finds it, or takes it from there. See Edit.
func (c *Client) Pin(ctx context.Context, room, message string, on bool, cid string) (Receipt, error) {
	return c.do(ctx, about{Do: either(on, "pin", "unpin"), Room: room, Message: message, CID: cid})
}

// Thread reads the thread of a message, whether it began it or is an answer; q asks for answers.
func (c *Client) Thread(ctx context.Context, room, message string, q PageQuery) (ThreadPage, error) {
	var p ThreadPage
	if err := c.call(ctx, http.MethodGet, roomPath(room, "messages/"+url.PathEscape(message)+"/thread"), q.values(), nil, &p); err != nil {
		return ThreadPage{}, fmt.Errorf("read a thread of %s: %w", room, err)
	}
	return p, nil
}

// about is a command about a message, as it goes out.
type about struct {
	Do      string `json:"do"`
	CID     string `json:"cid"`
	Room    string `json:"room"`
	Message string `json:"message,omitempty"`
	Reply   string `json:"reply,omitempty"`
	Text    string `json:"text,omitempty"`
	Emoji   string `json:"emoji,omitempty"`
}

func (c *Client) do(ctx context.Context, a about) (Receipt, error) {
	if a.CID == "" {
		a.CID = NewCID()
	}
	r := Receipt{CID: a.CID, Room: a.Room}
	if !utf8.ValidString(a.Text) {
		return r, errNotUTF8
	}
	if err := c.call(ctx, http.MethodPost, "/api/commands", nil, a, &r); err != nil {
		return Receipt{CID: a.CID, Room: a.Room}, fmt.Errorf("%s in %s: %w", a.Do, a.Room, err)
	}
	return r, nil
}

func either(on bool, yes, no string) string {
	if on {
		return yes
	}
	return no
}
