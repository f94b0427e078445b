package policy

import (
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"
)

// beside lets an analyst pass over what rules say that were looked at before: two rule sets that are
// compared have nearly all in common. What is passed over is what comes to the same in both whatever the
// person is: rules of the same text that rest on nothing that differs.
func (a *analyst) beside(first *analyst) {
	a.first, a.differs = first, map[string]bool{}
	for name, rules := range a.index {
		if !slices.Equal(a.textsOf(rules), first.textsOf(first.index[name])) {
			a.differs[name] = true
		}
	}
	for again := true; again; {
		again = false
		for name, rules := range a.index {
			if a.differs[name] {
				continue
			}
			if slices.ContainsFunc(rules, func(r *ast.Rule) bool { return a.restsOnOther(r) }) {
				a.differs[name], again = true, true
			}
		}
	}
}

// textsOf gives the rules of a name as text, in order.
func (a *analyst) textsOf(rules []*ast.Rule) []string {
	out := make([]string, len(rules))
	for i, r := range rules {
		out[i] = a.textOf(r)
	}
	slices.Sort(out)
	return out
}

// textOf is a rule as the compiler left it, without the numbers that it gave to variables: those change
// with every line that is written before.
func (a *analyst) textOf(r *ast.Rule) string {
	text, known := a.texts[r]
	if !known {
		text = r.Ref().String() + " " + strconv.FormatBool(r.Default) + plainly(r.String())
		a.texts[r] = text
	}
	return text
}

var numbered = regexp.MustCompile(ast.LocalVarPrefix + `[0-9]+(i[0-9]+)*__`)

// plainly numbers the variables of a text in the order in which they stand there.
func plainly(text string) string {
	if !strings.Contains(text, ast.LocalVarPrefix) {
		return text
	}
	names := map[string]string{}
	return numbered.ReplaceAllStringFunc(text, func(v string) string {
		name, known := names[v]
		if !known {
			name = "v" + strconv.Itoa(len(names)) + "__"
			names[v] = name
		}
		return name
	})
}

// restsOnOther tells that a part of a rule reads something that differs.
func (a *analyst) restsOnOther(x any) bool {
	other := false
	ast.WalkRefs(x, func(ref ast.Ref) bool {
		other = other || a.isOther(ref)
		return other
	})
	return other
}

// isOther tells that a reference may come to something else than among the rules of first.
func (a *analyst) isOther(ref ast.Ref) bool {
	if !ref[0].Equal(ast.DefaultRootDocument) {
		return false
	}
	if !ref.HasPrefix(packagePath) {
		return !reflect.DeepEqual(dataAt(a.engine.written.data, ref[1:]), dataAt(a.first.engine.written.data, ref[1:]))
	}
	if len(ref) < 4 {
		return true
	}
	name, ok := ref[3].Value.(ast.String)
	if !ok {
		return true
	}
	return a.differs[string(name)] && !a.sameValue(string(name), ref[4:])
}

// sameValue tells that a rule of the day, or the part of it that tail names, comes to the same in both on
// this day: the limit that a condition names, of all limits.
func (a *analyst) sameValue(name string, tail ast.Ref) bool {
	n := ruleName{name: name}
	if !a.engine.days.rules[n] || !a.first.engine.days.rules[n] {
		return false
	}
	mine, theirs := a.valueOfDay(name), a.first.valueOfDay(name)
	if mine == nil || theirs == nil {
		return false
	}
	for _, t := range tail {
		one, ok1 := mine.Value.(ast.Object)
		two, ok2 := theirs.Value.(ast.Object)
		if !t.IsGround() || !ok1 || !ok2 {
			break
		}
		mine, theirs = one.Get(t), two.Get(t)
		if mine == nil || theirs == nil {
			return mine == nil && theirs == nil
		}
	}
	return mine.Equal(theirs)
}

// valueOfDay evaluates a rule of the day; nil when it comes to nothing, or to an error.
func (a *analyst) valueOfDay(name string) *ast.Term {
	v, known := a.ofDay[name]
	if known {
		return v
	}
	a.ofDay[name] = nil
	ref := ast.NewTerm(packagePath.Append(ast.StringTerm(name)))
	query, err := a.prepared(ref)
	if err != nil {
		return nil
	}
	results, err := query.Eval(a.ctx, rego.EvalParsedInput(a.input))
	if err == nil && len(results) == 1 && len(results[0].Expressions) == 1 {
		a.ofDay[name], _ = results[0].Expressions[0].Value.(*ast.Term)
	}
	return a.ofDay[name]
}

// dataAt gives what stands at the beginning of a path that is written out.
func dataAt(data any, path ast.Ref) any {
	for _, t := range path {
		key, ok := t.Value.(ast.String)
		object, is := data.(map[string]any)
		if !ok || !is {
			break
		}
		data = object[string(key)]
	}
	return data
}

// walkedAlready tells that a rule was taken apart among the rules of first, where it says the same.
func (a *analyst) walkedAlready(key string, r *ast.Rule) bool {
	return a.first != nil && a.first.walked[key] && !a.differs[string(r.Head.Name)]
}

// askedAlready tells that a condition is asked of the rules of first, where it says the same.
func (a *analyst) askedAlready(key string, part []*ast.Expr) bool {
	return a.first != nil && a.first.taken[key] && !a.restsOnOther(ast.Body(part))
}
