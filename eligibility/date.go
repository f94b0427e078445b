package eligibility

import (
	"strconv"
	"time"

	"layak/internal/fault"
)

// Date is a calendar day as YYYY-MM-DD, which sorts as text; "" is unknown.
type Date string

// ParseDate accepts exactly YYYY-MM-DD of an existing day.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil || t.Year() < 1800 || t.Year() > 2200 {
		return "", fault.New(fault.Invalid, "date_invalid", "Tanggal harus ditulis TTTT-BB-HH, misalnya 2026-11-21.")
	}
	return Date(s), nil
}

// DateOf is the calendar day of t in t's own zone.
func DateOf(t time.Time) Date { return Date(t.Format(time.DateOnly)) }

// Time is midnight UTC of the day; the zero time when unknown.
func (d Date) Time() time.Time {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return time.Time{}
	}
	return t
}

var shortMonths = [...]string{"Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des"}

// Words is the day as it is read: "1 Des 2026"; what is no day stays as it is.
func (d Date) Words() string {
	t := d.Time()
	if t.IsZero() {
		return string(d)
	}
	return strconv.Itoa(t.Day()) + " " + shortMonths[t.Month()-1] + " " + strconv.Itoa(t.Year())
}

// AgeOn is the age in full years on the day; -1 when either is unknown.
func (d Date) AgeOn(day Date) int {
	b, on := d.Time(), day.Time()
	if b.IsZero() || on.IsZero() {
		return -1
	}
	age := on.Year() - b.Year()
	if on.Month() < b.Month() || (on.Month() == b.Month() && on.Day() < b.Day()) {
		age--
	}
	return age
}
