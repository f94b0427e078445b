package web

import (
	"slices"
	"strings"

	"layak/internal/i18n"
	"layak/policy"
)

// changeWords says in words what a set of rules changes against another one.
type changeWords struct {
	Values             []changedValue
	New, Gone, Changed []string // titles of causes
	Others             []string // what else is written otherwise, in words
}

// changedValue is one value that begins, or falls away, on a day.
type changedValue struct {
	Name   string // of the parameter: two may have one title
	Title  string
	From   string // what holds on that day otherwise; "" when nothing does
	To     string // "" when the parameter falls away
	Day    string // YYYY-MM-DD
	Source string
}

// Any tells whether there is something to tell.
func (c changeWords) Any() bool {
	return len(c.Values)+len(c.New)+len(c.Gone)+len(c.Changed)+len(c.Others) > 0
}

// wordsOfChange compares two bundles. Of one that cannot be read it tells what can be told.
func wordsOfChange(w *i18n.Printer, base, draft policy.Bundle) changeWords {
	c := changeWords{Values: changedValues(w, base, draft)}
	if !policy.BeginsAtOnce(base, draft) {
		return c // nothing is written otherwise
	}
	causes, others, _ := policy.CausesApart(base, draft)
	for _, x := range causes {
		list := &c.Changed
		switch x.Kind {
		case "new":
			list = &c.New
		case "gone":
			list = &c.Gone
		}
		if title := orText(x.Title, x.Code); !slices.Contains(*list, title) {
			*list = append(*list, title)
		}
	}
	for _, rule := range others {
		if text := w.T("workbench.part_" + partOf(rule)); !slices.Contains(c.Others, text) {
			c.Others = append(c.Others, text)
		}
	}
	return c
}

// changedValues lists the dated values that only one of two bundles has, each with what holds on that day
// by the rules in force, in the order of the days.
func changedValues(w *i18n.Printer, base, draft policy.Bundle) []changedValue {
	before, err := policy.Params(base)
	if err != nil {
		return nil
	}
	after, err := policy.Params(draft)
	if err != nil {
		return nil
	}
	was, is := byName(before), byName(after)
	text := func(p *policy.Param) string {
		if p == nil {
			return ""
		}
		return withUnit(orText(p.Label, valueText(w, p.Value)), p.Unit)
	}
	var out []changedValue
	add := func(name, day string) {
		old, now := valueOn(was[name], day), valueOn(is[name], day)
		one := changedValue{Name: name, From: text(old), To: text(now), Day: day}
		for _, p := range []*policy.Param{old, now} {
			if p != nil {
				one.Title, one.Source = p.Title, p.Source
			}
		}
		same := func(x changedValue) bool { return x.Name == name && x.Day == day }
		if one.From != one.To && !slices.ContainsFunc(out, same) {
			out = append(out, one)
		}
	}
	for _, p := range after {
		if !slices.ContainsFunc(was[p.Name], func(o policy.Param) bool { return o.ValidFrom == p.ValidFrom && text(&o) == text(&p) }) {
			add(p.Name, p.ValidFrom)
		}
	}
	for _, p := range before {
		if !slices.ContainsFunc(is[p.Name], func(o policy.Param) bool { return o.ValidFrom == p.ValidFrom }) {
			add(p.Name, p.ValidFrom)
		}
	}
	slices.SortStableFunc(out, func(a, b changedValue) int { return strings.Compare(a.Day, b.Day) })
	return out
}

// valueOn is the value of a name that holds on a day; the newest comes first.
func valueOn(list []policy.Param, day string) *policy.Param {
	for i := range list {
		if list[i].ValidFrom <= day {
			return &list[i]
		}
	}
	return nil
}
