package storage

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"layak/eligibility"
	"layak/eligibility/snapshot"
	"layak/importers"
	"layak/internal/area"
	"layak/internal/auth"
	"layak/internal/fault"
	"layak/internal/testkit"
	"layak/policy"
)

// crowdOf makes people up as registries hold them: families of several, people without a card, an
// address or a birth date, children, those who moved or died, and codes of all lists.
type crowdOf struct {
	r    *rand.Rand
	niks []string
	kks  []string
}

func newCrowd(seed uint64, people int) *crowdOf {
	c := &crowdOf{r: rand.New(rand.NewPCG(seed, 4))}
	for i := range people {
		c.niks = append(c.niks, fmt.Sprintf("350919%02d%02d%02d%04d", 1+i%28, 1+i%12, i%100, i))
		if i%3 == 0 {
			c.kks = append(c.kks, fmt.Sprintf("350919010120%04d", i))
		}
	}
	return c
}

// any is one of the values or, sometimes, nothing.
func (c *crowdOf) any(values ...string) string {
	if c.r.IntN(8) == 0 {
		return ""
	}
	return values[c.r.IntN(len(values))]
}

func (c *crowdOf) day() string {
	return c.any(string(eligibility.DateOf(noon.AddDate(0, 0, -c.r.IntN(365*80)))), "2026-10-01", "2012-02-29", "2026-11-21")
}

func (c *crowdOf) record(kind eligibility.Kind, i int) *eligibility.Record {
	r := testkit.Row(c.niks[i], nil)
	set := func(f eligibility.Field, v string) { r.Set(f, v) }
	switch kind {
	case eligibility.Residents:
		village := c.any("35.09.19.1001", "35.09.19.1002", "35.09.20.2003", "35.11.01.1001")
		set(eligibility.FieldKK, c.any(c.kks...))
		set(eligibility.FieldName, "Warga Rekaan")
		set(eligibility.FieldSex, c.any("L", "P"))
		set(eligibility.FieldBirthDate, c.day())
		set(eligibility.FieldRelation, c.any("head", "wife", "child", "child"))
		set(eligibility.FieldVillage, village)
		if village == "" {
			set(eligibility.FieldRegency, c.any("35.09", "35.11"))
		}
		set(eligibility.FieldLifeStatus, c.any("alive", "alive", "alive", "deceased", "moved_out"))
		set(eligibility.FieldMovedInOn, c.any("", "", "2026-05-01"))
	case eligibility.Welfares:
		set(eligibility.FieldDesil, c.any("1", "2", "4", "5", "6", "10"))
	case eligibility.Membership:
		set(eligibility.FieldSegment, c.any(policy.Codes("segment")...))
		set(eligibility.FieldMemberStatus, c.any(policy.Codes("member_status")...))
		set(eligibility.FieldMemberReason, c.any(policy.Codes("member_reason")...))
		set(eligibility.FieldMemberSince, c.day())
		set(eligibility.FieldInactiveSince, c.day())
		set(eligibility.FieldClass, c.any("1", "2", "3"))
	}
	return r
}

// load publishes an import of some of the people, some of them not listed any more, and of some it
// rejected the row.
func (c *crowdOf) load(t testing.TB, db *DB, kind eligibility.Kind, asOf eligibility.Date) importers.Import {
	t.Helper()
	var l load
	var gaps []eligibility.NIK
	l.kind, l.asOf = kind, asOf
	for i := range c.niks {
		switch c.r.IntN(6) {
		case 0, 1: // not in this file
		case 2:
			if c.r.IntN(4) == 0 {
				l.rows = append(l.rows, gone(c.niks[i])...)
			}
		default:
			l.rows = append(l.rows, importers.Version{Record: *c.record(kind, i)})
		}
		if c.r.IntN(25) == 0 {
			gaps = append(gaps, eligibility.NIK(c.niks[i]))
		}
	}
	if kind == eligibility.Welfares {
		for _, kk := range c.kks {
			if c.r.IntN(3) == 0 {
				family := &eligibility.Record{}
				family.Set(eligibility.FieldKK, kk)
				family.Set(eligibility.FieldDesil, c.any("3", "7"))
				l.rows = append(l.rows, importers.Version{Record: *family, Gone: c.r.IntN(5) == 0})
			}
			if c.r.IntN(25) == 0 {
				gaps = append(gaps, eligibility.NIK(importers.FamilyPrefix+kk))
			}
		}
	}
	for _, a := range []area.Code{"35.09", "35.09.19", "35.09.19.1001", "35.09.20"} {
		if c.r.IntN(2) == 0 {
			l.coverage = append(l.coverage, eligibility.Coverage{Area: a, AsOf: eligibility.Date(c.any("2026-11-10", "2026-09-01", string(asOf))), Snapshot: c.r.IntN(2) == 0})
		}
	}
	imp := start(t, db, l)
	must(t, db.SaveGaps(context.Background(), imp, gaps))
	must(t, db.PublishImport(context.Background(), imp, l.coverage, entry("import.publish")))
	return imp
}

func encoded(t testing.TB, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	must(t, err)
	return string(b)
}

// The facts that a snapshot gives of each person are those by which a check decides, of whatever the
// registry holds and of every revision of it.
func TestSnapshotGivesTheFactsOfChecks(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		ctx := auth.With(context.Background(), auth.CommandLine("test"))
		c := newCrowd(1, 120)
		office := newSecondLook(t, db)
		keeper := &snapshot.Keeper{Store: db, Clock: office.check.Clock}
		var imports []importers.Import
		compare := func(s *snapshot.Snapshot) {
			t.Helper()
			frame := office.check.Frame(noon)
			niks := make([]eligibility.NIK, s.Len())
			for i := range niks {
				niks[i] = s.NIK(i)
			}
			want, err := office.check.Sampler(db.RegistryOf(s.Revision), frame).Inputs(ctx, niks)
			must(t, err)
			for i := range niks {
				if got := encoded(t, s.Input(frame, i, true)); got != encoded(t, want[i]) {
					t.Fatalf("revision %d, person %d:\n got %s\nwant %s", s.Revision, i, got, encoded(t, want[i]))
				}
			}
		}
		var past []*snapshot.Snapshot
		for i, kind := range []eligibility.Kind{eligibility.Residents, eligibility.Membership, eligibility.Welfares,
			eligibility.Residents, eligibility.Membership, eligibility.Welfares, eligibility.Membership} {
			imports = append(imports, c.load(t, db, kind, eligibility.DateOf(noon.AddDate(0, 0, 7*i-60))))
			s, err := keeper.Current(ctx, nil)
			must(t, err)
			compare(s)
			past = append(past, s)
		}
		_, err := db.RollbackImport(ctx, imports[len(imports)-1].ID, entry("import.rollback"))
		must(t, err)
		s, err := keeper.Current(ctx, nil)
		must(t, err)
		if s.Revision == past[len(past)-1].Revision {
			t.Fatal("a rollback did not make another snapshot")
		}
		compare(s)
		compare(past[2]) // the registry of a past day can still be asked

		// And a check at a desk, which reads the registry by itself.
		for i := range 20 {
			d, err := office.check.Check(ctx, eligibility.Request{Subject: eligibility.Subject{NIK: s.NIK(i)}})
			must(t, err)
			if got := encoded(t, s.Input(office.check.Frame(noon), i, true)); got != encoded(t, d.Facts) {
				t.Fatalf("person %d:\n got %s\nwant %s", i, got, encoded(t, d.Facts))
			}
		}
	})
}

// What was stored is found by another process, whole, and once the registry moves on it is replaced.
func TestSnapshotIsStoredForAllProcesses(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		ctx := context.Background()
		office := newSecondLook(t, db)
		first := &snapshot.Keeper{Store: db, Clock: office.check.Clock}
		_, err := first.Current(ctx, nil)
		wantKind(t, err, fault.NotFound, "registry_empty")
		c := newCrowd(2, 300)
		for _, kind := range eligibility.Kinds {
			c.load(t, db, kind, "2026-11-01")
		}
		made, err := first.Refresh(ctx)
		must(t, err)
		if !made {
			t.Fatal("nothing was made after a publish")
		}
		made, err = first.Refresh(ctx)
		must(t, err)
		if made {
			t.Fatal("the same snapshot was made twice")
		}
		stages := map[string]bool{}
		other := &snapshot.Keeper{Store: db, Clock: office.check.Clock, Idle: time.Millisecond}
		s, err := other.Current(ctx, func(p snapshot.Progress) { stages[p.Stage] = true })
		must(t, err)
		if !stages["load"] || stages["build"] {
			t.Fatalf("the other process went through %v, want it to load only", stages)
		}
		fresh, err := snapshot.Build(ctx, db, s.Revision, nil)
		must(t, err)
		frame := office.check.Frame(noon)
		for i := range s.Len() {
			if a, b := encoded(t, s.Input(frame, i, true)), encoded(t, fresh.Input(frame, i, true)); a != b {
				t.Fatalf("person %d was stored as\n%s\nand is\n%s", i, a, b)
			}
		}
		c.load(t, db, eligibility.Membership, "2026-11-08")
		_, err = other.Current(ctx, nil)
		must(t, err)
		var heads, owners int
		must(t, db.reads().get(ctx, &heads, `SELECT COUNT(*) FROM registry_snapshot`))
		must(t, db.reads().get(ctx, &owners, `SELECT COUNT(DISTINCT snapshot_id) FROM registry_snapshot_chunk`))
		if heads != 1 || owners != 1 {
			t.Fatalf("%d snapshots are stored with the parts of %d, want one", heads, owners)
		}
	})
}
