package impact

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"time"

	"layak/eligibility"
	"layak/internal/area"
	"layak/policy"
)

// cut is a fact by which the counts are cut.
type cut struct {
	key, title, path string
	name             func(v any, f policy.Frame) (key, name string)
	order            func(a, b string) int
}

var cuts = []cut{
	{"district", "Kecamatan", "resident.district", placeOf, inText},
	{"village", "Desa/kelurahan", "resident.village", placeOf, inText},
	{"desil", "Desil DTSEN", "welfare.desil", plainOf, inNumber},
	{"sex", "Jenis kelamin", "resident.sex", sexOf, inText},
	{"age", "Kelompok umur", "resident.birth_date", ageOf, inNumber},
	{"segment", "Segmen JKN", "membership.segment", segmentOf, inText},
}

const unknownName = "belum tercatat"

func placeOf(v any, _ policy.Frame) (string, string) {
	code := textOf(v)
	if code == "" {
		return "", unknownName
	}
	return code, areaName(code)
}

func plainOf(v any, _ policy.Frame) (string, string) {
	t := textOf(v)
	if t == "" {
		return "", unknownName
	}
	return t, "Desil " + t
}

func sexOf(v any, _ policy.Frame) (string, string) {
	t := textOf(v)
	return t, valueWords("sex", t)
}

func segmentOf(v any, _ policy.Frame) (string, string) {
	t := textOf(v)
	return t, valueWords("segment", t)
}

func ageOf(v any, f policy.Frame) (string, string) {
	band := ageBand(textOf(v), f.ServiceOn)
	if band == "" {
		return "", unknownName
	}
	return band, band + " tahun"
}

// ages are the first years of the bands.
var ages = []int{0, 5, 17, 25, 45, 60}

// ageBand names the band of somebody born on a day, "" when the day is not known or yet to come.
func ageBand(born, on string) string {
	b, err := time.Parse(time.DateOnly, born)
	if err != nil {
		return ""
	}
	o, err := time.Parse(time.DateOnly, on)
	if err != nil || b.After(o) {
		return ""
	}
	years := o.Year() - b.Year()
	if o.Month() < b.Month() || o.Month() == b.Month() && o.Day() < b.Day() {
		years--
	}
	for i := len(ages) - 1; i >= 0; i-- {
		if years < ages[i] {
			continue
		}
		if i == len(ages)-1 {
			return strconv.Itoa(ages[i]) + "+"
		}
		return strconv.Itoa(ages[i]) + "–" + strconv.Itoa(ages[i+1]-1)
	}
	return ""
}

// inNumber orders by the number in front; what has none comes last.
func inNumber(a, b string) int { return cmp.Compare(leading(a), leading(b)) }

func leading(s string) int {
	end := 0
	for end < len(s) && s[end] >= '0' && s[end] <= '9' {
		end++
	}
	n, err := strconv.Atoi(s[:end])
	if err != nil {
		return 1 << 30
	}
	return n
}

// inText orders by text; the unknown comes last.
func inText(a, b string) int { return cmp.Compare(btoi(a == ""), btoi(b == "")) }

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

func textOf(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case int:
		return strconv.Itoa(v)
	case bool:
		return strconv.FormatBool(v)
	}
	return ""
}

func areaName(code string) string {
	a, ok := area.Lookup(area.Code(code))
	if !ok {
		return code
	}
	return a.Label()
}

// labels are the columns that are no field of a file.
var labels = map[string]string{
	"resident.in_latest": "Masih terdaftar di data terbaru", "resident.as_of": "Tanggal data kependudukan",
	"household.source": "Kartu keluarga", "household.as_of": "Tanggal data kartu keluarga", "household.kk": "Nomor KK",
	policy.Members:   "Anggota keluarga lain",
	"welfare.source": "Data DTSEN", "welfare.as_of": "Tanggal data DTSEN",
	"membership.source": "Data JKN", "membership.as_of": "Tanggal data JKN",
}

// label names a column for a person.
func label(column string) string {
	if l, ok := labels[column]; ok {
		return l
	}
	_, field, _ := strings.Cut(column, ".")
	if f, ok := eligibility.FieldNamed(field); ok {
		return eligibility.Specs[f].Label
	}
	return column
}

// words of the codes that appear in what a preview tells.
var words = map[string]map[string]string{
	"sex":           {"L": "laki-laki", "P": "perempuan"},
	"segment":       {"pbi_jk": "PBI-JK", "pemda": "dibayar Pemda", "ppu": "pekerja (PPU)", "mandiri": "mandiri", "bp": "bukan pekerja", "none": "belum terdaftar"},
	"member_status": {"active": "aktif", "inactive": "nonaktif", "suspended": "ditangguhkan"},
	"life_status":   {"alive": "hidup", "deceased": "meninggal", "moved_out": "pindah keluar", "lost": "hilang", "unknown": "tidak diketahui"},
	"in_latest":     {"true": "ya", "false": "tidak"},
	"source":        {"registry": "ada"},
}

// valueWords writes a value of a field for a person.
func valueWords(field, v string) string {
	if v == "" {
		return unknownName
	}
	if w, ok := words[field][v]; ok {
		return w
	}
	switch field {
	case "village", "district", "regency", "province":
		return areaName(v)
	}
	if t, err := time.Parse(time.DateOnly, v); err == nil {
		return day(t)
	}
	return v
}

var months = [...]string{"Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des"}

func day(t time.Time) string { return fmt.Sprintf("%d %s %d", t.Day(), months[t.Month()-1], t.Year()) }

// percent writes a share as people read it: 4,9 %.
func percent(part, all int) string {
	if all == 0 {
		return "0 %"
	}
	return strings.Replace(strconv.FormatFloat(100*float64(part)/float64(all), 'f', 1, 64), ".", ",", 1) + " %"
}
