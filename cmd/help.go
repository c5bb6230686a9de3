package cmd

import (
	"fmt"

	"github.com/spf13/cobra"
)

// newHelp is cobra's help command with an exit status: asking for help on a
// word that is no command is an error like any other.
func newHelp() *cobra.Command {
	return &cobra.Command{
		Use:   "help [command]",
		Short: "Explain a command, with an example",
		Example: `  chatd help
  chatd help serve`,
		ValidArgsFunction: func(cmd *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			var names []string
			if about, _, err := cmd.Root().Find(args); err == nil {
				for _, c := range about.Commands() {
					if c.IsAvailableCommand() {
						names = append(names, c.Name())
					}
				}
			}
			return names, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			about, rest, err := cmd.Root().Find(args)
			if err != nil || len(rest) > 0 {
				return unknownCommand(about, firstWord(rest))
			}
			about.InitDefaultHelpFlag()
			about.InitDefaultVersionFlag()
			return about.Help()
		},
	}
}

// addCompletion is cobra's completion command, with an example for each shell
// and a refusal of shells that do not exist.
func addCompletion(root *cobra.Command) {
	root.InitDefaultCompletionCmd()
	completion, _, _ := root.Find([]string{"completion"})
	completion.Short = "Write the script that completes chatd in your shell"
	completion.Example = `  source <(chatd completion bash)
  chatd completion fish > ~/.config/fish/completions/chatd.fish`
	completion.Args = cobra.ArbitraryArgs // so that RunE may refuse them in its own words
	completion.RunE = func(cmd *cobra.Command, args []string) error {
		if len(args) > 0 {
			return unknownCommand(cmd, args[0])
		}
		return cmd.Help()
	}

	load := map[string]string{
		"bash":       "source <(chatd completion bash)",
		"zsh":        `chatd completion zsh > "${fpath[1]}/_chatd"`,
		"fish":       "chatd completion fish | source",
		"powershell": "chatd completion powershell | Out-String | Invoke-Expression",
	}
	for _, shell := range completion.Commands() {
		shell.Short = fmt.Sprintf("Write the script for %s", shell.Name())
		shell.Example = "  " + load[shell.Name()]
		shell.Args = noArguments
	}
}
