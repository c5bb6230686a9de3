package bench

import (
	"crypto/rand"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// message is one that was posted: what is known about it so far.
type message struct {
	at     time.Duration // when it was to be sent, since the crowd began
	by     *conn
	acked  bool
	seen   bool   // it stands in a transcript
	echoed bool   // its author has got it back
	id     string // from its ack or from its event, whichever came first
}

// Receipt is a message that a server has acknowledged or sent to anybody, and so must have kept.
type Receipt struct{ CID, ID, Text string }

// A cid is as long as the 128 random bits of a client that makes its own, so that
// frames are as long as in use, and holds the message's number.
const (
	runLength = 12
	cidLength = runLength + 10
)

// newPrefix is what the cids of one crowd begin with.
func newPrefix() string { return strings.ToLower(rand.Text()[:runLength]) }

func appendCID(b []byte, run string, number int) []byte {
	return appendNumber(append(b, run...), number)
}

func appendNumber(b []byte, n int) []byte {
	var digits [cidLength - runLength]byte
	for i := len(digits) - 1; i >= 0; i-- {
		digits[i], n = byte('0'+n%10), n/10
	}
	return append(b, digits[:]...)
}

// numberOf reads a cid of this run.
func numberOf(run, cid string) (int, bool) {
	if len(cid) != cidLength || cid[:runLength] != run {
		return 0, false
	}
	n, err := strconv.Atoi(cid[runLength:])
	return n, err == nil
}

// words fill texts. There is no Markdown in them: a frame has the text once.
const words = " the quick brown fox jumps over the lazy dog while nobody looks at it"

// appendText makes the text of a message: its number and words, size bytes in all
// (at least the number's ten).
func appendText(b []byte, number, size int) []byte {
	end := len(b) + size
	for b = appendNumber(b, number); len(b) < end; {
		b = append(b, words[:min(len(words), end-len(b))]...)
	}
	if b[len(b)-1] == ' ' {
		b[len(b)-1] = '.' // a blank at the end would be kept too, but looks like a mistake
	}
	return b
}

// appendPost adds the frame that posts a message.
func appendPost(b []byte, run, room string, number, size int) []byte {
	payload := make([]byte, 0, 128+size)
	payload = append(payload, `{"do":"post","cid":"`...)
	payload = appendCID(payload, run, number)
	payload = fmt.Appendf(payload, `","room":"%s","text":"`, room)
	payload = append(appendText(payload, number, size), `"}`...)
	return appendMasked(b, opText, payload)
}
