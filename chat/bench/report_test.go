package bench

import (
	"encoding/json"
	"math"
	"strings"
	"testing"
)

func TestReport(t *testing.T) {
	r := &Report{Name: "test", Setup: []string{"As it was."}, Columns: []string{"rate", "cost", "memory"}}
	unknown := Figure(math.NaN())
	for round := range 3 {
		r.add("chatd", Figure(4e6+float64(round)*1e6), 0.2, unknown)
		r.add("limit", 5e6, Figure(0.1*float64(round+1)), unknown)
	}
	r.compare("chatd", "limit", 2)
	r.note("All is %s.", "well")
	r.Faults = append(r.Faults, "Or not.")
	var out strings.Builder
	if err := r.Write(&out); err != nil {
		t.Fatal(err)
	}
	want := `chatd bench test
  As it was.

                 rate       cost       memory
  chatd          5.00 M     0.20       –
  limit          5.00 M     0.20       –
  chatd / limit  1.00       1.00
                 0.80–1.20  0.67–2.00

  Medians of 3 rounds; under a ratio stand the least and the greatest of the rounds' own.

  All is well.
  FAULT: Or not.
`
	if out.String() != want {
		t.Errorf("got:\n%s\nwant:\n%s", &out, want)
	}
	data, err := json.Marshal(r)
	if err != nil || !strings.Contains(string(data), `[4000000,0.2,null]`) || !strings.Contains(string(data), `{"median":1,"least":0.8,"greatest":1.2}`) {
		t.Errorf("%s, %v", data, err)
	}
}

func TestFigures(t *testing.T) {
	for f, want := range map[Figure]string{
		0: "0", 0.1234: "0.12", 9.999: "10.00", 12.34: "12.3", 123.4: "123", 1234: "1234", 12345: "12.3 k", 4.4e6: "4.40 M", -3: "-3.00", Figure(math.Inf(1)): "–",
	} {
		if got := f.String(); got != want {
			t.Errorf("%g is shown as %s, want %s", float64(f), got, want)
		}
	}
	if s := spread([]Figure{3, 1, 2, 10}); s.Median != 2.5 || s.Least != 1 || s.Greatest != 10 {
		t.Errorf("%+v", s)
	}
}
