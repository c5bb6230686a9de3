package bench

import "encoding/binary"

// The least of RFC 6455 §5.2 that both sides need: single frames, no extensions.
const (
	opText  = 0x1
	opClose = 0x8
	opPing  = 0x9
	opPong  = 0xA

	finBit  = 0x80
	maskBit = 0x80
)

// maxFrame is the longest frame of the protocol with its header, in bytes.
const maxFrame = 64<<10 + 14

// frame is where the parts of a frame lie.
type frame struct {
	opcode     byte
	key        [4]byte // of the mask; zero where there is none
	begin, end int     // the payload
}

// parseFrame reads the header of the frame with which b begins. It reports false
// while the header or the payload is not all there.
func parseFrame(b []byte) (f frame, whole bool) {
	if len(b) < 2 {
		return frame{}, false
	}
	f.opcode, f.begin, f.end = b[0]&0x0F, 2, int(b[1]&^maskBit)
	switch {
	case f.end == 126 && len(b) >= 4:
		f.begin, f.end = 4, int(binary.BigEndian.Uint16(b[2:]))
	case f.end == 127 && len(b) >= 10:
		f.begin, f.end = 10, int(binary.BigEndian.Uint64(b[2:]))
	case f.end >= 126:
		return frame{}, false
	}
	if b[1]&maskBit != 0 {
		if len(b) < f.begin+4 {
			return frame{}, false
		}
		f.begin += copy(f.key[:], b[f.begin:])
	}
	f.end += f.begin
	return f, len(b) >= f.end
}

// unmask takes the mask off payload, in place.
func (f frame) unmask(payload []byte) {
	for i := range payload {
		payload[i] ^= f.key[i%4]
	}
}

// appendFrame adds a frame as a server sends it.
func appendFrame(b []byte, opcode byte, payload []byte) []byte {
	return append(appendHeader(b, opcode, 0, len(payload)), payload...)
}

// appendMasked adds a frame as a client sends it. The key is zero, which the
// standard allows on the wire and which costs the server the same.
func appendMasked(b []byte, opcode byte, payload []byte) []byte {
	b = appendHeader(b, opcode, maskBit, len(payload))
	return append(append(b, 0, 0, 0, 0), payload...)
}

func appendHeader(b []byte, opcode, mask byte, n int) []byte {
	b = append(b, finBit|opcode)
	switch {
	case n < 126:
		return append(b, mask|byte(n))
	case n < 1<<16:
		return binary.BigEndian.AppendUint16(append(b, mask|126), uint16(n))
	}
	return binary.BigEndian.AppendUint64(append(b, mask|127), uint64(n))
}
