package web

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"layak/eligibility"
	"layak/importers"
	"layak/internal/area"
	"layak/internal/audit"
	"layak/internal/auth"
	"layak/internal/storage"
	"layak/internal/testkit"
)

// newOffice is a server on a real SQLite database with real accounts, one administrator "kepala",
// and a worker for imports beside it.
func newOffice(t *testing.T) (*desk, *storage.DB) {
	t.Helper()
	ctx := context.Background()
	d := &desk{T: t, sessions: &memorySessions{}, log: &bytes.Buffer{}, now: galleryNow}
	clock := func() time.Time { return d.now }
	db, err := storage.Open(ctx, testkit.SQLite(t), storage.Config{Regency: "35.09", Clock: clock})
	if err != nil {
		t.Fatal(err)
	}
	accounts := &auth.Accounts{Store: db, Clock: clock}
	_, err = accounts.AddStaff(auth.With(ctx, auth.CommandLine("uji")), auth.NewStaff{User: "kepala", Name: "Kepala Uji", Role: auth.Administrator, Password: testPassword})
	if err != nil {
		t.Fatal(err)
	}
	intake := importers.NewIntake(db, "35.09", clock)
	work, stop := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() { intake.Work(work, slog.New(slog.DiscardHandler)); close(done) }()
	t.Cleanup(func() {
		stop()
		<-done
		err := db.Close()
		if err != nil {
			t.Error(err)
		}
	})
	d.Server, err = New(Config{Home: "35.09", Sessions: d.sessions, Clock: clock, Log: slog.New(slog.NewTextHandler(d.log, nil))},
		Services{Accounts: accounts, Offices: accounts, Staffing: accounts, People: db, Imports: db, Intake: intake, Policies: shippedRules(t), Trail: audit.Desk{Store: db}})
	if err != nil {
		t.Fatal(err)
	}
	ts := httptest.NewServer(d.Server)
	t.Cleanup(ts.Close)
	d.url = ts.URL
	d.signInWith("kepala", testPassword)
	return d, db
}

func (d *desk) signInWith(user, password string) answer {
	d.Helper()
	d.client = d.visitor()
	return d.post("/sign-in", "/sign-in", url.Values{"user": {user}, "password": {password}})
}

// villagers is a workbook with a header that nobody knows, 30 good rows and three bad ones.
func villagers(t *testing.T) string {
	t.Helper()
	header := []string{"NIK", "PANGGILAN RESMI", "TGL_LAHIR", "JENIS KELAMIN", "NO_KK", "ALAMAT", "DESA/KELURAHAN", "KECAMATAN", "CATATAN DUSUN"}
	var rows [][]string
	for i := range 33 {
		nik := fmt.Sprintf("350919%02d0185%04d", 1+i%28, 7000+i)
		row := []string{nik, "Warga Rekaan", fmt.Sprintf("%02d-01-1985", 1+i%28), "L", "3509190101857000", "Jl. Contoh 1", "Mangli", "Kaliwates", "sudah"}
		switch i {
		case 4:
			row[0] = nik[:15]
		case 9:
			row[2] = "31-02-1985"
		case 20:
			row[6] = "Desa Antah Berantah"
		}
		rows = append(rows, row)
	}
	path := filepath.Join(t.TempDir(), "warga mangli.xlsx")
	var b bytes.Buffer
	err := importers.WriteTable(&b, "Mangli", header, rows)
	if err == nil {
		err = os.WriteFile(path, b.Bytes(), 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	return path
}

var nikIn = regexp.MustCompile(`\b\d{16}\b`)

// TestImportInTheBrowser walks upload, columns, preview, publish, history and roll-back on the real
// server, on a phone and then on a desktop.
func TestImportInTheBrowser(t *testing.T) {
	d, db := newOffice(t)
	ctx := context.Background()
	p := testkit.StartBrowser(t).Page(t, testkit.Phone)
	shots := os.Getenv("LAYAK_SHOTS")
	look := func(name string) {
		t.Helper()
		for _, size := range []struct {
			name string
			testkit.Size
		}{{"desktop", testkit.Desktop}, {"phone", testkit.Phone}} {
			p.Resize(size.Size)
			p.Axe()
			p.Fits()
			if shots != "" {
				p.Shot(filepath.Join(shots, "data-"+name+"-"+size.name+".png"))
			}
		}
	}
	p.Open(d.url + "/imports")
	p.Type("#f-user", "kepala")
	p.Type("#f-password", testPassword)
	p.Submit("form.card button")
	p.Wait("#f-file")
	look("empty")

	p.Type("#f-file", villagers(t))
	p.Submit(`form[action="/imports/uploads"] button.btn-primary`)
	p.Wait("#columns-title")
	look("columns")
	if got := p.Eval(`document.querySelector("#col-1").value`); got != "" {
		t.Errorf("the unknown header was read as %q", got)
	}
	p.Set("#col-1", "name")
	p.Submit(`form[action$="/preview"] button`)
	p.Wait(".figures")
	if got := p.Text(".figures"); !strings.Contains(got, "30") || !strings.Contains(got, "3") {
		t.Errorf("figures read %q", got)
	}
	if n := p.Eval(`String(document.querySelectorAll(".rejects .bad-cell").length)`); n != "3" {
		t.Errorf("%s rejected cells are marked", n)
	}
	if found := nikIn.FindString(p.Eval(`document.body.innerText`)); found != "" {
		t.Errorf("the preview shows the number %s", found)
	}
	look("preview")
	state, err := db.State(ctx)
	if err != nil || state[eligibility.Residents].AsOf != "" {
		t.Fatalf("the preview changed the registry: %+v, %v", state, err)
	}

	p.Submit(`form[action$="/publish"] button`)
	p.Wait(".pill.grn")
	if !strings.Contains(p.Text("#notice"), "sudah terbit") {
		t.Errorf("after the publish the page says %q", p.Text("#notice"))
	}
	look("published")
	person, err := db.Person(ctx, "3509190101857000")
	if err != nil || person.Resident == nil || person.Resident.Name != "Warga Rekaan" {
		t.Fatalf("the person reads %+v, %v", person.Resident, err)
	}
	one := p.URL()
	p.Open(d.url + "/imports")
	look("history")

	d.rejectsWorkbook(strings.TrimPrefix(one, d.url))
	p.Open(one)
	p.Click(`details summary`)
	p.Type("#f-word", "ya")
	p.Submit(`form[action$="/rollback"] button`)
	p.Wait(".problems")
	look("rollback-refused")
	p.Eval(`document.querySelector("#f-word").value = "", ""`)
	p.Type("#f-word", "batalkan")
	p.Submit(`form[action$="/rollback"] button`)
	if !strings.Contains(p.Text("main"), "dibatalkan") {
		t.Errorf("after the roll-back: %q", p.Text("main"))
	}
	look("rolled-back")
	person, err = db.Person(ctx, "3509190101857000")
	if err != nil || person.Resident != nil {
		t.Fatalf("after the roll-back the person reads %+v, %v", person.Resident, err)
	}
}

// rejectsWorkbook takes the rejected rows as a workbook, which goes on record.
func (d *desk) rejectsWorkbook(path string) {
	d.Helper()
	a := d.get(path + "/rejects.xlsx")
	if a.StatusCode != http.StatusOK || !strings.HasPrefix(a.body, "PK") || !strings.Contains(a.Header.Get("Content-Disposition"), "attachment") {
		d.Errorf("rejected rows: status %d, %d bytes, %q", a.StatusCode, len(a.body), a.Header.Get("Content-Disposition"))
	}
	found, err := d.Trail.Entries(context.Background(), audit.Filter{Act: "import.rejects"}, "kepala", "")
	if err != nil || len(found.Entries) != 1 {
		d.Errorf("%d entries about the download, %v", len(found.Entries), err)
	}
}

func TestUploadsThatAreRefused(t *testing.T) {
	d, _ := newOffice(t)
	for _, c := range []struct{ name, kind, asOf, body, want string }{
		{"no file", "residents", "2026-11-01", "", "Pilih berkas"},
		{"no workbook", "residents", "2026-11-01", "halo", "bukan buku kerja Excel"},
		{"no kind", "", "2026-11-01", "halo", "Jenis data"},
		{"tomorrow's data", "welfare", "2027-01-01", "halo", "sesudah hari ini"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d.T = t
			token := csrfField.FindStringSubmatch(d.get("/imports").body)[1]
			body := &bytes.Buffer{}
			part := func(name, value, file string) {
				fmt.Fprintf(body, "--x\r\nContent-Disposition: form-data; name=%q", name)
				if file != "" {
					fmt.Fprintf(body, "; filename=%q", file)
				}
				fmt.Fprintf(body, "\r\n\r\n%s\r\n", value)
			}
			part("csrf", token, "")
			part("kind", c.kind, "")
			part("as_of", c.asOf, "")
			if c.body != "" {
				part("file", c.body, "a.xlsx")
			}
			body.WriteString("--x--\r\n")
			req := d.request(http.MethodPost, "/imports/uploads", body.String())
			req.Header.Set("Content-Type", "multipart/form-data; boundary=x")
			a := d.do(req)
			if a.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(a.body, c.want) {
				t.Fatalf("status %d, wanted %q", a.StatusCode, c.want)
			}
			if c.kind != "" && !strings.Contains(a.body, `value="`+c.asOf+`"`) {
				t.Error("what was typed is gone")
			}
		})
	}
}

func TestStaffAndUnits(t *testing.T) {
	d, db := newOffice(t)
	ctx := context.Background()
	a := d.post("/units/new", "/units", url.Values{"code": {"PKM-SILO"}, "name": {"Puskesmas Silo"}, "kind": {"puskesmas"}})
	if a.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(a.body, "wilayah kerja") || !strings.Contains(a.body, `value="PKM-SILO"`) {
		t.Fatalf("a unit without an area: status %d", a.StatusCode)
	}
	a = d.post("/units/new", "/units", url.Values{"code": {"PKM-SILO"}, "name": {"Puskesmas Silo"}, "kind": {"puskesmas"}, "area": {"35.09.30", "35.09.30.2001"}})
	u, err := db.Unit(ctx, "PKM-SILO")
	if a.StatusCode != http.StatusSeeOther || err != nil || len(u.Areas) != 1 || u.Areas[0] != "35.09.30" {
		t.Fatalf("status %d, unit %+v, %v", a.StatusCode, u, err)
	}
	a = d.post("/units/new", "/units", url.Values{"code": {"PKM-SILO"}, "name": {"Lain"}, "kind": {"puskesmas"}, "area": {"35.09.30"}})
	if a.StatusCode != http.StatusConflict || !strings.Contains(a.body, `value="Lain"`) {
		t.Fatalf("a code that is taken: status %d", a.StatusCode)
	}
	d.post("/units/PKM-SILO", "/units/PKM-SILO", url.Values{"name": {"Puskesmas Silo 1"}, "kind": {"puskesmas"}, "area": {"35.09.30.2001"}})
	if u, err = db.Unit(ctx, "PKM-SILO"); err != nil || u.Name != "Puskesmas Silo 1" || u.Areas[0] != "35.09.30.2001" {
		t.Fatalf("changed to %+v, %v", u, err)
	}

	form := url.Values{"user": {"dewi"}, "name": {"Dewi L."}, "role": {"puskesmas"}, "password": {"kalimat sementara satu"}}
	a = d.post("/staff", "/staff", form)
	if a.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(a.body, `href="#f-unit"`) || strings.Contains(a.body, "kalimat sementara") {
		t.Fatalf("a desk without a unit: status %d", a.StatusCode)
	}
	form.Set("unit", "PKM-SILO")
	a = d.post("/staff", "/staff", form)
	if a.StatusCode != http.StatusSeeOther || a.Header.Get("Location") != "/staff/dewi" {
		t.Fatalf("status %d: %s", a.StatusCode, a.body)
	}
	admin := d.client
	if a = d.signInWith("dewi", "kalimat sementara satu"); a.StatusCode != http.StatusSeeOther || !strings.Contains(d.get("/account").body, "sementara") {
		t.Fatal("the new account cannot sign in, or is not asked for a password of its own")
	}
	desk := d.client
	d.client = admin
	for _, c := range []struct {
		form url.Values
		want func(auth.Account) bool
	}{
		{url.Values{"act": {"role"}, "role": {"coordinator"}, "unit": {""}}, func(a auth.Account) bool { return a.Role == auth.Coordinator && a.Unit == "" }},
		{url.Values{"act": {"password"}, "password": {"kalimat sementara dua"}}, func(a auth.Account) bool { return a.MustChange }},
		{url.Values{"act": {"disable"}}, func(a auth.Account) bool { return a.Disabled }},
		{url.Values{"act": {"enable"}}, func(a auth.Account) bool { return !a.Disabled }},
	} {
		a = d.post("/staff/dewi", "/staff/dewi", c.form)
		acc, err := db.Account(ctx, "dewi")
		if a.StatusCode != http.StatusSeeOther || err != nil || !c.want(acc) {
			t.Errorf("%v: status %d, account %+v, %v", c.form, a.StatusCode, acc.Staff, err)
		}
	}
	a = d.post("/staff/kepala", "/staff/kepala", url.Values{"act": {"disable"}})
	if a.StatusCode != http.StatusConflict || !strings.Contains(a.body, "administrator terakhir") {
		t.Errorf("the last administrator: status %d", a.StatusCode)
	}
	d.client = desk
	if a = d.get("/account"); a.StatusCode != http.StatusSeeOther && !strings.Contains(a.body, "Kata sandi") {
		t.Errorf("the desk's old session: status %d", a.StatusCode)
	}
}

func TestTokenIsShownOnce(t *testing.T) {
	d, db := newOffice(t)
	a := d.post("/tokens", "/tokens", url.Values{"label": {"jembatan"}, "days": {"900"}})
	if a.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(a.body, `value="jembatan"`) {
		t.Fatalf("900 days: status %d", a.StatusCode)
	}
	a = d.post("/tokens", "/tokens", url.Values{"label": {"jembatan"}, "days": {"7"}, "only": {"import.read"}})
	at := strings.Index(a.body, "lyk_")
	if a.StatusCode != http.StatusOK || at < 0 {
		t.Fatalf("status %d", a.StatusCode)
	}
	secret := a.body[at : at+strings.IndexByte(a.body[at:], '<')]
	req := d.request(http.MethodGet, "/api/v1/imports", "")
	req.Header.Set("Authorization", "Bearer "+secret)
	if got := d.do(req); got.StatusCode != http.StatusOK {
		t.Errorf("the token is answered with %d", got.StatusCode)
	}
	if strings.Contains(d.get("/tokens").body, secret) {
		t.Error("the secret is shown twice")
	}
	list, err := db.Tokens(context.Background(), "kepala")
	if err != nil || len(list) != 1 || !list[0].Limited {
		t.Fatalf("%+v, %v", list, err)
	}
	d.post("/tokens", "/tokens/revoke", url.Values{"id": {list[0].ID}})
	if got := d.do(req); got.StatusCode != http.StatusUnauthorized {
		t.Errorf("the revoked token is answered with %d", got.StatusCode)
	}
}

func TestTrailPage(t *testing.T) {
	d, db := newOffice(t)
	ctx := context.Background()
	nik := eligibility.NIK("3509190101857000")
	for i := range 60 {
		err := db.Record(ctx, audit.Entry{Actor: "rini", Act: "person.view", Object: "determination", ObjectID: fmt.Sprint("hasil-", i), Person: string(nik), Purpose: "Melayani warga di loket"})
		if err != nil {
			t.Fatal(err)
		}
	}
	a := d.get("/audit?actor=rini")
	if a.StatusCode != http.StatusOK || strings.Count(a.body, "Melihat data orang") != 50 || !strings.Contains(a.body, "before=") {
		t.Fatalf("status %d, %d rows", a.StatusCode, strings.Count(a.body, "Melihat data orang"))
	}
	if a = d.get("/audit?actor=rini&from=2026-12-01"); !strings.Contains(a.body, "Tidak ada catatan") {
		t.Error("a day without entries")
	}
	if a = d.get("/audit?from=kemarin"); a.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("a spoilt date: status %d", a.StatusCode)
	}
	if a = d.post("/audit", "/audit/person", url.Values{"nik": {"123"}, "reason": {auditReasons[0]}}); a.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("a short NIK: status %d", a.StatusCode)
	}
	a = d.post("/audit", "/audit/person", url.Values{"nik": {string(nik)}, "reason": {auditReasons[0]}})
	if a.StatusCode != http.StatusOK || strings.Contains(a.body, string(nik)) || !strings.Contains(a.body, nik.Masked()) {
		t.Fatalf("who saw: status %d; the NIK is on the page: %v", a.StatusCode, strings.Contains(a.body, string(nik)))
	}
	ref := between(a.body, `name="ref" value="`, `"`)
	older := d.post("/audit", "/audit/person", url.Values{"ref": {ref}, "before": {between(a.body, `name="before" value="`, `"`)}, "reason": {auditReasons[0]}})
	if n := strings.Count(older.body, "Melihat data orang"); n != 11 {
		t.Errorf("%d older entries, want 11", n)
	}
	found, err := db.AuditEntries(ctx, audit.Filter{Act: "audit.person"})
	if err != nil || len(found.Entries) != 1 || found.Entries[0].Actor != "kepala" || found.Entries[0].Purpose != auditReasons[0] {
		t.Errorf("the look is on record as %+v, %v", found.Entries, err)
	}
	if a = d.post("/audit", "/audit/verify", nil); a.StatusCode != http.StatusOK || !strings.Contains(a.body, "Jejak utuh") {
		t.Errorf("verify: status %d", a.StatusCode)
	}
	if strings.Contains(d.log.String(), string(nik)) {
		t.Error("the NIK is in the log")
	}
}

func between(s, from, to string) string {
	_, rest, _ := strings.Cut(s, from)
	text, _, _ := strings.Cut(rest, to)
	return text
}

func TestFewestAreas(t *testing.T) {
	var every []area.Code
	for _, d := range area.Children("35.09") {
		every = append(every, d.Code)
	}
	for name, c := range map[string]struct{ in, want []area.Code }{
		"a village of a whole district": {[]area.Code{"35.09.30", "35.09.30.2001", "35.09.19.1001"}, []area.Code{"35.09.30", "35.09.19.1001"}},
		"every district":                {every, []area.Code{"35.09"}},
		"nothing":                       {nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			if got := fewestAreas(c.in, "35.09"); fmt.Sprint(got) != fmt.Sprint(c.want) {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}
