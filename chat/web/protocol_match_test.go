package web_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// matcher compares what is written in the reference with what really comes. It
// holds the values of the names that the reference gives to what differs each time.
type matcher map[string]string

var (
	placeholder = regexp.MustCompile(`\$[a-z][a-z0-9]*|…`)
	// bare is a $name where JSON wants a number.
	bare = regexp.MustCompile(`([:\[,])(\$[a-z][a-z0-9]*)`)
)

// fill puts the values into what is sent.
func (m matcher) fill(text string) string {
	return placeholder.ReplaceAllStringFunc(text, func(name string) string {
		if value, known := m[strings.TrimPrefix(name, "$")]; known {
			return value
		}
		return name
	})
}

// text says how a text differs from what is written; what is new in it is noted.
func (m matcher) text(want, got string) error {
	var pattern strings.Builder
	var names []string
	end := 0
	for _, at := range placeholder.FindAllStringIndex(want, -1) {
		pattern.WriteString(regexp.QuoteMeta(want[end:at[0]]))
		name := strings.TrimPrefix(want[at[0]:at[1]], "$")
		value, known := m[name]
		switch {
		case name == "…":
			pattern.WriteString(`.+`)
		case known:
			pattern.WriteString(regexp.QuoteMeta(value))
		default:
			pattern.WriteString(`(.+?)`)
			names = append(names, name)
		}
		end = at[1]
	}
	pattern.WriteString(regexp.QuoteMeta(want[end:]))
	found := regexp.MustCompile(`(?s)^` + pattern.String() + `$`).FindStringSubmatch(got)
	if found == nil {
		return fmt.Errorf("%q is not %q %v", got, want, m)
	}
	for i, name := range names {
		m[name] = found[i+1]
	}
	return nil
}

// body compares a body or a frame: as JSON if it is that, member by member, none left out.
func (m matcher) body(want, got string) error {
	if !strings.HasPrefix(want, "{") {
		return m.text(want, strings.TrimSuffix(got, "\n"))
	}
	var w, g any
	if err := json.Unmarshal([]byte(bare.ReplaceAllString(want, `$1"number $2"`)), &w); err != nil {
		return fmt.Errorf("%s: %w", want, err)
	}
	if err := json.Unmarshal([]byte(got), &g); err != nil {
		return fmt.Errorf("%s is no JSON: %w", got, err)
	}
	if err := m.value(w, g); err != nil {
		return fmt.Errorf("%s is not %s: %w", got, want, err)
	}
	return nil
}

func (m matcher) value(want, got any) error {
	switch want := want.(type) {
	case map[string]any:
		got, ok := got.(map[string]any)
		if !ok || len(got) != len(want) {
			return fmt.Errorf("%v is not %v", got, want)
		}
		for _, name := range sorted(want) {
			value, ok := got[name]
			if !ok {
				return fmt.Errorf("there is no %s", name)
			}
			if err := m.value(want[name], value); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
		}
		return nil
	case []any:
		got, ok := got.([]any)
		if !ok || len(got) != len(want) {
			return fmt.Errorf("%v is not %v", got, want)
		}
		for i := range want {
			if err := m.value(want[i], got[i]); err != nil {
				return err
			}
		}
		return nil
	case string:
		if number, ok := strings.CutPrefix(want, "number "); ok {
			n, ok := got.(float64)
			if !ok {
				return fmt.Errorf("%v is no number", got)
			}
			return m.text(number, fmt.Sprint(n))
		}
		text, ok := got.(string)
		if !ok {
			return fmt.Errorf("%v is not %q", got, want)
		}
		return m.text(want, text)
	}
	if want != got {
		return fmt.Errorf("%v is not %v", got, want)
	}
	return nil
}

func sorted(object map[string]any) (names []string) {
	for name := range object {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
