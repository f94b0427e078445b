package web

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"layak/internal/area"
	"layak/internal/auth"
	"layak/internal/fault"
	"layak/policy"
)

// memorySessions is an scs store in memory.
type memorySessions struct {
	mu   sync.Mutex
	rows map[string][]byte
}

func (m *memorySessions) DeleteCtx(_ context.Context, token string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.rows, token)
	return nil
}

func (m *memorySessions) FindCtx(_ context.Context, token string) ([]byte, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	b, ok := m.rows[token]
	return b, ok, nil
}

func (m *memorySessions) CommitCtx(_ context.Context, token string, b []byte, _ time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.rows == nil {
		m.rows = map[string][]byte{}
	}
	m.rows[token] = b
	return nil
}

func (m *memorySessions) Delete(t string) error { return m.DeleteCtx(context.Background(), t) }
func (m *memorySessions) Find(t string) ([]byte, bool, error) {
	return m.FindCtx(context.Background(), t)
}

func (m *memorySessions) Commit(t string, b []byte, e time.Time) error {
	return m.CommitCtx(context.Background(), t, b, e)
}

// testPassword opens every account of fakeAccounts.
const testPassword = "kata sandi latihan"

// fakeAccounts knows one account per role, named like the role.
type fakeAccounts struct {
	mu       sync.Mutex
	disabled map[string]bool
	must     map[string]bool
	setup    bool
	ended    []string
}

func (f *fakeAccounts) actor(user string) (auth.Actor, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, r := range auth.Roles {
		if user == string(r) && !f.disabled[user] {
			return auth.Actor{Name: user, User: user, Title: "Petugas " + user, Role: r, Unit: "UNIT",
				Areas: []area.Code{"35.09.19"}, MustChange: f.must[user]}, nil
		}
	}
	return auth.Actor{}, fault.New(fault.Forbidden, "sign_in_refused", "Nama pengguna atau kata sandi tidak cocok.")
}

func (f *fakeAccounts) SignIn(_ context.Context, user, password, _ string) (auth.Actor, error) {
	if user == "throttled" {
		return auth.Actor{}, fault.New(fault.Unavailable, "throttled", "Terlalu banyak percobaan. Tunggu 30 detik, lalu coba lagi.")
	}
	if password != testPassword {
		user = ""
	}
	return f.actor(user)
}

func (f *fakeAccounts) Actor(_ context.Context, user string) (auth.Actor, error) {
	return f.actor(user)
}

func (f *fakeAccounts) Token(_ context.Context, bearer string) (auth.Actor, error) {
	return f.actor(strings.TrimPrefix(bearer, "lyk_"))
}

func (f *fakeAccounts) SignedOut(context.Context) error                  { return nil }
func (f *fakeAccounts) NeedsSetup(context.Context) (bool, error)         { return f.setup, nil }
func (f *fakeAccounts) Sessions(context.Context) ([]auth.Session, error) { return nil, nil }
func (f *fakeAccounts) ChangePassword(_ context.Context, old, _ string) error {
	if old != testPassword {
		return fault.New(fault.Invalid, "password_wrong", "Kata sandi sekarang tidak cocok.").At("old", "Kata sandi sekarang tidak cocok.")
	}
	return nil
}

func (f *fakeAccounts) EndSession(_ context.Context, id string) error {
	f.ended = append(f.ended, id)
	return nil
}

func (f *fakeAccounts) SetUp(_ context.Context, token, _, _, _ string) (auth.Actor, error) {
	if token != "satu-kali" {
		return auth.Actor{}, fault.New(fault.Forbidden, "setup_refused", "Tautan penyiapan ini sudah dipakai.")
	}
	f.setup = false
	return f.actor("administrator")
}

// desk is a running server with a browser-like client.
type desk struct {
	*testing.T
	*Server
	accounts *fakeAccounts
	sessions *memorySessions
	log      *bytes.Buffer
	url      string
	client   *http.Client
	now      time.Time
}

func newDesk(t *testing.T, services Services) *desk {
	t.Helper()
	d := &desk{T: t, accounts: &fakeAccounts{disabled: map[string]bool{}, must: map[string]bool{}},
		sessions: &memorySessions{}, log: &bytes.Buffer{}, now: galleryNow}
	services.Accounts = d.accounts
	if services.Policies == nil {
		services.Policies = shippedRules(t)
	}
	var err error
	d.Server, err = New(Config{Home: "35.09", Sessions: d.sessions, Clock: func() time.Time { return d.now },
		Log: slog.New(slog.NewTextHandler(d.log, nil)), Dev: true}, services)
	if err != nil {
		t.Fatal(err)
	}
	ts := httptest.NewServer(d.Server)
	t.Cleanup(ts.Close)
	d.url = ts.URL
	d.client = d.visitor()
	return d
}

// visitor is another browser.
func (d *desk) visitor() *http.Client {
	jar, err := cookiejar.New(nil)
	if err != nil {
		d.Fatal(err)
	}
	return &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// answer is a response whose body has been read.
type answer struct {
	*http.Response
	body string
}

func (d *desk) do(req *http.Request) answer {
	d.Helper()
	res, err := d.client.Do(req)
	if err != nil {
		d.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		d.Fatal(err)
	}
	return answer{res, string(b)}
}

func (d *desk) request(method, path, body string) *http.Request {
	d.Helper()
	req, err := http.NewRequestWithContext(context.Background(), method, d.url+path, strings.NewReader(body))
	if err != nil {
		d.Fatal(err)
	}
	return req
}

func (d *desk) get(path string) answer {
	d.Helper()
	return d.do(d.request(http.MethodGet, path, ""))
}

var csrfField = regexp.MustCompile(`name="csrf" value="([^"]+)"`)

// post sends a form with the token of the page at from.
func (d *desk) post(from, path string, form url.Values) answer {
	d.Helper()
	page := d.get(from)
	token := csrfField.FindStringSubmatch(page.body)
	if token == nil {
		d.Fatalf("%s carries no form token (status %d)", from, page.StatusCode)
	}
	if form == nil {
		form = url.Values{}
	}
	form.Set("csrf", token[1])
	req := d.request(http.MethodPost, path, form.Encode())
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return d.do(req)
}

// signInAs opens a session for the account of a role.
func (d *desk) signInAs(r auth.Role) {
	d.Helper()
	d.client = d.visitor()
	a := d.post("/sign-in", "/sign-in", url.Values{"user": {string(r)}, "password": {testPassword}})
	if a.StatusCode != http.StatusSeeOther {
		d.Fatalf("sign in as %s: status %d", r, a.StatusCode)
	}
}

func TestSignIn(t *testing.T) {
	t.Run("the right password opens a fresh session", func(t *testing.T) {
		d := newDesk(t, Services{})
		a := d.post("/sign-in", "/sign-in", url.Values{"user": {"puskesmas"}, "password": {testPassword}})
		if a.StatusCode != http.StatusSeeOther || a.Header.Get("Location") != "/" {
			t.Fatalf("status %d to %q", a.StatusCode, a.Header.Get("Location"))
		}
		if home := d.get("/"); home.StatusCode != http.StatusOK || !strings.Contains(home.body, "Petugas puskesmas") {
			t.Fatalf("home: status %d", home.StatusCode)
		}
	})
	t.Run("a wrong password keeps the name, not the password, and says what to do", func(t *testing.T) {
		d := newDesk(t, Services{})
		a := d.post("/sign-in", "/sign-in", url.Values{"user": {"puskesmas"}, "password": {"salah sekali ini"}})
		if a.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(a.body, "tidak cocok") ||
			!strings.Contains(a.body, `value="puskesmas"`) || strings.Contains(a.body, "salah sekali ini") {
			t.Fatalf("status %d body %s", a.StatusCode, a.body)
		}
	})
	t.Run("too many tries are told to wait", func(t *testing.T) {
		d := newDesk(t, Services{})
		a := d.post("/sign-in", "/sign-in", url.Values{"user": {"throttled"}, "password": {"x"}})
		if a.StatusCode != http.StatusTooManyRequests || !strings.Contains(a.body, "Tunggu 30 detik") {
			t.Fatalf("status %d", a.StatusCode)
		}
	})
	t.Run("no account yet: the page says how to begin", func(t *testing.T) {
		d := newDesk(t, Services{})
		d.accounts.setup = true
		if a := d.get("/sign-in"); !strings.Contains(a.body, "belum disiapkan") {
			t.Fatal("no word about the set-up link")
		}
	})
	t.Run("goes on to the page that was asked for, never to another site", func(t *testing.T) {
		d := newDesk(t, Services{})
		if a := d.get("/account"); a.Header.Get("Location") != "/sign-in?next=/account" {
			t.Fatalf("sent to %q", a.Header.Get("Location"))
		}
		sent := func(from string) string {
			r, err := http.NewRequest(http.MethodPost, d.url+"/account/password", strings.NewReader("old=x"))
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Referer", from)
			a, err := http.DefaultTransport.RoundTrip(r)
			if err != nil {
				t.Fatal(err)
			}
			a.Body.Close()
			return a.Header.Get("Location")
		}
		for from, want := range map[string]string{d.url + "/account?x=1": "/sign-in?next=/account", "https://evil.example/account": "/sign-in", "": "/sign-in"} {
			if got := sent(from); got != want {
				t.Errorf("a form sent from %q without a session goes to %q, want %q", from, got, want)
			}
		}
		for next, want := range map[string]string{"/account": "/account", "//evil.example": "/", "https://evil.example": "/", `/\evil.example`: "/"} {
			d.client = d.visitor()
			a := d.post("/sign-in", "/sign-in", url.Values{"user": {"puskesmas"}, "password": {testPassword}, "next": {next}})
			if got := a.Header.Get("Location"); got != want {
				t.Errorf("next %q went to %q, want %q", next, got, want)
			}
		}
	})
}

func TestSessionEnds(t *testing.T) {
	t.Run("when idle", func(t *testing.T) {
		d := newDesk(t, Services{})
		d.signInAs(auth.Puskesmas)
		d.now = d.now.Add(59 * time.Minute)
		if a := d.get("/account"); a.StatusCode != http.StatusOK {
			t.Fatalf("after 59 minutes: %d", a.StatusCode)
		}
		d.now = d.now.Add(61 * time.Minute)
		if a := d.get("/account"); a.StatusCode != http.StatusSeeOther {
			t.Fatalf("after 61 more minutes: %d", a.StatusCode)
		}
	})
	t.Run("when the account is disabled", func(t *testing.T) {
		d := newDesk(t, Services{})
		d.signInAs(auth.Puskesmas)
		d.accounts.disabled["puskesmas"] = true
		if a := d.get("/account"); a.StatusCode != http.StatusSeeOther {
			t.Fatalf("status %d", a.StatusCode)
		}
	})
	t.Run("at sign-out, on the server too", func(t *testing.T) {
		d := newDesk(t, Services{})
		d.signInAs(auth.Puskesmas)
		d.post("/account", "/sign-out", nil)
		if len(d.sessions.rows) != 0 {
			t.Fatalf("%d sessions are left", len(d.sessions.rows))
		}
	})
	t.Run("and its id changes at sign-in", func(t *testing.T) {
		d := newDesk(t, Services{})
		d.signInAs(auth.Puskesmas)
		u, _ := url.Parse(d.url)
		before := d.client.Jar.Cookies(u)
		d.post("/account", "/account/password", url.Values{"old": {testPassword}, "new": {"kalimat baru yang panjang"}})
		for _, c := range d.client.Jar.Cookies(u) {
			for _, b := range before {
				if c.Name == "layak_session" && b.Name == c.Name && b.Value == c.Value {
					t.Fatal("the session kept its id")
				}
			}
		}
	})
}

func TestTemporaryPasswordComesFirst(t *testing.T) {
	d := newDesk(t, Services{})
	d.accounts.must["puskesmas"] = true
	d.signInAs(auth.Puskesmas)
	for _, path := range []string{"/", "/rules"} {
		a := d.get(path)
		if d.paths[path] && a.Header.Get("Location") != "/account" {
			t.Errorf("%s: status %d to %q", path, a.StatusCode, a.Header.Get("Location"))
		}
	}
}

func TestWritesNeedBothLocks(t *testing.T) {
	d := newDesk(t, Services{})
	d.signInAs(auth.Puskesmas)
	form := func(token string) *http.Request {
		req := d.request(http.MethodPost, "/account/sessions/end", url.Values{"csrf": {token}, "id": {"x"}}.Encode())
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		return req
	}
	token := csrfField.FindStringSubmatch(d.get("/account").body)[1]
	t.Run("no token", func(t *testing.T) {
		if a := d.do(form("")); a.StatusCode != http.StatusForbidden {
			t.Fatalf("status %d", a.StatusCode)
		}
	})
	t.Run("somebody else's token", func(t *testing.T) {
		if a := d.do(form(maskToken(newSecret()))); a.StatusCode != http.StatusForbidden {
			t.Fatalf("status %d", a.StatusCode)
		}
	})
	t.Run("the right token from another site", func(t *testing.T) {
		req := form(token)
		req.Header.Set("Origin", "https://evil.example")
		req.Header.Set("Sec-Fetch-Site", "cross-site")
		if a := d.do(req); a.StatusCode != http.StatusForbidden {
			t.Fatalf("status %d", a.StatusCode)
		}
	})
	if len(d.accounts.ended) != 0 {
		t.Fatalf("a refused write was done: %v", d.accounts.ended)
	}
	t.Run("token and origin", func(t *testing.T) {
		req := form(token)
		req.Header.Set("Sec-Fetch-Site", "same-origin")
		if a := d.do(req); a.StatusCode != http.StatusSeeOther || len(d.accounts.ended) != 1 {
			t.Fatalf("status %d", a.StatusCode)
		}
	})
	t.Run("each page carries the token in another form", func(t *testing.T) {
		if again := csrfField.FindStringSubmatch(d.get("/account").body)[1]; again == token {
			t.Fatal("the token reads the same twice")
		}
	})
}

func TestSetUp(t *testing.T) {
	d := newDesk(t, Services{})
	if a := d.get("/setup"); a.StatusCode != http.StatusNotFound {
		t.Fatalf("set-up of a prepared office: status %d", a.StatusCode)
	}
	d.accounts.setup = true
	a := d.post("/setup", "/setup", url.Values{"token": {"satu-kali"}, "user": {"sri"}, "name": {"Sri"}, "password": {testPassword}})
	if a.StatusCode != http.StatusSeeOther {
		t.Fatalf("status %d", a.StatusCode)
	}
	if to, err := d.accounts.Actor(context.Background(), "administrator"); err != nil || a.Header.Get("Location") != d.homePath(to) {
		t.Fatalf("after set-up: to %s, %v", a.Header.Get("Location"), err)
	}
	// This bed has no imports to land on; the sentence waits for the first page that can be shown.
	if page := d.get("/account"); page.StatusCode != http.StatusOK || !strings.Contains(page.body, "Akun administrator sudah dibuat") {
		t.Fatalf("after set-up: status %d, no word of the account", page.StatusCode)
	}
	if strings.Contains(d.log.String(), "satu-kali") {
		t.Fatal("the token is in the log")
	}
}

func TestLanguageSwitch(t *testing.T) {
	d := newDesk(t, Services{})
	a := d.post("/sign-in", "/language", url.Values{"lang": {"en"}, "back": {"/sign-in"}})
	if a.Header.Get("Location") != "/sign-in" {
		t.Fatalf("went to %q", a.Header.Get("Location"))
	}
	if page := d.get("/sign-in"); !strings.Contains(page.body, `<html lang="en">`) || !strings.Contains(page.body, "Sign in") {
		t.Fatal("the page is not in English")
	}
}

// onePolicy is an installation that runs the shipped rules.
type onePolicy struct{ rev policy.Revision }

func shippedRules(t *testing.T) onePolicy {
	t.Helper()
	var buf bytes.Buffer
	bundle := policy.Shipped()
	err := bundle.WriteTarGz(&buf)
	if err != nil {
		t.Fatal(err)
	}
	return onePolicy{policy.Revision{Hash: bundle.Hash(), Number: 1, Stage: policy.Active, Bundle: buf.Bytes()}}
}

func (p onePolicy) Revisions(context.Context) ([]policy.Revision, error) {
	return []policy.Revision{p.rev}, nil
}

func (p onePolicy) Revision(_ context.Context, hash string) (policy.Revision, error) {
	if hash != p.rev.Hash {
		return policy.Revision{}, fault.New(fault.NotFound, "revision_not_found", "Versi aturan itu tidak ada.")
	}
	return p.rev, nil
}
