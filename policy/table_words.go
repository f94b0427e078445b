package policy

import (
	"fmt"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// teller puts formulas into words that an official reads aloud. It notes which names of helper rules it
// used, so that each can be told beside, and what it could not put in words.
type teller struct {
	*ruleReader
	day    string // YYYY-MM-DD, from which the values of parameters are told
	params map[string][]Param
	titles map[string]string // of causes by code
	sure   map[string]bool   // paths of facts that every input has
	used   []usedName
	lost   bool
	// deadlines tells that codes are those of deadlines, which are said with their days.
	deadlines bool
	alone     bool // a condition names nothing but other rules, which are opened
	plain     bool // of one decision: the values are told beside the text
}

// usedName is a helper rule, or a function with what it is asked about, that a text names.
type usedName struct {
	name, words string
	args        []*ast.Term
	rule        *ast.Rule // in whose package the name counts
}

func (t *teller) use(name, words string, args []*ast.Term) {
	if !slices.ContainsFunc(t.used, func(u usedName) bool { return u.words == words }) {
		t.used = append(t.used, usedName{name, words, args, t.rule})
	}
}

var (
	orderWords   = map[string]string{"equal": "adalah", "neq": "bukan", "lt": "kurang dari", "lte": "paling banyak", "gt": "lebih dari", "gte": "paling sedikit"}
	dayWords     = map[string]string{"equal": "adalah", "neq": "bukan", "lt": "sebelum", "lte": "tidak sesudah", "gt": "sesudah", "gte": "tidak sebelum"}
	opposite     = map[string]string{"equal": "neq", "neq": "equal", "lt": "gte", "lte": "gt", "gt": "lte", "gte": "lt"}
	unknownWords = ", atau belum diketahui"
)

// question says a single question, or that it is answered no.
func (t *teller) question(a *inquiry, neg bool) string {
	switch {
	case a.lost:
		t.lost = true
		return "syarat di " + t.at(a.src.Location) + " belum dapat dikatakan dengan kata"
	case a.helper != "":
		t.use(a.helper, lowerFirst(t.phraser.titles[a.helper]), nil)
		return t.titled(a.helper, neg)
	case a.title != "":
		plain := *a
		plain.title = ""
		return t.titled(a.title, neg) + ": " + t.question(&plain, neg)
	case a.within != nil:
		return t.members(a, neg)
	case a.known:
		return t.knownWords(a, neg)
	}
	terms, ok := a.expr.Terms.([]*ast.Term)
	if !ok {
		return t.no(neg, t.operand(a.expr.Terms.(*ast.Term)))
	}
	op := terms[0].String()
	switch {
	case op == "internal.member_2" && a.values != nil:
		return t.oneOf(terms[1], terms[2], neg)
	case op == "internal.member_2":
		return t.memberWords(terms[1], terms[2], neg)
	case orderWords[op] != "" && len(terms) == 3:
		return t.comparison(op, terms[1], terms[2], neg)
	}
	return t.no(neg, t.callWords(ast.Call(terms)))
}

// no puts what has no opposite of its own into its opposite.
func (t *teller) no(neg bool, words string) string {
	if neg {
		return "tidak: " + words
	}
	return words
}

// titled is the name of a helper rule or its opposite: what METADATA gives as custom.not, else what the
// words themselves allow.
func (t *teller) titled(name string, neg bool) string {
	title := lowerFirst(t.phraser.titles[name])
	if !neg {
		return title
	}
	if not := t.nots[name]; not != "" {
		return lowerFirst(not)
	}
	return negated(title)
}

// turns are words that have an opposite, and that.
var turns = [][2]string{{"tidak ada ", "ada "}, {"ada ", "tidak ada "}, {"belum ", "sudah "}, {"sudah ", "belum "}, {"tidak ", ""}, {"tercatat ", "tidak tercatat "}, {"bukan ", ""}}

// negated turns a title round. A title of two halves is left as it is and denied as a whole.
func negated(title string) string {
	if strings.Contains(title, " dan ") || strings.Contains(title, ", atau ") || strings.Contains(title, " atau ") {
		return "tidak semua ini: " + title
	}
	for _, w := range turns {
		if rest, ok := strings.CutPrefix(title, w[0]); ok {
			return w[1] + rest
		}
	}
	if before, ok := strings.CutSuffix(title, " diketahui"); ok && !strings.Contains(title, " belum ") {
		return before + " belum diketahui"
	}
	for _, w := range [][2]string{{" belum ", " sudah "}, {" sudah ", " belum "}, {" masih ", " tidak lagi "}, {" tidak ", " "}, {" tercatat ", " tidak tercatat "}} {
		if before, after, ok := strings.Cut(title, w[0]); ok {
			return before + w[1] + after
		}
	}
	return "bukan " + title
}

func (t *teller) comparison(op string, left, right *ast.Term, neg bool) string {
	if text, ok := t.specialComparison(op, left, right, neg); ok {
		return text
	}
	said := op
	if neg {
		said = opposite[op]
	}
	word := orderWords[said]
	if t.dayLike(left) || t.dayLike(right) {
		word = dayWords[said]
	}
	text := t.subject(left) + " " + word + " " + t.besideOf(left, right)
	if neg && !t.certain(left, right) {
		text += unknownWords
	}
	return text + t.nowWords(left)
}

// subject says what is asked about: a parameter by its title, for its value stands behind.
func (t *teller) subject(x *ast.Term) string {
	ref, ok := x.Value.(ast.Ref)
	if !ok || paramOf(ref) == "" || !ref.IsGround() || t.paramValue(ref) == "" {
		return t.operand(x)
	}
	spec := t.phraser.params[paramOf(ref)]
	if len(ref) > 2 {
		return lowerFirst(spec.Title) + " untuk " + t.keyWords(spec, ref[2])
	}
	return lowerFirst(spec.Title)
}

// specialComparison says yes and no, empty lists and counts the way people do.
func (t *teller) specialComparison(op string, left, right *ast.Term, neg bool) (string, bool) {
	same := op == "equal" != neg
	none := map[bool]string{true: "tidak ada ", false: "ada "}[same]
	switch v := right.Value.(type) {
	case ast.Boolean:
		if op != "equal" && op != "neq" {
			return "", false
		}
		word := map[bool]string{true: "ya", false: "tidak"}[bool(v) == (op == "equal")]
		text := t.subject(left) + ": " + word
		if neg {
			text = t.subject(left) + ": bukan " + word
			if !t.certain(left) {
				text += unknownWords
			}
		}
		return text + t.nowWords(left), true
	case *ast.Array:
		if v.Len() == 0 && (op == "equal" || op == "neq") {
			return none + t.listWords(left), true
		}
	case ast.String:
		if v == "" && (op == "equal" || op == "neq") {
			return t.operand(left) + map[bool]string{true: " kosong", false: " terisi"}[same], true
		}
	case ast.Number:
		c, ok := left.Value.(ast.Call)
		if !ok || c[0].String() != "count" || v != "0" {
			return "", false
		}
		switch {
		case op == "equal" || op == "neq":
			return none + t.listWords(c[1]), true
		case op == "gt":
			return map[bool]string{true: "tidak ada ", false: "ada "}[neg] + t.listWords(c[1]), true
		}
	}
	return "", false
}

// oneOf says that a value is among what is written out.
func (t *teller) oneOf(left, right *ast.Term, neg bool) string {
	words := t.alternatives(left, constants(right))
	if neg {
		text := t.subject(left) + " bukan " + words
		if !t.certain(left) {
			text += unknownWords
		}
		return text + t.nowWords(left)
	}
	return t.subject(left) + " adalah " + words + t.nowWords(left)
}

func (t *teller) alternatives(left *ast.Term, items []*ast.Term) string {
	words := make([]string, len(items))
	for i, item := range items {
		words[i] = t.besideOf(left, item)
	}
	slices.Sort(words)
	if n := len(words); n > 1 {
		return strings.Join(words[:n-1], ", ") + " atau " + words[n-1]
	}
	return strings.Join(words, "")
}

// memberWords says that a list holds a value: causes are told by their titles.
func (t *teller) memberWords(left, right *ast.Term, neg bool) string {
	value := t.operand(left)
	if s, ok := left.Value.(ast.String); ok && t.titles[string(s)] != "" {
		value = "“" + t.titles[string(s)] + "”"
	}
	word := " memuat "
	if neg {
		word = " tidak memuat "
	}
	return t.operand(right) + word + value
}

// members says what some member of a list, or each, has to fulfil.
func (t *teller) members(a *inquiry, neg bool) string {
	list := t.operand(a.list)
	inner := ""
	if !a.within.isTrue() {
		inner = t.inline(a.within)
	}
	switch {
	case a.all && neg:
		return "tidak semua " + list + " memenuhi: " + inner
	case a.all:
		return "setiap " + list + " memenuhi: " + inner
	case inner == "" && neg:
		return "tidak ada " + list
	case inner == "":
		return "ada " + list
	case neg:
		return "tidak ada " + list + " dengan " + inner
	}
	return "ada " + list + " dengan " + inner
}

// inline says a formula in one line.
func (t *teller) inline(f *formula) string {
	if f.op == fAtom {
		return t.question(f.atom, f.neg)
	}
	parts := make([]string, len(f.parts))
	for i, p := range f.parts {
		parts[i] = t.inline(p)
		if p.op != fAtom {
			parts[i] = "(" + parts[i] + ")"
		}
	}
	if f.op == fAny {
		return strings.Join(parts, ", atau ")
	}
	return strings.Join(parts, " dan ")
}

// knownWords says that there is a value, or none.
func (t *teller) knownWords(a *inquiry, neg bool) string {
	term, _ := a.expr.Terms.(*ast.Term)
	if ref, ok := term.Value.(ast.Ref); ok && ref.IsGround() && strings.Contains(t.path(term), "[_]") && ref[0].Equal(ast.InputRootDocument) {
		list, _, _ := strings.Cut(t.path(term), "[_]")
		return map[bool]string{true: "tidak ada ", false: "ada "}[neg] + t.named(list, term.Location)
	}
	name := t.operand(term)
	if fact := t.facts[t.path(term)]; fact.Type == typeWords["object"] {
		return map[bool]string{true: "tidak ada ", false: "ada "}[neg] + name
	}
	return name + map[bool]string{true: " belum diketahui", false: " diketahui"}[neg]
}

// certain tells operands that always have a value.
func (t *teller) certain(terms ...*ast.Term) bool {
	for _, x := range terms {
		switch v := x.Value.(type) {
		case ast.Ref:
			head, _ := v[0].Value.(ast.Var)
			if head == "current" || t.sure[t.path(x)] {
				continue
			}
			if head == "input" && strings.Contains(t.path(x), "[_]") {
				continue // of a member that is being looked at
			}
			return false
		case ast.Var:
			if slices.ContainsFunc(t.helper(string(v)), func(r *ast.Rule) bool { return r.Default }) {
				continue
			}
			return t.certainHelper(v)
		case ast.Call:
			if op := v[0].String(); op == "max" || op == "min" || !t.certain(v[1:]...) { // of an empty list there is none
				return false
			}
		}
	}
	return true
}

// certainHelper tells a helper rule that is nothing but another name for what always has a value.
func (t *teller) certainHelper(v ast.Var) bool {
	rules := t.helper(string(v))
	if len(rules) != 1 || rules[0].Else != nil || !emptyBody(rules[0].Body) || rules[0].Head.Value == nil || t.depth > deepestHelper {
		return false
	}
	yes := false
	t.in(rules[0], func() *formula { yes = t.certain(t.resolve(rules[0].Head.Value, nil)); return nil })
	return yes
}

// nowWords adds to a question that parameters alone answer how it stands on the day.
func (t *teller) nowWords(left *ast.Term) string {
	ref, ok := left.Value.(ast.Ref)
	if !ok || paramOf(ref) == "" || !ref.IsGround() || t.plain {
		return ""
	}
	value := t.paramValue(ref)
	if value == "" {
		return ""
	}
	return fmt.Sprintf(" (kini %s%s)", value, t.otherDays(paramOf(ref), ref))
}

// dayLike tells a day or moment.
func (t *teller) dayLike(x *ast.Term) bool {
	switch v := x.Value.(type) {
	case ast.Ref:
		unit := t.factOf(x).Unit
		return strings.HasPrefix(unit, "tanggal") || strings.HasPrefix(unit, "waktu")
	case ast.Call:
		op := v[0].String()
		if op == "max" || op == "min" || op == "substring" {
			return t.dayLike(v[1])
		}
		if rules := t.function(op); len(rules) == 1 && rules[0].Head.Value != nil {
			return t.dayLike(rules[0].Head.Value)
		}
		return strings.HasPrefix(op, "time.")
	case ast.Var:
		rules := t.helper(string(v))
		if len(rules) == 0 || rules[0].Head.Value == nil || t.depth > deepestHelper {
			return false
		}
		yes := false
		t.in(rules[0], func() *formula { yes = t.dayLike(t.resolve(rules[0].Head.Value, nil)); return nil })
		return yes
	case *ast.SetComprehension:
		return t.dayLike(v.Term)
	}
	return false
}
