package worklist

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"time"

	"layak/complaints"
	"layak/internal/area"
	"layak/internal/auth"
)

// Count is a word with how often it occurs.
type Count struct {
	Code  string
	Label string
	N     int
}

// Week is what a regent wants to know on Friday.
type Week struct {
	From, To      time.Time
	Received      int // filed in the week
	ReceivedWeek  int // filed in the week before
	Resolved      int // decided in the week
	Closed        int // came to an end in the week
	Open          int // now
	Overdue       int // now: a deadline has passed
	Unassigned    int // now: open and with no unit
	Oldest        *time.Time
	Emergencies   int // filed in the week
	EmergencyOpen int // of those, not answered yet
	Activated     int // cards that became active in the week
	WaitingCard   int // found eligible or sent, and not active
	RefundOpen    int
	RefundRupiah  int64 // that citizens still wait for
	RefundPaid    int   // received in the week
	PaidRupiah    int64
	Matters       []Count // of those received, most first
	Districts     []Count
	Units         []Count // overdue now, by unit
	Promises      int     // "active today" that no longer hold
	PaidWrongly   int
	PaidPerMonth  int64
}

// FridayWeek gives the seven days that end with the Friday on or before the day, as midnights of the
// zone: from Saturday to the Saturday after.
func FridayWeek(day time.Time, zone *time.Location) (from, to time.Time) {
	d := day.In(zone)
	back := (int(d.Weekday()) - int(time.Friday) + 7) % 7
	to = time.Date(d.Year(), d.Month(), d.Day()-back+1, 0, 0, 0, 0, zone)
	return to.AddDate(0, 0, -7), to
}

// Friday is the report of the week that ends with the Friday on or before the day.
func (d *Desk) Friday(ctx context.Context, day time.Time) (Week, error) {
	actor := auth.From(ctx)
	err := actor.Require(auth.WorklistRead)
	if err != nil {
		return Week{}, err
	}
	from, to := FridayWeek(day, d.Zone)
	w, err := d.Store.Week(ctx, from, to, d.now(), complaints.ScopeOf(actor))
	if err != nil {
		return w, err
	}
	w.From, w.To = from, to
	units, err := d.Store.Units(ctx)
	if err != nil {
		return w, err
	}
	label(w.Matters, func(code string) string { return complaints.Label(complaints.Matters, code) })
	label(w.Districts, func(code string) string { return complaints.PlaceName(area.Code(code)) })
	label(w.Units, func(code string) string { return unitLabel(units, code) })
	promises, err := d.Promises(ctx)
	if err != nil {
		return w, err
	}
	w.Promises = len(promises.Broken)
	paid, err := d.PaidSummary(ctx)
	w.PaidWrongly, w.PaidPerMonth = paid.People, paid.PerMonth
	return w, err
}

func label(list []Count, of func(string) string) {
	for i := range list {
		list[i].Label = of(list[i].Code)
		if list[i].Label == "" {
			list[i].Label = "Belum ditentukan"
		}
	}
}

func unitLabel(units []auth.Unit, code string) string {
	if code == "" {
		return "Belum ada unit"
	}
	for _, u := range units {
		if u.Code == code {
			return u.Name
		}
	}
	return code
}

// Tables are the report as a workbook.
func (w Week) Tables() []Table {
	n := strconv.Itoa
	rupiah := func(v int64) string { return strconv.FormatInt(v, 10) }
	t := Table{Name: "Minggu ini", Header: []string{"Hal", "Angka"}, Rows: [][]string{
		{"Dari", w.From.Format(time.DateOnly)}, {"Sampai", w.To.AddDate(0, 0, -1).Format(time.DateOnly)},
		{"Aduan masuk", n(w.Received)}, {"Aduan masuk minggu sebelumnya", n(w.ReceivedWeek)}, {"Diputuskan", n(w.Resolved)}, {"Selesai", n(w.Closed)},
		{"Masih terbuka", n(w.Open)}, {"Lewat batas waktu", n(w.Overdue)}, {"Belum ada unit", n(w.Unassigned)},
		{"Gawat darurat masuk", n(w.Emergencies)}, {"Gawat darurat belum dijawab", n(w.EmergencyOpen)},
		{"Kartu menjadi aktif", n(w.Activated)}, {"Menunggu kartu aktif", n(w.WaitingCard)},
		{"Uang warga belum kembali (aduan)", n(w.RefundOpen)}, {"Uang warga belum kembali (rupiah)", rupiah(w.RefundRupiah)},
		{"Uang kembali minggu ini (aduan)", n(w.RefundPaid)}, {"Uang kembali minggu ini (rupiah)", rupiah(w.PaidRupiah)},
		{"Janji aktif hari ini yang tidak berlaku lagi", n(w.Promises)},
		{"Peserta dibayar Pemda yang perlu dicek", n(w.PaidWrongly)}, {"Iurannya per bulan (rupiah)", rupiah(w.PaidPerMonth)},
	}}
	return []Table{t, counts("Pokok aduan", w.Matters), counts("Kecamatan", w.Districts), counts("Unit yang lewat batas", w.Units)}
}

func counts(name string, list []Count) Table {
	t := Table{Name: name, Header: []string{name, "Jumlah"}}
	for _, c := range list {
		t.Rows = append(t.Rows, []string{c.Label, strconv.Itoa(c.N)})
	}
	return t
}

// RecapCase is one complaint as far as the recap counts it.
type RecapCase struct {
	State    complaints.State
	Channel  string
	Village  area.Code
	Category string // their word, or the code of the matter
	Unit     string
}

// Recap counts the complaints of another system in its own words.
type Recap struct {
	Source    string
	From, To  time.Time // filed in [From, To)
	Total     int
	Status    []Count
	Channels  []Count
	Districts []Count
	Category  []Count
	Units     []Count
}

// Recap counts what came in through a system in a span of days.
func (d *Desk) Recap(ctx context.Context, source string, from, to time.Time) (Recap, error) {
	actor := auth.From(ctx)
	err := actor.Require(auth.WorklistRead)
	if err != nil {
		return Recap{}, err
	}
	if !to.After(from) || to.Sub(from) > 800*24*time.Hour {
		return Recap{}, complaints.Invalid("span", "to", "Tanggal akhir sesudah tanggal awal, paling lama dua tahun.")
	}
	cases, err := d.Store.Recap(ctx, source, from, to, complaints.ScopeOf(actor))
	if err != nil {
		return Recap{}, err
	}
	units, err := d.Store.Units(ctx)
	if err != nil {
		return Recap{}, err
	}
	out := Recap{Source: source, From: from, To: to, Total: len(cases)}
	by := func(of func(RecapCase) string) []Count { return tally(cases, of) }
	out.Status = by(func(c RecapCase) string {
		if source == "lapor" {
			return c.State.Lapor()
		}
		return c.State.Wadul()
	})
	out.Channels = by(func(c RecapCase) string { return complaints.Label(complaints.Channels, c.Channel) })
	out.Districts = by(func(c RecapCase) string { return complaints.PlaceName(c.Village.District()) })
	out.Category = by(func(c RecapCase) string { return complaints.Label(complaints.Matters, c.Category) })
	out.Units = by(func(c RecapCase) string { return unitLabel(units, c.Unit) })
	return out, nil
}

func tally(cases []RecapCase, of func(RecapCase) string) []Count {
	n := map[string]int{}
	for _, c := range cases {
		n[of(c)]++
	}
	list := make([]Count, 0, len(n))
	for label, count := range n {
		if label == "" {
			label = "Belum ditentukan"
		}
		list = append(list, Count{Code: label, Label: label, N: count})
	}
	slices.SortFunc(list, func(a, b Count) int { return cmp.Or(b.N-a.N, cmp.Compare(a.Label, b.Label)) })
	return list
}

// Tables are the recap as a workbook.
func (r Recap) Tables() []Table {
	return []Table{counts("Status", r.Status), counts("Saluran", r.Channels), counts("Kecamatan", r.Districts), counts("Kategori", r.Category), counts("OPD", r.Units)}
}
