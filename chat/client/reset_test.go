package client

import (
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// After a reset within one epoch, pages fill the hole, and what the stream repeats of
// them is told once. A connection that dies halfway through does not start over.
func TestSessionFillsTheHoleOfAReset(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log, asked []string
		failing := true
		pages := func(path string) (int, string) {
			asked = append(asked, strings.TrimPrefix(path, "/api/rooms/"))
			switch {
			case strings.Contains(path, "after=10"):
				return 200, `{"epoch":"e","has_newer":true,"messages":[` + posted("11", "lobby") + `,` + posted("12", "lobby") + `]}`
			case failing:
				failing = false
				return 503, `{"code":"unavailable"}`
			default:
				return 200, `{"epoch":"e","has_newer":false,"messages":[` + posted("13", "lobby") + `,` + posted("14", "lobby") + `]}`
			}
		}
		s, attempts := script(t, SessionOptions{
			From: Position{"10", "e"}, Rooms: []string{"lobby"}, Delay: seconds, Observer: record(&log),
		}, pages)
		stop := run(t, s)
		for i := range 2 {
			a, w := <-attempts, newWire()
			if a.From.Cursor != "10" {
				t.Errorf("attempt %d from %v", i, a.From)
			}
			w.say(hello("e", "13", false), `{"kind":"reset","cursor":"13"}`)
			if i == 1 { // 13 lies in the hole; 14 comes both ways
				w.say(posted("14", "lobby"), posted("15", "lobby"), `{"kind":"live","cursor":"15"}`)
			}
			a.answer <- w
		}
		synctest.Wait()
		stop()
		told(t, log, "connected@13 reset:false 11 12 lost+1s connected@13 reset:false 13 14 15 live")
		told(t, asked, "lobby/messages?after=10&limit=200 lobby/messages?after=12&limit=200 lobby/messages?after=12&limit=200")
	})
}

// A second reset fills from where the stream had come to by then, not from the first one.
func TestSecondHoleBeginsBehindTheFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log, asked []string
		pages := func(path string) (int, string) {
			asked = append(asked, strings.TrimPrefix(path, "/api/rooms/"))
			if strings.Contains(path, "after=10&") {
				return 200, `{"epoch":"e","messages":[` + posted("11", "lobby") + `]}`
			}
			return 200, `{"epoch":"e","messages":[]}`
		}
		s, attempts := script(t, SessionOptions{
			From: Position{"10", "e"}, Rooms: []string{"lobby"}, Delay: seconds, Observer: record(&log),
		}, pages)
		stop := run(t, s)
		w := newWire()
		w.say(hello("e", "11", false), `{"kind":"reset","cursor":"11"}`, posted("12", "lobby"), posted("13", "lobby"), `{"kind":"heartbeat","cursor":"19"}`,
			`{"kind":"reset","cursor":"20"}`)
		(<-attempts).answer <- w
		synctest.Wait()
		stop()
		told(t, log, "connected@11 reset:false 11 12 13 heartbeat reset:false")
		told(t, asked, "lobby/messages?after=10&limit=200 lobby/messages?after=13&limit=200")
	})
}

func TestSessionLeavesAnotherHistoryToItsOwner(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log, asked []string
		pages := func(path string) (int, string) {
			asked = append(asked, strings.TrimPrefix(path, "/api/rooms/"))
			if len(asked) == 1 {
				return 200, `{"epoch":"old","messages":[` + posted("11", "lobby") + `]}`
			}
			return 200, `{"epoch":"new","messages":[]}`
		}
		s, attempts := script(t, SessionOptions{
			From: Position{"10", "old"}, Rooms: []string{"lobby"}, Delay: seconds, Observer: record(&log),
		}, pages)
		stop := run(t, s)
		w := newWire()
		w.say(hello("old", "15", false), `{"kind":"reset","cursor":"15"}`) // leaves a hole of the old epoch
		w.end(errors.New("restored"))
		(<-attempts).answer <- w
		w = newWire()
		w.say(hello("new", "3", false), `{"kind":"reset","cursor":"3"}`, `{"kind":"heartbeat","cursor":"4"}`, `{"kind":"reset","cursor":"9"}`)
		w.end(errors.New("lost"))
		(<-attempts).answer <- w
		again := <-attempts
		if again.From != (Position{"9", "new"}) {
			t.Errorf("resumed from %v", again.From)
		}
		again.answer <- errors.New("enough")
		stop()
		told(t, log[:8], "connected@15 reset:false 11 lost+1s connected@3 reset:true heartbeat reset:false")
		told(t, asked, "lobby/messages?after=10&limit=200 lobby/messages?after=4&limit=200")
	})
}

// A page of another epoch does not fit the hole: the session asks the stream again.
func TestHistoryReplacedWhileAHoleIsFilled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log []string
		pages := func(string) (int, string) {
			return 200, `{"epoch":"new","messages":[` + posted("11", "lobby") + `]}`
		}
		s, attempts := script(t, SessionOptions{
			From: Position{"10", "old"}, Rooms: []string{"lobby"}, Delay: seconds, Observer: record(&log),
		}, pages)
		stop := run(t, s)
		w := newWire()
		w.say(hello("old", "13", false), `{"kind":"reset","cursor":"13"}`)
		(<-attempts).answer <- w
		again := <-attempts
		if again.From != (Position{"10", "old"}) {
			t.Errorf("came back from %v", again.From)
		}
		again.answer <- errors.New("enough")
		stop()
		told(t, log[:3], "connected@13 reset:false lost+1s")
	})
}

// A room that is gone keeps its hole; the others are filled.
func TestHoleOfARoomThatIsGone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log []string
		pages := func(path string) (int, string) {
			switch {
			case path == "/api/rooms":
				return 200, `{"rooms":[{"room":"gone","joined":true},{"room":"other","joined":false},{"room":"lobby","joined":true}]}`
			case strings.HasPrefix(path, "/api/rooms/lobby/"):
				return 200, `{"epoch":"e","messages":[` + posted("11", "lobby") + `]}`
			}
			return 404, `{"code":"not_found"}`
		}
		s, attempts := script(t, SessionOptions{From: Position{"10", "e"}, Delay: seconds, Observer: record(&log)}, pages)
		stop := run(t, s)
		w := newWire()
		w.say(hello("e", "11", false), `{"kind":"reset","cursor":"11"}`, `{"kind":"live","cursor":"11"}`)
		(<-attempts).answer <- w
		synctest.Wait()
		time.Sleep(time.Second)
		stop()
		told(t, log, "connected@11 reset:false 11 live")
	})
}
