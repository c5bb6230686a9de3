package cmd

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"chatd/chat/bench"
)

func newBenchIdle() *cobra.Command {
	s := &benchSettings{load: bench.Load{Clients: 10_000, Duration: 30 * time.Second, Rounds: 1}}
	cmd := &cobra.Command{
		Use:   "idle",
		Short: "What people cost who are there and say nothing",
		Long: `Signs people in, starts the server anew, connects everybody and leaves them
alone for a while. What the server's memory has grown by is theirs.`,
		Example: `  chatd bench idle --clients 10000
  chatd bench idle --clients 1000 --duration 10s`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return s.bench(cmd, func(ctx context.Context, st *stage) (*bench.Report, error) {
				restart, err := st.restart()
				if err != nil {
					return nil, err
				}
				return bench.Idle(ctx, restart, st.load(), st.progress)
			})
		},
	}
	addBenchFlags(cmd, s)
	return cmd
}
