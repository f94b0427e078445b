package storage

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"layak/complaints"
	"layak/internal/auth"
	"layak/internal/fault"
	"layak/policy"
)

// tickets are what a list shows.
func tickets(lines []complaints.Line) []complaints.Ticket {
	var all []complaints.Ticket
	for _, l := range lines {
		all = append(all, l.Ticket)
	}
	return all
}

func TestScopeIsAssertedOnTheRowsReturned(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		o := newOffice(t, db)
		inMangli := o.file(t, o.silo, o.sri) // filed at Silo, the patient lives in Mangli
		atSilo := o.file(t, o.silo, "")      // nobody knows where
		loose := o.file(t, o.chief, "")      // with no unit
		handed := o.act(t, o.chief, o.file(t, o.chief, ""), complaints.Action{Type: complaints.AssignEvent, Unit: "KEL-MANGLI"})
		nowhere := auth.With(context.Background(), auth.Actor{Name: "x", Role: auth.Kelurahan})
		command := auth.With(context.Background(), auth.CommandLine("root"))
		cases := []struct {
			name string
			ctx  context.Context
			sees []complaints.Ticket // newest first
		}{
			{"desk at Silo: what it filed and holds", o.silo, []complaints.Ticket{atSilo.Ticket, inMangli.Ticket}},
			{"desk at Mangli: what it holds, and who lives there", o.mangli, []complaints.Ticket{handed.Ticket, inMangli.Ticket}},
			{"coordinator: everything", o.chief, []complaints.Ticket{handed.Ticket, loose.Ticket, atSilo.Ticket, inMangli.Ticket}},
			{"auditor: everything", o.watch, []complaints.Ticket{handed.Ticket, loose.Ticket, atSilo.Ticket, inMangli.Ticket}},
			{"command line: everything", command, []complaints.Ticket{handed.Ticket, loose.Ticket, atSilo.Ticket, inMangli.Ticket}},
			{"an account without unit and area: nothing", nowhere, nil},
		}
		for _, c := range cases {
			t.Run(c.name, func(t *testing.T) {
				page, err := o.List(c.ctx, complaints.Filter{})
				must(t, err)
				if got := tickets(page.Items); !slices.Equal(got, c.sees) {
					t.Errorf("list shows %v, want %v", got, c.sees)
				}
				for _, one := range []complaints.Complaint{inMangli, atSilo, loose, handed} {
					_, err := o.Complaint(c.ctx, one.Ticket)
					if slices.Contains(c.sees, one.Ticket) {
						must(t, err)
					} else {
						wantKind(t, err, fault.NotFound, "complaint_unknown")
					}
				}
			})
		}
		_, err := o.Act(o.mangli, loose.Ticket, complaints.Action{Type: complaints.NoteEvent, Version: 1, Text: "x"})
		wantKind(t, err, fault.NotFound, "complaint_unknown")
		_, err = o.List(context.Background(), complaints.Filter{})
		wantKind(t, err, fault.Forbidden, "not_allowed")
	})
}

func TestListsAreMaskedFilteredAndPaged(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		o := newOffice(t, db)
		var all []complaints.Ticket
		for i := range 7 {
			f := filing(o.sri)
			if i%2 == 1 {
				f.NIK, f.Channel = "", "phone"
			}
			c, err := o.File(o.mangli, f)
			must(t, err)
			all = append([]complaints.Ticket{c.Ticket}, all...)
		}
		var walked []complaints.Ticket
		f := complaints.Filter{Limit: 3}
		for {
			page, err := o.List(o.mangli, f)
			must(t, err)
			walked = append(walked, tickets(page.Items)...)
			if f.After = page.Next; f.After == "" {
				break
			}
		}
		if !slices.Equal(walked, all) {
			t.Errorf("pages show %v, want %v", walked, all)
		}
		page, err := o.List(o.mangli, complaints.Filter{Channel: "phone", States: []complaints.State{complaints.Received}})
		must(t, err)
		if len(page.Items) != 3 {
			t.Errorf("%d by phone, want 3", len(page.Items))
		}
		page, err = o.List(o.mangli, complaints.Filter{NIK: o.sri})
		must(t, err)
		if len(page.Items) != 4 {
			t.Fatalf("%d of the person, want 4", len(page.Items))
		}
		if l := page.Items[0]; l.Name != "Sri W•••••" || l.NIK != o.sri.Masked() || l.Village != mangli || l.Patients != 1 {
			t.Errorf("line shows %+v", l)
		}
		header, rows, err := o.Export(o.mangli, complaints.Filter{})
		must(t, err)
		if len(rows) != 7 || len(rows[0]) != len(header) || strings.Contains(strings.Join(rows[0], " "), string(o.sri)) {
			t.Errorf("export of %d rows: %v", len(rows), rows)
		}
	})
}

func TestQueue(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		o := newOffice(t, db)
		old := o.file(t, o.mangli, o.sri)
		f := filing(o.sri)
		f.Need = "emergency"
		urgent, err := o.File(o.mangli, f)
		must(t, err)
		mine := o.act(t, o.mangli, o.file(t, o.mangli, o.sri), complaints.Action{Type: complaints.AssignEvent, Staff: "budi"})
		done := o.act(t, o.mangli, o.file(t, o.mangli, o.sri), complaints.Action{Type: complaints.WithdrawEvent, Reason: "Pelapor membatalkan"})
		loose := o.file(t, o.chief, o.sri)
		shelf := func(key complaints.ShelfKey) []complaints.Ticket {
			page, err := o.Shelf(o.mangli, key, "")
			must(t, err)
			return tickets(page.Items)
		}
		if got := shelf(complaints.MineShelf); !slices.Equal(got, []complaints.Ticket{mine.Ticket}) {
			t.Errorf("mine: %v", got)
		}
		if got := shelf(complaints.UnitShelf); !slices.Equal(got, []complaints.Ticket{urgent.Ticket, old.Ticket}) {
			t.Errorf("unit: %v, emergencies and then the oldest first (closed: %s)", got, done.Ticket)
		}
		if got := shelf(complaints.NobodyShelf); !slices.Equal(got, []complaints.Ticket{loose.Ticket}) {
			t.Errorf("unassigned: %v", got)
		}
		_, err = o.Shelf(o.mangli, "x", "")
		wantKind(t, err, fault.NotFound, "shelf_unknown")
	})
}

// due puts a deadline to a case, as the clocks would.
func due(t *testing.T, db *DB, c complaints.Ticket, kind complaints.ClockKind, when time.Time, escalated int) {
	t.Helper()
	_, err := db.writer.db.Exec(db.dialect.rebind(`UPDATE complaint SET due_at = ?, due_kind = ?, escalated = ? WHERE ticket = ?`), at(when), kind, escalated, c)
	must(t, err)
}

func TestShelvesByDeadline(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		o := newOffice(t, db)
		var all []complaints.Ticket
		for range 7 {
			all = append(all, o.file(t, o.mangli, o.sri).Ticket)
		}
		due(t, db, all[0], complaints.VerifyClock, noon.Add(-time.Hour), 1)
		due(t, db, all[1], complaints.VerifyClock, noon.Add(-25*time.Hour), 0)
		due(t, db, all[2], complaints.ResolveClock, noon.Add(2*time.Hour), 0)
		due(t, db, all[3], complaints.ResolveClock, noon.Add(26*time.Hour), 0)
		due(t, db, all[4], complaints.SilenceClock, noon.Add(-time.Hour), 0) // the citizen's, not ours
		away := o.file(t, o.silo, "")
		due(t, db, away.Ticket, complaints.VerifyClock, noon.Add(-3*time.Hour), 2)
		for _, c := range []struct {
			name string
			ctx  context.Context
			key  complaints.ShelfKey
			want []complaints.Ticket
		}{
			{"desk, overdue: the longest overdue first", o.mangli, complaints.OverdueShelf, []complaints.Ticket{all[1], all[0]}},
			{"desk, today", o.mangli, complaints.TodayShelf, []complaints.Ticket{all[2]}},
			{"desk, escalated", o.mangli, complaints.EscalatedShelf, []complaints.Ticket{all[0]}},
			{"coordinator, overdue: the whole regency", o.chief, complaints.OverdueShelf, []complaints.Ticket{all[1], away.Ticket, all[0]}},
			{"supervisor, escalated", o.head, complaints.EscalatedShelf, []complaints.Ticket{away.Ticket, all[0]}},
		} {
			t.Run(c.name, func(t *testing.T) {
				page, err := o.Shelf(c.ctx, c.key, "")
				must(t, err)
				if got := tickets(page.Items); !slices.Equal(got, c.want) {
					t.Errorf("shelf holds %v, want %v", got, c.want)
				}
			})
		}
		shelves, err := o.Queue(o.mangli, 2)
		must(t, err)
		got := map[complaints.ShelfKey]int{}
		for _, s := range shelves {
			got[s.Key] = s.Total
			if len(s.Lines) > 2 {
				t.Errorf("%s shows %d lines", s.Key, len(s.Lines))
			}
		}
		want := map[complaints.ShelfKey]int{complaints.OverdueShelf: 2, complaints.TodayShelf: 1, complaints.UnitShelf: 4, complaints.EscalatedShelf: 1}
		if !maps.Equal(got, want) {
			t.Errorf("shelves count %v, want %v", got, want)
		}
		// Each order goes on behind a ticket without gap or repeat.
		for _, f := range []complaints.Filter{{Queue: true, Limit: 1}, {ByDue: true, Limit: 1}, {Limit: 1}} {
			one := f
			one.Limit = 100
			whole, err := o.List(o.chief, one)
			must(t, err)
			var paged []complaints.Ticket
			for {
				page, err := o.List(o.chief, f)
				must(t, err)
				paged = append(paged, tickets(page.Items)...)
				if f.After = page.Next; f.After == "" {
					break
				}
			}
			if !slices.Equal(paged, tickets(whole.Items)) {
				t.Errorf("page by page %v, at once %v", paged, tickets(whole.Items))
			}
		}
	})
}

func TestWaitingRegistrations(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		o := newOffice(t, db)
		waits := func() string {
			t.Helper()
			list, err := o.WaitingRegistrations(o.mangli)
			must(t, err)
			var all []string
			for _, w := range list {
				if w.Name != "Sri Wahyuni" || w.NIK != o.sri.Masked() {
					t.Errorf("line shows %+v", w)
				}
				all = append(all, string(w.Ticket)+map[bool]string{true: " sent", false: " unsent"}[w.Sent])
			}
			return strings.Join(all, ", ")
		}
		expect := func(when, want string) {
			t.Helper()
			if got := waits(); got != want {
				t.Errorf("%s: waiting %q, want %q", when, got, want)
			}
		}
		c := o.file(t, o.mangli, o.sri)
		n := string(c.Ticket)
		expect("filed", "")
		c = o.act(t, o.mangli, c, complaints.Action{Type: complaints.VerifyEvent})
		c = o.act(t, o.mangli, c, complaints.Action{Type: complaints.CheckEvent})
		expect("found eligible", n+" unsent")
		c = o.act(t, o.mangli, c, complaints.Action{Type: complaints.RegisterEvent, Through: "e_dabu"})
		expect("sent", n+" sent")
		c = o.act(t, o.mangli, c, complaints.Action{Type: complaints.ResolveEvent, Decision: "granted", Reason: "Syarat ada"})
		c = o.act(t, o.mangli, c, complaints.Action{Type: complaints.CloseEvent})
		expect("closed without an answer", n+" sent")
		c = o.act(t, o.mangli, c, complaints.Action{Type: complaints.RegisterEvent, Through: "e_dabu", Result: "refused", RefusedWhy: "Data ganda"})
		expect("refused", "")
		c = o.act(t, o.mangli, c, complaints.Action{Type: complaints.ReopenEvent, Reason: "Data sudah dibetulkan"})
		o.clock = o.clock.Add(1)
		o.advice.outcome = policy.NotEligible
		c = o.act(t, o.mangli, c, complaints.Action{Type: complaints.CheckEvent})
		expect("no longer eligible", "")
		c = o.act(t, o.mangli, c, complaints.Action{Type: complaints.RegisterEvent, Through: "siks_ng", Result: "active", ActiveOn: "2026-11-21"})
		expect("active", "")
		list, err := o.WaitingRegistrations(o.silo)
		must(t, err)
		header, rows := complaints.WaitingRows([]complaints.WaitingRegistration{{Ticket: c.Ticket, Village: mangli}})
		if len(list) != 0 || len(rows[0]) != len(header) || !strings.Contains(rows[0][3], "Mangli") {
			t.Errorf("another desk sees %v; rows are %v", list, rows)
		}
	})
}

func TestSameKeyFilesOnce(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		o := newOffice(t, db)
		f := filing(o.sri)
		f.IdempotencyKey = "kunci-1"
		got := make([]complaints.Ticket, 16)
		errs := make([]error, 16)
		var wg sync.WaitGroup
		for i := range got {
			wg.Go(func() {
				c, err := o.File(o.mangli, f)
				got[i], errs[i] = c.Ticket, err
			})
		}
		wg.Wait()
		for i := range got {
			if errs[i] != nil || got[i] != got[0] {
				t.Fatalf("filing %d: %s, %v; the first gave %s", i, got[i], errs[i], got[0])
			}
		}
		var n int
		must(t, db.reads().get(context.Background(), &n, `SELECT COUNT(*) FROM complaint`))
		if n != 1 || o.trail(t, string(got[0]))["complaint.file"] != 1 {
			t.Fatalf("%d complaints, %v", n, o.trail(t, string(got[0])))
		}
		other := f
		other.Text = "Isi lain."
		_, err := o.File(o.mangli, other)
		wantKind(t, err, fault.Invalid, "idempotency_mismatch")
		theirs, err := o.File(o.silo, f)
		must(t, err)
		if theirs.Ticket == got[0] {
			t.Error("the key of one actor answers another")
		}
		o.clock = noon.Add(complaints.KeyLife + 1e9)
		late, err := o.File(o.mangli, other)
		must(t, err)
		if late.Ticket == got[0] {
			t.Error("a key lives longer than 90 days")
		}
		forgotten, err := o.ForgetKeys(context.Background())
		must(t, err)
		if forgotten != 1 {
			t.Errorf("%d keys forgotten, want the one of the other actor", forgotten)
		}
	})
}

// Of many who act on what they saw at the same moment, one wins and the others are told.
func TestTwoClerksOnOneCase(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		o := newOffice(t, db)
		c := o.file(t, o.mangli, o.sri)
		const clerks = 12
		errs := make([]error, clerks)
		var wg sync.WaitGroup
		for i := range clerks {
			wg.Go(func() {
				_, errs[i] = o.Act(o.mangli, c.Ticket, complaints.Action{Type: complaints.NoteEvent, Version: 1, Text: "Catatan " + strconv.Itoa(i)})
			})
			wg.Go(func() { // papers come in at the same time and disturb nobody
				_, err := o.Attach(o.mangli, c.Ticket, "bukti.pdf", strings.NewReader("%PDF-1.4\n%%EOF"))
				if err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		won := 0
		for _, err := range errs {
			if err == nil {
				won++
				continue
			}
			if e := fault.As(err); e == nil || e.Code != "stale_version" {
				t.Errorf("a clerk reads %v", err)
			}
		}
		after, err := o.Complaint(o.mangli, c.Ticket)
		must(t, err)
		if won != 1 || after.Version != 2 || len(after.Events) != 2+clerks || len(after.Attachments) != clerks {
			t.Errorf("%d won; version %d, %d events, %d papers", won, after.Version, len(after.Events), len(after.Attachments))
		}
		for i, e := range after.Events {
			if e.Seq != i+1 {
				t.Fatalf("gap in the story at %d: %+v", i, e)
			}
		}
	})
}

// A ticket that exists already is drawn anew, never given out twice.
func TestTicketIsNeverGivenTwice(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		o := newOffice(t, db)
		c := o.file(t, o.mangli, o.sri)
		again := c
		again.ID = newID()
		_, err := db.CreateComplaint(context.Background(), complaints.Change{Complaint: again}, nil)
		if !errors.Is(err, complaints.ErrTicketTaken) {
			t.Errorf("got %v", err)
		}
	})
}
