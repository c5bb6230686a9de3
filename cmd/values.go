package cmd

import (
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// The values that settings take. Each refuses what cannot be where it was
// typed, so that serve need not look again, and says what it wants instead.
// All are pflag.Values: cmd.Flags().Var((*portValue)(&port), "port", "…").

// wants is the error of a value that cannot be: the words after "--port wants".
type wants string

func (w wants) Error() string { return "not " + string(w) }

// portValue is a TCP port, 0 to 65535; 0 lets the system choose.
type portValue int

func (p *portValue) String() string { return strconv.Itoa(int(*p)) }
func (p *portValue) Type() string   { return "port" }
func (p *portValue) Set(s string) error {
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 || n > 65535 {
		return wants("a port number from 0 to 65535")
	}
	*p = portValue(n)
	return nil
}

// rateValue is a limit: a whole number, 0 for none.
type rateValue int

func (r *rateValue) String() string { return strconv.Itoa(int(*r)) }
func (r *rateValue) Type() string   { return "number" }
func (r *rateValue) Set(s string) error {
	n, err := strconv.ParseInt(s, 10, 32)
	if err != nil || n < 0 {
		return wants("a whole number, 0 for no limit")
	}
	*r = rateValue(n)
	return nil
}

// intervalValue is a length of time of a second or more.
type intervalValue time.Duration

func (i *intervalValue) String() string { return time.Duration(*i).String() }
func (i *intervalValue) Type() string   { return "duration" }
func (i *intervalValue) Set(s string) error {
	d, err := time.ParseDuration(s)
	if err != nil || d < time.Second {
		return wants("a length of time of 1s or more, such as 25s or 2m")
	}
	*i = intervalValue(d)
	return nil
}

// urlValue is the address under which people reach chatd: http or https, a
// host, perhaps a base path, which is kept without a slash at its end. The zero
// value, whose Host is empty, is "not given".
type urlValue url.URL

func (u *urlValue) String() string { return (*url.URL)(u).String() }
func (u *urlValue) Type() string   { return "address" }
func (u *urlValue) Set(s string) error {
	parsed, err := url.Parse(s)
	if err != nil || !hasAddress(parsed) || parsed.User != nil || parsed.RawQuery != "" || parsed.Fragment != "" ||
		(parsed.Scheme != "http" && parsed.Scheme != "https") {
		return wants("a full address such as https://chat.example.org")
	}
	if strings.ContainsFunc(parsed.Host, func(r rune) bool { return r > unicode.MaxASCII }) {
		return wants("the name as browsers send it (münchen.example is xn--mnchen-3ya.example)") // else nothing would be answered
	}
	parsed.Path = strings.TrimRight(parsed.Path, "/")
	parsed.RawPath = ""
	*u = urlValue(*parsed)
	return nil
}

// hasAddress says whether a browser can go to the host, and the port if there is one.
func hasAddress(u *url.URL) bool {
	port := u.Port()
	if port == "" {
		return u.Hostname() != "" && !strings.HasSuffix(u.Host, ":")
	}
	n, err := strconv.Atoi(port)
	return u.Hostname() != "" && err == nil && 0 < n && n <= 65535
}

// prefixesValue is a list of networks, with commas between: 10.0.0.0/8,::1. An
// address stands for itself alone. Giving the flag again adds to the list.
type prefixesValue []netip.Prefix

func (p *prefixesValue) String() string {
	words := make([]string, len(*p))
	for i, prefix := range *p {
		words[i] = prefix.String()
	}
	return strings.Join(words, ",")
}

func (p *prefixesValue) Type() string { return "networks" }

func (p *prefixesValue) Set(s string) error {
	var list []netip.Prefix
	for word := range strings.SplitSeq(s, ",") {
		word = strings.TrimSpace(word)
		prefix, err := netip.ParsePrefix(word)
		if addr, addrErr := netip.ParseAddr(word); addrErr == nil {
			prefix, err = addr.Prefix(addr.BitLen())
		}
		if err != nil {
			return wants("networks or addresses with commas between, such as 10.0.0.0/8,127.0.0.1")
		}
		if addr := prefix.Addr(); addr.Is4In6() && prefix.Bits() >= 96 { // ::ffff:10.0.0.1: IPv4, written long
			prefix = netip.PrefixFrom(addr.Unmap(), prefix.Bits()-96)
		}
		list = append(list, prefix.Masked())
	}
	*p = append(*p, list...)
	return nil
}
