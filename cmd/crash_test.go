package cmd_test

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"
)

var rounds = flag.Int("rounds", 10, "how many times the crash test kills the server")

const (
	crashWriters = 30
	killAfterMin = 200 * time.Millisecond
	killAfterMax = 1500 * time.Millisecond
)

// TestCrash kills the real server at random while thirty people write and reconnect,
// starts it again on the same data, and in the end holds what they were told against
// what it has kept. With no violation in n rounds, 3/n bounds the rate of bad rounds
// (95 %): more rounds, more certainty.
//
// What SIGKILL cannot show is a lost page cache: that is what power-loss runs are for.
func TestCrash(t *testing.T) {
	tr := crash(t, binary(t), binary(t), *rounds)
	for i, v := range tr.violations {
		if i == 20 {
			t.Errorf("… and %d more", len(tr.violations)-i)
			break
		}
		t.Error(v)
	}
}

// TestCrashIsNoticed lets a server acknowledge before it commits. If the crash test
// cannot tell it from an honest one, its green means nothing.
func TestCrashIsNoticed(t *testing.T) {
	if testing.Short() {
		t.Skip("the control of TestCrash needs seconds")
	}
	liar := binary(t, "ack_before_commit")
	for range 3 {
		lost := 0
		for _, v := range crash(t, binary(t), liar, 3).violations {
			if v.promise == ackedIsKept {
				lost++
			}
		}
		if lost > 0 {
			t.Logf("noticed: %d acknowledged messages are not in the history as acknowledged", lost)
			return
		}
	}
	t.Error("a server that acknowledges before it commits was not noticed in 9 crashes")
}

// crash runs writers against a server that is killed and restarted so many times. People
// come in by an honest one, because nobody gets in where even that is not kept.
func crash(t *testing.T, honest, crashing string, rounds int) *trial {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), guard+time.Duration(rounds)*10*killAfterMax)
	defer cancel()
	args := []string{
		"--port", freePort(t), "--data", t.TempDir(),
		"--message-rate", "0", "--login-rate", "0", "--connections-per-ip", "0",
	}
	server := start(t, honest, args...)
	writers, rooms := people(t, ctx, server.URL)
	server.stop(t)
	server = start(t, crashing, args...)

	following, stopFollowing := context.WithCancel(ctx)
	writing, stopWriting := context.WithCancel(ctx)
	cutting, stopCutting := context.WithCancel(ctx)
	var followers, hands sync.WaitGroup
	end := func() {
		stopCutting()
		stopWriting()
		stopFollowing()
		hands.Wait()
		followers.Wait()
	}
	defer end() // also when the test has failed on the way
	for i, w := range writers {
		followers.Go(func() { w.session.Run(following) })
		if i < crashWriters {
			hands.Go(func() { w.write(writing, rooms) })
		}
		if i%3 == 1 {
			hands.Go(func() { w.uplink.cutNowAndThen(cutting) })
		}
	}
	for range rounds {
		<-time.After(killAfterMin + rand.N(killAfterMax-killAfterMin)) // the crash comes when it comes
		server.kill()
		server = start(t, crashing, args...)
	}
	stopCutting()
	stopWriting()
	hands.Wait()
	tr := verdict(t, ctx, writers, rooms)
	server.stop(t)
	end()
	if dups := tr.report(t, rounds); dups == 0 && rounds >= 10 && honest == crashing {
		t.Error("no post was ever repeated: the crashes came between nothing")
	}
	return tr
}

// people are the writers and two who only listen, all in the same rooms.
func people(t *testing.T, ctx context.Context, url string) (writers []*writer, rooms []string) {
	rooms = []string{"lobby", "ops", "cellar"}
	epoch := time.Now()
	for i := range crashWriters + 2 {
		window, sse := 8, i%3 == 2
		if i%3 == 1 {
			window = 1
		}
		w := newWriter(t, url, fmt.Sprintf("writer%02d", i), window, sse, epoch)
		writers = append(writers, w)
		if i == 0 {
			if err := w.client.SignIn(ctx, w.name); err != nil {
				t.Fatal(err)
			}
			for _, room := range rooms[1:] {
				if err := w.client.CreateRoom(ctx, room, "", false); err != nil {
					t.Fatal(err)
				}
			}
		}
		if err := w.enter(ctx, rooms); err != nil {
			t.Fatal(err)
		}
	}
	return writers, rooms
}

// verdict waits until everything is decided and delivered, and judges.
func verdict(t *testing.T, ctx context.Context, writers []*writer, rooms []string) *trial {
	for _, w := range writers {
		if err := w.settle(ctx); err != nil {
			t.Errorf("%s: %v", decidedAtLast, err)
		}
	}
	reader := writers[0].client
	for _, room := range rooms {
		if _, err := reader.Post(ctx, room, theEnd, ""); err != nil {
			t.Fatal(err)
		}
	}
	for _, w := range writers {
		select {
		case <-w.complete:
		case <-ctx.Done():
			t.Errorf("%s never saw the end of %v", w.name, w.markers)
		}
	}
	for _, w := range writers { // nobody changes the records from here on
		w.mu.Lock()
		defer w.mu.Unlock()
	}
	tr, err := judge(ctx, reader, writers, rooms)
	if err != nil {
		t.Fatal(err)
	}
	return tr
}

// report prints what the verdict rests on, and returns how many posts were repeated.
func (tr *trial) report(t *testing.T, rounds int) (dups int) {
	var acked, seen, kept, connects int
	for _, w := range tr.writers {
		for _, s := range w.posts {
			if s.acked != 0 && s.err == nil {
				acked++
			}
			if s.dup {
				dups++
			}
		}
		seen += len(w.seen)
		connects += w.connects
	}
	var count []string
	for _, room := range tr.rooms {
		kept += len(tr.history[room])
		count = append(count, fmt.Sprintf("%s %d", room, len(tr.history[room])))
	}
	t.Logf("%d rounds: %d acked (%d of them as repeats), %d kept (%s), %d seen, %d connections, %d violations",
		rounds, acked, dups, kept, strings.Join(count, ", "), seen, connects, len(tr.violations))
	return dups
}
