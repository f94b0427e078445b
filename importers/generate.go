package importers

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"layak/eligibility"
	"layak/internal/area"
	"layak/internal/fault"
)

// sheetLimit is how many people one generated sheet holds; Excel allows 1,048,576 rows.
const sheetLimit = 1_000_000

// Generate writes a workbook of count synthetic people of the home regency, as the office of the
// kind would send it. The same seed, count, home and day give the same bytes, and the three kinds
// describe the same people. Nobody in it is real.
func Generate(kind eligibility.Kind, count int, seed uint64, home area.Code, asOf eligibility.Date, w io.Writer) error {
	header, row, ok := form(kind)
	if !ok || count < 1 {
		return fault.New(fault.Invalid, "generate_invalid", "Sebutkan jenis data (residents, welfare, atau membership) dan jumlah orang lebih dari nol.")
	}
	p, err := newPopulation(seed, home, asOf)
	if err != nil {
		return fault.New(fault.Invalid, "generate_invalid", "Daerah harus kode kabupaten/kota, misalnya 35.09, dan tanggal data harus diisi.").Because(err)
	}
	x := newWriter()
	defer x.close()
	for done := 0; done < count; {
		if x.sheets == 0 || x.rows > sheetLimit {
			err = x.sheet("Data "+strconv.Itoa(x.sheets+1), header)
			if err != nil {
				return fmt.Errorf("generate sheet: %w", err)
			}
		}
		for _, m := range p.family() {
			if done == count {
				break
			}
			err = x.row(row(p, m))
			if err != nil {
				return fmt.Errorf("generate row: %w", err)
			}
			done++
		}
	}
	err = x.writeTo(w)
	if err != nil {
		return fmt.Errorf("write workbook: %w", err)
	}
	return nil
}

// form gives the columns of a kind in the spelling of the office that sends it.
func form(kind eligibility.Kind) ([]string, func(*population, *made) []any, bool) {
	switch kind {
	case eligibility.Residents:
		return []string{"NIK", "NO_KK", "NAMA_LGKP", "JENIS_KLMIN", "TMPT_LHR", "TGL_LHR", "STAT_HBKEL", "STAT_KWN", "ALAMAT", "NO_RT", "NO_RW",
			"NO_PROP", "NO_KAB", "NO_KEC", "KEC_NAME", "NO_KEL", "KEL_NAME", "STAT_HIDUP", "NIK_IBU"}, residentRow, true
	case eligibility.Welfares:
		return []string{"nomor_kartu_keluarga", "nomor_induk_kependudukan", "nama", "status_hubungan_keluarga", "kecamatan", "kelurahan_desa", "desil_nasional"}, welfareRow, true
	case eligibility.Membership:
		return []string{"NO KARTU", "NIK", "NO KK", "NAMA PESERTA", "SEGMEN PESERTA", "STATUS PESERTA", "SEBAB NONAKTIF", "TMT", "TGL NONAKTIF", "KELAS RAWAT", "FASKES"}, membershipRow, true
	}
	return nil, nil, false
}

func residentRow(p *population, m *made) []any {
	sex := "L"
	if m.female {
		sex = "P"
	}
	code := strings.Split(string(m.village.Code), ".")
	return []any{m.nik, m.kk, m.name, sex, m.birthPlace, indonesian(m.born), strconv.Itoa(m.relation), m.marital, m.address,
		strconv.Itoa(m.rt), strconv.Itoa(m.rw), code[0], code[1], code[2], strings.ToUpper(p.district[m.village.Code.District()].Name),
		code[3], strings.ToUpper(m.village.Name), m.life, m.mother}
}

func welfareRow(p *population, m *made) []any {
	var desil any = "-"
	if m.desil > 0 {
		desil = m.desil
	}
	return []any{m.kk, m.nik, m.name, strconv.Itoa(m.relation), strings.ToUpper(p.district[m.village.Code.District()].Name), strings.ToUpper(m.village.Name), desil}
}

func membershipRow(_ *population, m *made) []any {
	return []any{m.card, m.nik, m.kk, m.name, m.segment, m.status, m.reason, indonesian(m.since), indonesian(m.inactiveFrom), m.class, m.facility}
}

// indonesian writes a day the way the offices do; "" when there is none.
func indonesian(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format("02-01-2006")
}
