package register

import (
	"context"
	"slices"
	"time"

	"layak/complaints"
	"layak/eligibility"
	"layak/internal/audit"
	"layak/internal/auth"
)

// Line is one case of another system as it is handed back.
type Line struct {
	Number   string
	Ticket   complaints.Ticket
	Title    string
	State    complaints.State
	Theirs   string // their status, as their register said it last
	Unit     string // name of the unit that has the case
	Category string
	Answer   string // the newest answer or decision that the citizen may read
	FiledAt  time.Time
	FirstAt  *time.Time // first act towards the citizen
	EndedAt  *time.Time // when the case came to an end
	ChangeAt time.Time
	Decision string // code of complaints.Decisions, "" without one
}

// Word is the status of our state in the words of the source.
func Word(source string, s complaints.State) string {
	if source == "wadul" {
		return s.Wadul()
	}
	return s.Lapor()
}

// Differs tells whether the register of the source says something else than we do. Words that mean
// the same state, or that we would write ourselves, do not differ.
func (l Line) Differs(source string) bool {
	if l.Theirs == "" || fold(l.Theirs) == fold(Word(source, l.State)) {
		return false
	}
	theirs, known := StateOf(l.Theirs)
	if !known {
		return l.State != complaints.Received // "(kosong)": the register has no status
	}
	return theirs != l.State && fold(Word(source, theirs)) != fold(Word(source, l.State))
}

// Handover is what is handed back: every case of the source, and where the two disagree.
type Handover struct {
	Source string
	Lines  []Line
}

// Differences are the lines on which the two disagree.
func (h Handover) Differences() []Line {
	return slices.DeleteFunc(slices.Clone(h.Lines), func(l Line) bool { return !l.Differs(h.Source) })
}

// Handover gives every case of the source with what we did; the look is on the trail.
func (d *Desk) Handover(ctx context.Context, source string) (Handover, error) {
	actor := auth.From(ctx)
	err := actor.Require(auth.ComplaintImport)
	if err != nil {
		return Handover{}, err
	}
	if !slices.Contains(Sources, source) {
		return Handover{}, errSource
	}
	lines, err := d.Store.HandoverLines(ctx, source, complaints.ScopeOf(actor))
	if err != nil {
		return Handover{}, err
	}
	units, err := d.Store.Units(ctx)
	if err != nil {
		return Handover{}, err
	}
	names := map[string]string{}
	for _, u := range units {
		names[u.Code] = u.Name
	}
	for i := range lines {
		if name, ok := names[lines[i].Unit]; ok {
			lines[i].Unit = name
		}
	}
	return Handover{Source: source, Lines: lines}, nil
}

// Export is Handover for a file that leaves the office, which is on the trail.
func (d *Desk) Export(ctx context.Context, source string) (Handover, error) {
	h, err := d.Handover(ctx, source)
	if err != nil {
		return h, err
	}
	e := d.entry(auth.From(ctx), "register.handover", "")
	e.Purpose = "Register " + SourceName(source)
	return h, d.Store.Record(ctx, e)
}

// Recorder writes the trail of an export, which changes nothing else.
type Recorder interface {
	Record(ctx context.Context, e audit.Entry) error
}

// Table is one sheet of a workbook.
type Table struct {
	Name   string
	Header []string
	Rows   [][]string
}

// Tables are the sheets of the hand-over file: all cases, and the differences.
func (h Handover) Tables() []Table {
	name := SourceName(h.Source)
	all := Table{Name: "Serah terima", Header: []string{
		"Nomor " + name, "Nomor Layak", "Judul", "Kategori", "Status", "Status di Layak", "Keputusan", "Tanggapan", "Unit kerja",
		"Tanggal masuk", "Tanggal tindak lanjut", "Tanggal selesai", "Perubahan terakhir",
	}}
	for _, l := range h.Lines {
		all.Rows = append(all.Rows, []string{
			l.Number, string(l.Ticket), l.Title, l.Category, Word(h.Source, l.State), l.State.Label(),
			complaints.Label(complaints.Decisions, l.Decision), l.Answer, l.Unit,
			clock(&l.FiledAt), clock(l.FirstAt), clock(l.EndedAt), clock(&l.ChangeAt),
		})
	}
	differ := Table{Name: "Perbedaan", Header: []string{
		"Nomor " + name, "Nomor Layak", "Judul", "Status menurut " + name, "Status menurut Layak", "Seharusnya tertulis", "Perubahan terakhir di Layak",
	}}
	for _, l := range h.Differences() {
		differ.Rows = append(differ.Rows, []string{
			l.Number, string(l.Ticket), l.Title, l.Theirs, l.State.Label(), Word(h.Source, l.State), clock(&l.ChangeAt),
		})
	}
	return []Table{all, differ}
}

// clock writes a moment as the office reads it.
func clock(t *time.Time) string {
	if t == nil || t.IsZero() {
		return ""
	}
	return t.In(eligibility.WIB).Format("2006-01-02 15:04")
}
