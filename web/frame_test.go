package web

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"layak/internal/auth"
	"layak/policy"
)

var messageKey = regexp.MustCompile(`"([a-z]+\.[a-z][a-z_0-9]*(?:\.[a-z_]+)?)"`)

// TestEveryKeyIsAMessage reads the templates and the code for texts that look like message keys.
func TestEveryKeyIsAMessage(t *testing.T) {
	d := newDesk(t, Services{})
	words := d.words.For("id")
	var files []string
	for _, pattern := range []string{"templates/*.html", "templates/*/*.html", "page_*.go", "base.go", "errors.go"} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, found...)
	}
	checked := 0
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range messageKey.FindAllStringSubmatch(string(text), -1) {
			key := m[1]
			if strings.HasSuffix(key, ".html") || strings.HasSuffix(key, ".svg") || strings.HasSuffix(key, ".css") || strings.HasSuffix(key, ".js") ||
				strings.HasSuffix(key, ".json") || isPermission(key) || isOfRules(key) || strings.HasSuffix(key, "_") {
				continue
			}
			checked++
			if !words.Has(key) {
				t.Errorf("%s uses %q, which is no message", file, key)
			}
		}
	}
	if checked < 100 {
		t.Fatalf("only %d keys were seen; the search is broken", checked)
	}
}

// isOfRules tells that a text names a fact, a parameter or a package of the rules.
func isOfRules(key string) bool {
	root, _, _ := strings.Cut(key, ".")
	return slices.Contains([]string{"input", "current", "layak", "data"}, root) || slices.Contains(policy.PopulationColumns(), key)
}

func isPermission(key string) bool {
	for _, p := range auth.Permissions() {
		if string(p) == key {
			return true
		}
	}
	return false
}

// inline finds what the content policy forbids: scripts, styles and handlers inside a page.
var inline = regexp.MustCompile(`(?i)<script(?:>|\s(?:[^>]*[^>])?>\s*[^<\s])|<style|\sstyle=|\son[a-z]+=|javascript:`)

// TestEveryStateRenders draws each state of the gallery in both languages: one first heading, a
// language, no inline script or style, no template left-over, each label for a field that exists
// and no id twice.
func TestEveryStateRenders(t *testing.T) {
	d := newDesk(t, Services{})
	ids := regexp.MustCompile(`\sid="([^"]+)"`)
	labels := regexp.MustCompile(`<label[^>]*\sfor="([^"]+)"`)
	for _, lang := range []string{"id", "en"} {
		d.client = d.visitor()
		d.post("/sign-in", "/language", map[string][]string{"lang": {lang}, "back": {"/sign-in"}})
		for _, st := range d.gallery() {
			t.Run(lang+"/"+st.Name, func(t *testing.T) {
				a := d.get("/gallery/" + st.Name)
				if a.StatusCode != http.StatusOK {
					t.Fatalf("status %d: %s", a.StatusCode, d.log.String())
				}
				if strings.Count(a.body, "<h1") != 1 || !strings.Contains(a.body, `<html lang="`+lang+`"`) {
					t.Error("the page has not exactly one first heading, or the wrong language")
				}
				if found := inline.FindString(a.body); found != "" {
					t.Errorf("inline: %q", found)
				}
				for _, left := range []string{"&lt;nil", "%!", "<no value>", "ZgotmplZ"} {
					if strings.Contains(a.body, left) {
						t.Errorf("the page says %q", left)
					}
				}
				seen := map[string]bool{}
				for _, m := range ids.FindAllStringSubmatch(a.body, -1) {
					if seen[m[1]] {
						t.Errorf("id %q stands twice", m[1])
					}
					seen[m[1]] = true
				}
				for _, m := range labels.FindAllStringSubmatch(a.body, -1) {
					if !seen[m[1]] {
						t.Errorf("a label is for %q, which does not exist", m[1])
					}
				}
			})
		}
	}
}

func TestEveryTemplateIsInTheGallery(t *testing.T) {
	d := newDesk(t, Services{})
	shown := map[string]bool{}
	for _, st := range d.gallery() {
		shown[st.Template] = true
	}
	for _, name := range pageNames() {
		if !shown[name] {
			t.Errorf("no state of page %s is in the gallery", name)
		}
	}
}

// A page of staff weighs at most 200 KB on the first load and 30 KB afterwards, compressed. Pages
// with the editor of rules in them, which officers open on a desk, may weigh 40 KB more.
func TestPagesAreLight(t *testing.T) {
	d := newDesk(t, Services{})
	for name, a := range d.assets.files {
		t.Logf("%s %d bytes as gzip, %d as Brotli", name, a.gzip.size, a.brotli.size)
	}
	for _, st := range d.gallery() {
		req := d.request(http.MethodGet, "/gallery/"+st.Name, "")
		plain := d.do(req).body
		req = d.request(http.MethodGet, "/gallery/"+st.Name, "")
		req.Header.Set("Accept-Encoding", "gzip")
		size, first, most := len(d.do(req).body), 0, 200<<10
		for name, a := range d.assets.files {
			if strings.Contains(plain, d.assets.path(name)) {
				first += int(a.gzip.size)
			}
		}
		if strings.Contains(plain, d.assets.path("editor.js")) {
			most += 40 << 10
		}
		if first < 10<<10 {
			t.Fatalf("%s loads %d bytes of script and style; the search is broken", st.Name, first)
		}
		if size > 30<<10 {
			t.Errorf("%s weighs %d bytes", st.Name, size)
		} else if size+first > most {
			t.Errorf("%s weighs %d bytes on the first load", st.Name, size+first)
		}
	}
}

func TestStaticFiles(t *testing.T) {
	d := newDesk(t, Services{})
	path := d.assets.path("app.css")
	for _, c := range []struct{ name, path, accept, encoding, cache string }{
		{"Brotli where it is taken", path, "gzip, br", "br", "public, max-age=31536000, immutable"},
		{"gzip otherwise", path, "gzip", "gzip", "public, max-age=31536000, immutable"},
		{"plain", path, "identity", "", "public, max-age=31536000, immutable"},
		{"an old address is not kept", "/static/0/app.css", "br", "br", "no-cache"},
	} {
		t.Run(c.name, func(t *testing.T) {
			req := d.request(http.MethodGet, c.path, "")
			req.Header.Set("Accept-Encoding", c.accept)
			a := d.do(req)
			if a.StatusCode != http.StatusOK || a.Header.Get("Content-Encoding") != c.encoding || a.Header.Get("Cache-Control") != c.cache {
				t.Errorf("status %d, %q, %q", a.StatusCode, a.Header.Get("Content-Encoding"), a.Header.Get("Cache-Control"))
			}
			file := "static/app.css" + map[string]string{"br": ".br", "gzip": ".gz"}[c.encoding]
			if want, err := os.ReadFile(file); err != nil || a.body != string(want) || a.ContentLength != int64(len(want)) {
				t.Errorf("%d bytes, said to be %d, are not %s (%v)", len(a.body), a.ContentLength, file, err)
			}
		})
	}
}

// TestAssetsAreFresh tells when `make assets` was forgotten.
func TestAssetsAreFresh(t *testing.T) {
	var manifest struct{ Sources map[string]string }
	raw, err := os.ReadFile("static/manifest.json")
	if err != nil {
		t.Fatal(err)
	}
	err = json.Unmarshal(raw, &manifest)
	if err != nil || len(manifest.Sources) == 0 {
		t.Fatalf("manifest: %v", err)
	}
	for name, want := range manifest.Sources {
		source, err := os.ReadFile(filepath.Join("assets", name))
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(source)
		if hex.EncodeToString(sum[:]) != want {
			t.Errorf("assets/%s changed after the build: run make assets", name)
		}
	}
}

func TestErrorsAreAnswered(t *testing.T) {
	t.Run("an unknown page keeps the frame and says where to go", func(t *testing.T) {
		d := newDesk(t, Services{})
		d.signInAs(auth.Puskesmas)
		a := d.get("/tidak-ada")
		if a.StatusCode != http.StatusNotFound || !strings.Contains(a.body, "Tidak ditemukan") || !strings.Contains(a.body, `aria-label="Utama"`) {
			t.Fatalf("status %d", a.StatusCode)
		}
	})
	t.Run("a body that is too large is refused before it is read", func(t *testing.T) {
		d := newDesk(t, Services{})
		req := d.request(http.MethodPost, "/sign-in", strings.Repeat("x", 300<<10))
		if a := d.do(req); a.StatusCode != http.StatusRequestEntityTooLarge {
			t.Fatalf("status %d", a.StatusCode)
		}
	})
	t.Run("a defect shows a number and nothing else", func(t *testing.T) {
		m := newMemory(t)
		d := newDesk(t, Services{People: m}) // no checker: the form works, the queue's data panics below
		d.signInAs(auth.Puskesmas)
		d.People = nil
		d.Policies = brokenPolicies{}
		a := d.get("/rules")
		if a.StatusCode != http.StatusInternalServerError || !strings.Contains(a.body, "Nomor kejadian") || strings.Contains(a.body, "3509195708850001") {
			t.Fatalf("status %d", a.StatusCode)
		}
		if strings.Contains(d.log.String(), "3509195708850001") {
			t.Error("the value of the panic is in the log")
		}
	})
	t.Run("headers", func(t *testing.T) {
		d := newDesk(t, Services{})
		h := d.get("/sign-in").Header
		for name, want := range map[string]string{"Content-Security-Policy": "script-src 'self'", "X-Content-Type-Options": "nosniff",
			"Referrer-Policy": "same-origin", "Cache-Control": "no-store", "X-Request-Id": "-7"} {
			if !strings.Contains(h.Get(name), want) {
				t.Errorf("%s: %q", name, h.Get(name))
			}
		}
		if strings.Contains(h.Get("Content-Security-Policy"), "unsafe") {
			t.Error("the policy allows something unsafe")
		}
	})
	t.Run("the log names the route, not the address", func(t *testing.T) {
		d := newDesk(t, Services{})
		d.get("/setup?token=rahasia-sekali")
		if strings.Contains(d.log.String(), "rahasia-sekali") || !strings.Contains(d.log.String(), "route=/setup") {
			t.Error(d.log.String())
		}
	})
	t.Run("metrics count by route", func(t *testing.T) {
		d := newDesk(t, Services{})
		d.get("/sign-in")
		if a := d.get("/metrics"); !strings.Contains(a.body, `layak_http_requests_total{method="GET",route="/sign-in",status="200"} 1`) {
			t.Error(a.body)
		}
	})
}

// Figures of the service are for the machine itself and for those who may read the trail.
func TestMetricsAreNotForStrangers(t *testing.T) {
	d := newDesk(t, Services{})
	for _, c := range []struct {
		name, from, header, value string
		status                    int
	}{
		{"the machine itself", "127.0.0.1:4711", "", "", http.StatusOK},
		{"the machine itself, IPv6", "[::1]:4711", "", "", http.StatusOK},
		{"a proxy on the machine", "127.0.0.1:4711", "X-Forwarded-For", "203.0.113.7", http.StatusUnauthorized},
		{"a proxy that names the machine", "127.0.0.1:4711", "X-Forwarded-For", "127.0.0.1", http.StatusUnauthorized},
		{"another machine", "10.1.2.3:4711", "", "", http.StatusUnauthorized},
		{"another machine that may read the trail", "10.1.2.3:4711", "Authorization", "Bearer lyk_auditor", http.StatusOK},
		{"another machine that may not", "10.1.2.3:4711", "Authorization", "Bearer lyk_puskesmas", http.StatusForbidden},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := httptest.NewRequest(http.MethodGet, "/metrics", nil)
			r.RemoteAddr = c.from
			if c.header != "" {
				r.Header.Set(c.header, c.value)
			}
			w := httptest.NewRecorder()
			d.ServeHTTP(w, r)
			if w.Code != c.status || (w.Code == http.StatusOK) != strings.Contains(w.Body.String(), "layak_http_incidents_total") {
				t.Errorf("status %d, want %d: %.200s", w.Code, c.status, w.Body)
			}
		})
	}
}

// brokenPolicies is a defect that quotes a person.
type brokenPolicies struct{ Policies }

func (brokenPolicies) Revisions(context.Context) ([]policy.Revision, error) {
	panic("NIK 3509195708850001")
}
