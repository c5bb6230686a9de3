package bench

import (
	"bytes"
	"testing"
)

func TestFrames(t *testing.T) {
	for _, n := range []int{0, 1, 125, 126, 127, 1<<16 - 1, 1 << 16} {
		payload := bytes.Repeat([]byte("x"), n)
		for name, b := range map[string][]byte{
			"server's": appendFrame(nil, opText, payload),
			"client's": appendMasked(nil, opText, payload),
		} {
			f, whole := parseFrame(append(b, "and more"...))
			if !whole || f.opcode != opText || f.end != len(b) || !bytes.Equal(b[f.begin:f.end], payload) {
				t.Errorf("a %s frame of %d bytes: %+v, %v", name, n, f, whole)
			}
			for cut := range min(len(b), 20) {
				if _, whole := parseFrame(b[:cut]); whole {
					t.Errorf("%d bytes of a %s frame of %d count as all of it", cut, name, n)
				}
			}
		}
	}
}

func TestUnmask(t *testing.T) {
	// The example of RFC 6455 §5.7.
	b := []byte{0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58}
	f, whole := parseFrame(b)
	if !whole {
		t.Fatal("not whole")
	}
	f.unmask(b[f.begin:f.end])
	if got := string(b[f.begin:f.end]); got != "Hello" {
		t.Errorf("unmasked: %q", got)
	}
}
