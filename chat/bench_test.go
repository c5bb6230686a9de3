package chat_test

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"chatd/chat"
	"chatd/chat/web"
)

// BenchmarkAppend: so many people each post one message after the other, as fast as
// they are answered. An operation is one acknowledged, durable message.
func BenchmarkAppend(b *testing.B) {
	for _, senders := range []int{1, 10, 100, 1000} {
		b.Run(fmt.Sprintf("senders=%d", senders), func(b *testing.B) {
			c := newCrowd(b, crowdOptions{encoder: web.Encoder{}})
			actors := make([]chat.Actor, senders)
			for i := range actors {
				actors[i] = chat.Actor{Person: chat.Person{ID: chat.ID(i + 1), Name: fmt.Sprint("p", i)}}
			}
			introduce(b, c, actors)
			took := make([][]time.Duration, senders)
			var next atomic.Int64
			var wg sync.WaitGroup
			b.ResetTimer()
			for i, actor := range actors {
				wg.Go(func() {
					for next.Add(1) <= int64(b.N) {
						start := time.Now()
						if _, err := c.server.Post(context.Background(), actor, chat.Post{Room: chat.Lobby, Text: "a message of the usual length, which is not very long"}); err != nil {
							b.Error(err)
							return
						}
						took[i] = append(took[i], time.Since(start))
					}
				})
			}
			wg.Wait()
			b.StopTimer()
			all := slices.Concat(took...)
			slices.Sort(all)
			b.ReportMetric(float64(len(all))/b.Elapsed().Seconds(), "posts/s")
			b.ReportMetric(float64(all[len(all)/2].Microseconds())/1000, "p50-ms")
			b.ReportMetric(float64(all[len(all)*99/100].Microseconds())/1000, "p99-ms")
		})
	}
}

// introduce makes people known to the log, all at once.
func introduce(b *testing.B, c *crowd, people []chat.Actor) {
	b.Helper()
	answers := make(chan error, len(people))
	for _, p := range people {
		e := chat.Event{Kind: chat.NameTaken, Author: p.ID, CID: "name", Body: fmt.Appendf(nil, `{"name":%q,"keys":[%q]}`, p.Name, p.Name)}
		if err := chat.LogOf(c.server).Append(b.Context(), e, func(_ chat.Receipt, err error) { answers <- err }); err != nil {
			b.Fatal(err)
		}
	}
	for range people {
		if err := <-answers; err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkFanOut: one message, from its encoding until every reader has it. An
// operation is one message to all. Next: each reader is a goroutine that waits in
// Next. Push: each is parked, and its sink is called.
func BenchmarkFanOut(b *testing.B) {
	for _, mode := range []string{"Next", "Push"} {
		for _, readers := range []int{1, 100, 1000, 10_000} {
			b.Run(fmt.Sprintf("%s/feeds=%d", mode, readers), func(b *testing.B) { fanOut(b, readers, mode == "Push") })
		}
	}
}

func fanOut(b *testing.B, readers int, push bool) {
	c := newCrowd(b, crowdOptions{encoder: web.Encoder{}})
	ctx, cancel := context.WithCancel(b.Context())
	var ended, got sync.WaitGroup
	defer ended.Wait()
	defer cancel()
	for i := range readers {
		actor := chat.Actor{Person: chat.Person{ID: chat.ID(i + 1), Name: fmt.Sprint("p", i)}}
		feed, err := c.server.Subscribe(ctx, actor, chat.Subscription{})
		if err != nil {
			b.Fatal(err)
		}
		for live := false; !live || push && !feed.Park(counter{&got}); {
			feed.Poke()
			batch, err := feed.Next(ctx)
			if err != nil {
				b.Fatal(err)
			}
			live = live || batch.Live
		}
		ended.Go(func() {
			defer feed.Close()
			own, cancel := context.WithCancel(ctx) // as each connection has
			defer cancel()
			for {
				batch, err := feed.Next(own)
				if err != nil {
					return
				}
				got.Add(-len(batch.Frames))
			}
		})
	}
	e := chat.Entry{
		Event: chat.Event{Kind: chat.MessagePosted, Room: chat.Lobby, Author: 1, CID: "c", At: time.Now().UTC(), Body: []byte("a message of the usual length, which is not very long")},
		By:    chat.Person{ID: 1, Name: "p0"},
	}
	b.ReportAllocs()
	b.ResetTimer()
	for range b.N {
		got.Add(readers)
		e.Seq++
		chat.Publish(c.server, &e)
		got.Wait()
	}
	b.StopTimer()
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(readers), "ns/delivery")
}

// counter is a sink that counts the messages it gets.
type counter struct{ got *sync.WaitGroup }

func (c counter) Push(b []byte) bool {
	if bytes.Contains(b, []byte(`"message.posted"`)) { // and not who is here
		c.got.Done()
	}
	return true
}

func (counter) Behind() {}

// kept is how many messages the largest room of BenchmarkPage and BenchmarkAppendTo has:
// ten million take some minutes to make, and 2 GB.
var kept = flag.Int("kept", 1_000_000, "messages in the largest room of the benchmarks")

// BenchmarkPage: 50 messages of rooms that have a hundred, and many more.
func BenchmarkPage(b *testing.B) {
	for _, n := range []int{100, *kept} {
		c := newCrowd(b, crowdOptions{dir: history(b, n, false), encoder: web.Encoder{}})
		middle := chat.Seq(n / 2)
		for _, q := range []struct {
			name string
			chat.PageQuery
		}{
			{"newest", chat.PageQuery{}}, {"before", chat.PageQuery{Before: middle}},
			{"after", chat.PageQuery{After: middle}}, {"around", chat.PageQuery{Around: middle}},
		} {
			q.Limit = 50
			b.Run(fmt.Sprintf("%s/kept=%d", q.name, n), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					page, err := c.server.Page(b.Context(), talker, chat.Lobby, q.PageQuery)
					if err != nil || len(page.Messages) < 47 {
						b.Fatal(len(page.Messages), err)
					}
				}
			})
		}
	}
}

// BenchmarkAppendTo: one more message, durable, behind a hundred and behind many more.
func BenchmarkAppendTo(b *testing.B) {
	for _, n := range []int{100, *kept} {
		c := newCrowd(b, crowdOptions{dir: history(b, n, false), encoder: web.Encoder{}})
		b.Run(fmt.Sprintf("kept=%d", n), func(b *testing.B) {
			for b.Loop() {
				if _, err := c.server.Post(b.Context(), talker, chat.Post{Room: chat.Lobby, Text: "a message of the usual length, which is not very long"}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// talker is who said everything in history.
var talker = chat.Actor{Person: chat.Person{ID: 7, Name: "talker"}}
