package cmd_test

import (
	"fmt"
	"os"
	"os/exec"
	"testing"
	"time"

	"chatd/chat/bench"
)

// BenchmarkFanoutBesideBun holds chatd against the fastest of the servers that people would use
// instead: Bun's publish, which is uWebSockets, in a server that keeps nothing. Beside them runs
// the limit of what one thread can write. It needs bun in the PATH.
//
//	go test ./cmd -run '^$' -bench FanoutBesideBun -benchtime 1x
func BenchmarkFanoutBesideBun(b *testing.B) {
	bun, err := exec.LookPath("bun")
	if err != nil {
		b.Skip("there is no bun here to compare with: ", err)
	}
	cores, err := bench.SplitCores(1)
	if err != nil {
		b.Fatal(err)
	}
	for _, load := range []bench.Load{{Publishers: 1, InFlight: 64}, {Publishers: 10, InFlight: 16}, {Publishers: 1, Rate: 50}} {
		b.Run(fmt.Sprintf("%d publishers, %v a second", load.Publishers, load.Rate), func(b *testing.B) {
			start := func(name, program string, args ...string) bench.Server {
				p, err := bench.Start(b.Context(), cores, program, args...)
				if err != nil {
					b.Fatal(err)
				}
				b.Cleanup(p.Kill)
				return bench.Server{Name: name, URL: p.URL, Process: p, SignsIn: name == "chatd"}
			}
			servers := []bench.Server{
				start("chatd", binary(b), "serve", "--port", "0", "--host", "127.0.0.1", "--data", b.TempDir(),
					"--message-rate", "0", "--login-rate", "0", "--connections-per-ip", "0"),
				start("bun", bun, "testdata/bun.js"),
			}
			load.Clients, load.Rooms, load.Size, load.Duration, load.Rounds, load.Cores = 1000, 1, 100, 2*time.Second, 9, cores
			for b.Loop() {
				report, err := bench.Fanout(b.Context(), servers, load, bench.Progress{})
				if err != nil {
					b.Fatal(err)
				}
				if err := report.Write(os.Stdout); err != nil { // b.Log would cut it
					b.Fatal(err)
				}
				if len(report.Faults) > 0 {
					b.Fatal("there were faults")
				}
			}
		})
	}
}
