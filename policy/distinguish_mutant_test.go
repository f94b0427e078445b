package policy

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// Whatever is done to the shipped rules, residents told to be alike get the same answer from both.
func TestAlikeByMutatedRules(t *testing.T) {
	mutants := 8
	if n, err := strconv.Atoi(os.Getenv("LAYAK_MUTANTS")); err == nil {
		mutants = n
	} else if testing.Short() {
		mutants = 2
	}
	shipped, err := NewEngine(t.Context(), Shipped())
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(3, uint64(mutants)))
	tried := 0
	for made := 0; made < mutants; {
		tried++
		if tried > mutants*40 {
			t.Fatalf("only %d of %d mutants load", made, mutants)
		}
		b, what := mutate(r, Shipped())
		e, err := NewEngine(t.Context(), b)
		if err != nil {
			continue
		}
		made++
		d, err := Distinguish(t.Context(), populationFrame, shipped, e)
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		alike(t, d, population(uint64(made), 600, populationFrame), shipped, e)
		if t.Failed() {
			t.Fatal(what)
		}
	}
}

// mutate changes one line of the rules of a check, or one parameter.
func mutate(r *rand.Rand, b Bundle) (Bundle, string) {
	if r.IntN(4) == 0 {
		changes := [][2]string{
			{`"max_desil": [
      {"value": 5`, `"max_desil": [
      {"value": 8`},
			{`{"value": 0, "valid_from": "2019-01-01", "unit": "bulan"`, `{"value": 12, "valid_from": "2019-01-01", "unit": "bulan"`},
			{`{"value": "required"`, `{"value": "priority"`}, {`{"value": "pemda_now"`, `{"value": "reactivate"`},
			{`{"value": "prioritas"`, `{"value": "cut_off"`}, {`"pbi_reactivation_days": [
      {"value": 180`, `"pbi_reactivation_days": [
      {"value": 400`},
		}
		c := changes[r.IntN(len(changes))]
		return b.with(paramsFile, []byte(strings.Replace(string(b.Files[paramsFile]), c[0], c[1], 1))), c[1]
	}
	var files []string
	for _, name := range b.names() {
		if strings.HasSuffix(name, ".rego") && !strings.Contains(name, "/") && !strings.HasSuffix(name, "_test.rego") {
			files = append(files, name)
		}
	}
	name := files[r.IntN(len(files))]
	lines := strings.Split(string(b.Files[name]), "\n")
	for range 200 {
		i := r.IntN(len(lines))
		line := lines[i]
		if strings.HasPrefix(line, "#") || strings.TrimSpace(line) == "" {
			continue
		}
		switch r.IntN(4) {
		case 0:
			if !strings.HasPrefix(line, "\t") {
				continue
			}
			lines = slices.Delete(lines, i, i+1)
		case 1:
			changed := strings.NewReplacer("<=", ">", ">=", "<", " == ", " != ", " > ", " <= ", " < ", " >= ").Replace(line)
			if changed == line {
				continue
			}
			lines[i] = changed
		case 2:
			if !strings.HasPrefix(line, "\t") || strings.Contains(line, ":=") {
				continue
			}
			lines[i] = strings.Replace(line, "\t", "\tnot ", 1)
		case 3:
			changed := strings.NewReplacer(`"inactive"`, `"active"`, `"pbi_jk"`, `"ppu"`, "birth_date", "moved_in_on", "inactive_since", "member_since",
				`"not_met"`, `"unknown"`, "life_status", "relation", "registry_here", "moved_out").Replace(line)
			if changed == line {
				continue
			}
			lines[i] = changed
		}
		return b.with(name, []byte(strings.Join(lines, "\n"))), fmt.Sprintf("%s:%d %s", name, i+1, line)
	}
	return b, "nothing"
}
