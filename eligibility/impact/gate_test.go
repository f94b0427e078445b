package impact

import (
	"context"
	"testing"
	"time"

	"layak/internal/fault"
)

// shelf holds runs that ended, oldest first, as a store would find them again.
type shelf struct {
	Store
	runs []Run
}

func (s shelf) NewestImpact(_ context.Context, kind Kind, draft, base string, days Days) (Run, error) {
	for i := len(s.runs) - 1; i >= 0; i-- {
		r := s.runs[i]
		if r.Kind == kind && r.Draft == draft && r.Base == base && r.ServiceOn >= days.From && (days.Until == "" || r.ServiceOn <= days.Until) {
			return r, nil
		}
	}
	return Run{}, fault.New(fault.NotFound, "impact_not_found", "Belum dihitung.")
}

// ended is a run of a kind for a day of service, of rules whose numbers begin on some days.
func ended(kind Kind, on string, at time.Time, apart ...string) Run {
	r := Run{ID: on, Kind: kind, Draft: "draft", Base: "base", ServiceOn: on, State: Done, FinishedAt: &at}
	if kind == OfRegistry {
		r.Preview = &Result{Registry: 1, ServiceOn: on, Apart: apart}
	} else {
		r.Routing = &Rerouted{ServiceOn: on, At: at, Apart: apart}
	}
	return r
}

// Where nothing begins later, today is what an approver decides about: a look at any other day, however new,
// opens no gate, and one at today does so until the office's day is over.
func TestOnlyTheDayThatCountsOpensTheGate(t *testing.T) {
	morning := time.Date(2026, 11, 22, 0, 5, 0, 0, noon.Location()) // still the day before in UTC
	of := func(on string, apart ...string) Run { return ended(OfRegistry, on, morning, apart...) }
	for _, c := range []struct {
		name  string
		runs  []Run
		now   time.Time
		found string
		code  string
	}{
		{"today", []Run{of("2026-11-22")}, morning, "2026-11-22", ""},
		{"late on the same day", []Run{of("2026-11-22")}, morning.Add(23*time.Hour + 50*time.Minute), "2026-11-22", ""},
		{"after midnight", []Run{of("2026-11-22")}, morning.Add(24 * time.Hour), "", "impact_old"},
		{"a far day", []Run{of("2030-01-01")}, noon, "", "impact_old"},
		{"tomorrow", []Run{of("2026-11-23")}, noon, "", "impact_old"},
		{"a far day after today", []Run{of("2026-11-22"), of("2030-01-01")}, noon, "2026-11-22", ""},
		{"it begins later", []Run{of("2027-01-01", "2027-01-01")}, noon, "2027-01-01", ""},
		{"behind the day on which it begins", []Run{of("2030-01-01", "2027-01-01")}, noon, "", "impact_day"},
		{"the day has come", []Run{of("2027-01-01", "2027-01-01")}, time.Date(2027, 1, 1, 9, 0, 0, 0, noon.Location()), "2027-01-01", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := newOffice(1, 1)
			o.now = c.now
			s := &Service{Preview: o.preview(Here), Store: shelf{runs: c.runs}}
			r, err := s.Newest(t.Context(), "draft", "base")
			wantLook(t, r, err, c.found, c.code)
		})
	}
}

// Complaints close and open by the hour: a look at the open ones counts on the office's day on which it was made,
// also when what changes begins months later.
func TestALookAtComplaintsCountsForItsDay(t *testing.T) {
	november := time.Date(2026, 11, 22, 0, 5, 0, 0, noon.Location())
	december := time.Date(2026, 12, 30, 9, 0, 0, 0, noon.Location())
	january := func(at time.Time) Run { return ended(OfComplaints, "2027-01-01", at, "2027-01-01") }
	for _, c := range []struct {
		name  string
		runs  []Run
		now   time.Time
		open  int
		found string
		code  string
	}{
		{"today", []Run{january(november)}, november.Add(23 * time.Hour), 1, "2027-01-01", ""},
		{"made last month", []Run{january(november)}, december, 1, "", "impact_old"},
		{"made yesterday", []Run{january(december.AddDate(0, 0, -1))}, december, 1, "", "impact_old"},
		{"made again", []Run{january(november), january(december)}, december, 1, "2027-01-01", ""},
		{"that of the day that counts is old, one of today is not", []Run{january(november), ended(OfComplaints, "2026-12-30", december, "2027-01-01")}, december, 1, "", "impact_old"},
		{"none is open any more", []Run{january(november)}, december, 0, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := newOffice(1, 0)
			o.now = c.now
			s := &Service{Preview: o.preview(Here), Store: shelf{runs: c.runs}, Cases: make(drawer, c.open)}
			r, err := s.NewestRouting(t.Context(), "draft", "base")
			wantLook(t, r, err, c.found, c.code)
		})
	}
}

// wantLook holds what was found against the id of a run, or the code of a refusal.
func wantLook(t *testing.T, r Run, err error, id, code string) {
	t.Helper()
	f := fault.As(err)
	if code == "" && (err != nil || r.ID != id) || code != "" && (f == nil || f.Kind != fault.NotFound || f.Code != code) {
		t.Errorf("found %q, %v; want %q, %q", r.ID, err, id, code)
	}
}
