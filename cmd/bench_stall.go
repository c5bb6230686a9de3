package cmd

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"chatd/chat/bench"
)

func newBenchStall() *cobra.Command {
	s := &benchSettings{cores: 1, load: bench.Load{Clients: 1000, Rooms: 1, Publishers: 1, Rate: 50, Size: 2000, Duration: 8 * time.Second, Rounds: 5}}
	cmd := &cobra.Command{
		Use:   "stall",
		Short: "What readers who stop reading do to all others",
		Long: `Lets messages flow by the clock while nobody, then one, then a hundred people
have stopped reading, and then lets these return: each of them must get
everything that was said meanwhile.`,
		Example: `  chatd bench stall
  chatd bench stall --duration 15s --rounds 3`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if s.load.Clients < 200 || s.load.Rate <= 0 {
				return usageError("There must be messages, and 200 clients or more: a hundred of them stop reading.")
			}
			return s.bench(cmd, func(ctx context.Context, st *stage) (*bench.Report, error) {
				if err := st.start(ctx); err != nil {
					return nil, err
				}
				return bench.Stall(ctx, st.chatd, st.load(), st.progress)
			})
		},
	}
	addBenchFlags(cmd, s)
	addPublisherFlags(cmd, s)
	return cmd
}
