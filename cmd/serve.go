package cmd

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"chatd/assets"
	"chatd/chat"
	"chatd/chat/local"
	"chatd/chat/nickname"
	"chatd/chat/password"
	"chatd/chat/web"
)

// The two parts of an orderly stop: clients are told and what they asked is
// answered; then the rest gets what remains of 15 s.
const (
	drainTimeout    = 8 * time.Second
	shutdownTimeout = 10 * time.Second
)

const (
	// startTime is after how long the first page has been served.
	startTime = time.Second
	// garbagePercent is how much garbage may stand beside what is live before it is collected. What
	// is live is mostly connections: at Go's 100 one of 10,000 took 11.5 KB, at 50 it takes
	// 9.6, and fan-out at full load costs no more (measured). GOGC in the environment wins.
	garbagePercent = 50
)

// The bounds of a request before anything of chatd has seen it: slow headers are
// cut off, and so is who sends nothing more.
const (
	headerTimeout = 5 * time.Second
	idleTimeout   = 2 * time.Minute
	maxHeader     = 16 << 10 // bytes
)

// serveSettings are what serve is told.
type serveSettings struct {
	data, host  string
	port        portValue
	messageRate rateValue
	perIP       rateValue
	loginRate   rateValue
	heartbeat   intervalValue
	public      urlValue
	proxies     prefixesValue
}

func newServe() *cobra.Command {
	s := serveSettings{port: 5000, messageRate: 10, perIP: 1000, loginRate: 300, heartbeat: intervalValue(25 * time.Second)}
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Start the chat",
		Long: `Starts the chat and prints the addresses at which people reach it. Everything
is kept in one directory, which is made on the first start:

  Linux    $XDG_DATA_HOME/chatd or ~/.local/share/chatd (root: /var/lib/chatd)
  macOS    ~/Library/Application Support/chatd
  Windows  %LocalAppData%\chatd`,
		Example: `  chatd serve --port 5000
  chatd serve --port 8080 --host 127.0.0.1 --data ./chat-data
  CHATD_PORT=8080 chatd serve
  chatd serve --public-url https://chat.example.org --trusted-proxies 127.0.0.1`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return serve(cmd, s) },
	}
	addDataFlag(cmd, &s.data)
	f := cmd.Flags()
	f.Var(&s.port, "port", "TCP `PORT` to listen on; 0 lets the system choose")
	f.StringVar(&s.host, "host", "", "`ADDR` to listen on (default: every address of this computer)")
	f.Var(&s.messageRate, "message-rate", "messages a second for one person, with a burst of three times that; 0: no limit")
	f.Var(&s.perIP, "connections-per-ip", "streams at once from one address; 0: no limit")
	f.Var(&s.loginRate, "login-rate", "sign-ins a minute from one address; 0: no limit")
	f.Var(&s.heartbeat, "heartbeat", "how often a silent connection says something")
	f.Var(&s.public, "public-url", "`URL` at which people reach the chat, behind a proxy or under a name of its own")
	f.Var(&s.proxies, "trusted-proxies", "`NETWORKS` whose X-Forwarded headers are believed")
	return cmd
}

// serve is where chatd is put together: open everything, run it, and stop it in order.
func serve(cmd *cobra.Command, s serveSettings) (err error) {
	ctx, unhook := signal.NotifyContext(cmd.Context(), os.Interrupt, syscall.SIGTERM)
	defer unhook()
	defer func() {
		if ctx.Err() != nil && errors.Is(err, context.Canceled) {
			err = nil // told to stop before everything was open
		}
	}()
	logger := newLogger(os.Stderr)

	dir, err := dataDir(s.data)
	if err != nil {
		return err
	}
	unlock, err := lockDir(dir)
	if err != nil {
		return err
	}
	defer unlock()
	listener, err := listen(ctx, s.host, int(s.port))
	if err != nil {
		return err
	}
	defer listener.Close()

	store, err := chat.OpenStore(ctx, dir)
	if err != nil {
		return failure("The chat in %s cannot be opened: %w.", dir, err)
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	auth, err := chat.OpenAuth(ctx, dir)
	if err != nil {
		return failure("The sessions in %s cannot be opened: %w.", dir, err)
	}
	defer func() { err = errors.Join(err, auth.Close()) }()

	server := chat.NewServer(store, auth, local.New(store, time.Now), chat.Options{
		Encoder: web.Encoder{}, Nickname: parseNickname, PasswordKey: password.Key, Logger: logger, MessageRate: int(s.messageRate),
	})
	address := listener.Addr().(*net.TCPAddr).AddrPort()
	static := assets.NewStatic()
	handler, err := web.New(server, web.Options{
		Templates: assets.Templates(), Texts: assets.Texts(), Static: static, StaticPrefix: static.Prefix(), Build: static.Hash(),
		Version: readBuild().Version, Logger: logger,
		PublicURL: s.publicURL(), TrustedProxies: s.proxies,
		Network:   func() string { return newBanner(dir, s.host, int(address.Port()), "").network() }, // it may change while chatd runs
		Heartbeat: time.Duration(s.heartbeat), MessageRate: int(s.messageRate),
		ConnectionsPerIP: int(s.perIP), LoginRate: int(s.loginRate),
	})
	if err != nil {
		return err
	}

	greeting := newBanner(dir, s.host, int(address.Port()), s.public.String())
	if greeting.HostLink, err = hostLink(ctx, server, auth, greeting.best()); err != nil {
		return failure("The link for the host cannot be kept in %s: %w.", dir, err)
	}
	if err := printBanner(cmd.OutOrStdout(), greeting); err != nil {
		return err
	}
	warnPlain(logger, address, s.publicURL())
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(garbagePercent)
	}
	trim := time.AfterFunc(startTime, trimMemory)
	defer trim.Stop()
	err = runUntilStopped(ctx, unhook, server, handler, listener, logger)
	if errors.Is(err, chat.ErrStorage) {
		logger.Error("the disk failed: nothing more is acknowledged, and chatd stops", "dir", dir, "err", err)
		failed := failure("The data in %s cannot be written. Look at the disk, then start chatd again.", dir)
		return &exitError{status: exitStorage, err: failed}
	}
	return err
}

// runUntilStopped serves until ctx ends or something fails, and then stops in order: no
// new streams, what was asked is answered, clients are told when to come back; then the log.
// The second signal ends the program at once.
func runUntilStopped(ctx context.Context, unhook func(), server *chat.Server, handler *web.Handler, listener net.Listener, logger *slog.Logger) error {
	httpServer := &http.Server{
		Handler: handler, ReadHeaderTimeout: headerTimeout, IdleTimeout: idleTimeout, MaxHeaderBytes: maxHeader,
		ErrorLog: slog.NewLogLogger(logger.Handler(), slog.LevelDebug), // what clients do wrong is no error of ours
	}
	logging, stopLog := context.WithCancel(context.WithoutCancel(ctx))
	defer stopLog()
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return server.Run(logging) })
	group.Go(func() error {
		if err := httpServer.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			return err
		}
		return nil
	})
	group.Go(func() error {
		<-ctx.Done()
		unhook()
		logger.Info("stopping")
		defer stopLog()
		stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTimeout)
		defer cancel()
		draining, drained := context.WithTimeout(stopping, drainTimeout)
		defer drained()
		handler.Drain(draining)
		if err := httpServer.Shutdown(stopping); err != nil {
			return httpServer.Close() // whoever is still sending loses nothing that was acknowledged
		}
		return nil
	})
	return group.Wait()
}

func (s serveSettings) publicURL() *url.URL {
	if s.public.Host == "" {
		return nil
	}
	return (*url.URL)(&s.public)
}

// parseNickname joins the rules of package nickname to the server's way of refusing.
func parseNickname(typed string) (chat.Name, error) {
	name, err := nickname.Parse(typed)
	var bad *nickname.Error
	if errors.As(err, &bad) {
		code := chat.BadRequest
		if bad.Code == nickname.Reserved {
			code = chat.NameInUse
		}
		return chat.Name{}, chat.Refuse(code, "%s", bad.Text)
	}
	return chat.Name(name), err
}

// warnPlain says once that what is said can be read on the way.
func warnPlain(logger *slog.Logger, address netip.AddrPort, public *url.URL) {
	if !address.Addr().IsLoopback() && (public == nil || public.Scheme != "https") {
		logger.Warn("connections are not encrypted: on a network you do not trust, put a proxy with TLS in front and name it with --public-url")
	}
}
