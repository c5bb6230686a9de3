package chat

import (
	"crypto/rand"
	"encoding/binary"
	"strconv"
)

// ID is who somebody is, for ever: 48 random bits, chosen when a person first
// signs in or a bot's token is made. Names come and go; an ID stays. 0 is nobody (chatd itself).
type ID int64

// NewID returns a fresh random ID. Should two ever be equal, the log refuses the second (see name.go).
func NewID() ID {
	var b [8]byte
	rand.Read(b[:]) // never fails: crypto/rand ends the program instead
	return ID(binary.BigEndian.Uint64(b[:])>>16) | 1
}

// String is the ID as it stands on the wire: short, opaque.
func (id ID) String() string { return strconv.FormatInt(int64(id), 36) }

// Person is somebody as others see them: the identity, and the name and the role as they
// stand now. Of who did something (Entry.By) the role is not said.
type Person struct {
	ID   ID
	Name string
	Role Role
}

// Actor is who acts: an authenticated person or bot. It is a parameter of every
// command, never hidden in a context.
type Actor struct {
	Person
	Bot bool
}
