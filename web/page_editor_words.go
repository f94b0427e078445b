package web

import (
	"net/http"

	"github.com/labstack/echo/v4"

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
		"entries": s.vocabulary(d.Bundle()), "snippets": editorSnippets,
		"labels": map[string]string{"today": w.T("editor.today"), "source": w.T("editor.source")},
	})
}

func (s *Server) vocabulary(policy.Bundle) []editorWord { return []editorWord{} }

// editorSnippets are the shapes that an officer writes most: a cause of refusal in house style and a test.
var editorSnippets = []editorSnippet{
	{"syarat baru", "sebab belum memenuhi syarat, dengan METADATA", "# METADATA\n# title: ${Judul syarat}\n# custom:\n#   code: ${kode_syarat}\n#   order: ${590}\n" +
		"#   article: ${Dasar hukum}\n#   effective_from: \"${2026-01-01}\"\n#   remedy: ${Apa yang dapat dilakukan warga}.\n#   document: ${sktm}\n" +
		"findings contains {\"code\": \"${kode_syarat}\", \"verdict\": \"not_met\", \"seen\": ${seen}, \"limit\": \"${batas}\", \"source\": \"${sumber}\"} if {\n\t${syarat}\n}\n"},
	{"uji baru", "satu uji dengan satu perubahan pada warga contoh", "test_${nama_uji} if {\n\td := decide({${perubahan}})\n\tverdict(\"${kode_syarat}\", d) == {\"${not_met}\"}\n}\n"},
	{"angka bantu", "aturan bantu dengan satu nilai", "${nama} := ${nilai} if {\n\t${syarat}\n}\n"},
}
