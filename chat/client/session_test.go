package client

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// record is an Observer that writes down what it is told, one word for each.
func record(log *[]string) Observer {
	note := func(format string, a ...any) { *log = append(*log, fmt.Sprintf(format, a...)) }
	return Observer{
		Connected: func(h Event) { note("connected@%s", h.Cursor) },
		Lost:      func(_ error, wait time.Duration) { note("lost+%v", wait) },
		Event:     func(e Event) { note("%s", e.ID) },
		Signal:    func(e Event) { note("%s", e.Kind) },
		Reset:     func(_ Event, newEpoch bool) { note("reset:%v", newEpoch) },
		Settled:   func(r Receipt, err error) { note("settled %s=%s", r.CID, r.ID) },
	}
}

func told(t *testing.T, log []string, want string) {
	t.Helper()
	if got := strings.Join(log, " "); got != want {
		t.Errorf("observed %s\nwanted   %s", got, want)
	}
}

func noPages(string) (int, string) { return 500, `{}` }

// run starts the session and returns how to stop it and what Run said.
func run(t *testing.T, s *Session) (stop func() error) {
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx) }()
	return func() error { cancel(); return <-done }
}

func TestSessionResumesAndResends(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log []string
		waits := 0
		s, attempts := script(t, SessionOptions{
			Window: 3, Observer: record(&log),
			Delay: func(k int) time.Duration { waits++; return time.Duration(k+1) * time.Second },
		}, noPages)
		stop := run(t, s)

		first, w := <-attempts, newWire()
		if first.From != (Position{}) {
			t.Errorf("began at %v", first.From)
		}
		w.say(hello("e", "10", false))
		first.answer <- w
		results := make(chan Receipt, 4)
		for _, cid := range []string{"a", "b", "c", "d"} {
			go func() {
				r, err := s.Post(t.Context(), "lobby", "text "+cid, cid)
				if err != nil {
					t.Error(err)
				}
				results <- r
			}()
			synctest.Wait()
		}
		w.say(posted("11", "lobby"), ack("b", "13"), posted("12", "lobby"))
		synctest.Wait()
		expect(t, commands(w), "abcd")
		w.end(errors.New("killed"))

		for i, want := range []time.Duration{time.Second, 2 * time.Second} { // two attempts fail: it waits longer
			began := time.Now()
			again := <-attempts
			if again.From != (Position{"12", "e"}) || time.Since(began) != want {
				t.Errorf("attempt %d after %v from %v", i, time.Since(began), again.From)
			}
			if i == 0 {
				again.answer <- errors.New("connection refused")
				continue
			}
			w = newWire()
			w.say(hello("e", "12", true))
			again.answer <- w
		}
		synctest.Wait()
		expect(t, commands(w), "acd")
		w.say(ack("a", "12"), ack("c", "14"), posted("13", "lobby"), ack("d", "15"))
		for range 4 {
			<-results
		}
		if err := stop(); !errors.Is(err, context.Canceled) {
			t.Errorf("Run returned %v", err)
		}
		told(t, log, "connected@10 11 settled b=13 12 lost+1s lost+2s connected@12 settled a=12 settled c=14 13 settled d=15")
	})
}

// commands is the cids of what the client has sent so far.
func commands(w *wire) (cids string) {
	for {
		select {
		case c := <-w.up:
			cids += c.CID
		default:
			return cids
		}
	}
}

func TestSessionComesBackWhenTheDrainSays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, attempts := script(t, SessionOptions{Delay: func(int) time.Duration { return time.Hour }}, noPages)
		stop := run(t, s)
		w := newWire()
		w.say(hello("e", "1", false), `{"kind":"drain","in_ms":1800}`)
		(<-attempts).answer <- w
		synctest.Wait()
		began := time.Now()
		time.Sleep(300 * time.Millisecond) // of the bubble's clock: the server still finishes
		w.end(&CloseError{Code: CloseRestart})
		again := <-attempts
		if got := time.Since(began); got != 1800*time.Millisecond {
			t.Errorf("came back after %v", got)
		}
		again.answer <- errors.New("not yet")
		began = time.Now()
		(<-attempts).answer <- errors.New("enough") // the drain counts once
		if got := time.Since(began); got != time.Hour {
			t.Errorf("second attempt after %v", got)
		}
		stop()
	})
}

func TestSessionLeavesASilentServer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log []string
		s, attempts := script(t, SessionOptions{Delay: seconds, Observer: record(&log)}, noPages)
		stop := run(t, s)
		w := newWire()
		w.say(hello("e", "1", false))
		(<-attempts).answer <- w
		time.Sleep(30 * time.Second)
		w.say(`{"kind":"heartbeat","cursor":"5"}`)
		began := time.Now()
		again := <-attempts
		if got := time.Since(began); got != 41*time.Second || again.From.Cursor != "5" {
			t.Errorf("gave up after %v at %v", got, again.From)
		}
		again.answer <- errors.New("gone")
		stop()
	})
}

func TestSessionStopsWhenToldNotToComeBack(t *testing.T) {
	for name, end := range map[string]error{
		"signed out":      &CloseError{Code: CloseSignedOut},
		"banned":          &CloseError{Code: CloseBanned},
		"no session":      &Error{Status: 401, Final: true},
		"another dialect": &CloseError{Code: CloseTooOld},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s, attempts := script(t, SessionOptions{}, noPages)
				waiting := make(chan error, 1)
				go func() { _, err := s.Post(t.Context(), "lobby", "hi", ""); waiting <- err }()
				ran := make(chan error, 1)
				go func() { ran <- s.Run(t.Context()) }()
				w := newWire()
				w.say(hello("e", "1", false))
				w.end(end)
				(<-attempts).answer <- w
				if err := <-ran; !errors.Is(err, end) {
					t.Errorf("Run returned %v", err)
				}
				if err := <-waiting; !errors.Is(err, end) {
					t.Errorf("the post returned %v", err)
				}
			})
		})
	}
}

func TestSessionRepeatsANackThatIsNotFinal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, attempts := script(t, SessionOptions{}, noPages)
		stop := run(t, s)
		w := newWire()
		w.say(hello("e", "1", false))
		(<-attempts).answer <- w
		results := make(chan error, 2)
		post := func(cid string) { _, err := s.Post(t.Context(), "lobby", cid, cid); results <- err }
		go post("a")
		synctest.Wait()
		go post("b")
		synctest.Wait()
		w.say(`{"kind":"nack","cid":"a","code":"rate_limited","message":"slowly","final":false,"retry_after_ms":1500}`)
		synctest.Wait()
		expect(t, commands(w), "a")
		time.Sleep(1500 * time.Millisecond)
		synctest.Wait()
		expect(t, commands(w), "a")
		w.say(`{"kind":"nack","cid":"a","code":"forbidden","message":"not you","final":true}`)
		var refused *Error
		if err := <-results; !errors.As(err, &refused) || refused.Code != "forbidden" || refused.Text != "not you" {
			t.Errorf("a: %v", err)
		}
		synctest.Wait()
		expect(t, commands(w), "b")
		w.say(ack("b", "7"))
		if err := <-results; err != nil {
			t.Errorf("b: %v", err)
		}
		stop()
	})
}

func TestGivingUpAPost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, attempts := script(t, SessionOptions{}, noPages)
		stop := run(t, s)
		w := newWire()
		w.say(hello("e", "1", false))
		(<-attempts).answer <- w
		give := func(cid string) error {
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			_, err := s.Post(ctx, "lobby", cid, cid)
			return err
		}
		if err := give("sent"); !errors.Is(err, ErrMaySend) || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("a post on its way: %v", err)
		}
		if err := give("behind"); errors.Is(err, ErrMaySend) || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("a post behind it: %v", err)
		}
		w.say(ack("sent", "2"))
		synctest.Wait()
		expect(t, commands(w), "sent")
		stop()
	})
}

func TestFirstStreamThatDiesYoungKeepsItsBeginning(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, attempts := script(t, SessionOptions{Delay: seconds}, noPages)
		stop := run(t, s)
		w := newWire()
		w.say(hello("e", "10", false))
		w.end(errors.New("killed"))
		(<-attempts).answer <- w
		again := <-attempts
		if again.From != (Position{"10", "e"}) {
			t.Errorf("began again at %v", again.From)
		}
		again.answer <- errors.New("enough")
		stop()
	})
}

func TestBackoffGrowsUntilAConnectionIsStable(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var asked []int
		delay := func(k int) time.Duration { asked = append(asked, k); return time.Second }
		s, attempts := script(t, SessionOptions{Delay: delay}, noPages)
		stop := run(t, s)
		for _, lived := range []time.Duration{0, 0, 30 * time.Second, time.Minute, 0} {
			w := newWire()
			w.say(hello("e", "10", false))
			(<-attempts).answer <- w
			for ; lived > 0; lived -= 30 * time.Second {
				time.Sleep(30 * time.Second)
				w.say(`{"kind":"heartbeat","cursor":"10"}`)
			}
			w.end(errors.New("lost"))
		}
		synctest.Wait()
		stop()
		if got := fmt.Sprint(asked); got != "[0 1 2 0 1]" {
			t.Errorf("attempts %s", got)
		}
	})
}
