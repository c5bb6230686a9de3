package web

import (
	"bytes"
	"html"
	"html/template"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"unicode"

	"chatd/chat"

	"mvdan.cc/xurls/v2"
)

// renderHTML is the one place where markup is made of what somebody typed: its Markdown, its
// links, and a few emoji alone. It is "" where that would be the plain text; then the client
// shows the text as it was typed. The same text that means the same people, of the same names, has the same markup, so what was made lately is kept.
func renderHTML(text string, m *chat.Mentions) template.HTML {
	if m == nil && plain(text) {
		return ""
	}
	key := text
	if m != nil {
		key = string(appendMentions([]byte(text+"\x00"), m)) // U+0000 is in no text
	}
	if markup, known := rendered.get(key); known {
		return markup
	}
	markup := template.HTML(makeHTML(text, m))
	rendered.put(key, markup)
	return markup
}

// maxGrowth is how many times its length a text may grow by its markup; one that grows further stays as it was typed.
const maxGrowth = 10

func makeHTML(text string, m *chat.Mentions) string {
	if justEmoji(text) {
		return `<span class="emoji">` + html.EscapeString(strings.TrimSpace(text)) + `</span>`
	}
	markup := markdown(text, m)
	if len(markup) > growth(text, m) || !clean(markup) {
		return ""
	}
	return markup
}

// growth is how large the markup of a text may be. The words that name somebody may be short, and what is made of them is not.
func growth(text string, m *chat.Mentions) int {
	most := maxGrowth*len(text) + 128
	if m != nil {
		for _, n := range chat.Namings(text) {
			if who, ok := calls(n, m); ok {
				most += 128 + len(html.EscapeString(who.Name))
			}
		}
	}
	return most
}

// telling are the bytes without which a line is no Markdown, wherever they stand. "-", "+", "." and ")"
// tell only at the beginning of a line (a list, a line across), and ":" before an address.
var telling = func() (t [256]bool) {
	for _, c := range []byte("*_`~[<|\\#>") {
		t[c] = true
	}
	return t
}()

// plain is the test that nearly all of what people say passes, so that it never meets the parser (BenchmarkRenderHTML).
func plain(text string) bool {
	start := true // at the first of a line but for blanks
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case telling[c]:
			return false
		case c == ':' && (strings.HasPrefix(text[i:], "://") || i >= 6 && strings.EqualFold(text[i-6:i], "mailto")):
			return false
		case start && (c == '-' || c == '+' || '0' <= c && c <= '9' && numbered(text[i:])):
			return false
		}
		start = c == '\n' || start && (c == ' ' || c == '\t')
	}
	return len(text) > maxEmojiBytes || !justEmoji(text)
}

// numbered says whether a text begins like an item of a list: "1. one".
func numbered(text string) bool {
	rest := strings.TrimLeft(text, "0123456789")
	return len(rest) > 0 && (rest[0] == '.' || rest[0] == ')')
}

// links finds addresses with a scheme that a person may follow. Go's regular
// expressions take linear time, whatever the text.
var links = sync.OnceValue(func() *regexp.Regexp {
	pattern, err := xurls.StrictMatchingScheme(`https?://|mailto:`)
	if err != nil {
		panic(err) // the pattern is a constant
	}
	return pattern
})

// addresses are the parts of a text that are addresses, in order. What closes an emphasis around one does not belong to it.
func addresses(source []byte) [][]int {
	if !bytes.Contains(source, []byte("://")) && !bytes.Contains(bytes.ToLower(source), []byte("mailto:")) {
		return nil
	}
	var found [][]int
	for _, at := range links().FindAllIndex(source, -1) {
		at[1] = at[0] + len(bytes.TrimRight(source[at[0]:at[1]], "*_~`|"))
		if followable(string(source[at[0]:at[1]])) {
			found = append(found, at)
		}
	}
	return found
}

// followable allows http, https and mailto, and nothing that hides where it leads:
// no name of a site before an @, no characters that turn or join others unseen.
func followable(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.User != nil || strings.ContainsFunc(address, hides) {
		return false
	}
	switch u.Scheme {
	case "http", "https":
		return u.Host != ""
	case "mailto":
		return u.Opaque != ""
	}
	return false
}

func hides(r rune) bool { return r <= ' ' || r == 0x7f || unicode.Is(unicode.Cf, r) }

// cache keeps what was made lately, in two generations: when the young one is full it becomes the old one.
type cache struct {
	mu         sync.Mutex
	young, old map[string]template.HTML
	size, keep int // bytes in the young generation, and how many it may have
}

var rendered = cache{young: map[string]template.HTML{}, keep: 2 << 20}

func (c *cache) get(text string) (template.HTML, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	markup, known := c.young[text]
	if !known {
		markup, known = c.old[text]
	}
	return markup, known
}

func (c *cache) put(text string, markup template.HTML) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.size > c.keep {
		c.young, c.old, c.size = map[string]template.HTML{}, c.young, 0
	}
	c.young[text] = markup
	c.size += len(text) + len(markup)
}
