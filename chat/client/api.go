package client

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"unicode/utf8"
)

// Me is who one is to the server.
type Me struct {
	Person
	Limits Limits `json:"limits"`
}

// Room is a room as the list shows it.
type Room struct {
	Name    string `json:"room"`
	Title   string `json:"title"`
	Private bool   `json:"private"`
	Joined  bool   `json:"joined"`
	Unread  int    `json:"unread"`
	Head    string `json:"head"`
}

// PageQuery says which part of a room's history is wanted: before or after an id
// (both without it), around one (with it), or, if all three are empty, the newest.
type PageQuery struct {
	Before, After, Around string
	Limit                 int // 0: the server's default (50); it gives 200 at most
}

// Page is a part of a room's history, oldest first.
type Page struct {
	Messages []Event `json:"messages"`
	HasOlder bool    `json:"has_older"`
	HasNewer bool    `json:"has_newer"`
	Cursor   string  `json:"cursor"`
	Epoch    string  `json:"epoch"`
}

// Position opens a stream right behind the page.
func (p Page) Position() Position { return Position{Cursor: p.Cursor, Epoch: p.Epoch} }

// Me asks who one is.
func (c *Client) Me(ctx context.Context) (Me, error) {
	var me Me
	if err := c.call(ctx, http.MethodGet, "/api/me", nil, nil, &me); err != nil {
		return Me{}, fmt.Errorf("ask who I am: %w", err)
	}
	return me, nil
}

// Rooms lists the rooms one is in or may join.
func (c *Client) Rooms(ctx context.Context) ([]Room, error) {
	var list struct {
		Rooms []Room `json:"rooms"`
	}
	if err := c.call(ctx, http.MethodGet, "/api/rooms", nil, nil, &list); err != nil {
		return nil, fmt.Errorf("list the rooms: %w", err)
	}
	return list.Rooms, nil
}

// CreateRoom makes a room and puts oneself in it. An empty title is the name.
func (c *Client) CreateRoom(ctx context.Context, room, title string, private bool) error {
	body := struct {
		Room    string `json:"room"`
		Title   string `json:"title"`
		Private bool   `json:"private"`
	}{room, title, private}
	if err := c.call(ctx, http.MethodPost, "/api/rooms", nil, body, nil); err != nil {
		return fmt.Errorf("create the room %s: %w", room, err)
	}
	return nil
}

// Join enters a room.
func (c *Client) Join(ctx context.Context, room string) error {
	if err := c.call(ctx, http.MethodPost, roomPath(room, "join"), nil, nil, nil); err != nil {
		return fmt.Errorf("join %s: %w", room, err)
	}
	return nil
}

// Leave leaves a room.
func (c *Client) Leave(ctx context.Context, room string) error {
	if err := c.call(ctx, http.MethodPost, roomPath(room, "leave"), nil, nil, nil); err != nil {
		return fmt.Errorf("leave %s: %w", room, err)
	}
	return nil
}

// Post stores a text in a room. When it returns a receipt, the text is durable. After
// any other error than a final *Error, ask again with the same cid: the text is stored
// once, however often it is posted. An empty cid is minted, and then only the receipt
// knows it.
func (c *Client) Post(ctx context.Context, room, text, cid string) (Receipt, error) {
	if cid == "" {
		cid = NewCID()
	}
	body := struct {
		Text string `json:"text"`
		CID  string `json:"cid"`
	}{text, cid}
	r := Receipt{CID: cid}
	if !utf8.ValidString(text) {
		return r, errNotUTF8
	}
	if err := c.call(ctx, http.MethodPost, roomPath(room, "messages"), nil, body, &r); err != nil {
		return Receipt{CID: cid}, fmt.Errorf("post in %s: %w", room, err)
	}
	r.CID = cid
	return r, nil
}

// Page reads a part of a room's history. An id that the server does not know is a 400.
func (c *Client) Page(ctx context.Context, room string, q PageQuery) (Page, error) {
	var p Page
	if err := c.call(ctx, http.MethodGet, roomPath(room, "messages"), q.values(), nil, &p); err != nil {
		return Page{}, fmt.Errorf("read the history of %s: %w", room, err)
	}
	return p, nil
}

func (q PageQuery) values() url.Values {
	v := url.Values{}
	for name, id := range map[string]string{"before": q.Before, "after": q.After, "around": q.Around} {
		if id != "" {
			v.Set(name, id)
		}
	}
	if q.Limit > 0 {
		v.Set("limit", strconv.Itoa(q.Limit))
	}
	return v
}

// NewCID mints an identity for a post: at least 128 random bits, made once, kept with
// the text, and sent with every attempt.
func NewCID() string { return rand.Text() }

func roomPath(room, what string) string { return "/api/rooms/" + url.PathEscape(room) + "/" + what }

// errNotUTF8 is said here, because encoding/json would replace the bytes in silence.
var errNotUTF8 = &Error{Code: "bad_request", Text: "the text is not valid UTF-8", Final: true}
