package nickname_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/rivo/uniseg"
	"go.uber.org/goleak"
	"golang.org/x/text/unicode/norm"

	"chatd/chat/nickname"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestAccepted(t *testing.T) {
	for name, test := range map[string]struct{ typed, text string }{
		"plain":                      {"ana", "ana"},
		"capitals kept":              {"Ana Novak", "Ana Novak"},
		"blanks folded":              {"  Ana \u00a0\u3000 Novak ", "Ana Novak"},
		"full width folded":          {"Ａｎａ", "Ana"},
		"ligature folded":            {"ﬁlip", "filip"},
		"composed":                   {"Rene\u0301e", "Renée"},
		"one letter":                 {"x", "x"},
		"digits and signs":           {"r2-d2_(ops)", "r2-d2_(ops)"},
		"cyrillic":                   {"Анна", "Анна"},
		"arabic":                     {"محمد", "محمد"},
		"hebrew with digits":         {"דוד 7", "דוד 7"},
		"japanese, three scripts":    {"山田はなこリー", "山田はなこリー"},
		"korean with han":            {"김金", "김金"},
		"taiwanese with bopomofo":    {"王ㄨㄤˊ", "王ㄨㄤˊ"},
		"thai marks":                 {"ที่รัก", "ที่รัก"},
		"devanagari clusters":        {"क्षत्रिय", "क्षत्रिय"},
		"vietnamese":                 {"Nguyễn", "Nguyễn"},
		"emoji":                      {"🦊", "🦊"},
		"emoji among letters":        {"ana ☕", "ana ☕"},
		"emoji form dropped":         {"❤\ufe0f", "❤"},
		"keycap":                     {"1\ufe0f\u20e3", "1\u20e3"},
		"flag":                       {"🇸🇮 Ana", "🇸🇮 Ana"},
		"skin tone":                  {"👍🏽", "👍🏽"},
		"32 graphemes":               {strings.Repeat("é", 32), strings.Repeat("é", 32)},
		"32 graphemes of two points": {strings.Repeat("🇸🇮", 32), strings.Repeat("🇸🇮", 32)},
		"4 marks":                    {"x\u0323\u0307\u0308\u030a", "x\u0323\u0307\u0308\u030a"}, // reordered by NFC, none composes
		"markup is text":             {"<b>ana</b>", "<b>ana</b>"},
		"reserved as a part":         {"administrator", "administrator"},
		"reserved beside another":    {"here I am", "here I am"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := nickname.Parse(test.typed)
			if err != nil {
				t.Fatalf("Parse(%q): %v", test.typed, err)
			}
			if got.Text != norm.NFC.String(test.text) {
				t.Errorf("Parse(%q).Text = %q, want %q", test.typed, got.Text, test.text)
			}
		})
	}
}

func TestRefused(t *testing.T) {
	for name, test := range map[string]struct {
		typed string
		code  nickname.Code
		says  string
	}{
		"empty":                     {"", nickname.Malformed, "Type a nickname"},
		"blanks":                    {" \u00a0\u3000", nickname.Malformed, "Type a nickname"},
		"braille blank":             {"\u2800", nickname.Malformed, "invisible"},
		"hangul filler":             {"\u3164", nickname.Malformed, "invisible"},
		"33 graphemes":              {strings.Repeat("é", 33), nickname.Malformed, "32 characters at most"},
		"one endless grapheme":      {"👍" + strings.Repeat("🏽", 200), nickname.Malformed, "32 characters at most"},
		"a novel":                   {strings.Repeat("x ", 1<<16), nickname.Malformed, "32 characters at most"},
		"not UTF-8":                 {"an\xffa", nickname.Malformed, "UTF-8"},
		"half a surrogate":          {"an\xed\xa0\x80a", nickname.Malformed, "UTF-8"},
		"line break":                {"ana\nadmin", nickname.Malformed, "control"},
		"tab around":                {"\tana", nickname.Malformed, "control"},
		"nul":                       {"ana\x00", nickname.Malformed, "control"},
		"line separator":            {"ana\u2028", nickname.Malformed, "control"},
		"paragraph separator":       {"ana\u2029", nickname.Malformed, "control"},
		"right-to-left override":    {"ana\u202e", nickname.Malformed, "direction"},
		"arabic letter mark":        {"ana\u061c", nickname.Malformed, "direction"},
		"zero width space":          {"an\u200ba", nickname.Malformed, "zero-width"},
		"zero width non-joiner":     {"می\u200cخوا", nickname.Malformed, "zero-width"},
		"joined emoji":              {"👩\u200d🚀", nickname.Malformed, "join"},
		"soft hyphen":               {"an\u00ada", nickname.Malformed, "invisible"},
		"byte order mark":           {"\ufeffana", nickname.Malformed, "invisible"},
		"tag characters":            {"ana\U000e0061", nickname.Malformed, "invisible"},
		"variation selector 1":      {"ana\ufe00", nickname.Malformed, "invisible"},
		"replacement character":     {"an\ufffda", nickname.Malformed, "invisible"},
		"private use":               {"ana\ue000", nickname.Malformed, "“\ue000”"},
		"noncharacter":              {"ana\uffff", nickname.Malformed, "cannot contain"},
		"latin and cyrillic":        {"аna", nickname.Malformed, "(Cyrillic and Latin)"},
		"latin and greek":           {"αna", nickname.Malformed, "(Greek and Latin)"},
		"latin and han":             {"Ken田中", nickname.Malformed, "(Latin and Han)"},
		"kana and hangul with han":  {"金はな김", nickname.Malformed, "(Han, Hiragana and Hangul)"},
		"kana and bopomofo":         {"はㄨ", nickname.Malformed, "more than one script"},
		"5 marks":                   {"x\u0323\u0307\u0308\u030a\u030c", nickname.Malformed, "more than 4 accents"},
		"the same mark twice":       {"e\u0301\u0301", nickname.Malformed, "same accent twice"},
		"mark first":                {"\u0301ana", nickname.Malformed, "without a letter"},
		"mark after a blank":        {"ana \u0301", nickname.Malformed, "without a letter"},
		"admin":                     {"admin", nickname.Reserved, "“admin”"},
		"capitals":                  {"SYSTEM", nickname.Reserved, "“system”"},
		"look-alike letters":        {"adrnin", nickname.Reserved, "“admin”"},
		"full width":                {"ｃｈａｔｄ", nickname.Reserved, "“chatd”"},
		"with blanks":               {" here ", nickname.Reserved, "“here”"},
		"with signs around":         {"@everyone!", nickname.Reserved, "“everyone”"},
		"with emoji":                {"System 🔒", nickname.Reserved, "“system”"},
		"armenian h, latin letters": {"һere", nickname.Malformed, "more than one script"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := nickname.Parse(test.typed)
			e, ok := errors.AsType[*nickname.Error](err)
			if !ok {
				t.Fatalf("Parse(%.40q) = %+v, %v; want a refusal", test.typed, got, err)
			}
			if e.Code != test.code || !strings.Contains(e.Text, test.says) {
				t.Errorf("Parse(%.40q) refused as %s: %s\nwant %s, with %q in it", test.typed, e.Code, e.Text, test.code, test.says)
			}
		})
	}
}

func TestLookAlikes(t *testing.T) {
	for _, pair := range [][2]string{
		{"ana", "ANA"},
		{"ana", "ａｎａ"},
		{"Ian", "lan"},     // capital i, small l
		{"AIl", "All"},     // the same, inside
		{"Bob", "B0b"},     // a zero
		{"paul1", "pauIl"}, // one, then i and l
		{"max", "rnax"},    // m, r n
		{"MAX", "rnax"},    // only after the case is folded
		{"pop", "рор"},     // Latin, Cyrillic
		{"AHA", "АНА"},     // Latin, Cyrillic capitals
		{"Straße", "STRASSE"},
		{"Σίσυφος", "ΣΊΣΥΦΟΣ"}, // final sigma
		{"Renée", "RENE\u0301E"},
		{"ꮈꭰ", "ᎸᎠ"}, // Cherokee
		{"❤", "❤\ufe0f"},
	} {
		a, b := parse(t, pair[0]), parse(t, pair[1])
		if !collide(a, b) {
			t.Errorf("%q and %q do not collide: %q, %q", pair[0], pair[1], a.Keys, b.Keys)
		}
	}
	for _, pair := range [][2]string{
		{"ana", "anna"},
		{"ana", "ána"},
		{"ana 1", "ana 2"},
		{"max", "Mia"},
		{"🦊", "🐻"},
	} {
		a, b := parse(t, pair[0]), parse(t, pair[1])
		if collide(a, b) {
			t.Errorf("%q and %q collide: %q, %q", pair[0], pair[1], a.Keys, b.Keys)
		}
	}
}

func TestInitial(t *testing.T) {
	for name, want := range map[string]string{
		"ana": "A", "élan": "É", "e\u0301lan": "E\u0301", "жена": "Ж", "🇸🇮 Ana": "🇸🇮", "山田": "山", "7up": "7", "": "",
	} {
		if got := nickname.Initial(name); got != want {
			t.Errorf("Initial(%q) = %q, want %q", name, got, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"ana", "", " a  b ", "\u00b4", "x\u00a8", "ﷺ", "ㅋㅋ", "ſ", "İstanbul", "ﬁ", "l·l", "\u1100\u1161", "山田はなこ", "🇸🇮", "e\u0301\u0301",
		"\u037a", "ᾳ", "a\u0345", "ẞ", "ǅ", "０１", "\xff", "\u0649\u0654", "1\ufe0f\u20e3", "｡", "\uffa0",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		name, err := nickname.Parse(typed)
		if err != nil {
			if e, ok := errors.AsType[*nickname.Error](err); !ok || e.Text == "" || !utf8.ValidString(e.Text) {
				t.Fatalf("Parse(%q) is refused without a sentence: %v", typed, err)
			}
			return
		}
		again, err := nickname.Parse(name.Text)
		if err != nil || again.Text != name.Text || !slices.Equal(again.Keys, name.Keys) {
			t.Fatalf("Parse(%q) = %q, and parsing that = %q, %v", typed, name, again, err)
		}
		if n := uniseg.GraphemeClusterCount(name.Text); n < 1 || n > nickname.MaxGraphemes {
			t.Fatalf("Parse(%q) has %d graphemes", typed, n)
		}
		if !norm.NFC.IsNormalString(name.Text) || strings.TrimSpace(name.Text) != name.Text || strings.Contains(name.Text, "  ") {
			t.Fatalf("Parse(%q) = %q: blanks or composition", typed, name.Text)
		}
		if len(name.Keys) == 0 || slices.Contains(name.Keys, "") {
			t.Fatalf("Parse(%q) has no keys to be found by: %q", typed, name.Keys)
		}
		if other, err := nickname.Parse(strings.ToUpper(name.Text)); err == nil && !collide(name, other) && strings.EqualFold(name.Text, other.Text) {
			t.Fatalf("%q and its capitals %q do not collide: %q, %q", name.Text, other.Text, name.Keys, other.Keys)
		}
		if nickname.Initial(name.Text) == "" {
			t.Fatalf("%q has no initial", name.Text)
		}
	})
}

func parse(t *testing.T, typed string) nickname.Name {
	t.Helper()
	name, err := nickname.Parse(typed)
	if err != nil {
		t.Fatalf("Parse(%q): %v", typed, err)
	}
	return name
}

func collide(a, b nickname.Name) bool {
	return slices.ContainsFunc(a.Keys, func(key string) bool { return slices.Contains(b.Keys, key) })
}
