package web_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// checkComplete holds the reference against the source: what the server can say is in it, with an example.
func checkComplete(t *testing.T, blocks []block, text string) {
	var sent, got strings.Builder
	for _, b := range blocks {
		for _, line := range b.lines {
			switch line[0] {
			case '>':
				sent.WriteString(line[1:] + "\n")
			case '<':
				got.WriteString(line[1:] + "\n")
			}
		}
	}
	in := func(what, where string, wanted ...string) {
		t.Helper()
		for _, w := range wanted {
			if !strings.Contains(where, w) {
				t.Errorf("protocol.md has no %s %s", what, w)
			}
		}
	}
	in("example of the kind", got.String(), quoted(`"kind":`, kinds(t), 19)...)
	in("example of the command", sent.String(), quoted(`"do":`, cases(t, "command.go", "c.Do"), 4)...)
	in("row for the command", text, quoted("| `", cases(t, "command.go", "c.Do"), 4, "` |")...)

	codes := constants(t, "../errors.go", "Code")
	in("row for the code", text, quoted("| `", codes, 12, "` |")...)
	// These take a full disk, a full queue, or are said by a page and not by JSON.
	codes = slices.DeleteFunc(codes, func(code string) bool {
		return slices.Contains([]string{"storage_full", "busy", "name_taken", "password_needed"}, code)
	})
	in("example of the code", got.String(), quoted(`"code":`, codes, 9)...)

	for _, code := range append(closeCodes(t), "1000", "1002", "1003", "1007", "1009") {
		if !regexp.MustCompile(`(?m)^\| [\d, ]*` + code).MatchString(text) {
			t.Errorf("protocol.md has no row for the close code %s", code)
		}
	}
	for _, route := range strings.Fields(findAll(t, "routes.go", `"((?:GET|POST) /[^"]*)"`, 26)) {
		method, path, _ := strings.Cut(strings.ReplaceAll(route, "\x00", " "), " ")
		pattern := regexp.MustCompile(`\\\{\w+\\\}`).ReplaceAllString(regexp.QuoteMeta(strings.TrimSuffix(path, "{$}")), `[^/\s?]+`)
		if path != "/r/{room}/{id}" && !regexp.MustCompile(`(?m)^ `+method+" "+pattern+`(\?.*)?$`).MatchString(sent.String()) {
			t.Errorf("protocol.md has no example of %s %s", method, path)
		}
	}
	in("flag", text, quoted("`--", strings.Fields(findAll(t, "../../cmd/serve.go", `f\.(?:String)?Var\(&[\w.]+, "([\w-]+)"`, 8)), 8, "`")...)
	in("header", text, strings.Fields(findAll(t, "handler.go", `header\.Set\("([\w-]+)"`, 9))...)
}

// quoted puts something before and behind each word, and checks that there are as many as there were when this was written.
func quoted(before string, words []string, atLeast int, behind ...string) (out []string) {
	if len(words) < atLeast {
		panic("the source is not read as it should be: " + strings.Join(words, " "))
	}
	for _, word := range words {
		if behind == nil {
			out = append(out, before+strconv.Quote(word))
		} else {
			out = append(out, before+word+behind[0])
		}
	}
	return out
}

// kinds are the kinds of objects that the server writes: those of public events, and those that package web makes itself.
func kinds(t *testing.T) (kinds []string) {
	rules, err := os.ReadFile("../rules.go")
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("../*.go")
	if err != nil {
		t.Fatal(err)
	}
	values := map[string]string{}
	for _, file := range files {
		for _, found := range regexp.MustCompile(`(?m)(\w+) +Kind = "([\w.]+)"`).FindAllStringSubmatch(read(t, file), -1) {
			values[found[1]] = found[2]
		}
	}
	for _, found := range regexp.MustCompile(`(\w+): +\{code: [^}]*public: true`).FindAllStringSubmatch(string(rules), -1) {
		kinds = append(kinds, values[found[1]])
	}
	for _, file := range []string{"stream.go", "command.go", "encode.go"} {
		source := read(t, file)
		for _, pattern := range []string{`"kind":"([a-z.]+)"`, `\{"(hello|nack)", `, `cursorFrame\("(\w+)"`} {
			for _, found := range regexp.MustCompile(pattern).FindAllStringSubmatch(source, -1) {
				kinds = append(kinds, found[1])
			}
		}
	}
	slices.Sort(kinds)
	return slices.Compact(kinds)
}

// cases are the strings of the cases of a switch.
func cases(t *testing.T, file, tag string) (words []string) {
	inspect(t, file, func(n ast.Node) {
		s, ok := n.(*ast.SwitchStmt)
		if !ok || s.Tag == nil {
			return
		}
		if sel, ok := s.Tag.(*ast.SelectorExpr); !ok || sel.X.(*ast.Ident).Name+"."+sel.Sel.Name != tag {
			return
		}
		for _, clause := range s.Body.List {
			for _, e := range clause.(*ast.CaseClause).List {
				word, err := strconv.Unquote(e.(*ast.BasicLit).Value)
				if err != nil {
					t.Fatal(err)
				}
				words = append(words, word)
			}
		}
	})
	return words
}

// constants are the values of the constants of a string type.
func constants(t *testing.T, file, typ string) (values []string) {
	inspect(t, file, func(n ast.Node) {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return
		}
		if name, ok := spec.Type.(*ast.Ident); ok && name.Name == typ {
			value, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			values = append(values, value)
		}
	})
	return values
}

// closeCodes are the close codes that chatd says by itself.
func closeCodes(t *testing.T) []string {
	return strings.Fields(findAll(t, "stream.go", `(?m)^\tclose\w+ += (\d{4})$`, 5))
}

func inspect(t *testing.T, file string, visit func(ast.Node)) {
	tree, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(tree, func(n ast.Node) bool {
		visit(n)
		return true
	})
}

// findAll are the first groups of all matches in a file, separated by blanks; blanks in them are \x00.
func findAll(t *testing.T, file, pattern string, atLeast int) string {
	found := regexp.MustCompile(pattern).FindAllStringSubmatch(read(t, file), -1)
	if len(found) < atLeast {
		t.Fatalf("%s: %d matches of %s", file, len(found), pattern)
	}
	var all []string
	for _, f := range found {
		all = append(all, strings.ReplaceAll(f[1], " ", "\x00"))
	}
	return strings.Join(all, " ")
}

func read(t *testing.T, file string) string {
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
