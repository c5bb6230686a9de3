package bench

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
)

// Report is what a run found out.
type Report struct {
	Name     string    `json:"name"`
	Setup    []string  `json:"setup"`   // how it was measured, in sentences
	Columns  []string  `json:"columns"` // with their units
	Rows     []*Row    `json:"rows"`
	Ratios   []Ratio   `json:"ratios"`
	Notes    []string  `json:"notes"`  // what was found out beside the table
	Faults   []string  `json:"faults"` // promises that the server broke, the first few; none: the figures count
	Receipts []Receipt `json:"-"`      // what the server in question must have kept
}

// Row has one server's figures.
type Row struct {
	Server string     `json:"server"`
	Rounds [][]Figure `json:"rounds"` // in the order of the columns
}

// Ratio sets the row Of against the row To, round by round.
type Ratio struct {
	Of      string   `json:"of"`
	To      string   `json:"to"`
	Columns []Spread `json:"columns"`
}

func (r *Report) row(server string) *Row {
	for _, row := range r.Rows {
		if row.Server == server {
			return row
		}
	}
	row := &Row{Server: server}
	r.Rows = append(r.Rows, row)
	return row
}

func (r *Report) add(server string, figures ...Figure) {
	row := r.row(server)
	row.Rounds = append(row.Rounds, figures)
}

// compare adds the ratio of two rows, in the first few columns.
func (r *Report) compare(of, to string, columns int) {
	a, b := r.row(of).Rounds, r.row(to).Rounds
	ratio := Ratio{Of: of, To: to}
	for column := range columns {
		var list []Figure
		for round := range min(len(a), len(b)) {
			list = append(list, quotient(float64(a[round][column]), float64(b[round][column])))
		}
		ratio.Columns = append(ratio.Columns, spread(list))
	}
	r.Ratios = append(r.Ratios, ratio)
}

// Write prints the report for a person.
func (r *Report) Write(out io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "chatd bench %s\n", r.Name)
	for _, line := range r.Setup {
		fmt.Fprintf(&b, "  %s\n", line)
	}
	b.WriteByte('\n')
	r.writeTable(&b)
	if r.rounds() > 1 {
		fmt.Fprintf(&b, "\n  Medians of %d rounds", r.rounds())
		if len(r.Ratios) > 0 {
			b.WriteString("; under a ratio stand the least and the greatest of the rounds' own")
		}
		b.WriteString(".\n")
	}
	b.WriteByte('\n')
	for _, note := range r.Notes {
		fmt.Fprintf(&b, "  %s\n", note)
	}
	for _, fault := range r.Faults {
		fmt.Fprintf(&b, "  FAULT: %s\n", fault)
	}
	_, err := io.WriteString(out, b.String())
	return err
}

func (r *Report) rounds() int {
	if len(r.Rows) == 0 {
		return 0
	}
	return len(r.Rows[0].Rounds)
}

func (r *Report) writeTable(b *strings.Builder) {
	var wide strings.Builder
	table := tabwriter.NewWriter(&wide, 0, 0, 2, ' ', 0)
	line := func(first string, columns int, cell func(column int) string) {
		fmt.Fprintf(table, "  %s", first)
		for column := range columns {
			fmt.Fprintf(table, "\t%s", cell(column))
		}
		fmt.Fprintln(table, "\t") // ends the last cell, so that it is as wide as its column
	}
	line("", len(r.Columns), func(i int) string { return r.Columns[i] })
	for _, row := range r.Rows {
		line(row.Server, len(r.Columns), func(i int) string { return row.spread(i).Median.String() })
	}
	for _, ratio := range r.Ratios {
		line(ratio.Of+" / "+ratio.To, len(ratio.Columns), func(i int) string { return ratio.Columns[i].Median.String() })
		if r.rounds() > 1 {
			line("", len(ratio.Columns), func(i int) string { return ratio.Columns[i].ends() })
		}
	}
	table.Flush() // into a strings.Builder: it cannot fail
	for line := range strings.Lines(wide.String()) {
		fmt.Fprintln(b, strings.TrimRight(line, " \n"))
	}
}

func (r *Row) spread(column int) Spread {
	var list []Figure
	for _, round := range r.Rounds {
		list = append(list, round[column])
	}
	return spread(list)
}
