package storage

import (
	"context"
	"fmt"
	"testing"
	"time"

	"layak/eligibility"
	"layak/internal/auth"
	"layak/internal/testkit"
	"layak/policy"
)

const benchRefusals = 20_000

// BenchmarkSecondLook is a monthly file that turns every tenth of 20,000 refusals, against making
// each determination again by itself.
func BenchmarkSecondLook(b *testing.B) {
	eachEngineBench(b, func(b *testing.B, db *DB) {
		l := newSecondLook(b, db)
		people := refuse(b, l, benchRefusals)
		turned := listed()
		for i := 0; i < len(people); i += 10 {
			turned = append(turned, listed(testkit.Row(people[i], map[eligibility.Field]string{eligibility.FieldDesil: "2"}))...)
		}
		publish(b, db, load{kind: eligibility.Welfares, asOf: "2026-12-01", rows: turned})
		b.ResetTimer()
		began := time.Now()
		r := l.run()
		all := time.Since(began)
		b.StopTimer()
		if r.Checked != benchRefusals || r.Changed != benchRefusals/10 || r.Failed != 0 {
			b.Fatalf("run %+v", r)
		}
		again := l.run()
		if again.Changed != 0 {
			b.Fatalf("second run %+v", again)
		}
		const sample = 1000
		began = time.Now()
		ctx := auth.With(context.Background(), auth.System())
		for i := range sample {
			list, err := db.DeterminationsOf(ctx, eligibility.NIK(people[i*7+1]), 1)
			must(b, err)
			_, err = l.check.Again(ctx, list[0], "")
			must(b, err)
		}
		each := time.Since(began) / sample
		b.Logf("%d refusals in %s (100,000 in %s); one by one %s each, %.1f times as long",
			r.Checked, all.Round(time.Millisecond), (all * 5).Round(100*time.Millisecond), each.Round(time.Microsecond),
			float64(each)*float64(r.Checked)/float64(all))
		b.ReportMetric(float64(r.Checked)/all.Seconds(), "refusals/s")
	})
}

// refuse loads so many people in families of four and stores a refusal of each; it gives their NIKs.
func refuse(b *testing.B, l *secondLook, n int) []string {
	rows := people(n)
	all := []eligibility.Coverage{{Area: jember, Snapshot: true}}
	publish(b, l.db, load{kind: eligibility.Residents, asOf: "2026-11-01", rows: rows, coverage: all})
	publish(b, l.db, load{kind: eligibility.Membership, asOf: "2026-11-01", coverage: all})
	desils := listed()
	niks := make([]string, n)
	for i := range rows {
		niks[i] = nikOf(&rows[i].Record)
		desils = append(desils, listed(testkit.Row(niks[i], map[eligibility.Field]string{eligibility.FieldDesil: "9"}))...)
	}
	publish(b, l.db, load{kind: eligibility.Welfares, asOf: "2026-11-01", rows: desils})
	ctx := auth.With(context.Background(), auth.Actor{Name: "rini"})
	for from := 0; from < n; from += 500 {
		var asked []eligibility.Determination
		for _, nik := range niks[from : from+500] {
			asked = append(asked, eligibility.Determination{Subject: eligibility.Subject{NIK: eligibility.NIK(nik)}, NIK: eligibility.NIK(nik),
				Facts: policy.Input{At: l.now, ServiceOn: "2026-11-21", Evidence: []policy.Evidence{}}})
		}
		made, err := l.check.AgainAll(ctx, asked, "loket")
		must(b, err)
		must(b, l.db.writeLightly(ctx, func(t *tx) error {
			for _, m := range made {
				if m.Err != nil || m.New.Outcome != policy.NotEligible {
					return fmt.Errorf("%s: %w", m.New.Outcome, m.Err)
				}
				insert := l.db.determinationInsert(m.New)
				_, err := t.exec(ctx, insert.query, insert.args...)
				if err != nil {
					return err
				}
			}
			return nil
		}))
	}
	return niks
}
