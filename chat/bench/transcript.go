package bench

import "bytes"

// transcript is what everybody in a room must be sent: the frames of its
// messages, one after the other. Whoever is ahead of all others writes it, and
// each message is looked at then (crowd.posted); for everyone else being right
// is being equal, which is compared by chunks and not by frames: that is why the
// generator keeps up with servers that write many frames at once.
type transcript struct {
	data    []byte
	ends    []int // where each frame ends
	numbers []int // which message stands in it; see crowd.messages
	ids     []string
}

func (t *transcript) append(frame []byte, number int, id string) {
	t.data = append(t.data, frame...)
	t.ends = append(t.ends, len(t.data))
	t.numbers = append(t.numbers, number)
	t.ids = append(t.ids, id)
}

// reader is how far one connection is in a transcript.
type reader struct {
	*transcript
	at   int // bytes
	next int // frames: the one that is being read, or comes next
}

// atEnd says that the reader has all that anybody has.
func (r *reader) atEnd() bool { return r.at == len(r.data) }

// follow takes from b what is the transcript's as well and returns how many bytes
// that were. It is all of b, or all that the transcript has, or nothing.
func (r *reader) follow(b []byte) int {
	n := min(len(b), len(r.data)-r.at)
	if !bytes.Equal(b[:n], r.data[r.at:r.at+n]) {
		return 0
	}
	r.at += n
	return n
}

// undo goes back to the last whole frame and returns what had been taken since.
func (r *reader) undo() []byte {
	begin := 0
	if r.next > 0 {
		begin = r.ends[r.next-1]
	}
	taken := r.data[begin:r.at]
	r.at = begin
	return taken
}

// take moves over the transcript's next frame, if that is it.
func (r *reader) take(frame []byte) bool {
	if r.next == len(r.ends) || !bytes.Equal(frame, r.data[r.at:r.ends[r.next]]) {
		return false
	}
	r.at = r.ends[r.next]
	return true
}

// passed returns the numbers of the messages that have been read to their end since the last call.
func (r *reader) passed() []int {
	first := r.next
	for r.next < len(r.ends) && r.ends[r.next] <= r.at {
		r.next++
	}
	return r.numbers[first:r.next]
}

// forget starts an empty transcript; everybody must be at the end.
func (t *transcript) forget() {
	t.data, t.ends, t.numbers, t.ids = t.data[:0], t.ends[:0], t.numbers[:0], t.ids[:0]
}
