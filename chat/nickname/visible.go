package nickname

import (
	"fmt"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// maxMarks is the most combining marks that may follow each other: UTS #39 §5.4.
const maxMarks = 4

// checkVisible refuses characters that nobody sees, by what they do.
func checkVisible(text string) error {
	for _, r := range text {
		switch {
		case unicode.In(r, unicode.Cc, unicode.Zl, unicode.Zp):
			return refuse(r, "A nickname cannot contain control characters such as tabs and line breaks (%U).")
		case unicode.Is(unicode.Bidi_Control, r):
			return refuse(r, "A nickname cannot contain characters that turn the direction of writing (%U).")
		case r == '\u200d':
			return refuse(r, "A nickname cannot contain characters that join others invisibly (%U); some emoji are made of several in this way.")
		case isInvisible(r):
			return refuse(r, "A nickname cannot contain invisible or zero-width characters (%U).")
		}
	}
	return nil
}

func refuse(r rune, sentence string) error { return malformed(fmt.Sprintf(sentence, r)) }

// isInvisible is Default_Ignorable_Code_Point (UAX #44), which package unicode
// has in parts, with every other format character (Cf), the blank braille
// pattern, and the two characters that stand for something that is not there.
// U+FE0E and U+FE0F are not meant: see enforce.
func isInvisible(r rune) bool {
	switch r {
	case '\ufe0e', '\ufe0f':
		return false
	case '\u2800', '\ufffc', '\ufffd':
		return true
	}
	return unicode.In(r, unicode.Cf, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
}

// checkMarks refuses marks that would climb out of the line, those that hide
// behind their like, and those that would sit on whatever stands before the name.
func checkMarks(text string) error {
	var before rune = ' '
	marks := 0
	for _, r := range norm.NFD.String(text) {
		switch {
		case unicode.Is(unicode.M, r) && before == ' ':
			return malformed("A nickname cannot have an accent without a letter below it.")
		case !unicode.In(r, unicode.Mn, unicode.Me):
			marks = 0
		case r == before:
			return malformed("A nickname cannot have the same accent twice on one letter.")
		default:
			marks++
		}
		if marks > maxMarks {
			return malformed("A nickname cannot have more than 4 accents on one letter.")
		}
		before = r
	}
	return nil
}
