package storage

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"layak/complaints"
	"layak/complaints/calendar"
	"layak/internal/audit"
	"layak/internal/auth"
	"layak/internal/fault"
	"layak/policy"
)

// strict is a router that asks for a second person and gives five working days to reopen.
type strict struct{}

func (strict) Route(context.Context, policy.RoutingInput) (policy.Routing, string, error) {
	return policy.Routing{Class: "complaint", Priority: "normal", SecondPerson: true, ReopenDays: 5}, "rev", nil
}

// inProgress is a case of Sri that the desk of Mangli works on.
func (o *office) inProgress(t testing.TB, matter string) complaints.Complaint {
	t.Helper()
	f := filing(o.sri)
	f.Matter, f.Verified = matter, true
	c, err := o.File(o.mangli, f)
	must(t, err)
	return o.act(t, o.mangli, c, complaints.Action{Type: complaints.NoteEvent, Text: "Mulai."})
}

// refused is an act that must fail and change nothing.
func (o *office) refused(t testing.TB, ctx context.Context, c complaints.Complaint, a complaints.Action, kind fault.Kind, code string) {
	t.Helper()
	a.Version = c.Version
	_, err := o.Act(ctx, c.Ticket, a)
	wantKind(t, err, kind, code)
}

func TestFiledAndVerifiedInOneAct(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		o := newOffice(t, db)
		f := filing(o.sri)
		f.Verified, f.SourceNumber, f.Channel, f.Title = true, "LPR-77", "lapor", "Kartu mati"
		f.Reporter.Email, f.Reporter.Handle = "ani@contoh.id", "@ani"
		c, err := o.File(o.mangli, f)
		must(t, err)
		o.stored(t, c)
		if c.State != complaints.Verified || c.Version != 1 || len(c.Events) != 2 || c.Source != "lapor" || c.Reporter.Email != "ani@contoh.id" {
			t.Errorf("filed as %+v", c)
		}
		_, err = o.File(o.mangli, f)
		wantKind(t, err, fault.Conflict, "source_known")
		f.SourceNumber, f.Missing = "LPR-78", []string{"Foto KK", " "}
		c, err = o.File(o.mangli, f)
		must(t, err)
		o.stored(t, c)
		if c.State != complaints.WaitingReporter || len(c.Events) != 3 {
			t.Fatalf("an incomplete one is %s with %d events", c.State, len(c.Events))
		}
		c = o.act(t, o.mangli, c, complaints.Action{Type: complaints.ReplyEvent, Text: "Ini KK."})
		if c.State != complaints.Verified {
			t.Errorf("after the reply %s", c.State)
		}
		counts := o.trail(t, string(c.Ticket))
		if counts["complaint.file"] != 1 || counts["complaint.verify"] != 1 || counts["complaint.wait"] != 1 {
			t.Errorf("trail %v", counts)
		}
	})
}

func TestTasksOfSeveralUnits(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		o := newOffice(t, db)
		o.Calendars = weekdays{}
		c := o.inProgress(t, "charge")
		_, err := o.Complaint(o.silo, c.Ticket)
		wantKind(t, err, fault.NotFound, "complaint_unknown")
		late := noon.Add(2 * time.Hour)
		c = o.act(t, o.mangli, c, complaints.Action{Type: complaints.TaskEvent, Tasks: []complaints.TaskOrder{
			{Unit: "PKM-SILO", Act: "Jelaskan tagihan", Due: &late},
			{Unit: "KEL-MANGLI", Act: "Temui keluarga", Amount: 1, Measure: calendar.WorkingDays},
		}})
		if len(c.Tasks) != 2 || c.Tasks[1].No != 2 || !c.Tasks[0].DueAt.Equal(late) || c.Tasks[1].DueAt.Before(late) {
			t.Fatalf("tasks %+v", c.Tasks)
		}
		// The unit with a task sees the case, and that it has is on record once.
		o.clock = noon.Add(time.Hour)
		seen, err := o.Complaint(o.silo, c.Ticket)
		must(t, err)
		o.clock = noon.Add(3 * time.Hour)
		again, err := o.Complaint(o.silo, c.Ticket)
		must(t, err)
		if seen.Tasks[0].SeenAt == nil || !again.Tasks[0].SeenAt.Equal(noon.Add(time.Hour)) || again.Tasks[1].SeenAt != nil {
			t.Errorf("seen %v, then %v", seen.Tasks[0].SeenAt, again.Tasks[0].SeenAt)
		}
		if n := o.trail(t, string(c.Ticket))["complaint.view"]; n != 2 {
			t.Errorf("%d views on the trail, want 2", n)
		}
		if idle := again.Idle(o.clock); len(idle) != 1 || idle[0].Unit != "PKM-SILO" {
			t.Errorf("idle: %+v", idle)
		}
		o.refused(t, o.mangli, c, complaints.Action{Type: complaints.TaskDoneEvent, Task: 1, Result: "done"}, fault.Forbidden, "other_unit")
		o.refused(t, o.silo, c, complaints.Action{Type: complaints.TaskDoneEvent, Task: 1, Result: "refused"}, fault.Invalid, "note_missing")
		o.refused(t, o.silo, c, complaints.Action{Type: complaints.TaskDoneEvent, Task: 3, Result: "done"}, fault.Invalid, "task_unknown")
		o.refused(t, o.mangli, c, complaints.Action{Type: complaints.ResolveEvent, Decision: "apologised", Reason: "Sudah."}, fault.Invalid, "reason_missing")
		c = o.act(t, o.silo, c, complaints.Action{Type: complaints.TaskDoneEvent, Task: 1, Result: "done", Note: "Dijelaskan."})
		if !c.Tasks[0].Late(o.clock) || c.Tasks[0].DoneBy != "rini" {
			t.Errorf("done %+v", c.Tasks[0])
		}
		o.refused(t, o.silo, c, complaints.Action{Type: complaints.TaskDoneEvent, Task: 1, Result: "done"}, fault.Conflict, "task_closed")
		c = o.act(t, o.chief, c, complaints.Action{Type: complaints.TaskDoneEvent, Task: 2, Result: "refused", Note: "Keluarga pindah."})
		if last := c.Events[len(c.Events)-1]; last.Type != complaints.TasksDoneEvent || last.Actor != "system" {
			t.Errorf("the last event is %+v", last)
		}
		o.act(t, o.mangli, c, complaints.Action{Type: complaints.ResolveEvent, Decision: "apologised", Reason: "Sudah."})
		_, err = o.Complaint(o.silo, c.Ticket) // what was done stays in sight of who did it
		must(t, err)
	})
}

func TestMoneyComesBackBeforeTheEnd(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		o := newOffice(t, db)
		c := o.inProgress(t, "charge")
		o.refused(t, o.mangli, c, complaints.Action{Type: complaints.RefundEvent}, fault.Invalid, "amount_missing")
		o.refused(t, o.mangli, c, complaints.Action{Type: complaints.RefundEvent, Amount: 5, Receipt: "x"}, fault.Invalid, "proof_unknown")
		o.refused(t, o.mangli, c, complaints.Action{Type: complaints.ResolveEvent, Decision: "refunded", Reason: "Tagihan keliru."}, fault.Invalid, "amount_missing")
		due := noon.AddDate(0, 0, 7)
		c = o.act(t, o.mangli, c, complaints.Action{Type: complaints.RefundEvent, Amount: 250_000, Facility: "RSD Balung", Due: &due})
		c = o.act(t, o.mangli, c, complaints.Action{Type: complaints.ResolveEvent, Decision: "refunded", Reason: "Tagihan keliru."})
		c = o.act(t, o.mangli, c, complaints.Action{Type: complaints.AnswerEvent, Text: "Uang dikembalikan minggu ini."})
		o.refused(t, o.mangli, c, complaints.Action{Type: complaints.CloseEvent}, fault.Invalid, "money_missing")
		got := noon.Add(-time.Minute)
		o.refused(t, o.mangli, c, complaints.Action{Type: complaints.RefundEvent, ReceivedAt: &got}, fault.Invalid, "proof_missing")
		c = o.act(t, o.mangli, c, complaints.Action{Type: complaints.RefundEvent, ReceivedAt: &got, Text: "Warga menunjukkan buku tabungan."})
		if c.Refund.Amount != 250_000 || !c.Refund.ReceivedAt.Equal(got) || c.Refund.Facility != "RSD Balung" {
			t.Errorf("refund %+v", c.Refund)
		}
		o.act(t, o.mangli, c, complaints.Action{Type: complaints.CloseEvent, Rating: 4})
	})
}

func TestTheEndAsksForEvidenceAndASecondPerson(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		o := newOffice(t, db)
		c := o.inProgress(t, "information")
		c = o.act(t, o.mangli, c, complaints.Action{Type: complaints.ResolveEvent, Decision: "information_given", Reason: "Syarat dijelaskan."})
		o.refused(t, o.mangli, c, complaints.Action{Type: complaints.CloseEvent}, fault.Invalid, "evidence_missing")
		o.refused(t, o.mangli, c, complaints.Action{Type: complaints.CloseEvent, Text: "Warga puas dengan jawaban di loket.", Rating: 6}, fault.Invalid, "rating_wrong")
		yes := true
		c = o.act(t, o.mangli, c, complaints.Action{Type: complaints.NoteEvent, Text: "Pasien meninggal.", Deceased: &yes})
		o.refused(t, o.mangli, c, complaints.Action{Type: complaints.CloseEvent, Text: "Warga puas dengan jawaban di loket.", Rating: 5}, fault.Invalid, "rating_deceased")
		c = o.act(t, o.mangli, c, complaints.Action{Type: complaints.CloseEvent, Text: "Warga mengerti jawaban di loket."})
		if !c.Deceased || c.Rating != 0 {
			t.Errorf("closed as %+v", c)
		}
		o.Router = strict{}
		c = o.inProgress(t, "information")
		c = o.act(t, o.mangli, c, complaints.Action{Type: complaints.ResolveEvent, Decision: "information_given", Reason: "Syarat dijelaskan."})
		c = o.act(t, o.mangli, c, complaints.Action{Type: complaints.AnswerEvent, Text: "Ini syaratnya."})
		o.refused(t, o.mangli, c, complaints.Action{Type: complaints.CloseEvent}, fault.Forbidden, "second_person")
		o.refused(t, token(o.mangli), c, complaints.Action{Type: complaints.CloseEvent}, fault.Forbidden, "second_person")
		o.act(t, o.chief, c, complaints.Action{Type: complaints.CloseEvent})
	})
}

// token is the same person with an API token.
func token(ctx context.Context) context.Context {
	a := auth.From(ctx)
	a.Name = "token:" + a.Name + "/01J"
	return auth.With(ctx, a)
}

func TestWindowForReopening(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		o := newOffice(t, db)
		o.Router, o.Calendars = strict{}, weekdays{}
		end := func() complaints.Complaint {
			o.clock = noon
			c := o.inProgress(t, "information")
			c = o.act(t, o.mangli, c, complaints.Action{Type: complaints.ResolveEvent, Decision: "information_given", Reason: "Syarat dijelaskan."})
			return o.act(t, o.chief, c, complaints.Action{Type: complaints.CloseEvent, Text: "Warga mengerti jawaban di loket."})
		}
		c := end()
		o.clock = noon.AddDate(0, 0, 6) // five working days and a weekend
		c = o.act(t, o.mangli, c, complaints.Action{Type: complaints.ReopenEvent, Reason: "Belum selesai", Unsatisfied: true})
		if c.Escalated != 1 {
			t.Errorf("escalated %d", c.Escalated)
		}
		c = end()
		o.clock = noon.AddDate(0, 0, 9)
		o.refused(t, o.mangli, c, complaints.Action{Type: complaints.ReopenEvent, Reason: "Belum selesai"}, fault.Forbidden, "reopen_late")
		c = o.act(t, o.head, c, complaints.Action{Type: complaints.ReopenEvent, Reason: "Belum selesai"})
		var data complaints.ReopenData
		if !c.Events[len(c.Events)-1].Read(&data) && !slices.ContainsFunc(c.Events, func(e complaints.Event) bool { return e.Type == complaints.ReopenEvent && e.Read(&data) }) || !data.Late {
			t.Errorf("reopened late: %+v", c.Events)
		}
	})
}

func TestWhoMayNotDecide(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		o := newOffice(t, db)
		f := filing(o.sri)
		f.Matter, f.Accused = "conduct", "KEL-MANGLI"
		c, err := o.File(o.mangli, f)
		must(t, err)
		if c.Unit != "" {
			t.Errorf("a complaint about %s lies with %q", f.Accused, c.Unit)
		}
		c = o.act(t, o.chief, c, complaints.Action{Type: complaints.VerifyEvent})
		o.refused(t, o.chief, c, complaints.Action{Type: complaints.AssignEvent, Unit: "KEL-MANGLI"}, fault.Invalid, "unit_accused")
		o.refused(t, o.mangli, c, complaints.Action{Type: complaints.ResolveEvent, Decision: "not_proven", Reason: "Tidak benar."}, fault.Forbidden, "unit_accused")
		none := ""
		for _, a := range []complaints.Action{
			{Type: complaints.WithdrawEvent, Text: "Pelapor membatalkan."}, {Type: complaints.WaitEvent, Missing: []string{"KTP"}},
			{Type: complaints.ClassifyEvent, Accused: &none}, {Type: complaints.ForwardEvent, Office: "Kantor lain"},
			{Type: complaints.AnswerEvent, Text: "Tidak ada yang salah."}, {Type: complaints.MergeEvent, Into: c.Ticket},
		} {
			o.refused(t, o.mangli, c, a, fault.Forbidden, "unit_accused")
		}
		c = o.act(t, o.mangli, c, complaints.Action{Type: complaints.NoteEvent, Text: "Petugas yang dimaksud sudah dipanggil."})
		c = o.act(t, o.chief, c, complaints.Action{Type: complaints.AssignEvent, Unit: "PKM-SILO", Staff: "rini"})
		yes := true
		c = o.act(t, o.chief, c, complaints.Action{Type: complaints.ClassifyEvent, Attention: &yes, Class: "oversight"})
		o.refused(t, o.chief, c, complaints.Action{Type: complaints.AnswerEvent, Text: "Kami tangani."}, fault.Forbidden, "spokesperson_only")
		o.refused(t, o.silo, c, complaints.Action{Type: complaints.AnswerEvent, Text: "Ibu SRI  wahyuni sudah dilayani."}, fault.Invalid, "answer_personal")
		o.refused(t, o.silo, c, complaints.Action{Type: complaints.AnswerEvent, Text: "NIK " + string(o.sri)}, fault.Invalid, "answer_personal")
		c = o.act(t, o.silo, c, complaints.Action{Type: complaints.AnswerEvent, Text: "Kami tangani sesuai aturan."})
		c = o.act(t, o.head, c, complaints.Action{Type: complaints.AnswerEvent, Text: "Pemeriksaan berjalan."})
		c = o.act(t, o.chief, c, complaints.Action{Type: complaints.ClassifyEvent, Accused: &none})
		if said := c.Classified(); c.Accused != "" || said.Class != "oversight" || said.Attention == nil || !*said.Attention {
			t.Errorf("classified %+v", said)
		}
	})
}

func TestTheMarkOfPressIsNotTakenOffToSpeak(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		o := newOffice(t, db)
		yes, no := true, false
		c := o.act(t, o.mangli, o.inProgress(t, "charge"), complaints.Action{Type: complaints.ClassifyEvent, Attention: &yes})
		o.refused(t, o.mangli, c, complaints.Action{Type: complaints.ClassifyEvent, Attention: &no}, fault.Forbidden, "spokesperson_only")
		c = o.act(t, o.mangli, c, complaints.Action{Type: complaints.ClassifyEvent, Attention: &yes, Priority: "high"})
		if c = o.act(t, o.chief, c, complaints.Action{Type: complaints.ClassifyEvent, Attention: &no}); c.Attention {
			t.Error("the coordinator could not take the mark off")
		}
	})
}

func TestWhatAMatterAsksFor(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		o := newOffice(t, db)
		hospital := "PKM-SILO"
		c := o.inProgress(t, "refusal")
		c = o.act(t, o.mangli, c, complaints.Action{Type: complaints.ClassifyEvent, Accused: &hospital})
		o.refused(t, o.mangli, c, complaints.Action{Type: complaints.ResolveEvent, Decision: "apologised", Reason: "Sudah."}, fault.Invalid, "reason_missing")
		c = o.act(t, o.mangli, c, complaints.Action{Type: complaints.TaskEvent, Unit: hospital, Act: "Jawaban pimpinan", Role: "head"})
		o.refused(t, o.silo, c, complaints.Action{Type: complaints.TaskDoneEvent, Task: 1, Result: "done", Note: "ok"}, fault.Invalid, "note_missing")
		c = o.act(t, o.silo, c, complaints.Action{Type: complaints.TaskDoneEvent, Task: 1, Result: "done", Note: "Kami mohon maaf, petugas sudah ditegur."})
		o.act(t, o.mangli, c, complaints.Action{Type: complaints.ResolveEvent, Decision: "apologised", Reason: "Sudah."})

		c = o.inProgress(t, "data")
		o.refused(t, o.mangli, c, complaints.Action{Type: complaints.ResolveEvent, Decision: "corrected", Reason: "Sudah."}, fault.Invalid, "reason_missing")
		c = o.act(t, o.mangli, c, complaints.Action{Type: complaints.RegisterEvent, Through: "pandawa", Result: "active", ActiveOn: "2026-11-21"})
		o.act(t, o.mangli, c, complaints.Action{Type: complaints.ResolveEvent, Decision: "corrected", Reason: "Sudah."})

		c = o.file(t, o.mangli, o.sri)
		o.refused(t, o.head, c, complaints.Action{Type: complaints.RejectEvent, Code: "boring"}, fault.Invalid, "code_unknown")
		c = o.act(t, o.head, c, complaints.Action{Type: complaints.RejectEvent, Code: "advertisement"})
		if c.State != complaints.Rejected || c.Events[len(c.Events)-1].Note != "Iklan." {
			t.Errorf("rejected: %+v", c.Events)
		}
		c = o.inProgress(t, "other")
		c = o.act(t, o.mangli, c, complaints.Action{Type: complaints.ForwardEvent, Office: "Dinas Sosial Provinsi"})
		if note := c.Events[len(c.Events)-1].Note; !strings.Contains(note, "Dinas Sosial Provinsi") || strings.Contains(note, "Sri") {
			t.Errorf("hand-over text %q", note)
		}
		o.act(t, o.mangli, c, complaints.Action{Type: complaints.AnswerEvent, Text: "Sudah diteruskan."})
	})
}

func TestMergedCasesStayInformedAndComeBack(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		o := newOffice(t, db)
		file := func(name, email string) complaints.Complaint {
			f := filing(o.sri)
			f.Reporter = complaints.Reporter{Name: name, Email: email}
			c, err := o.File(o.mangli, f)
			must(t, err)
			return c
		}
		main, twin, third := file("Ani", "ani@contoh.id"), file("Budi", "budi@contoh.id"), file("Citra", "")
		third = o.act(t, o.mangli, third, complaints.Action{Type: complaints.WaitEvent, Missing: []string{"KK"}})
		// Third goes into twin, twin into main: main hears of both, and who comes later goes there too.
		third = o.act(t, o.mangli, third, complaints.Action{Type: complaints.MergeEvent, Into: twin.Ticket})
		o.refused(t, o.mangli, twin, complaints.Action{Type: complaints.MergeEvent, Into: main.Ticket}, fault.Conflict, "stale_version")
		twin = o.read(t, twin.Ticket)
		twin = o.act(t, o.mangli, twin, complaints.Action{Type: complaints.MergeEvent, Into: main.Ticket})
		fourth := file("Dewi", "dewi@contoh.id")
		fourth = o.act(t, o.mangli, fourth, complaints.Action{Type: complaints.MergeEvent, Into: third.Ticket})
		if third.Into != twin.Ticket || fourth.Into != main.Ticket || fourth.State != complaints.Merged {
			t.Fatalf("merged into %s and %s", third.Into, fourth.Into)
		}
		main = o.read(t, main.Ticket)
		var names []string
		for _, j := range main.Joined {
			names = append(names, j.Reporter.Name)
		}
		if !slices.Equal(names, []string{"Budi", "Citra", "Dewi"}) || main.Version != 3 || len(main.Events) != 3 {
			t.Errorf("joined %v, version %d, %d events", names, main.Version, len(main.Events))
		}
		o.refused(t, o.mangli, main, complaints.Action{Type: complaints.MergeEvent, Into: third.Ticket}, fault.Conflict, "merge_cycle")
		o.refused(t, o.mangli, main, complaints.Action{Type: complaints.MergeEvent, Into: main.Ticket}, fault.Invalid, "merge_self")
		o.refused(t, o.silo, main, complaints.Action{Type: complaints.MergeEvent, Into: third.Ticket}, fault.NotFound, "complaint_unknown")
		// An answer goes to everybody whom the way reaches.
		o.refused(t, o.mangli, main, complaints.Action{Type: complaints.AnswerEvent, Text: "Aktif.", Send: []string{"whatsapp"}}, fault.Invalid, "send_unreachable")
		main = o.act(t, o.mangli, main, complaints.Action{Type: complaints.AnswerEvent, Text: "Kartu aktif.", Send: []string{"email", "email"}})
		var to []string
		must(t, db.reads().list(context.Background(), &to, `SELECT recipient FROM outbox_message ORDER BY recipient`))
		if !slices.Equal(to, []string{"ani@contoh.id", "budi@contoh.id", "dewi@contoh.id"}) {
			t.Errorf("sent to %v", to)
		}
		// Parting leads back to where it stood, also while it waited.
		third = o.act(t, o.mangli, o.read(t, third.Ticket), complaints.Action{Type: complaints.UnmergeEvent})
		if third.State != complaints.WaitingReporter || third.Into != "" {
			t.Errorf("parted: %s into %q", third.State, third.Into)
		}
		third = o.act(t, o.mangli, third, complaints.Action{Type: complaints.ReplyEvent, Text: "Ini KK."})
		if main = o.read(t, main.Ticket); third.State != complaints.Received || len(main.Joined) != 2 {
			t.Errorf("after parting: %s, %d joined", third.State, len(main.Joined))
		}
	})
}

// stored fails when the case that an act gave is not the one that storage holds.
func (o *office) stored(t testing.TB, c complaints.Complaint) {
	t.Helper()
	remembered, stored := o.read(t, c.Ticket), o.readAnew(t, c.Ticket)
	if !sameCase(c, stored) || !sameCase(remembered, stored) {
		t.Errorf("the act gave\n%+v\nremembered is\n%+v\nstored is\n%+v", c, remembered, stored)
	}
}

// Merges in both directions at the same moment: one wins, nothing is lost and nothing hangs.
func TestRacingMerges(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		o := newOffice(t, db)
		for round := range 5 {
			pair := []complaints.Complaint{o.file(t, o.mangli, o.sri), o.file(t, o.mangli, o.sri)}
			errs := make([]error, 2)
			var all sync.WaitGroup
			for i := range pair {
				all.Go(func() {
					_, errs[i] = o.Act(o.mangli, pair[i].Ticket, complaints.Action{Type: complaints.MergeEvent, Version: 1, Into: pair[1-i].Ticket})
				})
			}
			all.Wait()
			one, two := o.read(t, pair[0].Ticket), o.read(t, pair[1].Ticket)
			if (errs[0] == nil) == (errs[1] == nil) || (one.State == complaints.Merged) == (two.State == complaints.Merged) {
				t.Fatalf("round %d: %v %v, %s and %s", round, errs[0], errs[1], one.State, two.State)
			}
			if len(one.Events) != 2 || len(two.Events) != 2 {
				t.Errorf("events %d and %d", len(one.Events), len(two.Events))
			}
		}
	})
}

// Many merge into one case at once: each of them arrives, whatever the order.
func TestManyMergeIntoOne(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		o := newOffice(t, db)
		main := o.file(t, o.mangli, o.sri)
		var items []complaints.BulkItem
		for range 4 {
			items = append(items, complaints.BulkItem{Ticket: o.file(t, o.mangli, o.sri).Ticket, Version: 1})
		}
		items = append(items, complaints.BulkItem{Ticket: main.Ticket, Version: 1}, complaints.BulkItem{Ticket: items[0].Ticket, Version: 9})
		results, err := o.Bulk(o.mangli, items, complaints.Action{Type: complaints.MergeEvent, Into: main.Ticket})
		must(t, err)
		for i, r := range results {
			if (r.Err == nil) != (i < 4) || i < 4 && r.State != complaints.Merged {
				t.Errorf("%d: %+v", i, r)
			}
		}
		if main = o.read(t, main.Ticket); len(main.Joined) != 4 || main.Version != 5 {
			t.Errorf("%d joined, version %d", len(main.Joined), main.Version)
		}
		_, err = o.Bulk(o.mangli, items, complaints.Action{Type: complaints.CloseEvent})
		wantKind(t, err, fault.Invalid, "event_unknown")
	})
}

// A second clerk on a stale form hears what the first one did.
func TestStaleFormHearsWhatHappened(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		o := newOffice(t, db)
		c := o.file(t, o.mangli, o.sri)
		o.act(t, o.chief, c, complaints.Action{Type: complaints.AssignEvent, Unit: "KEL-MANGLI", Staff: "budi"})
		_, err := o.Act(o.mangli, c.Ticket, complaints.Action{Type: complaints.NoteEvent, Version: 1, Text: "x"})
		wantKind(t, err, fault.Conflict, "stale_version")
		if got := err.Error(); !strings.Contains(fault.As(err).Message, "“Tugaskan” oleh Petugas koko") {
			t.Errorf("says %q", got)
		}
	})
}

// A paper that arrives between reading and writing neither disturbs the act nor is lost.
func TestPapersBesideActs(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		o := newOffice(t, db)
		c := o.file(t, o.mangli, o.sri)
		change := complaints.Change{Complaint: c, Event: complaints.Event{ID: newID(), Type: complaints.NoteEvent, At: noon, To: c.State, Seq: 3}}
		change.Complaint.Version = 2
		if err := db.ChangeComplaint(context.Background(), change); err != complaints.ErrBehind { //nolint:errorlint // the very one
			t.Errorf("a change behind its case: %v", err)
		}
		change.Event.Seq, change.Complaint.Version = 2, 3
		wantKind(t, db.ChangeComplaint(context.Background(), change), fault.Conflict, "stale_version")
		o.act(t, o.mangli, c, complaints.Action{Type: complaints.NoteEvent, Text: "Tetap jalan."})
	})
}

func TestSimilarCases(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		o := newOffice(t, db)
		old, err := audit.NewKeyring([]byte(strings.Repeat("a", 32)))
		must(t, err)
		o.Keyed = old.KeyedAll
		first := o.file(t, o.mangli, o.sri)
		f := filing("")
		f.Reporter = complaints.Reporter{Name: "Ani", Phone: "+62 812-3456-7890"}
		other, err := o.File(o.silo, f)
		must(t, err)
		var hashes []string
		must(t, db.reads().list(context.Background(), &hashes, `SELECT hash FROM complaint_mark`))
		if len(hashes) < 3 || strings.Contains(strings.Join(hashes, " "), "0812") {
			t.Errorf("marks %v", hashes)
		}
		// After the key was changed the old hashes are still found.
		rotated, err := audit.NewKeyring([]byte(strings.Repeat("b", 32)), []byte(strings.Repeat("a", 32)))
		must(t, err)
		o.Keyed = rotated.KeyedAll
		alike, err := o.Similar(o.mangli, complaints.Filing{NIK: o.sri, Reporter: complaints.Reporter{Phone: "081234567890"}})
		must(t, err)
		if len(alike.Cases) != 1 || alike.Cases[0].Ticket != first.Ticket || !slices.Contains(alike.Cases[0].Shares, "nik") || !slices.Contains(alike.Cases[0].Shares, "phone") || strings.Contains(alike.Cases[0].Name, "Wahyuni") {
			t.Errorf("alike %+v", alike.Cases)
		}
		if len(alike.Elsewhere) != 1 || alike.Elsewhere[0] != (complaints.Elsewhere{Unit: "Puskesmas Silo", Count: 1}) {
			t.Errorf("elsewhere %+v", alike.Elsewhere)
		}
		if n := o.trail(t, "")["complaint.hint"]; n != 1 {
			t.Errorf("the look at the hints is on the trail %d times", n)
		}
		none, err := o.Similar(o.mangli, complaints.Filing{Reporter: complaints.Reporter{Phone: "089999999999"}})
		must(t, err)
		if n := o.trail(t, "")["complaint.hint"]; n != 1 || len(none.Cases)+len(none.Elsewhere) != 0 {
			t.Errorf("nothing found, and yet %d entries", n)
		}
		alike, err = o.Alike(o.chief, o.read(t, other.Ticket))
		must(t, err)
		if len(alike.Cases) != 1 || alike.Cases[0].Ticket != first.Ticket || len(alike.Elsewhere) != 0 {
			t.Errorf("beside the case: %+v", alike)
		}
		// A check that says who the patient is marks the case with him.
		o.act(t, o.silo, other, complaints.Action{Type: complaints.CheckEvent, NIK: o.sri})
		alike, err = o.Similar(o.chief, complaints.Filing{NIK: o.sri})
		must(t, err)
		if len(alike.Cases) != 2 {
			t.Errorf("after the check: %+v", alike.Cases)
		}
		// A number that is still being typed finds nothing and is no error.
		alike, err = o.Similar(o.mangli, complaints.Filing{NIK: "3509", Reporter: complaints.Reporter{Phone: "08"}})
		must(t, err)
		if len(alike.Cases) != 0 {
			t.Errorf("half a number: %+v", alike)
		}
	})
}
