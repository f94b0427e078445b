package storage

import (
	"context"
	"slices"
	"testing"
	"time"

	"layak/complaints"
	"layak/internal/area"
	"layak/internal/auth"
)

// TestWhatClimbedStandsBeforeWhomItReaches follows the two rungs: the head of the unit sees the first,
// the unit above only the second, a colleague at the desk neither.
func TestWhatClimbedStandsBeforeWhomItReaches(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		o := newOffice(t, db)
		must(t, db.AddUnit(t.Context(), auth.Unit{Code: "KEC-KALIWATES", Name: "Kecamatan Kaliwates", Kind: "kecamatan",
			Areas: []area.Code{mangli.Parent()}}, entry("unit.create")))
		account := func(user, unit string) context.Context {
			must(t, db.AddStaff(t.Context(), auth.Staff{User: user, Name: "Petugas " + user, Role: auth.Kelurahan, Unit: unit,
				CreatedAt: noon, PasswordAt: noon}, entry("staff.create")))
			a, err := db.Account(t.Context(), user)
			must(t, err)
			return auth.With(t.Context(), a.Actor())
		}
		lurah, camat := account("lurah", "KEL-MANGLI"), account("camat", "KEC-KALIWATES")
		one, two := o.file(t, o.mangli, o.sri).Ticket, o.file(t, o.mangli, o.sri).Ticket
		due(t, db, one, complaints.VerifyClock, noon.Add(-time.Hour), 1)
		due(t, db, two, complaints.VerifyClock, noon.Add(-2*time.Hour), 2)
		far := o.file(t, o.silo, "").Ticket
		due(t, db, far, complaints.VerifyClock, noon.Add(-3*time.Hour), 2)
		shelf := func(ctx context.Context) []complaints.Ticket {
			t.Helper()
			shelves, err := o.Queue(ctx, 5)
			must(t, err)
			for _, s := range shelves {
				if s.Key == complaints.EscalatedShelf {
					return tickets(s.Lines)
				}
			}
			return nil
		}
		if got := shelf(o.mangli); !slices.Equal(got, []complaints.Ticket{two, one}) {
			t.Errorf("nobody leads, so the desk sees both; it sees %v", got)
		}
		o.Leaders = chiefs{}
		for _, c := range []struct {
			name string
			ctx  context.Context
			want []complaints.Ticket
		}{
			{"a colleague at the desk", o.mangli, nil},
			{"the head of the unit", lurah, []complaints.Ticket{two, one}},
			{"the unit above", camat, []complaints.Ticket{two}},
			{"another unit, which nobody leads", o.silo, []complaints.Ticket{far}},
			{"the whole regency", o.head, []complaints.Ticket{far, two, one}},
		} {
			if got := shelf(c.ctx); !slices.Equal(got, c.want) {
				t.Errorf("%s sees %v, want %v", c.name, got, c.want)
			}
		}
	})
}

// A case of which nobody knows the place climbs to a kecamatan that cannot see it. Whoever filed it
// does, and the coordinator.
func TestWhatClimbedWithoutAPlaceStandsBeforeWhoFiledIt(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		o := timedOffice(t, db)
		shelf := func(ctx context.Context) []complaints.Ticket {
			t.Helper()
			shelves, err := o.Queue(ctx, 5)
			must(t, err)
			for _, s := range shelves {
				if s.Key == complaints.EscalatedShelf {
					return tickets(s.Lines)
				}
			}
			return nil
		}
		lost, err := o.File(o.silo, complaints.Filing{Channel: "phone", Matter: "refusal", Text: "Ditolak, tempatnya belum jelas.", Reporter: complaints.Reporter{Name: "Ani"}})
		must(t, err)
		lost = o.act(t, o.silo, lost, complaints.Action{Type: complaints.AssignEvent, Unit: "KEL-MANGLI"})
		placed, err := o.File(o.silo, filing(o.sri))
		must(t, err)
		placed = o.act(t, o.silo, placed, complaints.Action{Type: complaints.AssignEvent, Unit: "KEL-MANGLI"})
		for _, c := range []complaints.Complaint{lost, placed} {
			due(t, db, c.Ticket, complaints.VerifyClock, noon.Add(-time.Hour), 2)
		}
		camat := func() context.Context {
			must(t, db.AddStaff(t.Context(), auth.Staff{User: "camat", Name: "Camat", Role: auth.Kelurahan, Unit: "KEC-KALIWATES",
				CreatedAt: noon, PasswordAt: noon}, entry("staff.create")))
			a, err := db.Account(t.Context(), "camat")
			must(t, err)
			return auth.With(t.Context(), a.Actor())
		}()
		if got := shelf(camat); !slices.Equal(got, []complaints.Ticket{placed.Ticket}) {
			t.Errorf("the kecamatan sees %v", got)
		}
		if got := shelf(o.silo); !slices.Equal(got, []complaints.Ticket{lost.Ticket}) {
			t.Errorf("who filed them sees %v, want only %s", got, lost.Ticket)
		}
		if got := shelf(o.chief); len(got) != 2 {
			t.Errorf("the coordinator sees %v", got)
		}
	})
}
