package client

import (
	"context"
	"errors"
	"strings"
	"testing"
)

func TestPositionFollowsWhatWasSent(t *testing.T) {
	w := newWire()
	w.say(hello("e1", "10", true))
	s, err := greet(t.Context(), w, Position{"10", "e1"})
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct{ frame, cursor string }{
		{posted("11", "lobby"), "11"},
		{ack("c", "14"), "11"}, // an ack may overtake events
		{`{"kind":"nack","cid":"c","code":"busy"}`, "11"},
		{`{"kind":"typing","room":"lobby"}`, "11"},
		{`{"kind":"member.joined","id":"12"}`, "12"},
		{`{"kind":"poll.opened","id":"13"}`, "13"},
		{`{"kind":"heartbeat","cursor":"20"}`, "20"},
		{`{"kind":"drain","in_ms":5}`, "20"},
		{`{"kind":"live","cursor":"21"}`, "21"},
		{`{"kind":"reset","cursor":"900"}`, "900"},
	} {
		w.say(step.frame)
		if _, err := s.Next(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := s.Position(); got != (Position{step.cursor, "e1"}) {
			t.Errorf("after %s: %v, want %s", step.frame, got, step.cursor)
		}
	}
}

// A connection that dies between a hello that did not resume and its reset must not make
// what lies between disappear.
func TestRefusedResumeKeepsThePlaceUntilTheReset(t *testing.T) {
	w := newWire()
	w.say(hello("e2", "70", false), `{"kind":"reset","cursor":"71"}`)
	s, err := greet(t.Context(), w, Position{"10", "e1"})
	if err != nil {
		t.Fatal(err)
	}
	if got := s.Position(); got != (Position{"10", "e1"}) {
		t.Errorf("after the hello: %v", got)
	}
	s.Next(t.Context())
	if got := s.Position(); got != (Position{"71", "e2"}) {
		t.Errorf("after the reset: %v", got)
	}
}

func TestFreshStreamStartsWhereTheHelloSays(t *testing.T) {
	w := newWire()
	w.say(hello("e1", "70", false))
	s, err := greet(t.Context(), w, Position{})
	if err != nil || s.Position() != (Position{"70", "e1"}) {
		t.Errorf("%v, %v", s.Position(), err)
	}
}

func TestGreetingsThatAreNone(t *testing.T) {
	for name, first := range map[string]string{
		"another frame": `{"kind":"live","cursor":"1"}`,
		"no frame":      `hello`,
		"not UTF-8":     "{\"kind\":\"hello\",\"protocol\":1,\"epoch\":\"\xff\"}",
		"version 2":     `{"kind":"hello","protocol":2}`,
	} {
		w := newWire()
		w.say(first)
		_, err := greet(t.Context(), w, Position{})
		if err == nil {
			t.Errorf("%s was taken for a greeting", name)
		}
		if closed := (*CloseError)(nil); name == "version 2" && (!errors.As(err, &closed) || !closed.Final()) {
			t.Errorf("another version: %v", err)
		}
	}
}

func TestWhatCannotBeSentLeavesTheStreamAlone(t *testing.T) {
	w := newWire()
	w.say(hello("e1", "1", false))
	s, _ := greet(t.Context(), w, Position{})
	for _, text := range []string{"\xff", strings.Repeat("\x01", 16<<10)} { // 16 KiB, but six bytes each in JSON
		var refused *Error
		if err := s.Send(t.Context(), Command{Do: "post", Text: text}); !errors.As(err, &refused) || !refused.Final {
			t.Errorf("sending %q…: %v", text[:1], err)
		}
	}
	if err := s.Send(t.Context(), Command{Do: "post", Text: strings.Repeat("<", 16<<10)}); err != nil {
		t.Errorf("16 KiB of <: %v", err)
	}
	if got := <-w.up; len(got.Text) != 16<<10 {
		t.Errorf("%d bytes arrived", len(got.Text))
	}
}

func TestStreamPath(t *testing.T) {
	for want, o := range map[string]StreamOptions{
		"/api/stream":                           {},
		"/api/stream?after=8&epoch=e%2F1":       {From: Position{"8", "e/1"}},
		"/api/stream?rooms=lobby%2Cops":         {Rooms: []string{"lobby", "ops"}},
		"/api/stream?after=8&epoch=e&rooms=ops": {From: Position{"8", "e"}, Rooms: []string{"ops"}},
	} {
		if got := o.path(); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestNextEndsWithItsContext(t *testing.T) {
	w := newWire()
	w.say(hello("e1", "1", false))
	s, _ := greet(t.Context(), w, Position{})
	ctx, cancel := context.WithCancelCause(t.Context())
	why := errors.New("enough")
	cancel(why)
	if _, err := s.Next(ctx); !errors.Is(err, why) {
		t.Errorf("Next returned %v", err)
	}
}
