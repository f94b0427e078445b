package policy

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"
)

// phraser says conditions of rules in plain Indonesian. Names come from the schema, the parameters and
// the titles in METADATA of helper rules; what has none is named by its place, never by its Rego.
type phraser struct {
	reviewer
	titles map[string]string // of helper rules and functions
	nots   map[string]string // what their titles are turned into where they do not hold
	codes  map[string]map[string]string
}

func newPhraser(b Bundle, set *ruleSet, of string, lex Lexicon) *phraser {
	p := &phraser{reviewer: reviewer{set: set, facts: map[string]FactWord{}, params: map[string]ParamSpec{}, names: namesOf(set.modules)}, titles: map[string]string{}, nots: map[string]string{}, codes: map[string]map[string]string{}}
	for _, f := range lex.Facts {
		if f.Of == of {
			p.facts[f.Path] = f
		}
	}
	specs, err := ParamSpecs(b)
	if err == nil {
		for _, s := range specs {
			p.params[s.Name] = s
		}
	}
	for _, l := range lex.Lists {
		if l.Of != of {
			continue
		}
		p.codes[l.Name] = map[string]string{}
		for _, c := range l.Codes {
			p.codes[l.Name][c.Code] = c.Word
		}
	}
	for _, mod := range set.modules {
		for _, r := range mod.Rules {
			for _, note := range r.Annotations {
				if note.Title != "" && !isFinding(r) {
					p.titles[headName(r)] = note.Title
					if not, ok := note.Custom["not"].(string); ok {
						p.nots[headName(r)] = not
					}
				}
			}
		}
	}
	return p
}

// path writes a reference as the lexicon does, local names followed to what they stand for.
func (p *phraser) path(t *ast.Term) string {
	ref, ok := t.Value.(ast.Ref)
	if !ok {
		v, isVar := t.Value.(ast.Var)
		if !isVar || p.rule == nil {
			return ""
		}
		value := p.assigned(v)
		if value == nil || value.Value.Compare(t.Value) == 0 {
			return string(v)
		}
		if _, isRef := value.Value.(ast.Ref); !isRef {
			return ""
		}
		return p.path(value)
	}
	head, ok := ref[0].Value.(ast.Var)
	if !ok {
		return ""
	}
	out := string(head)
	if head != "input" && p.rule != nil {
		if value := p.assigned(head); value != nil {
			if base := p.path(value); base != "" {
				out = base
			}
		}
	}
	return dotted(out, ref[1:])
}

// named says what a path of the lexicon stands for.
func (p *phraser) named(path string, loc *ast.Location) string {
	if f, ok := p.facts[path]; ok && f.Meaning != "" {
		return short(f.Meaning) + p.whose(path, f.Meaning)
	}
	head, rest, _ := strings.Cut(path, ".")
	if head == "current" {
		name, member, _ := strings.Cut(rest, ".")
		if s, ok := p.params[name]; ok {
			if member != "" {
				for _, k := range s.Keys {
					if k.Name == member {
						return lowerFirst(s.Title) + " untuk " + k.Title
					}
				}
			}
			return lowerFirst(s.Title)
		}
	}
	head, _, _ = strings.Cut(head, "[")
	if title := p.titles[head]; title != "" {
		return lowerFirst(title)
	}
	return p.somewhere(loc)
}

// whose tells apart facts of one name: those of the mother, of an earlier record, and where data come from.
func (p *phraser) whose(path, meaning string) string {
	parts := strings.Split(strings.TrimPrefix(path, "input."), ".")
	if len(parts) < 2 {
		return ""
	}
	last, group := parts[len(parts)-1], strings.Join(parts[:len(parts)-1], ".")
	switch {
	case last == "source" || last == "as_of":
		if above := p.facts["input."+group].Meaning; above != "" {
			return " (" + short(above) + ")"
		}
	case last == "kind" || last == "code": // of several units
		if above := p.facts["input."+group]; above.Type == typeWords["object"] && above.Meaning != "" {
			return " (" + short(above.Meaning) + ")"
		}
	case strings.HasSuffix(group, "superseded"):
		return " (catatan lama)"
	case parts[0] == "mother" && !strings.Contains(meaning, "ibu"):
		return " (ibu)"
	}
	return ""
}

// short cuts a meaning to its name: "Hari layanan; keadaan dinilai …".
func short(meaning string) string {
	meaning, _, _ = strings.Cut(meaning, "; ")
	meaning, _, _ = strings.Cut(meaning, ", ")
	meaning, _, _ = strings.Cut(meaning, ": ")
	return lowerFirst(meaning)
}

// somewhere names a part that nobody gave a title by its place.
func (p *phraser) somewhere(loc *ast.Location) string { return "bagian di " + p.at(loc) }

func (p *phraser) at(loc *ast.Location) string {
	if loc == nil {
		return "aturan ini"
	}
	return fmt.Sprintf("%s baris %d", loc.File, loc.Row)
}

// choice says the value of a parameter in the words beside it.
func (p *phraser) choice(name, code string) string {
	for _, c := range p.params[name].Choices {
		if c.Code == code {
			word, _, _ := strings.Cut(c.Word, ": ")
			return word
		}
	}
	return code
}

// value writes a value as people read it: codes in their words, days as days.
func (p *phraser) value(v ast.Value, list string) string {
	switch v := v.(type) {
	case ast.String:
		s := string(v)
		if len(s) == 16 && digits(s, 16) { // a NIK or KK number is nobody's business here
			return s[:6] + "••••••" + s[12:]
		}
		if word := p.codes[list][s]; word != "" {
			return word
		}
		if validDay(s) {
			return humanDay(s)
		}
		if word := cmp.Or(resultWords[s], p.codes["evidence_kind"][s]); word != "" && list == "" {
			return word
		}
		return s
	case ast.Boolean:
		if v {
			return "ya"
		}
		return "tidak"
	case ast.Number:
		if ns, err := strconv.ParseInt(string(v), 10, 64); err == nil && len(v) > 17 { // a moment
			return humanDay(time.Unix(0, ns).UTC().Format(time.DateOnly))
		}
		return string(v)
	case ast.Set:
		return strconv.Itoa(v.Len()) + " hal"
	case *ast.Array:
		return strconv.Itoa(v.Len()) + " hal"
	case ast.Object:
		return "ada"
	}
	return v.String()
}

// resultWords are words by which helper rules answer each other.
var resultWords = map[string]string{"here": "di sini", "outside": "di luar", "conflict": "bertentangan", "unknown": "belum diketahui",
	"not_met": "belum terpenuhi", "met": "terpenuhi", "note": "catatan", "eligible": "layak", "not_eligible": "belum memenuhi syarat",
	"already_covered": "sudah terjamin", "needs_information": "perlu dilengkapi", "by_desil": "menurut desil", "by_sktm": "menurut SKTM",
	"by_sktm_over_desil": "menurut SKTM, bukan desil", "none": "tidak ada"}

// dotted writes a path: names behind dots, everything else as [_].
func dotted(root string, parts ast.Ref) string {
	var b strings.Builder
	b.WriteString(root)
	for _, part := range parts {
		if s, ok := part.Value.(ast.String); ok {
			b.WriteString("." + string(s))
		} else {
			b.WriteString("[_]")
		}
	}
	return b.String()
}
