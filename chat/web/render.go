package web

import (
	"html"
	"html/template"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"unicode"

	"mvdan.cc/xurls/v2"
)

// links finds addresses with a scheme that a person may follow. Go's regular
// expressions take linear time, whatever the text.
var links = sync.OnceValue(func() *regexp.Regexp {
	pattern, err := xurls.StrictMatchingScheme(`https?://|mailto:`)
	if err != nil {
		panic(err) // the pattern is a constant
	}
	return pattern
})

// renderHTML is the one place where markup is made of what somebody typed: the
// text with its links. It is "" where that would be the plain text.
func renderHTML(text string) template.HTML {
	if !strings.Contains(text, "://") && !strings.Contains(strings.ToLower(text), "mailto:") {
		return ""
	}
	var b strings.Builder
	end := 0
	for _, at := range links().FindAllStringIndex(text, -1) {
		address := text[at[0]:at[1]]
		if !followable(address) {
			continue
		}
		b.WriteString(html.EscapeString(text[end:at[0]]))
		b.WriteString(`<a href="` + html.EscapeString(address) + `" rel="noopener noreferrer nofollow ugc" target="_blank">`)
		b.WriteString(html.EscapeString(address) + `</a>`)
		end = at[1]
	}
	if end == 0 {
		return ""
	}
	b.WriteString(html.EscapeString(text[end:]))
	return template.HTML(b.String())
}

// followable allows http, https and mailto, and nothing that hides where it leads:
// no name of a site before an @, no characters that turn or join others unseen.
func followable(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.User != nil || strings.ContainsFunc(address, func(r rune) bool { return unicode.Is(unicode.Cf, r) }) {
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
