package chat

import (
	"errors"
	"fmt"
	"time"
)

// A Code says in one word, for a program, why something was refused. The codes
// are part of the wire protocol; a client decides by them.
type Code string

// The codes that a command can be refused with.
const (
	BadRequest  Code = "bad_request"     // malformed; repeating it cannot help
	TooLarge    Code = "too_large"       // over a size limit
	SignedOut   Code = "signed_out"      // no session, or one that has ended
	Banned      Code = "banned"          // shut out by a moderator
	NoPassword  Code = "password_needed" // the name is claimed: its password is needed to come in by it
	NameInUse   Code = "name_taken"      // the name, or one that looks like it, belongs to somebody else
	Forbidden   Code = "forbidden"       // seen, but not allowed
	NotFound    Code = "not_found"       // does not exist, or may not be seen: the same to the asker
	Conflict    Code = "conflict"        // a room of that name exists
	CIDConflict Code = "cid_conflict"    // the same cid was used for something else
	RateLimited Code = "rate_limited"    // too much, too fast: RetryAfter says when
	Unavailable Code = "unavailable"     // the log cannot take it now
	StorageFull Code = "storage_full"    // the disk has no room; nothing was stored
	Busy        Code = "busy"            // the queue in front of the log is full
)

// Error is a refusal: a code for programs and a sentence for a person, who can
// do something about it. Err, the cause, never leaves the server.
type Error struct {
	Code       Code
	Text       string
	Format     string // Text before its values came into it, for those who say it in another language; "" if it has none
	Values     []any
	RetryAfter time.Duration // when to try again; 0 if that is not known
	Err        error
}

func (e *Error) Error() string {
	if e.Err != nil {
		return fmt.Sprintf("%s: %s: %v", e.Code, e.Text, e.Err)
	}
	return fmt.Sprintf("%s: %s", e.Code, e.Text)
}

// Unwrap returns the cause, if there is one.
func (e *Error) Unwrap() error { return e.Err }

// Final reports whether repeating the same command can never help.
func (e *Error) Final() bool {
	switch e.Code {
	case RateLimited, Unavailable, StorageFull, Busy:
		return false
	}
	return true
}

// Refuse makes an Error of a code and a sentence.
func Refuse(code Code, format string, args ...any) *Error {
	return &Error{Code: code, Text: fmt.Sprintf(format, args...), Format: format, Values: args}
}

// Refusal returns err as a refusal that may be shown to a person. What is not
// a refusal already is a fault of the server: it becomes Unavailable, with err
// as its hidden cause.
func Refusal(err error) *Error {
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return &Error{Code: Unavailable, Text: "The server could not do that just now. Try again in a moment.", RetryAfter: time.Second, Err: err}
}

// ErrStorageFull is what Store.Apply returns when the disk has no room: nothing
// of the batch was stored, reading goes on, and the next batch may succeed.
var ErrStorageFull = &Error{Code: StorageFull, Text: "The server's disk is full. Your message is kept here and will be sent when there is room.", RetryAfter: 5 * time.Second}

// errNotFoundRoom is the one answer for a room that does not exist and for one
// that the asker may not see.
var errNotFoundRoom = Refuse(NotFound, "There is no such room.")
