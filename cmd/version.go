package cmd

import (
	"cmp"
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
)

// version is set by releases: go build -ldflags "-X chatd/cmd.version=1.2.3".
var version string

// build says which chatd this is.
type build struct {
	Version string // "1.2.3", or "devel" for a build that nobody named
	Commit  string // what it was built from, "" when the build does not know
	Go      string // "go1.26.1"
	OS      string // "linux/amd64"
}

func (b build) String() string {
	commit := ""
	if b.Commit != "" {
		commit = "\ncommit " + b.Commit
	}
	return fmt.Sprintf("chatd %s%s\n%s %s\n", b.Version, commit, b.Go, b.OS)
}

// readBuild is the named version, else what the Go toolchain noted.
func readBuild() build {
	b := build{Version: version, Go: runtime.Version(), OS: runtime.GOOS + "/" + runtime.GOARCH}
	if info, ok := debug.ReadBuildInfo(); ok {
		b.Commit = commitOf(info)
		if info.Main.Version != "(devel)" {
			b.Version = cmp.Or(b.Version, info.Main.Version)
		}
	}
	b.Version = cmp.Or(b.Version, "devel")
	return b
}

func commitOf(info *debug.BuildInfo) string {
	commit, changed := "", ""
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			commit = s.Value
		case "vcs.modified":
			if s.Value == "true" {
				changed = " (changed since)"
			}
		}
	}
	if commit == "" {
		return ""
	}
	return commit + changed
}

func newVersion() *cobra.Command {
	return &cobra.Command{
		Use:     "version",
		Short:   "Say which chatd this is",
		Long:    "Says which chatd this is: version, commit, and the Go and system it was built for.",
		Example: "  chatd version",
		Args:    noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			_, err := fmt.Fprint(cmd.OutOrStdout(), readBuild())
			return err
		},
	}
}
