package cmd

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"chatd/chat/bench"
)

func newBenchAck() *cobra.Command {
	s := &benchSettings{load: bench.Load{Clients: 1000, Rooms: 200, Rate: 2000, Duration: 4 * time.Second, Rounds: 5}}
	cmd := &cobra.Command{
		Use:   "ack",
		Short: "How soon, and how many, posts are acknowledged",
		Long: `Lets everybody post by WebSocket: by the clock, and each as soon as his last
post was acknowledged. An acknowledged post is durable, so it is held against
what making anything durable takes on the same disk in the same run.`,
		Example: `  chatd bench ack --rate 2000
  chatd bench ack --clients 100 --rooms 20 --data ./on-another-disk`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return s.bench(cmd, func(ctx context.Context, st *stage) (*bench.Report, error) {
				if err := st.start(ctx); err != nil {
					return nil, err
				}
				return bench.Ack(ctx, st.chatd, st.load(), st.progress)
			})
		},
	}
	addBenchFlags(cmd, s)
	addRoomsFlag(cmd, s)
	cmd.Flags().Float64Var(&s.load.Rate, "rate", s.load.Rate, "posts a second by all together, when they post by the clock")
	return cmd
}
