package policy

import (
	"slices"
	"sync"

	"github.com/open-policy-agent/opa/v1/ast"
)

// conditions looks at every condition of a rule for those that ask nothing: they come to the same for
// everybody, so the rule grants or refuses more people than its author meant.
func (r *reviewer) conditions(rule *ast.Rule) {
	ast.WalkExprs(rule, func(x *ast.Expr) bool {
		switch {
		case generated(x, rule):
		case r.fixedCondition(x):
			r.report(x.Location, Problem{Code: "condition_fixed", Message: "Syarat ini tidak menanyakan fakta apa pun: hasilnya sama untuk semua orang.",
				Fix: "Hapus baris ini, atau bandingkan isian (input...) dengan parameter (current...)."})
		case sameSides(x):
			r.report(x.Location, Problem{Code: "condition_same", Message: "Kedua sisi perbandingan ini sama, jadi nilainya tidak pernah diperiksa.",
				Fix: "Tulis pembandingnya, misalnya parameter current.NAMA. Bila yang ditanya hanya apakah isiannya diketahui, tulis nama isian itu saja."})
		}
		return false
	})
	r.always(rule)
}

// generated tells the condition that the parser puts into a rule written without one.
func generated(x *ast.Expr, rule *ast.Rule) bool {
	t, ok := x.Terms.(*ast.Term)
	if !ok || !isTrue(t) {
		return false
	}
	value := rule.Head.Value
	return x.Location == nil || string(x.Location.Text) != "true" || value != nil && value.Location != nil && value.Location.Offset == x.Location.Offset
}

// fixedCondition tells a condition that no fact and no parameter has a part in.
func (r *reviewer) fixedCondition(x *ast.Expr) bool {
	switch terms := x.Terms.(type) {
	case *ast.Every:
		return r.fixedEvery(terms)
	case *ast.Term:
		return r.fixed(terms, r.rule, 0)
	case []*ast.Term:
		if x.IsAssignment() || x.IsEquality() && slices.ContainsFunc(terms[1:], isLocal) || !r.builtin(terms[0]) {
			return false
		}
		return r.allFixed(terms[1:], r.rule, 0)
	}
	return false
}

// isLocal tells a bare name, to which x = 1 may give its value.
func isLocal(t *ast.Term) bool {
	_, ok := t.Value.(ast.Var)
	return ok
}

// builtinNames are the functions that rules may call and did not write.
var builtinNames = sync.OnceValue(func() map[string]bool {
	names := map[string]bool{}
	for _, b := range sandbox().Builtins {
		names[b.Name] = true
	}
	return names
})

func (r *reviewer) builtin(operator *ast.Term) bool {
	return builtinNames()[operator.String()]
}

func (r *reviewer) allFixed(terms []*ast.Term, in *ast.Rule, depth int) bool {
	return !slices.ContainsFunc(terms, func(t *ast.Term) bool { return !r.fixed(t, in, depth) })
}

// fixed tells a term whose value is written out, here or under the names it uses.
func (r *reviewer) fixed(t *ast.Term, in *ast.Rule, depth int) bool {
	if depth > deepest {
		return false
	}
	switch v := t.Value.(type) {
	case ast.Null, ast.Boolean, ast.Number, ast.String:
		return true
	case *ast.Array:
		return !v.Until(func(m *ast.Term) bool { return !r.fixed(m, in, depth+1) })
	case ast.Set:
		return !v.Until(func(m *ast.Term) bool { return !r.fixed(m, in, depth+1) })
	case ast.Object:
		return !v.Until(func(k, m *ast.Term) bool { return !r.fixed(k, in, depth+1) || !r.fixed(m, in, depth+1) })
	case ast.Call:
		return r.builtin(v[0]) && r.allFixed(v[1:], in, depth+1)
	case ast.Ref:
		return r.allFixed(v, in, depth+1)
	case ast.Var:
		if value := r.names.locals[in][v]; value != nil {
			return r.fixed(value, in, depth+1)
		}
		if r.names.declared[in][v] {
			return false
		}
		return r.fixedRule(nameIn(in, string(v)), depth)
	}
	return false
}

// fixedRule tells a name with one value that is written out, without a condition.
func (r *reviewer) fixedRule(name string, depth int) bool {
	of := r.names.rules[name]
	return len(of) == 1 && !of[0].Default && of[0].Else == nil && len(of[0].Head.Args) == 0 && of[0].Head.Value != nil &&
		emptyBody(of[0].Body) && r.fixed(of[0].Head.Value, of[0], depth+1)
}

// sameSides tells a comparison of something with itself.
func sameSides(x *ast.Expr) bool {
	terms, ok := x.Terms.([]*ast.Term)
	if !ok || len(terms) != 3 || x.IsAssignment() {
		return false
	}
	operator := terms[0].String()
	return (orderings[operator] || operator == "equal" || operator == "neq") && terms[1].Equal(terms[2])
}

// idleBody tells a body that asks for nothing, none of its conditions.
func (r *reviewer) idleBody(rule *ast.Rule) bool {
	return !slices.ContainsFunc(rule.Body, func(x *ast.Expr) bool {
		return !generated(x, rule) && !r.fixedCondition(x) && !r.fixedName(x)
	})
}

// fixedName tells x := 1, which gives a name to what is written out.
func (r *reviewer) fixedName(x *ast.Expr) bool {
	return x.IsAssignment() && len(x.Operands()) == 2 && r.fixed(x.Operand(1), r.rule, 0)
}

// always refuses a finding that everybody gets, and a rule that holds without a condition beside others of
// its name that have some: those mean nothing any more.
func (r *reviewer) always(rule *ast.Rule) {
	if rule.Default || !r.idleBody(rule) {
		return
	}
	if isFinding(rule) {
		if headName(rule) == findingsRule {
			r.report(rule.Location, Problem{Code: "rule_always", Message: "Sebab ini dikenakan kepada setiap orang, karena tidak ada syaratnya.",
				Fix: "Tulis kapan sebab ini berlaku, paling sedikit if assessed (warga hidup, dikenali, dan belum dijamin)."})
		}
		return
	}
	if len(rule.Head.Args) > 0 || rule.Else != nil || rule.Head.Value == nil || !r.fixed(rule.Head.Value, rule, 0) || !slices.ContainsFunc(r.names.rules[nameIn(rule, string(rule.Head.Name))], func(other *ast.Rule) bool {
		return other != rule && !other.Default && len(other.Head.Args) == 0
	}) {
		return
	}
	r.report(rule.Location, Problem{Code: "rule_always", Message: "Aturan " + clip(headName(rule)) + " di sini berlaku tanpa syarat, jadi syarat pada aturan senama tidak ada artinya lagi.",
		Fix: "Tulis syaratnya dengan if, atau beri nama lain."})
}
