package chat_test

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"chatd/chat"
	"chatd/chat/chattest"
	"chatd/chat/local"
)

// crowd is a server that many use at once, in real time.
type crowd struct {
	t      testing.TB
	server *chat.Server
	store  *chat.Store
	cancel context.CancelFunc
	ended  chan error
}

type crowdOptions struct {
	async   bool
	tune    func(*chat.Server)
	encoder chat.Encoder            // nil: chattest's
	dir     string                  // "": an empty one
	wrap    func(chat.Log) chat.Log // what stands before the log
}

func newCrowd(t testing.TB, o crowdOptions) *crowd {
	t.Helper()
	if o.dir == "" {
		o.dir = t.TempDir()
	}
	store, err := chat.OpenStore(t.Context(), o.dir)
	if err != nil {
		t.Fatal(err)
	}
	auth, err := chat.OpenAuth(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if o.encoder == nil {
		o.encoder = chattest.Encoder{}
	}
	var log chat.Log = local.New(store, time.Now)
	if o.async {
		log = chattest.NewAsync(store, time.Now, 3)
	}
	if o.wrap != nil {
		log = o.wrap(log)
	}
	server := chat.NewServer(store, auth, log, chat.Options{
		Encoder: o.encoder, Logger: slog.New(slog.DiscardHandler),
		Nickname: func(typed string) (chat.Name, error) { return chat.Name{Text: typed, Keys: []string{typed}}, nil },
	})
	if o.tune != nil {
		o.tune(server)
	}
	ctx, cancel := context.WithCancel(context.Background())
	c := &crowd{t, server, store, cancel, make(chan error, 1)}
	go func() { c.ended <- server.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-c.ended; err != nil {
			t.Error(err)
		}
		store.Close()
		auth.Close()
	})
	return c
}

func (c *crowd) signIn(name string) chat.Actor {
	c.t.Helper()
	ctx := context.Background()
	secret, err := c.server.SignIn(ctx, nil, name)
	if err != nil {
		c.t.Fatal(err)
	}
	session, _, err := c.server.Session(ctx, secret)
	if err != nil {
		c.t.Fatal(err)
	}
	actor, err := c.server.Enter(ctx, session)
	if err != nil {
		c.t.Fatal(err)
	}
	return actor
}
