package policy

import (
	"fmt"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// shadows tells of local names that are the name of something else already: whoever reads the rule, and the
// lint itself, takes one for the other. Fields are always written input.GROUP.NAME and cannot be hidden.
func (r *reviewer) shadows(rule *ast.Rule) {
	for _, at := range declaredIn(rule) {
		name := string(at.Value.(ast.Var))
		p := Problem{Code: "name_shadowed", Level: Warning, Fix: "Beri nama lain di sini, misalnya " + clip(name) + "_ini."}
		switch {
		case name == "current":
			p.Level = Wrong
			p.Message = "Nama current di sini menutupi parameter (current.NAMA), jadi yang dibaca bukan parameter."
		case headName(rule) != name && r.mistakable(rule, name):
			p.Message = fmt.Sprintf("Nama %s di sini menutupi aturan %s, jadi yang dibaca bukan aturan itu.", clip(name), clip(name))
		case r.params[name].Kind != "":
			p.Message = fmt.Sprintf("Nama %s di sini sama dengan nama parameter, padahal isinya nilai lain.", clip(name))
			p.Fix = "Beri nama lain di sini. Parameter dibaca sebagai current." + clip(name) + "."
		default:
			continue
		}
		r.report(at.Location, p)
	}
}

// mistakable tells the name of a rule that a reader takes for a fact about the person: it says yes or no, or
// is called as a field is.
func (r *reviewer) mistakable(rule *ast.Rule, name string) bool {
	hidden := r.names.heads[nameIn(rule, name)]
	if len(hidden) == 0 {
		return false
	}
	if !slices.ContainsFunc(hidden, func(h *ast.Rule) bool { return h.Head.Value == nil || !isTrue(h.Head.Value) }) {
		return true
	}
	for path, f := range r.facts {
		if strings.HasSuffix(path, "."+name) && f.Type != typeWords["object"] && f.Type != typeWords["array"] {
			return true
		}
	}
	return false
}

// aliases refuses to bring another document in under the name of the parameters.
func (r *reviewer) aliases(mod *ast.Module) {
	for _, imp := range mod.Imports {
		if imp.Name() == "current" && imp.Path.String() != rulePackage+".current" {
			r.report(imp.Location, Problem{Code: "name_shadowed", Message: "Nama current di sini menutupi parameter (current.NAMA), jadi yang dibaca bukan parameter.",
				Fix: "Pakai nama lain sesudah as."})
		}
	}
}

// declaredIn gives the names that a rule declares for itself, each once: arguments, x := …, some and every.
func declaredIn(rule *ast.Rule) []*ast.Term {
	var out []*ast.Term
	add := func(t *ast.Term) {
		ast.WalkTerms(t, func(t *ast.Term) bool {
			v, ok := t.Value.(ast.Var)
			if ok && !v.IsWildcard() && !v.IsGenerated() && !slices.ContainsFunc(out, t.Equal) {
				out = append(out, t)
			}
			_, ref := t.Value.(ast.Ref)
			return ref
		})
	}
	for _, arg := range rule.Head.Args {
		add(arg)
	}
	ast.WalkExprs(rule, func(x *ast.Expr) bool {
		switch terms := x.Terms.(type) {
		case *ast.SomeDecl:
			for _, symbol := range terms.Symbols {
				if call, ok := symbol.Value.(ast.Call); ok {
					for _, t := range call[1 : len(call)-1] {
						add(t)
					}
					continue
				}
				add(symbol)
			}
		case *ast.Every:
			for _, t := range []*ast.Term{terms.Key, terms.Value} {
				if t != nil {
					add(t)
				}
			}
		default:
			if x.IsAssignment() && len(x.Operands()) == 2 {
				add(x.Operand(0))
			}
		}
		return false
	})
	return out
}
