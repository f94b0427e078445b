package complaints

import (
	"context"
	"strconv"
	"time"

	"layak/eligibility"
	"layak/internal/area"
	"layak/internal/auth"
)

// Sizes of lists.
const (
	usualPage   = 50
	largestPage = 500
	mostWaiting = 2_000
	mostExport  = 50_000
)

// Page is one page of a list, newest first.
type Page struct {
	Items []Line `json:"items"`
	Next  Ticket `json:"next,omitempty"` // give it as Filter.After for the next page; "" at the end
}

// List gives the complaints in the actor's scope, page by page, names and NIKs masked.
func (s *Service) List(ctx context.Context, f Filter) (Page, error) {
	actor := auth.From(ctx)
	err := actor.Require(auth.ComplaintRead)
	if err != nil {
		return Page{}, err
	}
	if f.Limit <= 0 {
		f.Limit = usualPage
	}
	f.Limit = min(f.Limit, largestPage)
	if f.NIK != "" {
		err = s.viewed(ctx, actor, "complaint.search", "complaint", "", []eligibility.NIK{f.NIK})
		if err != nil {
			return Page{}, err
		}
	}
	return s.page(ctx, f, ScopeOf(actor))
}

func (s *Service) page(ctx context.Context, f Filter, scope Scope) (Page, error) {
	size := f.Limit
	f.Limit++ // one more tells whether there is a next page
	lines, err := s.Store.Complaints(ctx, f, scope)
	if err != nil {
		return Page{}, err
	}
	page := Page{Items: masked(lines)}
	if len(lines) > size {
		page.Items = page.Items[:size]
		page.Next = page.Items[size-1].Ticket
	}
	return page, nil
}

func masked(lines []Line) []Line {
	for i := range lines {
		l := &lines[i]
		l.Name = eligibility.MaskName(l.Name)
		if l.NIK != "" {
			l.NIK = eligibility.NIK(l.NIK).Masked()
		}
	}
	return lines
}

// WaitingRegistrations is the hand-over list of a shift ("daftar piket"): who is to be registered
// and not yet active, the longest waiting first. Names are written out, because the next shift has
// to find the patient in the ward; NIKs are masked, and each look at the list is on the trail.
func (s *Service) WaitingRegistrations(ctx context.Context) ([]WaitingRegistration, error) {
	actor := auth.From(ctx)
	err := actor.Require(auth.ComplaintRead)
	if err != nil {
		return nil, err
	}
	list, err := s.Store.WaitingRegistrations(ctx, ScopeOf(actor), mostWaiting)
	if err != nil {
		return nil, err
	}
	err = s.viewed(ctx, actor, "registration.waiting", "registration", "", []eligibility.NIK{""})
	if err != nil {
		return nil, err
	}
	for i := range list {
		if list[i].NIK != "" {
			list[i].NIK = eligibility.NIK(list[i].NIK).Masked()
		}
	}
	return list, nil
}

// Export gives header and rows of everything the filter finds in the actor's scope, masked, for a
// workbook. The export is on the trail.
func (s *Service) Export(ctx context.Context, f Filter) (header []string, rows [][]string, err error) {
	actor := auth.From(ctx)
	err = actor.Require(auth.ComplaintExport)
	if err != nil {
		return nil, nil, err
	}
	err = s.viewed(ctx, actor, "complaint.export", "complaint", "", []eligibility.NIK{f.NIK})
	if err != nil {
		return nil, nil, err
	}
	f.Limit, f.After = largestPage, ""
	for len(rows) < mostExport {
		page, err := s.page(ctx, f, ScopeOf(actor))
		if err != nil {
			return nil, nil, err
		}
		for _, l := range page.Items {
			rows = append(rows, l.row())
		}
		if page.Next == "" {
			break
		}
		f.After = page.Next
	}
	return lineHeader, rows, nil
}

var lineHeader = []string{
	"Nomor aduan", "Status", "Status LAPOR!", "Saluran", "Pokok aduan", "Kebutuhan", "Pasien", "NIK",
	"Jumlah pasien", "Wilayah", "Unit kerja", "Petugas", "Masuk", "Perubahan terakhir",
}

func (l Line) row() []string {
	return []string{
		string(l.Ticket), l.State.Label(), l.State.Lapor(), Label(Channels, l.Channel), Label(Matters, l.Matter),
		Label(Needs, l.Need), l.Name, l.NIK, strconv.Itoa(l.Patients), PlaceLabel(l.Village), l.Unit, l.Staff,
		localTime(l.FiledAt), localTime(l.UpdatedAt),
	}
}

// WaitingRows are header and rows of the hand-over list for a workbook.
func WaitingRows(list []WaitingRegistration) (header []string, rows [][]string) {
	header = []string{
		"Nomor aduan", "Pasien", "NIK", "Wilayah", "Kebutuhan", "Unit kerja", "Petugas", "Keadaan",
		"Lewat", "Nomor referensi", "Sejak",
	}
	for _, w := range list {
		stage := "Belum dikirim"
		if w.Sent {
			stage = "Menunggu jawaban"
		}
		rows = append(rows, []string{
			string(w.Ticket), w.Name, w.NIK, PlaceLabel(w.Village), Label(Needs, w.Need), w.Unit, w.Staff,
			stage, Label(Throughs, w.Through), w.Reference, localTime(w.Since),
		})
	}
	return header, rows
}

// PlaceLabel is an area as a sheet writes it, with what kind it is; a code that nobody knows stays.
func PlaceLabel(c area.Code) string {
	a, ok := area.Lookup(c)
	if !ok {
		return string(c)
	}
	return a.Label()
}

// PlaceName is the bare name of an area; a code that nobody knows stays.
func PlaceName(c area.Code) string {
	a, ok := area.Lookup(c)
	if !ok {
		return string(c)
	}
	return a.Name
}

// localTime writes a moment as the office reads it.
func localTime(t time.Time) string { return t.In(eligibility.WIB).Format("2006-01-02 15:04") }
