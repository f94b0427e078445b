package policy

import (
	"slices"
	"strings"
	"testing"

	"github.com/open-policy-agent/opa/v1/ast"
)

// basis collects what the conditions of a cause rest on, by walking the rules as written and nothing that
// the table is made of: facts by path, parameters by name.
type basis struct {
	rules   map[string][]*ast.Rule
	facts   map[string]FactWord
	found   map[string]bool
	visited map[string]bool
}

func (b *basis) body(rule *ast.Rule, lines ast.Body) {
	locals, _ := localsOf(rule)
	for _, x := range lines {
		if x.IsAssignment() { // a value that is told: when it is there counts, its words do not
			b.names(x.Operand(1), rule, locals, false)
			continue
		}
		b.names(x, rule, locals, true)
	}
}

func (b *basis) names(node any, rule *ast.Rule, locals map[ast.Var]*ast.Term, value bool) {
	ast.WalkTerms(node, func(t *ast.Term) bool {
		switch v := t.Value.(type) {
		case ast.Var:
			if locals[v] == nil {
				b.helper(string(v), nil, value)
			}
		case ast.Ref:
			b.ref(v, rule, locals, value)
			return len(v) == 1
		}
		return false
	})
}

func (b *basis) ref(ref ast.Ref, rule *ast.Rule, locals map[ast.Var]*ast.Term, value bool) {
	head, _ := ref[0].Value.(ast.Var)
	switch {
	case head == "input":
		b.fact(dotted("input", ref[1:]))
	case head == "current" && len(ref) > 1:
		if name := nameOfPart(ref[1]); name != "" {
			b.found["current."+name] = true
		}
	case locals[head] != nil:
		if base, ok := locals[head].Value.(ast.Ref); ok && base[0].Value.Compare(ref[0].Value) != 0 {
			b.ref(base.Concat(ref[1:]), rule, locals, value)
		}
	default:
		b.helper(string(head), ref[1:], value || len(ref) > 1)
	}
}

func (b *basis) fact(path string) {
	if f, ok := b.facts[path]; ok && f.Type != typeWords["object"] && f.Type != typeWords["array"] {
		b.found[path] = true
	}
}

func (b *basis) helper(name string, at ast.Ref, value bool) {
	rules := b.rules[name]
	for _, r := range rules {
		for branch := r; branch != nil; branch = branch.Else {
			if base, ok := valueIn(branch).(ast.Ref); ok && len(at) > 0 && base[0].Equal(ast.InputRootDocument) {
				b.fact(dotted("input", base.Concat(at)[1:]))
			}
		}
	}
	key := name
	if value {
		key += " value"
	}
	if b.visited[key] {
		return
	}
	b.visited[key] = true
	for _, r := range rules {
		for branch := r; branch != nil; branch = branch.Else {
			own := *branch
			own.Else = nil
			b.body(&own, branch.Body)
			if value && branch.Head.Value != nil && len(r.Head.Args) == 0 {
				if _, words := branch.Head.Value.Value.(*ast.Array); !words {
					locals, _ := localsOf(&own)
					b.names(branch.Head.Value, &own, locals, true)
				}
			}
		}
	}
}

// unnamed lists what the conditions of the causes rest on and their rows do not name.
func unnamed(t *testing.T, bundle Bundle) (missing []string, checked int) {
	t.Helper()
	l, problems := load(bundle)
	if len(problems) > 0 {
		t.Fatalf("%+v", problems[0])
	}
	rows, err := Table(bundle, "2026-11-22")
	if err != nil {
		t.Fatal(err)
	}
	facts, titles, rules := map[string]FactWord{}, map[string]string{}, map[string][]*ast.Rule{}
	lex := Vocabulary(bundle, "2026-11-22")
	for _, f := range lex.Facts {
		if f.Of == "check" {
			facts[f.Path] = f
		}
	}
	for _, p := range lex.Params {
		titles[p.Name] = p.Title
	}
	for _, mod := range l.modules {
		for _, r := range mod.Rules {
			rules[headName(r)] = append(rules[headName(r)], r)
		}
	}
	for _, rule := range l.rules {
		r := l.findingRule(rule)
		b := &basis{rules: rules, facts: facts, found: map[string]bool{}, visited: map[string]bool{}}
		b.body(r, r.Body)
		i := slices.IndexFunc(rows, func(row TableRow) bool { return row.Code == rule.Code })
		text := strings.ToLower(strings.Join(texts(rows[i]), "\n"))
		for what := range b.found {
			words, isParam := titles[strings.TrimPrefix(what, "current.")], strings.HasPrefix(what, "current.")
			if !isParam {
				words = strings.FieldsFunc(facts[what].Meaning, func(r rune) bool { return r == ';' || r == ',' || r == ':' })[0]
			}
			checked++
			if !strings.Contains(text, strings.ToLower(words)) {
				missing = append(missing, rule.Code+": "+what+" ("+words+")")
			}
		}
	}
	slices.Sort(missing)
	return missing, checked
}

// TestTableNamesWhatDecides: every fact and parameter that the condition of a cause rests on, through
// whatever helper rules, is named in its row.
func TestTableNamesWhatDecides(t *testing.T) {
	missing, checked := unnamed(t, Shipped())
	if len(missing) > 0 || checked < 400 {
		t.Errorf("of %d:\n%s", checked, strings.Join(missing, "\n"))
	}
}

// TestTableNamesWhatOthersWrite: the same of rules that officers might write, each line another way to ask
// for a fact. A line that no row told would make the row a lie.
func TestTableNamesWhatOthersWrite(t *testing.T) {
	b := Shipped()
	lines := map[string]struct{ line, words string }{
		"need_not_met":        {"extra_a", "jenis kelamin"},
		"need_unknown":        {"not extra_b", "desil dtsen anggota"},
		"residency_unknown":   {`extra_c == "yes"`, "tanggal pindah masuk"},
		"class_3_refused":     {"extra_d[0] == 1", "kelas rawat adalah kelas 1"},
		"segment_unknown":     {"extra_e(input.resident.relation)", "hubungan dalam kartu keluarga adalah istri atau kepala keluarga"},
		"identity_unresolved": {`every m in input.household.members { m.relation != "child" }`, "setiap anggota keluarga selain warga ini memenuhi: hubungan dalam kartu keluarga bukan anak"},
		"cover_unknown":       {`count([m | some m in input.household.members; m.segment == "ppu"]) > 1`, "segmen jkn anggota adalah pekerja penerima upah"},
		"registry_missing":    {`"head" in extra_h`, "jenis kelamin adalah laki-laki"},
		"residency_conflict":  {"time.add_date(day_ns(input.membership.member_since), 0, current.ppu_grace_months, 0) < service_ns", "menjadi peserta sejak ditambah 6 bulan (jaminan tanpa iuran sesudah hubungan kerja berakhir) sebelum hari layanan"},
		"ktp_not_reprinted":   {`not input.membership.class in {"1", "2"}`, "kelas rawat bukan kelas 1 atau kelas 2, atau belum diketahui"},
	}
	for name, data := range b.Files {
		if strings.HasSuffix(name, "_test.rego") || !strings.HasSuffix(name, ".rego") {
			continue
		}
		text := string(data)
		for code, l := range lines {
			head, body, ok := strings.Cut(text, `findings contains {"code": "`+code+`"`)
			if !ok {
				continue
			}
			body = strings.Replace(body, "if {\n", "if {\n\t"+l.line+"\n", 1)
			text = head + `findings contains {"code": "` + code + `"` + body
		}
		b = b.with(name, []byte(text))
	}
	b = b.with("extra.rego", []byte(`package layak.eligibility

extra_a if input.resident.sex == "P"

extra_b if {
	some m in input.household.members
	m.desil > current.max_desil
}

extra_c := "yes" if {
	input.resident.moved_in_on
} else := "no"

extra_d := [1, "x"] if {
	input.membership.class == "1"
} else := [2, "y"]

extra_e(x) if x in {"head", "wife"}

extra_h contains m.relation if {
	some m in input.household.members
	m.sex == "L"
}
`))
	rows, err := Table(b, "2026-11-22")
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		if l, ok := lines[row.Code]; ok {
			if text := strings.ToLower(strings.Join(texts(row), "\n")); !strings.Contains(text, l.words) {
				t.Errorf("%s: %s is not told as %q:\n%s", row.Code, l.line, l.words, strings.Join(clauseTexts(row.Condition), "\n"))
			}
		}
	}
	missing, _ := unnamed(t, b)
	if len(missing) > 0 {
		t.Error(strings.Join(missing, "\n"))
	}
}

// valueIn is the value of a branch, nil of a set.
func valueIn(r *ast.Rule) ast.Value {
	if r.Head.Value == nil {
		return nil
	}
	return r.Head.Value.Value
}
