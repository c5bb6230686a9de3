package cmd

import (
	"errors"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// flagError turns what the flag parser says into one sentence with a suggestion.
func flagError(cmd *cobra.Command, err error) error {
	if e, ok := errors.AsType[*pflag.NotExistError](err); ok {
		return unknownFlag(cmd, e)
	}
	if e, ok := errors.AsType[*pflag.ValueRequiredError](err); ok {
		f := e.GetFlag()
		if f.DefValue == "" {
			return usageError("--%s needs a value; see %q.", f.Name, cmd.CommandPath()+" --help")
		}
		return usageError("--%s needs a value; try --%s %s", f.Name, f.Name, f.DefValue)
	}
	if e, ok := errors.AsType[*pflag.InvalidValueError](err); ok {
		return badValue("--"+e.GetFlag().Name, " ", e)
	}
	return usageError("%v; see %q.", err, cmd.CommandPath()+" --help")
}

// unknownFlag knows three mistakes: one dash instead of two, the flag of
// another command (most often "serve" was left out), and a mistyped name.
func unknownFlag(cmd *cobra.Command, e *pflag.NotExistError) error {
	name, typed := e.GetSpecifiedName(), "--"+e.GetSpecifiedName()
	if letters := e.GetSpecifiedShortnames(); letters != "" {
		name, typed = letters, "-"+letters
	}
	name, _, _ = strings.Cut(name, "=")
	typed, _, _ = strings.Cut(typed, "=")

	names := flagNames(cmd)
	if !slices.Contains(names, name) {
		if other := commandWithFlag(cmd.Root(), name); other != nil {
			return usageError("%s is a flag of %q; try: %s --%s %s", typed, other.CommandPath(), other.CommandPath(), name, other.Flags().Lookup(name).DefValue)
		}
	}
	if near := closest(name, names); near != "" {
		return usageError("There is no flag %s; did you mean --%s?", typed, near)
	}
	return usageError("There is no flag %s; %q lists them all.", typed, cmd.CommandPath()+" --help")
}

// badValue says what a setting wants. setting is as it was given, --port or
// CHATD_PORT; join stands between it and a value.
func badValue(setting, join string, e *pflag.InvalidValueError) error {
	f := e.GetFlag()
	wants := wantsOf(f, e.Unwrap())
	if f.DefValue == "" || f.DefValue == "[]" {
		return usageError("%s wants %s, but got %q.", setting, wants, e.GetValue())
	}
	return usageError("%s wants %s, but got %q; try %s%s%s", setting, wants, e.GetValue(), setting, join, f.DefValue)
}

// wantsOf is what a flag takes, in words: its own (see values.go), or its type's.
func wantsOf(f *pflag.Flag, cause error) string {
	if w, ok := errors.AsType[wants](cause); ok {
		return string(w)
	}
	switch f.Value.Type() {
	case "int", "int64", "uint", "uint64":
		return "a whole number"
	case "duration":
		return "a length of time such as 25s or 2m"
	case "bool":
		return "true or false"
	}
	return "something else (" + cause.Error() + ")"
}

func flagNames(cmd *cobra.Command) []string {
	var names []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
	return names
}

// commandWithFlag is the first command below parent that has the flag, or nil.
func commandWithFlag(parent *cobra.Command, name string) *cobra.Command {
	for _, c := range parent.Commands() {
		if c.Flags().Lookup(name) != nil {
			return c
		}
	}
	return nil
}
