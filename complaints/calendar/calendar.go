package calendar

import "time"

// Minute is a moment of a day in minutes from midnight, 0 to 1440. A span that ends after midnight
// is written as two spans.
type Minute int

// Span is working time of one day, from From up to but without To.
type Span struct {
	From Minute `json:"from"`
	To   Minute `json:"to"`
}

// Week is the spans of each weekday, Sunday first as in package time. Spans of a day are in order
// and do not touch.
type Week [7][]Span

// HolidayKind tells which offices a holiday binds.
type HolidayKind string

// The kinds: national holidays, cuti bersama (joint leave of government offices), and days that the
// regency closes by itself.
const (
	National HolidayKind = "national"
	Leave    HolidayKind = "leave"
	Local    HolidayKind = "local"
)

// Holiday is one day off.
type Holiday struct {
	Day    string      `json:"day"` // YYYY-MM-DD
	Name   string      `json:"name"`
	Kind   HolidayKind `json:"kind"`
	Source string      `json:"source"` // decree
}

// Calendar is the working time of one office.
type Calendar struct {
	Zone  *time.Location
	Week  Week
	Works []HolidayKind // holidays of these kinds are ordinary days here (hospitals, 24-hour desks)
	// Holidays by day; Years are the years whose list was loaded. A count that needs another year
	// carries a warning.
	Holidays map[string]Holiday
	Years    map[int]bool
}

// Measure is how an amount of time is counted.
type Measure string

// The measures.
//
// WorkingDays: the day of the obligation itself does not count; counting begins with the opening of
// the next working day, every working day, half or whole, weighs one, spread evenly over its spans.
// So three working days from a Monday morning end when the office closes on Thursday, and two hours
// of pause on an eight-hour day move the end by a quarter of a day.
//
// WorkingHours count the spans from the moment itself. Hours count day and night.
const (
	WorkingDays  Measure = "working_days"
	WorkingHours Measure = "working_hours"
	Hours        Measure = "hours"
)

// Limit is an amount of time: Amount days or hours.
type Limit struct {
	Amount  int     `json:"amount"`
	Measure Measure `json:"measure"`
}

// Pause is a stretch in which a count stands still. A zero Until has no end yet.
type Pause struct {
	From  time.Time `json:"from"`
	Until time.Time `json:"until"`
	Why   string    `json:"why"`
}
