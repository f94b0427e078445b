package worklist

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"layak/complaints"
	"layak/eligibility"
	"layak/internal/audit"
	"layak/internal/auth"
	"layak/internal/fault"
)

// Column is one column of the sheet that another office wants: its header there, and what stands
// below it.
type Column struct {
	Header string `json:"header"`
	Field  string `json:"field"` // code of SheetFields; "" leaves the column empty
}

// SheetFields is the closed list of what can stand in a column.
var SheetFields = []complaints.Word{
	{Code: "no", Label: "Nomor urut"}, {Code: "ticket", Label: "Nomor aduan"}, {Code: "nik", Label: "NIK"}, {Code: "kk", Label: "Nomor KK"},
	{Code: "name", Label: "Nama lengkap"}, {Code: "birth_place", Label: "Tempat lahir"}, {Code: "birth_date", Label: "Tanggal lahir"},
	{Code: "sex", Label: "Jenis kelamin (L/P)"}, {Code: "relation", Label: "Hubungan keluarga"}, {Code: "marital", Label: "Status kawin"},
	{Code: "address", Label: "Alamat"}, {Code: "rt", Label: "RT"}, {Code: "rw", Label: "RW"}, {Code: "village", Label: "Kode desa/kelurahan"},
	{Code: "village_name", Label: "Desa/kelurahan"}, {Code: "district_name", Label: "Kecamatan"}, {Code: "regency_name", Label: "Kabupaten/kota"},
	{Code: "mother_nik", Label: "NIK ibu"}, {Code: "class", Label: "Kelas rawat (3)"}, {Code: "facility", Label: "Faskes terdaftar"},
	{Code: "jkn_number", Label: "Nomor kartu JKN"}, {Code: "segment", Label: "Segmen sekarang"}, {Code: "desil", Label: "Desil"},
	{Code: "need", Label: "Kebutuhan"}, {Code: "date", Label: "Tanggal lembar"},
}

// shippedLayout is the sheet until an office makes its own. The layout of e-Dabu differs from office
// to office and from year to year, so this is a beginning.
var shippedLayout = []Column{
	{"NO", "no"}, {"NO KK", "kk"}, {"NIK", "nik"}, {"NAMA LENGKAP", "name"}, {"HUBUNGAN KELUARGA", "relation"}, {"TEMPAT LAHIR", "birth_place"},
	{"TANGGAL LAHIR", "birth_date"}, {"JENIS KELAMIN", "sex"}, {"STATUS KAWIN", "marital"}, {"ALAMAT", "address"}, {"RT", "rt"}, {"RW", "rw"},
	{"KODE DESA", "village"}, {"NAMA DESA", "village_name"}, {"NAMA KECAMATAN", "district_name"}, {"KELAS RAWAT", "class"}, {"FASKES", "facility"},
	{"NO KARTU JKN", "jkn_number"}, {"NO ADUAN", "ticket"},
}

const mostColumns = 60

// Sheet is the list of patients to be sent to another office, with their numbers in full.
type Sheet struct {
	Through string
	Columns []Column
	People  []complaints.WaitingRegistration // not sent yet
	Rows    [][]string                       // of the workbook; nil for a mere look
}

// Layout gives the sheet of a way of sending as the office made it, or the shipped one.
func (d *Desk) Layout(ctx context.Context, through string) ([]Column, error) {
	if !complaints.Known(complaints.Throughs, through) {
		return nil, complaints.Invalid("through_unknown", "through", "Pilih lewat mana pendaftaran dikirim.")
	}
	own, err := d.Store.Layout(ctx, through)
	if err != nil || own != nil {
		return own, err
	}
	return slices.Clone(shippedLayout), nil
}

// SaveLayout keeps the sheet of a way of sending. No columns goes back to the shipped one.
func (d *Desk) SaveLayout(ctx context.Context, through string, columns []Column) error {
	actor := auth.From(ctx)
	err := actor.Require(auth.WorklistRead)
	if err != nil {
		return err
	}
	if !complaints.Known(complaints.Throughs, through) {
		return complaints.Invalid("through_unknown", "through", "Pilih lewat mana pendaftaran dikirim.")
	}
	var clean []Column
	for _, c := range columns {
		c.Header = strings.Join(strings.Fields(c.Header), " ")
		if c.Header == "" && c.Field == "" {
			continue
		}
		switch {
		case c.Header == "":
			return complaints.Invalid("header_missing", "columns", "Setiap kolom perlu judul.")
		case utf8.RuneCountInString(c.Header) > 80:
			return complaints.Invalid("header_long", "columns", "Judul kolom paling panjang 80 huruf.")
		case c.Field != "" && !complaints.Known(SheetFields, c.Field):
			return complaints.Invalid("field_unknown", "columns", "Isi kolom “"+c.Header+"” tidak dikenal. Pilih dari daftar.")
		}
		clean = append(clean, c)
	}
	if len(clean) > mostColumns {
		return complaints.Invalid("columns_many", "columns", "Satu lembar memuat paling banyak 60 kolom.")
	}
	if len(clean) > 0 && !slices.ContainsFunc(clean, func(c Column) bool { return c.Field == "nik" }) {
		return complaints.Invalid("nik_column_missing", "columns", "Lembar perlu kolom NIK, supaya jawabannya dapat dicocokkan lagi.")
	}
	e := audit.Entry{At: d.now(), Actor: actor.Name, Act: "worklist.layout", Object: "worklist", ObjectID: through}
	return d.Store.SaveLayout(ctx, through, clean, actor.Name, e)
}

// Waiting lists who is to be sent, masked. The look is on the trail.
func (d *Desk) Waiting(ctx context.Context, through string) (Sheet, error) {
	s, err := d.waiting(ctx, through)
	if err != nil {
		return s, err
	}
	err = d.looked(ctx, "registration.waiting", "", nil)
	for i := range s.People {
		s.People[i].NIK = eligibility.NIK(s.People[i].NIK).Masked()
	}
	return s, err
}

func (d *Desk) waiting(ctx context.Context, through string) (Sheet, error) {
	actor := auth.From(ctx)
	err := either(actor, auth.RegistrationWrite, auth.WorklistRead)
	if err != nil {
		return Sheet{}, err
	}
	s := Sheet{Through: through}
	s.Columns, err = d.Layout(ctx, through)
	if err != nil {
		return s, err
	}
	all, err := d.Store.WaitingRegistrations(ctx, complaints.ScopeOf(actor), mostListed)
	for _, w := range all {
		if !w.Sent {
			s.People = append(s.People, w)
		}
	}
	return s, err
}

// Fill gives the sheet with the rows of a workbook: numbers in full, so each person is on the trail.
// Patients whose NIK is not known cannot be sent and are left out.
func (d *Desk) Fill(ctx context.Context, through string) (Sheet, error) {
	err := auth.From(ctx).Require(auth.RegistrationWrite)
	if err != nil {
		return Sheet{}, err
	}
	s, err := d.waiting(ctx, through)
	if err != nil {
		return s, err
	}
	s.People = slices.DeleteFunc(s.People, func(w complaints.WaitingRegistration) bool { return w.NIK == "" })
	people := make([]string, len(s.People))
	for i, w := range s.People {
		people[i] = w.NIK
	}
	err = d.looked(ctx, "registration.sheet", "Lembar pendaftaran lewat "+complaints.Label(complaints.Throughs, through), people)
	if err != nil {
		return s, err
	}
	day := d.Clock().In(d.Zone)
	for i, w := range s.People {
		p, err := d.Registry.Person(ctx, eligibility.NIK(w.NIK))
		if err != nil {
			return s, err
		}
		row := make([]string, len(s.Columns))
		for j, c := range s.Columns {
			row[j] = value(c.Field, i+1, w, p, day)
		}
		s.Rows = append(s.Rows, row)
	}
	return s, nil
}

// value is what stands in a column for a person. What nobody knows stays empty.
func value(field string, no int, w complaints.WaitingRegistration, p eligibility.Person, day time.Time) string {
	switch field {
	case "no":
		return strconv.Itoa(no)
	case "ticket":
		return string(w.Ticket)
	case "nik":
		return w.NIK
	case "name":
		return w.Name
	case "class":
		return "3"
	case "need":
		return complaints.Label(complaints.Needs, w.Need)
	case "date":
		return day.Format("02-01-2006")
	}
	if v, ok := residentValue(field, p.Resident); ok {
		return v
	}
	if m := p.Membership; m != nil {
		switch field {
		case "facility":
			return m.Facility
		case "jkn_number":
			return m.JKNNumber
		case "segment":
			return strings.ToUpper(strings.ReplaceAll(m.Segment, "_", " "))
		}
	}
	if field == "desil" && p.Welfare != nil && p.Welfare.Desil > 0 {
		return strconv.Itoa(p.Welfare.Desil)
	}
	return ""
}

func residentValue(field string, r *eligibility.Resident) (string, bool) {
	if r == nil {
		return "", false
	}
	switch field {
	case "kk":
		return string(r.KK), true
	case "birth_place":
		return r.BirthPlace, true
	case "birth_date":
		if t := r.BirthDate.Time(); !t.IsZero() {
			return t.Format("02-01-2006"), true
		}
		return "", true
	case "sex":
		return r.Sex, true
	case "relation":
		return relationWord(r.Relation), true
	case "marital":
		return maritalWord(r.Marital), true
	case "address":
		return r.Address, true
	case "rt":
		return r.RT, true
	case "rw":
		return r.RW, true
	case "village":
		return strings.ReplaceAll(string(r.Village), ".", ""), true
	case "village_name":
		return complaints.PlaceName(r.Village), true
	case "district_name":
		return complaints.PlaceName(r.District), true
	case "regency_name":
		return complaints.PlaceName(r.Regency), true
	case "mother_nik":
		return string(r.MotherNIK), true
	}
	return "", false
}

// Sending is one patient of the list that was sent.
type Sending struct {
	Ticket  complaints.Ticket
	Patient int
}

// Sent writes into the cases that the sheet went out. Cases that changed since are told of and do
// not stop the others.
func (d *Desk) Sent(ctx context.Context, through, reference string, list []Sending) (sent int, missed []complaints.Ticket, err error) {
	err = auth.From(ctx).Require(auth.RegistrationWrite)
	if err != nil {
		return 0, nil, err
	}
	if len(list) == 0 {
		return 0, nil, complaints.Invalid("nobody_chosen", "person", "Pilih paling sedikit satu pasien yang sudah dikirim.")
	}
	for _, s := range list[:min(len(list), mostListed)] {
		err = d.act(ctx, s.Ticket, complaints.Action{Type: complaints.RegisterEvent, Patient: s.Patient, Through: through, Reference: reference})
		switch {
		case fault.Is(err, fault.NotFound) || fault.Is(err, fault.Conflict):
			missed = append(missed, s.Ticket)
		case err != nil:
			return sent, missed, err
		default:
			sent++
		}
	}
	return sent, missed, nil
}

// act makes a move on the case as it is now; somebody else's change in between is read and tried over.
func (d *Desk) act(ctx context.Context, t complaints.Ticket, a complaints.Action) error {
	for try := 0; ; try++ {
		c, err := d.Cases.Complaint(ctx, t)
		if err != nil {
			return err
		}
		a.Version = c.Version
		_, err = d.Cases.Act(ctx, t, a)
		if try < 2 && fault.As(err) != nil && fault.As(err).Code == "stale_version" {
			continue
		}
		return err
	}
}

// relationWord and maritalWord write codes as family cards do.
func relationWord(code string) string {
	return word(map[string]string{
		"head": "KEPALA KELUARGA", "husband": "SUAMI", "wife": "ISTRI", "child": "ANAK", "in_law_child": "MENANTU", "grandchild": "CUCU",
		"parent": "ORANG TUA", "in_law_parent": "MERTUA", "relative": "FAMILI LAIN", "servant": "PEMBANTU", "other": "LAINNYA",
	}, code)
}

func maritalWord(code string) string {
	return word(map[string]string{
		"single": "BELUM KAWIN", "married": "KAWIN", "divorced": "CERAI HIDUP", "widowed": "CERAI MATI",
	}, code)
}

func word(of map[string]string, code string) string {
	if w, ok := of[code]; ok {
		return w
	}
	return strings.ToUpper(strings.ReplaceAll(code, "_", " "))
}
