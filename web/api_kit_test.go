package web

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"layak/complaints"
	"layak/eligibility"
	"layak/importers"
	"layak/internal/area"
	"layak/internal/audit"
	"layak/internal/auth"
	"layak/internal/storage"
	"layak/internal/testkit"
	"layak/policy"
)

// The places and the clock of the API tests.
const (
	apiHome   area.Code = "35.09"
	apiMangli area.Code = "35.09.19.1001" // Kaliwates
	apiSilo   area.Code = "35.09.30"
)

var apiNoon = time.Date(2026, 11, 21, 12, 0, 0, 0, eligibility.WIB)

// people of the tests, all of them made up.
type apiPeople struct {
	poor    eligibility.NIK // Mangli, desil 2, not insured: eligible
	rich    eligibility.NIK // Mangli, desil 9, not insured: not eligible
	covered eligibility.NIK // Silo, PBI-JK active: already covered
	missing eligibility.NIK // in no registry
}

// apiRules is compiled once per test binary.
var apiRules = sync.OnceValues(func() (*policy.Engine, error) {
	return policy.NewEngine(context.Background(), policy.Shipped())
})

// ruleShelf is the rule book of the tests: the shipped rules alone.
type ruleShelf struct{ *policy.Engine }

func (r ruleShelf) Active() eligibility.Rules { return r.Engine }
func (r ruleShelf) Revision(context.Context, string) (eligibility.Rules, error) {
	return r.Engine, nil
}

// bureau is the whole program but the command line: real storage, real rules, a real listener.
type bureau struct {
	testing.TB
	*Server
	db       *storage.DB
	accounts *auth.Accounts
	cases    *complaints.Service
	people   apiPeople
	imports  map[eligibility.Kind]string
	url      string
	clock    *time.Time
	tokens   map[string]string // by user name
}

// eachBureau runs the test on either database.
func eachBureau(t *testing.T, test func(t *testing.T, b *bureau)) {
	t.Run("sqlite", func(t *testing.T) { test(t, newBureau(t, apiSQLite(t))) })
	t.Run("postgres", func(t *testing.T) { test(t, newBureau(t, apiPostgres(t))) })
}

func apiPostgres(t testing.TB) string { return testkit.PostgresLike(t, "api", apiMigrated) }

func apiSQLite(t testing.TB) string { return testkit.SQLiteLike(t, "api", apiMigrated) }

func apiMigrated(address string) error {
	db, err := storage.Open(context.Background(), address, storage.Config{Regency: apiHome})
	if err != nil {
		return err
	}
	return db.Close()
}

func newBureau(t testing.TB, address string) *bureau {
	t.Helper()
	ctx := context.Background()
	now := apiNoon
	b := &bureau{TB: t, clock: &now, tokens: map[string]string{}, imports: map[eligibility.Kind]string{}}
	clock := func() time.Time { return *b.clock }
	db, err := storage.Open(ctx, address, storage.Config{Regency: apiHome, Clock: clock})
	b.must(err)
	t.Cleanup(func() {
		err := db.Close()
		if err != nil {
			t.Error(err)
		}
	})
	engine, err := apiRules()
	b.must(err)
	var packed bytes.Buffer
	b.must(policy.Shipped().WriteTarGz(&packed))
	_, err = db.EnsureRevision(ctx, engine.Hash(), packed.Bytes())
	b.must(err)
	b.db = db
	b.accounts = &auth.Accounts{Store: db, Clock: clock}
	checker := &eligibility.Checker{Registry: db, Store: db, Trail: db, Book: ruleShelf{engine}, Home: apiHome, Clock: clock}
	service := &complaints.Service{Store: db, Checker: checker, Clock: clock,
		Keyed: func(kind, value string) []string { return []string{kind + "#" + value} }}
	b.cases = service
	b.Server, err = New(Config{Home: apiHome, Sessions: &memorySessions{}, Clock: clock}, Services{
		Checks: checker, People: db, Accounts: b.accounts, Complaints: service, Finder: &complaints.Finder{Store: db, Clock: clock}, Cases: service, Offices: b.accounts, Imports: db, Policies: db,
	})
	b.must(err)
	ts := httptest.NewServer(b.Server)
	t.Cleanup(ts.Close)
	b.url = ts.URL
	b.hire()
	b.register()
	return b
}

func (b *bureau) must(err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

// hire makes two units and one account of every role, named like the role; a second kelurahan
// desk, "silo", works elsewhere.
func (b *bureau) hire() {
	b.Helper()
	ctx := context.Background()
	entry := audit.Entry{Actor: "os:test", Act: "staff.create", Object: "staff"}
	for _, u := range []auth.Unit{
		{Code: "KEL-MANGLI", Name: "Kelurahan Mangli", Kind: "kelurahan", Areas: []area.Code{apiMangli}},
		{Code: "PKM-SILO", Name: "Puskesmas Silo", Kind: "puskesmas", Areas: []area.Code{apiSilo}},
	} {
		b.must(b.db.AddUnit(ctx, u, entry))
	}
	add := func(user, unit string, role auth.Role) {
		b.must(b.db.AddStaff(ctx, auth.Staff{User: user, Name: "Petugas " + user, Role: role, Unit: unit,
			CreatedAt: apiNoon, PasswordAt: apiNoon}, entry))
		b.tokens[user] = b.token(auth.NewToken{User: user, Label: "uji"})
	}
	for _, role := range auth.Roles {
		unit := map[auth.Role]string{auth.Kelurahan: "KEL-MANGLI", auth.Puskesmas: "PKM-SILO"}[role]
		add(string(role), unit, role)
	}
	add("silo", "PKM-SILO", auth.Kelurahan)
}

func (b *bureau) token(n auth.NewToken) string {
	b.Helper()
	secret, _, err := b.accounts.IssueToken(auth.With(context.Background(), auth.CommandLine("test")), n)
	b.must(err)
	return secret
}

// register publishes the registry of the tests.
func (b *bureau) register() {
	b.Helper()
	poor := testkit.Person(1, "Sri Wahyuni", "1980-02-03")
	rich := testkit.Person(2, "Bambang Hartono", "1975-06-07")
	covered := testkit.Person(3, "Yanti Puspita", "1990-09-01")
	covered.Set(eligibility.FieldVillage, "35.09.30.2001")
	covered.Set(eligibility.FieldDistrict, "35.09.30")
	nik := func(r *eligibility.Record) string { return r.Values[eligibility.FieldNIK] }
	b.people = apiPeople{
		poor: eligibility.NIK(nik(poor)), rich: eligibility.NIK(nik(rich)), covered: eligibility.NIK(nik(covered)),
		missing: "3509190101010999",
	}
	desil := func(r *eligibility.Record, d string) *eligibility.Record {
		return testkit.Row(nik(r), map[eligibility.Field]string{eligibility.FieldDesil: d})
	}
	b.load(eligibility.Residents, poor, rich, covered)
	b.load(eligibility.Welfares, desil(poor, "2"), desil(rich, "9"), desil(covered, "1"))
	b.load(eligibility.Membership, testkit.Row(nik(covered), map[eligibility.Field]string{
		eligibility.FieldSegment: "pbi_jk", eligibility.FieldMemberStatus: "active"}))
}

// load publishes rows as a snapshot of the regency.
func (b *bureau) load(kind eligibility.Kind, records ...*eligibility.Record) {
	b.Helper()
	ctx := context.Background()
	entry := audit.Entry{Actor: "os:test", Act: "import.publish", Object: "import"}
	imp, err := b.db.StartImport(ctx, importers.Import{Kind: kind, Mode: importers.Snapshot, Area: apiHome,
		AsOf: "2026-11-01", Files: []string{"data.xlsx"}, FileHash: string(kind), StartedBy: "os:test"}, entry)
	b.must(err)
	rows := make([]importers.Version, len(records))
	for i, r := range records {
		rows[i].Record = *r
	}
	b.must(b.db.AppendRows(ctx, imp, rows))
	b.must(b.db.SaveRejects(ctx, imp, []importers.Reject{{File: "data.xlsx", Sheet: "Lembar 1", Row: 9, Column: "NIK",
		Value: "3509190101010777", Code: "nik_number_cell", Reason: "Angka terakhir NIK sudah hilang."}}))
	imp.Status, imp.Read, imp.Accepted, imp.New, imp.Rejected = importers.Published, len(rows)+1, len(rows), len(rows), 1
	b.must(b.db.PublishImport(ctx, imp, []eligibility.Coverage{
		{Kind: kind, Area: apiHome, ImportID: imp.ID, AsOf: "2026-11-01", Snapshot: true}}, entry))
	b.imports[kind] = imp.ID
}

// heard is a response whose body was read and found to be as openapi.json says.
type heard struct {
	*http.Response
	raw  []byte
	tb   testing.TB
	body map[string]any
}

// call sends a request as a user ("" is nobody) and checks the answer against the description.
func (b *bureau) call(user, method, path string, body any, headers ...string) heard {
	b.Helper()
	var text string
	switch v := body.(type) {
	case nil:
	case string:
		text = v
	default:
		encoded, err := json.Marshal(v)
		b.must(err)
		text = string(encoded)
	}
	req, err := http.NewRequestWithContext(context.Background(), method, b.url+path, strings.NewReader(text))
	b.must(err)
	if text != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	if token := b.tokens[user]; token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	res, err := http.DefaultClient.Do(req)
	b.must(err)
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	b.must(err)
	r := heard{Response: res, raw: raw, tb: b.TB}
	err = json.Unmarshal(raw, &r.body)
	if err != nil {
		b.Fatalf("%s %s: %d %s: %v", method, path, res.StatusCode, raw, err)
	}
	checkAnswerShape(b.TB, method, path, r)
	return r
}

// want fails when the status is another one.
func (r heard) want(status int) heard {
	r.tb.Helper()
	if r.StatusCode != status {
		r.tb.Fatalf("%s %s: status %d, want %d: %s", r.Request.Method, r.Request.URL.Path, r.StatusCode, status, r.raw)
	}
	return r
}

// problem fails when the answer is not a problem of that status, code and field.
func (r heard) problem(status int, code, field string) {
	r.tb.Helper()
	r.want(status)
	if r.Header.Get("Content-Type") != "application/problem+json" || r.text("code") != code || r.text("detail") == "" {
		r.tb.Fatalf("%s: not the problem %s: %s", r.Request.URL.Path, code, r.raw)
	}
	if field == "" {
		return
	}
	list, _ := r.body["errors"].([]any)
	for _, e := range list {
		if entry, _ := e.(map[string]any); entry["field"] == field && entry["message"] != "" {
			return
		}
	}
	r.tb.Fatalf("%s: no error beside %s: %s", r.Request.URL.Path, field, r.raw)
}

func (r heard) text(name string) string {
	s, _ := r.body[name].(string)
	return s
}

func (r heard) number(name string) int {
	n, _ := r.body[name].(float64)
	return int(n)
}

// list gives the objects of a member that is a list.
func (r heard) list(name string) []map[string]any {
	r.tb.Helper()
	items, ok := r.body[name].([]any)
	if !ok {
		r.tb.Fatalf("%s: %s is no list: %s", r.Request.URL.Path, name, r.raw)
	}
	out := make([]map[string]any, len(items))
	for i, item := range items {
		out[i], _ = item.(map[string]any)
	}
	return out
}

// trail counts the entries about an object, by act.
func (b *bureau) trail(id string) map[string]int {
	b.Helper()
	counts := map[string]int{}
	page, err := b.db.AuditEntries(context.Background(), storage.AuditFilter{ObjectID: id, Limit: 500})
	b.must(err)
	for _, e := range page.Entries {
		counts[e.Act]++
	}
	return counts
}

func (b *bureau) checkOf(nik eligibility.NIK) heard {
	b.Helper()
	return b.call("kelurahan", http.MethodPost, "/api/v1/checks", map[string]any{
		"nik": nik, "need": "inpatient", "statements": map[string]any{"accepts_class_3": true}}).want(http.StatusOK)
}

// fileAs files a complaint for a person.
func (b *bureau) fileAs(user string, nik eligibility.NIK) heard {
	b.Helper()
	return b.call(user, http.MethodPost, "/api/v1/complaints", filingOf(nik)).want(http.StatusCreated)
}

func filingOf(nik eligibility.NIK) map[string]any {
	return map[string]any{
		"channel": "whatsapp", "matter": "activation", "need": "inpatient", "nik": nik, "text": "Kartu belum aktif.",
		"reporter": map[string]any{"name": "Ani", "phone": "0812 3456 7890", "relation": "family"},
	}
}

// act adds an event with the version of the last answer.
func (b *bureau) act(user string, last heard, kind string, more map[string]any) heard {
	b.Helper()
	body := map[string]any{"type": kind, "version": last.number("version")}
	for k, v := range more {
		body[k] = v
	}
	return b.call(user, http.MethodPost, eventsPath(last), body)
}

func eventsPath(r heard) string { return fmt.Sprintf("/api/v1/complaints/%s/events", r.text("ticket")) }
