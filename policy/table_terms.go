package policy

import (
	"github.com/open-policy-agent/opa/v1/ast"
)

// terms tells what the names stand for that the texts used, and those that these use.
func (t *teller) terms() []Term {
	var out []Term
	for i := 0; i < len(t.used) && i < mostTerms; i++ {
		u := t.used[i]
		meaning, told := t.meaning(u)
		if told {
			out = append(out, Term{Name: u.words, Meaning: meaning})
		}
	}
	return out
}

// mostTerms bounds what is told beside one cause.
const mostTerms = 60

// meaning tells what a helper rule asks, or in which cases it has which value.
func (t *teller) meaning(u usedName) (c Clause, told bool) {
	t.in(u.rule, func() *formula {
		rules := t.helper(u.name)
		if u.args != nil {
			rules = t.function(u.name)
		}
		if len(rules) == 0 {
			return nil
		}
		if answersYes(rules) {
			if f := t.chosen(rules, u.args, nil, isTrueTerm); f != nil {
				c, told = t.clause(f), true
			}
			return nil
		}
		c, told = t.values(u, rules)
		return nil
	})
	return c, told
}

// values tells the ways in which a helper rule gets its value.
func (t *teller) values(u usedName, rules []*ast.Rule) (Clause, bool) {
	c := Clause{Any: true}
	if u.args != nil && len(rules) == 1 && rules[0].Else == nil && emptyBody(rules[0].Body) {
		return c, false // a calculation: its title says it
	}
	t.deadlines = u.name == "owed"
	defer func() { t.deadlines = false }()
	for i, b := range t.branchesOf(rules, u.args) {
		value := b.value
		if key := b.rule.Head.Key; b.rule.Head.RuleKind() == ast.MultiValue && key != nil {
			value = key
		}
		if value == nil {
			continue
		}
		part := t.whole(t.lines(b.rule, b.bind).simplify())
		before := t.lost
		t.lost = false
		t.in(b.rule, func() *formula {
			bind := b.bind
			if b.rule.Head.RuleKind() == ast.MultiValue {
				bind = t.bindingOf(b.rule.Body)
			}
			part.Text = t.branchValue(t.resolve(value, bind))
			return nil
		})
		switch {
		case b.rule.Default && i > 0:
			part.Text = "selain itu " + part.Text
		case len(b.before) > 0 && len(part.Parts) == 0:
			part.Text = "selain itu " + part.Text
		case len(b.before) > 0:
			part.Text = "kalau tidak, " + part.Text
		}
		if len(part.Parts) > 0 {
			part.Text += ", bila"
		}
		if t.lost {
			part.Rego, part.File, part.Row = value.String(), b.rule.Location.File, b.rule.Location.Row
		}
		t.lost = before
		c.Parts = append(c.Parts, part)
	}
	if len(c.Parts) == 1 && len(c.Parts[0].Parts) == 0 {
		c = c.Parts[0]
		return c, c.Text != u.words
	}
	return c, len(c.Parts) > 0
}

// branchValue says the value of a branch: of a list that is taken apart its words.
func (t *teller) branchValue(x *ast.Term) string {
	switch v := x.Value.(type) {
	case *ast.Array:
		if v.Len() > 0 {
			return t.branchValue(v.Elem(v.Len() - 1)) // what orders stands first, the words last
		}
	case ast.Object:
		return t.objectWords(v)
	}
	if s, ok := x.Value.(ast.String); ok {
		if words := t.deadlineWords(string(s)); words != "" && t.deadlines {
			return words
		}
		for _, spec := range t.phraser.params {
			for _, k := range spec.Keys {
				if k.Name == string(s) && resultWords[string(s)] == "" {
					return k.Title
				}
			}
		}
	}
	return t.operand(x)
}
