package policy

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// operand says what a value stands for: a fact by its meaning, a parameter by its value of the day, what
// other rules work out by their title.
func (t *teller) operand(x *ast.Term) string {
	switch v := x.Value.(type) {
	case ast.Call:
		return t.callWords(v)
	case ast.Var:
		return t.helperWords(string(v), x.Location)
	case ast.Ref:
		return t.refWords(x, v)
	case *ast.ArrayComprehension:
		return t.comprehension(v.Term, v.Body, x)
	case *ast.SetComprehension:
		return t.comprehension(v.Term, v.Body, x)
	case *ast.ObjectComprehension:
		return t.comprehension(v.Value, v.Body, x)
	case *ast.Array, ast.Set:
		if items := constants(x); items != nil {
			return t.alternatives(x, items)
		}
	case *ast.TemplateString:
		return t.template(v)
	case ast.Object:
		return t.objectWords(v)
	case ast.String:
		if v == "" {
			return "kosong"
		}
	}
	return t.value(x.Value, "")
}

// template says a text with values in it.
func (t *teller) template(text *ast.TemplateString) string {
	var b strings.Builder
	for _, part := range text.Parts {
		switch p := part.(type) {
		case *ast.Term:
			if s, ok := p.Value.(ast.String); ok {
				b.WriteString(string(s))
			} else {
				b.WriteString(t.operand(p))
			}
		case *ast.Expr:
			if x, ok := p.Terms.(*ast.Term); ok {
				b.WriteString(t.operand(x))
			}
		}
	}
	return b.String()
}

// unworded names a part that nobody gave a title by its place.
func (t *teller) unworded(loc *ast.Location) string {
	t.lost = true
	return "nilai dari " + t.at(loc)
}

// untitled names a helper rule without a title by its own name; what it stands for is told beside.
func (t *teller) untitled(name string, args []*ast.Term) string {
	words := "“" + strings.ReplaceAll(name, "_", " ") + "”"
	t.use(name, words, args)
	return words
}

func (t *teller) helperWords(name string, loc *ast.Location) string {
	rules := t.helper(name)
	if len(rules) == 0 {
		if strings.HasPrefix(name, "anggota_") {
			return "kuncinya"
		}
		return t.unworded(loc)
	}
	if title := t.phraser.titles[name]; title != "" {
		t.use(name, lowerFirst(title), nil)
		return lowerFirst(title)
	}
	if len(rules) > 1 || rules[0].Else != nil || rules[0].Head.Value == nil || t.depth > deepestHelper {
		return t.untitled(name, nil)
	}
	out := ""
	t.in(rules[0], func() *formula {
		out = t.operand(t.resolve(rules[0].Head.Value, nil))
		return nil
	})
	if !emptyBody(rules[0].Body) {
		out += " (bila " + t.inline(t.lines(rules[0], nil).simplify()) + ")"
	}
	return out
}

func (t *teller) refWords(x *ast.Term, ref ast.Ref) string {
	head, _ := ref[0].Value.(ast.Var)
	switch {
	case head == "input":
		return t.factWords(x, ref)
	case head == "current" && len(ref) > 1:
		return t.paramWords(ref)
	case len(t.helper(string(head))) > 0:
		return t.memberOfHelper(x, string(head), ref)
	}
	if items := constants(ref[0]); items != nil { // a member of what is written out
		words := make([]string, len(items))
		for i, item := range items {
			words[i] = t.branchValue(item)
		}
		return strings.Join(words, "; ")
	}
	if _, ok := ref[0].Value.(ast.Object); ok && len(ref) > 1 {
		return "padanan " + t.operand(ref[1])
	}
	return t.unworded(x.Location)
}

func (t *teller) factWords(x *ast.Term, ref ast.Ref) string {
	path := t.path(x)
	if f, ok := t.facts[path]; ok && f.Meaning != "" {
		return t.named(path, x.Location)
	}
	if list, member, ok := strings.Cut(path, "[_]"); ok && member == "" && t.facts[list].Meaning != "" {
		return t.named(list, x.Location)
	}
	for _, part := range ref[1:] { // a key that is chosen while the rules run
		if _, ok := part.Value.(ast.String); !ok {
			return t.unworded(x.Location)
		}
	}
	return t.unworded(x.Location)
}

// memberOfHelper says a member of what another rule works out: a field of a person, a place in a list.
func (t *teller) memberOfHelper(x *ast.Term, name string, ref ast.Ref) string {
	rules := t.helper(name)
	title := lowerFirst(t.phraser.titles[name])
	if title != "" {
		t.use(name, title, nil)
	}
	for _, b := range t.branchesOf(rules, nil) {
		if b.value == nil {
			continue
		}
		words := ""
		t.in(b.rule, func() *formula {
			words = t.memberWordsOf(t.resolve(b.value, nil), ref[1:])
			return nil
		})
		switch {
		case words != "" && title != "" && !strings.Contains(title, words):
			return words + " (" + title + ")"
		case words != "":
			return words
		}
	}
	if title != "" && len(ref) == 2 {
		if key, ok := ref[1].Value.(ast.String); ok {
			for _, s := range t.phraser.params {
				for _, k := range s.Keys {
					if k.Name == string(key) {
						return title + " untuk " + k.Title
					}
				}
			}
		}
		return title + " menurut " + t.operand(ref[1])
	}
	return t.unworded(x.Location)
}

// memberWordsOf names what stands at a place of a value, "" when that cannot be told.
func (t *teller) memberWordsOf(value *ast.Term, at ast.Ref) string {
	switch v := value.Value.(type) {
	case ast.Ref:
		next := ast.NewTerm(v.Concat(at))
		if f, ok := t.facts[t.path(next)]; ok && f.Meaning != "" {
			return short(f.Meaning) // whose is told by the name of the rule
		}
	case ast.Call:
		if op := v[0].String(); (op == "max" || op == "min") && len(v) == 2 {
			return t.memberWordsOf(t.resolvedHelper(v[1]), at)
		}
	case *ast.ArrayComprehension:
		list, ok := v.Term.Value.(*ast.Array)
		if !ok || len(at) == 0 {
			return ""
		}
		item, err := list.Find(at[:1])
		if err != nil {
			return ""
		}
		return t.operand(t.resolve(ast.NewTerm(item), t.bindingOf(v.Body)))
	case *ast.Array:
		if found, err := v.Find(at); err == nil && at.IsGround() {
			return t.operand(ast.NewTerm(found))
		}
	}
	return ""
}

// resolvedHelper gives the value of a helper rule that has but one.
func (t *teller) resolvedHelper(x *ast.Term) *ast.Term {
	if v, ok := x.Value.(ast.Var); ok {
		if rules := t.helper(string(v)); len(rules) == 1 && rules[0].Else == nil && rules[0].Head.Value != nil {
			return rules[0].Head.Value
		}
	}
	return x
}

// bindingOf binds the names of a comprehension to the members of its lists.
func (t *teller) bindingOf(body ast.Body) binding {
	out := binding{}
	for _, x := range body {
		some, ok := x.Terms.(*ast.SomeDecl)
		if !ok || len(some.Symbols) != 1 {
			continue
		}
		if call, ok := some.Symbols[0].Value.(ast.Call); ok {
			out = t.looping(call[len(call)-2], t.resolve(call[len(call)-1], out), out)
		}
	}
	return out
}

// comprehension says a list that is picked out of another.
func (t *teller) comprehension(item *ast.Term, body ast.Body, x *ast.Term) string {
	f := t.body(body, nil, nil).simplify()
	if f.op != fAtom || f.atom.within == nil {
		return t.unworded(x.Location)
	}
	list := t.operand(f.atom.list)
	text := list
	value := t.resolve(item, t.bindingOf(body))
	if ref, ok := value.Value.(ast.Ref); ok && len(ref) > 0 && t.path(value) != t.path(t.memberOf(f.atom.list)) {
		text = t.operand(value) + " dari " + list
	}
	if c, ok := value.Value.(ast.Call); ok {
		if words := t.callWords(c); words != "" {
			text = words + " dari " + list
		}
	}
	if f.atom.within.isTrue() {
		return text
	}
	return text + " dengan " + t.inline(f.atom.within)
}

// listWords says a list by its members, whatever is taken of each.
func (t *teller) listWords(x *ast.Term) string {
	value := x
	if v, ok := x.Value.(ast.Var); ok && t.phraser.titles[string(v)] == "" {
		value = t.resolvedHelper(x)
	}
	var body ast.Body
	switch v := value.Value.(type) {
	case *ast.ArrayComprehension:
		body = v.Body
	case *ast.SetComprehension:
		body = v.Body
	default:
		return t.operand(x)
	}
	f := t.body(body, nil, nil).simplify()
	if f.op != fAtom || f.atom.within == nil {
		return t.operand(x)
	}
	if f.atom.within.isTrue() {
		return t.operand(f.atom.list)
	}
	return t.operand(f.atom.list) + " dengan " + t.inline(f.atom.within)
}

// besideOf says a value in the words of what it is compared with.
func (t *teller) besideOf(subject, x *ast.Term) string {
	s, ok := x.Value.(ast.String)
	if !ok {
		return t.operand(x)
	}
	if ref, ok := subject.Value.(ast.Ref); ok && paramOf(ref) != "" {
		return t.choice(paramOf(ref), string(s))
	}
	return t.value(s, t.listOf(subject))
}

// listOf names the closed list that a value comes from.
func (t *teller) listOf(x *ast.Term) string { return t.factOf(x).List }

// factOf is the fact that a term stands for, under whatever names; of several ways the first that is one.
func (t *teller) factOf(x *ast.Term) FactWord {
	if f, ok := t.facts[t.path(x)]; ok || t.depth > deepestHelper {
		return f
	}
	name, at := ast.Var(""), ast.Ref(nil)
	switch v := x.Value.(type) {
	case ast.Var:
		name = v
	case ast.Ref:
		name, _ = v[0].Value.(ast.Var)
		at = v[1:]
	}
	fact := FactWord{}
	for _, b := range t.branchesOf(t.helper(string(name)), nil) {
		if b.value == nil || fact.Path != "" {
			continue
		}
		t.in(b.rule, func() *formula {
			value := t.resolve(b.value, nil)
			if base, ok := value.Value.(ast.Ref); ok && at != nil {
				value = ast.NewTerm(base.Concat(at))
			}
			if at == nil || value.Value.Compare(b.value.Value) != 0 {
				fact = t.factOf(value)
			}
			return nil
		})
	}
	return fact
}

// paramWords says a parameter as its value of the day with its title: "5 (desil tertinggi …)".
func (t *teller) paramWords(ref ast.Ref) string {
	name := paramOf(ref)
	spec, ok := t.phraser.params[name]
	if !ok {
		return t.unworded(ref[0].Location)
	}
	title := lowerFirst(spec.Title)
	value := ""
	if ref.IsGround() {
		value = t.paramValue(ref)
	}
	if len(ref) > 2 {
		key := t.keyWords(spec, ref[2])
		title += " untuk " + key
	}
	if value == "" {
		return title
	}
	return value + " (" + title + t.otherDays(name, ref) + ")"
}

func (t *teller) keyWords(spec ParamSpec, key *ast.Term) string {
	if s, ok := key.Value.(ast.String); ok {
		for _, k := range spec.Keys {
			if k.Name == string(s) {
				return k.Title
			}
		}
	}
	return t.operand(key)
}

// paramValue writes the value that holds on the day, with its unit; "" when it is a list of values.
func (t *teller) paramValue(ref ast.Ref) string {
	for _, p := range t.params[paramOf(ref)] {
		if p.ValidFrom <= t.day {
			return t.valueWords(p, ref)
		}
	}
	return ""
}

func (t *teller) valueWords(p Param, ref ast.Ref) string {
	value := p.Value
	for _, key := range ref[2:] {
		members, ok := value.(map[string]any)
		if !ok {
			return ""
		}
		value = members[nameOfPart(key)]
	}
	switch v := value.(type) {
	case bool:
		return map[bool]string{true: "ya", false: "tidak"}[v]
	case string:
		return t.choice(p.Name, v)
	case nil, map[string]any, []any:
		return ""
	}
	text := fmt.Sprint(value)
	if f, ok := value.(float64); ok {
		text = strconv.FormatFloat(f, 'f', -1, 64)
	}
	if unit := p.Unit; unit != "" && unit != "desil" {
		unit, _, _ = strings.Cut(unit, " per ")
		text += " " + unit
	}
	return text
}

// otherDays tells the values of other days: what comes, and when the present one began if another was before.
func (t *teller) otherDays(name string, ref ast.Ref) string {
	values := t.params[name]
	if len(values) < 2 {
		return ""
	}
	var parts []string
	for i, p := range values {
		words := t.valueWords(p, ref)
		switch {
		case p.ValidFrom > t.day:
			parts = append(parts, words+" mulai "+humanDay(p.ValidFrom))
		case i == len(values)-1 || values[i+1].ValidFrom == "":
		default:
			if !slices.ContainsFunc(values[:i], func(q Param) bool { return q.ValidFrom <= t.day }) {
				parts = append(parts, "sejak "+humanDay(p.ValidFrom)+", sebelumnya "+t.valueWords(values[i+1], ref))
			}
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return "; " + strings.Join(parts, "; ")
}
