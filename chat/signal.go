package chat

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"
)

// Signals are what passes: who is here, who is typing. They are not in the log,
// are coalesced, and may be lost. Ten thousand people who come at once must not
// make 10⁸ frames: presence is one difference a second, and a mere number above maxNamed.
const (
	maxNamed      = 200
	presenceEvery = time.Second
	presenceGrace = 3 * time.Second // a reload is no departure
	typersPerRoom = 3               // a second
)

// Presence is who is here: either everyone (Here), or what changed since the
// last time (Joined, Left), or only how many.
type Presence struct {
	Here, Joined, Left []Person
	Count              int
}

// presence counts the feeds of each person. Safe for concurrent use; its lock is a leaf.
type presence struct {
	encode func(Presence) []byte

	mu      sync.Mutex
	people  map[ID]*attendance
	changed map[ID]bool // came, went or was renamed since the last difference
	many    bool        // the last difference was only a number
	cached  []byte      // the snapshot; nil when it is out of date
}

type attendance struct {
	Person
	feeds int
	since time.Time // without feeds: since when
	told  Person    // as others know him to be here; nobody: they do not
}

func (p *presence) arrive(who Person, now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	a := p.people[who.ID]
	if a == nil {
		a = &attendance{}
		p.people[who.ID] = a
	}
	if a.Person != who {
		a.Person, p.changed[who.ID], p.cached = who, true, nil
	}
	a.feeds++
	a.since = now
}

// update has others told of a person who is here as he is now.
func (p *presence) update(who Person) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if a := p.people[who.ID]; a != nil && a.Person != who {
		a.Person, p.changed[who.ID], p.cached = who, true, nil
	}
}

func (p *presence) depart(who Person, now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	a := p.people[who.ID]
	a.feeds--
	a.since = now
	if a.feeds == 0 {
		p.changed[who.ID] = true
	}
}

func (p *presence) here(id ID) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.people[id] != nil
}

// elsewhere says whether the person has more than one feed.
func (p *presence) elsewhere(id ID) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.people[id] != nil && p.people[id].feeds > 1
}

// ids returns who is here.
func (p *presence) ids() []ID {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Collect(maps.Keys(p.people))
}

// snapshot encodes everyone who is here; for readers who have just come.
func (p *presence) snapshot() []byte {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.cached == nil {
		p.cached = p.encode(p.everyone())
	}
	return p.cached
}

func (p *presence) everyone() Presence {
	all := Presence{Count: len(p.people)}
	if len(p.people) <= maxNamed {
		all.Here = make([]Person, 0, len(p.people))
		for _, a := range p.people {
			all.Here = append(all.Here, a.Person)
		}
	}
	return all
}

// difference encodes what changed since the last time; nil if nothing did.
func (p *presence) difference(now time.Time) []byte {
	p.mu.Lock()
	defer p.mu.Unlock()
	var d Presence
	for id := range p.changed {
		a := p.people[id]
		switch {
		case a.feeds > 0 && a.told == a.Person: // he was gone for a moment
		case a.feeds > 0:
			d.Joined, a.told = append(d.Joined, a.Person), a.Person
		case now.Sub(a.since) < presenceGrace:
			continue // perhaps he comes back
		default:
			d.Left = append(d.Left, a.Person) // also of a brief visit: a snapshot may have named him
			delete(p.people, id)
		}
		delete(p.changed, id)
	}
	if len(d.Joined)+len(d.Left) == 0 {
		return nil
	}
	p.cached = nil
	if d.Count = len(p.people); d.Count > maxNamed {
		p.many = true
		return p.encode(Presence{Count: d.Count})
	}
	if p.many {
		p.many = false
		return p.encode(p.everyone())
	}
	return p.encode(d)
}

// Typing says that the actor is typing in a room. Too often is quietly too
// often: at most once a second for a person, and three people a second in a room.
func (s *Server) Typing(ctx context.Context, actor Actor, room string) error {
	if ok, _ := s.typing.Take(actor.ID, s.now()); !ok {
		return nil
	}
	if _, err := s.mayIn(ctx, actor, ToType, room); err != nil {
		return err
	}
	if ok, _ := s.typers.Take(room, s.now()); ok {
		s.hub.send(signal{bytes: s.encoder.Typing(room, actor.Person), room: room, except: actor.ID})
	}
	return nil
}
