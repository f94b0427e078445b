package impact

import (
	"cmp"
	"slices"
	"strings"

	"layak/policy"
)

// Refusal tells how many people a cause refuses.
type Refusal struct {
	Code   string `json:"code"`
	Title  string `json:"title"` // Indonesian
	Before int    `json:"before"`
	After  int    `json:"after"`
	Freed  int    `json:"freed"` // of those before, how many nothing refuses any more
}

// Assessable are people whom a registration could help: alive, of the regency as far as is known, and not
// covered under the rules in force.
type Assessable struct {
	People   int `json:"people"`
	Before   int `json:"refused_before"`
	After    int `json:"refused_after"`
	Eligible int `json:"eligible_after"`
}

// refusals counts by cause, the most frequent first. A cause is one that says of a refused person that it
// is not met.
func (r *run) refusals(sizes []int) []Refusal {
	byCode := map[string]*Refusal{}
	of := func(code string) *Refusal {
		if byCode[code] == nil {
			byCode[code] = &Refusal{Code: code}
		}
		return byCode[code]
	}
	for c, n := range sizes {
		before, after := r.briefs[base][c], r.briefs[draft][c]
		for _, code := range refusedBy(before) {
			x := of(code)
			x.Before += n
			if after != nil && after.Outcome != policy.NotEligible {
				x.Freed += n
			}
		}
		for _, code := range refusedBy(after) {
			of(code).After += n
		}
	}
	titles, older := policy.Titles(r.Draft), policy.Titles(r.Base)
	out := make([]Refusal, 0, len(byCode))
	for code, x := range byCode {
		x.Title = cmp.Or(titles[code], older[code], code)
		out = append(out, *x)
	}
	slices.SortFunc(out, func(a, b Refusal) int { return cmp.Or(b.Before-a.Before, strings.Compare(a.Code, b.Code)) })
	return out
}

// refusedBy are the causes of a refusal, each once.
func refusedBy(b *policy.Brief) []string {
	if b == nil || b.Outcome != policy.NotEligible {
		return nil
	}
	var out []string
	for _, reason := range b.Reasons {
		if reason.Verdict == policy.NotMet && !slices.Contains(out, reason.Code) {
			out = append(out, reason.Code)
		}
	}
	return out
}

// assessable looks at everybody: rules need not tell the dead or those who live elsewhere apart, so that a
// class may hold both.
func (r *run) assessable() Assessable {
	gone := codesWhere(r.people.Values("resident.life_status"), func(v string) bool {
		return v == "deceased" || v == "moved_out" || v == "lost"
	})
	away := codesWhere(r.people.Values("resident.village"), func(v string) bool {
		return v != "" && !strings.HasPrefix(v, string(r.Checker.Home)+".")
	})
	elsewhere := codesWhere(r.people.Values("resident.regency"), func(v string) bool { return v != "" && v != string(r.Checker.Home) })
	life, village, regency := r.people.Codes("resident.life_status"), r.people.Codes("resident.village"), r.people.Codes("resident.regency")
	open := make([]bool, len(r.groups))
	for c := range open {
		before := r.briefs[base][c]
		open[c] = before != nil && before.Outcome != policy.AlreadyCovered
	}
	people := make([]int, len(r.groups))
	for i, c := range r.classes.of {
		if open[c] && !gone[life(i)] && !away[village(i)] && !elsewhere[regency(i)] {
			people[c]++
		}
	}
	var out Assessable
	for c, n := range people {
		out.People += n
		if r.briefs[base][c] != nil && r.briefs[base][c].Outcome == policy.NotEligible {
			out.Before += n
		}
		switch after := r.briefs[draft][c]; {
		case after == nil:
		case after.Outcome == policy.NotEligible:
			out.After += n
		case after.Outcome == policy.Eligible:
			out.Eligible += n
		}
	}
	return out
}

// codesWhere tells of each code of a column whether its value is one of those.
func codesWhere(values []any, is func(string) bool) []bool {
	out := make([]bool, len(values))
	for code, v := range values {
		out[code] = is(textOf(v))
	}
	return out
}
