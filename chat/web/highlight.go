package web

import (
	"bytes"
	"html"
	"strings"
)

// Code in colours: what of it is a word of the language, a text, a remark, a number, the name of something called. One
// scanner for all languages, which differ by the tables in languages.go. It looks at each byte once or twice,
// whatever it is given; lexers made of regular expressions that backtrack take seconds for some 16 KiB.

// syntax is what the scanner knows of a language.
type syntax struct {
	words   map[string]bool
	line    []string    // what begins a remark that ends with the line
	block   [][2]string // what a longer remark begins and ends with
	quotes  string      // what a text begins and ends with, on one line
	longest []string    // what a text of several lines begins and ends with
	fold    bool        // large and small letters are the same
	tags    bool        // words count only right after "<" or "</"
	diff    bool        // each line by its first character
}

// highlight writes code with spans around its parts; plain where the language is not known.
func highlight(out *bytes.Buffer, language, code string) {
	s := languages[strings.ToLower(language)]
	switch {
	case s == nil:
		out.WriteString(html.EscapeString(code))
	case s.diff:
		diff(out, code)
	default:
		(&scanner{s, out}).scan(code)
	}
}

func span(out *bytes.Buffer, class, text string) {
	if class == "" {
		out.WriteString(html.EscapeString(text))
		return
	}
	out.WriteString(`<span class="` + class + `">` + html.EscapeString(text) + `</span>`)
}

func diff(out *bytes.Buffer, code string) {
	for line := range strings.Lines(code) {
		text, end := strings.TrimSuffix(line, "\n"), ""
		if text != line {
			end = "\n"
		}
		class := ""
		switch {
		case strings.HasPrefix(text, "+++ "), strings.HasPrefix(text, "--- "):
			class = "c"
		case strings.HasPrefix(text, "+"):
			class = "i"
		case strings.HasPrefix(text, "-"):
			class = "d"
		case strings.HasPrefix(text, "@@"):
			class = "c"
		}
		span(out, class, text)
		out.WriteString(end)
	}
}

type scanner struct {
	*syntax
	out *bytes.Buffer
}

func (s *scanner) scan(code string) {
	plain := 0 // what is before i and not yet written begins here
	for i := 0; i < len(code); {
		class, n := s.next(code, i)
		if class != "" {
			span(s.out, "", code[plain:i])
			span(s.out, class, code[i:i+n])
			plain = i + n
		}
		i += n
	}
	span(s.out, "", code[plain:])
}

// next says what stands at a place, and how long it is.
func (s *scanner) next(code string, i int) (class string, n int) {
	rest := code[i:]
	for _, b := range s.block {
		if strings.HasPrefix(rest, b[0]) {
			return "c", len(b[0]) + through(rest[len(b[0]):], b[1])
		}
	}
	for _, l := range s.line {
		if strings.HasPrefix(rest, l) && (l != "#" || i == 0 || code[i-1] <= ' ') { // no remark: $# and a#b
			return "c", len(strings.TrimSuffix(rest[:through(rest, "\n")], "\n"))
		}
	}
	for _, l := range s.longest {
		if strings.HasPrefix(rest, l) {
			return "s", len(l) + through(rest[len(l):], l)
		}
	}
	c := rest[0]
	switch {
	case strings.IndexByte(s.quotes, c) >= 0:
		return s.quoted(rest)
	case '0' <= c && c <= '9':
		n := span0(rest, func(c byte) bool { return letter(c) || c == '.' })
		return "n", n
	case letter(c):
		n := span0(rest, letter)
		return s.word(code, i, n), n
	}
	return "", 1
}

// quoted is a text that ends on its line; a quote that has no other there is just a character ("don't").
func (s *scanner) quoted(rest string) (string, int) {
	for n := 1; n < len(rest) && rest[n] != '\n'; n++ {
		switch rest[n] {
		case '\\':
			n++
		case rest[0]:
			return "s", n + 1
		}
	}
	return "", 1 + span0(rest[1:], func(c byte) bool { return c != '\n' })
}

func (s *scanner) word(code string, i, n int) string {
	w := code[i : i+n]
	if s.fold {
		w = strings.ToLower(w)
	}
	after := strings.TrimLeft(code[i+n:min(len(code), i+n+2)], " ")
	switch {
	case s.tags:
		if i > 0 && (code[i-1] == '<' || code[i-1] == '/' && i > 1 && code[i-2] == '<') {
			return "k"
		}
		if strings.HasPrefix(after, "=") {
			return "f"
		}
	case s.words[w]:
		return "k"
	case strings.HasPrefix(code[i+n:], "("):
		return "f"
	}
	return ""
}

// through is the length of a text up to and with an end, all of it where there is none.
func through(text, end string) int {
	if at := strings.Index(text, end); at >= 0 {
		return at + len(end)
	}
	return len(text)
}

func span0(text string, is func(byte) bool) int {
	n := 0
	for n < len(text) && is(text[n]) {
		n++
	}
	return n
}

func letter(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '_' || c >= 0x80
}
