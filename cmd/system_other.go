//go:build !windows

package cmd

import (
	"os"
	"syscall"
)

var (
	errnosPortTaken     = []syscall.Errno{syscall.EADDRINUSE}
	errnosNotOurAddress = []syscall.Errno{syscall.EADDRNOTAVAIL}
)

// takesColours says whether escape sequences written to the terminal f become colours.
func takesColours(*os.File) bool {
	return os.Getenv("TERM") != "dumb"
}
