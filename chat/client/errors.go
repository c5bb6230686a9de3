package client

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Error is a refusal in the server's own words: the answer to a request, or a nack.
type Error struct {
	Status     int           // of HTTP; 0 for a nack
	Code       string        // for machines: "rate_limited"; "" if the answer was not JSON
	Text       string        // for a person
	RetryAfter time.Duration // 0: not said
	Final      bool          // asking again, with the same cid, would be refused again
}

// Error puts the server's sentence first and what a machine would look at behind it.
func (e *Error) Error() string {
	text := e.Text
	if text == "" {
		text = http.StatusText(e.Status)
	}
	var notes []string
	if e.Code != "" {
		notes = append(notes, e.Code)
	}
	if e.Status != 0 {
		notes = append(notes, strconv.Itoa(e.Status))
	}
	return fmt.Sprintf("%s (%s)", text, strings.Join(notes, ", "))
}

// CloseError says that the server closed the stream and why. A connection that broke
// without a close frame is not one: that is the network's error, wrapped.
type CloseError struct {
	Code   int
	Reason string
}

// Error says the code and, if there was one, the reason.
func (e *CloseError) Error() string {
	if e.Reason == "" {
		return fmt.Sprintf("the server closed the stream (%d)", e.Code)
	}
	return fmt.Sprintf("the server closed the stream: %s (%d)", e.Reason, e.Code)
}

// The close codes of the protocol that have a name of their own here.
const (
	CloseRestart   = 1012
	CloseOverload  = 1013
	CloseTooSlow   = 4008
	CloseFlood     = 4013
	CloseSignedOut = 4500
	CloseBanned    = 4503
	CloseTooOld    = 4506
)

// Final reports whether coming back by itself is wrong: the server is done with this
// client (1000, 1001), the client does not speak as it should (1002, 1003, 1007, 1009),
// or a person has to act first (4500 to 4999).
func (e *CloseError) Final() bool {
	switch e.Code {
	case 1000, 1001, 1002, 1003, 1007, 1009:
		return true
	}
	return e.Code >= 4500 && e.Code <= 4999
}

// ErrMaySend is what a [Session.Post] that was given up returns when its text was
// already on the way: it may still turn up in the history.
var ErrMaySend = errors.New("given up, but the message may have been sent")

// ErrOneWay is returned when a command is sent on a stream of server-sent events.
var ErrOneWay = errors.New("server-sent events only flow one way: post over HTTP")

// maxErrorBytes bounds how much of a refusal is read. A sentence is short; a login
// page that carries one is not.
const maxErrorBytes = 256 << 10

// refusal reads what an HTTP answer that is not a success says.
func refusal(resp *http.Response) *Error {
	e := &Error{Status: resp.StatusCode}
	body, _ := io.ReadAll(io.LimitReader(resp.Body, maxErrorBytes))
	var said struct {
		Code         string `json:"code"`
		Message      string `json:"message"`
		RetryAfterMS int64  `json:"retry_after_ms"`
	}
	switch kind, _, _ := strings.Cut(resp.Header.Get("Content-Type"), ";"); {
	case json.Unmarshal(body, &said) == nil:
		e.Code, e.Text = said.Code, said.Message
		e.RetryAfter = time.Duration(said.RetryAfterMS) * time.Millisecond
	case kind == "text/html":
		e.Text = alert(string(body))
	default:
		e.Text, _, _ = strings.Cut(strings.TrimSpace(string(body)), "\n")
	}
	if e.RetryAfter == 0 {
		seconds, _ := strconv.Atoi(resp.Header.Get("Retry-After"))
		e.RetryAfter = time.Duration(seconds) * time.Second
	}
	e.Final = finalStatus(e.Status)
	return e
}

// finalStatus is HTTP's way of saying what a nack says with "final".
func finalStatus(status int) bool {
	switch status {
	case http.StatusRequestTimeout, http.StatusTooEarly, http.StatusTooManyRequests:
		return false
	}
	return status < 500
}

// nack turns a nack frame into an error.
func nack(e Event) *Error {
	return &Error{
		Code:       e.Code,
		Text:       e.Message,
		RetryAfter: time.Duration(e.RetryAfterMS) * time.Millisecond,
		Final:      e.Final,
	}
}
