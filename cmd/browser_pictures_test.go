package cmd_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

var (
	pictures = flag.String("screenshots", "", "a `FOLDER` for TestScreenshots to write to")
	pictured = flag.String("screens", "", "a `PATTERN`: only the screens whose names it matches")
)

// TestScreenshots takes a picture of every screen, wide and as on a phone, in light and dark, and in Arabic of those
// that matter most: go test ./cmd -run TestScreenshots -screenshots FOLDER
func TestScreenshots(t *testing.T) {
	if *pictures == "" {
		t.Skip("it is told where by -screenshots FOLDER")
	}
	const address = lan + ":5000"
	s := newStage(t, nil)
	s.chromium = openChromium(t, chromedp.Flag("hide-scrollbars", true), chromedp.Flag("host-resolver-rules",
		"MAP "+address+" "+strings.TrimPrefix(s.URL, "http://")+", "+nowhereElse))
	s.URL = "http://" + address
	wide, small := screen{1280, 800, false}, screen{390, 844, true}
	takes := func(p *person, name string, on screen) {
		device := map[screen]string{wide: "wide", small: "phone"}[on]
		for _, scheme := range []string{"light", "dark"} {
			p.prefers("color-scheme", scheme)
			p.pictured(name + "-" + device + "-" + scheme)
		}
	}
	only := regexp.MustCompile(*pictured)
	chosen := func(scenes []scene) []scene {
		return slices.DeleteFunc(scenes, func(s scene) bool { return !only.MatchString(s.name) })
	}
	town := newTown(s, func(t *town) {
		t.chloé.livesIn(whereItIsNine(), "en-GB")
		s.mayLog("Cross-Origin-Opener-Policy", "Origin-Agent-Cluster", "status of 4")
		t.show(chosen(t.emptyHouse()), takes, wide, small)
	})
	town.show(chosen(town.screens()), takes, wide, small)
	for _, p := range []*person{town.ana, town.chloé} {
		p.speaks("ar")
	}
	town.show(chosen(town.mainScreens("-arabic")), takes, wide, small)
	for _, p := range []*person{town.ana, town.chloé} {
		p.speaks("")
	}
	s.mayLog(whileAway...)
	for _, on := range []screen{wide, small} {
		if scenes := chosen(town.offline()); len(scenes) > 0 { // they stop the server
			town.show(scenes, takes, on)
			s.starts()
		}
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
