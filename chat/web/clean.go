package web

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// allowed is every element that a message may have, with the classes that it may have. It is the second net: the
// writer in markup.go makes nothing else, and if it ever did, the text would be shown and not the markup.
var allowed = map[string][]string{
	"p": {"heading"}, "br": nil, "hr": nil, "em": nil, "strong": nil, "del": nil, "code": nil, "pre": nil, "blockquote": nil,
	"ul": nil, "ol": nil, "li": {"task"}, "table": nil, "tr": nil, "th": {"right", "center"}, "td": {"right", "center"},
	"div": {"code", "table"}, "a": nil, "span": {"mention", "mention all", "emoji", "box", "k", "s", "c", "n", "f", "i", "d"},
}

// clean says whether markup has only elements, attributes and addresses that a message may have, each closed where it should be.
func clean(markup string) bool {
	tokens := html.NewTokenizer(strings.NewReader(markup))
	var open []string
	for {
		switch tokens.Next() {
		case html.ErrorToken:
			return len(open) == 0
		case html.TextToken:
		case html.StartTagToken:
			t := tokens.Token()
			classes, known := allowed[t.Data]
			if !known || !cleanAttributes(t, classes) {
				return false
			}
			if t.Data != "br" && t.Data != "hr" {
				open = append(open, t.Data)
			}
		case html.EndTagToken:
			t := tokens.Token()
			if len(open) == 0 || open[len(open)-1] != t.Data {
				return false
			}
			open = open[:len(open)-1]
		default: // a comment, a doctype
			return false
		}
	}
}

func cleanAttributes(t html.Token, classes []string) bool {
	if t.Data == "a" {
		return len(t.Attr) == 3 && t.Attr[0].Key == "href" && followable(t.Attr[0].Val) &&
			t.Attr[1] == html.Attribute{Key: "rel", Val: "noopener noreferrer nofollow ugc"} && t.Attr[2] == html.Attribute{Key: "target", Val: "_blank"}
	}
	for _, a := range t.Attr {
		switch {
		case a.Key == "class" && slices.Contains(classes, a.Val):
		case a.Key == "data-person" && len(t.Attr) == 2 && t.Attr[0] == html.Attribute{Key: "class", Val: "mention"} && parseID(a.Val) != 0:
		case a.Key == "start" && t.Data == "ol" && len(a.Val) < 11 && strings.Trim(a.Val, "0123456789") == "":
		default:
			return false
		}
	}
	return true
}
