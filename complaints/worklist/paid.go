package worklist

import (
	"context"
	"strconv"
	"strings"
	"time"

	"layak/complaints"
	"layak/eligibility"
	"layak/internal/area"
	"layak/internal/audit"
	"layak/internal/auth"
)

// Reason says why the regency pays for somebody wrongly.
type Reason string

// The reasons, the plainest first: a person is listed under one.
const (
	Dead         Reason = "dead"
	MovedOut     Reason = "moved_out"
	OtherSegment Reason = "other_segment" // active under another NIK, paid by somebody else
	Double       Reason = "double"        // paid under two NIKs
)

// Reasons lists them.
var Reasons = []Reason{Dead, MovedOut, OtherSegment, Double}

// Finding is one person whom the regency pays and should perhaps not.
type Finding struct {
	NIK      string
	Reason   Reason
	OtherNIK string // of the same person; "" without one
	Place    area.Code
	Basis    string // print of the data that it rests on
}

// Scan is when the registry was looked over last, and how many people the regency pays.
type Scan struct {
	Done     bool
	Paid     int
	Revision int64
	At       time.Time
}

// PaidFilter narrows the list.
type PaidFilter struct {
	Reason Reason    // "" is all
	Place  area.Code // "" is everywhere; a district or village
	After  string    // cursor of the page before
	Limit  int
}

// PaidTotal counts the findings that nobody dealt with, by reason and district.
type PaidTotal struct {
	Reason   Reason
	District area.Code
	People   int
}

// Aside is a finding that an official dealt with.
type Aside struct {
	NIK, Basis, Note string
	By               string
	At               time.Time
}

// Premium is what the office pays for one person and month from a day on.
type Premium struct {
	ValidFrom eligibility.Date
	Rupiah    int64
	Source    string
}

// Price is the premium that sums are made with. The figure is the parameter premium_month of the rules;
// an office whose bill says another one enters that, and then both are told.
type Price struct {
	Premium
	Billed bool    // the office's own figure, off its bill
	Rules  Premium // what the rules say of the day; zero when they name none
}

// Basis says in words where the figure comes from.
func (p Price) Basis() string {
	if p.Billed {
		return "Tagihan yang dicatat kantor"
	}
	return "Parameter aturan"
}

// PaidLine is one finding as a screen shows it.
type PaidLine struct {
	Finding
	Name     string
	Masked   string // NIK
	BirthOn  eligibility.Date
	KK       string // of the sheet only
	Card     string
	OtherSeg string // segment of the other NIK
	Life     string
	Regency  area.Code
	Facility string
}

// Paid is one page of the list with its totals.
type Paid struct {
	Scan     Scan
	Premium  Price
	Totals   []PaidTotal
	Lines    []PaidLine
	Next     string
	People   int   // all findings that nobody dealt with
	PerMonth int64 // rupiah
}

const paidPage = 50

// Paid lists people whom the regency pays and who are dead, moved, double or paid by somebody else.
// Each person shown is on the trail.
func (d *Desk) Paid(ctx context.Context, f PaidFilter) (Paid, error) {
	out, err := d.PaidSummary(ctx)
	if err != nil {
		return out, err
	}
	f.Limit = paidPage + 1
	list, err := d.Store.PaidFindings(ctx, f, areasOf(auth.From(ctx)))
	if err != nil {
		return out, err
	}
	if len(list) > paidPage {
		list = list[:paidPage]
		out.Next = Cursor(list[paidPage-1])
	}
	out.Lines, err = d.paidLines(ctx, list, false)
	return out, err
}

// Cursor names a finding in the order of the list without its number in clear: the caller seals it.
func Cursor(f Finding) string { return string(f.Place) + "|" + f.NIK }

// PaidSummary gives the figures alone.
func (d *Desk) PaidSummary(ctx context.Context) (Paid, error) {
	actor := auth.From(ctx)
	err := actor.Require(auth.WorklistRead)
	if err != nil {
		return Paid{}, err
	}
	var out Paid
	out.Scan, err = d.Store.PaidScan(ctx)
	if err != nil {
		return out, err
	}
	out.Premium, err = d.PremiumOn(ctx, eligibility.DateOf(d.Clock().In(d.Zone)))
	if err != nil {
		return out, err
	}
	out.Totals, err = d.Store.PaidTotals(ctx, areasOf(actor))
	for _, t := range out.Totals {
		out.People += t.People
	}
	out.PerMonth = int64(out.People) * out.Premium.Rupiah
	return out, err
}

// areasOf are the areas to which lists are limited; nil sees all.
func areasOf(a auth.Actor) []area.Code {
	if a.All {
		return nil
	}
	if len(a.Areas) == 0 {
		return []area.Code{"-"} // nowhere
	}
	return a.Areas
}

func (d *Desk) paidLines(ctx context.Context, list []Finding, full bool) ([]PaidLine, error) {
	people := make([]string, len(list))
	for i, f := range list {
		people[i] = f.NIK
	}
	purpose := "Daftar peserta yang dibayar Pemda"
	act := "worklist.paid"
	if full {
		act = "worklist.paid_export"
	}
	if len(people) > 0 {
		err := d.looked(ctx, act, purpose, people)
		if err != nil {
			return nil, err
		}
	}
	lines := make([]PaidLine, 0, len(list))
	for _, f := range list {
		p, err := d.Registry.Person(ctx, eligibility.NIK(f.NIK))
		if err != nil {
			return nil, err
		}
		l := PaidLine{Finding: f, Masked: eligibility.NIK(f.NIK).Masked()}
		if r := p.Resident; r != nil {
			l.Name, l.BirthOn, l.KK, l.Life, l.Regency = r.Name, r.BirthDate, string(r.KK), r.LifeStatus, r.Regency
		}
		if m := p.Membership; m != nil {
			l.Card, l.Facility = m.JKNNumber, m.Facility
		}
		if f.OtherNIK != "" {
			other, err := d.Registry.Person(ctx, eligibility.NIK(f.OtherNIK))
			if err != nil {
				return nil, err
			}
			if other.Membership != nil {
				l.OtherSeg = other.Membership.Segment
			}
		}
		lines = append(lines, l)
	}
	return lines, nil
}

// mostPaid bounds one workbook.
const mostPaid = 50_000

// Label is the Indonesian word of a reason.
func (r Reason) Label() string {
	return map[Reason]string{Dead: "Meninggal", MovedOut: "Pindah keluar", OtherSegment: "Aktif di segmen lain", Double: "Dua NIK"}[r]
}

// PaidTable is the list for the office that takes people off: numbers in full, so each is on the trail.
func (d *Desk) PaidTable(ctx context.Context, f PaidFilter) ([]Table, error) {
	sum, err := d.PaidSummary(ctx)
	if err != nil {
		return nil, err
	}
	f.Limit, f.After = mostPaid, ""
	list, err := d.Store.PaidFindings(ctx, f, areasOf(auth.From(ctx)))
	if err != nil {
		return nil, err
	}
	lines, err := d.paidLines(ctx, list, true)
	if err != nil {
		return nil, err
	}
	t := Table{Name: "Usul keluar", Header: []string{
		"No", "NIK", "No KK", "Nama", "Tanggal lahir", "Nomor kartu JKN", "Faskes", "Wilayah", "Sebab", "NIK lain orang yang sama", "Segmen NIK lain", "Rupiah per bulan",
	}}
	for i, l := range lines {
		t.Rows = append(t.Rows, []string{
			strconv.Itoa(i + 1), l.NIK, l.KK, l.Name, string(l.BirthOn), l.Card, l.Facility, complaints.PlaceLabel(l.Place), l.Reason.Label(), l.OtherNIK,
			strings.ToUpper(strings.ReplaceAll(l.OtherSeg, "_", " ")), strconv.FormatInt(sum.Premium.Rupiah, 10),
		})
	}
	totals := Table{Name: "Ringkasan", Header: []string{"Kecamatan", "Sebab", "Orang", "Rupiah per bulan"}}
	for _, s := range sum.Totals {
		totals.Rows = append(totals.Rows, []string{complaints.PlaceLabel(s.District), s.Reason.Label(), strconv.Itoa(s.People), strconv.FormatInt(int64(s.People)*sum.Premium.Rupiah, 10)})
	}
	totals.Rows = append(totals.Rows, []string{"Jumlah", "", strconv.Itoa(sum.People), strconv.FormatInt(sum.PerMonth, 10)},
		[]string{"Iuran per orang: Rp " + strconv.FormatInt(sum.Premium.Rupiah, 10), sum.Premium.Basis() + ": " + sum.Premium.Source, "", ""})
	return []Table{t, totals}, nil
}

// SetAside takes a finding off the list until the data of the person change.
func (d *Desk) SetAside(ctx context.Context, nik, note string) error {
	actor := auth.From(ctx)
	err := actor.Require(auth.WorklistRead)
	if err != nil {
		return err
	}
	note = strings.TrimSpace(note)
	if len([]rune(note)) < 3 || len([]rune(note)) > 500 {
		return complaints.Invalid("note_missing", "note", "Tulis apa yang dilakukan, misalnya: diusulkan keluar ke BPJS lewat surat 440/123.")
	}
	list, err := d.Store.PaidFindings(ctx, PaidFilter{After: "=" + nik, Limit: 1}, areasOf(actor))
	if err != nil {
		return err
	}
	if len(list) == 0 {
		return complaints.Invalid("finding_gone", "note", "Orang ini sudah tidak ada dalam daftar. Muat ulang halaman.")
	}
	f := list[0]
	e := audit.Entry{At: d.now(), Actor: actor.Name, Act: "worklist.aside", Object: "worklist", Person: nik, Purpose: string(f.Reason)}
	return d.Store.SetAside(ctx, Aside{NIK: nik, Basis: f.Basis, Note: note, By: actor.Name, At: d.now()}, e)
}

// PremiumOn is what holds on a day: what the office is billed where it said so, else what the rules say.
func (d *Desk) PremiumOn(ctx context.Context, day eligibility.Date) (Price, error) {
	all, err := d.Store.Premiums(ctx)
	if err != nil {
		return Price{}, err
	}
	rules := d.Rules.Premium(day)
	for _, p := range all { // newest first
		if p.ValidFrom <= day {
			return Price{Premium: p, Billed: true, Rules: rules}, nil
		}
	}
	return Price{Premium: rules, Rules: rules}, nil
}

// SavePremium enters what the office is billed from a day on, where that is not what the rules say.
func (d *Desk) SavePremium(ctx context.Context, p Premium) error {
	actor := auth.From(ctx)
	err := actor.Require(auth.WorklistRead)
	if err != nil {
		return err
	}
	_, err = eligibility.ParseDate(string(p.ValidFrom))
	if err != nil {
		return complaints.Invalid("valid_from", "valid_from", "Isi tanggal mulai berlaku.")
	}
	p.Source = strings.Join(strings.Fields(p.Source), " ")
	switch {
	case p.Rupiah < 1_000 || p.Rupiah > 1_000_000:
		return complaints.Invalid("rupiah", "rupiah", "Iuran per orang per bulan ditulis dalam rupiah, misalnya 35000.")
	case len([]rune(p.Source)) < 5 || len([]rune(p.Source)) > 300:
		return complaints.Invalid("source", "source", "Tulis dasarnya, misalnya nomor peraturan atau tagihan BPJS Kesehatan.")
	}
	e := audit.Entry{At: d.now(), Actor: actor.Name, Act: "worklist.premium", Object: "worklist", ObjectID: string(p.ValidFrom)}
	return d.Store.SavePremium(ctx, p, actor.Name, e)
}

// Scan looks over the registry when it changed.
func (d *Desk) Scan(ctx context.Context) (bool, error) {
	return d.Store.ScanPaid(ctx, audit.Entry{At: d.now(), Actor: auth.From(ctx).Name, Act: "worklist.scan", Object: "worklist"})
}
