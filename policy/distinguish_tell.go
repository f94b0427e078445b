package policy

import (
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"
)

// memberFields are what can be read of a member.
var memberFields = []string{"nik", "relation", "sex", "birth_date", "life_status", "desil", "segment", "member_status"}

// tell notes for people which findings rest on each column, and which fields of a member are read.
func (a *analyst) tell() {
	for _, u := range a.out.uses {
		if slices.Contains(u.columns, Members) {
			a.fields(u)
		}
	}
	a.passOver(a.common())
	for _, r := range a.index[findingsRule] {
		code := codeOfRule(r)
		if code == "" {
			continue
		}
		read := a.readByOne(r)
		for _, u := range a.out.uses {
			if slices.ContainsFunc(u.columns, func(c string) bool { return read[c] }) {
				u.codes[code] = true
			}
		}
	}
}

// common finds the rules that more than a fifth of the findings rest on, such as who is assessed at
// all. What they read would be told of nearly every finding, which tells nothing.
func (a *analyst) common() map[*ast.Rule]bool {
	times := map[*ast.Rule]int{}
	findings := a.index[findingsRule]
	for _, r := range findings {
		seen := map[*ast.Rule]bool{}
		ast.WalkRefs(r.Body, func(ref ast.Ref) bool {
			rules, _ := a.rulesOf(ref)
			for _, named := range rules {
				if !seen[named] {
					seen[named] = true
					times[named]++
				}
			}
			return false
		})
	}
	often := map[*ast.Rule]bool{}
	for r, n := range times {
		if n > len(findings)/5 {
			often[r] = true
		}
	}
	return often
}

// passOver lets rules count as reading nothing from here on.
func (a *analyst) passOver(rules map[*ast.Rule]bool) {
	clear(a.reads)
	for r := range rules {
		a.reads[r] = columns{}
	}
}

// fields notes which fields of a member the rules mention anywhere.
func (a *analyst) fields(u *use) {
	for _, mod := range a.engine.written.compiler.Modules {
		ast.WalkRefs(mod, func(ref ast.Ref) bool {
			for _, t := range ref[1:] {
				if s, ok := t.Value.(ast.String); ok && slices.Contains(memberFields, string(s)) {
					u.fields[string(s)] = true
				}
			}
			return false
		})
	}
}

// codeOfRule reads the code out of the head of a finding, which the compiler may have moved.
func codeOfRule(r *ast.Rule) string {
	if r.Head.Key == nil {
		return ""
	}
	head, _ := inlineHead(r.Head.Key, r.Body)
	o, ok := head.Value.(ast.Object)
	if !ok {
		return ""
	}
	t := o.Get(ast.StringTerm("code"))
	if t == nil {
		return ""
	}
	code, _ := t.Value.(ast.String)
	return string(code)
}
