package web

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"chatd/chat"

	"github.com/go-json-experiment/json"
)

// decode reads one JSON object strictly: unknown fields, duplicate or
// case-variant keys, invalid UTF-8, half surrogate escapes, trailing bytes and
// U+0000 are refused. (encoding/json replaces the bad UTF-8 and lets the last duplicate win.)
func decode(data []byte, into any) error {
	if err := json.Unmarshal(data, into, json.RejectUnknownMembers(true)); err != nil {
		return &chat.Error{Code: chat.BadRequest, Text: "This is not the JSON that belongs here: " + jsonFault(err) + ".", Err: err}
	}
	if hasNull(data) {
		return chat.Refuse(chat.BadRequest, "The character U+0000 does not belong here.")
	}
	return nil
}

// hasNull finds U+0000 in valid JSON, where it can only stand as an escape.
func hasNull(data []byte) bool {
	for i := 0; i < len(data); i++ {
		if data[i] == '\\' {
			if i++; bytes.HasPrefix(data[i:], []byte("u0000")) {
				return true
			}
		}
	}
	return false
}

// jsonFault says what is wrong, in the decoder's words, without Go's names.
func jsonFault(err error) string {
	var semantic *json.SemanticError
	if errors.As(err, &semantic) {
		if semantic.JSONPointer == "" {
			return "an object is wanted"
		}
		return shortened(string(semantic.JSONPointer)) + " does not fit"
	}
	return strings.TrimPrefix(err.Error(), "jsontext: ")
}

// shortened is the beginning of text that a client chose: an answer is to fit a frame, whatever was asked.
func shortened(text string) string {
	const most = 64 // bytes
	if len(text) <= most {
		return text
	}
	return strings.ToValidUTF8(text[:most], "") + "…"
}

// decodeBody reads a JSON request body of at most 64 KiB.
func decodeBody(w http.ResponseWriter, r *http.Request, into any) error {
	data, err := readBody(w, r)
	if err != nil {
		return err
	}
	return decode(data, into)
}

// readBody reads a request body of at most chat.MaxFrame bytes.
func readBody(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	data, err := io.ReadAll(http.MaxBytesReader(w, r.Body, chat.MaxFrame))
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return nil, chat.Refuse(chat.TooLarge, "A request may have %d bytes.", tooLarge.Limit)
	}
	if err != nil {
		return nil, &chat.Error{Code: chat.BadRequest, Text: "The request broke off.", Err: err}
	}
	return data, nil
}

// bodyTimeout is how long a request's body may take to arrive (see ServeHTTP).
const bodyTimeout = 10 * time.Second

// statuses is the one table from codes to HTTP.
var statuses = map[chat.Code]int{
	chat.BadRequest:  http.StatusBadRequest,
	chat.TooLarge:    http.StatusRequestEntityTooLarge,
	chat.SignedOut:   http.StatusUnauthorized,
	chat.Banned:      http.StatusForbidden,
	chat.NoPassword:  http.StatusUnauthorized,
	chat.NameInUse:   http.StatusConflict,
	chat.Forbidden:   http.StatusForbidden,
	chat.NotFound:    http.StatusNotFound,
	chat.Conflict:    http.StatusConflict,
	chat.CIDConflict: http.StatusConflict,
	chat.RateLimited: http.StatusTooManyRequests,
	chat.Unavailable: http.StatusServiceUnavailable,
	chat.StorageFull: http.StatusInsufficientStorage,
	chat.Busy:        http.StatusServiceUnavailable,
}

// refusal is an error as it goes out.
type refusal struct {
	Code       chat.Code `json:"code"`
	Message    string    `json:"message"`
	RetryAfter int64     `json:"retry_after_ms,omitzero"`
}

func newRefusal(e *chat.Error, words *catalogue) refusal {
	return refusal{e.Code, words.refusal(e), e.RetryAfter.Milliseconds()}
}

// fail answers an API request with an error; one that is the server's own fault is logged.
func (h *Handler) fail(w http.ResponseWriter, r *http.Request, err error) {
	e := chat.Refusal(err)
	if e.Err != nil && e.Code == chat.Unavailable && r.Context().Err() == nil {
		h.logger.Error("a request failed", "method", r.Method, "path", r.URL.Path, "err", e.Err)
	}
	retryAfter(w, e)
	answer(w, statuses[e.Code], newRefusal(e, h.words(r)))
}

// retryAfter sets the header, in whole seconds, rounded up.
func retryAfter(w http.ResponseWriter, e *chat.Error) {
	if e.RetryAfter > 0 {
		w.Header().Set("Retry-After", fmt.Sprint(int64((e.RetryAfter+time.Second-1)/time.Second)))
	}
}

// answer writes a JSON answer.
func answer(w http.ResponseWriter, status int, body any) {
	data, err := json.Marshal(body, json.Deterministic(true))
	if err != nil {
		panic(err) // what is answered is made of types of this package
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	w.Write(append(data, '\n'))
}
