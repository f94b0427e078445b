package storage

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"layak/complaints"
	"layak/complaints/recheck"
	"layak/eligibility"
	"layak/importers"
	"layak/internal/area"
	"layak/internal/auth"
	"layak/internal/fault"
	"layak/internal/testkit"
	"layak/policy"
)

// secondLook is an office with the shipped rules, a clock that moves, and people of two villages.
type secondLook struct {
	t     testing.TB
	db    *DB
	now   time.Time
	book  *books
	check *eligibility.Checker
	svc   *recheck.Service
}

// books keeps compiled rules by hash.
type books struct {
	active *policy.Engine
	all    map[string]*policy.Engine
}

func (b *books) Active() eligibility.Rules { return b.active }
func (b *books) Revision(_ context.Context, hash string) (eligibility.Rules, error) {
	return b.all[hash], nil
}

func newSecondLook(t testing.TB, db *DB) *secondLook {
	t.Helper()
	l := &secondLook{t: t, db: db, now: noon, book: &books{all: map[string]*policy.Engine{}}}
	clock := func() time.Time { return l.now }
	db.clock = clock
	l.enact(policy.Shipped())
	l.check = &eligibility.Checker{Registry: db, Store: db, Trail: db, Book: l.book, Home: jember, Clock: clock}
	l.svc = &recheck.Service{Store: db, Checker: l.check, Rules: db, Clock: clock}
	return l
}

// enact makes the bundle the rules in force.
func (l *secondLook) enact(b policy.Bundle) {
	l.t.Helper()
	ctx := context.Background()
	engine, err := policy.NewEngine(ctx, b)
	must(l.t, err)
	var packed strings.Builder
	must(l.t, b.WriteTarGz(&packed))
	if _, stored := l.book.all[b.Hash()]; !stored {
		l.book.all[b.Hash()] = engine
		_, err = l.db.SaveRevision(ctx, policy.Revision{Hash: b.Hash(), Stage: policy.Draft, Bundle: []byte(packed.String())}, entry("revision.save"))
		must(l.t, err)
		must(l.t, l.db.ApproveRevision(ctx, b.Hash(), entry("revision.approve")))
	}
	must(l.t, l.db.ActivateRevision(ctx, b.Hash(), entry("revision.activate")))
	l.book.active = engine
}

const sempusari = area.Code("35.09.19.1003")

// lookPerson is the n-th person: desil as given, in Mangli or Sempusari by turns.
func lookPerson(n int) *eligibility.Record {
	name := strings.Map(func(d rune) rune { return 'a' + d - '0' }, fmt.Sprintf("%04d", n))
	r := testkit.Person(n, "Warga "+name, "1980-02-03")
	r.Set(eligibility.FieldKK, fmt.Sprintf("350919020220%04d", n))
	if n%2 == 1 {
		r.Set(eligibility.FieldVillage, string(sempusari))
	}
	return r
}

func lookNIK(n int) eligibility.NIK { return eligibility.NIK(nikOf(lookPerson(n))) }

// settle loads n people without JKN; desil tells the tenth of each.
func (l *secondLook) settle(n int, desil func(n int) string) {
	l.t.Helper()
	var people []*eligibility.Record
	for i := range n {
		people = append(people, lookPerson(i))
	}
	all := []eligibility.Coverage{{Area: jember, Snapshot: true}}
	publish(l.t, l.db, load{kind: eligibility.Residents, asOf: "2026-11-01", rows: listed(people...), coverage: all})
	publish(l.t, l.db, load{kind: eligibility.Membership, asOf: "2026-11-01", coverage: all})
	l.welfare("2026-11-01", n, desil)
}

func (l *secondLook) welfare(asOf eligibility.Date, n int, desil func(n int) string) importers.Import {
	l.t.Helper()
	var rows []*eligibility.Record
	for i := range n {
		if d := desil(i); d != "" {
			rows = append(rows, testkit.Row(string(lookNIK(i)), map[eligibility.Field]string{eligibility.FieldDesil: d}))
		}
	}
	return publish(l.t, l.db, load{kind: eligibility.Welfares, asOf: asOf, rows: listed(rows...)})
}

func (l *secondLook) actor(a auth.Actor) context.Context { return auth.With(context.Background(), a) }

func (l *secondLook) ask(req eligibility.Request) eligibility.Determination {
	l.t.Helper()
	if req.AcceptsClass3 == nil {
		yes := true
		req.AcceptsClass3 = &yes
	}
	d, err := l.check.Check(l.actor(auth.Actor{Name: "rini", User: "rini", Role: auth.Puskesmas}), req)
	must(l.t, err)
	return d
}

func (l *secondLook) run() recheck.Run {
	l.t.Helper()
	l.now = l.now.Add(time.Minute)
	r, err := l.svc.Run(l.actor(auth.System()))
	must(l.t, err)
	return r
}

func (l *secondLook) list(f recheck.Filter) []recheck.Item {
	l.t.Helper()
	p, err := l.svc.List(l.actor(auth.System()), f)
	must(l.t, err)
	return p.Items
}

func always(desil string) func(int) string { return func(int) string { return desil } }

func TestChangedDataMakesAWorkList(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		l := newSecondLook(t, db)
		l.settle(8, always("9"))
		for i := range 8 {
			if d := l.ask(eligibility.Request{Subject: eligibility.Subject{NIK: lookNIK(i)}, Need: "inpatient"}); d.Outcome != policy.NotEligible {
				t.Fatalf("person %d: %s", i, d.Outcome)
			}
		}
		if r := l.run(); r.Checked != 8 || r.Changed != 0 || r.FinishedAt == nil {
			t.Fatalf("nothing changed, run %+v", r)
		}
		imp := l.welfare("2026-12-01", 8, func(n int) string { return []string{"2", "9"}[n/5] }) // five of eight
		r := l.run()
		if r.Checked != 8 || r.Changed != 5 || r.Failed != 0 || r.Total != 8 || r.Reason != "data DTSEN per 1 Des 2026 diterbitkan" {
			t.Fatalf("run %+v", r)
		}
		items := l.list(recheck.Filter{})
		if len(items) != 5 {
			t.Fatalf("%d on the list", len(items))
		}
		it := items[0]
		if it.From != policy.NotEligible || it.To != policy.Eligible || it.Why != "Data DTSEN per 1 Des 2026 mencatat desil yang berubah." ||
			!slices.Equal(it.Causes, []string{"welfare"}) || it.Shown == "" || strings.Contains(it.Name, "aa") || it.Village == "" {
			t.Errorf("item %+v", it)
		}
		made, err := db.Determination(context.Background(), it.New)
		must(t, err)
		if made.DecidedBy != "system" || made.Outcome != policy.Eligible || !strings.HasPrefix(made.Purpose, "Cek ulang: data DTSEN") {
			t.Errorf("determination %+v", made)
		}
		if again := l.run(); again.Changed != 0 || len(l.list(recheck.Filter{})) != 5 {
			t.Errorf("a second run lists again: %+v", again)
		}
		// The import is taken back: everybody has the answer that he was told.
		_, err = db.RollbackImport(context.Background(), imp.ID, entry("import.rollback"))
		must(t, err)
		r = l.run()
		if r.Changed != 5 || len(l.list(recheck.Filter{})) != 0 || len(l.list(recheck.Filter{Status: recheck.Void})) != 5 ||
			r.Reason != "impor data DTSEN per 1 Des 2026 dibatalkan" {
			t.Errorf("after the rollback: %+v, open %d", r, len(l.list(recheck.Filter{})))
		}
		report, err := db.AuditVerify(context.Background())
		must(t, err)
		if len(report.Problems) != 0 {
			t.Errorf("trail: %+v", report.Problems)
		}
	})
}

func TestOnlyTheNewestAnswerCounts(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		l := newSecondLook(t, db)
		l.settle(1, always("9"))
		ask := func(need string) {
			l.ask(eligibility.Request{Subject: eligibility.Subject{NIK: lookNIK(0)}, Need: need})
		}
		ask("inpatient")
		l.now = l.now.Add(time.Hour)
		ask("inpatient")
		ask("routine") // another matter
		l.now = l.now.AddDate(0, 0, 1)
		l.welfare("2026-12-01", 1, always("2"))
		if r := l.run(); r.Checked != 2 || r.Changed != 2 {
			t.Errorf("run %+v", r)
		}
		needs := map[string]bool{}
		for _, it := range l.list(recheck.Filter{}) {
			needs[it.Need] = true
		}
		if want := (map[string]bool{"inpatient": true, "routine": true}); !maps.Equal(needs, want) {
			t.Errorf("listed for %v", needs)
		}
	})
}

func TestWhoIsCheckedAgain(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		l := newSecondLook(t, db)
		l.settle(4, always("9"))
		old := l.now
		l.now = old.AddDate(-1, -1, 0)
		l.ask(eligibility.Request{Subject: eligibility.Subject{NIK: lookNIK(0)}, ServiceOn: eligibility.DateOf(old)}) // thirteen months ago
		l.now = old
		l.ask(eligibility.Request{Subject: eligibility.Subject{Unknown: true, Description: "laki-laki, sekitar 40 tahun"}})
		l.ask(eligibility.Request{Subject: eligibility.Subject{Name: "Warga aaab", BirthDate: "1980-02-03", Village: sempusari}})
		l.ask(eligibility.Request{Subject: eligibility.Subject{Name: "Belum Ada", BirthDate: "1991-01-01", Village: mangli}})
		l.ask(eligibility.Request{Subject: eligibility.Subject{Name: "Belum Ada", BirthDate: "1991-01-01", Village: mangli}})
		l.ask(eligibility.Request{Subject: eligibility.Subject{MotherNIK: lookNIK(2), BirthDate: "2026-05-02"}})
		l.now = old.AddDate(0, 0, 1)
		newcomer := testkit.Person(77, "Belum Ada", "1991-01-01")
		newcomer.Set(eligibility.FieldVillage, string(mangli))
		publish(t, db, load{kind: eligibility.Residents, asOf: "2026-12-01", rows: listed(newcomer)})
		l.welfare("2026-12-01", 4, always("1"))
		publish(t, db, load{kind: eligibility.Welfares, asOf: "2026-12-01", rows: listed(
			testkit.Row(nikOf(newcomer), map[eligibility.Field]string{eligibility.FieldDesil: "1"}))})
		r := l.run()
		if r.Checked != 3 || r.Failed != 0 {
			t.Fatalf("run %+v; want the name, the newcomer once, the newborn", r)
		}
		var whys []string
		for _, it := range l.list(recheck.Filter{}) {
			whys = append(whys, it.Why)
		}
		slices.Sort(whys)
		want := []string{
			"Data Dukcapil per 1 Des 2026 sudah mencatat warga ini. Data DTSEN per 1 Des 2026 sudah mencatat desil warga ini.",
			"Data DTSEN per 1 Des 2026 mencatat desil yang berubah.",
			"Ibu: Data DTSEN per 1 Des 2026 mencatat desil yang berubah.",
		}
		slices.Sort(want)
		if !slices.Equal(whys, want) {
			t.Errorf("reasons %q", whys)
		}
	})
}

// A run whose process died goes on where the last batch was stored.
func TestRunGoesOnAfterAKill(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		const n = 1200 // three batches
		l := newSecondLook(t, db)
		l.settle(n, always("9"))
		for i := range n {
			l.ask(eligibility.Request{Subject: eligibility.Subject{NIK: lookNIK(i)}})
		}
		l.welfare("2026-12-01", n, always("2"))
		l.now = l.now.Add(time.Minute)
		dying := &dyingStore{Store: db, after: 2}
		l.svc.Store = dying
		_, err := l.svc.Run(l.actor(auth.System()))
		if !errors.Is(err, errDied) {
			t.Fatal(err)
		}
		half := len(l.list(recheck.Filter{Limit: 200}))
		l.svc.Store = db
		r := l.run()
		if half == 0 || r.Checked != n || r.Changed != n {
			t.Errorf("half %d, run %+v", half, r)
		}
		counts, err := l.svc.Counts(l.actor(auth.System()))
		must(t, err)
		if counts.Total != n || counts.To[policy.Eligible] != n {
			t.Errorf("counts %+v", counts)
		}
		if runs := countRows(t, db, "recheck_run"); runs != 1 {
			t.Errorf("%d runs, want the one that was taken up again", runs)
		}
	})
}

var errDied = errors.New("the process died")

// dyingStore stops after some batches.
type dyingStore struct {
	recheck.Store
	after int
}

func (d *dyingStore) SaveBatch(ctx context.Context, r recheck.Run, found []recheck.Found) error {
	if d.after == 0 {
		return errDied
	}
	d.after--
	return d.Store.SaveBatch(ctx, r, found)
}

func TestChangedAnswersStayInScope(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		l := newSecondLook(t, db)
		l.settle(4, always("9"))
		for i := range 4 {
			l.ask(eligibility.Request{Subject: eligibility.Subject{NIK: lookNIK(i)}})
		}
		l.welfare("2026-12-01", 4, always("2"))
		l.run()
		desk := func(name string, areas ...area.Code) context.Context {
			return l.actor(auth.Actor{Name: name, User: name, Role: auth.Kelurahan, Areas: areas})
		}
		for _, c := range []struct {
			name string
			ctx  context.Context
			want int
		}{
			{"the village", desk("ani", mangli), 2},
			{"both villages", desk("ani", mangli, sempusari), 4},
			{"the district", desk("ani", "35.09.19"), 4},
			{"the regency", desk("ani", "35.09"), 4},
			{"another district", desk("ani", "35.09.20"), 0},
			{"no area", desk("ani"), 0},
			{"who asked", desk("rini"), 4},
		} {
			p, err := l.svc.List(c.ctx, recheck.Filter{})
			must(t, err)
			counts, err := l.svc.Counts(c.ctx)
			must(t, err)
			if len(p.Items) != c.want || counts.Total != c.want {
				t.Errorf("%s: %d listed, %d counted, want %d", c.name, len(p.Items), counts.Total, c.want)
			}
		}
		all := l.list(recheck.Filter{})
		err := l.svc.Answered(desk("ani", "35.09.20"), all[0].ID, "")
		wantKind(t, err, fault.NotFound, "recheck_not_found")
		_, _, _, err = l.svc.Item(desk("ani", "35.09.20"), all[0].ID)
		wantKind(t, err, fault.NotFound, "recheck_not_found")
		_, err = l.svc.List(l.actor(auth.Actor{Name: "eka", Role: auth.PolicyOfficer}), recheck.Filter{})
		wantKind(t, err, fault.Forbidden, "not_allowed")
	})
}

func TestListedPersonIsAnsweredOnce(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		l := newSecondLook(t, db)
		l.settle(3, always("9"))
		for i := range 3 {
			l.ask(eligibility.Request{Subject: eligibility.Subject{NIK: lookNIK(i)}})
		}
		l.welfare("2026-12-01", 3, always("2"))
		l.run()
		items := l.list(recheck.Filter{})
		desk := l.actor(auth.Actor{Name: "ani", User: "ani", Role: auth.Kelurahan, Areas: []area.Code{"35.09"}})
		must(t, l.svc.Answered(desk, items[0].ID, "lewat telepon"))
		wantKind(t, l.svc.Answered(desk, items[0].ID, ""), fault.Conflict, "recheck_ended")
		wantKind(t, l.svc.Dismiss(desk, items[1].ID, " "), fault.Invalid, "reason_missing")
		must(t, l.svc.Dismiss(desk, items[1].ID, "sudah pindah"))
		if left := l.list(recheck.Filter{}); len(left) != 1 || left[0].ID != items[2].ID {
			t.Errorf("left %+v", left)
		}
		if r := l.run(); r.Changed != 0 || len(l.list(recheck.Filter{})) != 1 {
			t.Errorf("an answered person is listed again: %+v", r)
		}
		page, err := db.AuditEntries(context.Background(), AuditFilter{Person: string(items[0].NIK), Act: "recheck.answer"})
		must(t, err)
		if len(page.Entries) != 1 {
			t.Errorf("%d entries of the answer", len(page.Entries))
		}
	})
}

// New rules turn answers as new data does, and the list names the versions.
func TestChangedRulesMakeAWorkList(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		l := newSecondLook(t, db)
		l.settle(2, always("6"))
		for i := range 2 {
			l.ask(eligibility.Request{Subject: eligibility.Subject{NIK: lookNIK(i)}})
		}
		l.run()
		wider := policy.Shipped()
		wider.Files = maps.Clone(wider.Files)
		wider.Files["data.json"] = []byte(strings.ReplaceAll(string(wider.Files["data.json"]), `"value": 5`, `"value": 7`))
		if wider.Hash() == policy.Shipped().Hash() {
			t.Fatal("the limit of the desil is not where this test expects it")
		}
		l.enact(wider)
		r := l.run()
		if r.Changed != 2 || r.Reason != "aturan versi 2 berlaku" {
			t.Fatalf("run %+v", r)
		}
		it := l.list(recheck.Filter{Cause: "rules"})
		if len(it) != 2 || !strings.HasPrefix(it[0].Why, "Aturan versi 2 menggantikan versi 1: ") {
			t.Errorf("items %+v", it)
		}
	})
}

// A number that was approved long before begins on its day: who was refused the day before is on the list.
func TestTheDayOfANumberMakesAWorkList(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		l := newSecondLook(t, db)
		l.settle(2, always("6"))
		later, _, err := policy.SetParam(policy.Shipped(), policy.ParamChange{Name: "max_desil", Value: 7, ValidFrom: "2026-12-01", Source: "SK"}, "2026-11-21")
		must(t, err)
		l.enact(later)
		for i := range 2 {
			l.ask(eligibility.Request{Subject: eligibility.Subject{NIK: lookNIK(i)}})
		}
		if r := l.run(); r.Changed != 0 {
			t.Fatalf("before the day: %+v", r)
		}
		l.now = time.Date(2026, 12, 1, 0, 5, 0, 0, l.now.Location())
		r := l.run()
		if r.Changed != 2 || !strings.HasPrefix(r.Reason, "angka baru berlaku 1 Des 2026: Desil DTSEN tertinggi") {
			t.Fatalf("run %+v", r)
		}
		if it := l.list(recheck.Filter{}); len(it) != 2 || it[0].To != policy.Eligible || it[0].Why == "" {
			t.Errorf("items %+v", it)
		}
	})
}

// Many people at once must be exactly what one by one gives.
func TestCrowdIsWhatEachIs(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		ctx := context.Background()
		rows := people(300)
		publish(t, db, load{kind: eligibility.Residents, asOf: "2026-10-01", rows: rows,
			coverage: []eligibility.Coverage{{Area: "35.09", AsOf: "2026-10-01"}, {Area: "35.09.04", AsOf: "2026-11-05"}}})
		publish(t, db, load{kind: eligibility.Welfares, asOf: "2026-10-01", rows: listed(
			testkit.Row(nikOf(&rows[3].Record), map[eligibility.Field]string{eligibility.FieldDesil: "3"}))})
		publish(t, db, load{kind: eligibility.Membership, asOf: "2026-10-01", rows: listed(
			testkit.Row(nikOf(&rows[5].Record), map[eligibility.Field]string{eligibility.FieldSegment: "ppu", eligibility.FieldMemberStatus: "active"}))})
		var niks []eligibility.NIK
		var kks []eligibility.KK
		for i := range rows {
			niks = append(niks, eligibility.NIK(nikOf(&rows[i].Record)))
			if i%4 == 0 {
				kks = append(kks, eligibility.KK(kkOf(&rows[i].Record)))
			}
		}
		niks = append(niks, "3509990101010001") // nobody
		many, err := db.People(ctx, niks)
		must(t, err)
		for _, nik := range niks {
			if one := person(t, db, string(nik)); fmt.Sprintf("%+v", shown(one)) != fmt.Sprintf("%+v", shown(many[nik])) {
				t.Fatalf("%s: one %+v, many %+v", nik, shown(one), shown(many[nik]))
			}
		}
		cards, err := db.Households(ctx, kks)
		must(t, err)
		for _, kk := range kks {
			one, err := db.Household(ctx, kk)
			must(t, err)
			if len(one) != 4 || fmt.Sprint(len(cards[kk])) != fmt.Sprint(len(one)) {
				t.Fatalf("card %s: %d and %d", kk, len(one), len(cards[kk]))
			}
			for i := range one {
				if fmt.Sprintf("%+v", shown(one[i])) != fmt.Sprintf("%+v", shown(cards[kk][i])) {
					t.Fatalf("card %s, member %d", kk, i)
				}
			}
		}
	})
}

// shown spells out the parts of a person, which are pointers.
func shown(p eligibility.Person) []any {
	var out []any
	if p.Resident != nil {
		out = append(out, *p.Resident)
	}
	if p.Welfare != nil {
		out = append(out, *p.Welfare)
	}
	if p.Membership != nil {
		out = append(out, *p.Membership)
	}
	return append(out, p.NIK)
}

// A case whose newest check is told to the citizen leaves the list by itself.
func TestAnsweredCaseLeavesTheList(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		l := newSecondLook(t, db)
		l.settle(1, always("9"))
		l.ask(eligibility.Request{Subject: eligibility.Subject{NIK: lookNIK(0)}})
		l.welfare("2026-12-01", 1, always("2"))
		l.run()
		it := l.list(recheck.Filter{})[0]
		svc := &complaints.Service{Store: db, Checker: l.check, Clock: func() time.Time { return l.now }}
		ctx := l.actor(auth.Actor{Name: "os:ani", Role: auth.Operator, All: true})
		c, err := svc.File(ctx, complaints.Filing{Channel: "counter", Matter: "eligibility", Text: "ditolak bulan lalu",
			Reporter: complaints.Reporter{Name: "Pak Budi"}, Patients: []complaints.FilingPatient{{NIK: lookNIK(0)}}})
		must(t, err)
		made, err := l.check.View(ctx, it.New)
		must(t, err)
		c, err = svc.Act(ctx, c.Ticket, complaints.Action{Type: complaints.CheckEvent, Version: c.Version, Patient: 1, Made: &made})
		must(t, err)
		settled, err := db.SettleRechecks(context.Background())
		must(t, err)
		if linked := l.list(recheck.Filter{}); settled != 0 || len(linked) != 1 || !linked[0].Linked || linked[0].Ticket != c.Ticket {
			t.Fatalf("settled %d, items %+v", settled, linked)
		}
		_, err = svc.Act(ctx, c.Ticket, complaints.Action{Type: complaints.AnswerEvent, Version: c.Version, Text: "Menurut data, syarat kini terpenuhi."})
		must(t, err)
		settled, err = db.SettleRechecks(context.Background())
		must(t, err)
		if settled != 1 || len(l.list(recheck.Filter{})) != 0 {
			t.Errorf("settled %d, left %d", settled, len(l.list(recheck.Filter{})))
		}
	})
}
