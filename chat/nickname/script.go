package nickname

import (
	"maps"
	"slices"
	"strings"
	"unicode"
)

// Names of writing systems that use several scripts together: UTS #39 §5.1.
const (
	japanese        = "Jpan" // Han, Hiragana, Katakana
	korean          = "Kore" // Han, Hangul
	hanWithBopomofo = "Hanb" // Han, Bopomofo
)

// checkScript refuses a name whose letters come from scripts that no writing
// system has together. Digits, punctuation, emoji and marks go with any script.
//
// UTS #39 goes by Script_Extensions, which package unicode does not have; its
// plain Script is as strict for letters, and counts as common to all what the
// extensions would give to a few.
func checkScript(text string) error {
	var scripts []string // in the order they appear
	var systems []string // those that have all of scripts
	for _, r := range text {
		script := scriptOf(r)
		if script == "" || slices.Contains(scripts, script) {
			continue
		}
		if len(scripts) == 0 {
			systems = systemsWith(script)
		} else {
			systems = slices.DeleteFunc(systems, func(s string) bool { return !slices.Contains(systemsWith(script), s) })
		}
		scripts = append(scripts, script)
	}
	if len(scripts) > 1 && len(systems) == 0 {
		return malformed("Letters from more than one script (" + inWords(scripts) + ") cannot stand in one nickname.")
	}
	return nil
}

// systemsWith is the augmented script set of UTS #39 §5.1: the script itself
// and the writing systems that use it beside others.
func systemsWith(script string) []string {
	switch script {
	case "Han":
		return []string{script, japanese, korean, hanWithBopomofo}
	case "Hiragana", "Katakana":
		return []string{script, japanese}
	case "Hangul":
		return []string{script, korean}
	case "Bopomofo":
		return []string{script, hanWithBopomofo}
	}
	return []string{script}
}

// ownScripts are the scripts whose characters belong to them alone.
var ownScripts = slices.DeleteFunc(slices.Sorted(maps.Keys(unicode.Scripts)), func(name string) bool {
	return name == "Common" || name == "Inherited"
})

// scriptOf is the name of the script that r belongs to, "" when it goes with any.
func scriptOf(r rune) string {
	if unicode.In(r, unicode.Common, unicode.Inherited) {
		return ""
	}
	for _, name := range ownScripts {
		if unicode.Is(unicode.Scripts[name], r) {
			return name
		}
	}
	return "" // unassigned; PRECIS has refused it already
}

// inWords is "Greek, Latin and Cyrillic".
func inWords(scripts []string) string {
	words := strings.Split(strings.ReplaceAll(strings.Join(scripts, " "), "_", "-"), " ")
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " and " + words[last]
}
