package policy

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"

	"layak/internal/fault"
)

// routing is the part of an engine that routes complaints.
type routing struct {
	query     rego.PreparedEvalQuery
	rules     []Rule
	byCode    map[string]*Rule
	params    []Param
	validFrom string
	days      days
	memo      routingMemo
}

// routingQuery is the one object that an evaluation yields.
const routingQuery = routingPackage + ".routing"

// prepareRouting makes the rules of routing ready.
func (l *loaded) prepareRouting(ctx context.Context) (*routing, error) {
	query, err := l.prepare(ctx, l.routing.compiler, routingQuery)
	if err != nil {
		return nil, err
	}
	r := &routing{
		query: query, rules: l.routing.rules, byCode: make(map[string]*Rule, len(l.routing.rules)),
		params: l.routing.paramsRead(l.params), validFrom: l.validFrom(),
		days: days{rules: l.routing.dayRules(routingPath)},
		memo: routingMemo{on: l.routing.readsDayAlone()},
	}
	for i := range r.rules {
		r.byCode[r.rules[i].Code] = &r.rules[i]
	}
	return r, nil
}

// ErrNoRouting is returned by Route of rules that were written before contract 2.
var ErrNoRouting = errors.New("the rules hold no routing")

// CanRoute tells whether the bundle routes complaints; those of contract 1 do not.
func (e *Engine) CanRoute() bool { return e.routing != nil }

// RoutingRules lists the written reasons of routing in the order in which they are told.
func (e *Engine) RoutingRules() []Rule {
	if e.routing == nil {
		return nil
	}
	return slices.Clone(e.routing.rules)
}

// RoutingParams lists the values of the parameters that the rules of routing read, newest first
// within a name.
func (e *Engine) RoutingParams() []Param {
	if e.routing == nil {
		return nil
	}
	return slices.Clone(e.routing.params)
}

// Route evaluates the rules of routing on a complaint. fault.Invalid: the input breaks its schema, or
// no parameters are known for its day. fault.Unavailable: the deadline passed. ErrNoRouting: see
// CanRoute. Every other error is a defect of the rules.
func (e *Engine) Route(ctx context.Context, in RoutingInput) (Routing, error) {
	r := e.routing
	if r == nil {
		return Routing{}, ErrNoRouting
	}
	err := checkRouting(&in)
	if err != nil {
		return Routing{}, aboutRouting(err)
	}
	if in.At.Format(time.DateOnly) < r.validFrom {
		return Routing{}, fault.New(fault.Invalid, "routing_too_early",
			"Aturan penanganan aduan belum berlaku pada hari itu.").
			At("at", "Isi waktu mulai "+humanDay(r.validFrom)+".")
	}
	limited, cancel := timed(ctx)
	defer cancel()
	if limited.Err() != nil {
		return Routing{}, routingTooLate(limited.Err())
	}
	if !r.memo.on {
		return e.routeAnew(limited, &in)
	}
	key := in.memoKey()
	if out, known := r.memo.get(key); known {
		return out, nil
	}
	out, err := e.routeAnew(limited, &in)
	if err == nil {
		r.memo.put(key, out)
	}
	return out, err
}

// routeAnew asks the rules themselves.
func (e *Engine) routeAnew(timed context.Context, in *RoutingInput) (Routing, error) {
	r := e.routing
	term, err := evaluate(timed, r.query, routingPath, routingValue(in), &r.days, dayOf{in.At.Format(time.DateOnly), in.Office.Regency})
	switch {
	case err != nil && timed.Err() != nil:
		return Routing{}, routingTooLate(err)
	case err != nil:
		return Routing{}, fmt.Errorf("route by rules %s: %w", e.hash, err)
	}
	out, err := r.read(term, in.At.Location())
	if err != nil {
		return Routing{}, fmt.Errorf("read routing of rules %s: %w", e.hash, err)
	}
	return out, nil
}

func routingTooLate(cause error) error {
	return fault.New(fault.Unavailable, "routing_timeout", "Penanganan aduan belum dapat ditentukan karena terlalu lama. Coba lagi.").Because(cause)
}

// read joins what the rules yielded with their METADATA and refuses what no complaint can have.
func (r *routing) read(t *ast.Term, zone *time.Location) (Routing, error) {
	o, ok := t.Value.(ast.Object)
	if !ok {
		return Routing{}, errors.New("routing is not an object")
	}
	out := Routing{
		Class: text(o, "class"), Priority: text(o, "priority"), Element: text(o, "element"),
		Attention: truth(o, "attention"), SecondPerson: truth(o, "second_person"),
		Clocks: []ClockLimit{}, Ladder: []Rung{}, Tasks: []ProposedTask{}, Missing: []MissingItem{},
	}
	if !routingSets()["class"][out.Class] {
		return Routing{}, fmt.Errorf("unknown class %q", out.Class)
	}
	if !slices.Contains([]string{"emergency", "high", "normal"}, out.Priority) {
		return Routing{}, fmt.Errorf("unknown priority %q", out.Priority)
	}
	var err error
	out.ReopenDays, err = whole(o, "reopen_days")
	if err == nil {
		out.SilentHours, err = whole(o, "silent_hours")
	}
	if err != nil {
		return Routing{}, err
	}
	if out.ReopenDays < 0 || out.ReopenDays > mostReopenDays || out.SilentHours < 0 || out.SilentHours > mostSilentHours {
		return Routing{}, fmt.Errorf("reopening in %d days, silence of %d hours", out.ReopenDays, out.SilentHours)
	}
	if d, ok := part(o, "desk"); ok {
		where := deskOf(d)
		out.Desk = &where
	}
	if away, ok := part(o, "outside"); ok {
		out.Outside = &Outside{Office: text(away, "office"), Why: text(away, "why")}
	}
	err = errors.Join(
		objects(o, "clocks", func(c ast.Object) error { return addClock(&out, c) }),
		objects(o, "ladder", func(c ast.Object) error { return addRung(&out, c) }),
		objects(o, "tasks", func(c ast.Object) error { return addTask(&out, c) }),
		objects(o, "missing", func(c ast.Object) error {
			out.Missing = append(out.Missing, MissingItem{Code: text(c, "code"), Text: text(c, "text")})
			return nil
		}))
	if err != nil {
		return Routing{}, err
	}
	out.Reasons, err = r.reasons(o, zone)
	return out, err
}

// reasons gives the sentences in the order of their METADATA.
func (r *routing) reasons(o ast.Object, zone *time.Location) ([]string, error) {
	type reason struct {
		rule *Rule
		text string
	}
	var found []reason
	err := objects(o, "reasons", func(c ast.Object) error {
		rule := r.byCode[text(c, "code")]
		if rule == nil {
			return fmt.Errorf("reason %q has no METADATA", text(c, "code"))
		}
		found = append(found, reason{rule, render(text(c, "text"), zone)})
		return nil
	})
	slices.SortStableFunc(found, func(a, b reason) int {
		return cmp.Or(cmp.Compare(a.rule.order, b.rule.order), cmp.Compare(a.rule.Code, b.rule.Code))
	})
	texts := make([]string, len(found))
	for i, f := range found {
		texts[i] = f.text
	}
	return texts, err
}

var clockKinds = []string{"verify", "first", "resolve", "emergency", "papers", "silence", "waiting", "number", "refund"}

// What rules may ask for: three years of each measure, and a ladder up to three times the limit.
// What lies beyond is a slip of the keyboard that the calendars could not count.
const (
	mostRungPercent = 300
	mostReopenDays  = 750
	mostSilentHours = 6_000
)

var mostAmount = map[string]int{"working_days": 750, "working_hours": 6_000, "hours": 26_280}

// amountFits tells whether a limit is one that a calendar can count.
func amountFits(amount int, measure string) bool { return amount > 0 && amount <= mostAmount[measure] }

func addClock(out *Routing, c ast.Object) error {
	amount, err := whole(c, "amount")
	limit := ClockLimit{
		Kind: text(c, "kind"), Amount: amount, Measure: text(c, "measure"), Pauses: truth(c, "pauses"), Source: text(c, "source"),
	}
	switch {
	case err != nil:
		return err
	case !slices.Contains(clockKinds, limit.Kind):
		return fmt.Errorf("unknown clock %q", limit.Kind)
	case slices.ContainsFunc(out.Clocks, func(o ClockLimit) bool { return o.Kind == limit.Kind }):
		return fmt.Errorf("clock %s stands twice", limit.Kind)
	case !amountFits(amount, limit.Measure):
		return fmt.Errorf("clock %s has the limit %d %q", limit.Kind, amount, limit.Measure)
	case limit.Kind == "emergency" && limit.Pauses:
		return errors.New("the emergency clock pauses")
	}
	out.Clocks = append(out.Clocks, limit)
	return nil
}

func addRung(out *Routing, c ast.Object) error {
	percent, err := whole(c, "percent")
	to := text(c, "to")
	if err != nil {
		return err
	}
	if percent <= 0 || percent > mostRungPercent || !slices.Contains([]string{"desk", "head", "above"}, to) {
		return fmt.Errorf("rung %q at %d percent", to, percent)
	}
	out.Ladder = append(out.Ladder, Rung{Percent: percent, To: to})
	return nil
}

func addTask(out *Routing, c ast.Object) error {
	amount, err := whole(c, "amount")
	if err != nil {
		return err
	}
	d, ok := part(c, "desk")
	if !ok || text(c, "act") == "" || !amountFits(amount, text(c, "measure")) {
		return fmt.Errorf("task %q lacks desk, act or limit", text(c, "act"))
	}
	out.Tasks = append(out.Tasks, ProposedTask{Desk: deskOf(d), Act: text(c, "act"), Amount: amount, Measure: text(c, "measure")})
	return nil
}

func deskOf(o ast.Object) Desk {
	d := Desk{Code: text(o, "code"), Area: text(o, "area")}
	if t := o.Get(keyTerms["kinds"]); t != nil {
		if kinds, ok := t.Value.(*ast.Array); ok {
			kinds.Foreach(func(t *ast.Term) {
				if s, ok := t.Value.(ast.String); ok {
					d.Kinds = append(d.Kinds, string(s))
				}
			})
		}
	}
	return d
}

func part(o ast.Object, key string) (ast.Object, bool) {
	t := o.Get(keyTerms[key])
	if t == nil {
		return nil, false
	}
	p, ok := t.Value.(ast.Object)
	return p, ok
}

func objects(o ast.Object, key string, visit func(ast.Object) error) error {
	return each(o, key, func(v ast.Value) error {
		c, ok := v.(ast.Object)
		if !ok {
			return fmt.Errorf("a part of %s is not an object", key)
		}
		return visit(c)
	})
}

func truth(o ast.Object, key string) bool {
	t := o.Get(keyTerms[key])
	return t != nil && t.Value.Compare(ast.Boolean(true)) == 0
}

func whole(o ast.Object, key string) (int, error) {
	t := o.Get(keyTerms[key])
	if t == nil {
		return 0, fmt.Errorf("%s is missing", key)
	}
	n, ok := t.Value.(ast.Number)
	if !ok {
		return 0, fmt.Errorf("%s is not a number", key)
	}
	i, ok := n.Int()
	if !ok {
		return 0, fmt.Errorf("%s is not a whole number", key)
	}
	return i, nil
}

// routingValue builds the document that the rules of routing see; it equals the JSON of the input.
func routingValue(in *RoutingInput) ast.Value {
	o := make(object, 0, 16)
	o.text("at", in.At.Format(time.RFC3339Nano))
	o.put("office", object{{fieldTerms["regency"], ast.StringTerm(in.Office.Regency)}}.term())
	o.put("channel", routingTerm(in.Channel))
	for _, f := range [...]struct{ key, value string }{
		{"matter", in.Matter}, {"need", in.Need}, {"relation", in.Relation}, {"village", in.Village},
		{"district", in.District}, {"class", in.Class},
	} {
		if f.value != "" {
			o.put(f.key, routingTerm(f.value))
		}
	}
	for _, u := range [...]struct {
		key  string
		unit *RoutingUnit
	}{{"filed", in.Filed}, {"unit", in.Unit}, {"accused", in.Accused}} {
		if u.unit != nil {
			o.put(u.key, object{{fieldTerms["code"], ast.StringTerm(u.unit.Code)}, {fieldTerms["kind"], routingTerm(u.unit.Kind)}}.term())
		}
	}
	checks := make([]*ast.Term, len(in.Checks))
	for i, k := range in.Checks {
		checks[i] = object{{fieldTerms["outcome"], routingTerm(k.Outcome)}, {fieldTerms["service_advice"], routingTerm(k.Advice)},
			{fieldTerms["codes"], textArray(k.Codes)}}.term()
	}
	o.put("checks", ast.ArrayTerm(checks...))
	if in.Deceased {
		o.put("deceased", ast.InternedTerm(true))
	}
	o.put("reopened", ast.InternedTerm(in.Reopened))
	o.put("given", textArray(in.Given))
	return ast.NewObject(o...)
}

func textArray(texts []string) *ast.Term {
	terms := make([]*ast.Term, len(texts))
	for i, s := range texts {
		terms[i] = routingTerm(s)
	}
	return ast.ArrayTerm(terms...)
}

// routingWordTerms are the words of the closed lists as terms, made once.
var routingWordTerms = func() map[string]*ast.Term {
	var all []string
	for _, list := range routingLists() {
		all = append(all, list...)
	}
	return termsOf(all...)
}()

func routingTerm(s string) *ast.Term {
	if t, ok := routingWordTerms[s]; ok {
		return t
	}
	return ast.StringTerm(s)
}
