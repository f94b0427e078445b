package calendar

import (
	"errors"
	"math/big"
	"slices"
	"strings"
	"testing"
	"time"
)

func hm(h, m int) Minute { return Minute(h*60 + m) }

// office is Monday to Thursday 08-16, Friday 08-11.30 and 13-16.
func office() *Calendar {
	full := []Span{{hm(8, 0), hm(16, 0)}}
	return &Calendar{
		Zone:     Jakarta,
		Week:     Week{1: full, 2: full, 3: full, 4: full, 5: {{hm(8, 0), hm(11, 30)}, {hm(13, 0), hm(16, 0)}}},
		Holidays: map[string]Holiday{}, Years: map[int]bool{2026: true},
	}
}

func (c *Calendar) with(change func(*Calendar)) *Calendar { change(c); return c }

func (c *Calendar) closedOn(day string, kind HolidayKind, name string) *Calendar {
	c.Holidays[day] = Holiday{Day: day, Name: name, Kind: kind}
	return c
}

// at reads "2026-11-23 08:00" in the zone of the calendar.
func at(t testing.TB, c *Calendar, text string) time.Time {
	t.Helper()
	m, err := time.ParseInLocation("2006-01-02 15:04", text, c.Zone)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func days(n int) Limit  { return Limit{n, WorkingDays} }
func hours(n int) Limit { return Limit{n, WorkingHours} }

// 23 November 2026 is a Monday.
func TestDue(t *testing.T) {
	night := &Calendar{Zone: Jakarta, Years: map[int]bool{2026: true}, Week: Week{
		5: {{hm(20, 0), 1440}}, 6: {{0, hm(4, 0)}, {hm(20, 0), 1440}}, 0: {{0, hm(4, 0)}},
	}}
	saturday := office().with(func(c *Calendar) { c.Week[6] = []Span{{hm(8, 0), hm(13, 0)}} })
	hospital := &Calendar{Zone: Jakarta, Week: Always(), Works: Kinds, Holidays: map[string]Holiday{}, Years: map[int]bool{}}
	friday := office().with(func(c *Calendar) { c.Week[5] = []Span{{hm(8, 0), hm(17, 0)}} })
	cases := []struct {
		name   string
		cal    *Calendar
		start  string
		limit  Limit
		pauses [][2]string // the second "" is open
		now    string
		want   string
	}{
		{"three working days from a Monday end at closing on Thursday", office(), "2026-11-23 09:00", days(3), nil, "", "2026-11-26 16:00"},
		{"the minute of the day of the obligation does not matter", office(), "2026-11-23 23:59", days(3), nil, "", "2026-11-26 16:00"},
		{"a weekend lies between", office(), "2026-11-26 09:00", days(2), nil, "", "2026-11-30 16:00"},
		{"a half day weighs a whole one", saturday, "2026-11-27 10:00", days(1), nil, "", "2026-11-28 13:00"},
		{"Friday 16:30 and an hour", friday, "2026-11-27 16:30", hours(1), nil, "", "2026-11-30 08:30"},
		{"the last minute of Friday", friday, "2026-11-27 16:00", hours(1), nil, "", "2026-11-27 17:00"},
		{"hours over a lunch break", office(), "2026-11-27 11:00", hours(1), nil, "", "2026-11-27 13:30"},
		{"an amount that ends with a span does not wait for the next", office(), "2026-11-27 10:30", hours(1), nil, "", "2026-11-27 11:30"},
		{"filed in the night", office(), "2026-11-23 02:00", hours(2), nil, "", "2026-11-23 10:00"},
		{"filed after closing", office(), "2026-11-23 19:00", hours(2), nil, "", "2026-11-24 10:00"},
		{"filed on a Sunday, in hours", office(), "2026-11-22 12:00", hours(8), nil, "", "2026-11-23 16:00"},
		{"filed on a Sunday, in days", office(), "2026-11-22 12:00", days(1), nil, "", "2026-11-23 16:00"},
		{"midnight spans, hours go through midnight", night, "2026-11-27 21:00", hours(6), nil, "", "2026-11-28 03:00"},
		{"midnight spans, hours jump over the day", night, "2026-11-28 03:00", hours(2), nil, "", "2026-11-28 21:00"},
		{"midnight spans, each calendar day weighs one", night, "2026-11-27 21:00", days(2), nil, "", "2026-11-29 04:00"},
		{"a holiday inside", office().closedOn("2026-11-24", Local, "Hari jadi"), "2026-11-23 15:00", hours(2), nil, "", "2026-11-25 09:00"},
		{"a holiday pushes days", office().closedOn("2026-11-24", National, "X"), "2026-11-23 09:00", days(3), nil, "", "2026-11-27 16:00"},
		{"start on a holiday", office().closedOn("2026-11-23", National, "X"), "2026-11-23 09:00", hours(1), nil, "", "2026-11-24 09:00"},
		{"a hospital works on a holiday", hospital.closedOn("2026-12-25", National, "Natal"), "2026-12-25 03:00", hours(4), nil, "", "2026-12-25 07:00"},
		{"a 24-hour desk counts whole days", hospital, "2026-11-23 09:00", days(3), nil, "", "2026-11-27 00:00"},
		{"day and night", office(), "2026-11-28 22:00", Limit{4, Hours}, nil, "", "2026-11-29 02:00"},
		{"day and night with a pause", office(), "2026-11-28 22:00", Limit{4, Hours}, [][2]string{{"2026-11-28 23:00", "2026-11-29 01:00"}}, "", "2026-11-29 04:00"},

		{"two hours of pause move the end by a quarter of a day", office(), "2026-11-23 09:00", days(1), [][2]string{{"2026-11-24 10:00", "2026-11-24 12:00"}}, "", "2026-11-25 10:00"},
		{"a fifth of a long day is less time on a short one", saturday, "2026-11-26 09:00", days(1), [][2]string{{"2026-11-27 08:00", "2026-11-27 09:18"}}, "", "2026-11-28 09:00"},
		{"a pause over a holiday costs only working time", office().closedOn("2026-11-25", National, "X"), "2026-11-23 08:00", hours(16), [][2]string{{"2026-11-24 12:00", "2026-11-26 12:00"}}, "", "2026-11-26 16:00"},
		{"a pause outside working time costs nothing", office(), "2026-11-23 09:00", days(3), [][2]string{{"2026-11-24 16:00", "2026-11-25 08:00"}}, "", "2026-11-26 16:00"},
		{"a pause on the day of the obligation costs nothing", office(), "2026-11-23 09:00", days(3), [][2]string{{"2026-11-23 10:00", "2026-11-23 15:00"}}, "", "2026-11-26 16:00"},
		{"an open pause counts to now", office(), "2026-11-23 09:00", days(1), [][2]string{{"2026-11-24 10:00", ""}}, "2026-11-24 12:00", "2026-11-25 10:00"},
		{"a pause behind the deadline changes nothing", office(), "2026-11-23 09:00", days(1), [][2]string{{"2026-11-25 10:00", ""}}, "2026-11-30 12:00", "2026-11-24 16:00"},
		{"pauses in any order, on top of each other", office(), "2026-11-23 09:00", days(1), [][2]string{{"2026-11-24 11:00", "2026-11-24 12:00"}, {"2026-11-24 10:00", "2026-11-24 11:30"}}, "", "2026-11-25 10:00"},
		{"a whole day paused", office(), "2026-11-23 09:00", days(1), [][2]string{{"2026-11-24 00:00", "2026-11-25 00:00"}}, "", "2026-11-25 16:00"},
		{"paused until the end of a span", office(), "2026-11-27 09:00", hours(3), [][2]string{{"2026-11-27 10:00", "2026-11-27 13:00"}}, "", "2026-11-27 15:00"},
		{"from December to January", office().with(func(c *Calendar) { c.Years[2027] = true }).closedOn("2027-01-01", National, "Tahun Baru"), "2026-12-30 09:00", days(2), nil, "", "2027-01-04 16:00"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			var pauses []Pause
			for _, p := range c.pauses {
				pause := Pause{From: at(t, c.cal, p[0]), Why: "Menunggu pelapor"}
				if p[1] != "" {
					pause.Until = at(t, c.cal, p[1])
				}
				pauses = append(pauses, pause)
			}
			now := at(t, c.cal, c.start)
			if c.now != "" {
				now = at(t, c.cal, c.now)
			}
			got, err := c.cal.Due(at(t, c.cal, c.start).UTC(), c.limit, pauses, now)
			if err != nil {
				t.Fatal(err)
			}
			if want := at(t, c.cal, c.want); !got.Due.Equal(want) {
				t.Errorf("due %s, want %s", got.Due.In(c.cal.Zone).Format("Mon 2006-01-02 15:04:05.000000"), c.want)
			}
			line, err := c.cal.Explain(at(t, c.cal, c.start), c.limit, pauses, now)
			if err != nil || !line.Due.Equal(got.Due) {
				t.Errorf("the timeline ends at %s, the count at %s (%v)", line.Due, got.Due, err)
			}
		})
	}
}

// The same moment is another time of the day, and maybe another day, in each zone.
func TestZones(t *testing.T) {
	moment := time.Date(2026, 11, 23, 15, 30, 0, 0, time.UTC) // Monday 22.30 WIB, Tuesday 00.30 WIT
	for _, c := range []struct{ zone, want string }{
		{"Asia/Jakarta", "2026-11-24 16:00"}, {"Asia/Makassar", "2026-11-24 16:00"}, {"Asia/Jayapura", "2026-11-25 16:00"},
	} {
		cal := office()
		cal.Zone, _ = ZoneOf(c.zone)
		got, err := cal.Due(moment, days(1), nil, moment)
		if err != nil || !got.Due.Equal(at(t, cal, c.want)) {
			t.Errorf("%s: due %s, %v, want %s", c.zone, got.Due.In(cal.Zone), err, c.want)
		}
	}
	if _, ok := ZoneOf("Europe/Berlin"); ok {
		t.Error("a zone outside Indonesia was found")
	}
}

func TestYearWithoutList(t *testing.T) {
	start := at(t, office(), "2026-12-30 09:00")
	for _, c := range []struct {
		name  string
		cal   *Calendar
		limit Limit
		want  []int
	}{
		{"within the year", office(), days(1), nil},
		{"into the next", office(), days(3), []int{2027}},
		{"sixty days", office().with(func(c *Calendar) { c.Years = nil }), days(14), []int{2026, 2027}},
		{"an office that works on holidays does not care", office().with(func(c *Calendar) { c.Works = []HolidayKind{National, Leave} }), days(3), nil},
		{"nor do hours of day and night", office(), Limit{96, Hours}, nil},
	} {
		got, err := c.cal.Due(start, c.limit, nil, start)
		if err != nil || !slices.Equal(got.Unlisted, c.want) || len(got.Warnings()) != len(c.want) {
			t.Errorf("%s: %v, %v, want %v", c.name, got.Unlisted, err, c.want)
		}
	}
}

func TestTimeline(t *testing.T) {
	cal := office().closedOn("2026-12-24", Leave, "Natal").closedOn("2026-12-25", National, "Kelahiran Yesus Kristus (Natal)")
	start := at(t, cal, "2026-12-22 10:00")
	pauses := []Pause{{From: at(t, cal, "2026-12-23 12:00"), Until: at(t, cal, "2026-12-23 14:00"), Why: "Menunggu pelapor"}}
	line, err := cal.Explain(start, days(2), pauses, start)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, s := range line.Stretches {
		why := s.Why
		if s.Counted() {
			why = big.NewRat(int64(s.Amount*1000), 1000).FloatString(2)
		}
		got = append(got, s.From.In(cal.Zone).Format("02/15:04")+" "+s.Until.In(cal.Zone).Format("02/15:04")+" "+why)
	}
	want := []string{
		"22/10:00 23/00:00 Hari mulainya tidak dihitung",
		"23/00:00 23/08:00 Di luar jam kerja", "23/08:00 23/12:00 0.50", "23/12:00 23/14:00 Menunggu pelapor", "23/14:00 23/16:00 0.25",
		"23/16:00 24/00:00 Di luar jam kerja", "24/00:00 25/00:00 Cuti bersama: Natal", "25/00:00 26/00:00 Libur nasional: Kelahiran Yesus Kristus (Natal)",
		"26/00:00 28/00:00 Akhir pekan", "28/00:00 28/08:00 Di luar jam kerja", "28/08:00 28/16:00 1.00",
		"28/16:00 29/08:00 Di luar jam kerja", "29/08:00 29/10:00 0.25",
	}
	if !slices.Equal(got, want) {
		t.Errorf("timeline\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestWorked(t *testing.T) {
	cal := office().closedOn("2026-11-24", National, "X")
	for _, c := range []struct {
		from, to string
		want     time.Duration
	}{
		{"2026-11-23 15:00", "2026-11-25 09:00", 2 * time.Hour},
		{"2026-11-27 11:00", "2026-11-27 13:30", time.Hour},
		{"2026-11-28 00:00", "2026-11-30 00:00", 0},
		{"2026-11-25 09:00", "2026-11-23 09:00", 0},
	} {
		if got := cal.Worked(at(t, cal, c.from), at(t, cal, c.to), nil); got != c.want {
			t.Errorf("worked %s to %s: %s, want %s", c.from, c.to, got, c.want)
		}
	}
}

func TestPercent(t *testing.T) {
	cal := office()
	start := at(t, cal, "2026-11-23 09:00")
	for percent, want := range map[int]string{0: "2026-11-23 09:00", 50: "2026-11-25 16:00", 75: "2026-11-26 16:00", 100: "2026-11-30 16:00", 60: "2026-11-26 11:12"} {
		got, err := cal.At(start, days(4), percent, nil, start)
		if percent == 100 {
			want = "2026-11-27 16:00"
		}
		if err != nil || !got.Equal(at(t, cal, want)) {
			t.Errorf("%d %% of four days: %s, %v, want %s", percent, got.In(cal.Zone), err, want)
		}
	}
}

func TestNoEnd(t *testing.T) {
	start := at(t, office(), "2026-11-23 09:00")
	endless := office()
	for y := 2026; y < 2090; y++ {
		for d := time.Date(y, 1, 1, 0, 0, 0, 0, time.UTC); d.Year() == y; d = d.AddDate(0, 0, 1) {
			endless.closedOn(d.Format(time.DateOnly), National, "X")
		}
	}
	for _, c := range []struct {
		name  string
		cal   *Calendar
		start time.Time
		limit Limit
		want  error
	}{
		{"a week without work", &Calendar{Zone: Jakarta}, start, days(1), ErrEmptyWeek},
		{"nothing", office(), start, days(0), ErrAmount},
		{"less than nothing", office(), start, hours(-4), ErrAmount},
		{"an absurd amount", office(), start, days(1 << 30), ErrAmount},
		{"an unknown measure", office(), start, Limit{1, "weeks"}, ErrAmount},
		{"holidays for ever", endless, start, days(1), ErrTooFar},
		{"a year that is none", office(), time.Date(90000, 1, 1, 0, 0, 0, 0, time.UTC), days(1), ErrTooFar},
	} {
		_, err := c.cal.Due(c.start, c.limit, nil, start)
		if !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
	}
}

func TestWeekValidate(t *testing.T) {
	for _, c := range []struct {
		name string
		week Week
		bad  string // field, "" is good
	}{
		{"an office", office().Week, ""},
		{"always", Always(), ""},
		{"night as two spans", Week{1: {{hm(20, 0), 1440}}, 2: {{0, hm(4, 0)}}}, ""},
		{"nothing at all", Week{}, "week"},
		{"closes before it opens", Week{1: {{hm(16, 0), hm(8, 0)}}}, "day1"},
		{"empty span", Week{3: {{hm(8, 0), hm(8, 0)}}}, "day3"},
		{"beyond midnight", Week{6: {{hm(20, 0), hm(26, 0)}}}, "day6"},
		{"out of order", Week{1: {{hm(13, 0), hm(16, 0)}, {hm(8, 0), hm(12, 0)}}}, "day1"},
		{"on top of each other", Week{1: {{hm(8, 0), hm(12, 0)}, {hm(11, 0), hm(16, 0)}}}, "day1"},
		{"touching", Week{1: {{hm(8, 0), hm(12, 0)}, {hm(12, 0), hm(16, 0)}}}, "day1"},
		{"before midnight", Week{0: {{-5, 10}}}, "day0"},
	} {
		err := c.week.Validate()
		switch {
		case c.bad == "" && err != nil:
			t.Errorf("%s: %v", c.name, err)
		case c.bad != "" && (err == nil || !strings.Contains(fields(err), c.bad)):
			t.Errorf("%s: %v, want a problem at %s", c.name, err, c.bad)
		}
	}
}

func TestShipped(t *testing.T) {
	years, err := Shipped()
	if err != nil {
		t.Fatal(err)
	}
	for year, want := range map[int][2]int{2025: {17, 11}, 2026: {17, 8}} {
		var national, leave int
		seen := map[string]bool{}
		for _, h := range years[year] {
			if seen[h.Day] || h.Source == "" {
				t.Errorf("%s stands twice or without its decree", h.Day)
			}
			seen[h.Day] = true
			switch h.Kind {
			case National:
				national++
			case Leave:
				leave++
				if d, _ := time.Parse(time.DateOnly, h.Day); d.Weekday() == time.Sunday || d.Weekday() == time.Saturday {
					t.Errorf("cuti bersama on a weekend: %s", h.Day)
				}
			}
		}
		if national != want[0] || leave != want[1] {
			t.Errorf("%d: %d national, %d leave, want %v", year, national, leave, want)
		}
	}
}
