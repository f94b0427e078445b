//go:build unix

package storage

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"syscall"
	"testing"
	"time"

	"layak/eligibility"
	"layak/internal/auth"
	"layak/internal/testkit"
	"layak/policy"
)

// BenchmarkSecondLook is a monthly file that turns every tenth of the refusals, against making each
// determination again by itself. LAYAK_REFUSALS says how many there are.
func BenchmarkSecondLook(b *testing.B) {
	n, _ := strconv.Atoi(os.Getenv("LAYAK_REFUSALS"))
	if n == 0 {
		n = 5000
	}
	eachEngineBench(b, func(b *testing.B, db *DB) {
		l := newSecondLook(b, db)
		people := refuse(b, l, n)
		turned := listed()
		for i := 0; i < len(people); i += 10 {
			turned = append(turned, listed(testkit.Row(people[i], map[eligibility.Field]string{eligibility.FieldDesil: "2"}))...)
		}
		publish(b, db, load{kind: eligibility.Welfares, asOf: "2026-12-01", rows: turned})
		b.ResetTimer()
		all := worked(db, func() {
			r := l.run()
			if r.Checked != n || r.Changed != n/10 || r.Failed != 0 {
				b.Fatalf("run %+v", r)
			}
		})
		b.StopTimer()
		none := worked(db, func() {
			again := l.run()
			if again.Changed != 0 {
				b.Fatalf("second run %+v", again)
			}
		})
		const sample = 500
		ctx := policy.WithTimeout(auth.With(context.Background(), auth.System()), time.Minute)
		each := worked(db, func() {
			for i := range sample {
				list, err := db.DeterminationsOf(ctx, eligibility.NIK(people[i*7+1]), 1)
				must(b, err)
				_, err = l.check.Again(ctx, list[0], "")
				must(b, err)
			}
		})
		b.Logf("100,000 refusals of which every tenth turns: %s; of which none does: %s; one by one: %s",
			all.of(n, 100_000), none.of(n, 100_000), each.of(sample, 100_000))
		b.ReportMetric(float64(n)/all.wall.Seconds(), "refusals/s")
	})
}

// effort is what some work took: time, and processor time of this process and of the server.
type effort struct{ wall, own, server time.Duration }

func worked(db *DB, work func()) effort {
	now := func() effort {
		var u syscall.Rusage
		_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
		e := effort{time.Since(benchBegan), time.Duration(u.Utime.Nano() + u.Stime.Nano()), 0}
		if db.dialect.name() == "PostgreSQL" {
			e.server = testkit.PostgresCPU()
		}
		return e
	}
	a := now()
	work()
	b := now()
	return effort{b.wall - a.wall, b.own - a.own, b.server - a.server}
}

var benchBegan = time.Now()

// of tells the effort for so many when it was taken for n.
func (e effort) of(n, many int) string {
	times := float64(many) / float64(n)
	return fmt.Sprintf("%.1f s (processor %.1f s, server %.1f s)", e.wall.Seconds()*times, e.own.Seconds()*times, e.server.Seconds()*times)
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
	ctx := policy.WithTimeout(auth.With(context.Background(), auth.Actor{Name: "rini"}), time.Minute)
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
