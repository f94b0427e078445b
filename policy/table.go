package policy

import (
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// TableRow is one cause in the decision table: what has to hold, what follows, on what it rests.
type TableRow struct {
	Code      string    `json:"code"`
	Title     string    `json:"title"`
	Verdicts  []Verdict `json:"verdicts"`  // those that the rule can yield
	Condition Clause    `json:"condition"` // all of its parts; none when the cause always holds
	// Yields are the conditions of each verdict beyond Condition, of a cause that can yield several.
	Yields   []Yield `json:"yields,omitempty"`
	Terms    []Term  `json:"terms,omitempty"` // what the names in the conditions stand for, in the order of use
	Rego     string  `json:"rego"`            // the rule as written, METADATA included
	Article  string  `json:"article"`
	Since    string  `json:"since"` // effective_from, YYYY-MM-DD
	Remedy   string  `json:"remedy"`
	Document string  `json:"document"`
	File     string  `json:"file"`
	Row      int     `json:"row"`
}

// Clause is a condition in plain Indonesian: one line, or parts of which all have to hold or, with Any, one.
type Clause struct {
	Text  string   `json:"text,omitempty"` // of a clause with parts its heading
	Any   bool     `json:"any,omitempty"`
	Parts []Clause `json:"parts,omitempty"`
	// Idle tells that parameters alone keep the clause from holding on the day of the table.
	Idle bool `json:"idle,omitempty"`
	// Rego is the line as written where not all of it could be put in words, with its place.
	Rego string `json:"rego,omitempty"`
	File string `json:"file,omitempty"`
	Row  int    `json:"row,omitempty"`
}

// Yield is when a cause yields a verdict.
type Yield struct {
	Verdict   Verdict `json:"verdict"`
	Condition Clause  `json:"condition"`
}

// Term is a name of the rules with what it stands for.
type Term struct {
	Name    string `json:"name"`
	Meaning Clause `json:"meaning"`
}

// Table is the decision table of the checks of a bundle, in the order of findings, with the parameters as
// they stand on the day (YYYY-MM-DD). fault.Invalid when the bundle does not load.
func Table(b Bundle, day string) ([]TableRow, error) {
	l, found := load(b)
	if len(found) > 0 {
		return nil, problemError(found)
	}
	t := newTeller(b, l, &l.ruleSet, "check", day)
	out := make([]TableRow, 0, len(l.rules))
	for _, rule := range l.rules {
		r := l.findingRule(rule)
		if r == nil {
			continue
		}
		row := TableRow{
			Code: rule.Code, Title: rule.Title, Verdicts: l.verdictsOf(r), Rego: rule.Source,
			Article: rule.Article, Since: rule.EffectiveFrom, Remedy: rule.Remedy, Document: rule.Document, File: rule.File, Row: rule.Line,
		}
		t.fill(&row, r)
		out = append(out, row)
	}
	return out, nil
}

// newTeller makes what puts the rules of one kind into words.
func newTeller(b Bundle, l *loaded, set *ruleSet, of, day string) *teller {
	t := &teller{ruleReader: newRuleReader(newPhraser(b, set, of, Vocabulary(b, day))), day: day,
		params: map[string][]Param{}, titles: map[string]string{}, sure: alwaysThere(b, of)}
	for _, p := range l.params {
		t.params[p.Name] = append(t.params[p.Name], p)
	}
	for _, rule := range l.rules {
		t.titles[rule.Code] = rule.Title
	}
	return t
}

// fill tells the conditions of a cause.
func (t *teller) fill(row *TableRow, r *ast.Rule) {
	t.used, t.asked = nil, 0
	base, verdicts := t.causeOf(r, row.Verdicts)
	t.in(r, func() *formula {
		t.alone = namedOnly(base)
		row.Condition = t.whole(base)
		t.alone = false
		for _, v := range row.Verdicts {
			if f := verdicts[v]; f != nil {
				row.Yields = append(row.Yields, Yield{v, t.whole(f)})
			}
		}
		row.Terms = t.terms()
		return nil
	})
}

// namedOnly tells a condition that names nothing but other rules: what they ask stands in the row then.
func namedOnly(f *formula) bool {
	if f.op == fAtom {
		return f.atom.helper != ""
	}
	return f.op == fAll && len(f.parts) > 0 && !slices.ContainsFunc(f.parts, func(p *formula) bool { return p.op != fAtom || p.atom.helper == "" })
}

// whole is a formula as a list of which all has to hold.
func (t *teller) whole(f *formula) Clause {
	if f.op != fAll {
		f = allOf(f)
	}
	c := t.clause(f)
	c.Text = ""
	return c
}

// causeOf reads when a cause holds and, where it can yield several verdicts, when which.
func (t *teller) causeOf(r *ast.Rule, verdicts []Verdict) (base *formula, of map[Verdict]*formula) {
	of = map[Verdict]*formula{}
	t.in(r, func() *formula {
		head, _ := headObject(r)
		verdict := head.Get(keyTerms["verdict"])
		var given *ast.Expr
		if verdict != nil {
			given = giver(r, verdict)
			for _, v := range verdicts {
				of[v] = t.verdictIs(verdict, given, v)
			}
		}
		parts := []*formula{t.headAsks(head)}
		if !emptyBody(r.Body) {
			if len(of) == 0 || slices.ContainsFunc(verdicts, func(v Verdict) bool { return of[v] == nil }) {
				given = nil // when which verdict follows cannot be told: then only that one does
			}
			parts = append(parts, t.body(r.Body, nil, given))
		}
		base = allOf(parts...).simplify()
		return nil
	})
	for v, f := range of {
		if f != nil {
			of[v] = t.given(f, base)
		}
	}
	if len(verdicts) == 1 {
		if f := of[verdicts[0]]; f != nil {
			base = allOf(base, f).simplify()
		}
		of = nil
	}
	return base, of
}

// given simplifies a formula where another holds.
func (t *teller) given(f, base *formula) *formula {
	parts := []*formula{base}
	if base.op == fAll {
		parts = base.parts
	}
	for _, p := range parts {
		if p.op == fAtom {
			f = f.assume(p)
		}
	}
	return f.simplify()
}

// giver finds the line of a rule that takes its verdict out of another value.
func giver(r *ast.Rule, verdict *ast.Term) *ast.Expr {
	v, ok := verdict.Value.(ast.Var)
	if !ok {
		return nil
	}
	for _, x := range r.Body {
		if (x.IsAssignment() || x.IsEquality()) && len(x.Operands()) == 2 && mentions(x.Operand(0), v) {
			return x
		}
	}
	return nil
}

// verdictIs reads when the verdict comes out as v; nil when the rules alone do not tell.
func (t *teller) verdictIs(verdict *ast.Term, given *ast.Expr, v Verdict) *formula {
	fits := func(x *ast.Term) bool { return x.Value.Compare(ast.String(v)) == 0 }
	source := verdict
	if given != nil {
		source = given.Operand(1)
		if list, ok := given.Operand(0).Value.(*ast.Array); ok {
			at := 0
			for i := range list.Len() {
				if list.Elem(i).Equal(verdict) {
					at = i
				}
			}
			source = memberAt(source, at)
		}
	}
	return t.branchesWith(t.resolve(source, nil), fits)
}

func memberAt(list *ast.Term, at int) *ast.Term {
	if ref, ok := list.Value.(ast.Ref); ok {
		return &ast.Term{Value: ref.Append(ast.IntNumberTerm(at)), Location: list.Location}
	}
	return &ast.Term{Value: ast.Ref{list, ast.IntNumberTerm(at)}, Location: list.Location}
}

// headAsks reads what the head of a finding needs to be there: a table that it looks its words up in has
// not every key.
func (t *teller) headAsks(head ast.Object) *formula {
	var parts []*formula
	head.Foreach(func(_, value *ast.Term) {
		value = t.resolve(value, nil)
		if ref, ok := value.Value.(ast.Ref); ok && len(ref) > 1 && !isConstant(ref[1]) && !t.ofMember(ref) {
			parts = append(parts, t.defined(value, nil))
		}
		if name, ok := value.Value.(ast.Var); ok && len(t.helper(string(name))) > 0 {
			parts = append(parts, t.definedHelper(value, string(name), nil))
		}
	})
	return allOf(parts...)
}

// ofMember tells a place that depends on a member of a list: the lines about the list say what it asks.
func (t *teller) ofMember(ref ast.Ref) bool {
	member := false
	ast.WalkVars(ref, func(v ast.Var) bool {
		member = member || v != "input" && v != "current" && v != "data" && len(t.helper(string(v))) == 0 && t.function(string(v)) == nil
		return member
	})
	return member
}

// clause puts a formula into words.
func (t *teller) clause(f *formula) Clause {
	if f.op == fAtom {
		return t.single(f)
	}
	c := Clause{Any: f.op == fAny}
	if c.Any && len(f.parts) > 2 && !slices.ContainsFunc(f.parts, func(p *formula) bool { return p.op != fAtom || !p.neg }) {
		c = Clause{Text: "tidak semua ini sekaligus"}
		f = f.not()
	} else if c.Any {
		c.Text = "salah satu"
	}
	for _, p := range f.parts {
		part := t.clause(p)
		if part.Text == "" && len(part.Parts) > 0 {
			part.Text = "semua ini"
		}
		c.Parts = append(c.Parts, part)
		c.Idle = c.Idle || !c.Any && part.Idle
	}
	if c.Any {
		c.Idle = !slices.ContainsFunc(c.Parts, func(p Clause) bool { return !p.Idle })
	}
	if c.Text == "tidak semua ini sekaligus" {
		c.Idle = false
	}
	slices.SortStableFunc(c.Parts, func(a, b Clause) int { return weight(a) - weight(b) })
	return c
}

// weight puts single lines before lists of them.
func weight(c Clause) int {
	switch {
	case len(c.Parts) > 0:
		return 1
	}
	return 0
}

// single puts one question into words, with the line as written where words do not reach.
func (t *teller) single(f *formula) Clause {
	before := t.lost
	t.lost = false
	if t.alone && f.atom.helper != "" {
		if meaning := t.chosen(t.helper(f.atom.helper), nil, nil, isTrueTerm); meaning != nil {
			if f.neg {
				meaning = meaning.not().simplify()
			}
			t.alone = false
			c := t.whole(meaning)
			t.alone = true
			c.Text = t.titled(f.atom.helper, f.neg)
			return c
		}
	}
	c := Clause{Text: t.question(f.atom, f.neg), Idle: t.idle(f)}
	if t.lost && f.atom.src != nil {
		c.Rego, c.File, c.Row = lineOf(f.atom.src), f.atom.src.Location.File, f.atom.src.Location.Row
	}
	t.lost = before
	return c
}

// lineOf is a line of a rule as written.
func lineOf(x *ast.Expr) string {
	if x.Location != nil && len(x.Location.Text) > 0 {
		return strings.TrimSpace(string(x.Location.Text))
	}
	return x.String()
}

// verdictsOf lists what the rule can yield.
func (l *loaded) verdictsOf(r *ast.Rule) []Verdict {
	head, _ := headObject(r)
	flow := wordFlow{modules: l.modules, words: map[string]bool{}, visited: map[string]bool{}}
	verdict := head.Get(keyTerms["verdict"])
	if verdict == nil {
		return nil
	}
	flow.follow(verdict, r)
	var out []Verdict
	for _, v := range []Verdict{Met, NotMet, Unknown, Note} {
		if flow.words[string(v)] {
			out = append(out, v)
		}
	}
	return out
}

// RoutingTable is the decision table of the rules of routing: when which reason is told. It is empty for
// rules that route nothing; fault.Invalid when the bundle does not load.
func RoutingTable(b Bundle, day string) ([]TableRow, error) {
	l, found := load(b)
	if len(found) > 0 {
		return nil, problemError(found)
	}
	out := []TableRow{}
	if l.routing == nil {
		return out, nil
	}
	t := newTeller(b, l, l.routing, "routing", day)
	for _, rule := range l.routing.rules {
		r := l.routing.findingRule(rule)
		if r == nil {
			continue
		}
		row := TableRow{Code: rule.Code, Title: rule.Title, Verdicts: []Verdict{}, Rego: rule.Source,
			Article: rule.Article, Since: rule.EffectiveFrom, File: rule.File, Row: rule.Line}
		t.fill(&row, r)
		out = append(out, row)
	}
	return out, nil
}
