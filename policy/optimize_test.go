package policy

import (
	"testing"

	"github.com/open-policy-agent/opa/v1/ast"
)

// TestComparing holds the shortened conditions to what Rego says of the same text.
func TestComparing(t *testing.T) {
	b := Shipped().with("extra.rego", []byte(`package layak.eligibility

no if input.subject == "newborn"

default declined := false

declined if no

word := "yes"

through_else if no

else := false

# A name of its own stands before the rule of that name.
own contains assessed if {
	some assessed in ["a", "b"]
	assessed
}

seen contains "undefined" if no

seen contains "not undefined" if not no

seen contains "false" if declined

seen contains "not false" if not declined

seen contains "not false else" if not through_else

seen contains "word" if word

seen contains "true" if assessed

seen contains "part" if input.statements.accepts_class_3
`))
	l, found := load(b)
	if len(found) > 0 {
		t.Fatal(found)
	}
	in := siti()
	for query, want := range map[string]string{
		"seen": `{"not undefined", "not false", "not false else", "word", "true", "part"}`,
		"own":  `{"a", "b"}`,
	} {
		q, err := l.prepare(t.Context(), l.compiler, rulePackage+"."+query)
		if err != nil {
			t.Fatal(err)
		}
		rs, err := q.Eval(t.Context(), evalInput(&in))
		if err != nil || len(rs) != 1 {
			t.Fatal(rs, err)
		}
		if got := rs[0].Expressions[0].Value.(*ast.Term); !got.Equal(ast.MustParseTerm(want)) {
			t.Errorf("%s: %s", query, got)
		}
	}
}
