package cmd

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// envPrefix begins the name of every variable that chatd reads: --message-rate
// is CHATD_MESSAGE_RATE.
const envPrefix = "CHATD_"

func envName(flag string) string {
	return envPrefix + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

// applyEnvironment gives every flag of cmd that was not typed the value of its
// variable. An empty variable counts as none. A variable that is nobody's is a
// line on stderr and no more: the shell may be older or newer than the binary.
func applyEnvironment(cmd *cobra.Command, environ []string) error {
	if strings.HasPrefix(cmd.Name(), cobra.ShellCompRequestCmd) {
		return nil // somebody is typing: not the moment to talk
	}
	flags := cmd.Flags()
	known := knownVariables(cmd.Root())
	for _, entry := range environ {
		key, value, _ := strings.Cut(entry, "=")
		if value == "" || !strings.HasPrefix(key, envPrefix) || strings.HasPrefix(key, envPrefix+"TEST_") {
			continue
		}
		if !slices.Contains(known, key) {
			warnUnknownVariable(cmd, key, known)
			continue
		}
		name := strings.ToLower(strings.ReplaceAll(strings.TrimPrefix(key, envPrefix), "_", "-"))
		flag := flags.Lookup(name)
		if flag == nil || flag.Changed {
			continue
		}
		if err := flags.Set(name, value); err != nil {
			if bad, ok := errors.AsType[*pflag.InvalidValueError](err); ok {
				return badValue(key, "=", bad)
			}
			return usageError("%s: %v", key, err)
		}
	}
	return nil
}

func warnUnknownVariable(cmd *cobra.Command, key string, known []string) {
	if near := closest(key, known); near != "" {
		fmt.Fprintf(cmd.ErrOrStderr(), "chatd: %s in the environment means nothing; did you mean %s?\n", key, near)
		return
	}
	fmt.Fprintf(cmd.ErrOrStderr(), "chatd: %s in the environment means nothing; %q lists what does.\n", key, "chatd serve --help")
}

// knownVariables are the variables of every flag of every command, so that one
// environment does for all of them, and the two that completion itself reads.
func knownVariables(root *cobra.Command) []string {
	known := []string{"CHATD_ACTIVE_HELP", "CHATD_COMPLETION_DESCRIPTIONS"}
	for _, c := range root.Commands() {
		c.Flags().VisitAll(func(f *pflag.Flag) {
			if f.Name != "help" {
				known = append(known, envName(f.Name))
			}
		})
	}
	return known
}
