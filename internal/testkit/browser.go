package testkit

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// Size is the window of a page in CSS pixels.
type Size struct{ Width, Height int }

// The two sizes that every page is looked at in.
var (
	Phone   = Size{390, 844}
	Desktop = Size{1280, 900}
)

// axeSource is axe-core, minified as published (MPL 2.0).
//
//go:embed testdata/axe.min.js
var axeSource string

// Browser is the headless Chromium of this test binary. Each Page of it has its own cookies.
type Browser struct {
	t   testing.TB
	ctx context.Context
}

// started Chromium, with what ends it and takes its folder away.
type chrome struct {
	ctx context.Context
	end func()
}

var (
	chromeMu   sync.Mutex
	chromeOnce *chrome // nil before the first test that needs one
)

// StartBrowser starts Chromium for the first test that asks and gives the same to the others: starting
// takes longer than most tests, and what one test leaves behind stays with the cookies of its own pages.
// The TestMain of the package ends it, see Main. A test that needs a browser and finds none fails.
func StartBrowser(t testing.TB) *Browser {
	t.Helper()
	chromeMu.Lock()
	defer chromeMu.Unlock()
	if chromeOnce == nil || chromeOnce.ctx.Err() != nil { // none yet, or it crashed
		c, err := startChrome()
		if err != nil {
			t.Fatal(err)
		}
		chromeOnce = c
	}
	return &Browser{t: t, ctx: chromeOnce.ctx}
}

// Main runs the tests of a package that looks at pages and ends its Chromium:
//
//	func TestMain(m *testing.M) { os.Exit(testkit.Main(m)) }
func Main(m *testing.M) int {
	code := m.Run()
	chromeMu.Lock()
	defer chromeMu.Unlock()
	if chromeOnce != nil {
		chromeOnce.end()
		chromeOnce = nil
	}
	return code
}

func startChrome() (*chrome, error) {
	path := chromium()
	if path == "" {
		return nil, errors.New("no Chromium found: install it (apt-get install chromium) or set CHROMIUM to its path")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("hide-scrollbars", true),
		// A tab stays in one process from page to page. Else each page begins in a fresh one, where axe has to be
		// compiled again, and the page before lives on in the old.
		chromedp.Flag("disable-back-forward-cache", true), chromedp.Flag("disable-field-trial-config", true),
		chromedp.Flag("disable-features", "Translate,BlinkGenPropertyTrees,PaintHolding,RenderDocument,SpareRendererForSitePerProcess,MediaRouter,OptimizationHints"),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("lang", "id-ID"), chromedp.WSURLReadTimeout(time.Minute))
	ctx, stopAllocator := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, stop := chromedp.NewContext(ctx)
	end := func() { stop(); stopAllocator() }
	err := chromedp.Do(ctx, chromedp.Navigate("about:blank"))
	if err != nil {
		end()
		return nil, fmt.Errorf("start %s: %w", path, err)
	}
	return &chrome{ctx, end}, nil
}

func chromium() string {
	if path := os.Getenv("CHROMIUM"); path != "" {
		return path
	}
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"} {
		path, err := exec.LookPath(name)
		if err == nil {
			return path
		}
	}
	return ""
}

// When a step is given up, and when the work of a child process is. They are for what never comes: a busy machine
// may take its time.
const (
	longestStep = 2 * time.Minute
	longestWork = 15 * time.Minute
)

// Page is one tab. Its methods fail the test; a step may take longestStep.
type Page struct {
	t   testing.TB
	ctx context.Context
}

// Page opens an empty tab with fresh cookies in the size.
func (b *Browser) Page(t testing.TB, size Size) *Page {
	t.Helper()
	ctx, stop := chromedp.NewContext(b.ctx, chromedp.WithNewBrowserContext())
	t.Cleanup(stop)
	// The first run makes the tab, which lives as long as the context of that run.
	err := chromedp.Do(ctx, chromedp.Navigate("about:blank"))
	if err != nil {
		t.Fatalf("open a tab: %v", err)
	}
	p := &Page{t: t, ctx: ctx}
	// Each tab believes that it is the one in front, also when another was opened after it.
	p.Do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true})
		return err
	}))
	p.Resize(size)
	return p
}

// Do runs steps of chromedp for what Page has no method for.
func (p *Page) Do(steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	for _, step := range steps {
		_, err := run(p, step)
		if err != nil {
			p.t.Fatal(err)
		}
	}
}

func run[T any](p *Page, a chromedp.Action[T]) (T, error) {
	ctx, cancel := context.WithTimeout(p.ctx, longestStep)
	defer cancel()
	return chromedp.Run(ctx, a)
}

// Resize changes the window.
func (p *Page) Resize(size Size) {
	p.t.Helper()
	p.Do(chromedp.EmulateViewport(int64(size.Width), int64(size.Height)))
}

// Open goes to an address and waits until the page has loaded.
func (p *Page) Open(url string) {
	p.t.Helper()
	p.Do(chromedp.Navigate(url))
}

// Look switches dark mode and paper on or off.
func (p *Page) Look(dark, paper bool) {
	p.t.Helper()
	scheme, media := "light", "screen"
	if dark {
		scheme = "dark"
	}
	if paper {
		media = "print"
	}
	p.Do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: media,
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"}}})
		return err
	}))
}

// Click clicks the first element of the CSS selector.
func (p *Page) Click(selector string) { p.t.Helper(); p.Do(chromedp.Click(chromedp.CSS(selector))) }

// Submit presses a button or a link and waits until the next page has loaded.
func (p *Page) Submit(selector string) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, longestStep)
	defer cancel()
	button := chromedp.CSS(selector) // by the keyboard: a click misses what moves as the page around it is drawn
	_, err := chromedp.RunResponse(ctx, chromedp.WaitVisible(button), chromedp.Focus(button), chromedp.KeyEvent(kb.Enter))
	if err != nil {
		p.t.Fatalf("submit %s: %v", selector, err)
	}
}

// Type types into the first element of the selector.
func (p *Page) Type(selector, text string) {
	p.t.Helper()
	p.Do(chromedp.SendKeys(chromedp.CSS(selector), text))
}

// Set gives a field its value and tells the page of the change: dates and selects.
func (p *Page) Set(selector, value string) {
	p.t.Helper()
	p.Eval(fmt.Sprintf(`(()=>{const e=document.querySelector(%q);e.value=%q;e.dispatchEvent(new Event("input",{bubbles:true}));e.dispatchEvent(new Event("change",{bubbles:true}));return ""})()`, selector, value))
}

// Press sends keys to whatever has the focus; kb of chromedp names special ones.
func (p *Page) Press(keys string) { p.t.Helper(); p.Do(chromedp.KeyEvent(keys)) }

// Wait waits until the selector matches something visible.
func (p *Page) Wait(selector string) {
	p.t.Helper()
	_, err := run(p, chromedp.WaitVisible(chromedp.CSS(selector)))
	if err != nil {
		p.t.Fatalf("wait for %s: %v\n%s", selector, err, p.Eval(`document.body.innerText.slice(0,1500)`))
	}
}

// WaitUntil waits until the JavaScript expression is true.
func (p *Page) WaitUntil(expression string) { p.t.Helper(); p.waitUntil(expression, longestStep) }

// WaitForWork is WaitUntil for what a child process finds out, which steps back from all other tests.
func (p *Page) WaitForWork(expression string) { p.t.Helper(); p.waitUntil(expression, longestWork) }

func (p *Page) waitUntil(expression string, longest time.Duration) {
	p.t.Helper()
	end := time.Now().Add(longest)
	for time.Now().Before(end) {
		if p.Eval("String(!!("+expression+"))") == "true" {
			return
		}
		time.Sleep(30 * time.Millisecond)
	}
	p.t.Fatalf("never true: %s", expression)
}

// Text is what a person reads in the first element of the selector.
func (p *Page) Text(selector string) string {
	p.t.Helper()
	return p.Eval(fmt.Sprintf(`(document.querySelector(%q)||{innerText:""}).innerText`, selector))
}

// Eval runs JavaScript that gives a text.
func (p *Page) Eval(script string) string {
	p.t.Helper()
	text, err := run(p, chromedp.Evaluate[string](script))
	if err != nil {
		p.t.Fatalf("evaluate %.120s: %v", script, err)
	}
	return text
}

// URL is the address of the page.
func (p *Page) URL() string { p.t.Helper(); return p.Eval("location.href") }

// Shot writes a picture of the whole page as PNG, making the folder.
func (p *Page) Shot(file string) {
	p.t.Helper()
	png, err := run(p, chromedp.FullScreenshot(100))
	if err != nil {
		p.t.Fatal(err)
	}
	err = os.MkdirAll(filepath.Dir(file), 0o755)
	if err != nil {
		p.t.Fatal(err)
	}
	err = os.WriteFile(file, png, 0o644)
	if err != nil {
		p.t.Fatal(err)
	}
}

// axeCall runs axe on the whole page, with the rules asked for, and writes each violation on a line. Of what
// axe loads beforehand none of these rules needs the style sheets once more.
const axeCall = `(async()=>{const r=await axe.run(document,{runOnly:%s,resultTypes:["violations"],preload:{assets:["media"]}});
return r.violations.map(v=>v.id+" ("+v.impact+"): "+v.help+"\n"+v.nodes.slice(0,4).map(n=>"    "+n.target.join(" ")+"  "+(n.any.concat(n.all,n.none)[0]||{message:""}).message).join("\n")).join("\n")})()`

const (
	everyRule = `["wcag2a","wcag2aa","wcag21a","wcag21aa","wcag22aa","best-practice"]`
	// Those whose answer is another one when the same page has other colours.
	colourRules = `{type:"rule",values:["color-contrast","link-in-text-block"]}`
)

// Axe fails the test when axe-core finds a violation of WCAG 2.2 AA or of good practice.
func (p *Page) Axe() { p.t.Helper(); p.axe(everyRule) }

// AxeColours is Axe for a page that it has passed in other colours: only what colours decide.
func (p *Page) AxeColours() { p.t.Helper(); p.axe(colourRules) }

func (p *Page) axe(rules string) {
	p.t.Helper()
	if p.Eval(`typeof axe`) == "undefined" { // else this document has it from the look before
		_, err := run(p, chromedp.Evaluate[string](axeSource+`;""`))
		if err != nil {
			p.t.Fatalf("load axe: %v", err)
		}
	}
	found, err := run(p, chromedp.Evaluate[string](fmt.Sprintf(axeCall, rules), chromedp.EvalAwaitPromise))
	if err != nil {
		p.t.Fatalf("run axe: %v", err)
	}
	if found != "" {
		p.t.Errorf("axe at %s:\n%s", p.URL(), found)
	}
}

// layoutCall names what is wider than the window and controls too small for a thumb. Links inside
// a sentence may be small.
const layoutCall = `(()=>{const out=[];const w=document.documentElement.clientWidth;
const all=document.documentElement.scrollWidth;if(all>w+1){out.push("the page is "+all+" wide, the window "+w);document.querySelectorAll("body *").forEach(e=>{const r=e.getBoundingClientRect();if(r.right>w+1&&r.width>0&&!e.closest(".scroll,.code,.tabs,.visually-hidden"))out.push("too wide: "+e.tagName+"."+e.className+" "+Math.round(r.right))})}
document.querySelectorAll("button,summary,select,input:not([type=hidden]):not([type=checkbox]):not([type=radio]),a.btn,nav a").forEach(e=>{const r=e.getBoundingClientRect();
if(r.width>0&&r.height>0&&r.height<43.5&&!e.closest(".visually-hidden")&&!e.classList.contains("visually-hidden"))out.push("too small: "+e.tagName+"#"+e.id+"."+e.className+" "+Math.round(r.height)+"px")});
return out.slice(0,8).join("\n")})()`

// Fits fails the test when the page scrolls sideways or a control is lower than 44 pixels.
func (p *Page) Fits() {
	p.t.Helper()
	found := strings.TrimSpace(p.Eval(layoutCall))
	if found != "" {
		p.t.Errorf("layout at %s:\n%s", p.URL(), found)
	}
}

// For gives the same tab to a subtest.
func (p *Page) For(t testing.TB) *Page { return &Page{t: t, ctx: p.ctx} }
