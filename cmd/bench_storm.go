package cmd

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"chatd/chat/bench"
)

func newBenchStorm() *cobra.Command {
	s := &benchSettings{load: bench.Load{Clients: 10_000, Rooms: 1, Publishers: 1, Rate: 5, Duration: 2 * time.Second, Rounds: 1}}
	cmd := &cobra.Command{
		Use:   "storm",
		Short: "How everybody comes back after a crash",
		Long: `Kills the server while messages flow, starts it again, lets those who post say
500 things more, and then lets all others return at once, each from where he
was. A server may refuse some for the moment, if it says when to come back.`,
		Example: `  chatd bench storm --clients 10000
  chatd bench storm --clients 1000 --rounds 3`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if s.load.Rate <= 0 {
				return usageError("A storm needs messages: give a rate.")
			}
			return s.bench(cmd, func(ctx context.Context, st *stage) (*bench.Report, error) {
				restart, err := st.restart()
				if err != nil {
					return nil, err
				}
				return bench.Storm(ctx, restart, st.load(), st.progress)
			})
		},
	}
	addBenchFlags(cmd, s)
	addPublisherFlags(cmd, s)
	return cmd
}
