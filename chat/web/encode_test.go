package web

import (
	"strings"
	"testing"
	"time"

	"chatd/chat"
)

// BenchmarkEntry is what it costs to write one message down: once for everyone who gets it,
// on the goroutine that follows the log.
func BenchmarkEntry(b *testing.B) {
	for name, text := range map[string]string{
		"line":          "Shall we meet at ten? I have the slides ready.",
		"link":          "the slides: https://files.example.org/2026/slides.pdf",
		"16KiB":         strings.Repeat("sixteen bytes.. ", chat.MaxText/16),
		"16KiB-escapes": strings.Repeat("\"\\\n\t", chat.MaxText/4),
		"4KiB-links":    strings.Repeat("https://a.example/x ", 4096/20),
		"16KiB-schemes": strings.Repeat("http://", chat.MaxText/7),
		"16KiB-address": "http://a.example/" + strings.Repeat("a(", chat.MaxText/2-10),
	} {
		b.Run(name, func(b *testing.B) {
			e := &chat.Entry{Seq: 1 << 40, By: chat.Person{ID: chat.NewID(), Name: "ana"}, Event: chat.Event{
				Kind: chat.MessagePosted, Room: chat.Lobby, CID: "0123456789abcdef", At: time.Now().UTC(), Body: []byte(text),
			}}
			b.ReportAllocs()
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				Encoder{}.Entry(e)
			}
		})
	}
}
