package policy

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"
)

// deepestPart bounds how far helper rules are unfolded: beyond it nobody reads on.
const deepestPart = 3

// Explain decides once more and tells of every rule why it holds or not, what decided it first. It costs
// about a hundred decisions and is for one case that somebody looks at. Errors are those of Decide.
func Explain(ctx context.Context, e *Engine, in Input) (Explanation, error) {
	d, err := e.Decide(ctx, in)
	if err != nil {
		return Explanation{}, err
	}
	t := newTeller(e.bundle, e.written, &e.written.ruleSet, "check", in.ServiceOn)
	t.plain = true
	x := &explainer{teller: t, meanings: map[string]*formula{}}
	type read struct {
		rule Rule
		at   *ast.Rule
		f    *formula
	}
	var all []read
	for _, rule := range e.rules {
		r := e.written.findingRule(rule)
		if r == nil {
			continue
		}
		var verdict Verdict
		if i := slices.IndexFunc(d.Findings, func(f Finding) bool { return f.Code == rule.Code }); i >= 0 {
			verdict = d.Findings[i].Verdict
		}
		f := x.cause(r, e.written.verdictsOf(r), verdict)
		x.gather(r, f, 0)
		all = append(all, read{rule, r, f})
	}
	x.seen, err = answer(ctx, e.written, in, x.asks)
	if err != nil {
		return Explanation{}, err
	}
	out := Explanation{Decision: d, Summary: x.summary(d), Steps: make([]Step, 0, len(all))}
	for _, r := range all {
		x.in(r.at, func() *formula { out.Steps = append(out.Steps, x.step(r.rule, r.f, d)); return nil })
	}
	return out, nil
}

// explainer puts what the questions of the rules came to into words.
type explainer struct {
	*teller
	meanings map[string]*formula // of helper rules that keep their name
	asks     []ask
	seen     answers
}

// cause reads when a cause holds, and of one that was found when with this verdict.
func (x *explainer) cause(r *ast.Rule, verdicts []Verdict, found Verdict) *formula {
	x.asked = 0
	base, of := x.causeOf(r, verdicts)
	if f := of[found]; f != nil {
		return allOf(base, f).simplify()
	}
	if found != "" || len(of) == 0 {
		return base
	}
	var ways []*formula // one of its verdicts would have followed
	for _, v := range verdicts {
		if of[v] == nil {
			return base
		}
		ways = append(ways, of[v])
	}
	return allOf(base, anyOf(ways...)).simplify()
}

// gather notes every question of a formula, and of the helper rules that it names.
func (x *explainer) gather(at *ast.Rule, f *formula, depth int) {
	if f.op != fAtom {
		for _, p := range f.parts {
			x.gather(at, p, depth)
		}
		return
	}
	x.asks = append(x.asks, asksOf(f.atom)...)
	name := f.atom.helper
	if name == "" || x.meanings[name] != nil || depth >= deepestPart {
		return
	}
	x.in(at, func() *formula {
		if meaning := x.chosen(x.helper(name), nil, nil, isTrueTerm); meaning != nil {
			x.meanings[name] = meaning
			x.gather(at, meaning, depth+1)
		}
		return nil
	})
}

// step tells what became of one finding rule.
func (x *explainer) step(rule Rule, whole *formula, d Decision) Step {
	s := Step{Code: rule.Code, Title: rule.Title, Article: rule.Article, File: rule.File, Row: rule.Line}
	i := slices.IndexFunc(d.Findings, func(f Finding) bool { return f.Code == rule.Code })
	parts := whole.parts
	if whole.op != fAll {
		parts = []*formula{whole}
	}
	first := ""
	for _, p := range parts {
		holds, told := x.came(p)
		if i < 0 && told && holds {
			continue // it is not what kept the cause from holding
		}
		if first == "" {
			first = x.sentence(p)
		}
		for _, f := range x.reasons(p, holds) {
			c := x.told(f, rule, 0)
			if f.atom != nil && f.atom.helper == "" && !x.ofParams(f.atom) {
				s.Deciding = append(s.Deciding, c)
			} else {
				s.Conditions = append(s.Conditions, c)
			}
		}
	}
	if len(s.Deciding) == 0 { // a named rule decided: what it asks stands first
		s.Deciding, s.Conditions = s.Conditions, nil
	}
	if i < 0 {
		s.Sentence = "Tidak berlaku: yang dinilai aturan ini tidak ada pada warga ini."
		if first != "" {
			s.Sentence = "Tidak berlaku. Syaratnya: " + first + "."
		}
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

// sentence says a condition that did not hold, with the values that decided it.
func (x *explainer) sentence(f *formula) string {
	text := x.inline(f)
	var values []string
	for _, c := range x.reasons(f, false) {
		if seen := x.decisive(c, 0); seen != "" && !slices.Contains(values, seen) {
			values = append(values, seen)
		}
	}
	if len(values) > 0 {
		text += "; yang terlihat: " + strings.Join(values, ", ")
	}
	return text
}

// decisive goes down to the first question whose values tell why a condition turned out as it did.
func (x *explainer) decisive(f *formula, depth int) string {
	if f.op != fAtom {
		return ""
	}
	if seen := x.valuesSeen(f.atom); seen != "" || f.atom.helper == "" || depth > deepestPart {
		return seen
	}
	meaning := x.meanings[f.atom.helper]
	if meaning == nil {
		return ""
	}
	if f.neg {
		meaning = meaning.not()
	}
	for _, part := range x.reasons(meaning, false) {
		if seen := x.decisive(part, depth+1); seen != "" {
			return seen
		}
	}
	return ""
}

// reasons are the single questions that made a formula come out as it did: all that held of what has to
// hold together, the first way that held of several, and where none did each that failed.
func (x *explainer) reasons(f *formula, held bool) []*formula {
	if f.op == fAtom {
		return []*formula{f}
	}
	var out []*formula
	for _, p := range f.parts {
		holds, told := x.came(p)
		if told && holds != held {
			continue
		}
		out = append(out, x.reasons(p, held)...)
		if f.op == fAny && held && told {
			break
		}
	}
	return distinct(out)
}

// came tells how a formula came out.
func (x *explainer) came(f *formula) (holds, told bool) {
	if f.op == fAtom {
		holds, told = x.seen.holds[f.atom.key]
		return holds != f.neg, told
	}
	told = true
	for _, p := range f.parts {
		h, ok := x.came(p)
		if ok && h == (f.op == fAny) {
			return h, true
		}
		told = told && ok
	}
	return f.op == fAll, told
}

// told puts one question and how it came out into words, with what a helper rule asks below it.
func (x *explainer) told(f *formula, rule Rule, depth int) Condition {
	holds, told := x.came(f)
	c := Condition{Text: x.inline(f), Holds: holds, Asked: told, File: rule.File, Row: rule.Line}
	if f.op != fAtom {
		return c
	}
	c.Seen = x.valuesSeen(f.atom)
	if src := f.atom.src; src != nil && src.Location != nil {
		c.File, c.Row = src.Location.File, src.Location.Row
	}
	meaning := x.meanings[f.atom.helper]
	if meaning == nil || depth >= deepestPart {
		return c
	}
	if f.neg {
		meaning = meaning.not()
	}
	for _, part := range x.reasons(meaning, holds) {
		c.Parts = append(c.Parts, x.told(part, rule, depth+1))
	}
	return c
}

// ofParams tells a question that parameters alone answer.
func (x *explainer) ofParams(a *inquiry) bool {
	if a.expr == nil {
		return false
	}
	facts := false
	ast.WalkTerms(a.expr, func(t *ast.Term) bool {
		switch v := t.Value.(type) {
		case ast.Ref:
			if paramOf(v) != "" {
				return true
			}
			facts = facts || v[0].Equal(ast.InputRootDocument) || x.isHelper(v[0])
		case ast.Var:
			facts = facts || x.isHelper(t)
		}
		return facts
	})
	return !facts
}

// valuesSeen tells what the facts and helper rules of a question came to.
func (x *explainer) valuesSeen(a *inquiry) string {
	var parts []string
	for _, t := range operandsOf(a) {
		if isConstant(t) || constants(t) != nil {
			continue
		}
		if ref, ok := t.Value.(ast.Ref); ok && paramOf(ref) != "" && t != operandsOf(a)[0] {
			continue // the text holds it
		}
		v, there := x.seen.values[t.String()]
		if !there {
			continue
		}
		words := "tidak diketahui"
		if v != nil {
			words = x.valueIn(t, v)
		}
		if part := x.subject(t) + ": " + words; words != "" && !slices.Contains(parts, part) {
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, ", ")
}

func (x *explainer) valueIn(t *ast.Term, v ast.Value) string {
	if ref, ok := t.Value.(ast.Ref); ok && paramOf(ref) != "" {
		if code, ok := v.(ast.String); ok {
			return x.choice(paramOf(ref), string(code))
		}
	}
	if s, ok := v.(ast.String); ok && s == "" {
		return "kosong"
	}
	fact := x.factOf(t)
	if s, ok := v.(ast.String); ok && fact.Unit == "kode wilayah" {
		return render(areaWord+string(s), time.UTC)
	}
	return x.value(v, fact.List)
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
