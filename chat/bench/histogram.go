package bench

import (
	"math/bits"
	"time"
)

// Histogram counts lengths of time, to 1.6 %: 64 classes for each doubling. The zero value is empty.
type Histogram struct {
	counts [64 * 59]uint32
	n      int64
}

const classBits = 6

// Add counts one. It does not allocate.
func (h *Histogram) Add(d time.Duration) {
	h.counts[class(d)]++
	h.n++
}

func class(d time.Duration) int {
	v := uint64(max(d, 0))
	if v < 1<<classBits {
		return int(v)
	}
	shift := bits.Len64(v) - classBits - 1
	return shift<<classBits + int(v>>shift)
}

// bottom is the least length of time in a class.
func bottom(class int) time.Duration {
	if class < 2<<classBits {
		return time.Duration(class)
	}
	shift := class>>classBits - 1
	return time.Duration(class-shift<<classBits) << shift
}

// Quantile is the length that a share q of all did not exceed; 0 if there are none.
func (h *Histogram) Quantile(q float64) time.Duration {
	rank := int64(q * float64(h.n))
	for class, n := range h.counts {
		if rank -= int64(n); rank < 0 {
			return bottom(class)
		}
	}
	return 0
}

// Merge adds what other has counted.
func (h *Histogram) Merge(other *Histogram) {
	for class, n := range other.counts {
		h.counts[class] += n
	}
	h.n += other.n
}

// Reset empties it.
func (h *Histogram) Reset() { *h = Histogram{} }
