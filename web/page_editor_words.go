package web

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"layak/eligibility"
	"layak/internal/i18n"
	"layak/policy"
)

// editorWord is one entry of what can be written in rules, for completion and the words that stand
// beside it.
type editorWord struct {
	Name    string       `json:"name"` // as it is written: "input.welfare.desil", "current.max_desil"
	Kind    string       `json:"kind"` // fact, param, rule, function, builtin
	Type    string       `json:"type,omitempty"`
	Unit    string       `json:"unit,omitempty"`
	Meaning string       `json:"meaning,omitempty"`
	Value   string       `json:"value,omitempty"` // of a parameter, today
	Source  string       `json:"source,omitempty"`
	Codes   []editorCode `json:"codes,omitempty"`
}

// editorCode is one value of a closed list.
type editorCode struct {
	Code string `json:"code"`
	Word string `json:"word,omitempty"`
}

// editorSnippet is a piece of rule that is written for the officer, with places to fill.
type editorSnippet struct {
	Label  string `json:"label"`
	Detail string `json:"detail"`
	Text   string `json:"text"`
}

// editorWords gives the vocabulary of the draft to the script.
func (s *Server) editorWords(c echo.Context) error {
	d, err := s.draft(c)
	if err != nil {
		return err
	}
	w := s.words.For(s.lang(c))
	return c.JSON(http.StatusOK, map[string]any{
		"entries":  vocabularyOf(w, policy.Vocabulary(d.Bundle(), string(eligibility.DateOf(s.Clock().In(s.Zone)))), strings.HasPrefix(c.QueryParam("file"), "routing/")),
		"snippets": editorSnippets,
		"labels":   map[string]string{"today": w.T("editor.today"), "source": w.T("editor.source")},
	})
}

// vocabularyOf puts the lexicon of a draft in the shape of the script: of the check, or of the handling
// of complaints. Facts that no rule may read are left out.
func vocabularyOf(w *i18n.Printer, lex policy.Lexicon, routing bool) []editorWord {
	of, pkg := "check", "layak.eligibility"
	if routing {
		of, pkg = "routing", "layak.routing"
	}
	lists := map[string][]editorCode{}
	for _, l := range lex.Lists {
		if l.Of != of {
			continue
		}
		for _, c := range l.Codes {
			lists[l.Name] = append(lists[l.Name], editorCode(c))
		}
	}
	out := []editorWord{}
	for _, f := range lex.Facts {
		if f.Of == of && !f.Private {
			out = append(out, editorWord{Name: strings.ReplaceAll(f.Path, "[_]", "[]"), Kind: "fact", Type: f.Type, Unit: f.Unit, Meaning: f.Meaning, Codes: lists[f.List]})
		}
	}
	for _, p := range lex.Params {
		word := editorWord{Kind: "param", Type: label(w, "param_kind", string(p.Kind)), Unit: withoutChoices(p.Unit), Meaning: p.Title, Source: p.Source}
		if p.Value != nil {
			word.Value = withUnit(valueText(w, p.Value), p.Unit)
		}
		for _, name := range []string{"current." + p.Name, "data.params." + p.Name} {
			word.Name = name
			out = append(out, word)
		}
	}
	for _, r := range lex.Rules {
		if !strings.HasPrefix(r.Package, pkg) {
			continue
		}
		word := editorWord{Name: r.Name, Kind: "rule", Type: r.Kind, Meaning: r.Comment, Source: r.File + ":" + strconv.Itoa(r.Row)}
		if len(r.Args) > 0 || r.Kind == "fungsi" {
			word.Kind, word.Type = "function", "fungsi ("+strings.Join(r.Args, ", ")+")"
		}
		out = append(out, word)
	}
	for _, b := range lex.Builtins {
		out = append(out, editorWord{Name: b.Name, Kind: "builtin", Type: strings.TrimSpace(b.Args + " " + b.Result), Meaning: b.Meaning})
	}
	return out
}

// withoutChoices drops a unit that lists the choices there are.
func withoutChoices(unit string) string {
	if strings.Contains(unit, "|") {
		return ""
	}
	return unit
}

// editorSnippets are the shapes that an officer writes most: a cause of refusal in house style and a test.
var editorSnippets = []editorSnippet{
	{"syarat baru", "sebab belum memenuhi syarat, dengan METADATA", "# METADATA\n# title: ${Judul syarat}\n# custom:\n#   code: ${kode_syarat}\n#   order: ${590}\n" +
		"#   article: ${Dasar hukum}\n#   effective_from: \"${2026-01-01}\"\n#   remedy: ${Apa yang dapat dilakukan warga}.\n#   document: ${sktm}\n" +
		"findings contains {\"code\": \"${kode_syarat}\", \"verdict\": \"not_met\", \"seen\": ${seen}, \"limit\": \"${batas}\", \"source\": \"${sumber}\"} if {\n\t${syarat}\n}\n"},
	{"uji baru", "satu uji dengan satu perubahan pada warga contoh", "test_${nama_uji} if {\n\td := decide({${perubahan}})\n\tverdict(\"${kode_syarat}\", d) == {\"${not_met}\"}\n}\n"},
	{"angka bantu", "aturan bantu dengan satu nilai", "${nama} := ${nilai} if {\n\t${syarat}\n}\n"},
}
