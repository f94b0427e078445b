package policy

import (
	"cmp"
	"fmt"
	"slices"
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

var opWords = map[string]string{"equal": "adalah", "eq": "adalah", "neq": "bukan", "lt": "kurang dari", "lte": "paling banyak", "gt": "lebih dari", "gte": "paling sedikit"}

// dayOps are the same for days.
var dayOps = map[string]string{"lt": "sebelum", "lte": "tidak sesudah", "gt": "sesudah", "gte": "tidak sebelum"}

// condition says one line of a rule; told is false for a line that only gives a name to a value.
func (p *phraser) condition(x *ast.Expr) (text string, told bool) {
	text, told = p.positive(x)
	if told && x.Negated {
		if t, bare := x.Terms.(*ast.Term); bare && p.isFact(t) {
			return p.name(t) + " tidak diketahui", true
		}
		return "tidak benar bahwa " + text, true
	}
	return text, told
}

func (p *phraser) positive(x *ast.Expr) (string, bool) {
	switch terms := x.Terms.(type) {
	case *ast.Term:
		if p.isFact(terms) {
			return p.name(terms) + " diketahui", true
		}
		return p.name(terms), true
	case *ast.Every:
		return "untuk semua " + p.name(terms.Domain) + " berlaku syarat yang sama", true
	case *ast.SomeDecl:
		for _, s := range terms.Symbols {
			if call, ok := s.Value.(ast.Call); ok {
				return "ada " + p.name(call[len(call)-1]), true
			}
		}
		return "", false
	case []*ast.Term:
		return p.callPhrase(terms, x)
	}
	return p.somewhere(x.Location), true
}

func (p *phraser) callPhrase(terms []*ast.Term, x *ast.Expr) (string, bool) {
	op := terms[0].String()
	switch {
	case op == "assign" || op == "eq" && len(terms) == 3 && !x.Negated && p.binds(terms[1]):
		return "", false
	case opWords[op] != "" && len(terms) == 3:
		return p.comparison(op, terms[1], terms[2]), true
	case op == "internal.member_2":
		return p.name(terms[1]) + " salah satu dari " + p.valueFor(terms[1], terms[2]), true
	}
	return p.call(ast.Call(terms), x.Location), true
}

// binds tells a left side that takes a value apart: [verdict, seen] := …
func (p *phraser) binds(t *ast.Term) bool {
	_, ok := t.Value.(*ast.Array)
	return ok
}

func (p *phraser) comparison(op string, left, right *ast.Term) string {
	word := opWords[op]
	if p.isDay(left) || p.isDay(right) {
		if day, ok := dayOps[op]; ok {
			word = day
		}
	}
	if b, ok := right.Value.(ast.Boolean); ok && (op == "equal" || op == "neq") {
		if bool(b) == (op == "equal") {
			return p.name(left)
		}
		return p.name(left) + ": tidak"
	}
	if list, ok := right.Value.(*ast.Array); ok && list.Len() == 0 {
		if op == "neq" {
			return "ada " + p.name(left)
		}
		return "tidak ada " + p.name(left)
	}
	return p.name(left) + " " + word + " " + p.valueFor(left, right)
}

func (p *phraser) isFact(t *ast.Term) bool {
	return strings.HasPrefix(p.path(t), "input.")
}

func (p *phraser) isDay(t *ast.Term) bool {
	return strings.HasPrefix(p.facts[p.path(t)].Unit, "tanggal")
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

// name says what a term stands for.
func (p *phraser) name(t *ast.Term) string {
	switch v := t.Value.(type) {
	case ast.Call:
		return p.call(v, t.Location)
	case ast.Ref, ast.Var:
		return p.named(p.path(t), t.Location)
	case *ast.ArrayComprehension, *ast.SetComprehension, *ast.ObjectComprehension:
		return "daftar di " + p.at(t.Location)
	}
	return p.value(t.Value, "")
}

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

var callWords = map[string]string{"count": "jumlah %s", "max": "%s yang terbesar", "min": "%s yang terkecil", "abs": "selisih %s",
	"plus": "%s ditambah %s", "minus": "%s dikurangi %s", "div": "%s dibagi %s", "startswith": "%s berawalan %s",
	"endswith": "%s berakhiran %s", "contains": "%s memuat %s", "lower": "%s", "trim_space": "%s"}

func (p *phraser) call(c ast.Call, loc *ast.Location) string {
	op := c[0].String()
	args := make([]any, 0, len(c)-1)
	for _, a := range c[1:] {
		args = append(args, p.name(a))
	}
	if form, ok := callWords[op]; ok && strings.Count(form, "%s") == len(args) {
		return fmt.Sprintf(form, args...)
	}
	if op == "time.add_date" && len(c) == 5 {
		return p.later(c)
	}
	if (op == "substring" || op == "day_ns") && len(args) > 0 {
		return fmt.Sprint(args[0])
	}
	if word, ok := opWords[op]; ok && len(args) == 2 {
		return fmt.Sprintf("%s %s %s", args[0], word, args[1])
	}
	if title := p.titles[op]; title != "" {
		words := make([]string, len(args))
		for i, a := range args {
			words[i] = fmt.Sprint(a)
		}
		return lowerFirst(title) + " (" + strings.Join(words, "; ") + ")"
	}
	return "perhitungan di " + p.at(loc)
}

// later says a day so many years, months and days after another.
func (p *phraser) later(c ast.Call) string {
	parts := []string{p.name(c[1])}
	for i, unit := range []string{"tahun", "bulan", "hari"} {
		if amount := c[i+2]; amount.Value.Compare(ast.Number("0")) != 0 {
			parts = append(parts, p.name(amount)+" "+unit)
		}
	}
	return strings.Join(parts, " ditambah ")
}

// valueFor says a value in the words of what it is compared with.
func (p *phraser) valueFor(subject, t *ast.Term) string {
	path := p.path(subject)
	list := p.facts[path].List
	switch v := t.Value.(type) {
	case ast.String:
		name, isParam := strings.CutPrefix(path, "current.")
		if isParam {
			return p.choice(name, string(v))
		}
	case ast.Set:
		return p.listed(v.Slice(), list)
	case *ast.Array:
		var items []*ast.Term
		v.Foreach(func(t *ast.Term) { items = append(items, t) })
		return p.listed(items, list)
	case ast.Ref, ast.Var, ast.Call:
		return p.name(t)
	}
	return p.value(t.Value, list)
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

func (p *phraser) listed(items []*ast.Term, list string) string {
	words := make([]string, len(items))
	for i, t := range items {
		words[i] = p.value(t.Value, list)
	}
	slices.Sort(words)
	return strings.Join(words, ", ")
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
