package cmd

import (
	"os"
	"syscall"

	"golang.org/x/sys/windows"
)

// Windows has its own numbers for socket errors (winsock2.h); WSAEACCES is what
// it says of a port that another program holds exclusively.
var (
	errnosPortTaken     = []syscall.Errno{windows.WSAEADDRINUSE, windows.WSAEACCES}
	errnosNotOurAddress = []syscall.Errno{windows.WSAEADDRNOTAVAIL}
)

// takesColours says whether escape sequences written to the terminal f become
// colours; consoles before Windows 10 print them as they are.
func takesColours(f *os.File) bool {
	console := windows.Handle(f.Fd())
	var mode uint32
	if windows.GetConsoleMode(console, &mode) != nil {
		return false
	}
	return windows.SetConsoleMode(console, mode|windows.ENABLE_VIRTUAL_TERMINAL_PROCESSING) == nil
}
