package cmd

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"chatd/chat"
)

// servedAt is the note in auth.db that says where people reach the server that ran last.
const servedAt = "address"

func newInvite() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "invite",
		Short:   "Print a link that lets somebody in with a role",
		Long:    `Prints links. There is one kind: "chatd invite host".`,
		Example: `  chatd invite host`,
		Args:    noArguments,
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newInviteHost())
	return cmd
}

func newInviteHost() *cobra.Command {
	var data string
	cmd := &cobra.Command{
		Use:   "host",
		Short: "Print a link that makes its visitor the host",
		Long: `Prints a link that makes its visitor the host. It works once, within 30
minutes. Whoever forgot the password of the host, or has no host yet, makes one
so. Works whether the server is running or not, on the same data directory.`,
		Example: `  chatd invite host
  chatd invite host --data ./chat-data`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return inviteHost(cmd, data) },
	}
	addDataFlag(cmd, &data)
	return cmd
}

// inviteHost prints the link alone on stdout, and what it is on stderr.
func inviteHost(cmd *cobra.Command, data string) error {
	dir, err := dataDir(data)
	if err != nil {
		return err
	}
	auth, err := chat.OpenAuth(cmd.Context(), dir)
	if err != nil {
		return failure("The sessions in %s cannot be opened: %w.", dir, err)
	}
	address, err := auth.Noted(cmd.Context(), servedAt)
	var ticket chat.Secret
	if err == nil {
		ticket, err = auth.MakeHostTicket(cmd.Context(), time.Now())
	}
	if err = errors.Join(err, auth.Close()); err != nil {
		return failure("The link cannot be kept in %s: %w.", dir, err)
	}
	if address == "" {
		address = httpURL("localhost", 5000)
		fmt.Fprintln(cmd.ErrOrStderr(), "No server has run on this data yet; after \"chatd serve\" the link may need another port.")
	}
	fmt.Fprintln(cmd.ErrOrStderr(), "Whoever opens this link first is the host, within 30 minutes:")
	_, err = fmt.Fprintln(cmd.OutOrStdout(), address+"/host/"+string(ticket))
	return err
}

// hostLink notes where the server is, and makes a link while there is no host; else it is "".
func hostLink(ctx context.Context, server *chat.Server, auth *chat.Auth, address string) (string, error) {
	err := auth.Note(ctx, servedAt, address)
	has := true
	if err == nil {
		has, err = server.HasHost(ctx)
	}
	if err != nil || has {
		return "", err
	}
	ticket, err := auth.MakeHostTicket(ctx, time.Now())
	return address + "/host/" + string(ticket), err
}
