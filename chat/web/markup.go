package web

import (
	"bytes"
	"html"
	"strconv"
	"strings"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/text"
)

// writer makes markup of what the parser found. All tags that a message can have are written out in this
// file; everything else that it writes is escaped.
type writer struct {
	source    []byte
	addresses [][]int
	names     []name
	most      int // bytes, after which it gives up
	out       bytes.Buffer
	marked    bool // there is something that the plain text does not show
	words     bool // there is something to see
	inLink    int
	depth     int
}

// maxDepth bounds emphasis within emphasis.
const maxDepth = 24

// document is the markup, or "" if it says no more than the text. One paragraph has no tag around it.
func (w *writer) document(doc ast.Node) string {
	if first := doc.FirstChild(); first != nil && first.NextSibling() == nil && first.Kind() == ast.KindParagraph {
		w.children(first)
	} else {
		w.children(doc)
	}
	if !w.marked || !w.words || w.out.Len() > w.most {
		return ""
	}
	return w.out.String()
}

// justLinks is what is made of a text that is too much for the parser.
func (w *writer) justLinks() string {
	w.escape(w.source, 0, true)
	if !w.marked {
		return ""
	}
	return w.out.String()
}

func (w *writer) children(n ast.Node) {
	for c := n.FirstChild(); c != nil && w.out.Len() <= w.most; c = c.NextSibling() {
		if t, ok := c.(*ast.Text); ok {
			c = w.text(t)
			continue
		}
		w.node(c)
	}
}

// tagged writes an element around the children of a node.
func (w *writer) tagged(open, close string, n ast.Node) {
	w.marked = true
	if w.depth++; w.depth > maxDepth {
		w.children(n)
	} else {
		w.out.WriteString(open)
		w.children(n)
		w.out.WriteString(close)
	}
	w.depth--
}

func (w *writer) node(n ast.Node) {
	switch n := n.(type) {
	case *ast.Paragraph:
		w.out.WriteString("<p>")
		w.children(n)
		w.out.WriteString("</p>")
	case *ast.Heading: // no <h1>: what somebody says is no part of the page's outline
		w.tagged(`<p class="heading">`, "</p>", n)
	case *ast.Blockquote:
		w.tagged("<blockquote>", "</blockquote>", n)
	case *ast.List:
		switch {
		case !n.IsOrdered():
			w.tagged("<ul>", "</ul>", n)
		case n.Start == 1:
			w.tagged("<ol>", "</ol>", n)
		default:
			w.tagged(`<ol start="`+strconv.Itoa(n.Start)+`">`, "</ol>", n)
		}
	case *ast.ListItem:
		w.item(n)
	case *ast.ThematicBreak:
		w.marked = true
		w.out.WriteString("<hr>")
	case *ast.FencedCodeBlock:
		w.code(n)
	case *ast.Emphasis:
		if n.Level == 2 {
			w.tagged("<strong>", "</strong>", n)
		} else {
			w.tagged("<em>", "</em>", n)
		}
	case *extast.Strikethrough:
		w.tagged("<del>", "</del>", n)
	case *ast.CodeSpan:
		w.codeSpan(n)
	case *ast.Link:
		w.link(n, string(n.Destination), "[")
	case *ast.Image: // nothing is loaded from elsewhere
		w.link(n, string(n.Destination), "![")
	case *ast.AutoLink:
		w.autoLink(n)
	case *extast.TaskCheckBox:
		// The sign is a character, so that it is read out and copied.
		if n.IsChecked {
			w.out.WriteString(`<span class="box">☑</span> `)
		} else {
			w.out.WriteString(`<span class="box">☐</span> `)
		}
	case *extast.Table:
		w.tagged(`<div class="table"><table>`, "</table></div>", n)
	case *extast.TableHeader:
		w.tagged("<tr>", "</tr>", n)
	case *extast.TableRow:
		w.tagged("<tr>", "</tr>", n)
	case *extast.TableCell:
		w.cell(n)
	case *ast.String:
		w.plain(n.Value)
	default: // a text block, and whatever a later version of the parser may have
		w.children(n)
	}
}

func (w *writer) item(n *ast.ListItem) {
	open := "<li>"
	if first := n.FirstChild(); first != nil {
		if _, task := first.FirstChild().(*extast.TaskCheckBox); task {
			open = `<li class="task">`
		}
	}
	w.tagged(open, "</li>", n)
}

var alignments = map[extast.Alignment]string{extast.AlignRight: ` class="right"`, extast.AlignCenter: ` class="center"`}

func (w *writer) cell(n *extast.TableCell) {
	tag := "td"
	if n.Parent().Kind() == extast.KindTableHeader {
		tag = "th"
	}
	w.tagged("<"+tag+alignments[n.Alignment]+">", "</"+tag+">", n)
}

func (w *writer) code(n *ast.FencedCodeBlock) {
	w.marked = true
	var code bytes.Buffer
	for i := range n.Lines().Len() {
		line := n.Lines().At(i)
		code.Write(line.Value(w.source))
	}
	w.words = w.words || len(bytes.TrimSpace(code.Bytes())) > 0
	w.out.WriteString(`<div class="code"><pre><code>`)
	highlight(&w.out, string(n.Language(w.source)), strings.TrimSuffix(code.String(), "\n"))
	w.out.WriteString(`</code></pre></div>`)
}

func (w *writer) codeSpan(n *ast.CodeSpan) {
	w.marked = true
	w.out.WriteString("<code>")
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if t, ok := c.(*ast.Text); ok {
			w.plain(bytes.ReplaceAll(t.Value(w.source), []byte("\n"), []byte(" ")))
		}
	}
	w.out.WriteString("</code>")
}

// link writes a link, or what was typed where it leads nowhere that one may follow, or where its
// words are the address of another place.
func (w *writer) link(n ast.Node, to, opener string) {
	to = unescape(to)
	if w.inLink > 0 || !followable(to) || w.misleads(n, to) {
		w.plain([]byte(opener))
		w.children(n)
		w.plain([]byte("](" + to + ")"))
		return
	}
	w.inLink++
	defer func() { w.inLink-- }()
	w.openLink(to)
	if n.HasChildren() {
		w.children(n)
	} else {
		w.plain([]byte(to))
	}
	w.out.WriteString("</a>")
}

func (w *writer) openLink(to string) {
	w.marked = true
	w.out.WriteString(`<a href="` + html.EscapeString(to) + `" rel="noopener noreferrer nofollow ugc" target="_blank">`)
}

// misleads says whether the words of a link have an address in them that is not where it leads.
func (w *writer) misleads(n ast.Node, to string) bool {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if t, ok := c.(*ast.Text); ok {
			for _, a := range from(w.addresses, t.Segment.Start) {
				if a[0] >= t.Segment.Stop {
					break
				}
				if string(w.source[a[0]:a[1]]) != to {
					return true
				}
			}
		} else if w.misleads(c, to) {
			return true
		}
	}
	return false
}

func (w *writer) autoLink(n *ast.AutoLink) {
	words := string(n.Label(w.source))
	to := words
	if n.AutoLinkType == ast.AutoLinkEmail {
		to = "mailto:" + words
	}
	if w.inLink > 0 || !followable(to) {
		w.plain([]byte("<" + words + ">"))
		return
	}
	w.openLink(to)
	w.plain([]byte(words))
	w.out.WriteString("</a>")
}

// text writes a text and those that follow it without a gap, and returns the last of them.
func (w *writer) text(t *ast.Text) ast.Node {
	seg := t.Segment
	for !t.SoftLineBreak() && !t.HardLineBreak() {
		next, ok := t.NextSibling().(*ast.Text)
		if !ok || next.Segment.Start != seg.Stop {
			break
		}
		t, seg = next, text.NewSegment(seg.Start, next.Segment.Stop)
	}
	w.escape(w.source[seg.Start:seg.Stop], seg.Start, false)
	if (t.SoftLineBreak() || t.HardLineBreak()) && t.NextSibling() != nil {
		w.out.WriteString("<br>")
	}
	return t
}

// escape writes a piece of the text, which stands at a place in it, with its links. Outside them a backslash before
// a mark is not shown, unless the piece is raw.
func (w *writer) escape(piece []byte, at int, raw bool) {
	write := func(b []byte) {
		if !raw {
			b = w.unescape(b)
		}
		w.plain(b)
	}
	if rest := namesFrom(w.names, at); len(rest) > 0 && w.inLink == 0 {
		// The piece falls into those before, between and after the names.
		for _, n := range rest {
			if n.start < at || n.stop > at+len(piece) {
				break
			}
			w.escape(piece[:n.start-at], at, raw)
			w.mention(n)
			piece, at = piece[n.stop-at:], n.stop
		}
	}
	done := 0
	for _, a := range from(w.addresses, at) {
		start, stop := a[0]-at, a[1]-at
		if stop > len(piece) || w.inLink > 0 {
			break
		}
		if start < done {
			continue
		}
		write(piece[done:start])
		w.openLink(string(piece[start:stop]))
		w.plain(piece[start:stop])
		w.out.WriteString("</a>")
		done = stop
	}
	write(piece[done:])
}

func (w *writer) plain(b []byte) {
	if len(b) == 0 {
		return
	}
	w.words = w.words || len(bytes.TrimSpace(b)) > 0
	w.out.WriteString(html.EscapeString(string(b)))
}

const escapable = "\\`*_{}[]()#+-.!>~|<@"

func (w *writer) unescape(b []byte) []byte {
	if bytes.IndexByte(b, '\\') < 0 {
		return b
	}
	shown := unescape(string(b))
	w.marked = w.marked || shown != string(b)
	return []byte(shown)
}

func unescape(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) && strings.IndexByte(escapable, s[i+1]) >= 0 && !strings.HasSuffix(s[:i], "¯") { // ¯\_(ツ)_/¯ keeps its arm
			i++
		}
		b.WriteByte(s[i])
	}
	return b.String()
}
