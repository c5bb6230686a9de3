package cmd_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// How often a page is looked at while something is expected of it, and for how long: the
// longest that the page itself takes over anything here is some seconds.
const (
	pollEvery = 15 * time.Millisecond
	attention = 30 * time.Second
)

// answerIn is how long a single command may take. A page that is left while it is asked
// something never answers; the next one will.
const answerIn = 2 * time.Second

// webPage is one window of a browser. One goroutine at a time works with it.
type webPage struct {
	*watch
	stage *stage
	owner string
	ctx   context.Context
}

// openPage opens a window: in a fresh profile, or in the one that belongs to parent.
func openPage(s *stage, owner string, parent context.Context, fresh bool) *webPage {
	s.Helper()
	p := &webPage{stage: s, owner: owner, watch: newWatch(s.URL)}
	options := []chromedp.ContextOption{chromedp.WithListener(p.event)}
	if fresh {
		options = append(options, chromedp.WithNewBrowserContext())
	}
	ctx, cancel := chromedp.NewContext(parent, options...)
	p.ctx = ctx
	s.Cleanup(cancel)
	if err := chromedp.Do(ctx); err != nil { // without a deadline: the window lives as long as this context
		s.Fatalf("no window for %s: %v", owner, err)
	}
	go p.closeDialogs(ctx)
	_, err := chromedp.Call(ctx, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: reportViolations})
	if err == nil { // each person looks at his own screen
		_, err = chromedp.Call(ctx, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true})
	}
	if err != nil {
		s.Fatal(err)
	}
	return p
}

// do performs an action of the browser in reasonable time.
func do[T any](p *webPage, action chromedp.Action[T]) T {
	p.stage.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, attention)
	defer cancel()
	result, err := chromedp.Run(ctx, action)
	if err != nil {
		p.fail("%v", err)
	}
	return result
}

// fail ends the story with a sentence and a picture (go test -artifacts keeps it).
func (p *webPage) fail(format string, args ...any) {
	p.stage.Helper()
	p.stage.Errorf("%s: %s", p.owner, fmt.Sprintf(format, args...))
	ctx, cancel := context.WithTimeout(p.ctx, answerIn)
	defer cancel()
	if picture, err := chromedp.Run(ctx, chromedp.CaptureScreenshot()); err == nil {
		os.WriteFile(filepath.Join(p.stage.ArtifactDir(), p.owner+".png"), picture, 0o600)
	}
	p.stage.FailNow()
}

// opens goes to an address of the server, as typed into the address bar.
func (p *webPage) opens(path string) {
	p.stage.Helper()
	do(p, chromedp.Navigate(p.stage.URL+path))
}

func (p *webPage) reloads() {
	p.stage.Helper()
	do(p, chromedp.Reload())
}

// closes shuts the window.
func (p *webPage) closes() {
	p.stage.Helper()
	if err := chromedp.Cancel(p.ctx); err != nil {
		p.stage.Fatal(err)
	}
}

// asks evaluates an expression over what the page shows. Only reading is fair.
func asks[T any](p *webPage, expression string, args ...any) T {
	p.stage.Helper()
	return until(p, "an answer", scripted(expression, args...), func(T) bool { return true })
}

// scripted puts values into a script in JSON, one for each %v.
func scripted(expression string, args ...any) string {
	if len(args) == 0 {
		return expression
	}
	for i, arg := range args {
		literal, err := json.Marshal(arg)
		if err != nil {
			panic(err)
		}
		args[i] = string(literal)
	}
	return fmt.Sprintf(expression, args...)
}

// until looks again and again until the page shows what is waited for.
func until[T any](p *webPage, what, expression string, fits func(T) bool) T {
	p.stage.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, attention)
	defer cancel()
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	var last T
	for {
		now, err := evaluate[T](ctx, expression)
		if err == nil {
			last = now
			if fits(now) {
				return now
			}
		}
		select {
		case <-ctx.Done():
			p.fail("waited in vain for %s; sees %+v (%v)", what, last, err)
		case <-tick.C:
		}
	}
}

// evaluate asks once. An error may be a page on its way to another one.
func evaluate[T any](ctx context.Context, expression string) (T, error) {
	ctx, cancel := context.WithTimeout(ctx, answerIn)
	defer cancel()
	return chromedp.Run(ctx, chromedp.Evaluate[T](expression))
}

// command is a command of the browser's own protocol as an action.
func command[P, R any](c cdp.Command[P, R], params P) chromedp.Action[R] {
	return func(ctx context.Context, t *chromedp.Target) (R, error) { return cdp.Call(ctx, t, c, params) }
}
