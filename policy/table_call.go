package policy

import (
	"fmt"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

var passing = map[string]int{"substring": 1, "time.parse_ns": 2, "format_int": 1, "lower": 1, "trim_space": 1, "upper": 1, "to_number": 1}

var callForms = map[string]string{"count": "jumlah %s", "max": "%s yang terbesar", "min": "%s yang terkecil", "abs": "selisih %s",
	"plus": "%s ditambah %s", "minus": "%s dikurangi %s", "mul": "%s kali %s", "div": "%s dibagi %s", "rem": "sisa %s dibagi %s",
	"startswith": "%s berawalan %s", "endswith": "%s berakhiran %s", "contains": "%s memuat %s", "sum": "jumlah seluruh %s", "round": "%s dibulatkan",
	"ceil": "%s dibulatkan ke atas", "floor": "%s dibulatkan ke bawah"}

func (t *teller) callWords(c ast.Call) string {
	op := c[0].String()
	if at := passing[op]; at > 0 && len(c) > at {
		return t.operand(c[at])
	}
	if op == "time.add_date" && len(c) == 5 {
		return t.later(c)
	}
	if op == "time.format" && len(c) == 2 {
		if list, ok := c[1].Value.(*ast.Array); ok && list.Len() > 0 {
			return t.operand(list.Elem(0))
		}
		return t.operand(c[1])
	}
	if rules := t.function(op); rules != nil {
		return t.functionWords(op, rules, c)
	}
	if (op == "max" || op == "min") && len(c) == 2 && (t.dayLike(t.resolvedHelper(c[1])) || t.dayComprehension(c[1])) {
		return t.operand(c[1]) + map[string]string{"max": " yang terbaru", "min": " yang terlama"}[op]
	}
	if form, ok := callForms[op]; ok && strings.Count(form, "%s") == len(c)-1 {
		args := make([]any, 0, len(c)-1)
		for _, a := range c[1:] {
			args = append(args, t.operand(a))
		}
		return fmt.Sprintf(form, args...)
	}
	if op == "internal.member_2" {
		return t.memberWords(c[1], c[2], false)
	}
	if word := orderWords[op]; word != "" && len(c) == 3 {
		return t.operand(c[1]) + " " + word + " " + t.operand(c[2])
	}
	return t.unworded(c[0].Location)
}

// dayComprehension tells a list of days.
func (t *teller) dayComprehension(x *ast.Term) bool {
	value := t.resolvedHelper(x)
	switch v := value.Value.(type) {
	case *ast.SetComprehension:
		return t.dayLike(t.resolve(v.Term, t.bindingOf(v.Body)))
	case *ast.ArrayComprehension:
		return t.dayLike(t.resolve(v.Term, t.bindingOf(v.Body)))
	}
	return false
}

// functionWords says a function by its title and what it is asked about; one without is what it works out.
func (t *teller) functionWords(op string, rules []*ast.Rule, c ast.Call) string {
	words := make([]string, len(c)-1)
	for i, a := range c[1:] {
		words[i] = t.operand(a)
	}
	if title := t.phraser.titles[op]; title != "" {
		text := lowerFirst(title) + " " + strings.Join(words, ", ")
		t.use(op, text, c[1:])
		return text
	}
	if len(rules) != 1 || rules[0].Else != nil || rules[0].Head.Value == nil || t.depth > deepestHelper {
		return t.untitled(op, c[1:]) + " " + strings.Join(words, ", ")
	}
	out := ""
	t.in(rules[0], func() *formula {
		out = t.operand(t.resolve(rules[0].Head.Value, t.bound(rules[0], c[1:])))
		return nil
	})
	return out
}

// later says a day so many years, months and days after another.
func (t *teller) later(c ast.Call) string {
	var text strings.Builder
	text.WriteString(t.operand(c[1]))
	for i, unit := range []string{"tahun", "bulan", "hari"} {
		if amount := c[i+2]; amount.Value.Compare(ast.Number("0")) != 0 {
			sign := " ditambah "
			if c, ok := amount.Value.(ast.Call); ok && len(c) == 3 && c[0].String() == "minus" && c[1].Value.Compare(ast.Number("0")) == 0 {
				sign, amount = " dikurangi ", c[2]
			}
			words := t.operand(amount)
			if !strings.Contains(words, " "+unit) {
				words += " " + unit
			}
			text.WriteString(sign + words)
		}
	}
	return text.String()
}
