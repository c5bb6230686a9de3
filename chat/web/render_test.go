package web

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

func link(address string) string {
	return `<a href="` + address + `" rel="noopener noreferrer nofollow ugc" target="_blank">` + address + `</a>`
}

func TestRenderHTML(t *testing.T) {
	for text, want := range map[string]string{
		"":                                  "",
		"hi":                                "",
		"a < b && c > d":                    "", // the plain text says it all
		"http://":                           "",
		"http:// x":                         "",
		"mailto:":                           "",
		"http://a.example":                  link("http://a.example"),
		"HTTPS://A.EXAMPLE/X":               link("HTTPS://A.EXAMPLE/X"),
		"mailto:ana@a.example":              link("mailto:ana@a.example"),
		"see http://a.example.":             "see " + link("http://a.example") + ".",
		"see http://a.example, ok":          "see " + link("http://a.example") + ", ok",
		"(http://a.example/x)":              "(" + link("http://a.example/x") + ")",
		"http://a.example/x_(y)":            link("http://a.example/x_(y)"),
		"<http://a.example/>":               link("http://a.example/"),
		"\"http://a.example/\"":             "&#34;" + link("http://a.example/") + "&#34;",
		"http://a.example/?a=1&b=2":         link("http://a.example/?a=1&amp;b=2"),
		"http://a.example http://b.example": link("http://a.example") + " " + link("http://b.example"),
		"http://ä.example/ö":                link("http://ä.example/ö"),
		"http://[::1]:5000/":                link("http://[::1]:5000/"),
		"<b>http://a.example</b>":           "&lt;b&gt;" + link("http://a.example") + "&lt;/b&gt;",
		"http://bank.example@evil.example/ and http://a:b@c.example": "",
		"http://a.example/\u202egpj.exe":                             "",
		"http://a.example\u200b.evil":                                "",
		"http://a.example\nnext":                                     link("http://a.example") + "<br>next",
		"看http://a.example/x":                                        "看" + link("http://a.example/x"),
		"http://a.example/_x_/*y*/~~z~~/w_v_":                        link("http://a.example/_x_/*y*/~~z~~/w_v") + "_",
		"**http://a.example**":                                       "<strong>" + link("http://a.example") + "</strong>",
		"_http://a.example/a_b_":                                     "<em>" + link("http://a.example/a_b") + "</em>",
		"`http://a.example`":                                         "<code>http://a.example</code>",

		// emphasis, code, escapes
		"hi *all*, **you** ~~not~~ `x < y`": "hi <em>all</em>, <strong>you</strong> <del>not</del> <code>x &lt; y</code>",
		"snake_case_name and 2 * 3 * 4":     "",
		`\*not so\*`:                        "*not so*",
		`¯\_(ツ)_/¯`:                         "",
		`C:\dir\file`:                       "",
		"&lt;b&gt; &amp; *x*":               "&amp;lt;b&amp;gt; &amp;amp; <em>x</em>",
		"<b>*x*</b> <!-- y -->":             "&lt;b&gt;<em>x</em>&lt;/b&gt; &lt;!-- y --&gt;",

		// lines and blocks
		"one\ntwo":                 "",
		"*one*\ntwo  \nthree":      "<em>one</em><br>two<br>three",
		"*one*\r\ntwo":             "<em>one</em><br>two",
		"*one*\n\ntwo":             "<p><em>one</em></p><p>two</p>",
		"    four blanks":          "",
		"    four *blanks*":        "four <em>blanks</em>",
		"# *A* title\n## B":        `<p class="heading"><em>A</em> title</p><p class="heading">B</p>`,
		"words\n---\nmore":         "<p>words</p><hr><p>more</p>",
		"---":                      "", // it would be a line and nothing else
		"-":                        "",
		"#1 is first":              "",
		"> said\nanswer":           "<blockquote><p>said</p></blockquote><p>answer</p>",
		"> said\n> so":             "<blockquote><p>said<br>so</p></blockquote>",
		"- a\n- b":                 "<ul><li>a</li><li>b</li></ul>",
		"- a\n  - b":               "<ul><li>a<ul><li>b</li></ul></li></ul>",
		"1. a\n2. b":               "<ol><li>a</li><li>b</li></ol>",
		"7) a":                     `<ol start="7"><li>a</li></ol>`,
		"- [ ] to do\n- [x] done":  `<ul><li class="task"><span class="box">☐</span> to do</li><li class="task"><span class="box">☑</span> done</li></ul>`,
		"[1]: http://a.example":    "[1]: " + link("http://a.example"),
		"```\n<b> *x*\n  y\n```":   `<div class="code"><pre><code>&lt;b&gt; *x*` + "\n  y</code></pre></div>",
		"```go\nreturn 1 // \"x\"": `<div class="code"><pre><code><span class="k">return</span> <span class="n">1</span> <span class="c">// &#34;x&#34;</span></code></pre></div>`,
		"so:\n```\nx```":           `<p>so:</p><div class="code"><pre><code>x</code></pre></div>`,
		"```\n> x\ny\n```":         `<div class="code"><pre><code>&gt; x` + "\ny</code></pre></div>",
		"```diff\n+a\n-b\n```":     `<div class="code"><pre><code><span class="i">+a</span>` + "\n" + `<span class="d">-b</span></code></pre></div>`,
		"|a|b|\n|-|-:|\n|*1*|2|":   `<div class="table"><table><tr><th>a</th><th class="right">b</th></tr><tr><td><em>1</em></td><td class="right">2</td></tr></table></div>`,

		// links with words
		"[x](http://a.example/?a&b)":               `<a href="http://a.example/?a&amp;b" rel="noopener noreferrer nofollow ugc" target="_blank">x</a>`,
		`[x](http://a.example "title")`:            `<a href="http://a.example" rel="noopener noreferrer nofollow ugc" target="_blank">x</a>`,
		"![cat](http://a.example/cat.png)":         `<a href="http://a.example/cat.png" rel="noopener noreferrer nofollow ugc" target="_blank">cat</a>`,
		"[x](javascript:alert(1))":                 "",
		"[*x*](/logout)":                           "[<em>x</em>](/logout)",
		"<javascript:alert(1)>":                    "",
		"[http://a.example](http://a.example)":     link("http://a.example"),
		"[http://bank.example](http://evil.test)":  "[" + link("http://bank.example") + "](http://evil.test)",
		"[a *b http://bank.example*](http://e.vi)": "[a <em>b " + link("http://bank.example") + "</em>](http://e.vi)",
		"<ana@a.example>":                          `<a href="mailto:ana@a.example" rel="noopener noreferrer nofollow ugc" target="_blank">ana@a.example</a>`,

		// emoji alone
		"👍":        `<span class="emoji">👍</span>`,
		" 👍🏽 ❤️\n": `<span class="emoji">👍🏽 ❤️</span>`,
		"👩‍👩‍👧‍👦🏳️‍🌈🇨🇭": `<span class="emoji">👩‍👩‍👧‍👦🏳️‍🌈🇨🇭</span>`,
		"1️⃣":  `<span class="emoji">1️⃣</span>`,
		"👍👍👍👍": "",
		"👍 ok": "",
		"12":   "",
		"漢字":   "",
		"❤︎":   "", // asked for as a character
	} {
		if got := string(renderHTML(text, nil)); got != want {
			t.Errorf("%q\n got %s\nwant %s", text, got, want)
		}
		checkHTML(t, text)
	}
}

// attacks are texts that somebody hopes to become more than text: from OWASP's list of
// ways around filters, and what is special to addresses and to Markdown.
var attacks = []string{
	`javascript:alert(1)`, `javascript://a.example/%0aalert(1)`, `JaVaScRiPt://x`, "java\tscript://x", ` javascript://http://a.example`, `javascript:http://a.example`,
	`data:text/html,<script>alert(1)</script>`, `data://text/html;base64,PHNjcmlwdD4=`, `vbscript://x`, `file:///etc/passwd`, `about://blank`, `blob:http://a.example/x`,
	`http://a.example/"onmouseover="alert(1)`, `http://a.example/'onmouseover='alert(1)`, "http://a.example/`onmouseover=`", `http://a.example/><script>alert(1)</script>`,
	`http://a.example/" style="x:expression(alert(1))`, `http://a.example/</a><script>alert(1)</script>`, `http://a.example/&quot;onclick=x`, `http://a.example/&#34;onclick=x`, `http://a.example/&#x22;`,
	`http://javascript:alert(1)`, `http://a:b@c.example/`, `http://a.example@evil.example`, `http://a.example\@evil.example`, `http:\\a.example`, `http:///a.example`, `https:a.example`, `http://`, `http://.`, `http://?`,
	`<a href="http://a.example">x</a>`, `<a href=javascript:alert(1)>http://a.example</a>`, `<img src=http://a.example/x onerror=alert(1)>`, `<svg/onload=alert(1)>http://a.example`,
	`<script src="http://a.example/x.js"></script>`, `<iframe src=http://a.example>`, `<style>@import'http://a.example';</style>`, `<base href=http://a.example>`, `<!--http://a.example-->`, `<![CDATA[http://a.example]]>`,
	`</textarea><script>http://a.example</script>`, `<plaintext>http://a.example`, `<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>http://a.example`,
	"http://a.example/\u2028x", "http://a.example/\u202egpj.exe", "http://a.example\u200b.evil", "http://аpple.example", "ｈttp://a.example", "http：//a.example", "http://a.example/\x01", "http://a.example/\x7f",
	`mailto:a@b.example?subject=<script>`, `mailto:"><script>@x`, `mailto:javascript:alert(1)`, `mailto:a@b.example" onclick="x`, `MAILTO:A@B.EXAMPLE`,
	`http://a.example/%22%3E%3Cscript%3E`, `http://%61.example`, `http://a.example:99999/`, `http://a.example:javascript/`, `http://[::1`, `http://[javascript:alert(1)]`, `http://{{.}}`, `http://a.example/{{.}}`,
	`[a](javascript:alert(1))`, `[a](JaVaScRiPt:alert(1))`, "[a](java\tscript:alert(1))", "[a](java\nscript:alert(1))", `[a](&#106;avascript:alert(1))`, `[a](javascript&colon;alert(1))`, `[a](<javascript:alert(1)>)`, `[a](\javascript:alert(1))`,
	`[a](data:text/html;base64,PHNjcmlwdD4=)`, `[a](vbscript:x)`, `[a](//evil.example)`, `[a](/logout)`, `[a](http://a.example" onclick="x)`, `[a](http://a.example 'x" onclick="y')`, `[a](http://a.example/%22onclick=x)`, "[a](http://a.example/`)", `[a](<http://a.example/><script>x</script>)`,
	`![a](javascript:alert(1))`, `![a](http://a.example/x.png)`, `![a"onerror="x](http://a.example)`, `![<script>](http://a.example)`, `[![a](http://a.example)](http://b.example)`, `[[a](http://a.example)](http://b.example)`, `[a <http://a.example>](http://b.example)`,
	`[a][b]` + "\n\n[b]: javascript:alert(1)", `[b]: http://a.example "onclick=x"`, `<javascript:alert(1)>`, `<data:text/html,x>`, `<a@b.example"onclick=x>`, `<http://a.example/"onclick="x>`,
	"```\"onclick=\"x\n</code></pre><script>x</script>\n```", "```<script>\nx\n```", "~~~html\n<script>alert(1)</script>\n~~~", "`</code><script>x</script>`", "``` js\n'</span><script>' // <img src=x onerror=y>",
	"|<script>|\n|-|\n|`</td>`|", "|a|\n|:-\"onclick=x:|", "- [x] <script>", "1. <b>\n9999999999. x", "999999999. x", "# <script>x</script>", "> <script>\n> x", "*<b>*", "**a <i> b**", "&#60;script&#62;", "&lt;script&gt; *x*", `\<script\>`, "<div>\n\n*x*\n\n</div>", "<?php x ?>", "<!DOCTYPE x>",
	strings.Repeat("> ", 40) + "x", strings.Repeat("- ", 40) + "x", strings.Repeat("*a ", 60), strings.Repeat("[", 60), strings.Repeat("*_", 60) + "x" + strings.Repeat("_*", 60), strings.Repeat("**a*", 50), "|a|b|c|d\n|-|-|-|-\n" + strings.Repeat("x\n", 40),
	strings.Repeat("http://", 50), strings.Repeat("mailto:", 50), strings.Repeat("http://a.io ", 100), strings.Repeat("http://a(", 100), "http://a.example/" + strings.Repeat("(", 200), "http://a.example/" + strings.Repeat("'", 200),
}

func TestAttacksStayText(t *testing.T) {
	for _, text := range attacks {
		checkHTML(t, text)
		checkHTML(t, "x "+text+" http://b.example y")
		checkHTML(t, `http://b.example/`+text)
		checkHTML(t, "mailto:"+text)
	}
}

func FuzzRenderHTML(f *testing.F) {
	for _, text := range attacks {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if utf8.ValidString(text) && !strings.ContainsRune(text, 0) { // what else the door refuses
			checkHTML(t, text)
		}
	})
}

// checkHTML says what holds for every text: its markup has only elements, attributes and addresses that a message may
// have, is no more than ten times as long, and is made within bounded time.
func checkHTML(t *testing.T, text string) {
	t.Helper()
	begun := time.Now()
	markup := makeHTML(text, nil)
	if took := time.Since(begun); took > time.Second { // the budget is 50 ms, see TestRenderingIsBounded; this is for a busy machine
		t.Errorf("%q took %v", text, took)
	}
	if markup == "" {
		return // the client shows the text
	}
	if max := 10*len(text) + 128; len(markup) > max {
		t.Errorf("%q became %d bytes, from %d", text, len(markup), len(text))
	}
	nodes, err := html.ParseFragment(strings.NewReader(markup), &html.Node{Type: html.ElementNode, Data: "div", DataAtom: atom.Div})
	if err != nil {
		t.Fatal(err)
	}
	var back strings.Builder
	for _, n := range nodes {
		if err := html.Render(&back, n); err != nil {
			t.Fatal(err)
		}
		checkNode(t, text, n, 0)
	}
	// A browser that reads it and writes it down has the same, so no element ended where it was not meant to.
	if plain := strings.NewReplacer("<tbody>", "", "</tbody>", "", "<br/>", "<br>", "<hr/>", "<hr>"); plain.Replace(back.String()) != strings.ReplaceAll(markup, "\r", "\n") {
		t.Errorf("%q became %s, which is read as %s", text, markup, back.String())
	}
}

const messageElements = " p br hr em strong del code pre blockquote ul ol li table tbody tr th td div span a "

func checkNode(t *testing.T, text string, n *html.Node, depth int) {
	t.Helper()
	switch {
	case n.Type == html.TextNode:
		return
	case n.Type != html.ElementNode || !strings.Contains(messageElements, " "+n.Data+" "):
		t.Errorf("%q has become a <%s>", text, n.Data)
	case depth > 60:
		t.Fatalf("%q is %d elements deep", text, depth)
	case n.Data == "a":
		if err := checkLink(n); err != nil {
			t.Errorf("%q: %v", text, err)
		}
	default:
		for _, a := range n.Attr {
			if a.Key != "class" && !(a.Key == "start" && n.Data == "ol") || strings.Trim(a.Val, "abcdefghijklmnopqrstuvwxyz0123456789") != "" {
				t.Errorf("%q has become <%s %s=%q>", text, n.Data, a.Key, a.Val)
			}
		}
	}
	for c := range n.ChildNodes() {
		if n.Data == "a" && c.Type == html.ElementNode && c.Data == "a" {
			t.Errorf("%q has a link in a link", text)
		}
		checkNode(t, text, c, depth+1)
	}
}

// checkLink says what is wrong with a link.
func checkLink(n *html.Node) error {
	if len(n.Attr) != 3 || n.Attr[0].Key != "href" || n.Attr[1] != (html.Attribute{Key: "rel", Val: "noopener noreferrer nofollow ugc"}) || n.Attr[2] != (html.Attribute{Key: "target", Val: "_blank"}) {
		return fmt.Errorf("attributes %v", n.Attr)
	}
	address := n.Attr[0].Val
	u, err := url.Parse(address)
	if err != nil {
		return err
	}
	if u.Scheme != "http" && u.Scheme != "https" && u.Scheme != "mailto" || u.Scheme != "mailto" && u.Host == "" || u.User != nil {
		return fmt.Errorf("it leads to %s", u)
	}
	if strings.ContainsFunc(address, func(r rune) bool { return r <= ' ' || r == 0x7f }) {
		return fmt.Errorf("blanks in %q", address)
	}
	return nil
}

// TestRenderingIsBounded: 16 KiB of whatever is hard for a parser are made in no more than 50 ms (the fastest of
// twenty times, because the machine has other things to do).
func TestRenderingIsBounded(t *testing.T) {
	if raceEnabled {
		t.Skip("times mean nothing under the race detector")
	}
	const budget = 50 * time.Millisecond
	for _, unit := range []string{
		"*a ", "**a ", "_a ", "*_", "*a_ ", "**a*", "a**b", "~~a ", "~", "[", "]", "[]", "![", "[a](", "[a](b", "[a](<b", "[[a]]", "`", "`a", "``a`", "<", "<a", "<a:b", "\\", "&", "&#x", "> ", ">", "- ", "* ", "1. ", "# ", "#", "\n", " \n",
		"a\n", "> a\n", "- a\n", "- a\n\n", " - a\n  ", "1. a\n", "|", "|a", "|-", "|a|b|\n|-|-|\n", "```\n", "~~~\n", "~~~a\n", "---\n", "- [ ] a\n", "http://", "mailto:", "http://a.io ", "http://a.io/*_", "http://a(", "(http://a.io)", "[http://a.io](http://a.io) ", "<http://a.io> ", "[a](http://a.io)", "*[a](http://a.io)* ",
		"!", "\\*", "a ", "ä", "👍", "\u0301", "\t", "> - ", "- > ", ">>>>>>>> - - a\n", "*a* ", "**a** ", "`a` ", "a*a*", "\"", "'", "/*", "// ", "+a\n",
	} {
		for _, before := range []string{"", "*a* ", "http://a.example ", "|a|b|c|d|e|f|\n|-|-|-|-|-|-|\n", "- a\n", "> ", "```go\n", "```py\n", "```html\n", "```sql\n", "```diff\n"} {
			text := before + strings.Repeat(unit, (16<<10-len(before))/len(unit))
			best := time.Hour
			for range 20 {
				begun := time.Now()
				makeHTML(text, nil)
				if best = min(best, time.Since(begun)); best < budget/2 {
					break
				}
			}
			if best > budget {
				t.Errorf("%q and many %q take %v", before, unit, best)
			}
			checkHTML(t, text)
		}
	}
}

// TestDirtyMarkupIsNotShown: what the writer never makes would not get through either.
func TestDirtyMarkupIsNotShown(t *testing.T) {
	for _, markup := range []string{
		`<script>x</script>`, `<img src="http://a.example">`, `<a href="javascript:x" rel="noopener noreferrer nofollow ugc" target="_blank">x</a>`, `<a href="http://a.example">x</a>`, `<p onclick="x">y</p>`,
		`<p style="x">y</p>`, `<p class="message">y</p>`, `<p id="x">y</p>`, `<em>x`, `x</em>`, `<em><strong>x</em></strong>`, `<!-- x -->`, `<!doctype html>`, `<ol start="-1"></ol>`, `<ul start="1"></ul>`, `<br/>`, `<svg></svg>`, `<input>`,
	} {
		if clean(markup) {
			t.Errorf("%s is taken for clean", markup)
		}
	}
}

func BenchmarkRenderHTML(b *testing.B) {
	for name, text := range map[string]string{
		"plain":    "a message of the usual length, which is not very long",
		"markdown": "a message of the *usual* length, `which` is not **very** long",
		"code":     "look:\n```go\nfunc main() {\n\tfmt.Println(\"hi\") // there\n}\n```",
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if !plain(text) {
					makeHTML(text, nil)
				}
			}
		})
	}
}
