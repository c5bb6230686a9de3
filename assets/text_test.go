package assets

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// plurals are the categories of whole numbers in CLDR; text.test.js holds them against the platform's.
var plurals = map[string][]string{
	"ar": {"few", "many", "one", "other", "two", "zero"},
	"de": {"one", "other"},
	"en": {"one", "other"},
	"es": {"many", "one", "other"},
	"fr": {"many", "one", "other"},
}

// catalogues reads every language: key to its forms, a text without any being "".
func catalogues(t *testing.T) map[string]map[string]map[string]string {
	t.Helper()
	names, err := fs.Glob(Texts(), "*.json")
	if err != nil || len(names) != len(plurals) {
		t.Fatalf("the languages are %v (%v), and those with known plurals %v", names, err, plurals)
	}
	all := map[string]map[string]map[string]string{}
	for _, name := range names {
		data, err := fs.ReadFile(Texts(), name)
		if err != nil {
			t.Fatal(err)
		}
		var raw map[string]json.RawMessage
		if err := json.Unmarshal(data, &raw); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		texts := map[string]map[string]string{}
		for key, value := range raw {
			var one string
			forms := map[string]string{}
			if json.Unmarshal(value, &one) == nil {
				forms[""] = one
			} else if err := json.Unmarshal(value, &forms); err != nil {
				t.Errorf("%s: %s is neither a text nor plural forms: %s", name, key, value)
			}
			texts[key] = forms
		}
		all[strings.TrimSuffix(name, ".json")] = texts
	}
	return all
}

var place = regexp.MustCompile(`\{\w+\}`)

// places are the names of a text's values. A form for exactly one or two may do without the number.
func places(text string) string {
	found := place.FindAllString(text, -1)
	slices.Sort(found)
	return strings.Join(slices.DeleteFunc(slices.Compact(found), func(p string) bool { return p == "{count}" }), " ")
}

// TestTexts: every language has the same texts, with the same values, in all its plurals, and no markup.
func TestTexts(t *testing.T) {
	all := catalogues(t)
	english := all["en"]
	for language, texts := range all {
		for key := range texts {
			if english[key] == nil {
				t.Errorf("%s: %s is not in en.json", language, key)
			}
		}
		for key, original := range english {
			forms := texts[key]
			if forms == nil {
				t.Errorf("%s: %s is missing", language, key)
				continue
			}
			if _, counts := original[""]; !counts {
				for _, category := range plurals[language] {
					if forms[category] == "" {
						t.Errorf("%s: %s lacks the plural %q", language, key, category)
					}
				}
				if other := forms["other"]; !strings.Contains(other, "{count}") {
					t.Errorf("%s: %s does not say how many: %q", language, key, other)
				}
			}
			want := places(original["other"] + original[""])
			for form, text := range forms {
				if form != "" && !slices.Contains(plurals[language], form) {
					t.Errorf("%s: %s has the plural %q, which the language does not", language, key, form)
				}
				if got := places(text); got != want {
					t.Errorf("%s: the values of %s are %q, in English %q", language, key, got, want)
				}
				if strings.TrimSpace(text) == "" || strings.ContainsAny(text, "<>&\"") {
					t.Errorf("%s: %s is %q: words without markup are wanted", language, key, text)
				}
			}
		}
	}
}

// speakers are what says texts: pages, scripts, and the package that writes the pages.
func speakers(t *testing.T) map[string]string {
	t.Helper()
	found := map[string]string{}
	for _, pattern := range []string{"templates/*.html", "js/*.js", "js/*/*.js", "../chat/web/*.go"} {
		names, err := filepath.Glob(pattern)
		if err != nil || len(names) == 0 {
			t.Fatalf("%s: %v", pattern, err)
		}
		for _, name := range names {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			found[name] = string(data)
		}
	}
	return found
}

// TestTextsAreUsed: what is asked for is there, and what is there is asked for. The errors are the
// codes that a client can be refused with, and some of the page's own.
func TestTextsAreUsed(t *testing.T) {
	english := catalogues(t)["en"]
	used := map[string]bool{}
	asked := regexp.MustCompile(`(?:\b(?:text|parts|marked)\(|\{\{(?:text|marked) )"([\w.]+)"`)
	literal := regexp.MustCompile(`"([a-z_]+\.[a-z_]+)"`)
	for name, source := range speakers(t) {
		for _, found := range literal.FindAllStringSubmatch(source, -1) {
			used[found[1]] = true
		}
		for _, found := range asked.FindAllStringSubmatch(source, -1) {
			asked, some := found[1], false
			for key := range english {
				some = some || key == asked || strings.HasPrefix(key, asked) && strings.ContainsAny(asked[len(asked)-1:], "._") // the rest is a value
			}
			if !some {
				t.Errorf("%s asks for %q, which is in no catalogue", name, asked)
			}
		}
	}
	refusals := refusals(t)
	codes, err := os.ReadFile("../chat/errors.go")
	if err != nil {
		t.Fatal(err)
	}
	for key := range english {
		code, isError := strings.CutPrefix(key, "error.")
		if strings.HasPrefix(key, "refused.") {
			if !refusals[english[key][""]] {
				t.Errorf("no refusal is %s: %s", key, english[key][""])
			}
			continue
		}
		if !used[key] && !(isError && strings.Contains(string(codes), `"`+code+`"`)) {
			t.Errorf("nothing says %s", key)
		}
	}
}

// refusals are the strings of the program, with the places that a text has.
func refusals(t *testing.T) map[string]bool {
	t.Helper()
	found := map[string]bool{}
	for _, pattern := range []string{"../chat/*.go", "../chat/web/*.go"} {
		names, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			for _, literal := range regexp.MustCompile(`"([^"\\\n]+)"`).FindAllStringSubmatch(string(data), -1) {
				i := 0
				found[regexp.MustCompile(`%[ds]`).ReplaceAllStringFunc(literal[1], func(string) string { i++; return fmt.Sprintf("{%d}", i) })] = true
			}
		}
	}
	return found
}

// TestNoWordsOutside: words for people are in the catalogues and not in templates or scripts.
func TestNoWordsOutside(t *testing.T) {
	actions := regexp.MustCompile(`(?s)\{\{.*?\}\}`)
	spoken := regexp.MustCompile(`\b(?:aria-label|title|alt|placeholder|aria-description)="([^"]*)"`)
	tags := regexp.MustCompile(`(?s)<[^>]*>`)
	letters := regexp.MustCompile(`\pL+`)
	// a literal that begins like a sentence, or like the label of a button
	sentence := regexp.MustCompile("[\"`]([A-Z][a-z]+(?: [^\"`]*)?[.…!?]?)[\"`]")
	notWords := regexp.MustCompile(`^(?:Enter|Tab|Escape|Backspace|Delete|Home|End|Page(?:Up|Down)|Arrow\w+|Control|Shift|Alt|Meta|Content-Type)$`)
	said := 0
	for name, source := range speakers(t) {
		switch {
		case strings.HasPrefix(name, "templates/"):
			plain := actions.ReplaceAllString(source, "")
			words := tags.ReplaceAllString(plain, " ")
			for _, attribute := range spoken.FindAllStringSubmatch(plain, -1) {
				words += " " + attribute[1]
			}
			for _, word := range letters.FindAllString(words, -1) {
				if word != "chatd" && word != "doctype" {
					t.Errorf("%s has the word %q outside the catalogues", name, word)
				}
			}
			said++
		case strings.HasPrefix(name, "js/"):
			for i, line := range strings.Split(source, "\n") {
				code, _, _ := strings.Cut(line, "// ")
				trimmed := strings.TrimSpace(code)
				if strings.HasPrefix(trimmed, "*") || strings.HasPrefix(trimmed, "/*") || strings.Contains(code, "new Error(") {
					continue
				}
				for _, found := range sentence.FindAllStringSubmatch(code, -1) {
					if !notWords.MatchString(found[1]) {
						t.Errorf("%s:%d has the words %q outside the catalogues", name, i+1, found[1])
					}
				}
			}
			said++
		}
	}
	if said < 20 {
		t.Errorf("only %s were read", fmt.Sprint(said))
	}
}

// TestTextModules: a page gets the texts of its language that a script can say, and no others.
func TestTextModules(t *testing.T) {
	static := NewStatic()
	for language := range plurals {
		module := string(static.files["text/"+language+".js"].plain)
		if !strings.HasPrefix(module, `import { speak } from "../js/text.js";`+"\n"+`speak("`+language+`", {`) || !strings.HasSuffix(module, "});\n") {
			t.Errorf("the module of %s is %s", language, module)
		}
		for key, wanted := range map[string]bool{"unread.new": true, "suggestions.count": true, "error.unreachable": true, "error.busy": false, "login.question": false} {
			if strings.Contains(module, `"`+key+`":`) != wanted {
				t.Errorf("%s has %s: %v", language, key, !wanted)
			}
		}
		if static.files["text/"+language+".json"].plain != nil {
			t.Errorf("%s is served twice", language)
		}
	}
}
