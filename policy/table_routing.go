package policy

import (
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// routedRules are the rules of routing that people ask for: what becomes of a complaint, in this order.
var routedRules = []string{"class", "priority", "desk", "outside", "second_person", "attention", "owed", "offered", "rescue", "data_wrong"}

// RoutingOutcomes tells what becomes of a complaint and when: its class, the desk, the deadlines, the second
// person, the tasks of other units; terms are what the names in it stand for. Both are empty for rules that
// route nothing; fault.Invalid when the bundle does not load. day is YYYY-MM-DD.
func RoutingOutcomes(b Bundle, day string) (outcomes, terms []Term, err error) {
	l, found := load(b)
	if len(found) > 0 {
		return nil, nil, problemError(found)
	}
	if l.routing == nil {
		return nil, nil, nil
	}
	t := newTeller(b, l, l.routing, "routing", day)
	for _, name := range routedRules {
		rules := t.names.heads[routingPackage+"."+name]
		if len(rules) == 0 || t.phraser.titles[name] == "" {
			continue
		}
		meaning, told := t.meaning(usedName{name: name, words: t.phraser.titles[name], rule: rules[0]})
		if told {
			outcomes = append(outcomes, Term{Name: lowerFirst(t.phraser.titles[name]), Meaning: meaning})
		}
	}
	told := map[string]bool{}
	for _, o := range outcomes {
		told[o.Name] = true
	}
	for _, term := range t.terms() {
		if !told[term.Name] {
			terms = append(terms, term)
		}
	}
	return outcomes, terms, nil
}

// clockWords names what a deadline is for.
var clockWords = map[string]string{"emergency": "penanganan gawat darurat", "verify": "verifikasi", "first": "tindak lanjut pertama", "resolve": "penyelesaian",
	"silence": "tanggapan warga sesudah dijawab", "waiting": "keterangan pelapor", "number": "nomor penerimaan dari instansi lain", "papers": "berkas sesudah dirawat", "refund": "pengembalian uang pasien"}

// objectWords says what a rule gives as a group: an office, kinds of units in an area, an amount of days.
func (t *teller) objectWords(o ast.Object) string {
	get := func(key string) *ast.Term { return o.Get(ast.StringTerm(key)) }
	var parts []string
	if x := get("office"); x != nil {
		parts = append(parts, t.operand(x))
	}
	if x := get("code"); x != nil {
		words := t.operand(x)
		if unit, ok := strings.CutSuffix(t.path(x), ".code"); ok && t.facts[unit].Meaning != "" {
			words = t.named(unit, x.Location)
		}
		parts = append(parts, words)
	}
	if kinds := get("kinds"); kinds != nil && get("code") == nil {
		var words []string
		for _, k := range constants(kinds) {
			words = append(words, t.value(k.Value, "unit_kind"))
		}
		parts = append(parts, strings.Join(words, " atau "))
		if x := get("area"); x != nil {
			parts = append(parts, "di "+t.operand(x))
		}
	}
	if x := get("desk"); x != nil {
		parts = append(parts, t.branchValue(x))
	}
	if x := get("act"); x != nil {
		parts = append(parts, "“"+strings.TrimSuffix(t.operand(x), ".")+"”")
	}
	if x := get("amount"); x != nil {
		parts = append(parts, "dalam "+t.operand(x))
	}
	if len(parts) == 0 {
		return "ada"
	}
	return strings.Join(parts, " ")
}

// deadlineWords says a deadline by its kind, with the amount that holds everywhere; "" for other words.
func (t *teller) deadlineWords(kind string) string {
	word := clockWords[kind]
	if word == "" {
		return ""
	}
	if kind == "resolve" {
		return word + t.byKey("resolve_days")
	}
	for _, r := range t.helper("national") {
		o, ok := r.Head.Value.Value.(ast.Object)
		if !ok {
			continue
		}
		if clock := o.Get(ast.StringTerm(kind)); clock != nil {
			if inner, ok := clock.Value.(ast.Object); ok && inner.Get(ast.StringTerm("amount")) != nil {
				return word + ": " + t.operand(inner.Get(ast.StringTerm("amount")))
			}
		}
	}
	return word
}

// byKey says the values of a parameter that has several: ": pengaduan biasa 14, aspirasi 14 hari kerja".
func (t *teller) byKey(name string) string {
	spec := t.phraser.params[name]
	var parts []string
	for _, k := range spec.Keys {
		value := t.paramTerm(ast.Ref{ast.VarTerm("current"), ast.StringTerm(name), ast.StringTerm(k.Name)})
		if value != nil {
			parts = append(parts, k.Title+" "+t.value(value.Value, ""))
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return ": " + strings.Join(parts, ", ") + " " + spec.Unit
}
