package cmd

import (
	"bytes"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

func TestEveryCommandHasAnExample(t *testing.T) {
	walk(newRoot(nil), func(c *cobra.Command) {
		path := strings.Fields(c.CommandPath())
		if !strings.Contains(c.Example, path[0]+" ") || (len(path) > 1 && !strings.Contains(c.Example, path[1])) {
			t.Errorf("%q has no example of itself", c.CommandPath())
		}
		if c.Short == "" {
			t.Errorf("%q is not described", c.CommandPath())
		}
	})
}

func TestHelpShowsTheExample(t *testing.T) {
	var paths [][]string
	walk(newRoot(nil), func(c *cobra.Command) { paths = append(paths, strings.Fields(c.CommandPath())[1:]) })
	for _, path := range paths {
		byWord := call(t, append([]string{"help"}, path...)...)
		byFlag := call(t, append(path, "--help")...)
		if byWord != byFlag || !strings.Contains(byWord, "Examples:") {
			t.Errorf("help %s:\n%s\n--help:\n%s", path, byWord, byFlag)
		}
	}
}

// TestExamplesAreTrue parses every example: a flag that was renamed must be
// renamed there too.
func TestExamplesAreTrue(t *testing.T) {
	walk(newRoot(nil), func(c *cobra.Command) {
		for line := range strings.Lines(c.Example) {
			words := strings.Fields(line)
			if len(words) == 0 || words[0] != "chatd" {
				continue
			}
			root := newRoot(nil)
			about, rest, err := root.Find(words[1:])
			if err == nil {
				err = about.ParseFlags(rest)
			}
			if err != nil {
				t.Errorf("%q: %v", strings.TrimSpace(line), err)
			}
		}
	})
}

func walk(c *cobra.Command, visit func(*cobra.Command)) {
	visit(c)
	for _, sub := range c.Commands() {
		walk(sub, visit)
	}
}

func call(t *testing.T, args ...string) string {
	t.Helper()
	var out, errs bytes.Buffer
	if status := run(t.Context(), args, nil, &out, &errs); status != 0 {
		t.Fatalf("chatd %s: status %d: %s", strings.Join(args, " "), status, &errs)
	}
	return out.String()
}
