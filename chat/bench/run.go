package bench

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"slices"
	"strconv"
	"time"
)

// Load is what a run does to its servers.
type Load struct {
	Clients    int
	Rooms      int           // over which they are spread evenly
	Publishers int           // how many in each room post
	InFlight   int           // messages that each publisher keeps on their way
	Rate       float64       // messages a second by all publishers together, in an open loop; 0: as fast as it goes
	Size       int           // bytes of a text
	Duration   time.Duration // of one measurement
	Rounds     int
	Data       string // a directory on the disk of the server's data; "": unknown
	Cores      []int  // what servers run on; nil: on all
}

// warmUp is how much of a load comes before what is counted: windows have opened
// and caches are filled by then.
func (l Load) warmUp() time.Duration { return min(l.Duration/4, time.Second) }

// sampled is of how many connections one's deliveries are timed, when there are millions a second.
const sampled = 16

// run is one measurement from its beginning to its report.
type run struct {
	load     Load
	poller   poller
	progress Progress
	report   *Report
	crowds   []*crowd // the server in question first, then the yardsticks
	fsync    Histogram
	frame    int  // bytes of the first server's frames; yardsticks' are as long
	brief    bool // connections are closed after each measurement: all at once would be too many
}

func newRun(name string, l Load, progress Progress, columns ...string) (*run, error) {
	p, err := newPoller()
	if err != nil {
		return nil, err
	}
	return &run{load: l, poller: p, progress: progress, report: &Report{Name: name, Columns: columns, Faults: []string{}}}, nil
}

func (r *run) close() { r.poller.close() }

// enter signs everybody in on a server and connects them, unless the run is brief.
func (r *run) enter(ctx context.Context, s Server) (*crowd, error) {
	c := newCrowd(r.poller, s, r.load.Size)
	for i := range r.load.Clients {
		c.people = append(c.people, Person{Name: fmt.Sprint("client ", i)})
	}
	if s.SignsIn {
		var err error
		if c.people, err = SignIn(ctx, s.URL, r.load.Clients, r.progress); err != nil {
			return nil, err
		}
	}
	if err := r.settle(ctx, c); err != nil {
		return nil, err
	}
	r.crowds = append(r.crowds, c)
	if r.brief {
		return c, nil
	}
	return c, r.join(ctx, c)
}

// join connects everybody.
func (r *run) join(ctx context.Context, c *crowd) error {
	r.progress.show("%d people connect to %s", len(c.people), c.server.Name)
	r.gather(c)
	return c.connect(ctx, c.conns, usual(r.query(c)))
}

// gather makes the connections of a crowd, which are not open yet. The first people of each room publish.
func (r *run) gather(c *crowd) {
	c.conns = nil
	for _, room := range c.rooms {
		room.forget()
	}
	for i := range c.people {
		room := c.rooms[i%len(c.rooms)]
		c.conns = append(c.conns, &conn{
			crowd: c, person: &c.people[i], room: room, reader: reader{transcript: &room.transcript},
			publishes: i/len(c.rooms) < r.load.Publishers,
			timed:     r.load.Rate > 0 || i%sampled == 0,
		})
	}
}

// query is what connections ask of their streams. A yardstick must be told the
// room, and how long frames are; on a chatd that is not ours others may be talking elsewhere.
func (r *run) query(c *crowd) func(*conn) url.Values {
	return func(conn *conn) url.Values {
		q := url.Values{}
		if !c.server.SignsIn || c.server.Process == nil {
			q.Set("rooms", conn.room.name)
		}
		if !c.server.SignsIn {
			q.Set("frame", strconv.Itoa(r.frame))
		}
		return q
	}
}

// learnFrame posts a few messages to see how long frames are.
func (r *run) learnFrame(ctx context.Context, c *crowd) error {
	for _, conn := range c.conns[:len(c.rooms)] { // one in each room: their names differ in length
		c.post(conn, c.now())
		conn.flush()
	}
	if err := c.drain(ctx); err != nil {
		return err
	}
	if bytes, frames := c.said(); frames > 0 {
		r.frame = bytes / frames
	}
	c.forget()
	return nil
}

// said is what stands in all transcripts.
func (c *crowd) said() (bytes, frames int) {
	for _, room := range c.rooms {
		bytes, frames = bytes+len(room.data), frames+len(room.ends)
	}
	return bytes, frames
}

// counted is what happened within one measurement.
type counted struct {
	seconds   float64
	delivered float64
	acked     float64
	cpu       float64 // seconds of processor time: the server's (NaN: not known),
	own       float64 // the generator's,
	others    float64 // and of whatever else the machine was doing
	bytes     float64 // of a delivery
	memory    float64 // bytes of the server, at the end
}

// measure puts a load on a server for a while, and waits until everything has arrived.
func (r *run) measure(ctx context.Context, c *crowd, l Load, label string) (m counted, err error) {
	if l.Rate == 0 {
		c.window = l.InFlight
	}
	flow := func(d time.Duration) error {
		return c.flow(ctx, d, l.Rate, func() { r.progress.show("%s: %d deliveries", label, c.delivered) })
	}
	if err := flow(l.warmUp()); err != nil {
		return m, err
	}
	c.latency.Reset()
	c.acks.Reset()
	began, delivered := time.Now(), c.delivered
	cpu, own, machine := c.server.Process.CPU(), cpuTime(os.Getpid()), machineTime()
	if err := flow(l.Duration); err != nil {
		return m, err
	}
	m.seconds = time.Since(began).Seconds()
	m.cpu = known((c.server.Process.CPU() - cpu).Seconds())
	m.own = known((cpuTime(os.Getpid()) - own).Seconds())
	m.others = max(0, known((machineTime()-machine).Seconds())-m.cpu-m.own)
	m.delivered, m.acked = float64(c.delivered-delivered), float64(c.acks.n)
	m.memory = known(float64(c.server.Process.Memory()))
	if err := c.drain(ctx); err != nil {
		return m, err
	}
	bytes, frames := c.said()
	m.bytes = float64(bytes) / float64(frames)
	c.forget()
	return m, nil
}

func ms(d time.Duration) Figure { return Figure(float64(d) / 1e6) }

func rounds(n int) string {
	if n == 1 {
		return "1 round"
	}
	return fmt.Sprintf("%d rounds", n)
}

// conditions says under what conditions everything was measured.
func (r *run) conditions(format string, args ...any) {
	r.report.Setup = append(r.report.Setup, fmt.Sprintf(format, args...))
	if r.load.Cores != nil {
		r.report.Setup = append(r.report.Setup, fmt.Sprintf("servers on processor %v, the generator on the others", r.load.Cores))
	}
}

// measureFsync measures what a commit costs at least, if the server's disk is known.
func (r *run) measureFsync() error {
	if r.load.Data == "" {
		return nil
	}
	return Fsync(r.load.Data, 20, &r.fsync)
}

// crash ends the server in question while messages flow, if it is ours. What it had
// acknowledged or shown until then must be in its database.
func (r *run) crash(ctx context.Context) error {
	c := r.crowds[0]
	if c.server.Process == nil || r.broken() {
		return nil
	}
	return r.withAll(ctx, c, func() error {
		c.window = 16
		if err := c.flow(ctx, 100*time.Millisecond, 0, func() {}); err != nil {
			return err
		}
		c.window = 0
		for _, conn := range c.conns {
			conn.mayEnd = true
		}
		c.server.Process.Kill()
		// What it had said is on its way all the same.
		return c.pollUntil(ctx, time.Now().Add(drainTimeout), func() bool { return len(over(c.conns)) == len(c.conns) })
	})
}

// finish ends a run that puts load on its servers.
func (r *run) finish(ctx context.Context) (*Report, error) {
	if err := r.crash(ctx); err != nil {
		return nil, err
	}
	return r.conclude(), nil
}

// conclude adds to the report what was found out beside the table.
func (r *run) conclude() *Report {
	if r.fsync.n > 0 {
		r.report.note("Making 4 KB durable takes %v ms (p50), %v ms (p99) here.", ms(r.fsync.Quantile(0.5)), ms(r.fsync.Quantile(0.99)))
	}
	for _, c := range r.crowds {
		r.report.verdict(c)
	}
	r.report.Receipts = r.crowds[0].receipts()
	return r.report
}

// broken says that a server has broken a promise: there is nothing more to measure.
func (r *run) broken() bool {
	return slices.ContainsFunc(r.crowds, func(c *crowd) bool { return c.failed > 0 })
}

// verdict adds what a crowd has found wrong, or that nothing was.
func (r *Report) verdict(c *crowd) {
	if c.failed == 0 && c.delivered > 0 {
		r.note("%s: %d deliveries of %d messages, each checked: none missing, none twice, one order, the same bytes for all.", c.server.Name, c.delivered, len(c.messages))
	}
	r.Faults = append(r.Faults, c.faults...)
	if more := c.failed - len(c.faults); more > 0 {
		r.Faults = append(r.Faults, fmt.Sprintf("%s: %d more", c.server.Name, more))
	}
}

func (r *Report) note(format string, args ...any) {
	r.Notes = append(r.Notes, fmt.Sprintf(format, args...))
}
