package cmd_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
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
		if want, _ := regexp.MatchString(*pictured, name); !want {
			return
		}
		device := map[screen]string{wide: "wide", small: "phone"}[on]
		for _, scheme := range []string{"light", "dark"} {
			p.prefers("color-scheme", scheme)
			p.pictured(name + "-" + device + "-" + scheme)
		}
	}
	town := newTown(s, func(t *town) {
		t.chloé.livesIn(whereItIsNine(), "en-GB")
		s.mayLog("Cross-Origin-Opener-Policy", "Origin-Agent-Cluster", "status of 4")
		t.show(t.emptyHouse(), takes, wide, small)
	})
	town.show(town.screens(), takes, wide, small)
	for _, p := range []*person{town.ana, town.chloé} {
		p.speaks("ar")
	}
	town.show(town.mainScreens("-arabic"), takes, wide, small)
	for _, p := range []*person{town.ana, town.chloé} {
		p.speaks("")
	}
	town.show([]scene{{"room-offline", town.chloé, "/r/lobby", then(func(p *person, _ screen) {
		s.mayLog(whileAway...)
		s.server.stop(s)
		p.writes("Is anybody there?")
		p.seesStatus("econnecting")
	})}}, func(p *person, name string, on screen) {
		takes(p, name, on)
		s.starts()
	}, wide, small)
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
