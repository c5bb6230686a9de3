package chat_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"chatd/chat"
	"chatd/chat/chattest"
)

const words = "correct horse battery"

// claims gives somebody a password.
func claims(w *chattest.World, p *chattest.Person) {
	w.T.Helper()
	session, _, err := w.Server.Session(context.Background(), p.Secret)
	if err == nil {
		p.Secret, err = w.Server.Claim(context.Background(), session, p.Actor, words)
	}
	if err != nil {
		w.T.Fatalf("%s claims the name: %v", p.Actor.Name, err)
	}
	p.Enters()
}

// host makes somebody the host by the link of the first start.
func host(w *chattest.World, name string) *chattest.Person {
	w.T.Helper()
	p := w.As(name)
	claims(w, p)
	ticket, err := w.Auth.MakeHostTicket(context.Background(), w.Now())
	if err == nil {
		err = w.Server.BecomeHost(context.Background(), p.Actor, ticket)
	}
	if err != nil {
		w.T.Fatal(err)
	}
	return p.Enters()
}

func TestHostLink(t *testing.T) {
	chattest.Tell(t, realNames(), func(w *chattest.World) {
		ctx := context.Background()
		ann, ben := w.As("anna"), w.As("benn")
		old, _ := w.Auth.MakeHostTicket(ctx, w.Now().Add(-chat.HostTicketAge-time.Millisecond))
		ticket, err := w.Auth.MakeHostTicket(ctx, w.Now())
		if err != nil {
			w.T.Fatal(err)
		}
		ann.Fails(w.Server.BecomeHost(ctx, ann.Actor, ticket), chat.Forbidden) // without a password
		claims(w, ann)
		claims(w, ben)
		for _, wrong := range []chat.Secret{"", "x", old, ticket[1:] + "A", ann.Secret} {
			ann.Fails(w.Server.BecomeHost(ctx, ann.Actor, wrong), chat.NotFound)
		}
		if has, err := w.Server.HasHost(ctx); has || err != nil {
			w.T.Errorf("there is a host: %v, %v", has, err)
		}
		if err := w.Server.BecomeHost(ctx, ann.Actor, ticket); err != nil {
			w.T.Fatal(err)
		}
		ben.Fails(w.Server.BecomeHost(ctx, ben.Actor, ticket), chat.NotFound) // it works once
		if role := ann.Enters().Actor.Role; role != chat.RoleHost {
			w.T.Errorf("anna is a %s", role)
		}
		w.Restarts()
		if has, err := w.Server.HasHost(ctx); !has || err != nil {
			w.T.Errorf("after a restart there is a host: %v, %v", has, err)
		}
	})
}

func TestRoles(t *testing.T) {
	chattest.Tell(t, realNames(), func(w *chattest.World) {
		ctx := context.Background()
		ann, ben, cat := host(w, "anna"), w.As("benn"), w.As("cato")
		ann.Fails(w.Server.SetRole(ctx, ann.Actor, ben.Actor.ID, chat.RoleModerator), chat.Forbidden) // a guest
		claims(w, ben)
		ben.Fails(w.Server.SetRole(ctx, ben.Actor, ben.Actor.ID, chat.RoleHost), chat.Forbidden)
		ann.Fails(w.Server.SetRole(ctx, ann.Actor, ann.Actor.ID, chat.RoleMember), chat.Forbidden) // the last host
		ann.Fails(w.Server.SetRole(ctx, ann.Actor, 12345, chat.RoleMember), chat.NotFound)
		if err := w.Server.SetRole(ctx, ann.Actor, ben.Actor.ID, chat.RoleModerator); err != nil {
			w.T.Fatal(err)
		}
		// Ben's connections are older than the role, and have it at once.
		if err := w.Server.Ban(ctx, ben.Actor, cat.Actor.ID, "noise", false); err != nil {
			w.T.Error(err)
		}
		ben.Fails(w.Server.Ban(ctx, ben.Actor, ann.Actor.ID, "", false), chat.Forbidden)
		ben.Fails(w.Server.Ban(ctx, ben.Actor, ben.Actor.ID, "", false), chat.Forbidden)
		if err := w.Server.SetRole(ctx, ann.Actor, ben.Actor.ID, chat.RoleMember); err != nil {
			w.T.Fatal(err)
		}
		ben.Fails(w.Server.Unban(ctx, ben.Actor, cat.Actor.ID, ""), chat.Forbidden)

		acts, _, err := w.Server.Audit(ctx, ann.Actor, 0)
		var told []string
		for _, a := range acts {
			told = append(told, strings.Join([]string{a.By.Name, string(a.Kind), a.Target.Name, a.Role, a.Reason}, " "))
		}
		want := "anna role.changed benn member \nbenn person.banned cato  noise\nanna role.changed benn moderator \nbenn name.claimed   \n role.changed anna host \nanna name.claimed   "
		if got := strings.Join(told, "\n"); err != nil || got != want {
			w.T.Errorf("the audit is %v\n%s\nwant\n%s", err, got, want)
		}
		_, _, err = w.Server.Audit(ctx, ben.Actor, 0)
		ben.Fails(err, chat.Forbidden)
	})
}

func TestBan(t *testing.T) {
	chattest.Tell(t, realNames(), func(w *chattest.World) {
		ctx := context.Background()
		ann, ben := host(w, "anna"), w.As("benn")
		before := ben.Actor
		if err := w.Server.Ban(ctx, ann.Actor, ben.Actor.ID, "", false); err != nil {
			w.T.Fatal(err)
		}
		ben.Fails(ben.TriesToEnter(), chat.Banned)
		_, err := ben.TriesToPost(chat.Lobby, "", "still here") // on the stream that is being cut
		ben.Fails(err, chat.Banned)
		ben.Fails(ben.SignsInAs("another"), chat.Banned)
		w.Restarts()
		ben.Fails(ben.TriesToEnter(), chat.Banned)
		if err := w.Server.Unban(ctx, ann.Actor, before.ID, ""); err != nil {
			w.T.Fatal(err)
		}
		if ben.Enters().Actor.ID != before.ID {
			w.T.Error("benn has come back as somebody else")
		}
	})
}

// A ban with erase leaves nothing of what the banned one said lately, wherever that was: not on a page, not for
// those who come back, not in a file, and what is older stays.
func TestBanErases(t *testing.T) {
	chattest.Tell(t, realNames(), func(w *chattest.World) {
		ctx := context.Background()
		ann, ben, cat := host(w, "anna"), w.As("benn").Listens(), w.As("cato")
		does := must(w)
		cat.Posts("long ago")
		w.Passes(chat.EraseSpan + time.Minute)
		cat.OpensPrivate("board").Invites("board", ben).PostsIn("board", "XYZZYPLUGH")
		m := cat.Says(chat.Lobby, "XYZZYPLOVER")
		ben.Answers(m, "hey")
		does(cat.Edits(m, "XYZZYFROBOZZ"))
		does(ben.Reacts(m, "👍", true))
		does(ben.Pins(m, true))
		ben.Posts("and I").Hears()
		if err := w.Server.Ban(ctx, ann.Actor, cat.Actor.ID, "noise", true); err != nil {
			w.T.Fatal(err)
		}
		ben.Sees("anna banned cato")
		read := func() {
			w.T.Helper()
			ben.Reads(chat.Lobby, "cato: long ago", "cato: deleted {1}", "benn: [deleted] hey", "benn: and I").Reads("board", "board/cato: deleted")
			for _, line := range ben.ResumesAfter(0).Hears() {
				if strings.Contains(line, "XYZZY") {
					w.T.Errorf("benn comes back and is told %q", line)
				}
			}
		}
		read()
		w.Restarts()
		read()
		if err := w.Server.Unban(ctx, ann.Actor, cat.Actor.ID, ""); err != nil {
			w.T.Fatal(err)
		}
		read() // who is let back in does not bring it along
		noFileHas(w, "XYZZY")
	})
}

// Whoever deletes what somebody else said is in the audit; whoever deletes his own words is not.
func TestDeletionsAreAudited(t *testing.T) {
	chattest.Tell(t, realNames(), func(w *chattest.World) {
		ann, ben := host(w, "anna"), w.As("benn")
		does := must(w)
		own, rude := ben.Says(chat.Lobby, "own"), ben.Says(chat.Lobby, "rude")
		does(ben.Deletes(own))
		does(ann.Deletes(rude))
		if got := audited(w, ann); got != "anna message.deleted lobby benn" {
			w.T.Errorf("the audit: %s", got)
		}
	})
}

func TestProfile(t *testing.T) {
	chattest.Tell(t, realNames(), func(w *chattest.World) {
		ctx := context.Background()
		ann := host(w, "anna")
		mia, ben, cat := moderator(w, ann, "miaa"), w.As("benn"), w.As("cato")
		claims(w, cat)
		cat.Opens("ops")
		ben.Joins("ops")
		for _, c := range []struct {
			by, of *chattest.Person
			room   string
			may    string
		}{
			{ben, cat, "", "talk ignore"}, {ben, ben, "ops", ""}, {cat, ben, "ops", "talk ignore remove"}, {cat, ben, chat.Lobby, "talk ignore"}, {cat, ann, "ops", "talk ignore"},
			{mia, ben, "", "talk ignore ban"}, {mia, ann, "", "talk ignore"}, {mia, cat, "ops", "talk ignore remove ban"}, {mia, ben, "nowhere", "talk ignore ban"},
			{ann, mia, "", "talk ignore role ban"}, {ann, ben, "", "talk ignore ban"}, {ann, cat, "ops", "talk ignore remove role ban"},
		} {
			p, err := w.Server.Profile(ctx, c.by.Actor, c.of.Actor.ID, c.room)
			if got := strings.Join(p.May, " "); err != nil || p.Name != c.of.Actor.Name || got != c.may {
				w.T.Errorf("of %s %s may %q, want %q: %v, %v", c.of.Actor.Name, c.by.Actor.Name, got, c.may, p, err)
			}
		}
		if err := w.Server.Ban(ctx, ann.Actor, ben.Actor.ID, "", false); err != nil {
			w.T.Fatal(err)
		}
		_, err := w.Server.Profile(ctx, cat.Actor, ben.Actor.ID, "")
		cat.Fails(err, chat.NotFound)
		_, err = w.Server.Profile(ctx, cat.Actor, 12345, "")
		cat.Fails(err, chat.NotFound)
		if p, err := w.Server.Profile(ctx, mia.Actor, ben.Actor.ID, ""); err != nil || !p.Banned || strings.Join(p.May, " ") != "ignore unban" {
			w.T.Errorf("for a moderator the banned one is %+v, %v", p, err)
		}
	})
}

func TestClaimedName(t *testing.T) {
	chattest.Tell(t, realNames(), func(w *chattest.World) {
		ctx := context.Background()
		ann := w.As("anna")
		id := ann.Actor.ID
		first := ann.Secret
		claims(w, ann)
		if first == ann.Secret {
			w.T.Error("claiming left the session as it was")
		}
		if _, _, err := w.Server.Session(ctx, first); err == nil {
			w.T.Error("the session from before goes on")
		}
		ann.Fails(signIn(w, "ANNA"), chat.NoPassword)
		w.As("coco")
		ann.SignsOut() // her last session
		w.Passes(30 * 24 * time.Hour)
		ann.Fails(signIn(w, "anna"), chat.NoPassword)
		ann.Fails(signIn(w, "ａｎｎａ"), chat.NoPassword)
		secret, err := w.Server.SignInByPassword(ctx, nil, "a", "anna", words)
		if err != nil {
			w.T.Fatal(err)
		}
		ann.Secret = secret
		if ann.Enters().Actor.ID != id || ann.Actor.Role != chat.RoleMember {
			w.T.Errorf("anna has come back as %+v", ann.Actor)
		}
	})
}

func TestPasswords(t *testing.T) {
	chattest.Tell(t, realNames(), func(w *chattest.World) {
		ctx := context.Background()
		ann := w.As("annabelle")
		session, _, err := w.Server.Session(ctx, ann.Secret)
		if err != nil {
			w.T.Fatal(err)
		}
		for _, bad := range []string{"", "1234567", strings.Repeat("x", 1025), "\xff\xff\xff\xff\xff\xff\xff\xff", "password1", "PassWord1", "Annabelle"} {
			_, err := w.Server.Claim(ctx, session, ann.Actor, bad)
			ann.Fails(err, chat.BadRequest)
		}
		long := strings.Repeat("ä", 512)
		secret, err := w.Server.Claim(ctx, session, ann.Actor, long)
		if err != nil {
			w.T.Fatal(err)
		}
		ann.Secret = secret
		ann.Enters()
		_, err = w.Server.SignInByPassword(ctx, nil, "a", "annabelle", long[:1022]+"ö") // all of it counts
		ann.Fails(err, chat.Forbidden)

		// Who fails with one name waits, longer each time, at most a quarter of an hour; nobody else does.
		address := "192.0.2.1"
		other := w.As("benn")
		claims(w, other)
		fail := func(name string) error {
			_, err := w.Server.SignInByPassword(ctx, nil, address, name, "wrong wrong")
			return err
		}
		for range 4 { // and the one above
			ann.Fails(fail("annabelle"), chat.Forbidden)
		}
		var waits []time.Duration
		for range 12 {
			err := fail("annabelle")
			ann.Fails(err, chat.RateLimited)
			waits = append(waits, chat.Refusal(err).RetryAfter)
			w.Jumps(waits[len(waits)-1])
			ann.Fails(fail("annabelle"), chat.Forbidden)
		}
		if waits[0] != time.Second || waits[1] != 2*time.Second || waits[11] != 15*time.Minute {
			w.T.Errorf("the waits are %v", waits)
		}
		if _, err := w.Server.SignInByPassword(ctx, nil, address, "benn", words); err != nil {
			w.T.Errorf("another name of the same address: %v", err)
		}
		_, err = w.Server.SignInByPassword(ctx, nil, address, "annabelle", long)
		ann.Fails(err, chat.RateLimited) // the right one waits, too
		w.Jumps(15 * time.Minute)

		// Names that nobody claimed count all the same, and so does the address.
		for range 2 {
			ann.Fails(fail("nobody"), chat.Forbidden)
		}
		w.Jumps(15*time.Minute + 1)
		if _, err = w.Server.SignInByPassword(ctx, nil, address, "annabelle", long); err != nil {
			w.T.Error(err)
		}

		// Another password ends every other session.
		elsewhere := secretOf(w, "annabelle", long)
		_, _, err = w.Server.ChangePassword(ctx, ann.Actor, "b", "wrong wrong", words)
		ann.Fails(err, chat.Forbidden)
		secret, ended, err := w.Server.ChangePassword(ctx, ann.Actor, "b", long, words)
		if err != nil || len(ended) < 2 {
			w.T.Fatalf("%d sessions ended: %v", len(ended), err)
		}
		for _, gone := range []chat.Secret{elsewhere, ann.Secret} {
			if _, _, err := w.Server.Session(ctx, gone); err == nil {
				w.T.Error("a session from before goes on")
			}
		}
		ann.Secret = secret
		ann.Enters()
	})
}

func secretOf(w *chattest.World, name, password string) chat.Secret {
	secret, err := w.Server.SignInByPassword(context.Background(), nil, "elsewhere", name, password)
	if err != nil {
		w.T.Fatal(err)
	}
	return secret
}

func TestPhoneLink(t *testing.T) {
	chattest.Tell(t, realNames(), func(w *chattest.World) {
		ctx := context.Background()
		ann := w.As("anna")
		link, err := w.Server.HandOver(ctx, ann.Actor)
		if err != nil {
			w.T.Fatal(err)
		}
		if p, err := w.Server.HandedOver(ctx, link); err != nil || p.Name != "anna" {
			w.T.Errorf("the link is for %v, %v", p, err)
		}
		ann.Fails(w.Server.BecomeHost(ctx, ann.Actor, link), chat.NotFound) // it is for something else
		secret, err := w.Server.TakeOver(ctx, nil, link)
		if err != nil {
			w.T.Fatal(err)
		}
		_, err = w.Server.TakeOver(ctx, nil, link)
		ann.Fails(err, chat.NotFound)
		phone := &ann.Actor.ID
		ann.Secret = secret
		if *phone != ann.Enters().Actor.ID {
			w.T.Error("the phone is somebody else")
		}
		if link, err = w.Server.HandOver(ctx, ann.Actor); err != nil {
			w.T.Fatal(err)
		}
		w.Jumps(chat.PhoneTicketAge + time.Millisecond)
		_, err = w.Server.TakeOver(ctx, nil, link)
		ann.Fails(err, chat.NotFound)
	})
}

func TestSwitches(t *testing.T) {
	chattest.Tell(t, realNames(), func(w *chattest.World) {
		ctx := context.Background()
		ann, ben := host(w, "anna"), w.As("benn")
		ben.Fails(w.Server.SetSwitches(ctx, ben.Actor, chat.Switches{Join: chat.JoinNobody, Rooms: "member"}), chat.Forbidden)
		ann.Fails(w.Server.SetSwitches(ctx, ann.Actor, chat.Switches{Join: "some", Rooms: "member"}), chat.BadRequest)
		if err := w.Server.SetSwitches(ctx, ann.Actor, chat.Switches{Join: chat.JoinNobody, Rooms: "member"}); err != nil {
			w.T.Fatal(err)
		}
		w.Restarts()
		ben.Fails(signIn(w, "cato"), chat.Forbidden)
		_, err := w.Server.CreateRoom(ctx, ben.Enters().Actor, chat.NewRoom{Name: "ops"})
		ben.Fails(err, chat.Forbidden)
		claims(w, ben)
		ben.Opens("ops")
		secretOf(w, "benn", words) // who has a name of his own comes back
	})
}
