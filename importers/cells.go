package importers

import (
	"strconv"
	"strings"
	"time"
	"unicode"

	"layak/eligibility"
)

// clean removes what spreadsheets put around a value: invisible characters, line breaks, doubled
// spaces, a leading apostrophe. "-" and its like mean that the cell is empty.
func clean(s string) string {
	if s == "" {
		return ""
	}
	if !tidy(s) {
		s = cleanSlow(s)
	}
	switch s {
	case "-", "--", "---", "_", ".", "#N/A", "N/A", "n/a", "NULL", "null", "Null", "(null)", "–", "—", "NaN", "nan":
		return ""
	}
	return s
}

// tidy tells whether nothing needs to be done: plain letters with single spaces between.
func tidy(s string) bool {
	if s[0] <= ' ' || s[0] == '\'' || s[0] == '`' || s[len(s)-1] <= ' ' {
		return false
	}
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c < ' ' || c >= 0x7f || c == ' ' && s[i+1] == ' ' {
			return false
		}
	}
	return true
}

func cleanSlow(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	space := false
	for _, r := range s {
		switch {
		case unicode.IsSpace(r):
			space = true
			continue
		case unicode.Is(unicode.Cf, r), unicode.IsControl(r), r == unicode.ReplacementChar, unicode.Is(unicode.Co, r):
			continue
		}
		if space && b.Len() > 0 {
			b.WriteByte(' ')
		}
		space = false
		b.WriteRune(r)
	}
	return strings.TrimSpace(strings.TrimLeft(b.String(), "'’‘`´ "))
}

// brokenFormula tells whether the cell shows the error of a formula.
func brokenFormula(s string) bool {
	switch s {
	case "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!":
		return true
	}
	return false
}

// wholeNumber drops the ".0" that other programs append to numbers.
func wholeNumber(s string) string {
	if i := strings.IndexByte(s, '.'); i > 0 && strings.Trim(s[i+1:], "0") == "" && allDigits(s[:i]) {
		return s[:i]
	}
	return s
}

func allDigits(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// scientific tells whether a number is written like 3.50919E+15: its digits are gone.
func scientific(s string) bool {
	i := strings.IndexAny(s, "Ee")
	if i < 1 || i > 24 {
		return false
	}
	mantissa := strings.Map(func(r rune) rune {
		if r == '.' || r == ',' {
			return -1
		}
		return r
	}, s[:i])
	return allDigits(mantissa) && allDigits(strings.TrimLeft(s[i+1:], "+"))
}

// onlyDigits keeps the digits of a number and drops spaces, dots, dashes and apostrophes; ok is
// false when other characters stand in it.
func onlyDigits(s string) (string, bool) {
	s = wholeNumber(s)
	if allDigits(s) {
		return s, true
	}
	var b []byte
	for _, r := range s {
		switch {
		case r >= '0' && r <= '9':
			b = append(b, byte(r))
		case r == ' ', r == '.', r == '-', r == '\'', r == '’', r == '`', r == '‘':
		default:
			return s, false
		}
	}
	return string(b), true
}

var months = func() map[string]time.Month {
	m := map[string]time.Month{}
	for i, words := range []string{
		"januari jan january", "februari feb pebruari peb february", "maret mar mrt march", "april apr", "mei may", "juni jun june",
		"juli jul july", "agustus agu ags agst agt aug august", "september sep sept", "oktober okt oct october",
		"november nov nop nopember", "desember des dec december",
	} {
		for _, w := range strings.Fields(words) {
			m[w] = time.Month(i + 1)
		}
	}
	return m
}()

// parseDate reads a day as people and spreadsheets write it: day first with any separator, ISO,
// eight digits, Indonesian month names, and serial numbers (from 1904 when date04). A year of two
// digits is refused: nobody can tell 1925 from 2025.
func parseDate(s string, date04 bool) (eligibility.Date, bool) {
	s = strings.TrimSpace(s)
	if i := strings.IndexByte(s, 'T'); i == 10 {
		s = s[:10] // 2020-01-05T00:00:00Z
	}
	if n := wholeNumber(s); allDigits(n) {
		return numericDate(n, date04)
	}
	if strings.Count(s, ".") == 1 && allDigits(strings.Replace(s, ".", "", 1)) {
		return numericDate(s[:strings.IndexByte(s, '.')], date04) // serial with a time of day
	}
	parts := strings.FieldsFunc(s, func(r rune) bool {
		return r == '/' || r == '-' || r == '.' || r == ' ' || r == ',' || r == '_' || r == '–'
	})
	if len(parts) > 3 && strings.Contains(parts[3], ":") {
		parts = parts[:3] // a time of day behind the date
	}
	if len(parts) != 3 {
		return "", false
	}
	if len(parts[0]) == 4 {
		parts[0], parts[2] = parts[2], parts[0]
	}
	if len(parts[2]) != 4 || !allDigits(parts[2]) || !allDigits(parts[0]) || len(parts[0]) > 2 {
		return "", false
	}
	day, _ := strconv.Atoi(parts[0])
	year, _ := strconv.Atoi(parts[2])
	month, ok := months[strings.ToLower(parts[1])]
	if !ok {
		if !allDigits(parts[1]) || len(parts[1]) > 2 {
			return "", false
		}
		m, _ := strconv.Atoi(parts[1])
		month = time.Month(m)
	}
	return makeDate(year, int(month), day)
}

// numericDate reads digits alone: eight are a day, five are a serial.
func numericDate(n string, date04 bool) (eligibility.Date, bool) {
	switch len(n) {
	case 8:
		day, _ := strconv.Atoi(n[:2])
		month, _ := strconv.Atoi(n[2:4])
		year, _ := strconv.Atoi(n[4:])
		if d, ok := makeDate(year, month, day); ok {
			return d, true
		}
		year, _ = strconv.Atoi(n[:4])
		month, _ = strconv.Atoi(n[4:6])
		day, _ = strconv.Atoi(n[6:])
		return makeDate(year, month, day)
	case 5, 4:
		serial, _ := strconv.Atoi(n)
		if serial >= 1850 && serial <= 2100 && len(n) == 4 {
			return "", false // a year alone
		}
		return serialDate(serial, date04)
	}
	return "", false
}

// serialDate counts days as Excel does. Day 60 of the 1900 system is 29 February 1900, which never
// was; days before it are one off.
func serialDate(serial int, date04 bool) (eligibility.Date, bool) {
	base := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	switch {
	case date04:
		base = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	case serial == 60:
		return "", false
	case serial < 60:
		serial++
	}
	t := base.AddDate(0, 0, serial)
	return makeDate(t.Year(), int(t.Month()), t.Day())
}

func makeDate(year, month, day int) (eligibility.Date, bool) {
	if year < 1800 || year > 2200 || month < 1 || month > 12 || day < 1 || day > daysIn(year, month) {
		return "", false
	}
	b := [10]byte{
		byte('0' + year/1000), byte('0' + year/100%10), byte('0' + year/10%10), byte('0' + year%10), '-',
		byte('0' + month/10), byte('0' + month%10), '-', byte('0' + day/10), byte('0' + day%10),
	}
	return eligibility.Date(b[:]), true
}

func daysIn(year, month int) int {
	switch month {
	case 4, 6, 9, 11:
		return 30
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	}
	return 31
}

// padRT gives RT and RW their lost zeros back: "1" is "001".
func padRT(s string) string {
	s = strings.TrimSpace(s)
	for _, p := range []string{"RT", "RW", "rt", "rw", "Rt", "Rw"} {
		s = strings.TrimLeft(strings.TrimPrefix(s, p), " .:")
	}
	s = wholeNumber(s)
	if !allDigits(s) || len(s) >= 3 {
		return s
	}
	return "000"[len(s):] + s
}
