package cmd

import (
	"strings"

	"rsc.io/qr"
)

// quietZone is the white frame that a QR code needs, in modules (ISO/IEC 18004 §9.1).
const quietZone = 4

// Black on white by number, because the terminal's own idea of its colours may
// be anything: 16 and 231 of the 256 are pure in every theme.
const (
	blackOnWhite = "\x1b[38;5;16;48;5;231m"
	plain        = "\x1b[0m"
)

// writeQR draws text as a QR code, two rows of modules in each line. Text too
// long for one (2,953 bytes) is left out: the address stands above it anyway.
func writeQR(out *strings.Builder, text string) {
	code, err := qr.Encode(text, qr.L)
	if err != nil {
		return
	}
	for y := -quietZone; y < code.Size+quietZone; y += 2 {
		out.WriteString("  " + blackOnWhite)
		for x := -quietZone; x < code.Size+quietZone; x++ {
			out.WriteString(halfBlocks(code.Black(x, y), code.Black(x, y+1)))
		}
		out.WriteString(plain + "\n")
	}
}

// halfBlocks is one character showing two modules, one above the other.
func halfBlocks(upper, lower bool) string {
	switch {
	case upper && lower:
		return "█"
	case upper:
		return "▀"
	case lower:
		return "▄"
	}
	return " "
}
