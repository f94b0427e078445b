package web

import (
	"errors"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"layak/complaints"
	"layak/complaints/calendar"
	"layak/importers"
	"layak/internal/fault"
)

// holidaysPage lists the holidays by year.
type holidaysPage struct {
	Base
	Years   []yearRows
	Missing []int // years, the present one or later, without a whole list
	Kinds   []calendar.HolidayKind
	Form    holidayForm
	Open    bool // the form for one day is open
	Loaded  int  // of the workbook that was just read
	Bad     []importers.BadHoliday
}

type holidayForm struct{ Day, Name, Kind, Source string }

type yearRows struct {
	complaints.Year
	Past bool
	Rows []dayOffRow
}

type dayOffRow struct {
	complaints.DayOff
	Weekday string
}

func (s *Server) holidaysView(c echo.Context) (*holidaysPage, error) {
	if s.Hours == nil {
		return nil, errNoPage
	}
	years, err := s.Hours.Holidays(c.Request().Context())
	if err != nil {
		return nil, err
	}
	return newHolidaysPage(years, s.Clock().In(s.Zone).Year()), nil
}

func newHolidaysPage(years []complaints.Year, this int) *holidaysPage {
	p := &holidaysPage{Kinds: calendar.Kinds, Form: holidayForm{Kind: string(calendar.National)}}
	p.Title, p.Section = "holidays.title", "settings"
	for _, y := range years {
		row := yearRows{Year: y, Past: y.Year < this}
		for _, d := range y.Days {
			name := ""
			if t, err := time.Parse(time.DateOnly, d.Day); err == nil {
				name = calendar.DayName(t.Weekday())
			}
			row.Rows = append(row.Rows, dayOffRow{d, name})
		}
		if !y.Loaded && y.Year >= this {
			p.Missing = append([]int{y.Year}, p.Missing...)
		}
		p.Years = append(p.Years, row)
	}
	return p
}

func (s *Server) holidays(c echo.Context) error {
	p, err := s.holidaysView(c)
	if err != nil {
		return err
	}
	return s.render(c, http.StatusOK, "holidays", p)
}

func (s *Server) addHoliday(c echo.Context) error {
	if s.Hours == nil {
		return errNoPage
	}
	f := holidayForm{Day: c.FormValue("day"), Name: c.FormValue("name"), Kind: c.FormValue("kind"), Source: c.FormValue("source")}
	one := []calendar.Holiday{{Day: f.Day, Name: f.Name, Kind: calendar.HolidayKind(f.Kind), Source: f.Source}}
	err := s.Hours.AddHolidays(c.Request().Context(), one, false)
	if err != nil {
		p, viewErr := s.holidaysView(c)
		if viewErr != nil {
			return viewErr
		}
		p.Form, p.Open = f, true
		return s.again(c, err, "holidays", p)
	}
	s.flash(c, "holidays.added")
	return s.redirect(c, "/settings/holidays")
}

func (s *Server) removeHoliday(c echo.Context) error {
	if s.Hours == nil {
		return errNoPage
	}
	err := s.Hours.RemoveHoliday(c.Request().Context(), c.FormValue("day"))
	if err != nil && !fault.Is(err, fault.NotFound) { // gone already is as wished
		return err
	}
	s.flash(c, "holidays.removed")
	return s.redirect(c, "/settings/holidays")
}

// importHolidays loads a workbook. What could not be taken is shown with its row number.
func (s *Server) importHolidays(c echo.Context) error {
	if s.Hours == nil {
		return errNoPage
	}
	list, bad, err := readHolidayFile(c)
	if err == nil {
		err = s.Hours.AddHolidays(c.Request().Context(), list, c.FormValue("whole") == "yes")
	}
	if err == nil && len(bad) == 0 {
		s.flash(c, "holidays.loaded")
		return s.redirect(c, "/settings/holidays")
	}
	p, viewErr := s.holidaysView(c)
	if viewErr != nil {
		return viewErr
	}
	if err == nil {
		p.Loaded, p.Bad = len(list), bad
		return s.render(c, http.StatusOK, "holidays", p)
	}
	if f := fault.As(err); f != nil && f.Kind == fault.Invalid && len(f.Fields) == 0 {
		err = f.At("file", f.Message)
	}
	return s.again(c, err, "holidays", p)
}

func readHolidayFile(c echo.Context) ([]calendar.Holiday, []importers.BadHoliday, error) {
	header, err := c.FormFile("file")
	if errors.Is(err, http.ErrMissingFile) || errors.Is(err, http.ErrNotMultipart) {
		return nil, nil, fault.New(fault.Invalid, "file_missing", "Pilih berkas Excel (.xlsx) daftar libur yang hendak dimuat.")
	}
	if err != nil {
		return nil, nil, err
	}
	file, err := header.Open()
	if err != nil {
		return nil, nil, err
	}
	defer file.Close()
	return importers.ReadHolidays(c.Request().Context(), importers.File{Name: baseOf(header.Filename), Reader: file, Size: header.Size})
}
