// Package nickname knows what a name that people choose for themselves may look
// like, and which two names look alike. It does not know who has one: names in
// use are the store's business, which compares Keys.
//
// A name goes through four sieves: RFC 8266 (the PRECIS profile for nicknames)
// folds blanks and compatibility forms; then what cannot be seen, what mixes
// scripts (UTS #39 §5.1) and what stacks marks (UTS #39 §5.4) is refused; then
// the few names that would pass for chatd itself; and its look-alike keys are
// the skeletons of UTS #39 §4. The Unicode version is that of the Go toolchain
// (package unicode) for all but the table of look-alikes, which brings its own.
package nickname

import (
	"strings"
	"unicode/utf8"

	"github.com/rivo/uniseg"
	"golang.org/x/text/secure/precis"
)

// MaxGraphemes is the longest nickname, counted as a person counts characters.
const MaxGraphemes = 32

// A grapheme has no end by itself (a thumb may be followed by skin tones for
// ever), so code points are counted too: four for each grapheme are enough for
// flags, skin tones and the consonant clusters of Indic scripts. maxTypedBytes
// keeps what is typed from costing more than that to look at.
const (
	maxCodePoints = 4 * MaxGraphemes
	maxTypedBytes = 2 * utf8.UTFMax * maxCodePoints
)

// Name is a nickname that may be used, if nobody has it.
type Name struct {
	Text string   // to show and to keep: enforced by RFC 8266, NFC, 1 to MaxGraphemes graphemes
	Keys []string // one or two; two names look alike when they share any. For comparing, never to show
}

// Code says for programs what is wrong with a name.
type Code string

// The codes of an Error.
const (
	Malformed Code = "malformed" // no name can look like this
	Reserved  Code = "reserved"  // it would pass for chatd itself
)

// Error is a refusal. Text is one sentence or two for whoever typed the name.
type Error struct {
	Code Code
	Text string
}

func (e *Error) Error() string { return e.Text }

func malformed(text string) error { return &Error{Code: Malformed, Text: text} }

// Parse makes a Name of what somebody typed, or says in an *Error why it cannot
// be one. Blanks around it are dropped, blanks in a row become one, and forms
// that differ in looks alone (Ａｎａ, ﬁ) become plain letters. Parsing a Name's
// Text gives the same Name again.
func Parse(typed string) (Name, error) {
	if len(typed) > maxTypedBytes {
		return Name{}, malformed(tooLong)
	}
	if !utf8.ValidString(typed) {
		return Name{}, malformed("That nickname is not text that can be read (it is not UTF-8).")
	}
	if err := checkVisible(typed); err != nil {
		return Name{}, err
	}
	text, err := enforce(typed)
	if err != nil {
		return Name{}, err
	}
	if uniseg.GraphemeClusterCount(text) > MaxGraphemes || utf8.RuneCountInString(text) > maxCodePoints {
		return Name{}, malformed(tooLong)
	}
	for _, check := range []func(string) error{checkMarks, checkScript, checkReserved} {
		if err := check(text); err != nil {
			return Name{}, err
		}
	}
	return Name{Text: text, Keys: keys(text)}, nil
}

const tooLong = "That nickname is too long: 32 characters at most."

// enforce applies RFC 8266 §2.3. The choice between a character's text and
// emoji form (U+FE0E, U+FE0F), which phones add to emoji by themselves, is
// dropped first: PRECIS has no place for it.
func enforce(typed string) (string, error) {
	typed = strings.NewReplacer("\ufe0e", "", "\ufe0f", "").Replace(typed)
	text, err := precis.Nickname.String(typed)
	if err == nil {
		return text, nil
	}
	for _, r := range typed {
		if _, err := precis.Nickname.String("x" + string(r)); err != nil {
			return "", malformed("A nickname cannot contain “" + string(r) + "”.")
		}
	}
	if strings.TrimSpace(typed) == "" {
		return "", malformed("Type a nickname: 1 to 32 characters that can be seen.")
	}
	return "", malformed("That nickname has characters that cannot stand together.")
}

// Initial is the first grapheme of name in upper case, for the round picture
// beside it; "" for "".
func Initial(name string) string {
	first, _, _, _ := uniseg.FirstGraphemeClusterInString(name, -1)
	return strings.ToUpper(first)
}
