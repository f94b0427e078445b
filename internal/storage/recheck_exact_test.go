package storage

import (
	"context"
	"encoding/json"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"layak/complaints/recheck"
	"layak/eligibility"
	"layak/internal/area"
	"layak/internal/auth"
	"layak/internal/testkit"
	"layak/policy"
)

// crowdAsks are checks of every kind: with papers that carry numbers, dates and areas, statements,
// needs and days of service, by NIK, by name and of newborns, also of whom nobody knows.
func crowdAsks(n int) []eligibility.Request {
	yes, no := true, false
	var out []eligibility.Request
	for i := range n {
		r := eligibility.Request{Subject: eligibility.Subject{NIK: lookNIK(i)}, Purpose: "loket"}
		switch i % 9 {
		case 1:
			r.Need, r.AcceptsClass3 = "inpatient", &no
		case 2:
			r.Need, r.StillEmployed = "outpatient", &yes
			r.Evidence = []eligibility.Evidence{{Kind: "sktm", Issuer: "Kelurahan", Number: "1/2026", IssuedOn: "2026-11-02"}}
		case 3:
			r.Evidence = []eligibility.Evidence{
				{Kind: "other", IssuedOn: "2026-11-03", Facts: map[eligibility.Field]string{eligibility.FieldDesil: "8"}},
				{Kind: "kk", Facts: map[eligibility.Field]string{eligibility.FieldVillage: string(sempusari)}}}
		case 4:
			r.Evidence = []eligibility.Evidence{{Kind: "bpjs_screen", Facts: map[eligibility.Field]string{
				eligibility.FieldSegment: "mandiri", eligibility.FieldMemberStatus: "inactive"}}}
		case 5:
			r.ServiceOn = "2026-11-10"
		case 6:
			r.Subject = eligibility.Subject{Name: lookPerson(i).Values[eligibility.FieldName], BirthDate: "1980-02-03", Village: []area.Code{mangli, sempusari}[i%2]}
		case 7:
			r.Subject = eligibility.Subject{MotherNIK: lookNIK(i), BirthDate: "2026-11-02"}
		case 8:
			r.Subject = eligibility.Subject{NIK: eligibility.NIK(fmt.Sprintf("3509191010800%03d", i))} // in no list
			r.Evidence = []eligibility.Evidence{{Kind: "ktp", Facts: map[eligibility.Field]string{
				eligibility.FieldVillage: string(mangli), eligibility.FieldBirthDate: "1980-10-10", eligibility.FieldSex: "L"}}}
		}
		out = append(out, r)
	}
	return out
}

// TestSecondLookIsWhatEachCheckSays holds a run over a mixed crowd against making every determination
// again by itself, from the whole of what is stored: who changed is on the list, with the outcome, the
// reasons and the facts of the single check, and nobody else is.
func TestSecondLookIsWhatEachCheckSays(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		const n = 90
		ctx := context.Background()
		l := newSecondLook(t, db)
		l.settle(n, func(i int) string { return []string{"9", "8", "", "6", "2"}[i%5] })
		var asked []eligibility.Determination
		for _, r := range crowdAsks(n) {
			asked = append(asked, l.ask(r))
		}
		l.now = l.now.AddDate(0, 0, 3)
		l.welfare("2026-12-01", n, func(i int) string { return []string{"2", "9", "3", "", "10"}[i%5] })
		publish(t, db, load{kind: eligibility.Membership, asOf: "2026-12-01", rows: listed(
			testkit.Row(string(lookNIK(10)), map[eligibility.Field]string{eligibility.FieldSegment: "ppu", eligibility.FieldMemberStatus: "active"}))})
		r := l.run()
		if r.Failed != 0 {
			t.Fatalf("run %+v", r)
		}
		items := map[string]recheck.Item{}
		for _, it := range l.list(recheck.Filter{Limit: 200}) {
			items[it.Old] = it
		}
		l.check.Clock = func() time.Time { return r.StartedAt }
		outcomes := map[string]int{}
		for _, d := range asked {
			if d.Outcome == policy.Eligible || d.Outcome == policy.AlreadyCovered {
				continue // told yes, and in no open case
			}
			stored, err := db.Determination(ctx, d.ID)
			must(t, err)
			want, err := l.check.Again(l.actor(auth.System()), stored, "Cek ulang: "+r.Reason)
			must(t, err)
			it, listed := items[d.ID]
			if listed != (want.Outcome != d.Outcome) {
				t.Errorf("%+v: listed %v, a single check goes from %s to %s", d.Subject, listed, d.Outcome, want.Outcome)
			}
			outcomes[fmt.Sprintf("%s to %s", d.Outcome, want.Outcome)]++
			if !listed {
				continue
			}
			got, err := db.Determination(ctx, it.New)
			must(t, err)
			change, err := l.check.Compare(ctx, stored, want, func(string) int { return 1 })
			must(t, err)
			if it.Why != change.Why() || it.From != d.Outcome || it.Need != d.Facts.Need || !it.OldAt.Equal(stored.DecidedAt) {
				t.Errorf("item %+v, want %q", it, change.Why())
			}
			want.ID = got.ID
			if a, b := asText(t, got), asText(t, want); a != b {
				t.Errorf("stored %s\nsingle %s", a, b)
			}
		}
		if len(items) < 10 || len(outcomes) < 4 {
			t.Errorf("%d on the list, %v: the crowd does not test what it should", len(items), outcomes)
		}
	})
}

func asText(t *testing.T, d eligibility.Determination) string {
	t.Helper()
	d.DecidedAt = d.DecidedAt.UTC()
	b, err := json.Marshal(d)
	must(t, err)
	return string(b)
}

// doubtful are rules that once, after so many answers, find that people were taken to be alike who are not.
type doubtful struct {
	*policy.Engine
	left *atomic.Int64
}

func (d doubtful) Brief(ctx context.Context, in policy.Input) (policy.Brief, error) {
	if d.left.Add(-1) == 0 {
		return policy.Brief{}, policy.ErrNotAlike
	}
	return d.Engine.Brief(ctx, in)
}

// Alike hides that of the engine: it is of another form, so nobody takes it for one that remembers.
func (doubtful) Alike() {}

type doubtfulBook struct {
	*books
	left *atomic.Int64
}

func (b doubtfulBook) Active() eligibility.Rules { return doubtful{b.active, b.left} }

// A run that finds its shortcut wrong begins anew without it: everybody is looked at, nobody is on the
// list twice.
func TestSecondLookBeginsAnewInDoubt(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		const n = 520 // a batch and some more
		l := newSecondLook(t, db)
		l.settle(n, always("9"))
		for i := range n {
			l.ask(eligibility.Request{Subject: eligibility.Subject{NIK: lookNIK(i)}})
		}
		l.welfare("2026-12-01", n, always("2"))
		var left atomic.Int64
		left.Store(n - 5) // in the second batch, when the first is stored
		l.check.Book = doubtfulBook{l.book, &left}
		r := l.run()
		counts, err := l.svc.Counts(l.actor(auth.System()))
		must(t, err)
		if left.Load() > 0 || r.Checked != n || r.Changed != n || r.Failed != 0 || counts.Total != n || countRows(t, db, "recheck_item") != n {
			t.Errorf("run %+v, %d on the list of %d, %d never asked", r, counts.Total, n, left.Load())
		}
	})
}
