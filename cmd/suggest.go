package cmd

import (
	"strings"

	"github.com/agnivade/levenshtein"
)

// closest is the candidate that word was probably meant to be, or "" when none
// is near. Near means that it begins with word, or that a third of its letters
// or fewer were mistyped (and two at least, as swapping two letters counts two).
func closest(word string, candidates []string) string {
	word = strings.ToLower(word)
	best, least := "", 1<<30
	for _, c := range candidates {
		lower := strings.ToLower(c)
		distance := levenshtein.ComputeDistance(word, lower)
		if len(word) > 1 && strings.HasPrefix(lower, word) {
			distance = 1
		}
		if distance <= max(2, len(c)/3) && distance < least && distance < len(c) {
			best, least = c, distance
		}
	}
	return best
}
