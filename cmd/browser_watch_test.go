package cmd_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// reportViolations makes a report of the content security policy an error in the console.
const reportViolations = `document.addEventListener("securitypolicyviolation", (e) =>
	console.error("CSP report:", e.effectiveDirective, e.blockedURI, e.sourceFile, e.lineNumber, e.sample))`

// watch collects what a browser has to say about a page, and what it asks of the net.
type watch struct {
	home string // the origin that may be asked

	mu        sync.Mutex
	said      []string
	allowed   []string
	responses []received
	cached    map[network.RequestID]bool
	live      bool          // the page that is open now has been told everything
	dialogs   chan struct{} // one value for each dialog that opened
}

func newWatch(home string) *watch {
	return &watch{home: home, cached: map[network.RequestID]bool{}, dialogs: make(chan struct{}, 100)}
}

// event is called in the order of events, by the goroutine that reads them.
func (w *watch) event(event any) {
	switch e := event.(type) {
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError || e.Type == runtime.ConsoleAPICalledTypeWarning || e.Type == runtime.ConsoleAPICalledTypeAssert {
			w.say("console: %s", words(e.Args))
		}
	case *runtime.EventExceptionThrown:
		w.say("exception: %s %s", e.ExceptionDetails.Text, words([]*runtime.RemoteObject{e.ExceptionDetails.Exception}))
	case *log.EventEntryAdded:
		if e.Entry.Level == log.EntryLevelError || e.Entry.Level == log.EntryLevelWarning {
			w.say("log: %s %s", e.Entry.Text, e.Entry.URL)
		}
	case *network.EventRequestWillBeSent:
		if !strings.HasPrefix(e.DocumentURL, "chrome-error:") { // the browser's own page has pictures
			w.asked(e.Request.URL)
		}
	case *network.EventWebSocketCreated:
		w.asked(e.URL)
	case *network.EventWebSocketFrameReceived:
		w.frame(string(e.Response.PayloadData))
	case *network.EventEventSourceMessageReceived:
		w.frame(e.Data)
	case *page.EventFrameNavigated:
		w.setLive(false)
	case *network.EventRequestServedFromCache:
		w.mu.Lock()
		w.cached[e.RequestID] = true
		w.mu.Unlock()
	case *network.EventResponseReceived:
		w.mu.Lock()
		w.responses = append(w.responses, received{e.Response.URL, w.cached[e.RequestID] || e.Response.FromDiskCache})
		w.mu.Unlock()
	case *page.EventJavascriptDialogOpening:
		w.say("dialog: %s", e.Message)
		w.dialogs <- struct{}{}
	}
}

// closeDialogs lets a page go on that has opened one. It ends with the context.
func (w *watch) closeDialogs(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-w.dialogs:
			chromedp.Call(ctx, page.HandleJavaScriptDialog, page.HandleJavaScriptDialogParams{Accept: true})
		}
	}
}

func (w *watch) asked(address string) {
	if origin(address) != w.home && !strings.HasPrefix(address, "about:") {
		w.say("request to elsewhere: %s", address)
	}
}

// frame looks at what the server sends, for the one thing that cannot be seen on a page.
func (w *watch) frame(data string) {
	if strings.HasPrefix(data, `{"kind":"live"`) {
		w.setLive(true)
	}
}

func (w *watch) setLive(live bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.live = live
}

func (w *watch) isLive() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.live
}

func (w *watch) say(format string, args ...any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.said = append(w.said, fmt.Sprintf(format, args...))
}

// mayLog allows what contains one of these, from now on and before.
func (w *watch) mayLog(parts ...string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.allowed = append(w.allowed, parts...)
}

// complaints is what was said and not allowed.
func (w *watch) complaints() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(w.said), func(said string) bool {
		return slices.ContainsFunc(w.allowed, func(part string) bool { return strings.Contains(said, part) })
	})
}

// received is a response that a page got, over the network or from what the browser had kept.
type received struct {
	URL    string
	cached bool
}

// everything is every response so far.
func (w *watch) everything() []received {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.responses)
}

func words(objects []*runtime.RemoteObject) string {
	var all []string
	for _, o := range objects {
		switch {
		case o == nil:
		case o.Description != "":
			all = append(all, o.Description)
		default:
			all = append(all, string(o.Value))
		}
	}
	return strings.Join(all, " ")
}
