package storage

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"layak/complaints"
	"layak/internal/auth"
	"layak/internal/fault"
)

// told is an office with a Finder and a case for each of the texts, filed at Mangli in their order.
func told(t *testing.T, db *DB, texts ...string) (*office, *complaints.Finder, []complaints.Ticket) {
	t.Helper()
	o := newOffice(t, db)
	var all []complaints.Ticket
	for _, text := range texts {
		f := filing(o.sri)
		f.Text = text
		c, err := o.File(o.mangli, f)
		must(t, err)
		all = append(all, c.Ticket)
	}
	return o, &complaints.Finder{Store: db, Clock: o.Service.Clock}, all
}

func TestSearchFindsWordsAsTyped(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		o, finder, all := told(t, db,
			"Ibu saya ditolak rawat inap, kata petugas BPJS mati.",
			"Ditagih biaya obat di RSD Balung. Nama dokternya José Ñúñez.",
			"Kartu anak belum aktif; biaya persalinan ditagihkan.")
		for _, c := range []struct {
			name, typed string
			want        []int
		}{
			{"one word", "balung", []int{1}},
			{"the beginning of a word", "ditag", []int{2, 1}},
			{"every word must be there", "biaya kartu", []int{2}},
			{"marks and capitals do not matter", "JOSE NÚÑEZ", []int{1}},
			{"the patient's name", "sri wahyuni", []int{2, 1, 0}},
			{"a group of the ticket", string(all[0][5:9]), []int{0}},
			{"no such word", "puskesmas", nil},
			{"quotes and signs are no part of a word", `"biaya" OR* (kartu)'; --`, nil},
			{"signs alone beside a word", `biaya % _ \`, []int{2, 1}},
			{"a short word finds only itself", "ob", nil},
		} {
			t.Run(c.name, func(t *testing.T) {
				page, err := finder.Search(o.mangli, c.typed, complaints.Filter{})
				must(t, err)
				var want []complaints.Ticket
				for _, i := range c.want {
					want = append(want, all[i])
				}
				if got := tickets(page.Items); !slices.Equal(got, want) {
					t.Errorf("found %v, want %v", got, want)
				}
				for _, l := range page.Items {
					if l.Name != "Sri W•••••" || l.NIK != o.sri.Masked() {
						t.Errorf("the line shows %q %q", l.Name, l.NIK)
					}
				}
			})
		}
		_, err := finder.Search(o.mangli, ` "" -- `, complaints.Filter{})
		wantKind(t, err, fault.Invalid, "search_empty")
	})
}

func TestSearchStaysInTheScope(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		o, finder, all := told(t, db, "tagihan satu", "tagihan dua", "tagihan tiga")
		f := filing("")
		f.Text = "tagihan empat"
		away, err := o.File(o.silo, f)
		must(t, err)
		page, err := finder.Search(o.silo, "tagihan", complaints.Filter{})
		must(t, err)
		if got := tickets(page.Items); !slices.Equal(got, []complaints.Ticket{away.Ticket}) {
			t.Errorf("Silo finds %v", got)
		}
		// Page by page, whole regency and one desk.
		for name, ctx := range map[string]context.Context{"chief": o.chief, "desk": o.mangli} {
			var got []complaints.Ticket
			filter := complaints.Filter{Limit: 2}
			for {
				page, err := finder.Search(ctx, "tagihan", filter)
				must(t, err)
				got = append(got, tickets(page.Items)...)
				if filter.After = page.Next; page.Next == "" {
					break
				}
			}
			want := []complaints.Ticket{all[2], all[1], all[0]}
			if name == "chief" {
				want = slices.Insert(want, 0, away.Ticket)
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s finds %v, want %v", name, got, want)
			}
		}
		page, err = finder.Search(o.mangli, "tagihan", complaints.Filter{States: []complaints.State{complaints.Closed}})
		must(t, err)
		if len(page.Items) != 0 {
			t.Errorf("%d closed ones", len(page.Items))
		}
		_, err = finder.Search(context.Background(), "tagihan", complaints.Filter{})
		wantKind(t, err, fault.Forbidden, "not_allowed")
	})
}

// A word that thousands of cases hold is looked for among the cases of the desk, with the same answer.
func TestSearchOfACommonWordByANarrowDesk(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		o, finder, all := told(t, db, "biaya pertama di sini", "lain hal", "biaya kedua di sini")
		for n := range rareWords + 1 {
			id := fmt.Sprintf("x%06d", n)
			_, err := db.writer.db.Exec(db.dialect.rebind(`INSERT INTO complaint (regency_code, id, ticket, state, states_before, version, last_seq, channel, matter, need, body,
				reporter_name, reporter_phone, reporter_relation, unit, staff, village, filed_by, filed_unit, filed_at, updated_at)
				SELECT regency_code, ?, ?, state, states_before, version, last_seq, channel, matter, need, body, reporter_name, reporter_phone, reporter_relation,
				'', '', '', 'x', '', filed_at, updated_at FROM complaint WHERE ticket = ?`), id, id, all[0])
			must(t, err)
			_, err = db.writer.db.Exec(db.dialect.rebind(`INSERT INTO complaint_text (regency_code, complaint_id, words) VALUES (?, ?, 'biaya umum')`), db.regency, id)
			must(t, err)
		}
		for typed, want := range map[string][]complaints.Ticket{"biaya": {all[2], all[0]}, "biaya kedua": {all[2]}, "biay sin": {all[2], all[0]}} {
			page, err := finder.Search(o.mangli, typed, complaints.Filter{})
			must(t, err)
			if got := tickets(page.Items); !slices.Equal(got, want) {
				t.Errorf("%q finds %v, want %v", typed, got, want)
			}
		}
	})
}

func TestSavedViewsBelongToOnePerson(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		o, finder, _ := told(t, db)
		first, err := finder.SaveView(o.mangli, "  Tagihan   belum selesai ", "show=open&matter=charge")
		must(t, err)
		_, err = finder.SaveView(o.mangli, "Tagihan belum selesai", "show=all&matter=charge") // replaces
		must(t, err)
		_, err = finder.SaveView(o.mangli, "Darurat", "show=open")
		must(t, err)
		views, err := finder.Views(o.mangli)
		must(t, err)
		if len(views) != 2 || views[0].Name != "Darurat" || views[1].Name != "Tagihan belum selesai" || views[1].Query != "matter=charge&show=all" {
			t.Fatalf("views are %+v", views)
		}
		others, err := finder.Views(o.silo)
		must(t, err)
		if len(others) != 0 {
			t.Errorf("a colleague sees %+v", others)
		}
		wantKind(t, finder.DropView(o.silo, first.ID), fault.NotFound, "view_unknown")
		must(t, finder.DropView(o.mangli, views[1].ID))
		for name, bad := range map[string][2]string{"no name": {" ", "show=open"}, "a query that is none": {"x", "%zz"}} {
			_, err = finder.SaveView(o.mangli, bad[0], bad[1])
			if fault.As(err) == nil || fault.As(err).Kind != fault.Invalid {
				t.Errorf("%s: %v", name, err)
			}
		}
		_, err = finder.SaveView(auth.With(context.Background(), auth.CommandLine("root")), "x", "show=open")
		wantKind(t, err, fault.Forbidden, "account_needed")
		if got := o.trail(t, first.ID)["view.save"]; got != 1 {
			t.Errorf("%d entries of the first save", got)
		}
	})
}
