package chattest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"chatd/chat"
)

// Person is somebody in a story. What he does must work, unless the story says
// Fails; a stream that breaks one of its promises ends the story.
type Person struct {
	w      *World
	Actor  chat.Actor
	Secret chat.Secret

	feed    *chat.Feed
	cursor  chat.Seq
	heard   []string // kept events that no Sees has asked for yet
	signals []string
	resets  int
}

func (p *Person) must(err error) *Person {
	p.w.T.Helper()
	if err != nil {
		p.w.T.Fatalf("%s: %v", p.Actor.Name, err)
	}
	return p
}

// Fails is an error of this code, and nothing else.
func (p *Person) Fails(err error, code chat.Code) *Person {
	p.w.T.Helper()
	var e *chat.Error
	if !errors.As(err, &e) || e.Code != code || e.Text == "" {
		p.w.T.Fatalf("%s: got %v, want %s", p.Actor.Name, err, code)
	}
	return p
}

// Enters comes with his session, as every request does.
func (p *Person) Enters() *Person {
	p.w.T.Helper()
	return p.must(p.TriesToEnter())
}

// TriesToEnter comes with his session and says whether that works.
func (p *Person) TriesToEnter() error {
	session, _, err := p.w.Server.Session(context.Background(), p.Secret)
	if err != nil {
		return err
	}
	actor, err := p.w.Server.Enter(context.Background(), session)
	if err == nil {
		p.Actor = actor
	}
	return err
}

// SignsOut ends his session.
func (p *Person) SignsOut() *Person {
	p.w.T.Helper()
	session, _, err := p.w.Server.Session(context.Background(), p.Secret)
	p.must(err)
	return p.must(p.w.Server.SignOut(context.Background(), session))
}

// SignsInAs chooses another name in the browser that he has.
func (p *Person) SignsInAs(name string) error {
	session, _, err := p.w.Server.Session(context.Background(), p.Secret)
	if err != nil {
		return err
	}
	secret, err := p.w.Server.SignIn(context.Background(), &session, name)
	if err == nil {
		p.Secret = secret
		err = p.TriesToEnter()
	}
	return err
}

// Posts says something in the lobby.
func (p *Person) Posts(texts ...string) *Person {
	p.w.T.Helper()
	return p.PostsIn(chat.Lobby, texts...)
}

// PostsIn says something in a room: several things as fast as they can be sent.
func (p *Person) PostsIn(room string, texts ...string) *Person {
	p.w.T.Helper()
	answers := make(chan error, len(texts))
	for _, text := range texts {
		p.must(p.w.Server.PostAsync(context.Background(), p.Actor, chat.Post{Room: room, Text: text}, func(_ chat.Receipt, err error) { answers <- err }))
	}
	for range texts {
		p.must(<-answers)
	}
	return p
}

// TriesToPost says something under a cid.
func (p *Person) TriesToPost(room, cid, text string) (chat.Receipt, error) {
	return p.w.Server.Post(context.Background(), p.Actor, chat.Post{Room: room, CID: cid, Text: text})
}

// Opens makes a public room.
func (p *Person) Opens(room string) *Person {
	p.w.T.Helper()
	_, err := p.w.Server.CreateRoom(context.Background(), p.Actor, chat.NewRoom{Name: room})
	return p.must(err)
}

// OpensPrivate makes a private room.
func (p *Person) OpensPrivate(room string) *Person {
	p.w.T.Helper()
	_, err := p.w.Server.CreateRoom(context.Background(), p.Actor, chat.NewRoom{Name: room, Private: true})
	return p.must(err)
}

// Joins comes into a room.
func (p *Person) Joins(room string) *Person {
	p.w.T.Helper()
	return p.must(p.w.Server.Join(context.Background(), p.Actor, room))
}

// Leaves goes out of a room.
func (p *Person) Leaves(room string) *Person {
	p.w.T.Helper()
	return p.must(p.w.Server.Leave(context.Background(), p.Actor, room))
}

// Invites brings somebody into a room.
func (p *Person) Invites(room string, who *Person) *Person {
	p.w.T.Helper()
	return p.must(p.w.Server.Invite(context.Background(), p.Actor, room, who.Actor.ID))
}

// Removes puts somebody out of a room.
func (p *Person) Removes(room string, who *Person) *Person {
	p.w.T.Helper()
	return p.must(p.w.Server.Remove(context.Background(), p.Actor, room, who.Actor.ID))
}

// Types is typing.
func (p *Person) Types(room string) *Person {
	p.w.T.Helper()
	return p.must(p.w.Server.Typing(context.Background(), p.Actor, room))
}

// Listens opens a stream from now on, of these rooms or of all.
func (p *Person) Listens(rooms ...string) *Person {
	p.w.T.Helper()
	return p.subscribe(chat.Subscription{Rooms: rooms})
}

// Resumes opens a stream behind where his last one was.
func (p *Person) Resumes(rooms ...string) *Person {
	p.w.T.Helper()
	cursor := p.cursor
	return p.subscribe(chat.Subscription{After: &cursor, Rooms: rooms})
}

// ResumesAfter opens a stream behind any place, even one that never was.
func (p *Person) ResumesAfter(place chat.Seq) *Person {
	p.w.T.Helper()
	return p.subscribe(chat.Subscription{After: &place})
}

func (p *Person) subscribe(sub chat.Subscription) *Person {
	p.w.T.Helper()
	p.Hangs()
	feed, err := p.w.Server.Subscribe(context.Background(), p.Actor, sub)
	p.must(err)
	p.feed, p.cursor, p.heard = feed, feed.Cursor(), nil
	if sub.After != nil && feed.Resumed(sub) && p.cursor != *sub.After {
		p.w.T.Fatalf("%s resumed after %d and is at %d", p.Actor.Name, *sub.After, p.cursor)
	}
	return p
}

// Hangs up: his stream ends.
func (p *Person) Hangs() *Person {
	if p.feed != nil {
		p.feed.Close()
		p.feed = nil
	}
	return p
}

// Takes reads once from his stream, no more: somebody slow.
func (p *Person) Takes() *Person {
	p.w.T.Helper()
	p.take()
	return p
}

// take reads one batch and holds it against what every stream promises.
func (p *Person) take() chat.Batch {
	p.w.T.Helper()
	p.feed.Poke()
	b, err := p.feed.Next(context.Background())
	p.must(err)
	last := p.cursor
	if b.Reset {
		p.resets++
		last = b.Cursor
	}
	for _, f := range b.Frames {
		if f.Seq <= last {
			p.w.T.Fatalf("%s got %d %q, and was at %d already", p.Actor.Name, f.Seq, f.Bytes, last)
		}
		last = f.Seq
		p.heard = append(p.heard, string(f.Bytes))
	}
	if b.Cursor < last {
		p.w.T.Fatalf("%s was sent %d and told the cursor %d", p.Actor.Name, last, b.Cursor)
	}
	p.cursor = b.Cursor
	for _, s := range b.Signals {
		p.signals = append(p.signals, string(s))
	}
	return b
}

// catchUp reads until there is nothing more.
func (p *Person) catchUp() {
	p.w.T.Helper()
	if p.feed == nil {
		p.w.T.Fatalf("%s has no stream", p.Actor.Name)
	}
	p.w.Server.Settle(context.Background())
	for {
		if b := p.take(); len(b.Frames) == 0 && len(b.Signals) == 0 && !b.Reset && p.feed.Cursor() >= p.w.Server.Head() {
			p.cursor = max(p.cursor, p.feed.Cursor())
			return
		}
	}
}

// Sees says what his stream has told since the last time: this, in this order, and nothing else.
func (p *Person) Sees(lines ...string) *Person {
	p.w.T.Helper()
	p.catchUp()
	if got := p.heard; !slices.Equal(got, lines) {
		p.w.T.Fatalf("%s sees\n  %s\nwant\n  %s", p.Actor.Name, strings.Join(got, "\n  "), strings.Join(lines, "\n  "))
	}
	p.heard = nil
	return p
}

// IsReset says that since the last time his stream gave up what lay between, once.
func (p *Person) IsReset() *Person {
	p.w.T.Helper()
	p.catchUp()
	if p.resets != 1 {
		p.w.T.Fatalf("%s was reset %d times, want once", p.Actor.Name, p.resets)
	}
	p.resets = 0
	return p
}

// IsToldInPassing says which signals have come since the last time.
func (p *Person) IsToldInPassing(lines ...string) *Person {
	p.w.T.Helper()
	if told := p.ToldInPassing(); !slices.Equal(told, lines) {
		p.w.T.Fatalf("%s is told %q, want %q", p.Actor.Name, told, lines)
	}
	return p
}

// ToldInPassing returns the signals that have come since the last time.
func (p *Person) ToldInPassing() (signals []string) {
	p.w.T.Helper()
	p.catchUp()
	signals, p.signals = p.signals, nil
	return signals
}

// Reads is what a page of a room's history says, the newest 50.
func (p *Person) Reads(room string, lines ...string) *Person {
	p.w.T.Helper()
	page, err := p.w.Server.Page(context.Background(), p.Actor, room, chat.PageQuery{Limit: 50})
	p.must(err)
	var got []string
	for i := range page.Messages {
		got = append(got, string(Encoder{}.Entry(&page.Messages[i])))
	}
	if !slices.Equal(got, lines) {
		p.w.T.Fatalf("%s reads %q, want %q", p.Actor.Name, got, lines)
	}
	return p
}

// KnowsRooms is his list of rooms, as "lobby", "ops 3" (unread), "news?" (not in it).
func (p *Person) KnowsRooms(want ...string) *Person {
	p.w.T.Helper()
	rooms, err := p.w.Server.Rooms(context.Background(), p.Actor)
	p.must(err)
	var got []string
	for _, r := range rooms.Rooms {
		switch {
		case !r.Joined:
			got = append(got, r.Name+"?")
		case r.Unread > 0:
			got = append(got, fmt.Sprintf("%s %d", r.Name, r.Unread))
		default:
			got = append(got, r.Name)
		}
	}
	if !slices.Equal(got, want) {
		p.w.T.Fatalf("%s knows the rooms %q, want %q", p.Actor.Name, got, want)
	}
	return p
}
