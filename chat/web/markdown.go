package web

import (
	"bytes"
	"sort"
	"sync"

	"chatd/chat"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// What of Markdown a message has. It is CommonMark with tables, strikethrough and tasks, but for what
// surprises people who talk:
//
//   - a line that ends is a line that ends (<br>);
//   - blanks before a line are no code: only a fence is;
//   - a line of "---" makes no heading of the words above it;
//   - HTML and entities are words like others, and are shown as they were typed;
//   - "[1]: http://…" is shown and not taken away;
//   - a quote ends where the ">" end, so that an answer below it is not part of it;
//   - "```" at the end of the last line closes the code.

const (
	maxNesting = 8    // quotes and lists within each other
	maxCells   = 4000 // of one table: short rows are filled up, so that 16 KiB could be millions
	// maxMarks bounds the characters that can open or close something, because the parser's time
	// grows with their square. More of them are no message but an attack, or a picture of characters.
	maxMarks = 1500
)

var markdownParser = sync.OnceValue(func() parser.Parser {
	p := func(value any, priority int) util.PrioritizedValue { return util.Prioritized(value, priority) }
	return parser.NewParser(
		parser.WithBlockParsers(
			p(parser.NewThematicBreakParser(), 200), p(shallow{parser.NewListParser()}, 300), p(parser.NewListItemParser(), 400),
			p(parser.NewATXHeadingParser(), 600), p(parser.NewFencedCodeBlockParser(), 700), p(shallow{parser.NewBlockquoteParser()}, 800),
			p(indented{parser.NewParagraphParser()}, 1000),
		),
		parser.WithInlineParsers(
			p(extension.NewTaskCheckBoxParser(), 0), p(parser.NewCodeSpanParser(), 100), p(wholeAddress{}, 110), p(wholeName{}, 120), p(parser.NewLinkParser(), 200),
			p(parser.NewAutoLinkParser(), 300), p(parser.NewEmphasisParser(), 500), p(extension.NewStrikethroughParser(), 500),
		),
		parser.WithParagraphTransformers(p(smallTable{extension.NewTableParagraphTransformer()}, 200)),
		parser.WithASTTransformers(p(extension.NewTableASTTransformer(), 0)),
	)
})

// markdown makes the markup of a text, or "" where there is none but the text.
func markdown(said string, m *chat.Mentions) string {
	source := settle([]byte(said))
	w := writer{source: source, addresses: addresses(source), names: names(source, m), most: growth(said, m)}
	if bytes.ContainsFunc(source, func(r rune) bool { return r == 0 }) || marks(source) > maxMarks {
		return w.justLinks()
	}
	pc := parser.NewContext()
	pc.Set(addressesKey, w.addresses)
	pc.Set(namesKey, w.names)
	doc := markdownParser().Parse(text.NewReader(source), parser.WithContext(pc))
	return w.document(doc)
}

func marks(source []byte) (n int) {
	for _, c := range source {
		switch c {
		case '*', '_', '~', '[', ']', '`', '!', '<', '>':
			n++
		}
	}
	return n
}

// settle writes a text so that CommonMark reads it as people mean it: see the list above.
func settle(source []byte) []byte {
	source = bytes.ReplaceAll(bytes.ReplaceAll(source, []byte("\r\n"), []byte("\n")), []byte("\r"), []byte("\n"))
	if !bytes.Contains(source, []byte("\n")) {
		return source
	}
	lines := bytes.Split(source, []byte("\n"))
	var out bytes.Buffer
	var fence []byte // what opened the code that a line is in
	for i, line := range lines {
		trimmed := bytes.TrimLeft(line, " \t")
		last := i == len(lines)-1
		switch run := fenceRun(trimmed); {
		case fence == nil && run != nil:
			fence = run
		case fence != nil && len(run) >= len(fence) && run[0] == fence[0] && len(bytes.TrimSpace(trimmed)) == len(run):
			fence = nil
		case fence != nil && last && bytes.HasSuffix(line, fence):
			line = append(append(bytes.Clone(line[:len(line)-len(fence)]), '\n'), fence...)
		}
		out.Write(line)
		if last {
			break
		}
		out.WriteByte('\n')
		next := bytes.TrimSpace(lines[i+1])
		if fence == nil && len(trimmed) > 0 && trimmed[0] == '>' && len(next) > 0 && next[0] != '>' {
			out.WriteByte('\n')
		}
	}
	return out.Bytes()
}

// fenceRun is the run of ` or ~ that a line of a fence begins with, nil if it is none.
func fenceRun(line []byte) []byte {
	if len(line) < 3 || line[0] != '`' && line[0] != '~' {
		return nil
	}
	n := len(line) - len(bytes.TrimLeft(line, string(line[0])))
	if n < 3 || line[0] == '`' && bytes.IndexByte(line[n:], '`') >= 0 {
		return nil
	}
	return line[:n]
}

// shallow opens nothing deeper than maxNesting.
type shallow struct{ parser.BlockParser }

func (s shallow) Open(parent ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	depth := 0
	for n := parent; n != nil; n = n.Parent() {
		if k := n.Kind(); k == ast.KindBlockquote || k == ast.KindList {
			depth++
		}
	}
	if depth >= maxNesting {
		return nil, parser.NoChildren
	}
	return s.BlockParser.Open(parent, reader, pc)
}

// indented is a paragraph that may begin with blanks: what CommonMark would take for code.
type indented struct{ parser.BlockParser }

func (indented) CanAcceptIndentedLine() bool { return true }

// smallTable leaves a table alone that would have too many cells.
type smallTable struct{ parser.ParagraphTransformer }

func (s smallTable) Transform(node *ast.Paragraph, reader text.Reader, pc parser.Context) {
	lines, columns := node.Lines(), 0
	for i := range lines.Len() {
		at := lines.At(i)
		columns = max(columns, 1+bytes.Count(at.Value(reader.Source()), []byte("|")))
	}
	if columns*lines.Len() <= maxCells {
		s.ParagraphTransformer.Transform(node, reader, pc)
	}
}

var addressesKey = parser.NewContextKey()

// wholeAddress keeps what looks like Markdown inside an address from being taken for it: http://a.example/_x_.
type wholeAddress struct{}

// Trigger is every mark that stands in addresses and means something to the parser.
func (wholeAddress) Trigger() []byte { return []byte("*_~[]!:\\") }

func (wholeAddress) Parse(_ ast.Node, block text.Reader, pc parser.Context) ast.Node {
	found, _ := pc.Get(addressesKey).([][]int)
	line, at := block.PeekLine()
	address := within(found, at.Start)
	if address == nil || address[0] == at.Start {
		return nil
	}
	stop := min(address[1], at.Start+len(bytes.TrimRight(line, "\n")))
	if stop <= at.Start {
		return nil
	}
	block.Advance(stop - at.Start)
	return ast.NewTextSegment(text.NewSegment(at.Start, stop))
}

// within finds the address that a place in the text belongs to.
func within(addresses [][]int, place int) []int {
	if rest := from(addresses, place); len(rest) > 0 && rest[0][0] <= place {
		return rest[0]
	}
	return nil
}

// from is those addresses that end behind a place.
func from(addresses [][]int, place int) [][]int {
	return addresses[sort.Search(len(addresses), func(i int) bool { return addresses[i][1] > place }):]
}
