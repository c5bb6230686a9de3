package cmd

import (
	"net"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"rsc.io/qr"
)

func addrs(words ...string) (list []netip.Addr) {
	for _, word := range words {
		list = append(list, netip.MustParseAddr(word))
	}
	return list
}

func TestBannerOfEveryInterface(t *testing.T) {
	var out strings.Builder
	err := printBanner(&out, banner{Version: "1.2.3", DataDir: "/var/lib/chatd", Port: 5000, LAN: addrs("192.168.1.20", "fd00::20")})
	if err != nil {
		t.Fatal(err)
	}
	want := `
  chatd 1.2.3

  On this computer  http://localhost:5000
  In your network   http://192.168.1.20:5000
                    http://[fd00::20]:5000
  Data              /var/lib/chatd

  Nothing is encrypted on the way: others in this network could read along.
  Ctrl+C stops chatd.

`
	if out.String() != want {
		t.Errorf("the banner is\n%s\nwant\n%s", &out, want)
	}
}

func TestBannerSaysWhatIsOpen(t *testing.T) {
	lan := addrs("192.168.1.20", "fd00::20")
	for _, test := range []struct {
		host, public string
		here         string
		others       []string
	}{
		{"", "", "http://localhost:5000", []string{"http://192.168.1.20:5000", "http://[fd00::20]:5000"}},
		{"::", "", "http://localhost:5000", []string{"http://192.168.1.20:5000", "http://[fd00::20]:5000"}},
		{"0.0.0.0", "", "http://localhost:5000", []string{"http://192.168.1.20:5000"}},
		{"127.0.0.1", "", "http://localhost:5000", nil},
		{"[::1]", "", "http://localhost:5000", nil},
		{"localhost", "", "http://localhost:5000", nil},
		{"127.0.0.9", "", "http://127.0.0.9:5000", nil},
		{"192.168.1.20", "", "", []string{"http://192.168.1.20:5000"}},
		{"fd00::20", "", "", []string{"http://[fd00::20]:5000"}},
		{"ana.local", "", "", []string{"http://ana.local:5000"}},
		{"", "https://chat.example.org", "http://localhost:5000", nil},
	} {
		b := banner{Host: test.host, Port: 5000, Public: test.public, LAN: lan}
		here, others := b.addresses()
		if here != test.here || !slices.Equal(others, test.others) {
			t.Errorf("--host %q --public-url %q: %q, %q; want %q, %q", test.host, test.public, here, others, test.here, test.others)
		}
		var out strings.Builder
		if err := printBanner(&out, b); err != nil {
			t.Fatal(err)
		}
		if got := strings.Contains(out.String(), "Nothing is encrypted"); got != (len(others) > 0) {
			t.Errorf("--host %q warns: %v", test.host, got)
		}
		if !strings.Contains(out.String(), test.public) {
			t.Errorf("--public-url %s is not named", test.public)
		}
	}
}

func TestQRCodeOnATerminalOnly(t *testing.T) {
	for _, test := range []struct {
		b     banner
		drawn bool
	}{
		{banner{Port: 5000, LAN: addrs("192.168.1.20"), QR: true}, true},
		{banner{Port: 5000, LAN: addrs("192.168.1.20")}, false},
		{banner{Port: 5000, LAN: addrs("192.168.1.20"), QR: true, Host: "127.0.0.1"}, false},
		{banner{Port: 5000, QR: true}, false},
	} {
		var out strings.Builder
		if err := printBanner(&out, test.b); err != nil {
			t.Fatal(err)
		}
		if got := strings.Contains(out.String(), "\x1b["); got != test.drawn {
			t.Errorf("%+v: a QR code is drawn: %v", test.b, got)
		}
	}
}

// TestQRCodeIsItself reads the drawing back, half block by half block.
func TestQRCodeIsItself(t *testing.T) {
	const text = "http://192.168.1.20:5000"
	code, err := qr.Encode(text, qr.L)
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	writeQR(&out, text)
	lines := strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
	side := code.Size + 2*quietZone
	if len(lines) != (side+1)/2 {
		t.Fatalf("%d lines for %d modules", len(lines), side)
	}
	for row, line := range lines {
		line, ok := strings.CutPrefix(line, "  "+blackOnWhite)
		line, closed := strings.CutSuffix(line, plain)
		if !ok || !closed {
			t.Fatalf("line %d does not set and reset its colours: %q", row, line)
		}
		blocks := []rune(line)
		if len(blocks) != side {
			t.Fatalf("line %d has %d modules, want %d", row, len(blocks), side)
		}
		for column, block := range blocks {
			x, y := column-quietZone, 2*row-quietZone
			upper, lower := block == '█' || block == '▀', block == '█' || block == '▄'
			if upper != code.Black(x, y) || lower != code.Black(x, y+1) {
				t.Fatalf("module %d,%d is %q", x, y, block)
			}
		}
	}
	out.Reset()
	if writeQR(&out, strings.Repeat("x", 5000)); out.Len() > 0 {
		t.Error("a text too long is drawn all the same")
	}
}

func TestReachable(t *testing.T) {
	up := net.FlagUp | net.FlagBroadcast
	cards := []card{
		{"lo", net.FlagUp | net.FlagLoopback, addrs("127.0.0.1", "::1")},
		{"docker0", up, addrs("172.17.0.1")},
		{"br-0123456789ab", up, addrs("172.18.0.1")},
		{"vEthernet (WSL)", up, addrs("172.20.0.1")},
		{"tun0", net.FlagUp | net.FlagPointToPoint, addrs("10.8.0.2")},
		{"eth0", up, addrs("fe80::1", "2001:db8::20", "fd00::20", "192.168.1.20")},
		{"eth1", net.FlagBroadcast, addrs("192.168.9.9")}, // down
		{"wlan0", up, addrs("169.254.3.4", "192.168.1.21")},
		{"br-lan", up, addrs("192.168.2.1")},
	}
	want := addrs("192.168.1.20", "192.168.1.21", "192.168.2.1", "10.8.0.2", "2001:db8::20", "fd00::20")
	if got := reachable(cards); !slices.Equal(got, want) {
		t.Errorf("reachable = %v\nwant %v", got, want)
	}
	for _, a := range lanAddresses() {
		if a.IsLoopback() || a.IsLinkLocalUnicast() {
			t.Errorf("this computer's %v is for nobody else", a)
		}
	}
}
