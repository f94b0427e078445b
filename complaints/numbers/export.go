package numbers

import (
	"cmp"
	"context"
	"regexp"
	"strconv"
	"time"

	"layak/complaints"
	"layak/eligibility"
	"layak/internal/area"
	"layak/internal/audit"
	"layak/internal/auth"
	"layak/internal/fault"
)

// Shape is the layout of an export.
type Shape string

// The shapes: our own, one row per case or per event, and the registers of the two systems that the
// regency reports to, in their words.
const (
	Cases  Shape = "cases"
	Events Shape = "events"
	Lapor  Shape = "lapor"
	Wadul  Shape = "wadul"
)

// Shapes lists them.
var Shapes = []Shape{Cases, Events, Lapor, Wadul}

// CaseStore keeps what exports are made of.
type CaseStore interface {
	// ExportPage gives the next cases of the filter in the scope behind the id after, each with its
	// patients and events and without its other parts.
	ExportPage(ctx context.Context, f Filter, zone *time.Location, s complaints.Scope, after string, limit int) ([]complaints.Complaint, error)
	Units(ctx context.Context) ([]auth.Unit, error)
	// Record writes the trail of a view.
	Record(ctx context.Context, e audit.Entry) error
}

// Export gives the rows of one shape, page by page, so that a hundred thousand cases need no more
// memory than a hundred. Names and NIKs are masked, also numbers inside texts.
type Export struct {
	Name   string // of a file
	Sheet  string
	Header []string
	// Kinds tells by header which columns hold moments, days or numbers; the others are text.
	Kinds map[string]Kind

	store CaseStore
	rows  func(*Export, complaints.Complaint) [][]string
	f     Filter
	scope complaints.Scope
	zone  *time.Location
	after string
	done  bool
	units map[string]string
	now   time.Time
}

// Kind is what the cells of a column hold. Next gives all of them as text; whoever writes a workbook
// makes real dates and numbers of them, so that a sheet can be sorted and added up.
type Kind string

// The kinds; the zero Kind is text. An empty cell stays empty.
const (
	Moment Kind = "moment" // MomentForm, where the office is
	Number Kind = "number" // a whole number
)

// MomentForm is how a cell of kind Moment is written.
const MomentForm = "2006-01-02 15:04"

const exportPage = 500

// shapes say how each is laid out.
var shapes = map[Shape]Export{
	Cases:  {Name: "aduan", Sheet: "Aduan", Header: caseHeader(), Kinds: caseKinds, rows: (*Export).caseRows},
	Events: {Name: "kejadian", Sheet: "Kejadian", Header: eventHeader, Kinds: map[string]Kind{"Urutan": Number, "Waktu": Moment}, rows: (*Export).eventRows},
	Lapor:  {Name: "aduan-lapor", Sheet: "SP4N-LAPOR!", Header: laporHeader, rows: (*Export).laporRows},
	Wadul:  {Name: "aduan-wadul-guse", Sheet: "Wadul Gus'e", Header: wadulHeader, rows: (*Export).wadulRows},
}

// Export begins an export of what the actor may see; the trail names it before the first row.
func (s *Service) Export(ctx context.Context, shape Shape, f Filter) (*Export, error) {
	actor := auth.From(ctx)
	err := actor.Require(auth.ComplaintExport)
	if err != nil {
		return nil, err
	}
	e, ok := shapes[shape]
	if !ok {
		return nil, fault.New(fault.NotFound, "shape_unknown", "Bentuk unduhan ini tidak ada. Pilih cases, events, lapor, atau wadul.")
	}
	if f.From != "" || f.To != "" {
		_, err = Months(cmp.Or(f.From, f.To), cmp.Or(f.To, f.From))
		if err != nil {
			return nil, err
		}
	}
	units, err := s.Cases.Units(ctx)
	if err != nil {
		return nil, err
	}
	e.units = map[string]string{}
	for _, u := range units {
		e.units[u.Code] = u.Name
	}
	e.store, e.f, e.scope, e.zone, e.now = s.Cases, f, complaints.ScopeOf(actor), s.Counter.Zone, s.Counter.now()
	err = s.Cases.Record(ctx, audit.Entry{At: s.Counter.now(), Actor: actor.Name, Act: "complaint.export", Object: "complaint", Purpose: string(shape)})
	return &e, err
}

// Next gives some more rows; none at the end.
func (e *Export) Next(ctx context.Context) ([][]string, error) {
	for !e.done {
		page, err := e.store.ExportPage(ctx, e.f, e.zone, e.scope, e.after, exportPage)
		if err != nil {
			return nil, err
		}
		e.done = len(page) < exportPage
		var rows [][]string
		for _, c := range page {
			e.after = c.ID
			rows = append(rows, e.rows(e, c)...)
		}
		if len(rows) > 0 {
			return rows, nil
		}
	}
	return nil, nil
}

var eventHeader = []string{"Nomor aduan", "Urutan", "Kejadian", "Waktu", "Oleh", "Unit kerja", "Dari status", "Ke status", "Dibaca warga", "Isi bagi warga"}

func (e *Export) eventRows(c complaints.Complaint) [][]string {
	rows := make([][]string, 0, len(c.Events))
	for _, v := range c.Events {
		public, note := "tidak", ""
		if v.Public {
			public, note = "ya", Masked(v.Note)
		}
		rows = append(rows, []string{string(c.Ticket), strconv.Itoa(v.Seq), eventName(v.Type), e.when(v.At), v.Actor, e.unit(v.Unit),
			v.From.Label(), v.To.Label(), public, note})
	}
	return rows
}

// eventName is the word of the move; what the system does by itself keeps its code.
func eventName(t complaints.EventType) string {
	switch t {
	case complaints.FileEvent:
		return "Aduan masuk"
	case complaints.RouteEvent:
		return "Digolongkan aturan"
	case complaints.ClockEvent:
		return "Tenggat bergeser"
	case complaints.EscalateEvent:
		return "Naik ke atasan"
	case complaints.SentEvent:
		return "Pesan terkirim"
	case complaints.JoinEvent:
		return "Aduan lain digabung atau dipisah"
	}
	if m, ok := complaints.MoveOf(t); ok {
		return m.Label
	}
	return string(t)
}

var laporHeader = []string{"Tracking ID", "Nomor Layak", "Judul Laporan", "Isi Laporan", "Klasifikasi", "Kategori", "Disposisi", "Tanggal Masuk",
	"Tanggal Disposisi", "Tanggal Tindak Lanjut", "Batas Tindak Lanjut", "Tindak Lanjut", "Status", "Pelapor"}

// laporClasses are the three of LAPOR!; what needs examination is a complaint there.
var laporClasses = map[string]string{"information": "Permintaan Informasi", "aspiration": "Aspirasi"}

func (e *Export) laporRows(c complaints.Complaint) [][]string {
	number, class, category, due := "", "Pengaduan", "Kesehatan", ""
	if c.Source == "lapor" {
		number = c.SourceNumber
	}
	if w := laporClasses[c.Class]; w != "" {
		class = w
	}
	if c.Matter == "data" {
		category = "Administrasi Kependudukan dan Pencatatan Sipil"
	}
	for _, k := range c.Clocks {
		if k.Kind == complaints.ResolveClock {
			due = e.day(k.DueAt)
		}
	}
	return [][]string{{number, string(c.Ticket), title(c), Masked(c.Text), class, category, e.unit(c.Unit), e.day(c.FiledAt),
		e.firstDay(c, func(t complaints.EventType) bool { return t == complaints.VerifyEvent || t == complaints.AssignEvent }),
		e.firstDay(c, func(t complaints.EventType) bool { return towards[t] }), due, answer(c), c.State.Lapor(), eligibility.MaskName(c.Reporter.Name)}}
}

var wadulHeader = []string{"Nomor", "Nomor Layak", "Tanggal", "Kanal", "Nama Pelapor", "Kecamatan", "Lokasi", "Kategori", "Ringkasan", "OPD",
	"Status", "Tanggal Tindak Lanjut", "Tanggal Selesai", "Tanggapan"}

func (e *Export) wadulRows(c complaints.Complaint) [][]string {
	number := ""
	if c.Source == "wadul" {
		number = c.SourceNumber
	}
	return [][]string{{number, string(c.Ticket), e.day(c.FiledAt), complaints.Label(complaints.Channels, c.Channel), eligibility.MaskName(c.Reporter.Name),
		complaints.PlaceName(village(c).District()), complaints.PlaceName(village(c)), complaints.Label(complaints.Matters, c.Matter), title(c), e.unit(c.Unit), c.State.Wadul(),
		e.firstDay(c, func(t complaints.EventType) bool { return towards[t] }), e.lastDay(c, complaints.CloseEvent), answer(c)}}
}

func (e *Export) unit(code string) string {
	if name := e.units[code]; name != "" {
		return name
	}
	return code
}

func (e *Export) when(t time.Time) string { return t.In(e.zone).Format(MomentForm) }

func (e *Export) day(t time.Time) string { return t.In(e.zone).Format("02/01/2006") }

func (e *Export) first(c complaints.Complaint, of func(complaints.EventType) bool) string {
	if at := firstEvent(c.Events, of); at != nil {
		return e.when(*at)
	}
	return ""
}

func (e *Export) firstDay(c complaints.Complaint, of func(complaints.EventType) bool) string {
	if at := firstEvent(c.Events, of); at != nil {
		return e.day(*at)
	}
	return ""
}

// lastEvent is the newest event of a type, when the case still stands where it led.
func lastEvent(c complaints.Complaint, t complaints.EventType) *time.Time {
	for i := len(c.Events) - 1; i >= 0; i-- {
		if c.Events[i].Type == t && c.Events[i].To == c.State {
			return &c.Events[i].At
		}
	}
	return nil
}

func (e *Export) last(c complaints.Complaint, t complaints.EventType) string {
	if at := lastEvent(c, t); at != nil {
		return e.when(*at)
	}
	return ""
}

func (e *Export) lastDay(c complaints.Complaint, t complaints.EventType) string {
	if at := lastEvent(c, t); at != nil {
		return e.day(*at)
	}
	return ""
}

func times(c complaints.Complaint, t complaints.EventType) string {
	n := 0
	for _, v := range c.Events {
		if v.Type == t {
			n++
		}
	}
	return strconv.Itoa(n)
}

func patient(c complaints.Complaint) (name, nik string) {
	if len(c.Patients) == 0 {
		return "", ""
	}
	p := c.Patients[0]
	if p.NIK != "" {
		nik = p.NIK.Masked()
	}
	return eligibility.MaskName(p.Name), nik
}

func village(c complaints.Complaint) area.Code {
	if len(c.Patients) > 0 && c.Patients[0].Village != "" {
		return c.Patients[0].Village
	}
	return c.Village
}

// title is the summary that an official wrote, else the matter in words.
func title(c complaints.Complaint) string {
	if c.Title != "" {
		return Masked(c.Title)
	}
	return complaints.Label(complaints.Matters, c.Matter)
}

// answer is the newest text that the citizen was given.
func answer(c complaints.Complaint) string {
	for i := len(c.Events) - 1; i >= 0; i-- {
		v := c.Events[i]
		if v.Public && v.Note != "" && (v.Type == complaints.AnswerEvent || v.Type == complaints.ResolveEvent || v.Type == complaints.RejectEvent || v.Type == complaints.ForwardEvent) {
			return Masked(v.Note)
		}
	}
	return ""
}

// longNumber is what may be a NIK, a KK or a telephone number inside a text: nine digits or more,
// also with blanks, dots or hyphens between.
var longNumber = regexp.MustCompile(`\+?\d(?:[ .\-]?\d){8,}`)

// Masked hides long numbers of a text but for their first four signs.
func Masked(text string) string {
	return longNumber.ReplaceAllStringFunc(text, func(n string) string {
		out := []rune(n)
		for i := 4; i < len(out); i++ {
			if out[i] >= '0' && out[i] <= '9' {
				out[i] = '•'
			}
		}
		return string(out)
	})
}
