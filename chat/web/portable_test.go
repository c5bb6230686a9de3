package web_test

import (
	"net"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

// portable says that this process tests the path of connections that are not plain TCP:
// a goroutine waits in Read for each, and nothing is written without one that may wait.
var portable = os.Getenv("CHATD_TEST_PORTABLE") != ""

// wrapping is a listener that puts something around each connection.
type wrapping struct {
	net.Listener
	wrap func(net.Conn) net.Conn
}

// wrapped is no *net.TCPConn, as one with TLS is not.
type wrapped struct{ net.Conn }

func (l wrapping) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return l.wrap(c), nil
}

// portableTests are those that open streams and depend on how they are read and written.
var portableTests = []string{
	"TestAnswers", "TestOrderOfOneConnection", "TestSizes", "TestTypingAndPresence",
	"TestHello", "TestHeadOfAnUpgrade", "TestResume", "TestCursorsThatDoNotFit", "TestPageThenStream", "TestHeartbeat", "TestDeadPeer",
	"TestFrames", "TestFramesThatAreFine", "TestSilentPeerIsLeft", "TestFlood", "TestProtocolTooOld",
	"TestDrain", "TestDrainAnswersFirst", "TestDrainDoesNotWaitForTheDead", "TestDrainDropsWhoIsStuck",
	"TestMalformedCommands", "TestRefusalsAreShort", "TestTextIsKeptByteForByte", "TestSignOut", "TestSignOutOfWhoIsGone",
	"TestFramesInPieces", "TestFramesBehindTheHandshake", "TestSilentStreamsAreEnded", "TestPlainConnections",
	"TestStress", "TestStreamThatCannotOpen",
}

// What holds for plain TCP on Linux holds where a goroutine waits for every connection.
func TestPortablePath(t *testing.T) {
	if portable {
		t.Skip("this is the second run")
	}
	t.Parallel() // some of its tests wait for seconds
	binary, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	run := exec.CommandContext(t.Context(), binary, "-test.run=^("+strings.Join(portableTests, "|")+")$", "-test.v", "-test.count=1", "-test.timeout=2m")
	run.Env = append(os.Environ(), "CHATD_TEST_PORTABLE=1")
	output, err := run.CombinedOutput()
	if err != nil {
		t.Errorf("%v\n%s", err, output)
	}
	passed := len(regexp.MustCompile(`(?m)^--- PASS: `).FindAll(output, -1))
	if passed != len(portableTests) {
		t.Errorf("%d tests passed, and not %d", passed, len(portableTests))
	}
}

// The second run is one: its connections cannot be written to without waiting.
func TestPlainConnections(t *testing.T) {
	s := newServer(t)
	c := s.live(s.signIn("ana"))
	defer c.bye()
	if direct := s.handler.Direct(); direct > 0 && portable {
		t.Error("the connection is taken for plain TCP")
	}
}
