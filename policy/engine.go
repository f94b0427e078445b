package policy

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"
	"github.com/open-policy-agent/opa/v1/storage/inmem"
	"github.com/open-policy-agent/opa/v1/version"

	"layak/internal/fault"
)

// Engine decides by the rules of one bundle. It is safe for many goroutines.
type Engine struct {
	hash      string
	rules     []Rule
	byCode    map[string]*Rule
	params    []Param
	ofCheck   []Param // without those that only the rules of routing read
	validFrom string
	household bool // whether any rule reads the other members of the card
	query     rego.PreparedEvalQuery
	days      days
	routing   *routing // nil when the bundle routes nothing
	brief     func() (rego.PreparedEvalQuery, error)
	written   *loaded // what the engine was compiled from
	none      bool    // see NoEngine
	bundle    Bundle
}

// EngineVersion is the version of OPA that evaluates the rules; it is stored with each decision.
func EngineVersion() string { return version.Version }

// decisionQuery is the one object that an evaluation yields.
const decisionQuery = rulePackage + ".decision"

// NewEngine compiles a bundle; fault.Invalid with the places in its cause when the bundle cannot
// be used. A caller that reloads rules keeps the old engine then.
func NewEngine(ctx context.Context, b Bundle) (*Engine, error) {
	l, found := load(b)
	if len(found) > 0 {
		return nil, problemError(found)
	}
	query, err := l.prepare(ctx, l.compiler, decisionQuery)
	if err != nil {
		return nil, fmt.Errorf("prepare rules %s: %w", b.Hash(), err)
	}
	e := &Engine{
		hash: b.Hash(), rules: l.rules, byCode: make(map[string]*Rule, len(l.rules)),
		params: l.params, validFrom: l.validFrom(), household: l.reads("household"), query: query,
		days: days{rules: l.dayRules(packagePath)}, written: l, bundle: b,
	}
	e.brief = sync.OnceValues(func() (rego.PreparedEvalQuery, error) {
		return l.prepare(context.WithoutCancel(ctx), l.compiler, briefQuery)
	})
	for i := range e.rules {
		e.byCode[e.rules[i].Code] = &e.rules[i]
	}
	e.ofCheck = l.params
	if l.routing != nil {
		e.ofCheck = l.checkParams()
		e.routing, err = l.prepareRouting(ctx)
		if err != nil {
			return nil, fmt.Errorf("prepare routing of rules %s: %w", b.Hash(), err)
		}
	}
	return e, nil
}

// prepare makes a query ready to be evaluated many times. A built-in function that fails is an
// error of the evaluation: without that it would be undefined, and so a silent refusal.
func (l *loaded) prepare(ctx context.Context, compiler *ast.Compiler, query string) (rego.PreparedEvalQuery, error) {
	store := inmem.NewFromObjectWithOpts(l.data, inmem.OptReturnASTValuesOnRead(true))
	return rego.New(
		rego.Query(query), rego.Compiler(compiler), rego.Store(store), rego.Capabilities(sandbox()),
		rego.StrictBuiltinErrors(true),
		rego.GenerateJSON(func(t *ast.Term, _ *rego.EvalContext) (any, error) { return t, nil }),
	).PrepareForEval(ctx)
}

// problemError makes one error of the problems of a bundle.
func problemError(found []Problem) error {
	causes := make([]error, len(found))
	for i, p := range found {
		causes[i] = errors.New(p.String())
	}
	err := fault.New(fault.Invalid, "rules_invalid", "Kumpulan aturan belum dapat dipakai. "+found[0].Message)
	return err.Because(errors.Join(causes...))
}

// Hash names the revision that the engine decides by.
func (e *Engine) Hash() string { return e.hash }

// ReadsHousehold tells whether any rule of a check looks at the other members of the family card.
func (e *Engine) ReadsHousehold() bool { return e.household }

// Rules lists the written causes in the order in which findings are shown.
func (e *Engine) Rules() []Rule { return slices.Clone(e.rules) }

// Params lists every value of every parameter, newest first within a name.
func (e *Engine) Params() []Param { return slices.Clone(e.params) }

// CheckParams lists the values of the parameters without those that only the rules of routing read.
func (e *Engine) CheckParams() []Param { return slices.Clone(e.ofCheck) }

// Decide evaluates the rules on the input. fault.Invalid: the input breaks its schema, or no
// parameters are known for the day of service. fault.Unavailable: the deadline passed. Every other
// error is a defect of the rules; an error is never a refusal.
func (e *Engine) Decide(ctx context.Context, in Input) (Decision, error) {
	if err := check(&in); err != nil {
		return Decision{}, err
	}
	if in.ServiceOn < e.validFrom {
		return Decision{}, fault.New(fault.Invalid, "service_on_too_early",
			"Tanggal layanan terlalu lama: aturan belum berlaku pada hari itu.").
			At("service_on", "Isi tanggal layanan mulai "+humanDay(e.validFrom)+".")
	}
	term, err := e.ask(ctx, &in)
	if err != nil {
		return Decision{}, err
	}
	d, err := e.decision(term, in.At.Location())
	if err != nil {
		return Decision{}, fmt.Errorf("read decision of rules %s: %w", e.hash, err)
	}
	return d, nil
}

// ask evaluates the rules of a check on an input that fits.
func (e *Engine) ask(ctx context.Context, in *Input) (*ast.Term, error) {
	if e.none {
		return nil, errNoEngine
	}
	limited, cancel := timed(ctx)
	defer cancel()
	term, err := evaluate(limited, e.query, packagePath, inputValue(in, e.household), &e.days, dayOf{in.ServiceOn, in.Office.Regency})
	switch {
	case err != nil && limited.Err() != nil:
		return nil, tooLate(err)
	case err != nil:
		return nil, fmt.Errorf("evaluate rules %s: %w", e.hash, err)
	}
	return term, nil
}

func tooLate(cause error) error {
	return fault.New(fault.Unavailable, "decision_timeout", "Hasil cek belum dapat dihitung karena terlalu lama. Coba lagi.").Because(cause)
}

// decision joins what the rules yielded with their METADATA.
func (e *Engine) decision(t *ast.Term, zone *time.Location) (Decision, error) {
	o, ok := t.Value.(ast.Object)
	if !ok {
		return Decision{}, errors.New("decision is not an object")
	}
	d := Decision{
		Outcome: Outcome(text(o, "outcome")), Advice: Advice(text(o, "service_advice")),
		Findings: []Finding{}, Questions: []Question{}, NextSteps: []string{},
	}
	switch d.Outcome {
	case Eligible, NotEligible, AlreadyCovered, NeedsInformation:
	default:
		return Decision{}, fmt.Errorf("unknown outcome %q", d.Outcome)
	}
	switch d.Advice {
	case TreatNow, RegisteredFacility, NoAdvice:
	default:
		return Decision{}, fmt.Errorf("unknown service advice %q", d.Advice)
	}
	if t := o.Get(keyTerms["findings"]); t != nil {
		if set, ok := t.Value.(ast.Set); ok {
			d.Findings = make([]Finding, 0, set.Len())
		}
	}
	err := each(o, "findings", func(item ast.Value) error {
		f, err := e.finding(item, zone)
		d.Findings = append(d.Findings, f)
		return err
	})
	if err != nil {
		return Decision{}, err
	}
	slices.SortStableFunc(d.Findings, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(e.byCode[a.Code].order, e.byCode[b.Code].order), cmp.Compare(a.Code, b.Code))
	})
	err = each(o, "questions", func(item ast.Value) error {
		q, ok := item.(ast.Object)
		if !ok {
			return errors.New("question is not an object")
		}
		d.Questions = append(d.Questions, Question{
			Code: text(q, "code"), Text: render(text(q, "text"), zone), Field: text(q, "field"), Document: text(q, "document"),
		})
		return nil
	})
	if err != nil {
		return Decision{}, err
	}
	slices.SortStableFunc(d.Questions, func(a, b Question) int { return cmp.Compare(e.orderOf(a.Code), e.orderOf(b.Code)) })
	err = each(o, "next_steps", func(item ast.Value) error {
		if step, ok := item.(*ast.Array); ok && step.Len() == 2 { // number and text
			item = step.Elem(1).Value
		}
		s, ok := item.(ast.String)
		if !ok {
			return errors.New("next step is not a text")
		}
		d.NextSteps = append(d.NextSteps, render(string(s), zone))
		return nil
	})
	if err != nil {
		return Decision{}, err
	}
	d.Summary = e.summary(d)
	return d, nil
}

func (e *Engine) orderOf(code string) int {
	if r := e.byCode[code]; r != nil {
		return r.order
	}
	return 100_000
}

func (e *Engine) finding(item ast.Value, zone *time.Location) (Finding, error) {
	o, ok := item.(ast.Object)
	if !ok {
		return Finding{}, errors.New("finding is not an object")
	}
	code := text(o, "code")
	rule := e.byCode[code]
	if rule == nil {
		return Finding{}, fmt.Errorf("finding %q has no METADATA", code)
	}
	f := Finding{
		Code: code, Title: rule.Title, Verdict: Verdict(text(o, "verdict")), Article: rule.Article,
		Seen: render(text(o, "seen"), zone), Limit: render(text(o, "limit"), zone),
		Remedy: rule.Remedy, Document: rule.Document, Source: render(text(o, "source"), zone),
	}
	if !validVerdict(f.Verdict) {
		return Finding{}, fmt.Errorf("finding %s has verdict %q", code, f.Verdict)
	}
	return f, nil
}

var keyTerms = termsOf("outcome", "service_advice", "findings", "questions", "next_steps",
	"code", "verdict", "seen", "limit", "source", "text", "field", "document",
	"class", "priority", "element", "attention", "second_person", "reopen_days", "silent_hours", "desk", "outside",
	"clocks", "ladder", "tasks", "missing", "reasons", "kinds", "area", "office", "why", "kind", "amount", "measure",
	"pauses", "percent", "to", "act")

func text(o ast.Object, key string) string {
	t := o.Get(keyTerms[key])
	if t == nil {
		return ""
	}
	s, ok := t.Value.(ast.String)
	if !ok {
		return ""
	}
	return string(s)
}

// each visits the members of an array or set, a set in its order.
func each(o ast.Object, key string, visit func(ast.Value) error) error {
	t := o.Get(keyTerms[key])
	if t == nil {
		return fmt.Errorf("the answer has no %s", key)
	}
	switch v := t.Value.(type) {
	case *ast.Array:
		return v.Iter(func(t *ast.Term) error { return visit(t.Value) })
	case ast.Set:
		return v.Iter(func(t *ast.Term) error { return visit(t.Value) })
	}
	return fmt.Errorf("%s of the answer is no list", key)
}
