package policy

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// DaysApart lists the days, YYYY-MM-DD in order, on which dated values begin or fall away that only one of
// two bundles has, and on which the two then hold different values. A value that is taken back on a later
// day gives no such day there: from then on both say the same again. Of a bundle whose data.json cannot be
// read there is none.
func DaysApart(a, b Bundle) []string {
	one, err := Params(a)
	if err != nil {
		return nil
	}
	other, err := Params(b)
	if err != nil {
		return nil
	}
	days := map[string]bool{}
	for day := range onlyIn(one, other) {
		days[day] = true
	}
	for day := range onlyIn(other, one) {
		days[day] = true
	}
	out := slices.Sorted(maps.Keys(days))
	return slices.DeleteFunc(out, func(day string) bool { return maps.Equal(valuesOn(one, day), valuesOn(other, day)) })
}

// DayThatCounts is the day for which other rules have to be looked at: the last of the days on which they
// lie apart when that is yet to come, else today.
func DayThatCounts(apart []string, today string) string {
	if n := len(apart); n > 0 && apart[n-1] > today {
		return apart[n-1]
	}
	return today
}

// DaysThatCount are all days for which other rules have to be looked at, in order: those yet to come on
// which they lie apart, and today when something of them holds at once (see BeginsAtOnce) or nothing is to
// come.
func DaysThatCount(apart []string, begins bool, today string) []string {
	var days []string
	for _, day := range apart {
		if day > today {
			days = append(days, day)
		}
	}
	if begins || len(days) < len(apart) || len(days) == 0 {
		days = append([]string{today}, days...)
	}
	return days
}

// BeginsAtOnce tells that two bundles differ in more than dated values: in rules or in schemas, which hold
// from the moment of their activation. Tests decide nothing.
func BeginsAtOnce(a, b Bundle) bool {
	decides := func(one, other Bundle) bool {
		for name, text := range one.Files {
			if name == one.paramsName() || strings.HasSuffix(name, "_test.rego") || name == ".manifest" {
				continue
			}
			if !bytes.Equal(text, other.Files[name]) {
				return true
			}
		}
		return false
	}
	return decides(a, b) || decides(b, a)
}

// Routes tells whether a bundle holds rules of routing; those that were written before there was routing do
// not.
func Routes(b Bundle) bool { return b.routes() }

// dated is a value with the day on which it begins; that of another source is the same.
type dated struct{ name, from, value string }

func datedOf(p Param) dated { return dated{p.Name, p.ValidFrom, encodedValue(p.Value)} }

func encodedValue(v any) string {
	text, _ := json.Marshal(v) // it was read out of JSON
	return string(text)
}

// onlyIn gives the days of the values that a list has and another one has not.
func onlyIn(list, other []Param) map[string]bool {
	known := map[dated]bool{}
	for _, p := range other {
		known[datedOf(p)] = true
	}
	days := map[string]bool{}
	for _, p := range list {
		if !known[datedOf(p)] {
			days[p.ValidFrom] = true
		}
	}
	return days
}

// valuesOn are the values in force on a day, by name; a list holds the newest of a name first.
func valuesOn(list []Param, day string) map[string]string {
	out := map[string]string{}
	for _, p := range list {
		if _, has := out[p.Name]; !has && p.ValidFrom <= day {
			out[p.Name] = encodedValue(p.Value)
		}
	}
	return out
}

// AsIfAlways gives a bundle whose numbers of a day have held since the first day that it knows, so that
// answers of before can be held against them. An error when data.json cannot be read.
func AsIfAlways(b Bundle, day string) (Bundle, error) {
	params, err := Params(b)
	if err != nil {
		return b, err
	}
	held := map[string][]Param{}
	for _, p := range params { // the newest of a name comes first
		p.Label = "" // made of the labels
		list := held[p.Name]
		switch {
		case len(list) == 0 || list[0].ValidFrom > day:
			list = []Param{p}
		default:
			list[0].ValidFrom = p.ValidFrom
			if len(list[0].Labels) == 0 {
				list[0].Labels = p.Labels
			}
		}
		held[p.Name] = list
	}
	data, err := json.Marshal(map[string]any{"params": held})
	if err != nil {
		return b, fmt.Errorf("write parameters as of %s: %w", day, err)
	}
	return b.with(b.paramsName(), data), nil
}
