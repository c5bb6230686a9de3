package cmd

import (
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"strconv"
	"strings"
)

// banner is what a start prints: where to go, where the data is, how to stop.
type banner struct {
	Version  string
	DataDir  string
	Host     string       // as given with --host; "" is every interface
	Port     int          // the one that was opened, never 0
	Public   string       // as given with --public-url; "" when people come straight to this computer
	LAN      []netip.Addr // how others in the house reach this computer, best first; see lanAddresses
	HostLink string       // the link that makes its visitor the host, while there is none; else ""
	QR       bool         // the output is a terminal with colours, so a QR code can be drawn
}

// newBanner adds what the computer itself knows to what was typed: its
// addresses and whether a person looks at stdout.
func newBanner(dataDir, host string, port int, public string) banner {
	return banner{
		Version: readBuild().Version,
		DataDir: dataDir,
		Host:    host,
		Port:    port,
		Public:  public,
		LAN:     lanAddresses(),
		QR:      isTerminal(os.Stdout) && takesColours(os.Stdout),
	}
}

// printBanner writes b to w with one write, so that no log line falls into it.
func printBanner(w io.Writer, b banner) error {
	here, others := b.addresses()
	var out strings.Builder
	row := func(label, text string) { fmt.Fprintf(&out, "  %-17s %s\n", label, text) }

	fmt.Fprintf(&out, "\n  chatd %s\n\n", b.Version)
	if b.Public != "" {
		row("For everyone", b.Public)
	}
	if here != "" {
		row("On this computer", here)
	}
	label := "In your network"
	for _, url := range others {
		row(label, url)
		label = ""
	}
	row("Data", b.DataDir)
	out.WriteByte('\n')
	if b.HostLink != "" {
		fmt.Fprintf(&out, "  Nobody is the host yet. Whoever opens this link first is, within 30 minutes:\n  %s\n  (\"chatd invite host\" prints another.)\n\n", b.HostLink)
	}

	if b.QR && len(others) > 0 {
		writeQR(&out, others[0])
		out.WriteString("\n  Scan it with a phone in the same network.\n\n")
	}
	if len(others) > 0 {
		out.WriteString("  Nothing is encrypted on the way: others in this network could read along.\n")
	}
	out.WriteString("  Ctrl+C stops chatd.\n\n")
	_, err := io.WriteString(w, out.String())
	return err
}

// addresses are the one for this computer, "" when it has none of its own, and
// those for others in the network: only what really is open. Behind a public
// address the network's own are left out, as people are not meant to use them.
func (b banner) addresses() (here string, others []string) {
	host := strings.Trim(b.Host, "[]")
	addr, err := netip.ParseAddr(host)
	switch {
	case host == "localhost", addr == netip.IPv6Loopback(), addr == netip.AddrFrom4([4]byte{127, 0, 0, 1}):
		return httpURL("localhost", b.Port), nil
	case addr.IsLoopback():
		return httpURL(host, b.Port), nil
	case host != "" && (err != nil || !addr.IsUnspecified()): // one address or name, and only that
		return "", []string{httpURL(host, b.Port)}
	}
	if b.Public == "" {
		for _, lan := range b.LAN {
			if lan.Is4() || !addr.Is4() { // 0.0.0.0 listens on IPv4 alone
				others = append(others, httpURL(lan.String(), b.Port))
			}
		}
	}
	return httpURL("localhost", b.Port), others
}

// best is the address for links that whoever started chatd opens himself.
func (b banner) best() string {
	here, others := b.addresses()
	switch {
	case b.Public != "":
		return strings.TrimSuffix(b.Public, "/")
	case here != "":
		return here
	}
	return others[0]
}

// network is the address to give to others in the network, "" when there is none.
func (b banner) network() string {
	if _, others := b.addresses(); len(others) > 0 {
		return others[0] + "/"
	}
	return ""
}

func httpURL(host string, port int) string {
	return "http://" + net.JoinHostPort(host, strconv.Itoa(port))
}
