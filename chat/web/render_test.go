package web

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
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
		"<http://a.example/>":               "&lt;" + link("http://a.example/") + "&gt;",
		"\"http://a.example/\"":             "&#34;" + link("http://a.example/") + "&#34;",
		"http://a.example/?a=1&b=2":         link("http://a.example/?a=1&amp;b=2"),
		"http://a.example http://b.example": link("http://a.example") + " " + link("http://b.example"),
		"http://ä.example/ö":                link("http://ä.example/ö"),
		"http://[::1]:5000/":                link("http://[::1]:5000/"),
		"<b>http://a.example</b>":           "&lt;b&gt;" + link("http://a.example") + "&lt;/b&gt;",
		"http://bank.example@evil.example/ and http://a:b@c.example": "",
		"http://a.example/\u202egpj.exe":                             "",
		"http://a.example\u200b.evil":                                "",
		"http://a.example\nnext":                                     link("http://a.example") + "\nnext",
	} {
		if got := string(renderHTML(text)); got != want {
			t.Errorf("%q\n got %s\nwant %s", text, got, want)
		}
		checkHTML(t, text)
	}
}

// attacks are texts that somebody hopes to become more than text: from OWASP's list of
// ways around filters, and what is special here, where only addresses become markup.
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

// checkHTML says what holds for every text: its markup is the text, and links to http, https and mailto; nothing else.
func checkHTML(t *testing.T, text string) {
	t.Helper()
	markup := string(renderHTML(text))
	if markup == "" {
		return // the client shows the text
	}
	if max := 10*len(text) + 100; len(markup) > max {
		t.Errorf("%q became %d bytes, from %d", text, len(markup), len(text))
	}
	nodes, err := html.ParseFragment(strings.NewReader(markup), &html.Node{Type: html.ElementNode, Data: "p", DataAtom: atom.P})
	if err != nil {
		t.Fatal(err)
	}
	var content strings.Builder
	links := 0
	for _, n := range nodes {
		switch {
		case n.Type == html.TextNode:
			content.WriteString(n.Data)
		case n.Type == html.ElementNode && n.Data == "a":
			links++
			address, err := checkLink(n)
			if err != nil {
				t.Errorf("%q became %s: %v", text, markup, err)
			}
			content.WriteString(address)
		default:
			t.Errorf("%q became %s", text, markup)
		}
	}
	if links == 0 {
		t.Errorf("%q has markup without a link: %s", text, markup)
	}
	if want := strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text); content.String() != want { // HTML knows one kind of line end
		t.Errorf("%q is shown as %q", text, content.String())
	}
}

// checkLink says what is wrong with a link, or what it is to.
func checkLink(n *html.Node) (string, error) {
	if len(n.Attr) != 3 || n.Attr[0].Key != "href" || n.Attr[1] != (html.Attribute{Key: "rel", Val: "noopener noreferrer nofollow ugc"}) || n.Attr[2] != (html.Attribute{Key: "target", Val: "_blank"}) {
		return "", fmt.Errorf("attributes %v", n.Attr)
	}
	address := n.Attr[0].Val
	if n.FirstChild == nil || n.FirstChild != n.LastChild || n.FirstChild.Type != html.TextNode || n.FirstChild.Data != address {
		return "", fmt.Errorf("it says something else than where it leads")
	}
	u, err := url.Parse(address)
	if err != nil {
		return "", err
	}
	if u.Scheme != "http" && u.Scheme != "https" && u.Scheme != "mailto" || u.Scheme != "mailto" && u.Host == "" {
		return "", fmt.Errorf("it leads to %s", u)
	}
	if strings.TrimSpace(address) != address || strings.ContainsFunc(address, func(r rune) bool { return r < ' ' || r == 0x7f }) {
		return "", fmt.Errorf("blanks in %q", address)
	}
	return address, nil
}
