package importers

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"layak/eligibility"
	"layak/internal/fault"
)

// villagers gives n people of Mangli with valid NIKs.
func villagers(from, n int) [][]any {
	rows := [][]any{plainHeader}
	for i := range n {
		rows = append(rows, []any{fmt.Sprintf("350919450890%04d", from+i), kkA, fmt.Sprintf("WARGA %d", from+i), "P", "05-08-1990", "Kaliwates", "Mangli"})
	}
	return rows
}

func later(o Options, day eligibility.Date) Options { o.AsOf = day; return o }

func TestSameNIKTwice(t *testing.T) {
	other := []any{nikA, kkA, "SITI AMINAH", "P", "05-08-1990", "Patrang", "Gebang"}
	spaced := []any{"'" + nikA, kkA, "SITI  AMINAH ", "2", "5/8/1990", "KEC. KALIWATES", "mangli"}
	b := []any{nikB, kkA, "BUDI", "L", "17-08-1985", "Kaliwates", "Mangli"}
	cases := []struct {
		name                     string
		rows                     [][]any
		fresh, duplicates, wrong int
	}{
		{"identical after normalising", [][]any{person(nikA), b, spaced}, 2, 1, 0},
		{"different", [][]any{person(nikA), b, other}, 1, 0, 2},
		{"identical, then different", [][]any{person(nikA), spaced, other, b}, 1, 0, 3},
		{"different, then identical", [][]any{person(nikA), other, spaced}, 0, 0, 3},
		{"the second is bad in itself", [][]any{person(nikA), {nikA, "12", "SITI", "P", "", "Kaliwates", "Mangli"}}, 0, 0, 2},
		{"the first is bad in itself", [][]any{{nikA, "12", "SITI", "P", "", "Kaliwates", "Mangli"}, person(nikA)}, 0, 0, 2},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s := newMemStore()
			res := importOf(t, s, options(eligibility.Residents, workbookOf(t, nil, grid{"", append([][]any{plainHeader}, c.rows...)})))
			if res.New != c.fresh || res.Duplicates != c.duplicates || res.Rejected != c.wrong {
				t.Fatalf("%+v", res.Counts)
			}
			if _, kept := s.visible(eligibility.Residents, nikA); kept != (c.wrong == 0) {
				t.Errorf("kept: %v", kept)
			}
		})
	}
}

func TestConflictFarApart(t *testing.T) {
	rows := villagers(1, 2500)
	last := villagers(1, 1)[1]
	last[2] = "NAMA LAIN"
	s := newMemStore()
	res := importOf(t, s, options(eligibility.Residents, workbookOf(t, nil, grid{"", append(rows, last)})))
	if res.New != 2499 || res.Rejected != 2 || strings.Count(codesOf(res.Rejects), "nik_duplicate_in_file") != 2 {
		t.Fatalf("%+v", res.Counts)
	}
	if _, kept := s.visible(eligibility.Residents, "3509194508900001"); kept {
		t.Error("the first row stayed")
	}
}

func TestSeveralSheetsAndFilesAreOneImport(t *testing.T) {
	a := workbookOf(t, nil, grid{"Mangli", villagers(1, 3)}, grid{"Catatan", [][]any{{"Dibuat oleh", "operator"}}}, grid{"Gebang", villagers(10, 2)})
	b := workbookOf(t, nil, grid{"Lagi", villagers(20, 4)})
	s := newMemStore()
	res := importOf(t, s, options(eligibility.Residents, a, b))
	if res.New != 9 || len(s.imports) != 1 || len(res.Left) == 0 {
		t.Fatalf("%+v left %v", res.Counts, res.Left)
	}
}

func TestUpdateKeepsAndSnapshotClears(t *testing.T) {
	full := [][]any{{"NIK", "Nama", "Alamat", "Kecamatan", "Desa", "JK"}, {nikA, "SITI", "JL. A", "Kaliwates", "Mangli", "P"}}
	part := [][]any{{"NIK", "Nama", "Alamat", "Kecamatan", "Desa"}, {nikA, "SITI", "-", "Kaliwates", "Mangli"}}
	for _, mode := range []Mode{Update, Snapshot} {
		s := newMemStore()
		importOf(t, s, options(eligibility.Residents, workbookOf(t, nil, grid{"", full})))
		o := later(options(eligibility.Residents, workbookOf(t, nil, grid{"", part})), "2026-11-20")
		o.Mode = mode
		importOf(t, s, o)
		r := stored(t, s, eligibility.Residents, nikA)
		if r.Values[eligibility.FieldSex] != "P" {
			t.Errorf("%s: a missing column cleared the sex", mode)
		}
		if kept := r.Values[eligibility.FieldAddress] == "JL. A"; kept != (mode == Update) {
			t.Errorf("%s: address is %q", mode, r.Values[eligibility.FieldAddress])
		}
	}
}

func TestNewChangedUnchangedOlder(t *testing.T) {
	s := newMemStore()
	importOf(t, s, options(eligibility.Residents, workbookOf(t, nil, grid{"", villagers(1, 10)})))
	rows := villagers(1, 11)
	rows[1][2] = "NAMA BARU"
	res := importOf(t, s, later(options(eligibility.Residents, workbookOf(t, nil, grid{"", rows})), "2026-11-10"))
	if res.New != 1 || res.Changed != 1 || res.Unchanged != 9 {
		t.Fatalf("%+v", res.Counts)
	}
	rows[2][2] = "DARI FILE LAMA"
	res = importOf(t, s, later(options(eligibility.Residents, workbookOf(t, nil, grid{"", rows})), "2026-10-01"))
	if res.Older != 11 || res.Accepted != 0 {
		t.Fatalf("an older file was applied: %+v", res.Counts)
	}
}

func TestUnchangedPeopleOfAnUpdateAreFresh(t *testing.T) {
	for _, n := range []int{100, 20} { // the whole village, a part of it
		s := newMemStore()
		importOf(t, s, options(eligibility.Residents, workbookOf(t, nil, grid{"", villagers(1, 100)})))
		before := s.appends
		o := later(options(eligibility.Residents, workbookOf(t, nil, grid{"", villagers(1, n)})), "2026-11-15")
		o.Again = true // last month's file, confirmed
		importOf(t, s, o)
		if wrote := s.appends - before; n == 100 && wrote != 0 || n == 20 && wrote != 20 {
			t.Errorf("%d of 100 listed: %d rows appended", n, wrote)
		}
		st, _ := s.visible(eligibility.Residents, "3509194508900001")
		other, _ := s.visible(eligibility.Residents, "3509194508900099")
		if st.AsOf != "2026-11-15" || n == 20 && other.AsOf != testDay {
			t.Errorf("%d of 100 listed: as of %s and %s", n, st.AsOf, other.AsOf)
		}
	}
}

func TestSnapshotFindsWhoIsGone(t *testing.T) {
	cases := []struct {
		name    string
		edit    func(rows [][]any) [][]any
		confirm bool
		gone    int
		code    string
	}{
		{"nobody", func(r [][]any) [][]any { return r }, false, 0, ""},
		{"two in a hundred", func(r [][]any) [][]any { return r[:99] }, false, 2, ""},
		{"three in a hundred", func(r [][]any) [][]any { return r[:98] }, false, 3, "gone_needs_confirmation"},
		{"three, confirmed", func(r [][]any) [][]any { return r[:98] }, true, 3, ""},
		{"a rejected row is not gone", func(r [][]any) [][]any { r[100][1] = "12"; return r }, false, 0, ""},
		{"a NIK that lost its last digit is not gone", func(r [][]any) [][]any { r[100][0] = num(3509194508900100); return r }, false, 0, ""},
		{"a NIK with a slip is known by name and birth date", func(r [][]any) [][]any { r[100][0] = "35091945089001"; return r }, false, 0, ""},
		{"all but one in scientific notation", func(r [][]any) [][]any {
			for _, row := range r[2:] {
				row[0], row[2] = "3,50919E+15", "LAIN"
			}
			return r
		}, false, 0, ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s := newMemStore()
			importOf(t, s, options(eligibility.Residents, workbookOf(t, nil, grid{"", villagers(1, 100)})))
			o := later(options(eligibility.Residents, workbookOf(t, nil, grid{"", c.edit(villagers(1, 100))})), "2026-11-15")
			o.Mode, o.Area, o.ConfirmGone, o.Again = Snapshot, "35.09.19.1001", c.confirm, true
			res, err := Run(context.Background(), s, o)
			if c.code != "" {
				if e := fault.As(err); e == nil || e.Code != c.code || res.Status != Failed {
					t.Fatalf("got %v %s", err, res.Status)
				}
				if st, _ := s.visible(eligibility.Residents, "3509194508900100"); st.Gone || st.AsOf != testDay {
					t.Error("something was published")
				}
				return
			}
			if err != nil || res.Gone != c.gone {
				t.Fatalf("%v: %d gone, want %d", err, res.Gone, c.gone)
			}
			if st, _ := s.visible(eligibility.Residents, "3509194508900100"); st.Gone != (c.gone > 0) {
				t.Errorf("gone: %v", st.Gone)
			}
			if len(s.coverage) == 0 || !s.coverage[0].Snapshot {
				t.Error("the snapshot does not vouch for its area")
			}
		})
	}
}

func TestSameFileAgain(t *testing.T) {
	f := workbookOf(t, nil, grid{"", villagers(1, 3)})
	s := newMemStore()
	importOf(t, s, options(eligibility.Residents, f))
	res, err := Run(context.Background(), s, options(eligibility.Residents, f))
	if e := fault.As(err); e == nil || e.Code != "already_imported" || res.Status != Refused {
		t.Fatalf("%v %s", err, res.Status)
	}
	o := options(eligibility.Residents, f)
	o.Again = true
	if res := importOf(t, s, o); res.Unchanged != 3 {
		t.Errorf("%+v", res.Counts)
	}
	for i := range s.imports {
		s.imports[i].Status = RolledBack
	}
	if res := importOf(t, s, options(eligibility.Residents, f)); res.New != 3 {
		t.Errorf("after a rollback the file is not new again: %+v", res.Counts)
	}
}

func TestDryRunKeepsNothing(t *testing.T) {
	s := newMemStore()
	o := options(eligibility.Residents, workbookOf(t, nil, grid{"", append(villagers(1, 3), person("12"))}))
	o.DryRun = true
	res := importOf(t, s, o)
	if res.Status != Previewed || res.New != 3 || res.Rejected != 1 || s.appends != 0 || len(s.rejects[res.ID]) != 1 {
		t.Fatalf("%+v", res.Import)
	}
	if fmt.Sprint(s.acts) != "[import.start import.end]" {
		t.Errorf("trail: %v", s.acts)
	}
}

func TestNothingIsVisibleAfterAFailure(t *testing.T) {
	broken := errors.New("database gone")
	cases := map[string]func(*memStore, context.CancelFunc){
		"append":    func(s *memStore, _ context.CancelFunc) { s.failAppend = broken },
		"publish":   func(s *memStore, _ context.CancelFunc) { s.failPublish = broken },
		"cancelled": func(_ *memStore, cancel context.CancelFunc) { cancel() },
	}
	for name, breakIt := range cases {
		t.Run(name, func(t *testing.T) {
			s := newMemStore()
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			o := options(eligibility.Residents, workbookOf(t, nil, grid{"", villagers(1, 2500)}))
			o.Progress = func(p Progress) {
				if p.Phase == PhaseReading || p.Phase == PhaseComparing || name != "cancelled" {
					breakIt(s, cancel)
				}
			}
			res, err := Run(ctx, s, o)
			if err == nil || res.Status != Failed || res.Message == "" {
				t.Fatalf("%v %+v", err, res.Import)
			}
			if _, ok := s.visible(eligibility.Residents, "3509194508900001"); ok {
				t.Error("a row is visible")
			}
			if s.imports[0].Status != Failed {
				t.Errorf("stored as %s", s.imports[0].Status)
			}
			s.failAppend, s.failPublish = nil, nil
			if res := importOf(t, s, options(eligibility.Residents, workbookOf(t, nil, grid{"", villagers(1, 5)}))); res.New != 5 {
				t.Errorf("the next import does not work: %+v", res.Counts)
			}
		})
	}
}

func TestSecondImportWaits(t *testing.T) {
	s := newMemStore()
	release, _ := s.LockImports(context.Background(), func() {})
	waited := make(chan bool, 1)
	o := options(eligibility.Residents, workbookOf(t, nil, grid{"", villagers(1, 3)}))
	o.Progress = func(p Progress) {
		if p.Phase == PhaseWaiting {
			waited <- true
		}
	}
	done := make(chan error, 1)
	go func() {
		_, err := Run(context.Background(), s, o)
		done <- err
	}()
	select {
	case <-waited:
	case <-time.After(20 * time.Second):
		t.Fatal("did not say that it waits")
	}
	if len(s.imports) != 0 {
		t.Error("started without the lock")
	}
	release()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
}

func TestOptionsAreChecked(t *testing.T) {
	f := workbookOf(t, nil, grid{"", villagers(1, 1)})
	cases := map[string]func(*Options){
		"as_of_invalid":      func(o *Options) { o.AsOf = "1-11-2026" },
		"as_of_future":       func(o *Options) { o.AsOf = "2026-12-31" },
		"kind_unknown":       func(o *Options) { o.Kind = "people" },
		"mode_unknown":       func(o *Options) { o.Mode = "merge" },
		"area_unknown":       func(o *Options) { o.Area = "35.08" },
		"file_missing":       func(o *Options) { o.Files = nil },
		"map_header_unknown": func(o *Options) { o.Map = map[string]eligibility.Field{"Entah": eligibility.FieldNIK} },
		"map_field_unknown":  func(o *Options) { o.Map = map[string]eligibility.Field{"Nama Lengkap": eligibility.FieldDesil} },
	}
	for code, edit := range cases {
		o := options(eligibility.Residents, f)
		edit(&o)
		_, err := Run(context.Background(), newMemStore(), o)
		if e := fault.As(err); e == nil || e.Code != code {
			t.Errorf("got %v, want %s", err, code)
		}
	}
}
