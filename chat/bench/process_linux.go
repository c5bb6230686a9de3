package bench

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// cpuTime reads the clock that counts a process's time on all processors, to the
// nanosecond (/proc/PID/stat has ticks of 10 ms). The clock's number is what
// clock_getcpuclockid(3) makes of the process's.
func cpuTime(pid int) time.Duration {
	const cpuClockSched = 2
	var ts unix.Timespec
	if unix.ClockGettime(int32(^pid<<3|cpuClockSched), &ts) != nil {
		return 0 // it has ended
	}
	return time.Duration(ts.Nano())
}

// machineTime is how long all processors together have been busy since the machine
// started (proc(5), /proc/stat, in ticks of 10 ms).
func machineTime() time.Duration {
	stat, err := os.ReadFile("/proc/stat")
	if err != nil {
		return 0
	}
	all, _, _ := strings.Cut(string(stat), "\n")
	var ticks time.Duration
	for i, field := range strings.Fields(all) {
		const idle, waiting, guest = 4, 5, 9
		if n, err := strconv.ParseInt(field, 10, 64); err == nil && i != idle && i != waiting && i < guest {
			ticks += time.Duration(n)
		}
	}
	return ticks * 10 * time.Millisecond
}

func resident(pid int) int64 {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(status)) {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			kib, err := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(rest), " kB"), 10, 64)
			if err != nil {
				return 0
			}
			return kib << 10
		}
	}
	return 0
}

// alone keeps Ctrl+C, which a terminal sends to all of a group, from a process that
// is ours to end, and lets it end with us if we are killed.
func alone(cmd *exec.Cmd) {
	// The death signal comes when the thread ends that made the process; Go keeps its threads.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}

// pinned runs start on a thread that may use the given cores alone; a process
// inherits that from the thread that made it.
func pinned(cores []int, start func() error) error {
	if len(cores) == 0 {
		return start()
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	var before unix.CPUSet
	if err := unix.SchedGetaffinity(0, &before); err != nil {
		return fmt.Errorf("ask for the cores: %w", err)
	}
	set := cpuSet(cores)
	if err := unix.SchedSetaffinity(0, &set); err != nil {
		return fmt.Errorf("choose cores %v: %w", cores, err)
	}
	// The thread goes back to the pool; it had these cores a moment ago.
	defer unix.SchedSetaffinity(0, &before)
	return start()
}

func cpuSet(cores []int) (set unix.CPUSet) {
	for _, core := range cores {
		set.Set(core)
	}
	return set
}

// SplitCores divides the cores that we may use: the last n are for servers, the rest
// is ours, and this process stays on it from now on. It gives servers none, and
// moves nothing, where not both sides would have one.
func SplitCores(n int) (servers []int, err error) {
	var all unix.CPUSet
	if err := unix.SchedGetaffinity(0, &all); err != nil {
		return nil, fmt.Errorf("ask for the cores: %w", err)
	}
	var cores []int
	for core := range 8 * len(all) * 8 {
		if all.IsSet(core) {
			cores = append(cores, core)
		}
	}
	if n <= 0 || n >= len(cores) {
		return nil, nil
	}
	ours := cpuSet(cores[:len(cores)-n])
	threads, err := os.ReadDir("/proc/self/task")
	if err != nil {
		return nil, err
	}
	for _, thread := range threads { // those made later inherit it
		id, err := strconv.Atoi(thread.Name())
		if err != nil {
			return nil, err
		}
		if err := unix.SchedSetaffinity(id, &ours); err != nil && err != unix.ESRCH {
			return nil, fmt.Errorf("stay on cores %v: %w", cores[:len(cores)-n], err)
		}
	}
	return cores[len(cores)-n:], nil
}

// descriptors is how many files and sockets a process may have open; 0: not known.
func descriptors() int {
	var limit unix.Rlimit
	if unix.Getrlimit(unix.RLIMIT_NOFILE, &limit) != nil {
		return 0
	}
	return int(limit.Cur)
}
