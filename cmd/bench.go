package cmd

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"chatd/chat/bench"
)

func newBench() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "bench",
		Short: "Measure chatd on this computer",
		Long: `Measures chatd: starts a server of its own, or uses one that is given, lets
many people in, checks every byte that they get, and prints a table. Beside it
run yardsticks, which keep nothing and know nobody: limit A writes to each
client once for each message, limit B once for all that has come meanwhile.
Figures differ from computer to computer and from minute to minute; their
ratios inside one run say more.

What is measured is what is typed: bench takes nothing from the environment,
and so never writes into the chat that serve keeps.`,
		Example: `  chatd bench fanout
  chatd bench idle --clients 10000
  chatd help bench fanout`,
		Args: cobra.ArbitraryArgs, // so that RunE may refuse them in its own words
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return unknownCommand(cmd, args[0])
			}
			return cmd.Help()
		},
		// Instead of the root's, which applies the environment.
		PersistentPreRunE: func(*cobra.Command, []string) error { return nil },
	}
	cmd.AddCommand(newBenchFanout(), newBenchIdle(), newBenchRooms(), newBenchAck(), newBenchStall(), newBenchStorm(), newBenchLimit())
	return cmd
}

// benchSettings are what a measurement is told.
type benchSettings struct {
	url, data string
	limits    string
	cores     int
	json      bool
	load      bench.Load
}

// addBenchFlags gives cmd what all measurements have in common. What s holds is the default.
func addBenchFlags(cmd *cobra.Command, s *benchSettings) {
	if s.load.Size == 0 {
		s.load.Size = 100
	}
	f := cmd.Flags()
	f.StringVar(&s.url, "url", "", "`URL` of a running chatd without limits (default: start one)")
	f.StringVar(&s.data, "data", "", "`DIR` for the data of the server that is started (default: a temporary one)")
	f.IntVar(&s.load.Clients, "clients", s.load.Clients, "how many people are connected")
	f.IntVar(&s.load.Size, "bytes", s.load.Size, "length of a text")
	f.DurationVar(&s.load.Duration, "duration", s.load.Duration, "how long one measurement takes")
	f.IntVar(&s.load.Rounds, "rounds", s.load.Rounds, "how many times each is measured, in turns")
	f.BoolVar(&s.json, "json", false, "print the whole report as JSON")
	f.IntVar(&s.cores, "server-cores", s.cores, "keep servers on so many processors and the generator on the others; 0: all on all")
}

func addPublisherFlags(cmd *cobra.Command, s *benchSettings) {
	f := cmd.Flags()
	f.IntVar(&s.load.Publishers, "publishers", s.load.Publishers, "how many of the clients post")
	f.Float64Var(&s.load.Rate, "rate", s.load.Rate, "messages a second by all publishers together, by the clock; 0: as fast as it goes")
}

func addRoomsFlag(cmd *cobra.Command, s *benchSettings) {
	cmd.Flags().IntVar(&s.load.Rooms, "rooms", s.load.Rooms, "over how many rooms people are spread")
}

func addLimitsFlag(cmd *cobra.Command, s *benchSettings) {
	cmd.Flags().StringVar(&s.limits, "limits", defaultLimits, "which yardsticks run beside it: a, b, both or \"\"")
}

// check refuses what cannot be measured.
func (s *benchSettings) check(cmd *cobra.Command) error {
	l := s.load
	has := func(flag string) bool { return cmd.Flags().Lookup(flag) != nil }
	switch {
	case l.Clients < 1, l.Rounds < 1, l.Duration <= 0, l.Rate < 0:
		return usageError("A measurement needs clients, a round and some time; see %q.", cmd.CommandPath()+" --help")
	case l.Size < 16 || l.Size > 16<<10:
		return usageError("A text has 16 to 16384 bytes here.")
	case has("publishers") && (l.Publishers < 1 || l.Publishers > l.Clients):
		return usageError("Somebody must post, and publishers are clients too: there are 1 to %d of them.", l.Clients)
	case has("in-flight") && l.InFlight < 1:
		return usageError("A publisher keeps at least one message in flight.")
	case has("rooms") && (l.Rooms < 1 || l.Rooms > l.Clients):
		return usageError("There are 1 to %d rooms, as somebody has to make each.", l.Clients)
	}
	return nil
}

// bench sets the stage, plays, looks into the database and prints the report.
func (s *benchSettings) bench(cmd *cobra.Command, play func(context.Context, *stage) (*bench.Report, error)) error {
	if err := s.check(cmd); err != nil {
		return err
	}
	ctx, unhook := signal.NotifyContext(cmd.Context(), os.Interrupt, syscall.SIGTERM)
	defer unhook()
	st, err := newStage(s)
	if err != nil {
		return failure("The measurement cannot begin: %w.", err)
	}
	defer st.end()
	report, err := play(ctx, st)
	if err == nil {
		err = st.look(ctx, report)
	}
	clearProgress()
	if ctx.Err() != nil {
		return failure("Interrupted; there is no report.")
	}
	if err != nil {
		return failure("The measurement broke off: %w", err)
	}
	if s.json {
		err = json.NewEncoder(cmd.OutOrStdout()).Encode(report)
	} else {
		err = report.Write(cmd.OutOrStdout())
	}
	if err == nil && len(report.Faults) > 0 {
		err = failure("The server broke its promises; the figures do not count.")
	}
	return err
}

// benchProgress draws on stderr, if a person looks at it.
func benchProgress() bench.Progress {
	if !isTerminal(os.Stderr) {
		return bench.NewProgress(nil)
	}
	return bench.NewProgress(func(line string) { fmt.Fprintf(os.Stderr, "\r\x1b[K%s", line) })
}

func clearProgress() {
	if isTerminal(os.Stderr) {
		fmt.Fprint(os.Stderr, "\r\x1b[K")
	}
}
