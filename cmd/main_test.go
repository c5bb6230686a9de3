package cmd

import (
	"fmt"
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"go.uber.org/goleak"
)

// TestMain lets the test binary be chatd itself when a story calls it so: the
// same Main, in a process of its own, under the race detector when the tests are.
func TestMain(m *testing.M) {
	testscript.Main(leakless{m}, map[string]func(){
		"chatd": func() { os.Exit(Main()) },
	})
}

// leakless fails a passing run that leaves a goroutine behind.
type leakless struct{ *testing.M }

func (m leakless) Run() int {
	status := m.M.Run()
	if err := goleak.Find(); err != nil && status == 0 {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return status
}
