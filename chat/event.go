package chat

import (
	"strconv"
	"time"
)

// Seq is the place of an event in the one order of the whole server. Compare
// it; never subtract it: numbers are skipped. Outside the server it travels as an opaque string.
type Seq uint64

// String is the place as it stands on the wire, where it is the event's id and a cursor.
func (s Seq) String() string { return strconv.FormatUint(uint64(s), 10) }

// ParseSeq reads what String wrote, and nothing else.
func ParseSeq(text string) (Seq, bool) {
	n, err := strconv.ParseUint(text, 10, 63)
	if err != nil || strconv.FormatUint(n, 10) != text {
		return 0, false
	}
	return Seq(n), true
}

// Kind says what happened, in the past tense.
type Kind string

// Event is something that happened, or is to happen once the log has given it a place.
type Event struct {
	Kind   Kind
	Room   string    // where it belongs to one, else ""
	Author ID        // who did it; 0 is chatd itself
	CID    string    // with Author its identity for ever: the log keeps (Author, CID) once
	At     time.Time // the server's time, UTC, whole milliseconds: stamped by the log, decides nothing
	Body   []byte    // what the kind needs; each kind's file says how it is written. Not to be changed once appended.
}

// Entry is an event in its place.
type Entry struct {
	Seq Seq
	Event
	By Person   // the author as the store knows him now; filled when applied and when read
	Of []Person // whom it is about, where that is not the author, likewise

	// Of a message what became of it, of an event about a message how that stands: as the
	// store knows it now; filled when applied and when read. Nil of a message to which nothing happened.
	State *State
}

// Receipt says where an event stands.
type Receipt struct {
	Seq Seq
	At  time.Time
	Dup bool // it stood there already: this was a repeat
}

// Verdict is what applying an entry decided: a receipt, or why it is void.
// Every node reaches the same verdict for the same entry.
type Verdict struct {
	Receipt
	Refused *Error
}

// serverCID makes the identity of an event that came without one. The first
// character is outside the alphabet of the cids that clients make, so the two never meet.
func serverCID() string { return "~" + NewID().String() + NewID().String() }
