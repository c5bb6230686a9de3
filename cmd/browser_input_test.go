package cmd_test

import (
	"context"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
)

// What hands do: keys, mouse, wheel, fingers.

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
	pageUp     = key{name: "PageUp", code: 33}
	end        = key{name: "End", code: 35}
	selectAll  = key{name: "a", code: 65, modifiers: chromedp.ModifierCtrl, command: "selectAll"}
	backspace  = key{name: "Backspace", code: 8}
	escape     = key{name: "Escape", code: 27}
	arrowUp    = key{name: "ArrowUp", code: 38}
	arrowDown  = key{name: "ArrowDown", code: 40}
	deleteKey  = key{name: "Delete", code: 46}
	find       = key{name: "k", code: 75, modifiers: chromedp.ModifierCtrl}
	nextRoom   = key{name: "ArrowDown", code: 40, modifiers: chromedp.ModifierAlt}
	nextUnread = key{name: "ArrowDown", code: 40, modifiers: chromedp.ModifierAlt | chromedp.ModifierShift}
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
	const named = (e) => [e.ariaLabel, e.innerText, e.placeholder, ...[...e.labels ?? []].map((l) => l.innerText)].some((words) => words?.trim() === label);
	const e = [...document.querySelectorAll("a, button, input, textarea, select, summary")].find((e) => e.checkVisibility() && named(e));
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
	p.pointsAndClicks(p.finds(label))
}

// clicksOn clicks the middle of the element that an expression finds, when a pointer can reach it.
func (p *webPage) clicksOn(element string) {
	p.stage.Helper()
	reach := `((e) => {
		const box = e?.getBoundingClientRect();
		const at = box && { X: box.x + box.width / 2, Y: box.y + box.height / 2 };
		return at && e.contains(document.elementFromPoint(at.X, at.Y)) ? at : null;
	})(` + element + `)`
	p.pointsAndClicks(*until(p, "something to click: "+element, reach, func(at *struct{ X, Y float64 }) bool { return at != nil }))
}

func (p *webPage) pointsAndClicks(at struct{ X, Y float64 }) {
	p.stage.Helper()
	for _, kind := range []input.DispatchMouseEventType{chromedp.MouseMoved, chromedp.MousePressed, chromedp.MouseReleased} {
		event := input.DispatchMouseEventParams{Type: kind, X: at.X, Y: at.Y}
		if kind != chromedp.MouseMoved {
			event.Button, event.ClickCount = input.MouseButtonLeft, 1
		}
		hands(p, command(input.DispatchMouseEvent, event))
	}
}

// taps touches what has this label.
func (p *webPage) taps(label string) {
	p.stage.Helper()
	at := p.finds(label)
	hands(p, chromedp.TapXY(at.X, at.Y))
}

// wheels turns the wheel over the middle of the page.
func (p *webPage) wheels(pixels float64) {
	p.stage.Helper()
	hands(p, command(wheel, wheelParams{Type: chromedp.MouseWheel, X: 400, Y: 300, DeltaY: pixels}))
}

// wheel is input.DispatchMouseEvent; its own parameters leave out a DeltaX of 0, which is required.
var wheel = cdp.Command[wheelParams, cdp.Empty]{Method: input.CommandDispatchMouseEvent}

type wheelParams struct {
	Type   input.DispatchMouseEventType `json:"type"`
	X      float64                      `json:"x"`
	Y      float64                      `json:"y"`
	DeltaX float64                      `json:"deltaX"`
	DeltaY float64                      `json:"deltaY"`
}
