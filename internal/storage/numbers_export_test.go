package storage

import (
	"context"
	"fmt"
	"testing"
	"time"

	"layak/complaints"
	"layak/complaints/numbers"
	"layak/internal/area"
	"layak/internal/audit"
	"layak/internal/auth"
)

// An export gives every case of the filter and the scope once, whatever the size of its pages.
func TestExportPages(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		s := newSampler(3, noon)
		s.fill(t, db, 130)
		all := export(t, db, numbers.Filter{}, complaints.Scope{All: true}, 40)
		if len(all) != 130 || len(all[0].Patients) != 1 || len(all[0].Events) == 0 || all[0].Events[0].Type != complaints.FileEvent {
			t.Fatalf("%d cases, the first with %d patients and %d events", len(all), len(all[0].Patients), len(all[0].Events))
		}
		one := all[7]
		month := one.FiledAt.In(noon.Location()).Format("2006-01")
		district := one.Patients[0].Village.District()
		for _, c := range []struct {
			name   string
			filter numbers.Filter
			scope  complaints.Scope
			in     func(complaints.Complaint) bool
		}{
			{"a unit", numbers.Filter{Unit: one.Unit}, complaints.Scope{All: true}, func(c complaints.Complaint) bool { return c.Unit == one.Unit }},
			{"a month", numbers.Filter{From: month, To: month}, complaints.Scope{All: true}, func(c complaints.Complaint) bool {
				return c.FiledAt.In(noon.Location()).Format("2006-01") == month
			}},
			{"a kecamatan by channel", numbers.Filter{District: district, Channel: "whatsapp"}, complaints.Scope{All: true}, func(c complaints.Complaint) bool {
				return c.Patients[0].Village.District() == district && c.Channel == "whatsapp"
			}},
			{"the scope of a desk", numbers.Filter{}, complaints.Scope{Actor: "nobody", Unit: one.Unit, Areas: []area.Code{district}}, func(c complaints.Complaint) bool {
				return c.Unit == one.Unit || c.FiledUnit == one.Unit || c.Patients[0].Village.District() == district
			}},
			{"nobody's scope", numbers.Filter{}, complaints.Scope{Actor: "nobody"}, func(complaints.Complaint) bool { return false }},
		} {
			want := 0
			for _, k := range all {
				if c.in(k) {
					want++
				}
			}
			if got := len(export(t, db, c.filter, c.scope, 3)); got != want {
				t.Errorf("%s: %d cases, want %d", c.name, got, want)
			}
		}
	})
}

func export(t *testing.T, db *DB, f numbers.Filter, s complaints.Scope, size int) []complaints.Complaint {
	t.Helper()
	var all []complaints.Complaint
	for after := ""; ; {
		page, err := db.ExportPage(context.Background(), f, noon.Location(), s, after, size)
		must(t, err)
		all = append(all, page...)
		if len(page) < size {
			return all
		}
		after = page[len(page)-1].ID
	}
}

func TestWhatWaitsAndWhoIsActive(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		ctx, s := context.Background(), newSampler(5, noon)
		open, overdue := 0, 0
		for range 60 {
			c := s.makeCase()
			store(t, db, c, nil)
			if c.State.Open() {
				open++
			}
			if c.DueAt != nil && c.DueAt.Before(noon) && c.DueKind != complaints.SilenceClock {
				overdue++
			}
		}
		load, err := db.ComplaintLoad(ctx)
		must(t, err)
		if load.Open != open || load.Overdue != overdue || open == 0 {
			t.Errorf("%+v, want %d open and %d overdue", load, open, overdue)
		}
		must(t, db.AddUnit(ctx, auth.Unit{Code: "PKM-SILO", Name: "Puskesmas Silo", Kind: "puskesmas", Areas: []area.Code{siloAt}}, entry("unit.create")))
		for i, role := range []auth.Role{auth.Puskesmas, auth.Puskesmas, auth.Supervisor, auth.Auditor} {
			m := auth.Staff{User: fmt.Sprint("u", i), Name: "Petugas", Role: role, CreatedAt: noon, PasswordAt: noon}
			if role == auth.Puskesmas {
				m.Unit = "PKM-SILO"
			}
			must(t, db.AddStaff(ctx, m, entry("staff.create")))
		}
		for _, in := range []struct {
			user string
			at   time.Time
		}{{"u0", noon}, {"u0", noon.Add(-time.Hour)}, {"u1", noon.AddDate(0, -2, 0)}, {"u3", noon}} {
			must(t, db.Record(ctx, audit.Entry{At: in.at, Actor: in.user, Act: "session.start", Object: "staff", ObjectID: in.user}))
		}
		for _, c := range []struct {
			unit        string
			active, all int
		}{{"", 1, 3}, {"PKM-SILO", 1, 2}, {"LAIN", 0, 0}} {
			active, all, err := db.ActiveStaff(ctx, c.unit, noon.AddDate(0, -1, 0), noon.Add(time.Hour))
			must(t, err)
			if active != c.active || all != c.all {
				t.Errorf("unit %q: %d of %d are active, want %d of %d", c.unit, active, all, c.active, c.all)
			}
		}
	})
}
