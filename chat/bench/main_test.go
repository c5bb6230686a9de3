package bench

import (
	"fmt"
	"os"
	"testing"

	"go.uber.org/goleak"
)

// TestMain lets the test binary be a yardstick, in a process of its own.
func TestMain(m *testing.M) {
	if mode := os.Getenv("CHATD_TEST_LIMIT"); mode != "" {
		fmt.Fprintln(os.Stderr, Limit(mode).Serve(os.Stdout))
		os.Exit(1)
	}
	goleak.VerifyTestMain(m)
}
