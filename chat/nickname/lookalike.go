package nickname

import (
	"strings"
	"unicode"

	"go.mau.fi/util/confusable"
	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// keys are the two ways in which a name can be mistaken for another. Folding
// case first finds ANA in ana; folding it last finds Ian in lan, whose capital I
// looks like a small l only while it is a capital.
func keys(text string) []string {
	folded := confusable.Skeleton(fold(text))
	asWritten := norm.NFD.String(fold(confusable.Skeleton(text)))
	if folded == asWritten {
		return []string{folded}
	}
	return []string{folded, asWritten}
}

// fold makes upper and lower case the same. Small letters come first because
// Cherokee folds the other way round, to capitals, and cases.Fold then swaps
// the two instead (golang.org/x/text v0.43.0).
func fold(text string) string { return cases.Fold().String(strings.ToLower(norm.NFD.String(text))) }

// reserved are the names that would pass for chatd itself or for everybody.
var reserved = []string{"admin", "system", "here", "room", "everyone", "chatd"}

// reservedKeys leads from each key of a reserved name to the name.
var reservedKeys = func() map[string]string {
	words := make(map[string]string)
	for _, word := range reserved {
		for _, key := range keys(word) {
			words[key] = word
		}
	}
	return words
}()

// checkReserved looks past what is put around a word to get by: "-admin-",
// "@everyone", "System 🔒".
func checkReserved(text string) error {
	bare := strings.TrimFunc(text, func(r rune) bool { return !unicode.In(r, unicode.L, unicode.M, unicode.N) })
	for _, key := range keys(bare) {
		if word := reservedKeys[key]; word != "" {
			return &Error{Code: Reserved, Text: "“" + word + "” and what looks like it are reserved. Choose another nickname."}
		}
	}
	return nil
}
