package complaints

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/mail"
	"strings"
	"unicode"
	"unicode/utf8"

	"layak/eligibility"
	"layak/internal/area"
	"layak/internal/fault"
)

// Filing is a new complaint as it comes in from a form, the API or the command line.
type Filing struct {
	Channel  string          `json:"channel"`
	Matter   string          `json:"matter,omitempty"`
	Need     string          `json:"need,omitempty"`
	Reporter Reporter        `json:"reporter"`
	Patients []FilingPatient `json:"patients,omitempty"`
	NIK      eligibility.NIK `json:"nik,omitempty"` // short for one patient
	Village  area.Code       `json:"village,omitempty"`
	Text     string          `json:"text"`
	Title    string          `json:"title,omitempty"`
	// Source and SourceNumber name the case in another system; the number alone belongs to the channel.
	Source       string `json:"source,omitempty"`
	SourceNumber string `json:"source_number,omitempty"`
	Accused      string `json:"accused,omitempty"`  // unit that it is about
	Deceased     bool   `json:"deceased,omitempty"` // a patient died
	// Verified: the clerk checked at intake that nothing is missing. Missing parks the case until the
	// reporter brings what it lists.
	Verified bool     `json:"verified,omitempty"`
	Missing  []string `json:"missing,omitempty"`
	// IdempotencyKey makes a repeated filing harmless: the same actor, key and content give the
	// same complaint for 90 days. "" files anew each time.
	IdempotencyKey string `json:"-"`
}

// FilingPatient is a patient by NIK or by another subject; empty when not known yet.
type FilingPatient struct {
	NIK     eligibility.NIK      `json:"nik,omitempty"`
	Subject *eligibility.Subject `json:"subject,omitempty"`
}

// Limits of what is typed, in characters. They are far above honest use.
const (
	longestText   = 10_000
	longestLine   = 200
	longestKey    = 200
	mostPatients  = 20
	mostFilesEach = 40
)

// fingerprint tells two filings with one key apart. The key itself is left out.
func (f Filing) fingerprint() (string, error) {
	b, err := json.Marshal(f)
	if err != nil {
		return "", fmt.Errorf("fingerprint of filing: %w", err)
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:]), nil
}

// complete cleans the filing and reports everything that is wrong with it at once.
func (f Filing) complete() (Filing, []Patient, error) {
	bad := fault.New(fault.Invalid, "complaint_invalid", "Isian aduan belum lengkap.")
	f.Text, f.Reporter.Name = readable(f.Text), line(f.Reporter.Name)
	if !Known(Channels, f.Channel) {
		bad = bad.At("channel", "Pilih lewat mana aduan masuk.")
	}
	if f.Matter != "" && !Known(Matters, f.Matter) {
		bad = bad.At("matter", "Pilih pokok aduan dari daftar.")
	}
	if f.Need != "" && !Known(Needs, f.Need) {
		bad = bad.At("need", "Pilih kebutuhan layanan dari daftar.")
	}
	if f.Reporter.Relation != "" && !Known(Relations, f.Reporter.Relation) {
		bad = bad.At("reporter.relation", "Pilih hubungan pelapor dengan pasien dari daftar.")
	}
	switch n := utf8.RuneCountInString(f.Reporter.Name); {
	case n == 0:
		bad = bad.At("reporter.name", "Isi nama pelapor.")
	case n > longestLine:
		bad = bad.At("reporter.name", "Nama pelapor terlalu panjang.")
	}
	switch n := utf8.RuneCountInString(f.Text); {
	case n == 0:
		bad = bad.At("text", "Tulis apa yang diadukan.")
	case n > longestText:
		bad = bad.At("text", "Isi aduan paling panjang 10.000 huruf. Lampirkan sisanya sebagai berkas.")
	}
	phone, ok := cleanPhone(f.Reporter.Phone)
	if !ok {
		bad = bad.At("reporter.phone", "Nomor telepon ditulis dengan 8 sampai 15 angka, misalnya 0812 3456 7890.")
	}
	f.Reporter.Phone = phone
	bad = f.completeRest(bad)
	if f.Village != "" {
		if _, ok := area.Lookup(f.Village); !ok {
			bad = bad.At("village", "Desa atau kelurahan tidak dikenal. Pilih dari daftar.")
		}
	}
	if len(f.IdempotencyKey) > longestKey {
		bad = bad.At("idempotency_key", "Idempotency-Key paling panjang 200 huruf.")
	}
	patients, bad := f.patients(bad)
	if len(bad.Fields) > 0 {
		bad.Message = bad.Fields[0].Message
		return f, nil, bad
	}
	return f, patients, nil
}

// completeRest cleans what came from elsewhere or is about how to go on.
func (f *Filing) completeRest(bad *fault.Error) *fault.Error {
	r := &f.Reporter
	r.Email, r.Handle, f.Title, f.SourceNumber = strings.TrimSpace(r.Email), line(r.Handle), line(f.Title), line(f.SourceNumber)
	if r.Email != "" {
		a, err := mail.ParseAddress(r.Email)
		if err != nil || a.Address != r.Email || len(r.Email) > longestLine || !strings.Contains(a.Address[strings.LastIndex(a.Address, "@"):], ".") {
			bad = bad.At("reporter.email", "Alamat surel ditulis lengkap, misalnya nama@contoh.id.")
		}
	}
	if utf8.RuneCountInString(r.Handle) > longestLine {
		bad = bad.At("reporter.handle", "Nama akun pelapor terlalu panjang.")
	}
	if utf8.RuneCountInString(f.Title) > longestLine {
		bad = bad.At("title", "Judul paling panjang 200 huruf.")
	}
	if f.SourceNumber != "" && f.Source == "" {
		f.Source = f.Channel
	}
	switch {
	case f.Source != "" && !Known(Channels, f.Source):
		bad = bad.At("source", "Pilih sistem asal dari daftar.")
	case f.Source != "" && f.SourceNumber == "", utf8.RuneCountInString(f.SourceNumber) > longestLine:
		bad = bad.At("source_number", "Tulis nomor aduan di sistem asalnya.")
	}
	if len(f.Missing) > 0 {
		missing, err := missingItems(f.Missing)
		if err != nil {
			bad = bad.At("missing", fault.As(err).Message)
		}
		f.Missing = missing
	}
	return bad
}

// patients makes the list of patients: at least one, who may be not known yet.
func (f Filing) patients(bad *fault.Error) ([]Patient, *fault.Error) {
	from := f.Patients
	if f.NIK != "" {
		if len(from) > 0 {
			bad = bad.At("nik", "Isi pasien di satu tempat saja: “nik” atau “patients”.")
		}
		from = []FilingPatient{{NIK: f.NIK}}
	}
	if len(from) == 0 {
		from = []FilingPatient{{}}
	}
	if len(from) > mostPatients {
		return nil, bad.At("patients", "Satu aduan memuat paling banyak 20 pasien.")
	}
	var patients []Patient
	seen := map[eligibility.NIK]bool{}
	for i, fp := range from {
		p, err := identify(Patient{No: i + 1}, fp.NIK, fp.Subject)
		field := fmt.Sprintf("patients.%d", i+1)
		if f.NIK != "" {
			field = "nik"
		}
		if err != nil {
			bad = bad.At(field, fault.As(err).Message)
		}
		if p.NIK != "" && seen[p.NIK] {
			bad = bad.At(field, "Pasien yang sama tercatat dua kali.")
		}
		seen[p.NIK] = true
		patients = append(patients, p)
	}
	return patients, bad
}

// identify says who a patient is. Neither a NIK nor a subject leaves the patient as he was.
func identify(p Patient, nik eligibility.NIK, s *eligibility.Subject) (Patient, error) {
	if nik == "" && s == nil {
		return p, nil
	}
	who := eligibility.Subject{NIK: nik}
	if s != nil {
		if nik != "" {
			return p, Invalid("subject_twice", "patient", "Isi satu saja: NIK atau keterangan lain tentang pasien.")
		}
		who = *s
		who.Name, who.Description = line(who.Name), readable(who.Description)
	}
	err := who.Validate()
	if err != nil {
		return p, err
	}
	p.NIK, p.Subject = who.NIK, nil
	if who.NIK == "" {
		p.Subject, p.Name, p.Village = &who, who.Name, who.Village
	}
	return p, nil
}

// cleanPhone keeps the digits and a leading +; ok is false when that is no telephone number.
func cleanPhone(s string) (string, bool) {
	var b strings.Builder
	for i, r := range strings.TrimSpace(s) {
		switch {
		case r >= '0' && r <= '9', r == '+' && i == 0:
			b.WriteRune(r)
		case strings.ContainsRune(" -.()/\u00a0", r):
		default:
			return "", false
		}
	}
	n := len(strings.TrimPrefix(b.String(), "+"))
	return b.String(), s == "" || n >= 8 && n <= 15
}

// line makes one line of what was typed, without control characters.
func line(s string) string { return strings.Join(strings.Fields(readable(s)), " ") }

// readable drops what nobody can read and what makes others read wrongly: control characters, which a
// terminal obeys, and the signs that turn the direction of writing around.
func readable(s string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		switch {
		case r == '\n', r == '\t':
			return r
		case unicode.IsControl(r), r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069:
			return -1
		}
		return r
	}, s))
}
