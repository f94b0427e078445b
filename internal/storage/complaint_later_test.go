package storage

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"layak/complaints"
	"layak/complaints/calendar"
	"layak/complaints/numbers"
	"layak/internal/auth"
	"layak/internal/fault"
)

// A citizen who rates later: once, while the case may be opened again, never for a death.
func TestCitizenRatesLater(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		o := timedOffice(t, db)
		closed := func() complaints.Complaint {
			c := o.file(t, o.mangli, o.sri)
			c = o.act(t, o.mangli, c, complaints.Action{Type: complaints.VerifyEvent})
			c = o.act(t, o.mangli, c, complaints.Action{Type: complaints.ResolveEvent, Decision: complaints.InformationGiven, Reason: "Dijelaskan lewat telepon kepada pelapor."})
			return o.act(t, o.mangli, c, complaints.Action{Type: complaints.CloseEvent, Text: "Pelapor menerima penjelasan lewat telepon."})
		}
		rate := func(c complaints.Complaint, stars int, want string) complaints.Complaint {
			t.Helper()
			after, err := o.Act(o.mangli, c.Ticket, complaints.Action{Type: complaints.RateEvent, Version: c.Version, Rating: stars})
			got := ""
			if f := fault.As(err); f != nil {
				got = f.Code
			}
			if got != want || err != nil && got == "" {
				t.Errorf("%d stars: %v, want %q", stars, err, want)
			}
			return after
		}
		c := closed()
		rate(c, 0, "rating_missing")
		rate(c, 6, "rating_wrong")
		c = rate(c, 4, "")
		if c.Rating != 4 || c.State != complaints.Closed || o.read(t, c.Ticket).Rating != 4 {
			t.Errorf("%d stars, %s", c.Rating, c.State)
		}
		rate(c, 5, "rating_given")
		dead := closed()
		gone := true
		dead = o.act(t, o.mangli, dead, complaints.Action{Type: complaints.NoteEvent, Text: "Pasien meninggal dunia.", Deceased: &gone})
		rate(dead, 4, "rating_deceased")
		late := closed()
		o.clock = o.clock.AddDate(0, 1, 0)
		rate(late, 4, "rating_late")
	})
}

// A late task is told to the head of its unit also while the case is part of another one; where no unit
// has a case, or none stands above its unit, a late one reaches the coordinators.
func TestLateWorkReachesSomebody(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		o := timedOffice(t, db)
		one, two := o.file(t, o.mangli, o.sri), o.file(t, o.mangli, o.sri)
		one = o.act(t, o.chief, one, complaints.Action{Type: complaints.TaskEvent, Unit: "KEL-MANGLI", Act: "Datangi rumahnya.", Amount: 4, Measure: calendar.Hours})
		o.act(t, o.chief, one, complaints.Action{Type: complaints.MergeEvent, Into: two.Ticket})
		o.clock = o.clock.Add(5 * time.Hour)
		o.sweep(t)
		merged := o.read(t, one.Ticket)
		if got := escalations(t, merged); len(got) != 1 || got[0] != "told KEL-MANGLI lurah" || merged.State != complaints.Merged {
			t.Errorf("merged: %q in %s", got, merged.State)
		}
		if done := o.sweep(t); done.Climbed != 0 {
			t.Errorf("told again: %+v", done)
		}
		f := filing("")
		f.NIK, f.Matter, f.Need = "", "other", ""
		alone, err := o.File(o.chief, f)
		must(t, err)
		o.clock = o.clock.AddDate(0, 0, 14)
		o.sweep(t)
		for _, e := range o.read(t, alone.Ticket).Events {
			var d complaints.EscalateData
			if e.Type != complaints.EscalateEvent {
				continue
			}
			must(t, json.Unmarshal(e.Data, &d))
			if d.Role != auth.Coordinator || d.Staff != "" {
				t.Errorf("a case of nobody reached %+v: %s", d, e.Note)
			}
		}
		if o.read(t, alone.Ticket).Escalated == 0 {
			t.Error("it did not climb")
		}
	})
}

// The export of cases tells what was checked and decided, where a case went and whether each duty was met
// in time, out of what the database holds.
func TestExportTellsTheOutcome(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		o := timedOffice(t, db)
		c := o.file(t, o.mangli, o.sri)
		c = o.act(t, o.mangli, c, complaints.Action{Type: complaints.VerifyEvent})
		c = o.act(t, o.mangli, c, complaints.Action{Type: complaints.CheckEvent})
		o.clock = o.clock.AddDate(0, 0, 9) // behind the first follow-up, within the time to decide
		o.act(t, o.mangli, c, complaints.Action{Type: complaints.ResolveEvent, Decision: complaints.Granted, Reason: "Didaftarkan di puskesmas pada hari yang sama."})
		away := o.act(t, o.mangli, o.file(t, o.mangli, o.sri), complaints.Action{Type: complaints.ForwardEvent, Office: "BPJS Kesehatan Jember", Number: "B-7"})
		reports := &numbers.Service{Cases: db, Counter: &numbers.Counter{Zone: calendar.Jakarta, Clock: func() time.Time { return o.clock }}}
		export, err := reports.Export(o.chief, numbers.Cases, numbers.Filter{})
		must(t, err)
		rows, err := export.Next(o.chief)
		must(t, err)
		for _, want := range []struct {
			ticket complaints.Ticket
			cells  map[string]string
		}{
			{c.Ticket, map[string]string{"Hasil cek": "Layak", "Keputusan": "Dikabulkan", "Tepat waktu: verifikasi": "ya",
				"Tepat waktu: tindak lanjut pertama": "tidak", "Tepat waktu: penyelesaian": "ya", "Tepat waktu: uang kembali": ""}},
			{away.Ticket, map[string]string{"Hasil cek": "", "Diteruskan ke": "BPJS Kesehatan Jember", "Nomor di sana": "B-7", "Tenggat terdekat": ""}},
		} {
			i := slices.IndexFunc(rows, func(r []string) bool { return r[0] == string(want.ticket) })
			if i < 0 || len(rows[i]) != len(export.Header) {
				t.Fatalf("row %d of %s has %d cells, the header %d", i, want.ticket, len(rows[max(i, 0)]), len(export.Header))
			}
			for column, cell := range want.cells {
				if got := rows[i][slices.Index(export.Header, column)]; got != cell {
					t.Errorf("%s: %q, want %q", column, got, cell)
				}
			}
		}
		for column := range export.Kinds {
			if !slices.Contains(export.Header, column) {
				t.Errorf("kind of a column %q that is not there", column)
			}
		}
	})
}
