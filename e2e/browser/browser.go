// Package browser looks at the pages of meshctl as its users do: in a real
// Chromium, at the widths of a desk and of a phone, light and dark. It is a
// module of its own, so that what drives the browser never reaches meshctl's
// go.mod; see README.md.
package browser

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// patience is how long a page may take to become what a test awaits.
const patience = 60 * time.Second

// Browser is a running Chromium.
type Browser struct{ context context.Context }

// Start starts Chromium, which ends with the test. Where there is none the test
// is skipped; MESHCTL_BROWSER=required makes that a failure.
func Start(t *testing.T) *Browser {
	t.Helper()
	program := find()
	if program == "" {
		const missing = "needs Chromium: apt-get install chromium"
		if os.Getenv("MESHCTL_BROWSER") == "required" {
			t.Fatal(missing)
		}
		t.Skip(missing)
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(program),
		chromedp.WSURLReadTimeout(patience),
		// Chromium refuses to run as root with its sandbox; it sees pages of the test only.
		chromedp.Flag("no-sandbox", os.Geteuid() == 0),
		chromedp.Flag("disable-dev-shm-usage", true),
	)
	allocated, end := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(end)
	started, stop := chromedp.NewContext(allocated)
	t.Cleanup(stop)
	if err := chromedp.Run(started); err != nil {
		t.Fatalf("starting %s: %v", program, err)
	}
	return &Browser{started}
}

func find() string {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome-stable", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

// View is how a page is looked at.
type View struct {
	Width, Height int
	Dark          bool
}

// Views are those in which every page has to be usable.
func Views() []View {
	return []View{{1280, 900, false}, {1280, 900, true}, {400, 800, false}, {400, 800, true}}
}

// String names the view in tests and files: "1280-dark".
func (v View) String() string { return fmt.Sprintf("%d-%s", v.Width, v.scheme()) }

func (v View) scheme() string {
	if v.Dark {
		return "dark"
	}
	return "light"
}

// Page is an open page.
type Page struct {
	context context.Context

	mu       sync.Mutex
	troubles []string
}

// Visit opens a page. What the console, the network or a script of the page
// complains about fails the test when it asks for Sound.
func (b *Browser) Visit(t *testing.T, url string, view View) *Page {
	t.Helper()
	tab, end := chromedp.NewContext(b.context)
	t.Cleanup(end)
	p := &Page{context: tab}
	// The tab lives as long as the context of its first run, which must not be one with a deadline.
	if err := chromedp.Run(tab); err != nil {
		t.Fatal(err)
	}
	chromedp.ListenTarget(tab, p.hear)
	p.run(t,
		network.Enable(), log.Enable(), runtime.Enable(),
		chromedp.EmulateViewport(int64(view.Width), int64(view.Height)),
		emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: view.scheme()}}),
		chromedp.Navigate(url),
		chromedp.WaitReady("body"),
	)
	return p
}

func (p *Page) hear(event any) {
	trouble := ""
	switch event := event.(type) {
	case *runtime.EventExceptionThrown:
		trouble = event.ExceptionDetails.Error()
	case *log.EventEntryAdded:
		if event.Entry.Level == log.LevelError || event.Entry.Level == log.LevelWarning {
			trouble = string(event.Entry.Level) + ": " + event.Entry.Text + " " + event.Entry.URL
		}
	case *runtime.EventConsoleAPICalled:
		if event.Type == runtime.APITypeError || event.Type == runtime.APITypeWarning || event.Type == runtime.APITypeAssert {
			trouble = "console." + string(event.Type)
			for _, argument := range event.Args {
				trouble += " " + string(argument.Value)
			}
		}
	case *network.EventResponseReceived:
		if event.Response.Status >= 400 {
			trouble = fmt.Sprintf("%s: %d", event.Response.URL, event.Response.Status)
		}
	}
	if trouble != "" {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.troubles = append(p.troubles, trouble)
	}
}

func (p *Page) run(t *testing.T, actions ...chromedp.Action) {
	t.Helper()
	ctx, cancel := context.WithTimeout(p.context, patience)
	defer cancel()
	if err := chromedp.Run(ctx, actions...); err != nil {
		t.Fatal(err)
	}
}

// Sound fails the test if the page complained about anything since it was
// opened, or is wider than its window.
func (p *Page) Sound(t *testing.T) {
	t.Helper()
	p.mu.Lock()
	for _, trouble := range p.troubles {
		t.Errorf("the page complains: %s", trouble)
	}
	p.mu.Unlock()
	var size struct{ Page, Window int }
	p.Eval(t, `({Page: document.documentElement.scrollWidth, Window: window.innerWidth})`, &size)
	if size.Page > size.Window {
		t.Errorf("the page is %d pixels wide in a window of %d", size.Page, size.Window)
	}
}

// Eval evaluates a JavaScript expression in the page.
func (p *Page) Eval(t *testing.T, expression string, result any) {
	t.Helper()
	p.run(t, chromedp.Evaluate(expression, result))
}

// Await waits until a JavaScript expression is true.
func (p *Page) Await(t *testing.T, expression string) {
	t.Helper()
	deadline := time.Now().Add(patience)
	for {
		var yes bool
		p.Eval(t, "Boolean("+expression+")", &yes)
		if yes {
			return
		}
		if time.Now().After(deadline) {
			var text string
			p.Eval(t, "document.body.innerText", &text)
			t.Fatalf("%s does not come true within %s; the page says:\n%s", expression, patience, text)
		}
		time.Sleep(100 * time.Millisecond)
	}
}

// Shoot writes a screenshot of the whole page to NAME.png in the folder that
// MESHCTL_SCREENSHOTS names, if it names one: to be looked at.
func (p *Page) Shoot(t *testing.T, name string) {
	t.Helper()
	folder := os.Getenv("MESHCTL_SCREENSHOTS")
	if folder == "" {
		return
	}
	const lossless = 100
	var picture []byte
	p.run(t, chromedp.FullScreenshot(&picture, lossless))
	if err := os.WriteFile(filepath.Join(folder, name+".png"), picture, 0o600); err != nil {
		t.Fatal(err)
	}
}
