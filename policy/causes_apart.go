package policy

import (
	"maps"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// CauseChange is one cause that only one of two bundles has, or that both have with other conditions.
type CauseChange struct {
	Code  string
	Title string // as the later bundle has it
	Kind  string // new | gone | changed
}

// CausesApart compares the causes of two bundles, those of routing among them, by what their rules and all
// rules that these name say; the values of parameters do not count. In order of the codes. others names the
// rules that differ and lead to none of these causes, as "eligibility.outcome" or "routing.ladder", in order.
// known is false of a bundle that cannot be read.
func CausesApart(before, after Bundle) (changes []CauseChange, others []string, known bool) {
	if before.wordy() || after.wordy() {
		return nil, nil, false
	}
	one, found := read(before, unusable)
	other, wrong := read(after, unusable)
	if len(found)+len(wrong) > 0 {
		return nil, nil, false
	}
	was, is := spell(one), spell(other)
	titles := Titles(before)
	maps.Copy(titles, Titles(after))
	for code := range is.causes {
		switch text := is.text(code); {
		case was.causes[code] == nil:
			changes = append(changes, CauseChange{code, titles[code], "new"})
		case was.text(code) != text:
			changes = append(changes, CauseChange{code, titles[code], "changed"})
		}
	}
	for code := range was.causes {
		if is.causes[code] == nil {
			changes = append(changes, CauseChange{code, titles[code], "gone"})
		}
	}
	slices.SortFunc(changes, func(a, b CauseChange) int { return strings.Compare(a.Code, b.Code) })
	others = append(was.untold(is, changes), is.untold(was, changes)...)
	slices.Sort(others)
	return changes, slices.Compact(others), true
}

// speller finds the rules that rules name.
type speller struct {
	rules  map[string][]*ast.Rule
	names  map[*ast.Rule][]string // of the rules that one names, by package and name
	texts  map[*ast.Rule]string
	causes map[string][]*ast.Rule // by code
}

// spell takes the rules of a check and those of routing apart.
func spell(l *loaded) *speller {
	s := &speller{rules: map[string][]*ast.Rule{}, names: map[*ast.Rule][]string{}, texts: map[*ast.Rule]string{}, causes: map[string][]*ast.Rule{}}
	for _, set := range l.sets() {
		for _, name := range slices.Sorted(maps.Keys(set.modules)) {
			s.take(set.modules[name])
		}
	}
	for _, rules := range s.rules {
		for _, rule := range rules {
			s.texts[rule] = ruleText(rule)
			own := nameIn(rule, headName(rule))
			seen := map[string]bool{own: true}
			walkTerms(rule, func(t *ast.Term) {
				if v, ok := t.Value.(ast.Var); ok {
					if at := nameIn(rule, string(v)); s.rules[at] != nil && !seen[at] {
						seen[at] = true
						s.names[rule] = append(s.names[rule], at)
					}
				}
			})
		}
	}
	return s
}

// take notes the rules of a file, and the causes that its METADATA names.
func (s *speller) take(mod *ast.Module) {
	for _, rule := range mod.Rules {
		at := nameIn(rule, headName(rule))
		s.rules[at] = append(s.rules[at], rule)
	}
	notes, errs := ast.BuildAnnotationSet([]*ast.Module{mod})
	if len(errs) > 0 {
		return
	}
	for _, rule := range mod.Rules {
		for _, a := range notes.GetRuleScope(rule) {
			if code, ok := a.Custom["code"].(string); ok {
				s.causes[code] = append(s.causes[code], rule)
			}
		}
	}
}

// text spells out a cause: its rules, each with all that it leads to, in an order that does not depend on the
// files in which they stand.
func (s *speller) text(code string) string {
	var parts []string
	for _, rule := range s.causes[code] {
		lines := []string{s.texts[rule]}
		for at := range s.leadsTo(rule) {
			for _, r := range s.rules[at] {
				lines = append(lines, s.texts[r])
			}
		}
		slices.Sort(lines[1:])
		parts = append(parts, strings.Join(lines, "\n"))
	}
	slices.Sort(parts)
	return strings.Join(parts, "\n")
}

// leadsTo gives the names of the rules that a rule names, and that those name.
func (s *speller) leadsTo(rule *ast.Rule) map[string]bool {
	seen := map[string]bool{}
	queue := slices.Clone(s.names[rule])
	for len(queue) > 0 {
		at := queue[0]
		queue = queue[1:]
		if seen[at] {
			continue
		}
		seen[at] = true
		for _, r := range s.rules[at] {
			queue = append(queue, s.names[r]...)
		}
	}
	return seen
}

// untold names the rules that the other set has not, and that are no part of a cause that is listed.
func (s *speller) untold(other *speller, changes []CauseChange) (names []string) {
	told, own := map[string]bool{}, map[*ast.Rule]bool{}
	for _, c := range changes {
		for _, rule := range s.causes[c.Code] {
			own[rule] = true
			maps.Copy(told, s.leadsTo(rule))
		}
	}
	for at, rules := range s.rules {
		there := map[string]bool{}
		for _, rule := range other.rules[at] {
			there[other.texts[rule]] = true
		}
		for _, rule := range rules {
			if !told[at] && !own[rule] && !there[s.texts[rule]] {
				names = append(names, strings.TrimPrefix(at, "data.layak."))
			}
		}
	}
	return names
}
