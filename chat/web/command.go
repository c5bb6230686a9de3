package web

import (
	"context"
	"fmt"

	"chatd/chat"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// What a client asks for on a stream, and the answers.

// command is what a client may send.
type command struct {
	Do   string `json:"do"`
	CID  string `json:"cid"`
	Room string `json:"room"`
	Text string `json:"text"`
	ID   string `json:"id"`
	target
}

// handle carries out one frame of the client. Frames are handled one after the
// other; a post is answered later, and the next frame does not wait for it. On a
// connection that is ending they are nothing any more.
func (s *stream) handle(ctx context.Context, data []byte) {
	select {
	case s.commands <- struct{}{}:
	case <-ctx.Done():
		return
	}
	// Asked after the place was taken: the writer does not end the connection while one is,
	// so that nothing is carried out without an answer.
	if s.ending() {
		<-s.commands
		s.feed.Poke()
		return
	}
	var c command
	if err := decode(data, &c); err != nil {
		s.nack(readableCID(data), err)
		return
	}
	if !chat.ValidCID(c.CID) {
		s.nack("", chat.Refuse(chat.BadRequest, "A command has a cid of 1 to 64 characters of A–Z, a–z, 0–9, - and _."))
		return
	}
	server, actor := s.handler.server, s.who.Actor
	var err error
	switch c.Do {
	case "post", "edit", "delete", "react", "unreact", "pin", "unpin", "unread":
		err = carryOut(ctx, server, actor, &c, func(r chat.Receipt, err error) {
			if err != nil {
				s.nack(c.CID, err)
				return
			}
			s.answer(ack(c.CID, r))
		})
		if err == nil {
			return
		}
	case "typing":
		err = server.Typing(ctx, actor, c.Room)
	case "read":
		seq, ok := chat.ParseSeq(c.ID)
		if !ok {
			err = chat.Refuse(chat.BadRequest, "There is no message with this id.")
			break
		}
		err = server.MarkRead(ctx, actor, c.Room, seq)
	case "ping":
		s.answer(fmt.Appendf(nil, `{"kind":"ack","cid":"%s"}`, c.CID))
		return
	default:
		err = chat.Refuse(chat.BadRequest, "There is no such command. There are: post, edit, delete, react, unreact, pin, unpin, unread, typing, read, ping.")
	}
	if err != nil {
		s.nack(c.CID, err)
		return
	}
	<-s.commands // nothing to say
}

// readableCID finds the cid in a frame that was refused, if it can be told. Half a
// surrogate in the text, which a browser sends when somebody cuts an emoji in two, does
// not hide it: a client that does not learn what was refused sends it for ever.
func readableCID(data []byte) string {
	var c struct {
		CID string `json:"cid"`
	}
	if json.Unmarshal(data, &c, jsontext.AllowInvalidUTF8(true)) != nil || !chat.ValidCID(c.CID) {
		return ""
	}
	return c.CID
}

func (s *stream) nack(cid string, err error) {
	e := chat.Refusal(err)
	if e.Err != nil && e.Code == chat.Unavailable {
		s.handler.logger.Error("a command failed", "err", e.Err)
	}
	data, fault := json.Marshal(struct {
		Kind       string    `json:"kind"`
		CID        string    `json:"cid,omitempty"`
		Code       chat.Code `json:"code"`
		Message    string    `json:"message"`
		Final      bool      `json:"final"`
		RetryAfter int64     `json:"retry_after_ms,omitzero"`
	}{"nack", cid, e.Code, s.words.refusal(e), e.Final(), e.RetryAfter.Milliseconds()})
	if fault != nil {
		panic(fault) // every field is text of ours or a checked cid
	}
	s.answer(data)
}

// answer puts the answer to a command into the lane. Any goroutine may call it.
func (s *stream) answer(data []byte) {
	s.mu.Lock()
	s.lane = append(s.lane, frame(data))
	s.owed++
	s.mu.Unlock()
	s.nudge()
}
