// Command chatd gives a group a chat: one binary, one command, one address.
package main

import (
	"os"

	"chatd/cmd"
)

func main() {
	os.Exit(cmd.Main())
}
