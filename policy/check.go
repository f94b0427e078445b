package policy

import (
	"encoding/json"
	"math"
	"time"

	"layak/internal/fault"
)

// checker holds an input against the lists and shapes of input.schema.json by hand, since a
// decision may not wait for a general validator. A test holds both against each other.
type checker struct{ err *fault.Error }

// check gives the first member that does not fit, nil when all do.
func check(in *Input) error {
	var c checker
	c.want(!in.At.IsZero(), "at", "Waktu cek belum diisi.")
	c.day("service_on", in.ServiceOn, true)
	c.want(areaCode(in.Office.Regency, 2), "office.regency", "Kode kabupaten/kota kantor belum benar.")
	c.code("subject", "subject", in.Subject, true)
	c.code("need", "need", in.Need, false)
	c.resident("resident", in.Resident)
	c.household(in.Household)
	c.welfare("welfare", in.Welfare)
	c.membership("membership", in.Membership, true)
	if m := in.Mother; m != nil {
		c.number16("mother.nik", m.NIK)
		c.resident("mother.resident", m.Resident)
		c.welfare("mother.welfare", m.Welfare)
		c.membership("mother.membership", m.Membership, true)
	}
	c.want(in.Evidence != nil, "evidence", "Daftar berkas tidak boleh kosong sama sekali.")
	c.want(len(in.Evidence) <= 100, "evidence", "Paling banyak 100 berkas.")
	for i := range in.Evidence {
		c.evidence(&in.Evidence[i])
	}
	if c.err != nil {
		return c.err
	}
	return nil
}

func (c *checker) want(ok bool, field, message string) {
	if !ok && c.err == nil {
		c.err = badInput(field, message)
	}
}

func (c *checker) code(field, list, value string, required bool) {
	if value == "" {
		c.want(!required, field, "Isian ini wajib.")
		return
	}
	c.want(inList(list, value), field, "Pilihan ini tidak ada dalam daftar.")
}

var codeSets = setsOf(codeLists())

func setsOf(lists map[string][]string) map[string]map[string]bool {
	sets := map[string]map[string]bool{}
	for name, list := range lists {
		sets[name] = map[string]bool{}
		for _, v := range list {
			sets[name][v] = true
		}
	}
	return sets
}

func inList(list, value string) bool { return codeSets[list][value] }

func (c *checker) day(field, value string, required bool) {
	if value == "" {
		c.want(!required, field, "Tanggal ini wajib.")
		return
	}
	c.want(validDay(value), field, "Tanggal harus ditulis TTTT-BB-HH.")
}

func (c *checker) number16(field, value string) {
	c.want(value == "" || digits(value, 16), field, "Nomor harus 16 angka.")
}

func (c *checker) area(field, value string, groups int) {
	c.want(value == "" || areaCode(value, groups), field, "Kode wilayah belum benar.")
}

func (c *checker) text(field, value string) {
	c.want(len(value) <= 200 || len([]rune(value)) <= 200, field, "Paling panjang 200 huruf.")
}

func (c *checker) origin(field string, o Origin) {
	c.code(field+".source", "source", o.Source, true)
	c.day(field+".as_of", o.AsOf, false)
}

func (c *checker) resident(field string, r *Resident) {
	if r == nil {
		return
	}
	c.origin(field, r.Origin)
	c.number16(field+".nik", r.NIK)
	c.code(field+".sex", "sex", r.Sex, false)
	c.day(field+".birth_date", r.BirthDate, false)
	c.area(field+".village", r.Village, 4)
	c.area(field+".district", r.District, 3)
	c.area(field+".regency", r.Regency, 2)
	c.area(field+".province", r.Province, 1)
	c.code(field+".life_status", "life_status", r.LifeStatus, false)
	c.day(field+".moved_in_on", r.MovedInOn, false)
	c.code(field+".relation", "kk_relation", r.Relation, false)
}

func (c *checker) household(h *Household) {
	if h == nil {
		return
	}
	c.origin("household", h.Origin)
	c.number16("household.kk", h.KK)
	c.want(h.Members != nil, "household.members", "Daftar anggota keluarga belum ada.")
	for i := range h.Members {
		m := &h.Members[i]
		c.number16("household.members.nik", m.NIK)
		c.code("household.members.relation", "kk_relation", m.Relation, false)
		c.code("household.members.sex", "sex", m.Sex, false)
		c.day("household.members.birth_date", m.BirthDate, false)
		c.code("household.members.life_status", "life_status", m.LifeStatus, false)
		c.desil("household.members.desil", m.Desil)
		c.code("household.members.segment", "segment", m.Segment, false)
		c.code("household.members.member_status", "member_status", m.MemberStatus, false)
	}
}

func (c *checker) welfare(field string, w *Welfare) {
	if w == nil {
		return
	}
	c.origin(field, w.Origin)
	c.desil(field+".desil", w.Desil)
}

func (c *checker) desil(field string, n *int) {
	c.want(n == nil || *n >= 1 && *n <= 10, field, "Desil adalah angka 1 sampai 10.")
}

func (c *checker) membership(field string, m *Membership, newest bool) {
	if m == nil {
		return
	}
	c.origin(field, m.Origin)
	c.code(field+".segment", "segment", m.Segment, false)
	c.code(field+".member_status", "member_status", m.Status, false)
	c.code(field+".member_reason", "member_reason", m.Reason, false)
	c.day(field+".member_since", m.Since, false)
	c.day(field+".inactive_since", m.InactiveSince, false)
	c.code(field+".class", "class", m.Class, false)
	c.want(newest || m.Superseded == nil, field+".superseded", "Hanya satu catatan lama yang disimpan.")
	if newest {
		c.membership(field+".superseded", m.Superseded, false)
	}
}

func (c *checker) evidence(e *Evidence) {
	c.code("evidence.kind", "evidence_kind", e.Kind, true)
	c.text("evidence.issuer", e.Issuer)
	c.text("evidence.number", e.Number)
	c.day("evidence.issued_on", e.IssuedOn, false)
	if e.SeenAt != "" {
		_, err := time.Parse(time.RFC3339, e.SeenAt)
		c.want(err == nil, "evidence.seen_at", "Waktu dilihat belum benar.")
	}
	c.text("evidence.seen_by", e.SeenBy)
	for name, v := range e.Facts {
		c.fact("evidence.facts."+name, name, v)
	}
}

// fact checks one value that stands on a paper, by its field.
func (c *checker) fact(field, name string, v any) {
	if name == "desil" {
		n, ok := wholeNumber(v)
		c.want(ok, field, "Desil adalah angka 1 sampai 10.")
		c.desil(field, &n)
		return
	}
	s, ok := v.(string)
	c.want(ok && s != "", field, "Isian ini harus berupa tulisan dan tidak kosong.")
	switch name {
	case "nik", "kk", "mother_nik":
		c.number16(field, s)
	case "birth_date", "moved_in_on", "member_since", "inactive_since":
		c.day(field, s, true)
	case "village":
		c.area(field, s, 4)
	case "district":
		c.area(field, s, 3)
	case "regency":
		c.area(field, s, 2)
	case "province":
		c.area(field, s, 1)
	case "relation":
		c.code(field, "kk_relation", s, true)
	case "sex", "marital", "life_status", "segment", "member_status", "member_reason", "class":
		c.code(field, name, s, true)
	case "name", "birth_place", "address", "rt", "rw", "jkn_number", "facility":
		c.text(field, s)
	default:
		c.want(false, field, "Isian ini tidak dikenal.")
	}
}

// wholeNumber reads the number types that Go code and JSON decoding give.
func wholeNumber(v any) (int, bool) {
	switch n := v.(type) {
	case int:
		return n, true
	case float64:
		return int(n), n == math.Trunc(n) && math.Abs(n) < 1e9
	case json.Number:
		i, err := n.Int64()
		return int(i), err == nil
	}
	return 0, false
}

// validDay accepts YYYY-MM-DD of an existing day in the years that a person can meet.
func validDay(s string) bool {
	if len(s) != 10 || s[4] != '-' || s[7] != '-' || !digits(s[:4], 4) || !digits(s[5:7], 2) || !digits(s[8:], 2) {
		return false
	}
	y, m, d := number(s[:4]), number(s[5:7]), number(s[8:])
	if y < 1800 || y > 2200 || m < 1 || m > 12 || d < 1 {
		return false
	}
	return d <= 28 || d <= time.Date(y, time.Month(m)+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

func number(s string) int {
	n := 0
	for i := range len(s) {
		n = n*10 + int(s[i]-'0')
	}
	return n
}

func digits(s string, n int) bool {
	if len(s) != n {
		return false
	}
	for i := range n {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// areaCode accepts a code of so many groups: 35, 35.09, 35.09.19 or 35.09.19.1001.
func areaCode(s string, groups int) bool {
	want := [...]int{2, 2, 2, 4}
	for i := range groups {
		n := want[i]
		if len(s) < n || !digits(s[:n], n) {
			return false
		}
		s = s[n:]
		if i+1 < groups {
			if s == "" || s[0] != '.' {
				return false
			}
			s = s[1:]
		}
	}
	return s == ""
}
