package chattest

import (
	"context"

	"chatd/chat"
)

// Says says something in a room and returns which message that is.
func (p *Person) Says(room, text string) chat.Target {
	p.w.T.Helper()
	return p.Answers(chat.Target{Room: room}, text)
}

// Answers says something in answer to a message.
func (p *Person) Answers(m chat.Target, text string) chat.Target {
	p.w.T.Helper()
	r, err := p.w.Server.Post(context.Background(), p.Actor, chat.Post{Room: m.Room, Text: text, Reply: m.Message})
	p.must(err)
	return chat.Target{Room: m.Room, Message: r.Seq}
}

// Edits, Deletes, Reacts and Pins do something with a message, and say whether that worked.
func (p *Person) Edits(m chat.Target, text string) (chat.Receipt, error) {
	return p.does(func(ctx context.Context, done func(chat.Receipt, error)) error {
		return p.w.Server.EditAsync(ctx, p.Actor, m, text, done)
	})
}

// Deletes: see Edits.
func (p *Person) Deletes(m chat.Target) (chat.Receipt, error) {
	return p.does(func(ctx context.Context, done func(chat.Receipt, error)) error {
		return p.w.Server.DeleteAsync(ctx, p.Actor, m, done)
	})
}

// Reacts: see Edits.
func (p *Person) Reacts(m chat.Target, emoji string, on bool) (chat.Receipt, error) {
	return p.does(func(ctx context.Context, done func(chat.Receipt, error)) error {
		return p.w.Server.ReactAsync(ctx, p.Actor, m, emoji, on, done)
	})
}

// Pins: see Edits.
func (p *Person) Pins(m chat.Target, on bool) (chat.Receipt, error) {
	return p.does(func(ctx context.Context, done func(chat.Receipt, error)) error {
		return p.w.Server.PinAsync(ctx, p.Actor, m, on, done)
	})
}

func (p *Person) does(what func(context.Context, func(chat.Receipt, error)) error) (chat.Receipt, error) {
	ctx := context.Background()
	return chat.Wait(ctx, func(done func(chat.Receipt, error)) error { return what(ctx, done) })
}

// Hears is what his stream has told since the last time.
func (p *Person) Hears() []string {
	p.w.T.Helper()
	p.catchUp()
	heard := p.heard
	p.heard = nil
	return heard
}

// Dir is where the server's data is.
func (w *World) Dir() string { return w.dir }
