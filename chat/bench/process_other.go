//go:build !linux

package bench

import (
	"os/exec"
	"time"
)

// Elsewhere than on Linux nothing is known about another process, and processes
// run where the system puts them.

func cpuTime(int) time.Duration { return 0 }

func machineTime() time.Duration { return 0 }

func resident(int) int64 { return 0 }

func alone(*exec.Cmd) {}

func pinned(_ []int, start func() error) error { return start() }

// SplitCores divides the processors between servers and us; not here.
func SplitCores(int) ([]int, error) { return nil, nil }

func descriptors() int { return 0 }
