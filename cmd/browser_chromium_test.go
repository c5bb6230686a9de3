package cmd_test

import (
	"context"
	"os"
	"os/exec"
	"testing"

	"github.com/chromedp/chromedp"
)

// openChromium starts one browser for a whole test; a person gets a profile of his own in
// it (see page). It ends with the test.
func openChromium(t *testing.T, more ...chromedp.ExecAllocatorOption) context.Context {
	t.Helper()
	path := findChromium()
	if path == "" {
		missing(t, "there is no Chromium in the PATH")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path),
		chromedp.UserDataDir(t.TempDir()),
		chromedp.Flag("headless", "new"),
		chromedp.Flag("hide-scrollbars", false), // people have them, and they take room
		chromedp.NoSandbox,                      // it needs rights that containers do not give, and only our own pages are visited
		chromedp.DisableGPU,
		chromedp.Flag("blink-settings", mouse),
		chromedp.WindowSize(1280, 800),
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("host-resolver-rules", "MAP "+lan+" 127.0.0.1, "+nowhereElse),
	)
	allocator, release := chromedp.NewExecAllocator(context.Background(), append(options, more...)...)
	ctx, _ := chromedp.NewContext(allocator)
	t.Cleanup(func() {
		if err := chromedp.Cancel(ctx); err != nil {
			t.Errorf("Chromium did not end well: %v", err)
		}
		release()
	})
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("Chromium does not start: %v", err)
	}
	return ctx
}

// lan is an address that leads to this machine as one in a home would: it is not encrypted,
// and not of this machine for all that the browser knows.
const lan = "192.168.1.20"

// nowhereElse keeps the browser's own curiosity at home.
const nowhereElse = "MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"

// mouse says that there is one, which hovers and is exact, though the machine may have none.
const mouse = "primaryPointerType=4,availablePointerTypes=4,primaryHoverType=2,availableHoverTypes=2"

func findChromium() string {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

// missing ends a test that lacks something: at home it is skipped, in CI it fails.
func missing(t testing.TB, what string) {
	t.Helper()
	if os.Getenv("CI") != "" {
		t.Fatal(what)
	}
	t.Skip(what)
}
