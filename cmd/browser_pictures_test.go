package cmd_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

var pictures = flag.String("screenshots", "", "a `FOLDER` for TestScreenshots to write to")

// told is a conversation to look at: who, and what.
var told = []struct{ who, text string }{
	{"Ana", "Morning! Who is coming to the lake on Saturday?"},
	{"Ben", "Me 🙋"},
	{"Ben", "I can take three people and one very wet dog."},
	{"Chloé", "Count me in. I'll bring the cake:\n– apricots\n– far too much butter"},
	{"Deniz", "Is there a train that isn't at dawn?"},
	{"Ana", "9:12 from platform 4, it's all here: https://example.org/trains/saturday"},
	{"Ana", "We meet under the clock at nine."},
	{"Deniz", "You are all lucky that I like you."},
	{"Ben", "The dog says thank you."},
	{"Chloé", "Done then 🏊 I'm telling my sister."},
}

// hues are the colours of the people who tell it: a person's colour belongs to who he is,
// and that is drawn anew with every first visit.
var hues = []string{"hue-1", "hue-8", "hue-11", "hue-5"}

// TestScreenshots takes the pictures of the README: go test ./cmd -run TestScreenshots -screenshots FOLDER
func TestScreenshots(t *testing.T) {
	if *pictures == "" {
		t.Skip("it is told where by -screenshots FOLDER")
	}
	const address = lan + ":5000"
	s := newStage(t, nil)
	s.chromium = openChromium(t, chromedp.Flag("hide-scrollbars", true), chromedp.Flag("host-resolver-rules",
		"MAP "+address+" "+strings.TrimPrefix(s.URL, "http://")+", "+nowhereElse))
	s.URL = "http://" + address

	everybody := map[string]*person{}
	for i, name := range []string{"Ana", "Ben", "Chloé", "Deniz"} {
		everybody[name] = s.person(name)
		everybody[name].joinsInColour(hues[i])
	}
	for _, m := range told {
		p := everybody[m.who]
		p.inserts(m.text)
		p.presses(enter)
		p.seesSent(m.text)
	}
	chloé, guest := everybody["Chloé"], s.person("guest")
	chloé.livesIn(whereItIsNine(), "en-GB")
	chloé.opens("/")
	s.mayLog("Cross-Origin-Opener-Policy", "Origin-Agent-Cluster")
	chloé.waits("everybody", func(v view) bool { return len(v.Here) == len(everybody) })
	for name, screen := range map[string]screen{"wide": {1280, 800, false}, "phone": {390, 844, true}} {
		for _, scheme := range []string{"light", "dark"} {
			for _, p := range []*person{chloé, guest} {
				p.hasScreen(screen)
				p.prefers("color-scheme", scheme)
			}
			guest.opens("/login")
			guest.waits("the cursor in the field", func(v view) bool { return v.Focus == "nickname" })
			guest.pictured("login-" + name + "-" + scheme)
			for chloé.looks().Typing == "" {
				everybody["Deniz"].types("I will be there at ")
			}
			chloé.pictured("room-" + name + "-" + scheme)
		}
	}
}

// joinsInColour comes in again and again until the colour is right.
func (p *person) joinsInColour(hue string) {
	p.stage.Helper()
	p.joins()
	for asks[bool](p.webPage, `document.querySelector("#people-list > li:has(.you) ."+%v) === null`, hue) {
		p.clicks("Sign out")
		p.waits("the page to join", func(v view) bool { return v.Path == "/login" })
		p.signsIn(p.name)
		p.isIn()
	}
}

// whereItIsNine is a time zone in which it is between nine and ten in the morning.
func whereItIsNine() string {
	west := time.Now().UTC().Hour() - 9 // in these names, + is west of Greenwich
	if west > 12 {
		west -= 24
	}
	return fmt.Sprintf("Etc/GMT%+d", west)
}

// pictured writes what a person sees into a file.
func (p *person) pictured(name string) {
	p.stage.Helper()
	path := filepath.Join(*pictures, name+".png")
	if err := os.MkdirAll(*pictures, 0o755); err != nil {
		p.fail("%v", err)
	}
	if err := os.WriteFile(path, do(p.webPage, chromedp.CaptureScreenshot()), 0o644); err != nil {
		p.fail("%v", err)
	}
}
