package policy

import "github.com/open-policy-agent/opa/v1/ast"

// comparing is a stage of the compiler, after names are resolved. A condition that only names a rule
// of yes or no, such as `assessed`, becomes `assessed == true`. Both mean the same: OPA makes a
// variable of its own for the first each time and none for the second, which spares a tenth of the
// allocations of a decision, and people read the first more easily.
var comparing = ast.CompilerStageDefinition{Name: "Comparing", MetricName: "compile_stage_comparing", Stage: func(c *ast.Compiler) *ast.Error {
	yesNo := map[string]bool{}
	for _, mod := range c.Modules {
		for _, r := range mod.Rules {
			name := r.Ref().String()
			before, seen := yesNo[name]
			yesNo[name] = (before || !seen) && alwaysBoolean(r)
		}
	}
	for _, mod := range c.Modules {
		ast.WalkExprs(mod, func(x *ast.Expr) bool {
			if t, ok := x.Terms.(*ast.Term); ok {
				if ref, ok := t.Value.(ast.Ref); ok && len(x.With) == 0 && yesNo[ref.String()] {
					x.Terms = ast.Equal.Expr(t, ast.BooleanTerm(true)).Terms // not the shared one: later stages write into it
				}
			}
			return false
		})
	}
	return nil
}}

// alwaysBoolean tells whether the rule, if it holds, is true or false in every branch.
func alwaysBoolean(r *ast.Rule) bool {
	for ; r != nil; r = r.Else {
		if len(r.Head.Args) > 0 || r.Head.RuleKind() != ast.SingleValue {
			return false
		}
		if _, ok := r.Head.Value.Value.(ast.Boolean); !ok {
			return false
		}
	}
	return true
}
