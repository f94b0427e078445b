package policy

import (
	"encoding/json"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// alwaysThere lists the facts that every input has: its schema requires them.
func alwaysThere(b Bundle, of string) map[string]bool {
	file := schemaFile
	if of == "routing" {
		file = routingSchema
	}
	var doc struct {
		Required   []string `json:"required"`
		Properties map[string]struct {
			Required []string `json:"required"`
		} `json:"properties"`
	}
	sure := map[string]bool{}
	if json.Unmarshal(b.Files[file], &doc) != nil {
		return sure
	}
	for _, name := range doc.Required {
		sure["input."+name] = true
		for _, inner := range doc.Properties[name].Required {
			sure["input."+name+"."+inner] = true
		}
	}
	return sure
}

// idle tells a question that the parameters of the day answer no, whatever the facts are.
func (t *teller) idle(f *formula) bool {
	holds, told := t.now(f.atom)
	return told && holds == f.neg
}

// now answers a question about a parameter and what is written out.
func (t *teller) now(a *inquiry) (holds, told bool) {
	if a.expr == nil || a.known {
		return false, false
	}
	terms, ok := a.expr.Terms.([]*ast.Term)
	if !ok || len(terms) != 3 {
		return false, false
	}
	left, ok := terms[1].Value.(ast.Ref)
	if !ok || paramOf(left) == "" || !left.IsGround() {
		return false, false
	}
	value := t.paramTerm(left)
	if value == nil {
		return false, false
	}
	if a.values != nil {
		return a.values[value.String()], true
	}
	if !isConstant(terms[2]) {
		return false, false
	}
	way := equal
	switch order := value.Value.Compare(terms[2].Value); {
	case order < 0:
		way = less
	case order > 0:
		way = more
	}
	return a.ways&way != 0, a.ways != 0
}

// paramTerm is the value of a parameter on the day.
func (t *teller) paramTerm(ref ast.Ref) *ast.Term {
	for _, p := range t.params[paramOf(ref)] {
		if p.ValidFrom > t.day {
			continue
		}
		data, err := json.Marshal(p.Value)
		if err != nil {
			return nil
		}
		v, err := ast.ValueFromReader(strings.NewReader(string(data)))
		if err != nil {
			return nil
		}
		if len(ref) > 2 {
			v, err = v.Find(ref[2:])
		}
		if err != nil {
			return nil
		}
		return ast.NewTerm(v)
	}
	return nil
}
