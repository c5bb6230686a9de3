package chat_test

import (
	"strings"
	"testing"

	"chatd/chat"
)

func TestNamings(t *testing.T) {
	for text, want := range map[string]string{
		"@ana":                               "ana",
		"hi @ana, and @bob!":                 "ana,|ana bob!|bob",
		"@ana's dog":                         "ana's|ana",
		"(@ana) *@bob* _waves at @cat_":      "ana)|ana bob*|bob cat_|cat",
		"@mary-ann @x_y":                     "mary-ann x_y",
		`@"Ana Maria", hi`:                   "Ana Maria",
		"@“Ana Maria”: hi":                   "Ana Maria",
		`@"Ana`:                              "",
		"@\"Ana\nMaria\"":                    "",
		"@Анна，你好 @田中":                       "Анна，你好|Анна 田中",
		"ana@example.org":                    "",
		"http://a.example/@ana @bob":         "bob",
		"mailto:x@ana.example":               "",
		"[@ana](https://a.example/) @bob":    "bob",
		"[@ana] (x)":                         "ana]|ana",
		"`@ana` @bob":                        "bob",
		"``a ` @ana`` @bob":                  "bob",
		"` @ana":                             "ana",
		"```\n@ana\n```\n@bob":               "bob",
		"~~~ go\n@ana\n~~\n@bob":             "",
		"```@ana``` @bob":                    "bob",
		"> ```\n> @ana\n> ```\n@bob":         "bob",
		`\@ana @@bob a.@cat`:                 "",
		"@":                                  "",
		"@ ana":                              "",
		strings.Repeat("@a ", 60):            strings.TrimSpace(strings.Repeat("a ", 50)),
		"@" + strings.Repeat("a", 600) + "!": strings.Repeat("a", 512),
	} {
		var got []string
		for _, n := range chat.Namings(text) {
			for i, name := range n.Names {
				if !strings.Contains(text[n.Start:n.Ends[i]], name) {
					t.Errorf("%q: %q does not stand in %q", text, name, text[n.Start:n.Ends[i]])
				}
			}
			got = append(got, strings.Join(n.Names, "|"))
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%.60q names %q, want %q", text, strings.Join(got, " "), want)
		}
	}
}

// Whatever is typed, finding names takes time in proportion to it.
func FuzzNamings(f *testing.F) {
	for _, text := range []string{"hi @ana's `@bob` [@cat](http://x/)", "``` @\"Ana Maria\"\n~~~", "[[]](@``"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		last := 0
		for _, n := range chat.Namings(text) {
			if n.Start < last || text[n.Start] != '@' || len(n.Names) == 0 {
				t.Fatalf("%q: %+v after %d", text, n, last)
			}
			for i, end := range n.Ends {
				if end <= n.Start || end > len(text) || i > 0 && end >= n.Ends[i-1] {
					t.Fatalf("%q: %+v", text, n)
				}
			}
			last = n.Ends[len(n.Ends)-1]
		}
	})
}
