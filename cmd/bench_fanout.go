package cmd

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"chatd/chat/bench"
)

func newBenchFanout() *cobra.Command {
	s := &benchSettings{cores: 1, load: bench.Load{Clients: 1000, Rooms: 1, Publishers: 1, InFlight: 64, Duration: 2 * time.Second, Rounds: 9}}
	cmd := &cobra.Command{
		Use:   "fanout",
		Short: "How fast, and how cheaply, a room's messages get to everybody in it",
		Long: `Lets some people post in a room, as fast as it goes or by the clock, and
measures how many deliveries everybody in it gets, what each costs the server
and how long it takes. A message is in flight until it was acknowledged and its
author has got it back.`,
		Example: `  chatd bench fanout --clients 1000
  chatd bench fanout --publishers 10 --in-flight 16
  chatd bench fanout --rate 50 --duration 4s`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return s.bench(cmd, func(ctx context.Context, st *stage) (*bench.Report, error) {
				return st.beside(ctx, bench.Fanout)
			})
		},
	}
	addBenchFlags(cmd, s)
	addPublisherFlags(cmd, s)
	addLimitsFlag(cmd, s)
	cmd.Flags().IntVar(&s.load.InFlight, "in-flight", s.load.InFlight, "messages that each publisher keeps on their way, if no rate is given")
	return cmd
}
