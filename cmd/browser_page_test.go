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
	"github.com/chromedp/cdproto/input"
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
	began := time.Now()
	result, err := chromedp.Run(ctx, action)
	if d := time.Since(began); d > 400*time.Millisecond { p.stage.Logf("SLOW DO %s %v %T", p.owner, d, result) }
	if err != nil {
		p.fail("%v", err)
	}
	return result
}

// fail ends the story with a sentence and a picture (go test -artifacts keeps it).
func (p *webPage) fail(format string, args ...any) {
	p.stage.Helper()
	p.stage.Errorf("%s: %s", p.owner, fmt.Sprintf(format, args...))
	if picture, err := chromedp.Run(p.ctx, chromedp.CaptureScreenshot()); err == nil {
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
	began := time.Now()
	defer func() { if d := time.Since(began); d > 400*time.Millisecond { p.stage.Logf("SLOW %s %v %s", p.owner, d, what) } }()
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

// key is a key of the keyboard that writes nothing, or not only.
type key struct {
	name      string
	code      int64 // Windows virtual key code, which Chromium wants
	text      string
	modifiers chromedp.Modifier
	command   string // what it does to a text field; Chromium leaves that to the caller
}

var (
	enter      = key{name: "Enter", code: 13, text: "\r"}
	shiftEnter = key{name: "Enter", code: 13, text: "\r", modifiers: chromedp.ModifierShift}
	tab        = key{name: "Tab", code: 9}
	shiftTab   = key{name: "Tab", code: 9, modifiers: chromedp.ModifierShift}
	escape     = key{name: "Escape", code: 27}
	pageUp     = key{name: "PageUp", code: 33}
	end        = key{name: "End", code: 35}
	selectAll  = key{name: "a", code: 65, modifiers: chromedp.ModifierCtrl, command: "selectAll"}
	backspace  = key{name: "Backspace", code: 8}
)

// presses strikes keys, one after the other.
func (p *webPage) presses(keys ...key) {
	p.stage.Helper()
	for _, k := range keys {
		stroke := input.DispatchKeyEventParams{
			Type: input.DispatchKeyEventTypeKeyDown, Key: k.name, Code: k.name, Text: k.text,
			WindowsVirtualKeyCode: k.code, NativeVirtualKeyCode: k.code, Modifiers: int64(k.modifiers),
		}
		if k.command != "" {
			stroke.Commands = []string{k.command}
		}
		p.strikes(stroke)
	}
}

// types strikes the key of each letter.
func (p *webPage) types(text string) {
	p.stage.Helper()
	for _, letter := range text {
		p.strikes(input.DispatchKeyEventParams{Type: input.DispatchKeyEventTypeKeyDown, Key: string(letter), Text: string(letter)})
	}
}

func (p *webPage) strikes(stroke input.DispatchKeyEventParams) {
	p.stage.Helper()
	hands(p, command(input.DispatchKeyEvent, stroke))
	stroke.Type, stroke.Text, stroke.Commands = input.DispatchKeyEventTypeKeyUp, "", nil
	hands(p, command(input.DispatchKeyEvent, stroke))
}

// hands does something with keyboard or pointer. It is not known to have had an effect when
// hands returns: a key may lead to another page, and the page that is left never answers.
func hands[T any](p *webPage, does chromedp.Action[T]) {
	p.stage.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, answerIn)
	defer cancel()
	began := time.Now()
	defer func() { if d := time.Since(began); d > 400*time.Millisecond { p.stage.Logf("SLOW HANDS %s %v", p.owner, d) } }()
	if _, err := chromedp.Run(ctx, does); err != nil && ctx.Err() == nil {
		p.fail("%v", err)
	}
}

// inserts puts a text where the cursor is, as an emoji keyboard or a paste does.
func (p *webPage) inserts(text string) {
	p.stage.Helper()
	hands(p, command(input.InsertText, input.InsertTextParams{Text: text}))
}

// clickable finds where to click: the middle of the visible control with this label, if the
// pointer would meet it there and nothing else.
const clickable = `((label) => {
	const named = (e) => [e.ariaLabel, e.innerText, e.placeholder].some((words) => words?.trim() === label);
	const e = [...document.querySelectorAll("a, button, input, textarea")].find((e) => e.checkVisibility() && named(e));
	if (!e) return null;
	const box = e.getBoundingClientRect();
	const x = box.x + box.width / 2, y = box.y + box.height / 2;
	return e.contains(document.elementFromPoint(x, y)) ? { X: x, Y: y } : null;
})(%v)`

// finds waits until there is something with this label that a pointer can reach.
func (p *webPage) finds(label string) (at struct{ X, Y float64 }) {
	p.stage.Helper()
	return *until(p, "something to click that is called "+label, scripted(clickable, label), func(at *struct{ X, Y float64 }) bool { return at != nil })
}

// clicks moves the pointer to a button, link or field and clicks it.
func (p *webPage) clicks(label string) {
	p.stage.Helper()
	at := p.finds(label)
	for _, kind := range []input.DispatchMouseEventType{chromedp.MouseMoved, chromedp.MousePressed, chromedp.MouseReleased} {
		event := input.DispatchMouseEventParams{Type: kind, X: at.X, Y: at.Y}
		if kind != chromedp.MouseMoved {
			event.Button, event.ClickCount = input.MouseButtonLeft, 1
		}
		hands(p, command(input.DispatchMouseEvent, event))
	}
}

// command is a command of the browser's own protocol as an action.
func command[P, R any](c cdp.Command[P, R], params P) chromedp.Action[R] {
	return func(ctx context.Context, t *chromedp.Target) (R, error) { return cdp.Call(ctx, t, c, params) }
}
