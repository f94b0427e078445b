package storage

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"layak/complaints"
	"layak/complaints/worklist"
	"layak/eligibility"
	"layak/internal/area"
	"layak/internal/auth"
	"layak/internal/fault"
	"layak/internal/testkit"
	"layak/policy"
)

// standing is the regency's standing in a test.
type standing struct{ now string }

func (s *standing) Standing(eligibility.Date) string { return s.now }

func (s *standing) Premium(day eligibility.Date) worklist.Premium {
	if day < "2019-08-01" {
		return worklist.Premium{}
	}
	return worklist.Premium{ValidFrom: "2019-08-01", Rupiah: 42_000, Source: "Perpres 75/2019"}
}

func worklistDesk(t *testing.T, db *DB) (*office, *worklist.Desk, *standing) {
	t.Helper()
	o := newOffice(t, db)
	r := &standing{"prioritas"}
	return o, &worklist.Desk{Store: db, Registry: db, Cases: o.Service, Rules: r, Clock: func() time.Time { return o.clock }, Zone: eligibility.WIB, Home: jember}, r
}

func insured(r *eligibility.Record, segment, status string) *eligibility.Record {
	return testkit.Row(nikOf(r), map[eligibility.Field]string{
		eligibility.FieldSegment: segment, eligibility.FieldMemberStatus: status, eligibility.FieldJKNNumber: "000" + nikOf(r)[6:],
	})
}

func TestPeopleWhomTheRegencyPaysWrongly(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		o, desk, _ := worklistDesk(t, db)
		born := eligibility.Date("1980-02-03")
		with := func(r *eligibility.Record, f eligibility.Field, v string) *eligibility.Record { r.Set(f, v); return r }
		well := testkit.Person(10, "Ani Sehat", born)
		dead := with(testkit.Person(11, "Budi Rekaan", born), eligibility.FieldLifeStatus, "deceased")
		moved := with(with(testkit.Person(12, "Cici Rekaan", born), eligibility.FieldRegency, "35.08"), eligibility.FieldVillage, "35.08.01.2001")
		moved.Set(eligibility.FieldDistrict, "35.08.01")
		deadUnpaid := with(testkit.Person(13, "Dodi Rekaan", born), eligibility.FieldLifeStatus, "deceased")
		const mother = "3509194101500099"
		twinA := with(testkit.Person(14, "Eka Rekaan", born), eligibility.FieldMotherNIK, mother)
		twinB := with(testkit.Person(15, "Eka Rekaan", born), eligibility.FieldMotherNIK, mother)
		otherA := with(testkit.Person(16, "Fafa Rekaan", born), eligibility.FieldMotherNIK, mother)
		otherB := with(testkit.Person(17, "Fafa Rekaan", born), eligibility.FieldMotherNIK, mother)
		nameA := testkit.Person(18, "Gani Rekaan", born) // a namesake of the same day, and nothing else
		nameB := testkit.Person(19, "Gani Rekaan", born)
		publish(t, db, load{kind: eligibility.Residents, asOf: "2026-11-02", hash: "r2", rows: listed(well, dead, moved, deadUnpaid, twinA, twinB, otherA, otherB, nameA, nameB)})
		publish(t, db, load{kind: eligibility.Membership, asOf: "2026-11-02", hash: "m1", rows: listed(
			insured(well, "pemda", "active"), insured(dead, "pemda", "active"), insured(moved, "pemda", "active"), insured(deadUnpaid, "pemda", "inactive"),
			insured(twinA, "pemda", "active"), insured(twinB, "pemda", "active"), insured(otherA, "pemda", "active"), insured(otherB, "ppu", "active"),
			insured(nameA, "pemda", "active"), insured(nameB, "pemda", "active"),
		)})
		scanned, err := desk.Scan(auth.With(context.Background(), auth.System()))
		must(t, err)
		if !scanned {
			t.Fatal("the registry was not looked over")
		}
		if again, err := desk.Scan(o.chief); err != nil || again {
			t.Fatalf("looked over twice without a change: %v %v", again, err)
		}
		paid, err := desk.Paid(o.chief, worklist.PaidFilter{})
		must(t, err)
		got := map[string]worklist.Reason{}
		for _, l := range paid.Lines {
			got[l.NIK] = l.Reason
		}
		want := map[string]worklist.Reason{nikOf(dead): worklist.Dead, nikOf(moved): worklist.MovedOut, nikOf(twinB): worklist.Double, nikOf(otherA): worklist.OtherSegment}
		if len(got) != len(want) {
			t.Errorf("found %v, want %v", got, want)
		}
		for nik, why := range want {
			if got[nik] != why {
				t.Errorf("%s: %q, want %q", nik, got[nik], why)
			}
		}
		if paid.Scan.Paid != 8 || paid.People != 4 || paid.PerMonth != 4*42_000 || paid.Premium.Billed || paid.Premium.Source != "Perpres 75/2019" {
			t.Errorf("figures %+v", paid)
		}
		if n := len(paid.Totals); n != 4 {
			t.Errorf("totals by reason and district: %+v", paid.Totals)
		}
		only, err := desk.Paid(o.chief, worklist.PaidFilter{Reason: worklist.Dead, Place: "35.09.19"})
		must(t, err)
		if len(only.Lines) != 1 || only.Lines[0].Name != "Budi Rekaan" || strings.Contains(only.Lines[0].Masked, nikOf(dead)) {
			t.Errorf("the dead of one district: %+v", only.Lines)
		}

		// An office's own premium holds from its day on.
		must(t, desk.SavePremium(o.chief, worklist.Premium{ValidFrom: "2026-01-01", Rupiah: 35_000, Source: "Tagihan BPJS Januari 2026"}))
		must(t, desk.SavePremium(o.chief, worklist.Premium{ValidFrom: "2027-01-01", Rupiah: 50_000, Source: "Rencana tahun depan"}))
		tables, err := desk.PaidTable(o.chief, worklist.PaidFilter{})
		must(t, err)
		if len(tables[0].Rows) != 4 || tables[0].Rows[0][11] != "35000" || !slices.ContainsFunc(tables[0].Rows, func(r []string) bool { return r[1] == nikOf(dead) }) {
			t.Errorf("sheet %+v", tables[0])
		}

		price, err := desk.PremiumOn(o.chief, "2026-06-01")
		must(t, err)
		if !price.Billed || price.Rupiah != 35_000 || price.Rules.Rupiah != 42_000 {
			t.Errorf("the bill and the rules: %+v", price)
		}
		if price, err = desk.PremiumOn(o.chief, "2025-12-31"); err != nil || price.Billed || price.Rupiah != 42_000 {
			t.Errorf("before the bill: %+v, %v", price, err)
		}
		if price, err = desk.PremiumOn(o.chief, "2018-01-01"); err != nil || price.Rupiah != 0 {
			t.Errorf("a day that nobody says anything about: %+v, %v", price, err)
		}

		// Dealt with: gone until the data change.
		must(t, desk.SetAside(o.chief, nikOf(dead), "Diusulkan keluar, surat 440/1."))
		if paid, err = desk.PaidSummary(o.chief); err != nil || paid.People != 3 {
			t.Errorf("after one was dealt with: %+v %v", paid, err)
		}
		err = desk.SetAside(o.chief, nikOf(dead), "sekali lagi")
		wantKind(t, err, fault.Invalid, "finding_gone")
		alive := testkit.Person(11, "Budi Rekaan", born)
		publish(t, db, load{kind: eligibility.Residents, asOf: "2026-11-03", hash: "r3", rows: listed(alive)})
		if scanned, err = desk.Scan(o.chief); err != nil || !scanned {
			t.Fatalf("not looked over after a publish: %v %v", scanned, err)
		}
		if paid, err = desk.PaidSummary(o.chief); err != nil || paid.People != 3 {
			t.Errorf("after he turned out to live: %+v %v", paid, err)
		}
		_, err = desk.Paid(o.mangli, worklist.PaidFilter{})
		wantKind(t, err, fault.Forbidden, "not_allowed")
	})
}

func TestFindingsOfAnotherAreaDoNotExist(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		_, desk, _ := worklistDesk(t, db)
		dead := testkit.Person(11, "Budi Rekaan", "1980-02-03")
		dead.Set(eligibility.FieldLifeStatus, "deceased")
		publish(t, db, load{kind: eligibility.Residents, asOf: "2026-11-02", hash: "r2", rows: listed(dead)})
		publish(t, db, load{kind: eligibility.Membership, asOf: "2026-11-02", hash: "m1", rows: listed(insured(dead, "pemda", "active"))})
		ctx := auth.With(context.Background(), auth.System())
		_, err := desk.Scan(ctx)
		must(t, err)
		for _, c := range []struct {
			areas []area.Code
			want  int
		}{{[]area.Code{"35.09.19"}, 1}, {[]area.Code{"35.09.29"}, 0}, {[]area.Code{"35.09.1"}, 0}, {[]area.Code{"35.09.29", "35.09.19.1001"}, 1}} {
			a := auth.Actor{Name: "x", Role: auth.Coordinator, Areas: c.areas}
			paid, err := desk.Paid(auth.With(ctx, a), worklist.PaidFilter{})
			must(t, err)
			if len(paid.Lines) != c.want || paid.People != c.want {
				t.Errorf("%v sees %d, want %d", c.areas, len(paid.Lines), c.want)
			}
		}
	})
}

func TestSheetOfRegistrationsAndItsAnswer(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		o, desk, _ := worklistDesk(t, db)
		c := o.file(t, o.mangli, o.sri)
		c = o.act(t, o.mangli, c, complaints.Action{Type: complaints.CheckEvent})
		layout := []worklist.Column{{Header: "Nomor Induk", Field: "nik"}, {Header: "Nama", Field: "name"}, {Header: "Lahir", Field: "birth_date"}, {Header: "Kosong"}}
		must(t, desk.SaveLayout(o.chief, "e_dabu", layout))
		wantKind(t, desk.SaveLayout(o.chief, "e_dabu", []worklist.Column{{Header: "Nama", Field: "name"}}), fault.Invalid, "nik_column_missing")
		wantKind(t, desk.SaveLayout(o.mangli, "e_dabu", layout), fault.Forbidden, "not_allowed")
		look, err := desk.Waiting(o.mangli, "e_dabu")
		must(t, err)
		if len(look.People) != 1 || strings.Contains(look.People[0].NIK, string(o.sri)) {
			t.Errorf("a look shows %+v", look.People)
		}
		sheet, err := desk.Fill(o.mangli, "e_dabu")
		must(t, err)
		if want := []string{string(o.sri), "Sri Wahyuni", "03-02-1980", ""}; len(sheet.Rows) != 1 || !slices.Equal(sheet.Rows[0], want) {
			t.Fatalf("sheet %+v", sheet.Rows)
		}
		if silo, err := desk.Fill(o.silo, "e_dabu"); err != nil || len(silo.Rows) != 0 {
			t.Errorf("the sheet of another desk: %+v %v", silo.Rows, err)
		}
		sent, missed, err := desk.Sent(o.mangli, "e_dabu", "LOT-7", []worklist.Sending{{Ticket: c.Ticket, Patient: 1}, {Ticket: "3509-0000-0000-0", Patient: 1}})
		must(t, err)
		if sent != 1 || len(missed) != 1 {
			t.Errorf("sent %d, missed %v", sent, missed)
		}

		reply := func(n int, nik, result, reason string) worklist.Reply {
			return worklist.Reply{File: "j.xlsx", Sheet: "S", N: n, NIK: nik, Result: result, Reason: reason}
		}
		read := func(o2 worklist.ReadOptions, rows ...worklist.Reply) worklist.Reading {
			t.Helper()
			got, err := desk.ReadBack(o.mangli, func(_ context.Context, yield func(worklist.Reply) error) error {
				for _, r := range rows {
					if err := yield(r); err != nil {
						return err
					}
				}
				return nil
			}, o2)
			must(t, err)
			return got
		}
		stranger := nikOf(testkit.Person(77, "Orang Lain", "1990-01-01"))
		got := read(worklist.ReadOptions{}, reply(2, string(o.sri), "BERHASIL", ""), reply(3, stranger, "Gagal", "NIK ganda"), reply(4, string(o.sri), "entah", ""),
			reply(5, "", "Aktif", ""), worklist.Reply{N: 6, Lost: true, Result: "Aktif"})
		if got.Active != 0 || got.Unmatched != 1 || got.Rejected != 4 || len(got.Rejects) != 5 || got.Rejects[0].Code != "active_on_missing" {
			t.Fatalf("without a day: %+v", got)
		}
		dry := read(worklist.ReadOptions{ActiveOn: "2026-11-21", DryRun: true}, reply(2, string(o.sri), "BERHASIL", ""))
		if dry.Active != 1 {
			t.Errorf("dry run %+v", dry)
		}
		got = read(worklist.ReadOptions{ActiveOn: "2026-11-21"}, reply(2, string(o.sri), "BERHASIL", ""))
		if got.Active != 1 {
			t.Fatalf("with a day: %+v", got)
		}
		if again := read(worklist.ReadOptions{ActiveOn: "2026-11-21"}, reply(2, string(o.sri), "BERHASIL", "")); again.Same != 1 {
			t.Errorf("read twice: %+v", again)
		}
		c, err = o.Complaint(o.mangli, c.Ticket)
		must(t, err)
		if r := c.Registrations[0]; len(c.Registrations) != 1 || r.Result != complaints.RegistrationActive || r.ActiveOn != "2026-11-21" || r.Reference != "LOT-7" {
			t.Errorf("registrations %+v", c.Registrations)
		}
	})
}

func TestPromisesThatNoLongerHold(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		o, desk, rules := worklistDesk(t, db)
		// made keeps the determination that the checker of the test only pretends to have made.
		made := func(c complaints.Complaint, codes ...string) {
			t.Helper()
			k := c.Newest()[1]
			d := eligibility.Determination{ID: k.Determination, NIK: k.NIK, Subject: eligibility.Subject{NIK: k.NIK}, DecidedAt: noon}
			d.Outcome = policy.Eligible
			for _, code := range codes {
				d.Findings = append(d.Findings, policy.Finding{Code: code, Verdict: policy.Note})
			}
			must(t, db.SaveDetermination(o.chief, d, entry("determination.create")))
		}
		check := func() complaints.Complaint {
			return o.act(t, o.mangli, o.file(t, o.mangli, o.sri), complaints.Action{Type: complaints.CheckEvent})
		}
		today, later, active := check(), check(), check()
		made(today)
		made(later, "activation_next_month")
		made(active)
		o.act(t, o.mangli, active, complaints.Action{Type: complaints.RegisterEvent, Patient: 1, Through: "e_dabu", Result: "active", ActiveOn: "2026-11-21"})
		p, err := desk.Promises(o.chief)
		must(t, err)
		if len(p.Broken) != 0 || p.Kept != 1 {
			t.Errorf("while the standing lasts: %+v", p)
		}
		rules.now = worklist.CutOff
		p, err = desk.Promises(o.chief)
		must(t, err)
		if len(p.Broken) != 1 || p.Broken[0].Ticket != today.Ticket || p.Broken[0].Phone == "" || strings.Contains(p.Broken[0].NIK, string(o.sri)) {
			t.Errorf("after it was lost: %+v", p)
		}
		if silo, err := desk.Promises(o.silo); err != nil || len(silo.Broken) != 0 {
			t.Errorf("promises of another desk: %+v %v", silo, err)
		}
	})
}

func TestWeekAndRecapAndLog(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		o, desk, _ := worklistDesk(t, db)
		o.clock = time.Date(2026, 11, 20, 10, 0, 0, 0, eligibility.WIB) // a Friday
		c := o.file(t, o.mangli, o.sri)
		f := filing("")
		f.Channel, f.Need = "wadul", "emergency"
		_, err := o.File(o.mangli, f)
		must(t, err)
		c = o.act(t, o.mangli, c, complaints.Action{Type: complaints.VerifyEvent})
		c = o.act(t, o.mangli, c, complaints.Action{Type: complaints.CheckEvent})
		o.act(t, o.mangli, c, complaints.Action{Type: complaints.ResolveEvent, Decision: complaints.InformationGiven, Reason: "Syarat sudah dijelaskan lengkap."})
		w, err := desk.Friday(o.chief, o.clock)
		must(t, err)
		if w.Received != 2 || w.ReceivedWeek != 0 || w.Resolved != 1 || w.Open != 2 || w.Emergencies != 1 || w.EmergencyOpen != 1 || w.Closed != 0 {
			t.Errorf("week %+v", w)
		}
		if len(w.Matters) != 1 || w.Matters[0].Label != "Kartu belum aktif" || w.Matters[0].N != 2 {
			t.Errorf("matters %+v", w.Matters)
		}
		if w.From.Format(time.DateOnly) != "2026-11-14" || w.To.Format(time.DateOnly) != "2026-11-21" {
			t.Errorf("the week is %v to %v", w.From, w.To)
		}
		next, err := desk.Friday(o.chief, o.clock.AddDate(0, 0, 7))
		must(t, err)
		if next.Received != 0 || next.ReceivedWeek != 2 {
			t.Errorf("a week later %+v", next)
		}
		r, err := desk.Recap(o.chief, "wadul", w.From, w.To)
		must(t, err)
		if r.Total != 1 || r.Status[0].Label != "Disposisi" || r.Channels[0].Label != "Wadul Gus'e" {
			t.Errorf("recap %+v", r)
		}
		_, err = desk.Friday(o.mangli, o.clock)
		wantKind(t, err, fault.Forbidden, "not_allowed")
		mine, err := desk.Mine(o.mangli, w.From, w.To)
		must(t, err)
		if mine.Cases != 2 || len(mine.Deeds) < 5 || mine.Deeds[0].At.Before(mine.Deeds[len(mine.Deeds)-1].At) {
			t.Errorf("log %+v", mine)
		}
		if other, err := desk.Mine(o.silo, w.From, w.To); err != nil || len(other.Deeds) != 0 {
			t.Errorf("the log of somebody else: %+v %v", other, err)
		}
	})
}

func TestFridayEndsTheWeek(t *testing.T) {
	for day, want := range map[string]string{
		"2026-11-20": "2026-11-14", "2026-11-21": "2026-11-14", "2026-11-26": "2026-11-14", "2026-11-27": "2026-11-21", "2026-01-02": "2025-12-27",
	} {
		d, err := time.ParseInLocation(time.DateOnly, day, eligibility.WIB)
		must(t, err)
		from, to := worklist.FridayWeek(d.Add(20*time.Hour), eligibility.WIB)
		if got := from.Format(time.DateOnly); got != want || to.Sub(from) != 7*24*time.Hour {
			t.Errorf("%s: from %s, want %s; %v", day, got, want, fmt.Sprint(to))
		}
	}
}
