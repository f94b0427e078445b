package policy

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
)

// TestVocabularyIsWhole: nothing that may be written lacks its meaning.
func TestVocabularyIsWhole(t *testing.T) {
	lex := Vocabulary(Shipped(), "2026-11-22")
	facts := map[string]FactWord{}
	for _, f := range lex.Facts {
		if f.Meaning == "" || f.Type == "" {
			t.Errorf("%s lacks words: %+v", f.Path, f)
		}
		facts[f.Of+" "+f.Path] = f
	}
	for path, want := range map[string]FactWord{
		"check input.welfare.desil":            {Type: "bilangan bulat", Unit: "desil"},
		"check input.membership.segment":       {Type: "teks", List: "segment"},
		"check input.evidence[_].facts.name":   {Type: "teks", Private: true},
		"check input.household.members[_].nik": {Type: "teks", Unit: "16 angka"},
		"check input.mother.welfare.as_of":     {Type: "teks", Unit: "tanggal TTTT-BB-HH"},
		"check input.statements":               {Type: "kelompok"},
		"routing input.checks[_].outcome":      {Type: "teks", List: "outcome"},
		"routing input.accused.kind":           {Type: "teks", List: "unit_kind"},
	} {
		got, ok := facts[path]
		if !ok || got.Type != want.Type || got.Unit != want.Unit || got.List != want.List || got.Private != want.Private {
			t.Errorf("%s: %+v", path, got)
		}
	}
	for _, l := range lex.Lists {
		for _, c := range l.Codes {
			if c.Word == "" {
				t.Errorf("%s %s has no word", l.Name, c.Code)
			}
		}
	}
	for _, p := range lex.Params {
		if p.Value == nil || p.Title == "" || p.ValidFrom == "" || p.Source == "" {
			t.Errorf("%+v", p)
		}
	}
	for _, b := range sandbox().Builtins {
		if !isOperator(b) && builtinMeanings[b.Name] == "" {
			t.Errorf("built-in %s has no meaning", b.Name)
		}
	}
	for _, b := range lex.Builtins {
		if len(b.Args) < 3 || b.Result == "" {
			t.Errorf("%+v", b)
		}
	}
	i := slices.IndexFunc(lex.Rules, func(r RuleWord) bool { return r.Name == "days_since" })
	if i < 0 || lex.Rules[i].Kind != "fungsi" || !strings.Contains(lex.Rules[i].Comment, "Whole days") || len(lex.Rules[i].Args) != 1 {
		t.Errorf("days_since: %+v", lex.Rules[max(i, 0)])
	}
	if _, err := json.Marshal(lex); err != nil {
		t.Error(err)
	}
}

// TestVocabularyOfTheDay: the value told is the one that holds on the day.
func TestVocabularyOfTheDay(t *testing.T) {
	for day, want := range map[string]any{"2025-03-31": "cut_off", "2025-04-01": "prioritas", "2018-12-31": nil} {
		lex := Vocabulary(Shipped(), day)
		if got := lex.Params[0]; got.Name != "uhc_status" || got.Value != want {
			t.Errorf("%s: %+v", day, got)
		}
	}
}

// TestVocabularyOfBrokenRules: while somebody types, what can be read is still offered.
func TestVocabularyOfBrokenRules(t *testing.T) {
	whole := Vocabulary(Shipped(), "2026-11-22")
	broken := Vocabulary(Shipped().with("need.rego", []byte("package layak.elig")).with("class.rego", []byte("x := [")), "2026-11-22")
	if len(broken.Facts) != len(whole.Facts) || len(broken.Rules) == 0 || len(broken.Rules) >= len(whole.Rules) {
		t.Errorf("%d facts, %d rules", len(broken.Facts), len(broken.Rules))
	}
	noParams := Vocabulary(Shipped().with(paramsFile, []byte("{")).with(schemaFile, []byte("{")), "2026-11-22")
	if len(noParams.Params) != 0 || len(noParams.Facts) != len(whole.Facts) {
		t.Errorf("%d parameters, %d facts", len(noParams.Params), len(noParams.Facts))
	}
}
