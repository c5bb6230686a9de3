package cmd

import (
	"bytes"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

func TestValues(t *testing.T) {
	for name, test := range map[string]struct {
		value   pflag.Value
		good    map[string]string // typed → what it becomes
		refused []string
	}{
		"port":     {new(portValue), map[string]string{"0": "0", "5000": "5000", "65535": "65535"}, []string{"", "-1", "65536", "http", "5000.0", "0x50"}},
		"rate":     {new(rateValue), map[string]string{"0": "0", "10": "10"}, []string{"", "-1", "1.5", "many", "99999999999"}},
		"interval": {new(intervalValue), map[string]string{"25s": "25s", "90s": "1m30s", "1s": "1s"}, []string{"", "25", "0s", "-1s", "999ms", "soon"}},
		"url": {new(urlValue), map[string]string{
			"https://chat.example.org":        "https://chat.example.org",
			"https://chat.example.org/":       "https://chat.example.org",
			"http://example.org:8080/chat///": "http://example.org:8080/chat",
		}, []string{"", "chat.example.org", "//chat.example.org", "ftp://example.org", "https://", "https://ann:secret@example.org", "https://example.org/?a=b", "https://example.org/#x",
			"http://:5000", "https://example.org:", "https://example.org:0", "https://example.org:65536", "https://münchen.example"}},
		"prefixes": {new(prefixesValue), map[string]string{
			"10.1.2.3/8, 127.0.0.1": "10.0.0.0/8,127.0.0.1/32",
			"::1,fd00::/8":          "::1/128,fd00::/8",
			"::ffff:127.0.0.1":      "127.0.0.1/32",
			"::ffff:10.1.2.3/104":   "10.0.0.0/8",
		}, []string{"", "10.0.0.0/33", "localhost", "10.0.0.0/8,,"}},
	} {
		for typed, want := range test.good {
			if list, ok := test.value.(*prefixesValue); ok {
				*list = nil
			}
			if err := test.value.Set(typed); err != nil || test.value.String() != want {
				t.Errorf("%s: %q became %q, %v; want %q", name, typed, test.value, err, want)
			}
		}
		before := test.value.String()
		for _, typed := range test.refused {
			if err := test.value.Set(typed); err == nil || test.value.String() != before {
				t.Errorf("%s: %q was taken: %q", name, typed, test.value)
			}
		}
	}
}

func TestPrefixesAddUp(t *testing.T) {
	var p prefixesValue
	for _, typed := range []string{"10.0.0.0/8", "::1"} {
		if err := p.Set(typed); err != nil {
			t.Fatal(err)
		}
	}
	if p.String() != "10.0.0.0/8,::1/128" {
		t.Errorf("the list is %s", &p)
	}
}

// tried is a command with a flag of each type, and what it was called with.
type tried struct {
	port     portValue
	interval intervalValue
	public   urlValue
	count    int
	on       bool
	called   bool
}

func (s *tried) command(environ []string) *cobra.Command {
	s.port, s.interval = 5000, intervalValue(25*time.Second)
	root := &cobra.Command{
		Use: "chatd", SilenceUsage: true, SilenceErrors: true,
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error { return applyEnvironment(cmd, environ) },
	}
	root.SetFlagErrorFunc(flagError)
	try := &cobra.Command{Use: "try", RunE: func(*cobra.Command, []string) error { s.called = true; return nil }}
	try.Flags().Var(&s.port, "port", "")
	try.Flags().Var(&s.interval, "beat-every", "")
	try.Flags().Var(&s.public, "public-url", "")
	try.Flags().IntVar(&s.count, "count", 3, "")
	try.Flags().BoolVar(&s.on, "on", false, "")
	other := &cobra.Command{Use: "other", Run: func(*cobra.Command, []string) {}}
	other.Flags().String("elsewhere", "here", "")
	root.AddCommand(try, other)
	return root
}

func (s *tried) try(environ []string, args ...string) (stderr string, err error) {
	var errs bytes.Buffer
	cmd := s.command(environ)
	cmd.SetArgs(append([]string{"try"}, args...))
	cmd.SetErr(&errs)
	err = cmd.Execute()
	return errs.String(), err
}

func TestPrecedence(t *testing.T) {
	for name, test := range map[string]struct {
		environ []string
		args    []string
		port    portValue
	}{
		"default":                    {nil, nil, 5000},
		"environment over default":   {[]string{"CHATD_PORT=6000"}, nil, 6000},
		"flag over environment":      {[]string{"CHATD_PORT=6000"}, []string{"--port", "7000"}, 7000},
		"flag over bad environment":  {[]string{"CHATD_PORT=x"}, []string{"--port", "7000"}, 7000},
		"the default, typed":         {[]string{"CHATD_PORT=6000"}, []string{"--port=5000"}, 5000},
		"empty is none":              {[]string{"CHATD_PORT="}, nil, 5000},
		"others' variables are none": {[]string{"PORT=6000", "XCHATD_PORT=6000", "chatd_port=6000"}, nil, 5000},
	} {
		var s tried
		if stderr, err := s.try(test.environ, test.args...); err != nil || stderr != "" || !s.called {
			t.Errorf("%s: %v %s", name, err, stderr)
		}
		if s.port != test.port {
			t.Errorf("%s: port %d, want %d", name, s.port, test.port)
		}
	}

	var s tried
	if _, err := s.try([]string{"CHATD_BEAT_EVERY=1m", "CHATD_PUBLIC_URL=https://a.example/x", "CHATD_COUNT=9", "CHATD_ON=true"}); err != nil {
		t.Fatal(err)
	}
	if s.interval != intervalValue(time.Minute) || (*url.URL)(&s.public).Host != "a.example" || s.count != 9 || !s.on {
		t.Errorf("not every type came from the environment: %+v", s)
	}
}

func TestMistakes(t *testing.T) {
	for _, test := range []struct {
		environ []string
		args    string
		says    string
	}{
		{nil, "--prot 1", "There is no flag --prot; did you mean --port?"},
		{nil, "--prot=1", "There is no flag --prot; did you mean --port?"},
		{nil, "-port 1", "There is no flag -port; did you mean --port?"},
		{nil, "--pub", "There is no flag --pub; did you mean --public-url?"},
		{nil, "--xyzzy", `There is no flag --xyzzy; "chatd try --help" lists them all.`},
		{nil, "--elsewhere x", `--elsewhere is a flag of "chatd other"; try: chatd other --elsewhere here`},
		{nil, "--port", "--port needs a value; try --port 5000"},
		{nil, "--public-url", `--public-url needs a value; see "chatd try --help".`},
		{nil, "--port http", `--port wants a port number from 0 to 65535, but got "http"; try --port 5000`},
		{nil, "--public-url x", `--public-url wants a full address such as https://chat.example.org, but got "x".`},
		{nil, "--count x", `--count wants a whole number, but got "x"; try --count 3`},
		{nil, "--on=maybe", `--on wants true or false, but got "maybe"; try --on false`},
		{[]string{"CHATD_PORT=http"}, "", `CHATD_PORT wants a port number from 0 to 65535, but got "http"; try CHATD_PORT=5000`},
		{[]string{"CHATD_COUNT=2.5"}, "", `CHATD_COUNT wants a whole number, but got "2.5"; try CHATD_COUNT=3`},
	} {
		var s tried
		_, err := s.try(test.environ, strings.Fields(test.args)...)
		if err == nil || err.Error() != test.says || exitStatus(err) != exitUsage || s.called {
			t.Errorf("%s %s: status %d: %v\nwant: %s", test.environ, test.args, exitStatus(err), err, test.says)
		}
	}
}

func TestUnknownVariables(t *testing.T) {
	for environ, warning := range map[string]string{
		"CHATD_PROT=1":      "chatd: CHATD_PROT in the environment means nothing; did you mean CHATD_PORT?\n",
		"CHATD_XYZZY=1":     "chatd: CHATD_XYZZY in the environment means nothing; \"chatd serve --help\" lists what does.\n",
		"CHATD_ELSEWHERE=1": "", // another command's
		"CHATD_TEST_BIG=1":  "",
		"CHATD_HELP=1":      "chatd: CHATD_HELP in the environment means nothing; \"chatd serve --help\" lists what does.\n",
	} {
		var s tried
		stderr, err := s.try([]string{environ})
		if err != nil || !s.called || stderr != warning {
			t.Errorf("%s: %v, %q; want %q", environ, err, stderr, warning)
		}
	}
}
