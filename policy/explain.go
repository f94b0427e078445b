package policy

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"
	"github.com/open-policy-agent/opa/v1/storage/inmem"
	"github.com/open-policy-agent/opa/v1/topdown"
)

// deepestPart bounds how far helper rules are unfolded: beyond it nobody reads on.
const deepestPart = 3

// Explain decides once more and tells of every rule why it holds or not. It costs about a hundred
// decisions and is for one case that somebody looks at. Errors are those of Decide.
func Explain(ctx context.Context, e *Engine, in Input) (Explanation, error) {
	d, err := e.Decide(ctx, in)
	if err != nil {
		return Explanation{}, err
	}
	w := &explainWatch{asked: map[string]bool{}, passed: map[string]bool{}, held: map[string]bool{}}
	values, err := w.evaluate(ctx, e.written, in)
	if err != nil {
		return Explanation{}, err
	}
	x := &explainer{phraser: newPhraser(e.bundle, &e.written.ruleSet, "check", Vocabulary(e.bundle, in.ServiceOn)), watch: w, values: values, in: inputValue(&in, true)}
	out := Explanation{Decision: d, Summary: x.summary(d), Steps: []Step{}}
	for _, rule := range e.rules {
		r := e.written.findingRule(rule)
		if r == nil {
			continue
		}
		out.Steps = append(out.Steps, x.step(rule, r, d))
	}
	return out, nil
}

// explainWatch notes which lines of rules were reached and which held. A line is known by its place.
type explainWatch struct {
	asked, passed, held map[string]bool
}

// Enabled, Config and TraceEvent make it a tracer.
func (w *explainWatch) Enabled() bool { return true }

// Config asks for no copy of variables.
func (w *explainWatch) Config() topdown.TraceConfig { return topdown.TraceConfig{} }

// TraceEvent takes note of one event.
func (w *explainWatch) TraceEvent(e topdown.Event) {
	switch n := e.Node.(type) {
	case *ast.Expr:
		switch e.Op {
		case topdown.EvalOp:
			w.asked[spot(n.Location)] = true
		case topdown.ExitOp:
			w.passed[spot(n.Location)] = true
		}
	case *ast.Rule:
		if e.Op == topdown.ExitOp {
			w.held[placeKey(n.Location)] = true
		}
	}
}

func spot(loc *ast.Location) string {
	if loc == nil {
		return ""
	}
	return fmt.Sprintf("%s:%d:%d", loc.File, loc.Row, loc.Col)
}

// evaluate runs all rules under the watch and gives what each came to.
func (w *explainWatch) evaluate(ctx context.Context, l *loaded, in Input) (ast.Object, error) {
	query, err := rego.New(
		rego.Query(rulePackage), rego.Compiler(l.compiler), rego.Capabilities(sandbox()),
		rego.Store(inmem.NewFromObjectWithOpts(l.data, inmem.OptReturnASTValuesOnRead(true))),
		rego.GenerateJSON(func(t *ast.Term, _ *rego.EvalContext) (any, error) { return t, nil }),
	).PrepareForEval(ctx)
	if err != nil {
		return nil, fmt.Errorf("prepare explanation: %w", err)
	}
	slow, cancel := context.WithTimeout(ctx, patience*explainTimeout)
	defer cancel()
	timed := beginLap(slow, explainTimeout)
	defer timed.stop()
	results, err := query.Eval(timed, rego.EvalParsedInput(inputValue(&in, true)), rego.EvalQueryTracer(w),
		rego.EvalRuleIndexing(false), rego.EvalEarlyExit(false))
	if err != nil {
		if timed.Err() != nil {
			return nil, tooLate(err)
		}
		return nil, fmt.Errorf("evaluate explanation: %w", err)
	}
	if len(results) == 1 && len(results[0].Expressions) == 1 {
		if t, ok := results[0].Expressions[0].Value.(*ast.Term); ok {
			if o, ok := t.Value.(ast.Object); ok {
				return o, nil
			}
		}
	}
	return ast.NewObject(), nil
}

// explainTimeout bounds an explanation, in processor time where that is known.
const explainTimeout = 5 * defaultTimeout

// explainer puts what was watched into words.
type explainer struct {
	*phraser
	watch  *explainWatch
	values ast.Object // what each helper rule came to
	in     ast.Value
}

// step tells what became of one finding rule.
func (x *explainer) step(rule Rule, r *ast.Rule, d Decision) Step {
	s := Step{Code: rule.Code, Title: rule.Title, Article: rule.Article, File: rule.File, Row: rule.Line}
	s.Conditions = x.conditions(r, 0, map[string]bool{})
	i := slices.IndexFunc(d.Findings, func(f Finding) bool { return f.Code == rule.Code })
	if i < 0 {
		s.Sentence = x.because(rule, s.Conditions)
		return s
	}
	f := d.Findings[i]
	s.Holds, s.Verdict = true, f.Verdict
	s.Sentence = f.Seen
	if f.Limit != "" {
		s.Sentence += " (batas: " + f.Limit + ")"
	}
	s.Sentence += ", jadi " + verdictWords[f.Verdict] + "."
	return s
}

var verdictWords = map[Verdict]string{
	Met: "syarat ini terpenuhi", NotMet: "syarat ini belum terpenuhi",
	Unknown: "syarat ini belum dapat dipastikan", Note: "hal ini dicatat saja; hasilnya tidak berubah",
}

// because names the first line that did not hold, and what was seen that decided it.
func (x *explainer) because(rule Rule, all []Condition) string {
	c := firstFailing(all)
	if c == nil {
		return "Tidak berlaku: yang dinilai aturan ini tidak ada pada warga ini."
	}
	s := "Tidak berlaku. Syaratnya: " + c.Text
	if seen := decisive(*c); seen != "" {
		s += "; yang terlihat: " + seen
	}
	return s + "."
}

// decisive goes down to the first part whose values tell why a condition turned out as it did.
func decisive(c Condition) string {
	if c.Seen != "" {
		return c.Seen
	}
	for _, part := range c.Parts {
		if part.Asked {
			if seen := decisive(part); seen != "" {
				return seen
			}
		}
	}
	return ""
}

func firstFailing(all []Condition) *Condition {
	for i := range all {
		if all[i].Asked && !all[i].Holds {
			return &all[i]
		}
	}
	return nil
}

// conditions lists the lines of a rule with what became of them.
func (x *explainer) conditions(r *ast.Rule, depth int, above map[string]bool) []Condition {
	var out []Condition
	x.rule = r
	if emptyBody(r.Body) {
		return out
	}
	for _, line := range r.Body {
		x.rule = r
		text, told := x.condition(line)
		if !told {
			continue
		}
		c := Condition{
			Text: text, Seen: x.seen(line), File: line.Location.File, Row: line.Location.Row,
			Asked: x.asked(line), Holds: x.held(r, line),
		}
		if name := helperOf(line); name != "" && c.Asked && depth < deepestPart && !above[name] {
			deeper := map[string]bool{name: true}
			for k := range above {
				deeper[k] = true
			}
			c.Parts = x.parts(name, depth+1, deeper)
		}
		out = append(out, c)
	}
	return out
}

// helperOf names the helper rule that a line only asks.
func helperOf(line *ast.Expr) string {
	t, ok := line.Terms.(*ast.Term)
	if !ok {
		return ""
	}
	if v, ok := t.Value.(ast.Var); ok {
		return string(v)
	}
	return ""
}

// parts are the conditions of the helper's rules; of several, each that holds, else all.
func (x *explainer) parts(name string, depth int, above map[string]bool) []Condition {
	var held, all []Condition
	for _, mod := range x.set.modules {
		for _, r := range mod.Rules {
			if headName(r) != name || len(r.Head.Args) > 0 || r.Default {
				continue
			}
			got := x.conditions(r, depth, above)
			all = append(all, got...)
			if x.watch.held[placeKey(r.Location)] {
				held = append(held, got...)
			}
		}
	}
	if len(held) > 0 {
		return held
	}
	return all
}

// asked tells whether the line was reached: one of what the compiler made of it was.
func (x *explainer) asked(line *ast.Expr) bool { return x.any(x.watch.asked, line) }

// held tells whether the line held: the rule did, or a later line was reached.
func (x *explainer) held(r *ast.Rule, line *ast.Expr) bool {
	if x.watch.held[placeKey(r.Location)] {
		return true
	}
	after := false
	for _, other := range r.Body {
		if after && x.asked(other) {
			return true
		}
		after = after || other == line
	}
	return false
}

// any looks for a place within the line.
func (x *explainer) any(places map[string]bool, line *ast.Expr) bool {
	if places[spot(line.Location)] {
		return true
	}
	found := false
	ast.WalkTerms(line, func(t *ast.Term) bool {
		found = found || places[spot(t.Location)]
		return found
	})
	return found
}

// seen tells the values of the facts, parameters and helper rules in a line.
func (x *explainer) seen(line *ast.Expr) string {
	var parts []string
	add := func(name, value string) {
		part := name + ": " + value
		if value != "" && !slices.Contains(parts, part) {
			parts = append(parts, part)
		}
	}
	ast.WalkTerms(line, func(t *ast.Term) bool {
		switch v := t.Value.(type) {
		case ast.Ref:
			if v.IsGround() {
				add(x.name(t), x.valueOf(t, v))
			}
			return true
		case ast.Var:
			if value := x.values.Get(ast.StringTerm(string(v))); value != nil && x.titles[string(v)] != "" {
				if _, yes := value.Value.(ast.Boolean); !yes { // of yes or no the line itself tells
					add(x.name(t), x.value(value.Value, ""))
				}
			}
		case *ast.ArrayComprehension, *ast.SetComprehension, *ast.ObjectComprehension:
			return true
		}
		return false
	})
	return strings.Join(parts, ", ")
}

func (x *explainer) valueOf(t *ast.Term, ref ast.Ref) string {
	head, _ := ref[0].Value.(ast.Var)
	switch {
	case head == "input":
		v, err := x.in.Find(ref[1:])
		if err != nil {
			return "tidak diketahui"
		}
		return x.value(v, x.facts[x.path(t)].List)
	case head == "current" && len(ref) == 2:
		if name, ok := ref[1].Value.(ast.String); ok {
			v := x.values.Get(ast.StringTerm("current"))
			if v == nil {
				return ""
			}
			value := v.Get(ref[1])
			if value == nil {
				return ""
			}
			if code, ok := value.Value.(ast.String); ok {
				return x.choice(string(name), string(code))
			}
			return x.value(value.Value, "")
		}
	case x.values.Get(ast.StringTerm(string(head))) != nil:
		v, err := x.values.Get(ast.StringTerm(string(head))).Value.Find(ref[1:])
		if err == nil {
			return x.value(v, "")
		}
	}
	return ""
}

// summary tells how the findings became the answer.
func (x *explainer) summary(d Decision) string {
	titles := func(v Verdict) string {
		var out []string
		for _, f := range d.Findings {
			if f.Verdict == v && !slices.Contains(out, f.Title) {
				out = append(out, f.Title)
			}
		}
		return enumerated(out)
	}
	switch d.Outcome {
	case NotEligible:
		return "Belum memenuhi syarat, karena ada syarat yang pasti belum terpenuhi: " + titles(NotMet) + "."
	case NeedsInformation:
		return "Perlu dilengkapi: tidak ada yang menolak, tetapi ini belum dapat dipastikan: " + titles(Unknown) + "."
	case AlreadyCovered:
		return "Sudah terjamin: " + titles(Met) + "."
	}
	return "Layak: semua syarat terpenuhi dan tidak ada yang terbuka."
}
