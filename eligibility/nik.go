package eligibility

import (
	"strings"
	"time"
	"unicode"

	"layak/internal/area"
	"layak/internal/fault"
)

// NIK is the 16-digit number of a resident, always text. It is permanent and says where it was
// first registered, never where its owner lives today.
type NIK string

// KK is the 16-digit number of a family card.
type KK string

// digits drops everything that people and spreadsheets put around the digits of a number: spaces,
// dots, dashes, apostrophes and invisible characters. Any other character is kept, so that it is
// refused later.
func digits(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r), unicode.Is(unicode.Cf, r), unicode.IsControl(r),
			strings.ContainsRune(".-'’‘`\u00a0", r):
			return -1
		}
		return r
	}, s)
}

func sixteen(s string) (string, bool) {
	s = digits(s)
	if len(s) != 16 {
		return s, false
	}
	for _, r := range s {
		if r < '0' || r > '9' {
			return s, false
		}
	}
	return s, true
}

// ParseNIK cleans s and accepts 16 digits whose province exists; anything else cannot be a NIK.
// An impossible date inside is a warning only, see NIK.Birth.
func ParseNIK(s string) (NIK, error) {
	d, ok := sixteen(s)
	if !ok {
		return "", fault.New(fault.Invalid, "nik_length", "NIK harus 16 angka. Periksa lagi angka di KTP atau KK.")
	}
	if _, ok := area.Lookup(area.Code(d[:2])); !ok {
		return "", fault.New(fault.Invalid, "nik_province", "Dua angka pertama NIK bukan kode provinsi. Periksa lagi angka di KTP atau KK.")
	}
	return NIK(d), nil
}

// ParseKK cleans s and accepts 16 digits.
func ParseKK(s string) (KK, error) {
	d, ok := sixteen(s)
	if !ok {
		return "", fault.New(fault.Invalid, "kk_length", "Nomor KK harus 16 angka. Periksa lagi angka di Kartu Keluarga.")
	}
	return KK(d), nil
}

// Birth reads day, month, two-digit year and sex (women: day + 40) out of the NIK. ok is false
// when they form no date in the century; the NIK may still be right.
func (n NIK) Birth() (dayMonthYear string, sex string, ok bool) {
	if len(n) != 16 {
		return "", "", false
	}
	day := int(n[6]-'0')*10 + int(n[7]-'0')
	sex = "L"
	if day > 40 {
		day, sex = day-40, "P"
	}
	s := string([]byte{byte('0' + day/10), byte('0' + day%10)}) + string(n[8:12])
	// 2000 was a leap year and so was 1900+4k; a day that no year 19xx/20xx has is impossible.
	if _, err := time.Parse("02012006", s[:4]+"20"+s[4:]); err == nil {
		return s, sex, true
	}
	if _, err := time.Parse("02012006", s[:4]+"19"+s[4:]); err == nil {
		return s, sex, true
	}
	return "", "", false
}

// Matches tells whether birth date and sex agree with the NIK; an unknown value agrees.
func (n NIK) Matches(born Date, sex string) bool {
	dmy, s, ok := n.Birth()
	if !ok {
		return false
	}
	if sex != "" && sex != s {
		return false
	}
	if born == "" {
		return true
	}
	t := born.Time()
	return t.Format("020106") == dmy
}

// Masked shows the area and the serial only: 350919••••••0001.
func (n NIK) Masked() string { return mask(string(n)) }

// Masked shows the area and the serial only.
func (k KK) Masked() string { return mask(string(k)) }

func mask(s string) string {
	if len(s) != 16 {
		return strings.Repeat("•", len(s))
	}
	return s[:6] + "••••••" + s[12:]
}

// MaskName shows the first word and the first letter of the others: "Siti A•••••". A name of one
// word would be shown whole, so of that only the first letter stands: "S•••••".
func MaskName(name string) string {
	words := strings.Fields(name)
	for i, w := range words {
		if i == 0 && len(words) > 1 {
			continue
		}
		r := []rune(w)
		words[i] = string(r[0]) + "•••••"
	}
	return strings.Join(words, " ")
}
