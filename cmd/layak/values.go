package main

import (
	"time"

	"layak/eligibility"
	"layak/internal/area"
	"layak/internal/fault"
)

// dateFlag is a calendar day on the command line.
type dateFlag eligibility.Date

// UnmarshalText accepts YYYY-MM-DD.
func (d *dateFlag) UnmarshalText(text []byte) error {
	day, err := eligibility.ParseDate(string(text))
	if err != nil {
		return err
	}
	*d = dateFlag(day)
	return nil
}

// noon is the middle of the day in the office's zone; the zero time when no day was given.
func (d dateFlag) noon() time.Time {
	if d == "" {
		return time.Time{}
	}
	t := eligibility.Date(d).Time()
	return time.Date(t.Year(), t.Month(), t.Day(), 12, 0, 0, 0, eligibility.WIB)
}

// areaFlag is an area that exists, with or without dots.
type areaFlag area.Code

// UnmarshalText accepts a Kemendagri code.
func (a *areaFlag) UnmarshalText(text []byte) error {
	c, ok := area.Parse(string(text))
	if !ok {
		return fault.New(fault.Invalid, "area_unknown",
			"Kode wilayah "+string(text)+" tidak ada dalam daftar Kemendagri, misalnya 35.09.")
	}
	*a = areaFlag(c)
	return nil
}
