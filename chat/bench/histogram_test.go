package bench

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

func TestHistogram(t *testing.T) {
	var h Histogram
	if h.Quantile(0.5) != 0 {
		t.Error("an empty histogram has a median")
	}
	var all []time.Duration
	for range 10_000 {
		d := time.Duration(rand.ExpFloat64() * float64(time.Millisecond))
		all = append(all, d)
		h.Add(d)
	}
	slices.Sort(all)
	for _, q := range []float64{0, 0.01, 0.5, 0.9, 0.99, 0.999} {
		exact, got := all[int(q*float64(len(all)))], h.Quantile(q)
		if got > exact || float64(got) < float64(exact)/1.016-1 {
			t.Errorf("quantile %g: %v, exactly %v", q, got, exact)
		}
	}
	if allocated := testing.AllocsPerRun(100, func() { h.Add(time.Second) }); allocated > 0 {
		t.Errorf("Add allocates %g times", allocated)
	}
}

func TestHistogramClasses(t *testing.T) {
	for _, d := range []time.Duration{-1, 0, 1, 63, 64, 127, 128, 129, 1 << 20, 1<<63 - 1} {
		c := class(d)
		if low, high := bottom(c), bottom(c+1); max(d, 0) < low || d >= high && high > low {
			t.Errorf("%d is in the class from %d to %d", d, low, high)
		}
	}
	var h Histogram
	h.Add(1<<63 - 1) // the last class exists
}
