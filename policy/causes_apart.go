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
// rules that these name say; the values of parameters do not count. In order of the codes. known is false of
// a bundle that cannot be read.
func CausesApart(before, after Bundle) (changes []CauseChange, known bool) {
	if before.wordy() || after.wordy() {
		return nil, false
	}
	one, found := read(before, unusable)
	other, wrong := read(after, unusable)
	if len(found)+len(wrong) > 0 {
		return nil, false
	}
	was, is := causeTexts(one), causeTexts(other)
	titles := Titles(before)
	maps.Copy(titles, Titles(after))
	for code, text := range is {
		switch old, there := was[code]; {
		case !there:
			changes = append(changes, CauseChange{code, titles[code], "new"})
		case old != text:
			changes = append(changes, CauseChange{code, titles[code], "changed"})
		}
	}
	for code := range was {
		if _, there := is[code]; !there {
			changes = append(changes, CauseChange{code, titles[code], "gone"})
		}
	}
	slices.SortFunc(changes, func(a, b CauseChange) int { return strings.Compare(a.Code, b.Code) })
	return changes, true
}

// causeTexts spells out each cause: its rules, and every rule that these lead to.
func causeTexts(l *loaded) map[string]string {
	out := map[string]string{}
	sets := []*ruleSet{&l.ruleSet}
	if l.routing != nil {
		sets = append(sets, l.routing)
	}
	for _, s := range sets {
		spell := newSpeller(s.modules)
		for _, name := range slices.Sorted(maps.Keys(s.modules)) {
			mod := s.modules[name]
			notes, errs := ast.BuildAnnotationSet([]*ast.Module{mod})
			if len(errs) > 0 {
				continue
			}
			for _, rule := range mod.Rules {
				for _, a := range notes.GetRuleScope(rule) {
					if code, ok := a.Custom["code"].(string); ok {
						out[code] += spell.text(rule)
					}
				}
			}
		}
	}
	return out
}

// speller finds the rules that rules name.
type speller struct {
	rules map[string][]*ast.Rule
	names map[*ast.Rule][]string // of the rules that one names, by package and name
	texts map[*ast.Rule]string
}

func newSpeller(modules map[string]*ast.Module) *speller {
	s := &speller{rules: map[string][]*ast.Rule{}, names: map[*ast.Rule][]string{}, texts: map[*ast.Rule]string{}}
	for _, name := range slices.Sorted(maps.Keys(modules)) {
		for _, rule := range modules[name].Rules {
			s.rules[nameIn(rule, headName(rule))] = append(s.rules[nameIn(rule, headName(rule))], rule)
		}
	}
	for _, rules := range s.rules {
		for _, rule := range rules {
			s.texts[rule] = rule.String()
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

// text is a rule with all that it leads to, each once and in a fixed order.
func (s *speller) text(rule *ast.Rule) string {
	seen := map[string]bool{}
	parts := []string{s.texts[rule]}
	queue := slices.Clone(s.names[rule])
	for len(queue) > 0 {
		at := queue[0]
		queue = queue[1:]
		if seen[at] {
			continue
		}
		seen[at] = true
		for _, r := range s.rules[at] {
			parts = append(parts, s.texts[r])
			queue = append(queue, s.names[r]...)
		}
	}
	slices.Sort(parts[1:])
	return strings.Join(parts, "\n")
}
