package policy

import (
	"fmt"
	"strings"
	"testing"
)

func TestCausesApart(t *testing.T) {
	change := func(file, old, replaced string) Bundle {
		t.Helper()
		text := string(Shipped().Files[file])
		if !strings.Contains(text, old) {
			t.Fatalf("%s has no %q", file, old)
		}
		return Shipped().with(file, []byte(strings.Replace(text, old, replaced, 1)))
	}
	for _, c := range []struct {
		name string
		is   Bundle
		want string
	}{
		{"nothing", Shipped(), "[]"},
		{"a number", change("data.json", "\"max_desil\": [\n      {\"value\": 5", "\"max_desil\": [\n      {\"value\": 7"), "[]"},
		{"a condition deep below", change("need.rego", "e.kind == \"sktm\"", "e.kind == \"ktp\""), "need_conflict changed, need_met changed"},
		{"another code", change("need.rego", "\"code\": \"need_conflict\"", "\"code\": \"need_odd\""), "need_conflict changed"},
		{"a reason of routing", change("routing/class.rego", "if input.deceased\n", "if input.reopened > 3\n"), ""},
		{"a remark", Shipped().with("need.rego", append([]byte("# satu\n"), Shipped().Files["need.rego"]...)), "[]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, known := CausesApart(Shipped(), c.is)
			var said []string
			for _, x := range got {
				said = append(said, x.Code+" "+x.Kind)
				if x.Title == "" {
					t.Errorf("%s has no title", x.Code)
				}
			}
			text := strings.Join(said, ", ")
			if !known || c.want == "[]" && len(got) > 0 || c.want != "[]" && !strings.Contains(text, c.want) {
				t.Errorf("%s", text)
			}
		})
	}
	gone := map[string][]byte{}
	for name, text := range Shipped().Files {
		if name != "need.rego" {
			gone[name] = text
		}
	}
	back, known := CausesApart(Bundle{Files: gone}, Shipped())
	if text := fmt.Sprint(back); !known || !strings.Contains(text, "need_met Tergolong tidak mampu new") {
		t.Errorf("%v %s", known, text)
	}
}
