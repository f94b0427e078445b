package numbers

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"layak/complaints"
	"layak/internal/audit"
	"layak/internal/auth"
	"layak/internal/fault"
)

var wib = time.FixedZone("WIB", 7*3600)

// What the buckets give is at most five percent away from the true median.
func TestPercentilesAreCloseEnough(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		times := rapid.SliceOfN(rapid.IntRange(0, 60_000), 1, 200).Draw(t, "minutes")
		c := Counts{}
		for _, m := range times {
			c[fmt.Sprint(FirstOf, bucketOf(m))]++
			c[FirstSum] += m
		}
		slices.Sort(times)
		got := c.First()
		for _, p := range []struct{ percent, got int }{{50, got.Median}, {90, got.P90}} {
			want := times[(len(times)*p.percent+99)/100-1]
			if math.Abs(float64(p.got-want)) > 0.05*float64(want)+0.5 {
				t.Fatalf("percentile %d is %d, want %d", p.percent, p.got, want)
			}
		}
		if got.N != len(times) {
			t.Fatalf("%d times, want %d", got.N, len(times))
		}
	})
}

func TestCountsAreReadAsWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := Counts(rapid.MapOf(rapid.StringMatching(`[a-z]{1,4}\.[a-z_0-9]{1,6}`), rapid.IntRange(1, 1_000_000)).Draw(t, "counts"))
		back, err := ParseCounts(c.String())
		if err != nil || !back.Equal(c) {
			t.Fatalf("%v became %v: %v", c, back, err)
		}
		back.Add(c, -1)
		if len(back) != 0 {
			t.Fatalf("taken away from itself leaves %v", back)
		}
	})
}

// Every change that is taken back leaves no trace in any cell.
func TestDeltasCancelOut(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		fact := func(name string) Fact {
			word := rapid.SampledFrom([]string{"", "a", "b"})
			return Fact{ID: "1", Place: Place{Month: "2026-10", Unit: word.Draw(t, name+" unit"), Class: word.Draw(t, name+" class"),
				Channel: word.Draw(t, name+" channel"), District: "35.09.19"}, Counts: Counts{Received: 1, Open: rapid.IntRange(0, 1).Draw(t, name+" open")}}
		}
		a, b := fact("was"), fact("is")
		sum := Deltas([]Change{{Was: nil, Is: a}})
		for _, more := range []map[Key]Counts{Deltas([]Change{{Was: &a, Is: b}}), Deltas([]Change{{Was: &b, Is: a}})} {
			for k, n := range more {
				if sum[k] == nil {
					sum[k] = Counts{}
				}
				sum[k].Add(n, 1)
			}
		}
		for k, n := range Deltas([]Change{{Is: a}}) {
			sum[k].Add(n, -1)
		}
		for k, n := range sum {
			if len(n) != 0 {
				t.Fatalf("%+v keeps %v", k, n)
			}
		}
	})
}

func TestMasked(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"a NIK", "NIK saya 3509190101010001.", "NIK saya 3509••••••••••••."},
		{"a telephone number with hyphens", "hubungi 0812-3456-7890 ya", "hubungi 0812-••••-•••• ya"},
		{"with a plus", "+6281234567890", "+628••••••••••"},
		{"money stays", "ditagih Rp 1.250.000", "ditagih Rp 1.250.000"},
		{"a date stays", "tanggal 21-11-2026", "tanggal 21-11-2026"},
		{"no number", "kartu belum aktif", "kartu belum aktif"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := Masked(c.text); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestWorkTime(t *testing.T) {
	for _, c := range []struct {
		minutes int
		want    string
	}{{0, "0 menit"}, {59, "59 menit"}, {60, "1 jam"}, {475, "1 hari kerja"}, {480, "1 hari kerja"}, {1140, "2 hari kerja 3 jam"}} {
		if got := WorkTime(c.minutes, 480); got != c.want {
			t.Errorf("%d minutes are %q, want %q", c.minutes, got, c.want)
		}
	}
}

// fixed is a store with the cells of one October; what is not asked for here is not kept.
type fixed struct {
	Store
	CaseStore
	LoadStore
	cells map[Key]Counts
	cases []complaints.Complaint
	trail []string
}

func (f *fixed) LockNumbers(context.Context) (func(), bool, error) { return nil, false, nil }
func (f *fixed) CountedAt(context.Context) (time.Time, error)      { return october.AddDate(0, 1, 0), nil }
func (f *fixed) Units(context.Context) ([]auth.Unit, error) {
	return []auth.Unit{{Code: "KEL-MANGLI", Name: "Kelurahan Mangli"}}, nil
}

func (f *fixed) ActiveStaff(context.Context, string, time.Time, time.Time) (int, int, error) {
	return 7, 9, nil
}

func (f *fixed) Record(_ context.Context, e audit.Entry) error {
	f.trail = append(f.trail, e.Actor+" "+e.Act+" "+e.Purpose)
	return nil
}

func (f *fixed) Cells(_ context.Context, unit, slice, from, to string, yield func(Key, string) error) error {
	for k, n := range f.cells {
		if k.Unit == unit && k.Slice == slice && k.Month >= from && k.Month <= to {
			err := yield(k, n.String())
			if err != nil {
				return err
			}
		}
	}
	return nil
}

func (f *fixed) ExportPage(_ context.Context, _ Filter, _ *time.Location, _ complaints.Scope, after string, limit int) ([]complaints.Complaint, error) {
	var page []complaints.Complaint
	for _, c := range f.cases {
		if c.ID > after && len(page) < limit {
			page = append(page, c)
		}
	}
	return page, nil
}

var october = time.Date(2026, 10, 12, 9, 0, 0, 0, wib)

func service(f *fixed) *Service {
	return &Service{Counter: &Counter{Store: f, Zone: wib, Clock: func() time.Time { return october.AddDate(0, 1, 0) }}, Cases: f, Staff: f, Live: f, Office: "Kabupaten Jember"}
}

func some() *fixed {
	f := &fixed{}
	var changes []Change
	for i := range 40 {
		p := Place{Month: "2026-10", Unit: "KEL-MANGLI", Class: "complaint", Channel: []string{"whatsapp", "lapor"}[i%2], District: "35.09.19", Matter: "charge"}
		changes = append(changes, Change{Is: Fact{ID: fmt.Sprint(i), Place: p, Counts: Counts{Received: 1, Followed: 1, Decided: i % 2, Open: 1 - i%2, StateOf + "closed": i % 2, KeptOf + "resolve": 1, FirstOf + "30": 1, FirstSum: 60}}})
	}
	f.cells = Deltas(changes)
	return f
}

func TestScopeOfReports(t *testing.T) {
	s := service(some())
	desk := auth.Actor{Name: "budi", Role: auth.Kelurahan, Unit: "KEL-MANGLI"}
	for _, c := range []struct {
		name   string
		actor  auth.Actor
		filter Filter
		want   int // received; -1 is not found, -2 forbidden
	}{
		{"the regency", auth.System(), Filter{}, 40},
		{"a desk sees its unit", desk, Filter{}, 40},
		{"not another one", desk, Filter{Unit: "PKM-SILO"}, -1},
		{"a desk without a unit sees nothing", auth.Actor{Name: "x", Role: auth.Kelurahan}, Filter{}, -1},
		{"nobody", auth.Actor{}, Filter{}, -2},
		{"another unit of the regency", auth.System(), Filter{Unit: "PKM-SILO"}, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.filter.From, c.filter.To = "2026-10", "2026-10"
			r, err := s.Report(auth.With(context.Background(), c.actor), c.filter)
			got := r.Total[Received]
			switch {
			case fault.Is(err, fault.NotFound):
				got = -1
			case fault.Is(err, fault.Forbidden):
				got = -2
			case err != nil:
				t.Fatal(err)
			}
			if got != c.want {
				t.Errorf("got %d, want %d", got, c.want)
			}
		})
	}
}

func TestMonthlyReportIsAPDF(t *testing.T) {
	file, err := service(some()).Monthly(auth.With(context.Background(), auth.System()), "2026-10", "")
	if err != nil || !bytes.HasPrefix(file, []byte("%PDF-")) {
		t.Fatalf("%d bytes, %v", len(file), err)
	}
	_, err = service(some()).Monthly(auth.With(context.Background(), auth.System()), "Oktober", "")
	if !fault.Is(err, fault.Invalid) {
		t.Errorf("a month that is none: %v", err)
	}
}

func TestExportShapes(t *testing.T) {
	c := complaints.Complaint{ID: "1", Ticket: "3509-7K2M-Q4XD-8", State: complaints.Closed, Channel: "whatsapp", Matter: "charge", Class: "information",
		Text: "Saya 3509190101010001 ditagih.", Unit: "KEL-MANGLI", FiledAt: october, Source: "lapor", SourceNumber: "7654321",
		Reporter: complaints.Reporter{Name: "Siti Aminah", Phone: "081234567890"},
		Patients: []complaints.Patient{{No: 1, NIK: "3509190101010001", Name: "Budi Santoso", Village: "35.09.19.1001"}},
		Events: []complaints.Event{{Seq: 1, Type: complaints.FileEvent, At: october, To: complaints.Received, Public: true},
			{Seq: 2, Type: complaints.NoteEvent, At: october, Note: "RAHASIA internal", From: complaints.Received, To: complaints.Received},
			{Seq: 3, Type: complaints.AnswerEvent, At: october.Add(time.Hour), Note: "Uang dikembalikan.", Public: true, To: complaints.InProgress},
			{Seq: 4, Type: complaints.CloseEvent, At: october.Add(26 * time.Hour), Public: true, To: complaints.Closed}}}
	for _, shape := range []struct {
		shape Shape
		rows  int
		has   []string
	}{
		{Cases, 1, []string{"Kelurahan Mangli", "2026-10-12 10:00", "Ditagih biaya", "Mangli", "3509••••••••••••"[:4]}},
		{Events, 4, []string{"Jawab warga", "Uang dikembalikan."}},
		{Lapor, 1, []string{"7654321", "Permintaan Informasi", "Selesai", "12/10/2026", "Uang dikembalikan."}},
		{Wadul, 1, []string{"Selesai", "WhatsApp", "Kaliwates", "13/10/2026"}},
	} {
		t.Run(string(shape.shape), func(t *testing.T) {
			f := &fixed{cases: []complaints.Complaint{c}}
			e, err := service(f).Export(auth.With(context.Background(), auth.System()), shape.shape, Filter{})
			if err != nil {
				t.Fatal(err)
			}
			rows, err := e.Next(context.Background())
			if err != nil || len(rows) != shape.rows {
				t.Fatalf("%d rows, %v", len(rows), err)
			}
			text := ""
			for _, r := range rows {
				if len(r) != len(e.Header) {
					t.Errorf("%d cells under %d headers", len(r), len(e.Header))
				}
				text += strings.Join(r, "|") + "\n"
			}
			for _, want := range shape.has {
				if !strings.Contains(text, want) {
					t.Errorf("lacks %q:\n%s", want, text)
				}
			}
			for _, secret := range []string{"3509190101010001", "Santoso", "Aminah", "081234567890", "RAHASIA"} {
				if strings.Contains(text, secret) {
					t.Errorf("shows %q:\n%s", secret, text)
				}
			}
			if more, err := e.Next(context.Background()); len(more) != 0 || err != nil {
				t.Errorf("more rows: %v, %v", more, err)
			}
			if len(f.trail) != 1 || f.trail[0] != "system complaint.export "+string(shape.shape) {
				t.Errorf("the trail says %q", f.trail)
			}
		})
	}
	_, err := service(&fixed{}).Export(auth.With(context.Background(), auth.System()), "pdf", Filter{})
	if !fault.Is(err, fault.NotFound) {
		t.Errorf("an unknown shape: %v", err)
	}
}

func TestOpenDataShowsCompleteMonths(t *testing.T) {
	s := service(some()) // the clock stands in November
	d, err := s.Public(context.Background())
	if err != nil || d.Months[0] != "2026-10" || len(d.Months) != openMonths {
		t.Fatalf("%v, %v", d.Months, err)
	}
	if got := d.Tables[0].Rows[0].Figures[:2]; got[0] != "40" || got[1] != "0" {
		t.Errorf("the whole reads %v", got)
	}
}

// Whether a month is added up in one go or moved along with each change, the cells are the same.
func TestTallyAddsUpWhatDeltasMove(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tally := NewTally()
		var changes []Change
		for range rapid.IntRange(0, 30).Draw(t, "cases") {
			pick := func(what string, words ...string) string { return rapid.SampledFrom(words).Draw(t, what) }
			f := Fact{Place: Place{Month: pick("month", "2026-10", "2026-11"), Unit: pick("unit", "", "PKM-SILO", "KEL-MANGLI"), Class: pick("class", "", "complaint"),
				Channel: pick("channel", "whatsapp", "lapor"), District: "35.09.19", Matter: pick("matter", "data", "charge")},
				Counts: Counts(rapid.MapOf(rapid.SampledFrom([]string{Received, Open, "s.closed", "tf.7", FirstSum}), rapid.IntRange(1, 90)).Draw(t, "counts"))}
			changes = append(changes, Change{Is: f})
			err := tally.Add(f.Place, f.Counts.String())
			if err != nil {
				t.Fatal(err)
			}
		}
		got, want := tally.Cells(), Deltas(changes)
		for k, counts := range got {
			if !counts.Equal(want[k]) {
				t.Fatalf("%+v: added up %v, moved %v", k, counts, want[k])
			}
		}
		for k := range want {
			if got[k] == nil {
				t.Fatalf("%+v: not added up", k)
			}
		}
	})
}

// A row that nobody could have written is told, not counted as nothing.
func TestTallyRefusesWhatIsNoCount(t *testing.T) {
	for _, text := range []string{"n", "n=", "n=one", "n=1 open"} {
		if NewTally().Add(Place{Month: "2026-11"}, text) == nil {
			t.Errorf("%q was counted", text)
		}
	}
}
