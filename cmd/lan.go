package cmd

import (
	"cmp"
	"net"
	"net/netip"
	"regexp"
	"slices"
)

// card is a network interface, as far as the banner is concerned.
type card struct {
	name  string
	flags net.Flags
	addrs []netip.Addr
}

// lanAddresses are the addresses of this computer that others can reach it by:
// none when the system does not say.
func lanAddresses() []netip.Addr {
	interfaces, err := net.Interfaces()
	if err != nil {
		return nil
	}
	var cards []card
	for _, i := range interfaces {
		addrs, err := i.Addrs()
		if err != nil {
			continue
		}
		c := card{name: i.Name, flags: i.Flags}
		for _, a := range addrs {
			if prefix, err := netip.ParsePrefix(a.String()); err == nil {
				c.addrs = append(c.addrs, prefix.Addr().Unmap())
			}
		}
		cards = append(cards, c)
	}
	return reachable(cards)
}

// insideOnly are the cards that containers and virtual machines make for
// themselves; nobody's phone can reach them. A router's "br-lan" is no such card.
var insideOnly = regexp.MustCompile(`^(docker|br-[0-9a-f]{12}$|veth|virbr|vboxnet|vmnet|lxcbr|lxdbr|podman|cni|flannel|cali)|^vEthernet \((WSL|Default)`)

// reachable picks from cards what is worth typing into another computer: IPv4
// before IPv6, a local network before a tunnel, else in the system's order. An
// address that holds on one cable only (link-local) needs a zone that browsers
// do not take.
func reachable(cards []card) []netip.Addr {
	type candidate struct {
		addr netip.Addr
		rank int
	}
	var found []candidate
	for _, c := range cards {
		if c.flags&net.FlagUp == 0 || c.flags&net.FlagLoopback != 0 || insideOnly.MatchString(c.name) {
			continue
		}
		for _, a := range c.addrs {
			if !a.IsGlobalUnicast() { // private and unique local addresses count as global here
				continue
			}
			rank := 0
			if !a.Is4() {
				rank += 2
			}
			if c.flags&net.FlagPointToPoint != 0 {
				rank++
			}
			found = append(found, candidate{a, rank})
		}
	}
	slices.SortStableFunc(found, func(a, b candidate) int { return cmp.Compare(a.rank, b.rank) })

	var addrs []netip.Addr
	for _, f := range found {
		addrs = append(addrs, f.addr)
	}
	return addrs
}
