package policy

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/open-policy-agent/opa/v1/ast"
)

// spokenKeys are the members of heads, questions and steps that people read.
var spokenKeys = []string{"seen", "limit", "source", "text", "why"}

// englishWords betray a text that was not written for a clerk; none of them is Indonesian.
var englishWords = []string{"the", "is", "are", "not", "must", "has", "have", "missing", "eligible", "member", "members",
	"unknown", "expired", "error", "invalid", "and", "with", "for", "from", "than", "should", "document", "resident",
	"income", "below", "above", "too", "high", "low", "active", "inactive", "refused", "allowed", "status of"}

// jargonWords are words of the program, not of the desk.
var jargonWords = []string{"null", "true", "false", "undefined", "input", "boolean", "string", "array", "json", "rego", "query", "field"}

// words holds what people will read to plain Indonesian: heads of findings and reasons, questions, next
// steps, and their METADATA.
func (r *reviewer) words(rule *ast.Rule) {
	name := headName(rule)
	if isFinding(rule) || name == "ask" || name == "step" || name == "outside" {
		for branch := rule; branch != nil; branch = branch.Else {
			r.spoken(branch.Head, name == "step")
		}
	}
	if !isFinding(rule) {
		return
	}
	for _, note := range rule.Annotations {
		r.text(rule.Location, note.Title)
		for key, v := range note.Custom {
			if text, ok := v.(string); ok && (key == "remedy" || strings.HasPrefix(key, "because") || strings.HasPrefix(key, "act")) {
				r.text(rule.Location, text)
			}
		}
	}
}

// spoken checks the texts in a head that are for people: of a step every text, of an object those of the
// keys that are shown.
func (r *reviewer) spoken(head *ast.Head, all bool) {
	for _, t := range []*ast.Term{head.Key, head.Value} {
		if t == nil {
			continue
		}
		ast.WalkTerms(t, func(t *ast.Term) bool {
			if o, ok := t.Value.(ast.Object); ok {
				o.Foreach(func(key, value *ast.Term) {
					if k, ok := key.Value.(ast.String); ok && slices.Contains(spokenKeys, string(k)) {
						r.textsOf(value)
					}
				})
				return true
			}
			if s, ok := t.Value.(ast.String); ok && all && strings.Contains(string(s), " ") {
				r.text(t.Location, string(s))
			}
			return false
		})
	}
}

// textsOf checks a text, or the texts around what is put into one.
func (r *reviewer) textsOf(t *ast.Term) {
	switch v := t.Value.(type) {
	case ast.String:
		r.text(t.Location, string(v))
	case *ast.TemplateString:
		for _, part := range v.Parts {
			if p, ok := part.(*ast.Term); ok {
				if s, ok := p.Value.(ast.String); ok {
					r.text(t.Location, string(s))
				}
			}
		}
	}
}

// text checks one text.
func (r *reviewer) text(loc *ast.Location, s string) {
	lower := strings.Join(strings.Fields(strings.ToLower(s)), " ")
	if strings.Contains(lower, "tidak layak") {
		r.report(loc, Problem{Code: "words_unkind", Message: "Jangan menyebut warga tidak layak.",
			Fix: "Tulis belum memenuhi syarat, dan apa yang dapat dilakukan."})
	}
	words := strings.FieldsFunc(lower, func(c rune) bool { return !unicode.IsLetter(c) && c != '_' })
	for _, w := range words {
		switch {
		case slices.Contains(englishWords, w):
			r.report(loc, Problem{Code: "words_english", Level: Warning, Message: fmt.Sprintf("Kata %q bukan bahasa Indonesia.", w),
				Fix: "Tulis kalimat yang dapat dibacakan petugas kepada warga."})
			return
		case slices.Contains(jargonWords, w), strings.Contains(w, "_"):
			r.report(loc, Problem{Code: "words_jargon", Level: Warning, Message: fmt.Sprintf("Kata %q tidak dikenal warga.", w),
				Fix: "Tulis dengan kata yang dipakai di loket."})
			return
		}
	}
}
