package bench

import (
	"fmt"
	"sync"
	"time"
)

// Progress says in a line what a run is doing now.
type Progress struct{ *progress }

type progress struct {
	draw func(string)
	mu   sync.Mutex
	last time.Time
}

// NewProgress draws by calling draw, seldom enough for a person; with nil it draws nothing.
func NewProgress(draw func(line string)) Progress {
	if draw == nil {
		return Progress{}
	}
	return Progress{&progress{draw: draw}}
}

// drawEvery is as often as anybody can read.
const drawEvery = 100 * time.Millisecond

func (p Progress) show(format string, args ...any) {
	if p.progress == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if now := time.Now(); now.Sub(p.last) >= drawEvery {
		p.last = now
		p.draw(fmt.Sprintf(format, args...))
	}
}
