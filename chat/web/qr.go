package web

import (
	"fmt"
	"net/http"
	"strings"

	"chatd/chat"

	"rsc.io/qr"
)

// qr draws the address of the chat, for somebody with a camera.
func (h *Handler) qr(w http.ResponseWriter, r *http.Request, _ visitor) error {
	address := h.address(r)
	if address == "" {
		return chat.Refuse(chat.NotFound, "Others cannot reach this server.")
	}
	code, err := qr.Encode(address, qr.M)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "image/svg+xml")
	w.Header().Set("Content-Security-Policy", "default-src 'none'")
	fmt.Fprint(w, qrSVG(code))
	return nil
}

// qrSVG draws dark squares on white, with the quiet zone of four that ISO/IEC 18004 asks for.
func qrSVG(code *qr.Code) string {
	size := code.Size + 2*quietZone
	return fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h%dv%dH0z"/><path fill="#000" d="%s"/></svg>`, size, size, size, size, qrPath(code))
}

const quietZone = 4

// qrPath is the dark squares as the path of a picture.
func qrPath(code *qr.Code) string {
	var b strings.Builder
	for y := range code.Size {
		for x := range code.Size {
			if code.Black(x, y) {
				fmt.Fprintf(&b, "M%d %dh1v1h-1z", x+quietZone, y+quietZone)
			}
		}
	}
	return b.String()
}
