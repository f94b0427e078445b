package policy

import (
	"slices"
	"strings"
	"testing"
)

// lintBody is one helper rule in the shipped package.
func lintBody(body string) string {
	return "package layak.eligibility\n\nnew_rule if {\n\t" + strings.ReplaceAll(body, "\n", "\n\t") + "\n}\n"
}

const lintCause = `package layak.eligibility

# METADATA
# title: TITLE
# custom:
#   code: new_cause
#   order: 900
#   article: Pertimbangan program
#   effective_from: "2025-04-01"
#   remedy: REMEDY
#   document: ""
findings contains {"code": "new_cause", "verdict": "VERDICT", "seen": "SEEN"} if assessed
`

func cause(change ...string) string {
	r := strings.NewReplacer(append(change, "TITLE", "Judul", "REMEDY", "Datang lagi.", "VERDICT", "note", "SEEN", "Dilihat")...)
	return r.Replace(lintCause)
}

// TestLintRules: of every rule a snippet that it catches and one that it lets pass, with the level, words
// of the message and, where the fix is certain, the edit.
func TestLintRules(t *testing.T) {
	for name, c := range map[string]struct {
		code  string
		bad   string
		good  string
		says  string
		edit  string // text of the edit, "" for none
		level Level
	}{
		"1 number against text": {"order_types", lintBody(`input.welfare.desil <= "4"`), lintBody(`input.welfare.desil <= 4`), "Bilangan dibandingkan dengan teks", "4", Wrong},
		"1 through a helper":    {"order_types", lintBody(`desil <= current.uhc_status`), lintBody(`desil <= current.max_desil`), "dengan teks", "", Wrong},
		"1 member of a list":    {"order_types", lintBody("some m in input.household.members\nm.desil > m.birth_date"), lintBody("some m in input.household.members\nm.desil > 3"), "dengan teks", "", Wrong},
		"1 truth is unordered":  {"order_types", lintBody(`current.sktm_overrides_desil > 0`), lintBody(`current.sktm_overrides_desil == true`), "tidak dapat diurutkan", "", Wrong},
		"1 null is below all":   {"order_null", lintBody(`null <= input.welfare.desil`), lintBody(`1 <= input.welfare.desil`), "isian kosong akan lolos", "", Wrong},
		"2 word of no list":     {"code_unknown", lintBody(`input.membership.segment == "pemdaa"`), lintBody(`input.membership.segment == "pemda"`), "tidak ada dalam daftar segment", `"pemda"`, Wrong},
		"3 object.get":          {"object_get", lintBody(`object.get(input.welfare, "dessil", 1) < 4`), lintBody(`input.welfare.desil < 4`), "secara langsung", "", Wrong},
		"3 field chosen later":  {"dynamic_input", lintBody("some k in [\"sex\", \"nik\"]\ninput.resident[k] == \"L\""), lintBody("some i in [0, 1]\ninput.evidence[i].kind == \"kk\""), "dipilih saat aturan berjalan", "", Wrong},
		"4 unknown parameter":   {"param_unknown", lintBody(`desil > current.max_dessil`), lintBody(`desil > current.max_desil`), "max_dessil tidak ada", "max_desil", Wrong},
		"5 no article":          {"metadata", strings.Replace(cause(), "#   article: Pertimbangan program\n", "", 1), cause(), "belum berisi article", "", Wrong},
		"5 no place of the law": {"law_unsourced", cause("VERDICT", "not_met", "Pertimbangan program", "Perpres 82/2018 Pasal 13"), cause("Pertimbangan program", "Perpres 82/2018 Pasal 13"), "di mana peraturan itu dapat dibaca", "# related_resources:\n#   - ref: https://peraturan.go.id/id/perpres-no-82-tahun-2018\n#     description: Perpres 82/2018\n", Wrong},
		"6 no case":             {"cause_untested", cause("VERDICT", "not_met"), cause(), "belum disebut dalam uji", "", Warning},
		"7 default true":        {"default_true", "package layak.eligibility\n\ndefault new_rule := true\n\nnew_rule := false if deceased\n", "package layak.eligibility\n\ndefault new_rule := false\n\nnew_rule if deceased\n", "dianggap terpenuhi", "", Wrong},
		"7 else is true":        {"else_true", "package layak.eligibility\n\nnew_rule := false if {\n\tdeceased\n} else := true\n", "package layak.eligibility\n\nnew_rule := \"a\" if {\n\tdeceased\n} else := \"b\"\n", "apa pun faktanya", "", Wrong},
		"7 with":                {"with", lintBody(`newborn with input as {}`), lintBody(`newborn`), "hanya boleh dipakai dalam uji", "", Wrong},
		"8 clock":               {"rego_type_error", lintBody(`time.now_ns() > 0`), lintBody(`service_ns > 0`), "tidak boleh membaca jam", "", Wrong},
		"9 two members":         {"member_split", lintBody("input.household.members[_].desil < 4\ninput.household.members[_].segment == \"pemda\""), lintBody("some m in input.household.members\nm.desil < 4\nm.segment == \"pemda\""), "dua anggota keluarga yang berbeda", "", Wrong},
		"10 for all of nobody":  {"every_empty", lintBody("every m in input.household.members {\n\tm.desil < 4\n}"), lintBody("count(input.household.members) > 0\nevery m in input.household.members {\n\tm.desil < 4\n}"), "bila tidak ada satu pun", "", Wrong},
		"12 English":            {"words_english", cause("SEEN", "Not eligible"), cause("SEEN", "Belum memenuhi syarat"), "bukan bahasa Indonesia", "", Warning},
		"12 jargon":             {"words_jargon", cause("REMEDY", "Ubah input desil."), cause("REMEDY", "Ubah desil."), "tidak dikenal warga", "", Warning},
		"12 unkind":             {"words_unkind", cause("TITLE", "Tidak layak"), cause("TITLE", "Belum memenuhi syarat"), "Jangan menyebut", "", Wrong},
		"unknown field":         {"rego_type_error", lintBody(`input.welfare.dessil < 4`), lintBody(`input.welfare.desil < 4`), "tidak ada dalam daftar isian", "", Wrong},
		"name of a person":      {"private_field", lintBody(`input.evidence[0].facts.name == "x"`), lintBody(`input.evidence[0].facts.sex == "L"`), "bukan dasar kelayakan", "", Wrong},
	} {
		t.Run(name, func(t *testing.T) {
			hit := verifyNew(t, c.bad)
			i := slices.IndexFunc(hit, func(p Problem) bool { return p.Code == c.code })
			if i < 0 {
				t.Fatalf("not caught: %v", hit)
			}
			p := hit[i]
			if p.File != "new.rego" || p.Row < 3 || p.Level != c.level || !strings.Contains(p.Message, c.says) || p.Fix == "" {
				t.Errorf("%+v", p)
			}
			if (c.edit == "") != (p.Edit == nil) || p.Edit != nil && p.Edit.Text != c.edit {
				t.Errorf("edit %+v", p.Edit)
			}
			if p.Edit != nil {
				mended := apply(c.bad, *p.Edit)
				left := slices.DeleteFunc(verifyNew(t, mended), func(p Problem) bool { return p.Code == "cause_untested" })
				if len(left) > 0 {
					t.Errorf("the edit leaves %v in\n%s", left, mended)
				}
			}
			if found := verifyNew(t, c.good); len(found) > 0 {
				t.Errorf("caught without need: %v", found)
			}
		})
	}
}

// verifyNew verifies the shipped rules with one file more and gives the problems of that file.
func verifyNew(t *testing.T, text string) []Problem {
	t.Helper()
	found, err := Verify(t.Context(), Shipped().with("new.rego", []byte(text)))
	if err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(found, func(p Problem) bool { return p.File != "new.rego" })
}

func apply(text string, e Edit) string {
	lines := strings.Split(text, "\n")
	line := lines[e.Row-1]
	lines[e.Row-1] = line[:e.Col-1] + e.Text + line[e.EndCol-1:]
	return strings.Join(lines, "\n")
}

// TestLintFixesName what was meant.
func TestLintFixesName(t *testing.T) {
	for body, want := range map[string]string{
		"input.welfare.dessil < 4":                   "Maksudnya input.welfare.desil?",
		"input.resident.desil < 4":                   "Maksudnya input.welfare.desil?",
		`input.resident.life_status == "decesed"`:    `Maksudnya "deceased"?`,
		"days_sinc(input.service_on) > 1":            "Maksudnya days_since?",
		"current.sktm_day > 1":                       "Tulis sktm_days",
		"time.now_ns() > 1":                          "Pakai input.service_on",
		"input.welfare.desil < 1e999999999":          "tanpa huruf e",
		"input.membership.segment == \"ditanggung\"": "Pilih salah satu: bp, mandiri, none, pbi_jk, pemda, ppu.",
	} {
		found := verifyNew(t, lintBody(body))
		if len(found) == 0 || !strings.Contains(found[0].Fix, want) {
			t.Errorf("%s: %+v", body, found)
		}
	}
}

// TestLintPassesShippedRules: the house style is kept by the house.
func TestLintPassesShippedRules(t *testing.T) {
	found, err := Verify(t.Context(), Shipped())
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range found {
		t.Errorf("%s %s: %s", p.Code, p, p.Fix)
	}
}
