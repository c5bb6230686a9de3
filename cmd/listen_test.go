package cmd

import (
	"errors"
	"fmt"
	"net"
	"strings"
	"testing"
)

func TestListen(t *testing.T) {
	for _, host := range []string{"127.0.0.1", "", "localhost"} {
		l, err := listen(t.Context(), host, 0)
		if err != nil {
			t.Fatalf("%q: %v", host, err)
		}
		if l.Addr().(*net.TCPAddr).Port == 0 {
			t.Errorf("%q: no port was chosen", host)
		}
		l.Close()
	}
}

func TestPortTaken(t *testing.T) {
	other, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	port := other.Addr().(*net.TCPAddr).Port

	_, err = listen(t.Context(), "127.0.0.1", port)
	taken, ok := errors.AsType[*portTakenError](err)
	if !ok || taken.port != port || taken.next <= port || exitStatus(err) != exitUsage {
		t.Fatalf("status %d: %v", exitStatus(err), err)
	}
	want := fmt.Sprintf("Port %d is taken by another program. Try: chatd serve --port %d", port, taken.next)
	if err.Error() != want {
		t.Errorf("%v\nwant %s", err, want)
	}
	if (&portTakenError{port: 65535}).Error() != "Port 65535 is taken by another program. Give another one with --port." {
		t.Error("without a free port, none should be named")
	}
}

func TestListenNowhere(t *testing.T) {
	for _, test := range []struct {
		host string
		port int
		says string
	}{
		{"127.0.0.1", 65536, "--port wants a port number from 0 to 65535"},
		{"127.0.0.1", -1, "--port wants a port number from 0 to 65535"},
		{"192.0.2.1", 0, `--host wants an address of this computer, but "192.0.2.1" is none`}, // RFC 5737: nobody's
		{"no such host", 0, `--host wants an address of this computer, but "no such host" is none`},
	} {
		l, err := listen(t.Context(), test.host, test.port)
		if err == nil {
			l.Close()
		}
		if err == nil || !strings.Contains(err.Error(), test.says) || exitStatus(err) != exitUsage {
			t.Errorf("%s:%d: status %d: %v\nwant: %s", test.host, test.port, exitStatus(err), err, test.says)
		}
	}
}
