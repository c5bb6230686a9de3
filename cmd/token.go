package cmd

import (
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"chatd/chat"
	"chatd/chat/nickname"
)

func newToken() *cobra.Command {
	var data string
	cmd := &cobra.Command{
		Use:   "token NAME",
		Short: "Make the token with which a program signs in",
		Long: `Makes a token for the bot of that name and prints it, once: it is kept nowhere
in the clear. A bot may have several tokens. Works whether the server is
running or not, on the same data directory.`,
		Example: `  chatd token deploy-bot
  TOKEN=$(chatd token deploy-bot)
  curl -H "Authorization: Bearer $TOKEN" -d 'deploy done' http://localhost:5000/api/rooms/lobby/messages`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 1 {
				return nil
			}
			return usageError("%q wants one name, but got %d; try: chatd token deploy-bot", cmd.CommandPath(), len(args))
		},
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE:              func(cmd *cobra.Command, args []string) error { return makeToken(cmd, data, args[0]) },
	}
	addDataFlag(cmd, &data)
	return cmd
}

// makeToken prints the token alone on stdout, so that a script can keep it in a
// variable, and what it is on stderr.
func makeToken(cmd *cobra.Command, data, typed string) error {
	name, err := nickname.Parse(typed)
	if err != nil {
		return &exitError{status: exitUsage, err: err}
	}
	dir, err := dataDir(data)
	if err != nil {
		return err
	}
	auth, err := chat.OpenAuth(cmd.Context(), dir)
	if err != nil {
		return failure("The tokens in %s cannot be opened: %w.", dir, err)
	}
	token, err := auth.MakeToken(cmd.Context(), chat.Name(name), time.Now())
	if err = errors.Join(err, auth.Close()); err != nil {
		if refused, ok := errors.AsType[*chat.Error](err); ok {
			return failure("%s", refused.Text)
		}
		return failure("The token cannot be kept in %s: %w.", dir, err)
	}
	fmt.Fprintf(cmd.ErrOrStderr(), "The token of %s, shown this once; whoever has it writes as %s:\n", name.Text, name.Text)
	_, err = fmt.Fprintln(cmd.OutOrStdout(), token)
	return err
}
