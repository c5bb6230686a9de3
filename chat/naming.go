package chat

import (
	"strings"
	"unicode/utf8"
)

// How people are named in a text: an @ and a name, "@ana", or with quotes around a name that has
// blanks, `@"Ana Maria"`. There are no mentions in code and in addresses, and an e-mail address is none.
//
// The log's rules find them, so that nothing here may depend on a version of Unicode.

const (
	maxNamings = 50  // that count, in one text; more is no conversation
	maxNaming  = 512 // bytes of a name: four times 128 characters
)

// Naming is a place in a text that may name somebody. What is behind the @ can be read in
// several ways ("ana's" may be a name, and "ana"): the longest comes first.
type Naming struct {
	Start int // of the @
	Names []string
	Ends  []int // of each name, with its quotes
}

// Namings finds the places in a text that may name somebody, in order.
func Namings(text string) (found []Naming) {
	if strings.IndexByte(text, '@') < 0 {
		return nil
	}
	s := sieve{text: text, unclosed: map[int]bool{}}
	for i := 0; i < len(text) && len(found) < maxNamings; {
		if next := s.skip(i); next > i {
			i = next
			continue
		}
		if text[i] != '@' || !s.free(i) {
			i++
			continue
		}
		n := Naming{Start: i}
		n.read(text)
		if i++; len(n.Names) > 0 {
			found = append(found, n)
			i = n.Ends[len(n.Ends)-1]
		}
	}
	return found
}

// read finds what the @ may be followed by.
func (n *Naming) read(text string) {
	rest := text[n.Start+1:]
	for _, quotes := range [][2]string{{`"`, `"`}, {"“", "”"}} {
		if quoted, ok := strings.CutPrefix(rest, quotes[0]); ok {
			if name, _, ok := strings.Cut(quoted, quotes[1]); ok && name != "" && len(name) <= maxNaming && !strings.Contains(name, "\n") {
				n.Names, n.Ends = []string{name}, []int{n.Start + 1 + len(quotes[0]) + len(name) + len(quotes[1])}
			}
			return
		}
	}
	if strings.HasPrefix(rest, "@") {
		return
	}
	word := rest[:min(len(rest), maxNaming)]
	if end := strings.IndexFunc(word, blank); end >= 0 {
		word = word[:end]
	}
	for len(word) > 0 && len(n.Names) < 8 {
		n.Names, n.Ends = append(n.Names, word), append(n.Ends, n.Start+1+len(word))
		word = shorter(word)
	}
}

// shorter is the word without what comes last in it and may not belong to a name: marks at
// its end, or else what follows the last mark inside it; but - and _ inside a word are part of it.
func shorter(word string) string {
	if bare := strings.TrimRightFunc(word, mark); bare != word {
		return bare
	}
	i := strings.LastIndexFunc(word, func(r rune) bool { return mark(r) && r != '-' && r != '_' })
	if i < 0 {
		return ""
	}
	return strings.TrimRightFunc(word[:i], mark)
}

func blank(r rune) bool {
	return r <= ' ' || r == 0x85 || r == 0xa0 || 0x2000 <= r && r <= 0x200b || r == 0x2028 || r == 0x2029 || r == 0x3000
}

// mark is what may stand beside a name and not be part of it: punctuation, in the scripts that have their own.
func mark(r rune) bool {
	switch {
	case r < utf8.RuneSelf:
		return !('0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z')
	case r == '¡', r == '¿', r == '«', r == '»', r == '،', r == '؛', r == '؟', r == '।':
		return true
	}
	return 0x2000 <= r && r <= 0x206f || 0x3000 <= r && r <= 0x303f || 0xff01 <= r && r <= 0xff0f || 0xff1a <= r && r <= 0xff20
}

// sieve knows where in a text nobody is named.
type sieve struct {
	text     string
	unclosed map[int]bool // runs of so many backticks are known not to be closed any more
	bracket  int          // the first ] from where it was last looked for
}

// free says whether what comes before an @ lets it name somebody.
func (s *sieve) free(at int) bool {
	before, _ := utf8.DecodeLastRuneInString(s.text[:at])
	return at == 0 || blank(before) || mark(before) && !strings.ContainsRune(`@/\.+%&=#`, before)
}

// skip returns where the code or address ends that begins here; i if none does.
func (s *sieve) skip(i int) int {
	rest := s.text[i:]
	switch c := rest[0]; {
	case (c == '`' || c == '~') && s.lineStart(i) && strings.HasPrefix(rest, strings.Repeat(string(c), 3)):
		return s.fence(i, c)
	case c == '`':
		return s.span(i)
	case c == '[':
		return s.link(i)
	case c == ':' && (strings.HasPrefix(rest, "://") || i >= 6 && strings.EqualFold(s.text[i-6:i], "mailto")):
		if end := strings.IndexFunc(rest, blank); end >= 0 {
			return i + end
		}
		return len(s.text)
	}
	return i
}

func (s *sieve) lineStart(i int) bool {
	return strings.TrimLeft(s.text[strings.LastIndexByte(s.text[:i], '\n')+1:i], " \t>") == ""
}

// fence passes over a block of code, to the end of the text where nothing closes it.
func (s *sieve) fence(i int, c byte) int {
	rest := s.text[i:]
	run := len(rest) - len(strings.TrimLeft(rest, string(c)))
	first, _, more := strings.Cut(rest, "\n")
	if c == '`' && strings.ContainsRune(first[run:], '`') {
		return s.span(i)
	}
	if !more {
		return len(s.text)
	}
	for at := i + len(first) + 1; at < len(s.text); {
		line, _, _ := strings.Cut(s.text[at:], "\n")
		bare := strings.TrimSpace(strings.TrimLeft(line, " \t>"))
		if len(bare) >= run && strings.Trim(bare, string(c)) == "" {
			return at + len(line)
		}
		at += len(line) + 1
	}
	return len(s.text)
}

// span passes over `code`.
func (s *sieve) span(i int) int {
	run := len(s.text[i:]) - len(strings.TrimLeft(s.text[i:], "`"))
	for at := i + run; at < len(s.text) && !s.unclosed[run]; {
		begin := strings.IndexByte(s.text[at:], '`')
		if begin < 0 {
			break
		}
		at += begin
		closing := len(s.text[at:]) - len(strings.TrimLeft(s.text[at:], "`"))
		if at += closing; closing == run {
			return at
		}
	}
	s.unclosed[run] = true
	return i + run
}

// link passes over [words](http://…).
func (s *sieve) link(i int) int {
	if s.bracket <= i {
		next := strings.IndexByte(s.text[i:], ']')
		if next < 0 {
			next = len(s.text)
		}
		s.bracket = i + next
	}
	if s.bracket >= len(s.text) {
		return i
	}
	if to, ok := strings.CutPrefix(s.text[s.bracket:], "]("); ok {
		if to, _, ok = strings.Cut(to, ")"); ok && !strings.ContainsAny(to, " \n") && (strings.Contains(to, "://") || strings.HasPrefix(to, "mailto:")) {
			return s.bracket + 2 + len(to) + 1
		}
	}
	return i
}
