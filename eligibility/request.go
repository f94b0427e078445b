package eligibility

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"layak/internal/area"
	"layak/internal/fault"
	"layak/policy"
)

var errBornLater = fault.New(fault.Invalid, "born_later", "Tanggal lahir tidak boleh sesudah hari ini.")

// complete checks a request and fills in its clock and day of service.
func (c *Checker) complete(req Request) (Request, error) {
	bad := fault.New(fault.Invalid, "check_invalid", "Isian cek kelayakan belum dapat diterima.")
	if req.At.IsZero() {
		req.At = c.Clock()
	}
	req.At = req.At.In(c.zone()).Truncate(time.Second)
	if req.ServiceOn == "" {
		req.ServiceOn = DateOf(req.At)
	}
	if _, err := ParseDate(string(req.ServiceOn)); err != nil {
		bad = bad.At("service_on", fault.As(err).Message)
	}
	if req.Need != "" && !slices.Contains(policy.Codes("need"), req.Need) {
		bad = bad.At("need", "Kebutuhan layanan tidak dikenal. Pilih dari daftar.")
	}
	if len(req.Purpose) > 200 {
		bad = bad.At("purpose", "Keperluan paling panjang 200 huruf.")
	}
	bad = req.Subject.check(bad, DateOf(req.At))
	evidence := make([]Evidence, len(req.Evidence))
	for i, e := range req.Evidence {
		var err error
		evidence[i], err = e.Clean(DateOf(req.At))
		if err != nil {
			bad = bad.At("evidence", fault.As(err).Message)
		}
	}
	req.Evidence = evidence
	if len(bad.Fields) > 0 {
		bad.Message = bad.Fields[0].Message
		return req, bad
	}
	return req, nil
}

// check adds what is wrong with the subject to bad; today is the day of the check, "" when it is not known yet.
func (s *Subject) check(bad *fault.Error, today Date) *fault.Error {
	ways := 0
	if s.NIK != "" {
		ways++
		n, err := ParseNIK(string(s.NIK))
		if err != nil {
			return bad.At("nik", fault.As(err).Message)
		}
		s.NIK = n
	}
	if s.MotherNIK != "" {
		ways++
		n, err := ParseNIK(string(s.MotherNIK))
		if err != nil {
			return bad.At("mother_nik", fault.As(err).Message)
		}
		s.MotherNIK = n
	}
	if s.Name != "" {
		ways++
	}
	if s.Unknown {
		ways++
	}
	switch {
	case ways != 1:
		return bad.At("nik", "Isi satu saja: NIK, atau nama dengan tanggal lahir dan desa/kelurahan, atau NIK ibu untuk bayi, atau warga yang belum dikenal.")
	case (s.Name != "" || s.MotherNIK != "") && s.BirthDate == "":
		return bad.At("birth_date", "Isi tanggal lahir.")
	case s.Name != "" && s.Village == "":
		return bad.At("village", "Pilih desa atau kelurahan.")
	}
	if s.BirthDate != "" {
		if _, err := ParseDate(string(s.BirthDate)); err != nil {
			return bad.At("birth_date", fault.As(err).Message)
		}
		if today != "" && s.BirthDate > today {
			return bad.At("birth_date", errBornLater.Message)
		}
	}
	return bad
}

// Clean checks one paper: its kind, dates not after today, and each fact by its field. It gives the
// paper as it is stored; fault.Invalid says what is wrong.
func (e Evidence) Clean(today Date) (Evidence, error) {
	if !slices.Contains(policy.Codes("evidence_kind"), e.Kind) {
		return e, fault.New(fault.Invalid, "evidence_kind", "Jenis berkas tidak dikenal. Pilih dari daftar.")
	}
	if e.IssuedOn != "" {
		if _, err := ParseDate(string(e.IssuedOn)); err != nil {
			return e, err
		}
		if e.IssuedOn > today {
			return e, fault.New(fault.Invalid, "evidence_future", "Tanggal berkas tidak boleh sesudah hari ini.")
		}
	}
	facts := make(map[Field]string, len(e.Facts))
	for f, v := range e.Facts {
		clean, err := f.Parse(v)
		if err != nil {
			return e, err
		}
		if f == FieldBirthDate && Date(clean) > today {
			return e, errBornLater
		}
		if clean != "" {
			facts[f] = clean
		}
	}
	e.Facts = facts
	return e, nil
}

// Parse checks a value that an officer entered for the field and gives it in its stored form; ""
// stays "" (unknown). fault.Invalid with the field's label otherwise.
func (f Field) Parse(v string) (string, error) {
	v = strings.TrimSpace(v)
	if v == "" || f >= NumFields {
		return "", nil
	}
	spec := Specs[f]
	wrong := fault.New(fault.Invalid, "fact_invalid", "Isian "+spec.Label+" belum benar. Periksa lagi.")
	switch spec.Type {
	case TypeNIK:
		n, err := ParseNIK(v)
		return string(n), err
	case TypeKK:
		k, err := ParseKK(v)
		return string(k), err
	case TypeDate:
		d, err := ParseDate(v)
		return string(d), err
	case TypeArea:
		code, ok := area.Parse(v)
		if !ok {
			return "", wrong
		}
		return string(code), nil
	case TypeCode:
		if !slices.Contains(policy.Codes(spec.Codes), v) {
			return "", wrong
		}
	case TypeInt:
		n, err := strconv.Atoi(v)
		if err != nil || n < 1 || n > 10 {
			return "", fault.New(fault.Invalid, "fact_invalid", spec.Label+" adalah angka 1 sampai 10.")
		}
		return strconv.Itoa(n), nil
	case TypeText:
		if len([]rune(v)) > 200 {
			return "", wrong
		}
	}
	return v, nil
}

// MarshalText gives the name of the field.
func (f Field) MarshalText() ([]byte, error) { return []byte(f.String()), nil }

// UnmarshalText finds the field by its name.
func (f *Field) UnmarshalText(text []byte) error {
	found, ok := FieldNamed(string(text))
	if !ok {
		return fault.New(fault.Invalid, "field_unknown", "Isian tidak dikenal: "+string(text[:min(len(text), 40)])+".")
	}
	*f = found
	return nil
}

// AttachFacts puts facts that an officer stated without naming a paper onto the papers that carry
// them: membership onto the BPJS screen, people and addresses onto the KK and KTP that were seen.
// What fits none of the papers becomes a paper of kind "other".
func AttachFacts(papers []Evidence, facts map[Field]string) []Evidence {
	out := slices.Clone(papers)
	for f := FieldNIK; f < NumFields; f++ {
		v, given := facts[f]
		if !given {
			continue
		}
		placed := false
		for i := range out {
			if carries(out[i].Kind, f) {
				out[i].Facts = with(out[i].Facts, f, v)
				placed = true
			}
		}
		if placed {
			continue
		}
		kind := "other"
		if Specs[f].Kind == Membership {
			kind = "bpjs_screen"
		}
		at := slices.IndexFunc(out, func(e Evidence) bool { return e.Kind == kind })
		if at < 0 {
			out, at = append(out, Evidence{Kind: kind}), len(out)
		}
		out[at].Facts = with(out[at].Facts, f, v)
	}
	return out
}

func carries(kind string, f Field) bool {
	switch kind {
	case "kk", "ktp":
		return Specs[f].Kind == Residents
	case "bpjs_screen":
		return Specs[f].Kind == Membership
	}
	return false
}

func with(m map[Field]string, f Field, v string) map[Field]string {
	out := make(map[Field]string, len(m)+1)
	for k, old := range m {
		out[k] = old
	}
	out[f] = v
	return out
}
