package storage

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"layak/eligibility"
	"layak/importers"
	"layak/internal/area"
	"layak/internal/audit"
	"layak/internal/fault"
	"layak/internal/testkit"
)

// load is one import for a test: what AppendRows, coverage and the rest get.
type load struct {
	kind     eligibility.Kind
	asOf     eligibility.Date
	rows     []importers.Version
	coverage []eligibility.Coverage
	hash     string
}

func entry(act string) audit.Entry {
	return audit.Entry{Actor: "os:test", Act: act, Object: "import"}
}

func listed(records ...*eligibility.Record) []importers.Version {
	var rows []importers.Version
	for _, r := range records {
		rows = append(rows, importers.Version{Record: *r})
	}
	return rows
}

func gone(niks ...string) []importers.Version {
	var rows []importers.Version
	for _, nik := range niks {
		v := importers.Version{Gone: true}
		v.Record.Set(eligibility.FieldNIK, nik)
		rows = append(rows, v)
	}
	return rows
}

// start runs an import up to, but not including, its publish.
func start(t testing.TB, db *DB, l load) importers.Import {
	t.Helper()
	ctx := context.Background()
	imp, err := db.StartImport(ctx, importers.Import{Kind: l.kind, Mode: importers.Update, Area: jember, AsOf: l.asOf,
		Files: []string{"berkas.xlsx"}, FileHash: l.hash, StartedBy: "os:test"}, entry("import.start"))
	must(t, err)
	must(t, db.AppendRows(ctx, imp, l.rows))
	imp.Read, imp.Accepted, imp.New = len(l.rows), len(l.rows), len(l.rows)
	return imp
}

func publish(t testing.TB, db *DB, l load) importers.Import {
	t.Helper()
	imp := start(t, db, l)
	must(t, db.PublishImport(context.Background(), imp, l.coverage, entry("import.publish")))
	return imp
}

func person(t testing.TB, r eligibility.Registry, nik string) eligibility.Person {
	t.Helper()
	p, err := r.Person(context.Background(), eligibility.NIK(nik))
	must(t, err)
	return p
}

func nikOf(r *eligibility.Record) string { return r.Values[eligibility.FieldNIK] }
func kkOf(r *eligibility.Record) string  { return r.Values[eligibility.FieldKK] }

func TestUnpublishedRowsAreInvisible(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		ctx := context.Background()
		sri := testkit.Person(1, "Sri Wahyuni", "1980-02-03")
		imp := start(t, db, load{kind: eligibility.Residents, asOf: "2026-11-01", rows: listed(sri)})
		if p := person(t, db, nikOf(sri)); p.Resident != nil {
			t.Fatal("a row is visible before its import is published")
		}
		stored, err := db.StoredRows(ctx, eligibility.Residents, []eligibility.NIK{eligibility.NIK(nikOf(sri))})
		must(t, err)
		if len(stored) != 0 {
			t.Fatal("the importer sees a row of an import that is not published")
		}
		state, err := db.State(ctx)
		must(t, err)
		if len(state) != 0 {
			t.Fatalf("state %v before any publish", state)
		}
		must(t, db.PublishImport(ctx, imp, nil, entry("import.publish")))
		p := person(t, db, nikOf(sri))
		if p.Resident == nil || p.Resident.Name != "Sri Wahyuni" || p.Resident.AsOf != "2026-11-01" || p.Resident.ImportID != imp.ID {
			t.Fatalf("after publish: %+v", p.Resident)
		}
		state, err = db.State(ctx)
		must(t, err)
		if state[eligibility.Residents] != (eligibility.Source{ImportID: imp.ID, AsOf: "2026-11-01"}) {
			t.Fatalf("state %v", state)
		}
	})
}

func TestEveryColumnComesBack(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		ctx := context.Background()
		for _, kind := range eligibility.Kinds {
			var r eligibility.Record
			for i, f := range eligibility.FieldsOf(kind) {
				r.Set(f, fmt.Sprintf("%s %d é'\"\\\t%%", f, i))
			}
			nik := "3509190101800001"
			r.Set(eligibility.FieldNIK, nik)
			if kind == eligibility.Welfares {
				r.Set(eligibility.FieldDesil, "7")
			}
			if kind == eligibility.Residents {
				r.Set(eligibility.FieldVillage, "35.09.19.1001")
			}
			publish(t, db, load{kind: kind, asOf: "2026-11-01", rows: listed(&r)})
			stored, err := db.StoredRows(ctx, kind, []eligibility.NIK{eligibility.NIK(nik), "3509190101800002"})
			must(t, err)
			if len(stored) != 1 || stored[eligibility.NIK(nik)].Record != r {
				t.Fatalf("%s: stored %+v, want %+v", kind, stored, r)
			}
		}
		p := person(t, db, "3509190101800001")
		if p.Welfare.Desil != 7 || p.Membership.Facility == "" || p.Resident.MotherNIK == "" || p.Membership.Status == "" {
			t.Fatalf("person lacks parts: %+v %+v %+v", p.Resident, p.Welfare, p.Membership)
		}
	})
}

func TestNewestVersionCountsAndRollbackGoesBack(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		ctx := context.Background()
		sri := testkit.Person(1, "Sri", "1980-02-03")
		first := publish(t, db, load{kind: eligibility.Residents, asOf: "2026-10-01", rows: listed(sri), hash: "one"})
		moved := *sri
		moved.Set(eligibility.FieldVillage, "35.09.20.2001")
		moved.Set(eligibility.FieldKK, "3509200101200009")
		second := publish(t, db, load{kind: eligibility.Residents, asOf: "2026-11-01", rows: listed(&moved), hash: "two"})

		p := person(t, db, nikOf(sri))
		if p.Resident.Village != "35.09.20.2001" || string(p.Resident.FormerKK) != kkOf(sri) {
			t.Fatalf("newest version: %+v", p.Resident)
		}
		_, err := db.RollbackImport(ctx, first.ID, entry("import.rollback"))
		wantKind(t, err, fault.Conflict, "import_built_upon")
		if !strings.Contains(fault.As(err).Message, second.ID) {
			t.Fatalf("refusal does not name the later import: %s", fault.As(err).Message)
		}
		back, err := db.RollbackImport(ctx, second.ID, entry("import.rollback"))
		must(t, err)
		if back.Status != importers.RolledBack {
			t.Fatalf("status %s", back.Status)
		}
		p = person(t, db, nikOf(sri))
		if p.Resident.Village != "35.09.19.1001" || p.Resident.FormerKK != "" {
			t.Fatalf("after rollback: %+v", p.Resident)
		}
		found, err := db.PublishedWithHash(ctx, eligibility.Residents, "two")
		must(t, err)
		if found != nil {
			t.Fatal("a rolled-back file is still taken for published")
		}
		_, err = db.RollbackImport(ctx, second.ID, entry("import.rollback"))
		wantKind(t, err, fault.Conflict, "import_not_published")
		publish(t, db, load{kind: eligibility.Residents, asOf: "2026-11-01", rows: listed(&moved), hash: "two"})
		found, err = db.PublishedWithHash(ctx, eligibility.Residents, "two")
		must(t, err)
		if found == nil || found.ID == second.ID {
			t.Fatalf("published again: %+v", found)
		}
		if p = person(t, db, nikOf(sri)); p.Resident.Village != "35.09.20.2001" {
			t.Fatalf("after loading again: %+v", p.Resident)
		}
	})
}

func TestRollbackWaitsForNobodyButRefusesDuringAnImport(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		ctx := context.Background()
		imp := publish(t, db, load{kind: eligibility.Welfares, asOf: "2026-11-01"})
		release, err := db.LockImports(ctx, nil)
		must(t, err)
		_, err = db.RollbackImport(ctx, imp.ID, entry("import.rollback"))
		wantKind(t, err, fault.Conflict, "import_running")
		release()
		_, err = db.RollbackImport(ctx, imp.ID, entry("import.rollback"))
		must(t, err)
		_, err = db.RollbackImport(ctx, "nothing", entry("import.rollback"))
		wantKind(t, err, fault.NotFound, "import_not_found")
	})
}

func TestAnyPastDayCanBeAsked(t *testing.T) {
	now := noon
	eachClock(t, &now, func(t *testing.T, db *DB) {
		ctx := context.Background()
		now = noon
		sri := testkit.Person(1, "Sri", "1980-02-03")
		publish(t, db, load{kind: eligibility.Residents, asOf: "2026-10-01", rows: listed(sri)})
		now = noon.Add(24 * time.Hour)
		renamed := *sri
		renamed.Set(eligibility.FieldName, "Sri Wahyuni")
		second := publish(t, db, load{kind: eligibility.Residents, asOf: "2026-11-01", rows: listed(&renamed)})
		now = noon.Add(48 * time.Hour)
		_, err := db.RollbackImport(ctx, second.ID, entry("import.rollback"))
		must(t, err)
		cases := []struct {
			at   time.Duration
			want string
		}{{-time.Hour, ""}, {0, "Sri"}, {23 * time.Hour, "Sri"}, {25 * time.Hour, "Sri Wahyuni"}, {49 * time.Hour, "Sri"}}
		for _, c := range cases {
			past, err := db.RegistryAt(ctx, noon.Add(c.at))
			must(t, err)
			got := ""
			if p := person(t, past, nikOf(sri)); p.Resident != nil {
				got = p.Resident.Name
			}
			if got != c.want {
				t.Errorf("%s after the first publish: %q, want %q", c.at, got, c.want)
			}
		}
	})
}

// eachClock is eachEngine with a clock that the test moves.
func eachClock(t *testing.T, now *time.Time, test func(t *testing.T, db *DB)) {
	t.Helper()
	cfg := testConfig()
	cfg.Clock = func() time.Time { return *now }
	testkit.BothLike(t, "migrated", migrated, func(t *testing.T, address string) { test(t, openTest(t, address, cfg)) })
}

func TestWelfareFallsBackToTheFamily(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		ayah := testkit.Person(1, "Ayah", "1980-02-03")
		anak := testkit.Person(2, "Anak", "2010-02-03")
		anak.Set(eligibility.FieldKK, kkOf(ayah))
		publish(t, db, load{kind: eligibility.Residents, asOf: "2026-11-01", rows: listed(ayah, anak)})
		var family eligibility.Record
		family.Set(eligibility.FieldKK, kkOf(ayah))
		family.Set(eligibility.FieldDesil, "3")
		own := testkit.Row(nikOf(ayah), map[eligibility.Field]string{eligibility.FieldDesil: "2"})
		publish(t, db, load{kind: eligibility.Welfares, asOf: "2026-09-01", rows: listed(&family, own)})

		if w := person(t, db, nikOf(ayah)).Welfare; w == nil || w.Desil != 2 {
			t.Fatalf("own row: %+v", w)
		}
		if w := person(t, db, nikOf(anak)).Welfare; w == nil || w.Desil != 3 {
			t.Fatalf("family row: %+v", w)
		}
		publish(t, db, load{kind: eligibility.Welfares, asOf: "2026-11-01", rows: gone(nikOf(ayah))})
		if w := person(t, db, nikOf(ayah)).Welfare; w == nil || w.Desil != 3 || w.Gone {
			t.Fatalf("own row gone: %+v", w)
		}
	})
}

func TestGoneKeepsTheValuesAndLeavesTheHousehold(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		ctx := context.Background()
		ayah := testkit.Person(1, "Ayah", "1980-02-03")
		ibu := testkit.Person(2, "Ibu", "1982-02-03")
		ibu.Set(eligibility.FieldKK, kkOf(ayah))
		ibu.Set(eligibility.FieldRelation, "wife")
		kakek := testkit.Person(3, "Kakek", "1950-02-03")
		kakek.Set(eligibility.FieldKK, kkOf(ayah))
		kakek.Set(eligibility.FieldRelation, "parent")
		publish(t, db, load{kind: eligibility.Residents, asOf: "2026-10-01", rows: listed(ibu, kakek, ayah)})
		names := func() string {
			people, err := db.Household(ctx, eligibility.KK(kkOf(ayah)))
			must(t, err)
			var all []string
			for _, p := range people {
				all = append(all, p.Resident.Name)
			}
			return strings.Join(all, " ")
		}
		if got := names(); got != "Ayah Kakek Ibu" {
			t.Fatalf("household %q, want the head first, then by birth date", got)
		}
		snapshot := load{kind: eligibility.Residents, asOf: "2026-11-01", rows: gone(nikOf(kakek)),
			coverage: []eligibility.Coverage{{Kind: eligibility.Residents, Area: jember, Snapshot: true}}}
		publish(t, db, snapshot)
		if got := names(); got != "Ayah Ibu" {
			t.Fatalf("household %q after one is gone", got)
		}
		p := person(t, db, nikOf(kakek))
		if !p.Resident.Gone || p.Resident.Name != "Kakek" || p.Resident.AsOf != "2026-11-01" {
			t.Fatalf("gone person: %+v", p.Resident)
		}
		stored, err := db.StoredRows(ctx, eligibility.Residents, []eligibility.NIK{p.NIK})
		must(t, err)
		if !stored[p.NIK].Gone {
			t.Fatal("the importer is not told that the person is gone")
		}
		rows, err := db.Names(ctx, "35.09.19.1001")
		must(t, err)
		if len(rows) != 2 {
			t.Fatalf("names lists %d people, want 2", len(rows))
		}
	})
}

func TestCoverageKeepsUnchangedRowsFresh(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		ctx := context.Background()
		sri := testkit.Person(1, "Sri", "1980-02-03")
		budi := testkit.Person(2, "Budi", "1981-02-03")
		budi.Set(eligibility.FieldVillage, "35.09.20.2001")
		publish(t, db, load{kind: eligibility.Residents, asOf: "2026-09-01", rows: listed(sri, budi)})
		publish(t, db, load{kind: eligibility.Membership, asOf: "2026-09-01", rows: listed(
			testkit.Row(nikOf(sri), map[eligibility.Field]string{eligibility.FieldSegment: "pbi_jk"}))})
		_, covered, err := db.Covers(ctx, eligibility.Membership, "35.09.19.1001")
		must(t, err)
		if covered {
			t.Fatal("an update file is taken for a snapshot")
		}
		imp := publish(t, db, load{kind: eligibility.Residents, asOf: "2026-11-01",
			coverage: []eligibility.Coverage{{Area: "35.09.19.1001", Snapshot: true}}})
		publish(t, db, load{kind: eligibility.Membership, asOf: "2026-10-15",
			coverage: []eligibility.Coverage{{Area: jember, Snapshot: true}}})

		p := person(t, db, nikOf(sri))
		if p.Resident.AsOf != "2026-11-01" || p.Membership.AsOf != "2026-10-15" {
			t.Fatalf("as of %s and %s", p.Resident.AsOf, p.Membership.AsOf)
		}
		if p := person(t, db, nikOf(budi)); p.Resident.AsOf != "2026-09-01" {
			t.Fatalf("another village became fresh: %s", p.Resident.AsOf)
		}
		stored, err := db.StoredRows(ctx, eligibility.Residents, []eligibility.NIK{eligibility.NIK(nikOf(sri)), eligibility.NIK(nikOf(budi))})
		must(t, err)
		if stored[eligibility.NIK(nikOf(sri))].AsOf != "2026-11-01" || stored[eligibility.NIK(nikOf(budi))].AsOf != "2026-09-01" {
			t.Fatalf("stored: %+v", stored)
		}
		c, ok, err := db.Covers(ctx, eligibility.Residents, "35.09.19.1001")
		must(t, err)
		if !ok || c.ImportID != imp.ID || c.AsOf != "2026-11-01" || !c.Snapshot {
			t.Fatalf("covers: %+v %v", c, ok)
		}
		c, ok, err = db.Covers(ctx, eligibility.Membership, "35.09.20.2001")
		must(t, err)
		if !ok || c.Area != jember {
			t.Fatalf("a snapshot of the regency does not cover its village: %+v %v", c, ok)
		}
	})
}

func TestCorrectedNIKLinksToTheFormerOne(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		wrong := testkit.Person(1, "Sri", "1980-02-03")
		twin := testkit.Person(7, "Sari", "1980-02-03")
		twin.Set(eligibility.FieldKK, kkOf(wrong))
		publish(t, db, load{kind: eligibility.Residents, asOf: "2026-10-01", rows: listed(wrong, twin)})
		right := *wrong
		right.Set(eligibility.FieldNIK, "3509190302800099")
		imp := publish(t, db, load{kind: eligibility.Residents, asOf: "2026-11-01",
			rows: append(listed(&right), gone(nikOf(wrong))...)})
		if p := person(t, db, nikOf(&right)); string(p.Resident.FormerNIK) != nikOf(wrong) {
			t.Fatalf("former NIK %q", p.Resident.FormerNIK)
		}
		if p := person(t, db, nikOf(twin)); p.Resident.FormerNIK != "" {
			t.Fatal("another person of the card got the link")
		}
		_, err := db.RollbackImport(context.Background(), imp.ID, entry("import.rollback"))
		must(t, err)
		if p := person(t, db, nikOf(wrong)); p.Resident.Gone || p.Resident.FormerNIK != "" {
			t.Fatalf("rollback left the link: %+v", p.Resident)
		}
	})
}

func TestListsByArea(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		ctx := context.Background()
		sri := testkit.Person(1, "Sri", "1980-02-03")
		budi := testkit.Person(2, "Budi", "1980-02-03")
		budi.Set(eligibility.FieldVillage, "35.09.20.2001")
		budi.Set(eligibility.FieldDistrict, "35.09.20")
		vague := testkit.Person(3, "Tanpa Desa", "1981-02-03")
		vague.Set(eligibility.FieldVillage, "")
		outside := testkit.Person(4, "Orang Malang", "1982-02-03")
		for f, v := range map[eligibility.Field]string{eligibility.FieldVillage: "35.07.01.2001",
			eligibility.FieldDistrict: "35.07.01", eligibility.FieldRegency: "35.07"} {
			outside.Set(f, v)
		}
		dead := testkit.Person(5, "Almarhum", "1940-02-03")
		dead.Set(eligibility.FieldLifeStatus, "deceased")
		publish(t, db, load{kind: eligibility.Residents, asOf: "2026-10-01", rows: listed(sri, budi, vague, outside, dead)})
		stranger := testkit.Row("3509199901700009", nil)
		var family eligibility.Record
		family.Set(eligibility.FieldKK, kkOf(budi))
		publish(t, db, load{kind: eligibility.Welfares, asOf: "2026-10-01",
			rows: listed(testkit.Row(nikOf(sri), nil), stranger, &family, testkit.Row(nikOf(outside), nil))})

		for _, c := range []struct {
			area area.Code
			want int
		}{{"35.09.19.1001", 1}, {"35.09.19", 2}, {"35.09", 3}, {"35", 4}, {"35.09.20", 1}, {"35.09.2", 0}} {
			rows, err := db.Names(ctx, c.area)
			must(t, err)
			if len(rows) != c.want {
				t.Errorf("names in %s: %d, want %d", c.area, len(rows), c.want)
			}
		}
		born, err := db.NamesBorn(ctx, "1980-02-03")
		must(t, err)
		if len(born) != 2 {
			t.Errorf("born on the day: %d, want 2", len(born))
		}
		for _, c := range []struct {
			kind eligibility.Kind
			area area.Code
			want int
		}{
			{eligibility.Residents, "35.09", 4}, // the dead are listed until the office drops them
			{eligibility.Residents, "35.09.19.1001", 2},
			{eligibility.Welfares, "35.09", 3}, // with the stranger, without the one who lives elsewhere
			{eligibility.Welfares, "35.09.20", 1},
			{eligibility.Welfares, "35.09.19", 1},
		} {
			var keys []string
			must(t, db.ListedIn(ctx, c.kind, c.area, func(n eligibility.NIK) error {
				keys = append(keys, string(n))
				return nil
			}))
			if len(keys) != c.want {
				t.Errorf("%s listed in %s: %v, want %d", c.kind, c.area, keys, c.want)
			}
		}
	})
}

// An older file that came later fills gaps; it does not make what is known older.
func TestStateNamesTheNewestDay(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		ctx := context.Background()
		sri, budi := testkit.Person(1, "Sri", "1980-02-03"), testkit.Person(2, "Budi", "1981-02-03")
		want := func(when string, imp importers.Import) {
			t.Helper()
			state, err := db.State(ctx)
			must(t, err)
			if len(state) != 1 || state[eligibility.Residents] != (eligibility.Source{ImportID: imp.ID, AsOf: imp.AsOf}) {
				t.Fatalf("%s: state %v, want import %s as of %s", when, state, imp.ID, imp.AsOf)
			}
		}
		newest := publish(t, db, load{kind: eligibility.Residents, asOf: "2026-11-01", rows: listed(sri)})
		publish(t, db, load{kind: eligibility.Residents, asOf: "2026-09-01", rows: listed(budi)})
		want("after an older file", newest)
		sameDay := publish(t, db, load{kind: eligibility.Residents, asOf: "2026-11-01", rows: listed(budi)})
		want("after another of the same day", sameDay)
		_, err := db.RollbackImport(ctx, sameDay.ID, entry("import.rollback"))
		must(t, err)
		want("after its roll-back", newest)
	})
}

// A pinned registry goes on showing one moment through publishes and roll-backs.
func TestPinnedRegistryStandsStill(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		ctx := context.Background()
		sri, moved := testkit.Person(1, "Sri", "1980-02-03"), testkit.Person(1, "Sri Wahyuni", "1980-02-03")
		_, empty, err := db.Pin(ctx)
		must(t, err)
		publish(t, db, load{kind: eligibility.Residents, asOf: "2026-09-01", rows: listed(sri)})
		before, first, err := db.Pin(ctx)
		must(t, err)
		second := publish(t, db, load{kind: eligibility.Residents, asOf: "2026-10-01", rows: listed(moved)})
		_, later, err := db.Pin(ctx)
		must(t, err)
		_, err = db.RollbackImport(ctx, second.ID, entry("import.rollback"))
		must(t, err)
		if p := person(t, empty, nikOf(sri)); p.Resident != nil {
			t.Errorf("the empty registry shows %+v", p.Resident)
		}
		if p := person(t, first, nikOf(sri)); p.Resident == nil || p.Resident.Name != "Sri" {
			t.Errorf("the first registry shows %+v", p.Resident)
		}
		if p := person(t, later, nikOf(sri)); p.Resident == nil || p.Resident.Name != "Sri Wahyuni" {
			t.Errorf("a roll-back changed the registry of a check under way: %+v", p.Resident)
		}
		state, err := first.State(ctx)
		must(t, err)
		if state[eligibility.Residents] != before[eligibility.Residents] {
			t.Errorf("state %v, want %v", state, before)
		}
		people, err := later.Household(ctx, eligibility.KK(kkOf(sri)))
		must(t, err)
		if len(people) != 1 || people[0].Resident.Name != "Sri Wahyuni" {
			t.Errorf("household %+v", people)
		}
	})
}
