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
