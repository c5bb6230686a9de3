package web

import (
	"cmp"
	"encoding/json"
	"fmt"
	"html/template"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"chatd/chat"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
)

// What pages say, in the language of whoever reads them. English is what the program speaks where no other language fits.

// A catalogue is one language: text/de.json. The page's script has the same texts (js/text.js).
type catalogue struct {
	tag   language.Tag
	texts map[string]forms
	pages *template.Template
	// sentences are the keys of the refusals that have a text of their own, by what the program says
	sentences map[string]string
}

// forms are one text, by the plural categories of CLDR; what does not count has only "other".
type forms map[string]string

func (f *forms) UnmarshalJSON(data []byte) error {
	var only string
	if err := json.Unmarshal(data, &only); err == nil {
		*f = forms{"other": only}
		return nil
	}
	return json.Unmarshal(data, (*map[string]string)(f))
}

// text puts values in the places of a text: text("composer.label", "room", title). The plural
// form is that of the value "count". A key that does not exist is a fault of the program.
func (c *catalogue) text(key string, values ...any) string {
	shown := make([]any, len(values))
	for i, value := range values {
		shown[i] = fmt.Sprint(value)
	}
	return c.fill(key, values, shown)
}

// marked is text as markup: each value keeps its own direction of writing.
func (c *catalogue) marked(key string, values ...any) template.HTML {
	shown := slices.Clone(values)
	for i := 1; i < len(values); i += 2 {
		shown[i] = "<bdi>" + template.HTMLEscapeString(fmt.Sprint(values[i])) + "</bdi>"
	}
	return template.HTML(c.fill(key, values, shown)) // the catalogue's own part is text without markup, which a test holds
}

func (c *catalogue) fill(key string, values, shown []any) string {
	texts, known := c.texts[key]
	if !known {
		panic("no text is called " + key)
	}
	text := texts["other"]
	var places []string
	for i := 0; i < len(values); i += 2 {
		if count, ok := values[i+1].(int); ok && values[i] == "count" {
			if form, ok := texts[categories[plural.Cardinal.MatchPlural(c.tag, count, 0, 0, 0, 0)]]; ok {
				text = form
			}
		}
		places = append(places, fmt.Sprintf("{%v}", values[i]), fmt.Sprint(shown[i+1]))
	}
	return strings.NewReplacer(places...).Replace(text)
}

var categories = map[plural.Form]string{
	plural.Other: "other", plural.Zero: "zero", plural.One: "one", plural.Two: "two", plural.Few: "few", plural.Many: "many",
}

// refusal says a refusal. The program's own sentences are English: the catalogue has the same for those that
// people meet often (refused.*), and for all others a text for the code, which says less.
func (c *catalogue) refusal(e *chat.Error) string {
	if c.tag == language.English {
		return e.Text
	}
	if key, known := c.sentences[withPlaces(cmp.Or(e.Format, e.Text))]; known {
		var values []any
		for i, value := range e.Values {
			values = append(values, strconv.Itoa(i+1), value)
		}
		return c.text(key, values...)
	}
	if _, known := c.texts["error."+string(e.Code)]; !known {
		return e.Text
	}
	return c.text("error." + string(e.Code))
}

// sentences finds the refusals of the English catalogue by what the program says.
func sentences(english *catalogue) map[string]string {
	found := map[string]string{}
	for key, texts := range english.texts {
		if strings.HasPrefix(key, "refused.") {
			found[texts["other"]] = key
		}
	}
	return found
}

var verb = regexp.MustCompile(`%[ds]`)

// withPlaces is a format with the places of a text: "at most {1} bytes".
func withPlaces(format string) string {
	i := 0
	return verb.ReplaceAllStringFunc(format, func(string) string {
		i++
		return fmt.Sprintf("{%d}", i)
	})
}

// Name is what its speakers call the language. With Tag it is what templates see of a catalogue.
func (c *catalogue) Name() string { return c.text("language.name") }

// Tag is the language as in a lang attribute.
func (c *catalogue) Tag() string { return c.tag.String() }
