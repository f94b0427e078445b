package numbers

import (
	"context"
	"strconv"
	"strings"
	"time"

	"layak/complaints"
	"layak/internal/area"
	"layak/internal/auth"
	"layak/internal/pdf"
)

// The monthly report holds what agencies report about complaint handling: all complaints, the share
// that was followed up, finished and in process, the share on time, the mean time to the first
// follow-up, each by channel, kecamatan, matter and unit, and how many colleagues were active.

// StaffStore knows who worked; storage keeps it.
type StaffStore interface {
	// ActiveStaff counts the accounts that can work on complaints, and those of them that signed in
	// between two moments; of a unit, or of all when it is "".
	ActiveStaff(ctx context.Context, unit string, from, to time.Time) (active, all int, err error)
}

// Monthly gives the report of a month, "2026-10", as a PDF of about two pages.
func (s *Service) Monthly(ctx context.Context, month, unit string) ([]byte, error) {
	r, err := s.Report(ctx, Filter{From: month, To: month, Unit: unit})
	if err != nil {
		return nil, err
	}
	start, err := time.ParseInLocation("2006-01", month, s.Counter.Zone)
	if err != nil {
		return nil, errPeriod
	}
	active, all, err := s.Staff.ActiveStaff(ctx, r.Filter.Unit, start, start.AddDate(0, 1, 0))
	if err != nil {
		return nil, err
	}
	names, err := s.unitNames(ctx)
	if err != nil {
		return nil, err
	}
	m := monthly{Report: r, start: start, names: names, office: s.Office, active: active, staff: all, whole: auth.From(ctx).All && r.Filter.Unit == ""}
	if r.Filter.Unit != "" {
		m.office = m.unit(r.Filter.Unit) + ", " + s.Office
	}
	return m.write(s.Counter.Zone)
}

func (s *Service) unitNames(ctx context.Context) (map[string]string, error) {
	units, err := s.Cases.Units(ctx)
	names := map[string]string{}
	for _, u := range units {
		names[u.Code] = u.Name
	}
	return names, err
}

type monthly struct {
	Report
	start         time.Time
	names         map[string]string
	office        string
	active, staff int
	whole         bool // all units
}

var monthWords = []string{"Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November", "Desember"}

func (m monthly) month() string {
	return monthWords[m.start.Month()-1] + " " + strconv.Itoa(m.start.Year())
}

func (m monthly) write(zone *time.Location) ([]byte, error) {
	at := m.CountedAt.In(zone)
	counted := "belum dihitung"
	if !m.CountedAt.IsZero() {
		counted = strconv.Itoa(at.Day()) + " " + monthWords[at.Month()-1] + " " + at.Format("2006 pukul 15.04")
	}
	d := pdf.New(pdf.Info{Title: "Laporan penanganan aduan " + m.month(), Author: m.office, At: m.CountedAt,
		Footer: "Dihitung per " + counted + ". Hanya jumlah, tanpa data pribadi."})
	d.Title("Laporan penanganan aduan jaminan kesehatan", m.office+" · "+m.month(), pdf.Left)
	t := m.Total
	kept, judged := t.OnTime(string(complaints.ResolveClock))
	d.Figures([]pdf.Figure{
		{Value: dotted(t[Received]), Label: "aduan masuk"}, {Value: percent(t[Followed], t[Received]), Label: "sudah ditindaklanjuti"},
		{Value: percent(t[Decided], t[Received]), Label: "sudah diputus"}, {Value: percent(kept, judged), Label: "diputus tepat waktu"},
	})
	first, decision := t.First(), t.Decision()
	d.Fields([]pdf.Field{
		{Label: "Selesai dan ditutup", Value: m.part(t[StateOf+"closed"])},
		{Label: "Masih diproses", Value: m.part(t[Open])},
		{Label: "Lewat tenggat", Value: m.part(t[Overdue])},
		{Label: "Berakhir tanpa keputusan", Value: dotted(t[StateOf+"forwarded"]) + " diteruskan, " + dotted(t[StateOf+"rejected"]) + " ditolak, " +
			dotted(t[StateOf+"withdrawn"]) + " dibatalkan, " + dotted(t[StateOf+"merged"]) + " digabung"},
		{Label: "Sampai jawaban pertama", Value: m.spread(first)},
		{Label: "Sampai diputus", Value: m.spread(decision)},
		{Label: "Kembali ke warga", Value: dotted(t[Returned]) + " menunggu dilengkapi, " + dotted(t[Reopened]) + " dibuka kembali"},
		{Label: "Admin yang aktif bulan ini", Value: dotted(m.active) + " dari " + dotted(m.staff) + " akun"},
	})
	if t[Received] == 0 {
		d.Paragraph("Tidak ada aduan yang masuk pada bulan ini.")
		return d.Bytes()
	}
	m.clocks(d)
	tables := []struct {
		title, head string
		by          Dimension
	}{{"Menurut saluran", "Saluran", ByChannel}, {"Menurut pokok aduan", "Pokok aduan", ByMatter}, {"Menurut kecamatan", "Kecamatan", ByDistrict}}
	if m.whole {
		tables = append(tables, struct {
			title, head string
			by          Dimension
		}{"Menurut unit kerja", "Unit kerja", ByUnit})
	}
	for _, table := range tables {
		d.Heading(table.title)
		d.Table(m.table(table.head, table.by))
	}
	d.Small("Aduan dihitung pada bulan masuknya. Tepat waktu: tenggat keputusan yang ditepati, dari semua yang sudah berakhir atau lewat. " +
		"Waktu dihitung dalam jam kerja unit; angka di tengah berarti separuh aduan lebih cepat, ketelitiannya 5 %.")
	return d.Bytes()
}

func (m monthly) clocks(d *pdf.Document) {
	var bars []pdf.Bar
	for _, k := range []struct {
		kind complaints.ClockKind
		name string
	}{{complaints.VerifyClock, "Verifikasi"}, {complaints.FirstClock, "Jawaban pertama"}, {complaints.ResolveClock, "Keputusan"},
		{complaints.EmergencyClock, "Gawat darurat"}, {complaints.RefundClock, "Uang kembali"}} {
		kept, judged := m.Total.OnTime(string(k.kind))
		if p, ok := Share(kept, judged); ok {
			bars = append(bars, pdf.Bar{Label: k.name, Value: float64(p), Text: strconv.Itoa(p) + " % dari " + dotted(judged)})
		}
	}
	if len(bars) > 0 {
		d.Heading("Tenggat yang ditepati")
		d.Bars(bars)
	}
}

// mostRows keeps a table on its page; the rest is one row.
const mostRows = 12

func (m monthly) table(head string, by Dimension) pdf.Table {
	t := pdf.Table{Columns: []pdf.Column{{Title: head, Share: 3.2}, {Title: "Masuk", Right: true}, {Title: "Ditindaklanjuti", Share: 1.9, Right: true},
		{Title: "Diputus", Right: true}, {Title: "Proses", Right: true}, {Title: "Lewat tenggat", Share: 1.3, Right: true}, {Title: "Tepat waktu", Share: 1.2, Right: true}}}
	rest := Counts{}
	rows := m.By[by]
	for i, row := range rows {
		if i >= mostRows && len(rows) > mostRows+1 {
			rest.Add(row.Counts, 1)
			continue
		}
		t.Rows = append(t.Rows, m.row(m.value(by, row.Value), row.Counts))
	}
	if len(rest) > 0 {
		t.Rows = append(t.Rows, m.row(dotted(len(rows)-mostRows)+" lainnya", rest))
	}
	t.Foot = m.row("Jumlah", m.Total)
	return t
}

func (m monthly) row(name string, c Counts) []string {
	kept, judged := c.OnTime(string(complaints.ResolveClock))
	return []string{name, dotted(c[Received]), percent(c[Followed], c[Received]), dotted(c[Decided]), dotted(c[Open]), dotted(c[Overdue]), percent(kept, judged)}
}

func (m monthly) value(by Dimension, code string) string {
	switch {
	case code == "":
		return "Belum diketahui"
	case by == ByChannel:
		return complaints.Label(complaints.Channels, code)
	case by == ByMatter:
		return complaints.Label(complaints.Matters, code)
	case by == ByUnit:
		return m.unit(code)
	}
	return complaints.PlaceName(area.Code(code))
}

func (m monthly) unit(code string) string {
	if name := m.names[code]; name != "" {
		return name
	}
	return code
}

func (m monthly) part(n int) string { return dotted(n) + " (" + percent(n, m.Total[Received]) + ")" }

func (m monthly) spread(s Spread) string {
	if s.N == 0 {
		return "–"
	}
	return "rata-rata " + WorkTime(s.Mean, m.Day) + "; angka di tengah " + WorkTime(s.Median, m.Day) + "; 9 dari 10 dalam " + WorkTime(s.P90, m.Day)
}

// WorkTime writes working minutes as "2 hari kerja 3 jam"; day is the length of a working day.
func WorkTime(minutes, day int) string {
	if minutes < 60 {
		return strconv.Itoa(minutes) + " menit"
	}
	hours := (minutes%day + 30) / 60
	days := minutes / day
	if hours*60 >= day {
		days, hours = days+1, 0
	}
	var parts []string
	if days > 0 {
		parts = append(parts, strconv.Itoa(days)+" hari kerja")
	}
	if hours > 0 {
		parts = append(parts, strconv.Itoa(hours)+" jam")
	}
	return strings.Join(parts, " ")
}

func percent(part, whole int) string {
	p, ok := Share(part, whole)
	if !ok {
		return "–"
	}
	return strconv.Itoa(p) + " %"
}

// dotted groups thousands: 2.579.
func dotted(n int) string {
	digits := strconv.Itoa(n)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "." + digits[i:]
	}
	return digits
}
