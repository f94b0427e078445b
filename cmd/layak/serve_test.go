package main

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"layak/internal/testkit"
)

// screen collects what a running command prints.
type screen struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (s *screen) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.Write(b)
}

func (s *screen) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

// start runs `layak serve` and gives its screen once the address stands there, and a function
// that stops it as Ctrl-C does and gives the exit code.
func (h *house) start(args ...string) (out *screen, stop func() int) {
	h.t.Helper()
	out, errs := &screen{}, &screen{}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan int, 1)
	args = append([]string{"--key-file", h.path("layak.key"), "serve", "--addr", "127.0.0.1:0"}, args...)
	if h.db != "" {
		args = append([]string{"--db", h.db}, args...)
	}
	go func() { ended <- run(ctx, streams{strings.NewReader(""), out, errs}, args) }()
	stop = sync.OnceValue(func() int { cancel(); return <-ended })
	h.t.Cleanup(func() { stop() })
	deadline := time.Now().Add(2 * time.Minute)
	for !strings.Contains(out.String(), "Basis data") {
		select {
		case code := <-ended:
			ended <- code
			h.t.Fatalf("serve ended with %d: %s", code, errs)
		case <-time.After(20 * time.Millisecond):
		}
		if time.Now().After(deadline) {
			h.t.Fatalf("serve is not ready: %s%s", out, errs)
		}
	}
	return out, stop
}

var addressLine = regexp.MustCompile(`Alamat\s+(http://localhost:\d+)`)

func get(t *testing.T, url string) (int, string) {
	t.Helper()
	res, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(b)
}

// The first start of a real service offers one link for the first administrator; the next start
// offers another, and none once an account exists.
func TestFirstStartOffersOneLink(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		link := regexp.MustCompile(`http://localhost:\d+/setup#(\S{20,})`)
		out, stop := h.start()
		first := link.FindStringSubmatch(waitFor(t, out, "/setup#"))
		if first == nil {
			t.Fatalf("no link in: %s", out)
		}
		url := addressLine.FindStringSubmatch(out.String())[1]
		for _, path := range []string{"/healthz", "/readyz", "/setup", "/sign-in"} {
			if code, _ := get(t, url+path); code != http.StatusOK {
				t.Errorf("%s: %d", path, code)
			}
		}
		if code, _ := get(t, url+"/api/v1/complaints"); code != http.StatusUnauthorized {
			t.Errorf("the API answers %d to nobody: the operator who started it must not stand behind requests", code)
		}
		if _, page := get(t, url+"/"); !strings.Contains(page, `name="password"`) {
			t.Error("nobody is not asked to sign in")
		}
		if code := stop(); code != exitDone {
			t.Errorf("stopped with exit %d", code)
		}
		h.must("kuda lumping menari\n", "staff", "add", "kepala", "--name", "Kepala Dinas", "--role", "administrator")
		out, stop = h.start()
		time.Sleep(50 * time.Millisecond)
		if strings.Contains(out.String(), "/setup#") {
			t.Error("a link is offered although an account exists")
		}
		stop()
	})
}

func waitFor(t *testing.T, s *screen, text string) string {
	t.Helper()
	for range 500 {
		if strings.Contains(s.String(), text) {
			return s.String()
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("%q never came: %s", text, s)
	return ""
}

// A training database and a real one never change places.
func TestTrainingAndServiceStayApart(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		out, stop := h.start("--demo", "--demo-people", "300")
		waitFor(t, out, "admin ")
		for _, a := range demoAccounts {
			if !strings.Contains(out.String(), "  "+a.user) {
				t.Errorf("account %s is not named", a.user)
			}
		}
		example := regexp.MustCompile(`(\d{16})  layak, `).FindStringSubmatch(waitFor(t, out, "Contoh NIK"))
		stop()
		if example == nil {
			t.Errorf("no example to try: %s", out)
		} else if d := h.object("check", example[1]); d["outcome"] != "eligible" {
			t.Errorf("the example of a yes is %v", d["outcome"])
		}
		if n := len(h.object("complaints", "list")["complaints"].([]any)); n != len(demoCases) {
			t.Errorf("%d training complaints, want %d", n, len(demoCases))
		}
		s := h.run("", "serve", "--addr", "127.0.0.1:0")
		if s.code != exitFailed || !strings.Contains(s.err, "data latihan") {
			t.Errorf("serving for real from training data: %+v", s)
		}
		_, stop = h.start("--demo", "--demo-people", "300") // the second start finds everything there
		stop()
		if n := len(h.object("imports", "list")["imports"].([]any)); n != 3 {
			t.Errorf("%d imports after the second start, want 3", n)
		}
	})
	onBoth(t, func(t *testing.T, h *house) {
		h.must("", "units", "add", "PKM-1", "--name", "Puskesmas", "--kind", "puskesmas", "--area", "35.09")
		s := h.run("", "serve", "--demo", "--addr", "127.0.0.1:0")
		if s.code != exitFailed || !strings.Contains(s.err, "bukan data latihan") {
			t.Errorf("training on a filled database: %+v", s)
		}
	})
}

// Who opens the hand-over list of the shift in training finds a patient there, and it is not the
// one whom the newcomer is told to try.
func TestTrainingHasSomebodyToRegister(t *testing.T) {
	h := &house{t, t.TempDir(), ""}
	h.db = "sqlite:" + h.path("latihan.db")
	out, stop := h.start("--demo", "--demo-people", "1500")
	example := regexp.MustCompile(`(\d{16})  layak, `).FindStringSubmatch(waitFor(t, out, "Contoh NIK"))
	stop()
	waiting := 0
	for _, line := range h.object("complaints", "list")["complaints"].([]any) {
		c := h.object("complaints", "show", line.(map[string]any)["ticket"].(string))
		for _, made := range c["determinations"].([]any) {
			if made.(map[string]any)["outcome"] != "eligible" || len(c["registrations"].([]any)) > 0 {
				continue
			}
			waiting++
			if nik := c["patients"].([]any)[0].(map[string]any)["nik"]; example == nil || nik == example[1] {
				t.Errorf("the patient is also the example %v", example)
			}
		}
	}
	if waiting == 0 {
		t.Error("nobody waits for registration")
	}
}

// What was backed up comes back whole, on an installation that keeps its key elsewhere.
func TestBackupAndRestore(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		h.must("", "units", "add", "PKM-1", "--name", "Puskesmas", "--kind", "puskesmas", "--area", "35.09")
		nik := samplePerson()
		d := h.object("check", nik)
		h.must("", "backup", h.path("cadangan"))
		info, err := os.Stat(h.path("cadangan"))
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("backup file: %v, %v", info.Mode(), err)
		}
		key, err := os.ReadFile(h.path("layak.key"))
		if err != nil {
			t.Fatal(err)
		}
		content, err := os.ReadFile(h.path("cadangan"))
		if err != nil {
			t.Fatal(err)
		}
		secret := strings.Fields(string(key))
		if bytes.Contains(content, []byte(secret[len(secret)-1])) {
			t.Error("the key stands in the backup")
		}

		again := &house{t, h.dir, freshLike(t, h)}
		report := again.object("restore", h.path("cadangan"))
		if report["trail_whole"] != true {
			t.Errorf("restore: %v", report)
		}
		again.must("", "check", "--replay", d["id"].(string))
		if n := len(again.object("units", "list")["units"].([]any)); n != 1 {
			t.Errorf("%d units restored", n)
		}
		if s := again.run("", "restore", h.path("cadangan")); s.code != exitFailed || !strings.Contains(s.err, "sudah berisi") {
			t.Errorf("restoring twice: %+v", s)
		}
	})
}

func freshLike(t *testing.T, h *house) string {
	t.Helper()
	if strings.HasPrefix(h.db, "sqlite:") {
		return "sqlite:" + filepath.Join(h.dir, "pulih", "layak.db")
	}
	return testkit.Postgres(t)
}
