package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
)

// Person is somebody with a session.
type Person struct{ Name, Cookie string }

// SignIn gives n people a session each.
func SignIn(ctx context.Context, base string, n int, progress Progress) ([]Person, error) {
	client, done := newHTTPClient()
	defer done()
	people, run := make([]Person, n), newPrefix()[:6]
	var signed atomic.Int64
	err := parallel(ctx, n, func(ctx context.Context, i int) error {
		name := fmt.Sprintf("b-%s-%d", run, i)
		cookie, err := signIn(ctx, client, base, name)
		if err != nil {
			return fmt.Errorf("sign in as %s: %w", name, err)
		}
		people[i] = Person{name, cookie}
		progress.show("%d of %d people have signed in", signed.Add(1), n)
		return nil
	})
	return people, err
}

// signIn returns the session cookie as it is sent.
func signIn(ctx context.Context, client *http.Client, base, name string) (string, error) {
	body := strings.NewReader(url.Values{"nickname": {name}}.Encode())
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, base+"/login", body)
	if err != nil {
		return "", err
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("Origin", base)
	answer, err := client.Do(request)
	if err != nil {
		return "", err
	}
	defer answer.Body.Close()
	if _, err := io.Copy(io.Discard, answer.Body); err != nil {
		return "", err
	}
	if answer.StatusCode == http.StatusTooManyRequests {
		return "", errors.New("too many sign-ins for this server; start it with --login-rate 0")
	}
	for _, cookie := range answer.Cookies() {
		return cookie.Name + "=" + cookie.Value, nil
	}
	return "", fmt.Errorf("the server answered %s and no session", answer.Status)
}

// hands is how many requests are made at once: enough that the server commits
// what they ask for in groups.
const hands = 64

// parallel does n things, hands of them at a time, and returns the first error,
// after which no more are begun.
func parallel(ctx context.Context, n int, do func(ctx context.Context, i int) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var next atomic.Int64
	var working sync.WaitGroup
	for range min(hands, n) {
		working.Go(func() {
			for i := next.Add(1) - 1; i < int64(n) && ctx.Err() == nil; i = next.Add(1) - 1 {
				if err := do(ctx, int(i)); err != nil {
					cancel(err)
				}
			}
		})
	}
	working.Wait()
	return context.Cause(ctx)
}

// newHTTPClient keeps its connections until done is called, and follows no redirects.
func newHTTPClient() (client *http.Client, done func()) {
	transport := &http.Transport{MaxIdleConnsPerHost: hands}
	return &http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}, transport.CloseIdleConnections
}
