package web

import (
	"context"
	"fmt"
	"net/http"

	"chatd/chat"

	"github.com/go-json-experiment/json/jsontext"
)

// What one says, and what one does with a message that was said: by the stream, or by
// HTTP where a client has no way to send on its stream.

// target is the part of a command that names messages.
type target struct {
	Message string `json:"message"`
	Emoji   string `json:"emoji"`
	Reply   string `json:"reply"`
}

// carryOut does what a command asks for; done is called as chat.Server.PostAsync does.
func carryOut(ctx context.Context, server *chat.Server, actor chat.Actor, c *command, done func(chat.Receipt, error)) error {
	if c.Do == "post" {
		reply, err := replyTo(c.Reply)
		if err != nil {
			return err
		}
		return server.PostAsync(ctx, actor, chat.Post{Room: c.Room, CID: c.CID, Text: c.Text, Reply: reply}, done)
	}
	seq, ok := chat.ParseSeq(c.Message)
	if !ok {
		return chat.Refuse(chat.BadRequest, "A message has an id: say which one in the member message.")
	}
	m := chat.Target{Room: c.Room, Message: seq, CID: c.CID}
	switch c.Do {
	case "edit":
		return server.EditAsync(ctx, actor, m, c.Text, done)
	case "delete":
		return server.DeleteAsync(ctx, actor, m, done)
	case "react", "unreact":
		return server.ReactAsync(ctx, actor, m, c.Emoji, c.Do == "react", done)
	case "unread":
		err := server.MarkUnread(ctx, actor, c.Room, seq)
		if err == nil {
			done(chat.Receipt{}, nil)
		}
		return err
	case "pin", "unpin":
		return server.PinAsync(ctx, actor, m, c.Do == "pin", done)
	}
	return chat.Refuse(chat.BadRequest, "There is no such command here. There are: post, edit, delete, react, unreact, pin, unpin, unread.")
}

func replyTo(id string) (chat.Seq, error) {
	if id == "" {
		return 0, nil
	}
	seq, ok := chat.ParseSeq(id)
	if !ok || seq == 0 {
		return 0, chat.Refuse(chat.BadRequest, "The message that this answers is not in this room.")
	}
	return seq, nil
}

// ack says that a command is done; without an id where there was nothing to do.
func ack(cid string, r chat.Receipt) []byte {
	if r.Seq == 0 {
		return fmt.Appendf(nil, `{"kind":"ack","cid":"%s","dup":true}`, cid)
	}
	return fmt.Appendf(nil, `{"kind":"ack","cid":"%s","id":"%s","dup":%t}`, cid, r.Seq, r.Dup)
}

// act takes a command as it would come on the stream, and answers when it is done.
func (h *Handler) act(w http.ResponseWriter, r *http.Request, who visitor) error {
	var c command
	if err := decodeBody(w, r, &c); err != nil {
		return err
	}
	if !chat.ValidCID(c.CID) {
		return chat.Refuse(chat.BadRequest, "A command has a cid of 1 to 64 characters of A–Z, a–z, 0–9, - and _.")
	}
	ctx, cancel := context.WithTimeout(r.Context(), commandTimeout)
	defer cancel()
	receipt, err := chat.Wait(ctx, func(done func(chat.Receipt, error)) error { return carryOut(ctx, h.server, who.Actor, &c, done) })
	if err != nil {
		return err
	}
	body := map[string]any{"dup": receipt.Dup}
	if receipt.Seq != 0 {
		body["id"] = receipt.Seq.String()
	}
	answer(w, http.StatusOK, body)
	return nil
}

// thread is a message that began a thread, and a part of its answers.
func (h *Handler) thread(w http.ResponseWriter, r *http.Request, who visitor) error {
	query, err := pageQuery(r)
	if err != nil {
		return err
	}
	message, err := messageOf(r)
	if err != nil {
		return err
	}
	page, err := h.server.Thread(r.Context(), who.Actor, r.PathValue("room"), message, query)
	if err != nil {
		return err
	}
	answer(w, http.StatusOK, struct {
		Root jsontext.Value `json:"root"`
		pageJSON
	}{appendEntry(nil, &page.Root), newPage(page.Page)})
	return nil
}

type revisionJSON struct {
	Rev  int        `json:"rev"`
	At   string     `json:"at"`
	By   personJSON `json:"by"`
	Text string     `json:"text"`
}

// revisions are the texts that a message had, and the one that it has.
func (h *Handler) revisions(w http.ResponseWriter, r *http.Request, who visitor) error {
	message, err := messageOf(r)
	if err != nil {
		return err
	}
	texts, err := h.server.Revisions(r.Context(), who.Actor, r.PathValue("room"), message)
	if err != nil {
		return err
	}
	list := make([]revisionJSON, len(texts))
	for i, t := range texts {
		list[i] = revisionJSON{t.Rev, formatTime(t.At), newPerson(t.By), t.Text}
	}
	answer(w, http.StatusOK, map[string]any{"revisions": list})
	return nil
}

// messageOf is the message that the address names.
func messageOf(r *http.Request) (chat.Seq, error) {
	seq, ok := chat.ParseSeq(r.PathValue("id"))
	if !ok || seq == 0 {
		return 0, chat.Refuse(chat.NotFound, "There is no such message in this room.")
	}
	return seq, nil
}

// pins are the pinned messages of a room.
func (h *Handler) pins(w http.ResponseWriter, r *http.Request, who visitor) error {
	entries, err := h.server.Pins(r.Context(), who.Actor, r.PathValue("room"))
	if err != nil {
		return err
	}
	page := newPage(chat.Page{Messages: entries})
	answer(w, http.StatusOK, map[string]any{"messages": page.Messages})
	return nil
}
