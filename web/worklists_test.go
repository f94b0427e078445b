package web

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"layak/complaints/numbers"
	"layak/complaints/worklist"
	"layak/eligibility"
	"layak/internal/auth"
)

// alwaysPrioritas is a regency that never loses its standing.
type alwaysPrioritas struct{}

func (alwaysPrioritas) Standing(eligibility.Date) string { return "prioritas" }

func (alwaysPrioritas) Premium(eligibility.Date) worklist.Premium {
	return worklist.Premium{ValidFrom: "2019-08-01", Rupiah: 42_000, Source: "Perpres 75/2019"}
}

// The pages of the work lists and of the figures over real services with one real case.
func TestListsAndFiguresOverARealOffice(t *testing.T) {
	d, b := caseDesk(t, apiSQLite(t), "kelurahan", "coordinator")
	clock := func() time.Time { return *b.clock }
	d.Worklists = &worklist.Desk{Store: b.db, Registry: b.db, Cases: b.cases, Rules: alwaysPrioritas{}, Clock: clock, Zone: eligibility.WIB, Home: apiHome}
	counter := &numbers.Counter{Store: b.db, Zone: eligibility.WIB, Clock: clock}
	d.Reports = &numbers.Service{Counter: counter, Cases: b.db, Staff: b.db, Live: b.db, Office: "Kabupaten Jember"}
	d.fileCase(string(b.people.poor))
	_, err := counter.Sweep(t.Context())
	b.must(err)
	d.signInAs(auth.Coordinator)
	for path, want := range map[string]string{
		"/worklists":                         `href="/worklists/week"`,
		"/worklists/registrations":           "<h1>",
		"/worklists/paid":                    "<h1>",
		"/worklists/promises":                "<h1>",
		"/worklists/week":                    "<dd>1</dd>",
		"/worklists/week.xlsx":               "PK",
		"/worklists/week.pdf":                "%PDF-",
		"/worklists/recap":                   "<h1>",
		"/worklists/recap.pdf":               "%PDF-",
		"/worklists/mine":                    "<h1>",
		"/reports":                           "<h1>",
		"/reports/monthly.pdf?month=2026-11": "%PDF-",
	} {
		a := d.get(path)
		if a.StatusCode != http.StatusOK || !strings.Contains(a.body, want) {
			t.Errorf("%s answers %d and lacks %q: %.300s", path, a.StatusCode, want, a.body)
		}
	}
}
