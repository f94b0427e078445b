package policy

import (
	"fmt"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/types"
)

var orderings = map[string]bool{"lt": true, "lte": true, "gt": true, "gte": true}

// kindNames says in Indonesian what a value is.
var kindNames = map[string]string{"number": "bilangan", "string": "teks", "boolean": "ya atau tidak", "null": "null",
	"array": "daftar", "set": "himpunan", "object": "kelompok"}

// ordering holds both sides of < <= > >= to one kind. Rego orders across kinds: null <= 4 and "2" > 4
// both hold, so that an empty or wrongly typed value would pass.
func (r *reviewer) ordering(x *ast.Expr) {
	terms, ok := x.Terms.([]*ast.Term)
	if !ok || len(terms) != 3 || !orderings[terms[0].String()] {
		return
	}
	left, right := oneOf(r.kinds(terms[1]), r.kinds(terms[2]))
	for i, kind := range []string{left, right} {
		switch kind {
		case "null":
			r.report(terms[i+1].Location, Problem{Code: "order_null", Message: "null lebih kecil dari semua bilangan, jadi isian kosong akan lolos di sini.",
				Fix: "Hapus null. Isian yang belum diketahui memang tidak ada; tangani sebagai sebab tersendiri."})
			return
		case "boolean", "object", "array", "set":
			r.report(terms[i+1].Location, Problem{Code: "order_types", Message: fmt.Sprintf("Nilai %s tidak dapat diurutkan.", kindNames[kind]),
				Fix: "Bandingkan dengan == saja."})
			return
		}
	}
	if left == "" || right == "" || left == right {
		return
	}
	p := Problem{Code: "order_types", Message: fmt.Sprintf("%s dibandingkan dengan %s: dalam Rego perbandingan ini selalu ada jawabannya, walau keliru.",
		upperFirst(kindNames[left]), kindNames[right]), Fix: "Bandingkan bilangan dengan bilangan dan teks dengan teks."}
	loc := terms[1].Location
	for i, t := range terms[1:] {
		other := []string{right, left}[i]
		if text, ok := t.Value.(ast.String); ok && other == "number" && number10(string(text)) {
			p.Fix = fmt.Sprintf("Tulis %s tanpa tanda kutip.", string(text))
			p.Edit = replaceWord(t, string(text))
			loc = t.Location
		}
	}
	r.report(loc, p)
}

func number10(s string) bool { return s != "" && len(s) < 10 && digits(s, len(s)) }

func upperFirst(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

// deepest bounds how far names are followed to learn a type.
const deepest = 6

// kindOf tells what a term comes to, "" when that cannot be told.
func (r *reviewer) kindOf(t *ast.Term, depth int) string {
	if depth > deepest {
		return ""
	}
	switch v := t.Value.(type) {
	case ast.Null:
		return "null"
	case ast.Number:
		return "number"
	case ast.String:
		return "string"
	case ast.Boolean:
		return "boolean"
	case *ast.Array, *ast.ArrayComprehension:
		return "array"
	case ast.Set, *ast.SetComprehension:
		return "set"
	case ast.Object, *ast.ObjectComprehension:
		return "object"
	case ast.Call:
		if name := v[0].String(); (name == "max" || name == "min") && len(v) == 2 {
			return r.kindWithin(v[1], nil, depth+1)
		}
		return r.kindOfCall(v)
	case ast.Var:
		if value := r.assigned(v); value != nil {
			return r.kindOf(value, depth+1)
		}
		if r.names.declared[r.rule][v] {
			return ""
		}
		return r.kindOfRule(ast.Ref{ast.StringTerm(string(v))})
	case ast.Ref:
		return r.kindOfRef(v, depth)
	}
	return ""
}

// assigned gives what a local variable stands for: its value, or a member of a list, written as [_].
func (r *reviewer) assigned(v ast.Var) *ast.Term { return r.names.locals[r.rule][v] }

func (r *reviewer) kindOfRef(ref ast.Ref, depth int) string {
	head, ok := ref[0].Value.(ast.Var)
	if !ok {
		if len(ref) == 2 { // taken out of what is written out: ["4"][0]
			return r.kindWithin(ref[0], ref[1], depth+1)
		}
		return ""
	}
	if value := r.assigned(head); value != nil {
		if base, ok := value.Value.(ast.Ref); ok {
			return r.kindOf(ast.NewTerm(base.Concat(ref[1:])), depth+1)
		}
		return ""
	}
	switch {
	case head == "input":
		return r.kindOfFact(ref)
	case head == "current" && len(ref) > 1:
		return r.kindOfParam(ref[1:])
	case head == "data" && len(ref) > 2 && ref[1].Equal(ast.StringTerm("params")):
		return r.kindOfDated(ref[2:])
	}
	rest := ref.Copy()
	rest[0] = ast.StringTerm(string(head))
	return r.kindOfRule(rest)
}

func (r *reviewer) kindOfFact(ref ast.Ref) string {
	path := dotted("input", ref[1:])
	for kind, word := range typeWords {
		if fact, ok := r.facts[path]; ok && fact.Type == word {
			return map[string]string{"integer": "number"}[kind] + map[bool]string{true: kind}[kind != "integer"]
		}
	}
	return ""
}

// kindOfDated is for data.params.NAME, a list of values with their dates, and what is in it.
func (r *reviewer) kindOfDated(path ast.Ref) string {
	switch len(path) {
	case 1:
		return "array"
	case 2:
		return "object"
	}
	if !path[2].Equal(ast.StringTerm("value")) {
		return "string" // the day, the unit, the title, the source
	}
	return r.kindOfParam(append(ast.Ref{path[0]}, path[3:]...))
}

func (r *reviewer) kindOfParam(path ast.Ref) string {
	name, ok := path[0].Value.(ast.String)
	if !ok {
		return ""
	}
	spec, known := r.params[string(name)]
	for _, part := range path[1:] {
		if spec.Each != nil {
			spec = *spec.Each
			continue
		}
		next, _ := part.Value.(ast.String)
		found := false
		for _, k := range spec.Keys {
			if k.Name == string(next) {
				spec, found = k, true
				break
			}
		}
		if !found {
			return ""
		}
	}
	if !known {
		return ""
	}
	return map[ParamKind]string{KindWhole: "number", KindChoice: "string", KindText: "string", KindYesNo: "boolean", KindMap: "object"}[spec.Kind]
}

func (r *reviewer) kindOfCall(c ast.Call) string {
	name := c[0].String()
	for _, b := range sandbox().Builtins {
		if b.Name == name && b.Decl != nil {
			return kindOfType(b.Decl.Result())
		}
	}
	f, ok := r.set.typeOf(r.rule.Module.Package.Path.Append(ast.StringTerm(name))).(*types.Function)
	if !ok {
		return ""
	}
	return kindOfType(f.Result())
}

func (r *reviewer) kindOfRule(rest ast.Ref) string {
	return kindOfType(r.set.typeOf(r.rule.Module.Package.Path.Concat(rest)))
}

// kindOfType names a type that is one kind and nothing else.
func kindOfType(t types.Type) string {
	switch t.(type) {
	case types.Number:
		return "number"
	case types.String:
		return "string"
	case types.Boolean:
		return "boolean"
	case types.Null:
		return "null"
	case *types.Array:
		return "array"
	case *types.Set:
		return "set"
	case *types.Object:
		return "object"
	}
	return ""
}
