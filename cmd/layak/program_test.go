package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"layak/eligibility"
	"layak/internal/area"
	"layak/internal/testkit"
)

// house is one installation on a database of its own, driven like from a shell.
type house struct {
	t   *testing.T
	dir string
	db  string
}

// onBoth runs a story on SQLite and on PostgreSQL.
func onBoth(t *testing.T, story func(t *testing.T, h *house)) {
	t.Helper()
	t.Run("SQLite", func(t *testing.T) {
		dir := t.TempDir()
		story(t, &house{t, dir, "sqlite:" + filepath.Join(dir, "layak.db")})
	})
	t.Run("PostgreSQL", func(t *testing.T) {
		story(t, &house{t, t.TempDir(), testkit.Postgres(t)})
	})
}

// said is what a command answered.
type said struct {
	out, err string
	code     int
}

// run runs a command with text on its standard input.
func (h *house) run(in string, args ...string) said {
	h.t.Helper()
	var out, errs bytes.Buffer
	args = append([]string{"--db", h.db, "--key-file", filepath.Join(h.dir, "layak.key")}, args...)
	code := run(context.Background(), streams{strings.NewReader(in), &out, &errs}, args)
	return said{out.String(), errs.String(), code}
}

// must runs a command that has to succeed.
func (h *house) must(in string, args ...string) string {
	h.t.Helper()
	s := h.run(in, args...)
	if s.code != exitDone || s.err != "" {
		h.t.Fatalf("layak %s: exit %d\n%s%s", strings.Join(args, " "), s.code, s.out, s.err)
	}
	return s.out
}

// object runs a command with --json that has to succeed and reads what it printed.
func (h *house) object(args ...string) map[string]any {
	h.t.Helper()
	return decode(h.t, h.must("", append(args, "--json")...))
}

func decode(t *testing.T, text string) map[string]any {
	t.Helper()
	var m map[string]any
	err := json.Unmarshal([]byte(text), &m)
	if err != nil {
		t.Fatalf("not JSON: %v\n%s", err, text)
	}
	return m
}

func (h *house) path(name string) string { return filepath.Join(h.dir, name) }

// load generates and imports all three kinds, and gives the NIK of a living adult.
func (h *house) load(people string) eligibility.NIK {
	h.t.Helper()
	for _, kind := range []string{"residents", "welfare", "membership"} {
		file := h.path(kind + ".xlsx")
		h.must("", "generate", kind, "--count", people, "--seed", "7", "--out", file)
		h.object("import", kind, file, "--as-of", "2026-11-01")
	}
	return h.adult()
}

func (h *house) open() *Program {
	h.t.Helper()
	p, err := Open(asOperator(context.Background()), Config{DB: h.db, KeyFile: h.path("layak.key")})
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(func() {
		err := p.Close()
		if err != nil {
			h.t.Error(err)
		}
	})
	return p
}

func (h *house) adult() eligibility.NIK {
	h.t.Helper()
	p := h.open()
	for _, d := range area.Children("35.09") {
		rows, err := p.DB.Names(context.Background(), d.Code)
		if err != nil {
			h.t.Fatal(err)
		}
		for _, r := range rows {
			if r.BirthDate.AgeOn("2026-11-01") >= 20 {
				return r.NIK
			}
		}
	}
	h.t.Fatal("nobody is an adult")
	return ""
}

// The main job from end to end: three workbooks in, a person checked, a complaint filed, worked on
// through the API and resolved, and the whole story readable at the end.
func TestMainJob(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		nik := string(h.load("400"))

		d := h.object("check", nik, "--need", "inpatient", "--class3", "yes", "--evidence", "ktp", "--evidence", "kk=2026-01-05", "--evidence", "sktm=2026-11-01", "--at", "2026-11-10")
		checkDetermination(t, d, nik)
		h.must("", "check", "--replay", d["id"].(string))
		again := h.object("check", "--replay", d["id"].(string))
		if again["same"] != true {
			t.Errorf("replay: %v", again["same"])
		}

		filed := decode(t, h.must(nik+"\n", "complaints", "file", "--channel", "whatsapp", "--matter", "eligibility", "--need", "inpatient",
			"--reporter", "Slamet Riyadi", "--relation", "family", "--nik", "-", "--text", "Kartu tidak aktif waktu masuk rumah sakit.", "--json"))
		ticket := filed["ticket"].(string)

		h.must("", "units", "add", "PKM-UJI", "--name", "Puskesmas Uji", "--kind", "puskesmas", "--area", "35.09")
		h.must("kuda lumping menari\n", "staff", "add", "rini", "--name", "Rini Wulandari", "--role", "puskesmas", "--unit", "PKM-UJI")
		token := strings.TrimSpace(h.must("", "staff", "token", "rini", "--days", "2"))

		api := h.serve(token)
		resolveThroughAPI(t, api, ticket)

		story := h.object("complaints", "show", ticket)
		if story["state"] != "closed" {
			t.Errorf("state = %v, want closed", story["state"])
		}
		var kinds []string
		for _, e := range story["events"].([]any) {
			kinds = append(kinds, e.(map[string]any)["type"].(string))
		}
		if got := strings.Join(kinds, " "); got != "file route verify route check registration resolve close" {
			t.Errorf("events = %s", got)
		}
		list := h.object("complaints", "list", "--state", "closed")
		if n := len(list["complaints"].([]any)); n != 1 {
			t.Errorf("closed complaints = %d", n)
		}
		if text := h.must("", "complaints", "list"); strings.Contains(text, nik) {
			t.Error("a NIK stands unmasked on a list")
		}
		h.must("", "complaints", "export", h.path("aduan.xlsx"))
		if report := h.object("audit", "verify"); len(report["problems"].([]any)) != 0 || report["entries"].(float64) < 10 {
			t.Errorf("trail: %v", report)
		}
	})
}

func checkDetermination(t *testing.T, d map[string]any, nik string) {
	t.Helper()
	if d["nik"] != nik || !strings.HasPrefix(d["revision"].(string), "sha256:") {
		t.Errorf("nik and revision: %v, %v", d["nik"], d["revision"])
	}
	switch d["outcome"] {
	case "eligible", "not_eligible", "already_covered", "needs_information":
	default:
		t.Errorf("outcome = %v", d["outcome"])
	}
	findings := d["findings"].([]any)
	if len(findings) == 0 {
		t.Error("no findings")
	}
	for _, f := range findings {
		f := f.(map[string]any)
		for _, key := range []string{"code", "title", "verdict", "article"} {
			if f[key] == "" || f[key] == nil {
				t.Errorf("finding %v has no %s", f["code"], key)
			}
		}
	}
	registry := d["registry"].(map[string]any)
	for _, kind := range []string{"residents", "welfare", "membership"} {
		source, ok := registry[kind].(map[string]any)
		if !ok || source["import_id"] == "" || source["as_of"] != "2026-11-01" {
			t.Errorf("registry %s = %v", kind, registry[kind])
		}
	}
}

// api calls the served program with a token.
type api struct {
	t          *testing.T
	url, token string
}

func (h *house) serve(token string) api {
	h.t.Helper()
	p := h.open()
	ctx, stop := context.WithCancel(asOperator(context.Background()))
	ready, ended := make(chan string, 1), make(chan error, 1)
	go func() {
		ended <- p.Serve(ctx, Serving{Addr: "127.0.0.1:0"}, func(url string) error { ready <- url; return nil })
	}()
	h.t.Cleanup(func() {
		stop()
		err := <-ended
		if err != nil {
			h.t.Error(err)
		}
	})
	select {
	case url := <-ready:
		return api{h.t, url, token}
	case err := <-ended:
		ended <- nil
		h.t.Fatalf("serve: %v", err)
		return api{}
	}
}

// call sends a body and expects a status.
func (a api) call(method, path string, want int, body any) map[string]any {
	a.t.Helper()
	var in io.Reader
	if body != nil {
		b, err := json.Marshal(body)
		if err != nil {
			a.t.Fatal(err)
		}
		in = bytes.NewReader(b)
	}
	req, err := http.NewRequest(method, a.url+path, in)
	if err != nil {
		a.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+a.token)
	req.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		a.t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		a.t.Fatal(err)
	}
	if res.StatusCode != want {
		a.t.Fatalf("%s %s: %s\n%s", method, path, res.Status, text)
	}
	return decode(a.t, string(text))
}

func resolveThroughAPI(t *testing.T, a api, ticket string) {
	t.Helper()
	events := "/api/v1/complaints/" + ticket + "/events"
	version := func(c map[string]any) float64 { return c["version"].(float64) }
	c := a.call("GET", "/api/v1/complaints/"+ticket, 200, nil)
	stale := version(c)
	c = a.call("POST", events, 200, map[string]any{"type": "verify", "version": stale})
	a.call("POST", events, 409, map[string]any{"type": "note", "version": stale, "text": "terlambat"})
	c = a.call("POST", events, 200, map[string]any{"type": "check", "version": version(c)})
	c = a.call("POST", events, 200, map[string]any{"type": "registration", "version": version(c), "through": "e_dabu",
		"reference": "ED-1", "result": "active", "active_on": "2026-11-21"})
	a.call("POST", events, 422, map[string]any{"type": "resolve", "version": version(c), "decision": "granted"})
	c = a.call("POST", events, 200, map[string]any{"type": "resolve", "version": version(c), "decision": "granted",
		"reason": "Sudah didaftarkan dan aktif hari ini; berkas lengkap."})
	c = a.call("POST", events, 200, map[string]any{"type": "close", "version": version(c)})
	if c["state"] != "closed" {
		t.Errorf("state = %v", c["state"])
	}
}

// Importing: counts add up, the same file is refused, a rollback makes it new again.
func TestImportsFromTheCommandLine(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		file := h.path("r.xlsx")
		h.must("", "generate", "residents", "--count", "300", "--seed", "7", "--out", file)
		preview := h.object("import", "residents", file, "--as-of", "2026-11-01", "--dry-run")
		if preview["status"] != "previewed" {
			t.Errorf("dry run: %v", preview["status"])
		}
		first := h.object("import", "residents", file, "--as-of", "2026-11-01")
		n := func(key string) int { return int(first[key].(float64)) }
		if first["status"] != "published" || n("rows_read") != 300 || n("rows_read") != n("accepted")+n("rejected")+n("duplicates")+n("older") ||
			n("accepted") != n("new")+n("changed")+n("unchanged") {
			t.Errorf("counts: %v", first)
		}
		twice := h.run("", "import", "residents", file, "--as-of", "2026-11-01", "--json")
		if twice.code != exitFailed || decode(t, twice.out)["status"] != "refused" || strings.Count(twice.err, "\n") != 1 {
			t.Errorf("same file again: %+v", twice)
		}
		id := first["import_id"].(string)
		if shown := h.object("imports", "show", id); shown["import_id"] != id || shown["status"] != "published" {
			t.Errorf("show: %v", shown)
		}
		h.must("", "imports", "rollback", id)
		if again := h.object("import", "residents", file, "--as-of", "2026-11-01"); again["new"] != first["new"] {
			t.Errorf("after the rollback: %v", again)
		}
		list := h.object("imports", "list")["imports"].([]any)
		var states []string
		for _, i := range list {
			states = append(states, i.(map[string]any)["status"].(string))
		}
		if got := strings.Join(states, " "); !strings.HasPrefix(got, "published") || !strings.Contains(got, "rolled_back") {
			t.Errorf("list = %s", got)
		}
	})
}
