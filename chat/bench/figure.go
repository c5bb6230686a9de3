package bench

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
)

// Spread is the median of some figures, the least and the greatest.
type Spread struct {
	Median   Figure `json:"median"`
	Least    Figure `json:"least"`
	Greatest Figure `json:"greatest"`
}

// Figure is a number, or NaN where it is not known.
type Figure float64

// MarshalJSON writes null for what is not known.
func (f Figure) MarshalJSON() ([]byte, error) {
	if math.IsNaN(float64(f)) || math.IsInf(float64(f), 0) {
		return []byte("null"), nil
	}
	return json.Marshal(float64(f))
}

// String has three digits that mean something.
func (f Figure) String() string {
	switch abs := math.Abs(float64(f)); {
	case math.IsNaN(abs) || math.IsInf(abs, 0):
		return "–"
	case abs >= 1e6:
		return fmt.Sprintf("%.2f M", f/1e6)
	case abs >= 1e4:
		return fmt.Sprintf("%.1f k", f/1e3)
	case abs >= 100:
		return fmt.Sprintf("%.0f", f)
	case abs >= 10:
		return fmt.Sprintf("%.1f", f)
	case abs == 0:
		return "0"
	}
	return fmt.Sprintf("%.2f", f)
}

// quotient is a/b; not known where there is nothing to divide by.
func quotient(a, b float64) Figure {
	if b == 0 {
		return Figure(math.NaN())
	}
	return Figure(a / b)
}

// known is a figure that is 0 where the system would not say: then it is not known.
func known(f float64) float64 {
	if f == 0 {
		return math.NaN()
	}
	return f
}

func spread(list []Figure) Spread {
	list = slices.DeleteFunc(slices.Clone(list), func(f Figure) bool { return math.IsNaN(float64(f)) })
	if len(list) == 0 {
		unknown := Figure(math.NaN())
		return Spread{unknown, unknown, unknown}
	}
	slices.Sort(list)
	middle := len(list) / 2
	median := list[middle]
	if len(list)%2 == 0 {
		median = (list[middle-1] + median) / 2
	}
	return Spread{median, list[0], list[len(list)-1]}
}

// ends are the least and the greatest.
func (s Spread) ends() string {
	if !(s.Least < s.Greatest) {
		return ""
	}
	return fmt.Sprintf("%v–%v", s.Least, s.Greatest)
}
