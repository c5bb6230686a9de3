package bench

import (
	"os"
	"runtime"
	"strings"
	"testing"
	"time"
)

func TestAProcessThatSaysNothing(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("CHATD_TEST_LIMIT", "") // so that the child is this test binary, which lists no test and ends
	_, err = Start(t.Context(), nil, self, "-test.run=^$", "-test.unknown")
	if err == nil || !strings.Contains(err.Error(), "did not say where it listens") || !strings.Contains(err.Error(), "test.unknown") {
		t.Errorf("%v", err)
	}
}

func TestTheClocks(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("the system does not say")
	}
	began, self, machine := time.Now(), cpuTime(os.Getpid()), machineTime()
	used := time.Duration(0)
	for used < 50*time.Millisecond && time.Since(began) < 30*time.Second { // the machine may be busy with others
		used = cpuTime(os.Getpid()) - self
	}
	if most := time.Since(began) * time.Duration(runtime.NumCPU()); used < 50*time.Millisecond || used > most {
		t.Errorf("work for %v counts as %v", time.Since(began), used)
	}
	if machineTime() == machine || machine == 0 {
		t.Errorf("the machine did nothing meanwhile: %v", machine)
	}
	if m := resident(os.Getpid()); m < 1<<20 || m > 1<<34 {
		t.Errorf("%d bytes in memory", m)
	}
	const nobody = 1 << 23 // above PID_MAX_LIMIT of proc(5)
	if cpuTime(nobody) != 0 || resident(nobody) != 0 {
		t.Error("something is known of a process that is not there")
	}
}

func TestTail(t *testing.T) {
	var log tail
	log.Write([]byte(strings.Repeat("a", tailBytes)))
	log.Write([]byte("the end"))
	if s := log.String(); len(s) != tailBytes || !strings.HasSuffix(s, "athe end") {
		t.Errorf("%d bytes", len(s))
	}
}
