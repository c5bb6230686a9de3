package cmd

import (
	"github.com/spf13/cobra"

	"chatd/chat/bench"
)

// newBenchLimit is a yardstick's own process. Only bench starts it.
func newBenchLimit() *cobra.Command {
	var mode string
	cmd := &cobra.Command{
		Use:    "limit",
		Short:  "Be a yardstick for the other measurements",
		Hidden: true,
		Long: `Serves on a free port of 127.0.0.1, on one thread, to whoever connects, and keeps
nothing. The other measurements start this by themselves.`,
		Example: `  chatd bench limit --mode b`,
		Args:    noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			limit := bench.Limit(mode)
			if limit != bench.LimitA && limit != bench.LimitB {
				return usageError("--mode wants a or b.")
			}
			if err := limit.Serve(cmd.OutOrStdout()); err != nil {
				return failure("The yardstick broke: %w.", err)
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&mode, "mode", "", "a: a write for each message; b: a write for each round")
	return cmd
}
