package cmd

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"chatd/chat/bench"
)

func newBenchRooms() *cobra.Command {
	s := &benchSettings{cores: 1, load: bench.Load{Clients: 1000, Rooms: 200, Duration: 4 * time.Second, Rounds: 9}}
	cmd := &cobra.Command{
		Use:   "rooms",
		Short: "What many small rooms cost, in which everybody posts",
		Long: `Spreads people over rooms and lets each post a message a second: there is
little to put together, and what counts is what a single message costs.`,
		Example: `  chatd bench rooms --rooms 200 --clients 1000
  chatd bench rooms --rooms 1000 --clients 1000 --rate 500`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return s.bench(cmd, func(ctx context.Context, st *stage) (*bench.Report, error) {
				return st.beside(ctx, bench.Rooms)
			})
		},
	}
	addBenchFlags(cmd, s)
	addRoomsFlag(cmd, s)
	addLimitsFlag(cmd, s)
	cmd.Flags().Float64Var(&s.load.Rate, "rate", 0, "messages a second by all together, by the clock (default: one for each client)")
	return cmd
}
