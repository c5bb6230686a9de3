// Package cmd is what a person can type: one file for each command, and the
// small things that commands share (exit statuses, settings, the data
// directory, the banner). It is the only package that knows every other one
// and the only one that builds things; serve.go is where chatd is put together.
package cmd

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"
)

// Main runs what the command line and the environment ask for and returns the
// exit status (see exit.go). An error is one sentence on stderr.
func Main() int {
	return run(context.Background(), os.Args[1:], os.Environ(), os.Stdout, os.Stderr)
}

func run(ctx context.Context, args, environ []string, stdout, stderr io.Writer) int {
	root := newRoot(environ)
	root.SetArgs(args)
	root.SetOut(stdout)
	root.SetErr(stderr)

	err := knownCommand(root, args)
	if err == nil {
		err = root.ExecuteContext(ctx)
	}
	if err != nil && err.Error() != "" {
		fmt.Fprintf(stderr, "chatd: %v\n", err)
	}
	return exitStatus(err)
}

// newRoot is the whole tree of commands, help and completion included. A
// setting that the command line leaves out is looked up in environ, whose
// entries are KEY=value.
func newRoot(environ []string) *cobra.Command {
	root := &cobra.Command{
		Use:   "chatd",
		Short: "A chat for your group in one binary",
		Long: `chatd gives a group a chat: start it, open the address that it prints,
choose a nickname, talk. What was acknowledged is kept.

Every flag is also a variable in the environment: --message-rate is
CHATD_MESSAGE_RATE. A flag wins over the environment, the environment over
the default.

Exit status: 0 done; 1 failed; 2 something typed is wrong or the port is
taken; 75 the disk failed or is full.`,
		Example: `  chatd serve --port 5000
  chatd help serve`,
		Version:       readBuild().Version,
		SilenceUsage:  true,
		SilenceErrors: true,
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error {
			return applyEnvironment(cmd, environ)
		},
	}
	root.SetVersionTemplate(readBuild().String())
	root.SetFlagErrorFunc(flagError)
	root.AddCommand(newServe(), newToken(), newInvite(), newBench(), newVersion())
	root.SetHelpCommand(newHelp())
	root.InitDefaultHelpCmd()
	addCompletion(root)
	return root
}

// knownCommand refuses a first word that is no command, before cobra does so
// in three lines and without a status.
func knownCommand(root *cobra.Command, args []string) error {
	if len(args) > 0 && strings.HasPrefix(args[0], cobra.ShellCompRequestCmd) {
		return nil // cobra's own hidden commands, which shells call while somebody types
	}
	if _, rest, err := root.Find(args); err != nil {
		return unknownCommand(root, firstWord(rest))
	}
	return nil
}

// unknownCommand says that word is no command of parent, and which one is like it.
func unknownCommand(parent *cobra.Command, word string) error {
	var names []string
	for _, c := range parent.Commands() {
		if c.IsAvailableCommand() || c.Name() == "help" {
			names = append(names, c.Name())
		}
	}
	if near := closest(word, names); near != "" {
		return usageError("There is no command %q; did you mean %q?", parent.CommandPath()+" "+word, parent.CommandPath()+" "+near)
	}
	return usageError("There is no command %q; %q lists them all.", parent.CommandPath()+" "+word, parent.CommandPath()+" --help")
}

// firstWord is the first of args that is not a flag.
func firstWord(args []string) string {
	for _, arg := range args {
		if !strings.HasPrefix(arg, "-") {
			return arg
		}
	}
	return strings.Join(args, " ")
}

// noArguments is for commands that take flags only.
func noArguments(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	return usageError("%q takes no arguments, but got %q; see %q.", cmd.CommandPath(), args[0], cmd.CommandPath()+" --help")
}
