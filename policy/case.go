package policy

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/format"

	"layak/internal/fault"
)

// Case is a decision as a Rego test, a file of its own.
type Case struct {
	Text string
	// RealDays: no other days give the same answer, so those of papers and data stand there as they were; RealBirths:
	// those of births too.
	RealDays, RealBirths bool
}

// CaseOf writes a decision down as a test with the person taken out: numbers are made up, all days moved together by
// an offset that is told to nobody, days of birth and villages blurred, names, addresses, issuers and officers left
// out, and the other members of the card too when no rule asks for them. The engine decides the blurred facts again:
// where that changes the answer, less is blurred, and when no blurring keeps it the case is refused
// (fault.Conflict). name may be what a person typed.
func CaseOf(ctx context.Context, e *Engine, name string, in Input) (Case, error) {
	want, err := e.Decide(ctx, in)
	if err != nil {
		return Case{}, err
	}
	blurs := []blur{{villages: true}, {month: true, villages: true}, {exact: true, villages: true}, {exact: true}}
	for _, days := range offsets() {
		there, err := shifted(in, days)
		if err != nil {
			return Case{}, err
		}
		for _, b := range blurs {
			for _, alone := range []bool{true, false} {
				b.alone = alone
				plain := b.input(there)
				got, err := e.Decide(ctx, plain)
				if err != nil {
					return Case{}, err
				}
				if sameAnswer(want, got) {
					text, err := caseText(name, plain, got)
					return Case{text, days == 0, days == 0 && b.exact}, err
				}
			}
		}
	}
	return Case{}, fault.New(fault.Conflict, "case_personal", "Hasil cek ini tidak dapat dijadikan uji tanpa data pribadinya.")
}

// offsets are the days by which a case is moved back: two weeks to four months, then none.
func offsets() []int {
	return []int{-14 - rand.IntN(45), -60 - rand.IntN(60), 0} //nolint:gosec // it only has to differ from case to case
}

// sameAnswer tells whether two decisions say the same, whatever words they use.
func sameAnswer(a, b Decision) bool {
	return a.Outcome == b.Outcome && a.Advice == b.Advice && maps.Equal(verdictsByCode(a), verdictsByCode(b))
}

func verdictsByCode(d Decision) map[string]Verdict {
	out := map[string]Verdict{}
	for _, f := range d.Findings {
		out[f.Code] = f.Verdict
	}
	return out
}

// blur says how much of the days of birth and of the villages a case keeps.
type blur struct {
	month    bool // keep the month of birth; else only the year
	exact    bool // keep the day
	villages bool // leave out which village and district it is
	alone    bool // leave out the other members of the card
	numbers  map[string]string
}

// input gives a copy of the facts without the person in them.
func (b blur) input(in Input) Input {
	b.numbers = map[string]string{}
	in.At = time.Date(in.At.Year(), in.At.Month(), in.At.Day(), 9, 0, 0, 0, in.At.Location())
	in.Resident = b.resident(in.Resident)
	if in.Household != nil {
		h := *in.Household
		h.KK = b.number(h.KK)
		h.Members = slices.Clone(h.Members)
		if b.alone {
			h.Members = []Member{}
		}
		for i := range h.Members {
			m := &h.Members[i]
			m.NIK, m.BirthDate = b.number(m.NIK), b.day(m.BirthDate)
		}
		in.Household = &h
	}
	if in.Mother != nil {
		m := *in.Mother
		m.NIK, m.Resident = b.number(m.NIK), b.resident(m.Resident)
		in.Mother = &m
	}
	in.Evidence = slices.Clone(in.Evidence)
	for i := range in.Evidence {
		in.Evidence[i] = b.paper(in.Evidence[i])
	}
	return in
}

func (b blur) resident(r *Resident) *Resident {
	if r == nil {
		return nil
	}
	c := *r
	c.NIK, c.BirthDate = b.number(c.NIK), b.day(c.BirthDate)
	c.Village, c.District = b.place(c.Village), b.place(c.District)
	return &c
}

// paper keeps the kind, the day and those facts of a paper that rules may read.
func (b blur) paper(e Evidence) Evidence {
	out := Evidence{Kind: e.Kind, IssuedOn: e.IssuedOn}
	if len(e.SeenAt) >= 10 {
		out.SeenAt = e.SeenAt[:10] + "T08:00:00+07:00"
	}
	for name, v := range e.Facts {
		if slices.Contains(privateFields, name) {
			continue
		}
		if s, ok := v.(string); ok {
			switch name {
			case "nik", "kk", "mother_nik":
				v = b.number(s)
			case "birth_date":
				v = b.day(s)
			case "village", "district":
				v = b.place(s)
			}
		}
		if out.Facts == nil {
			out.Facts = map[string]any{}
		}
		out.Facts[name] = v
	}
	return out
}

// number gives each number of 16 digits one that nobody bears: there is no district 99 in 35.09. The same
// number stays the same throughout the case.
func (b blur) number(s string) string {
	if s == "" {
		return ""
	}
	if b.numbers[s] == "" {
		b.numbers[s] = fmt.Sprintf("350999010190%04d", len(b.numbers)+1)
	}
	return b.numbers[s]
}

func (b blur) day(s string) string {
	switch {
	case len(s) != 10 || b.exact:
		return s
	case b.month:
		return s[:8] + "01"
	}
	return s[:5] + "01-01"
}

// place keeps the regency of a village or district.
func (b blur) place(code string) string {
	if !b.villages || len(code) < 8 {
		return code
	}
	if len(code) > 8 {
		return code[:5] + ".99.1999"
	}
	return code[:5] + ".99"
}

// caseText writes the test in the layout of opa fmt.
func caseText(name string, in Input, d Decision) (string, error) {
	if in.Evidence == nil {
		in.Evidence = []Evidence{}
	}
	facts, err := indented(in)
	if err != nil {
		return "", err
	}
	verdicts, err := indented(verdictsByCode(d))
	if err != nil {
		return "", err
	}
	rule := caseRule(name)
	var out strings.Builder
	fmt.Fprintf(&out, "# Out of a stored determination; the person in it is made up.\npackage layak.%s\n\nimport data.layak.eligibility\n\n", rule)
	fmt.Fprintf(&out, "facts := %s\n\n%s if {\n\td := eligibility.decision with input as facts\n", facts, rule)
	fmt.Fprintf(&out, "\td.outcome == %q\n\td.service_advice == %q\n", string(d.Outcome), string(d.Advice))
	fmt.Fprintf(&out, "\t{f.code: f.verdict | some f in d.findings} == %s\n}\n", verdicts)
	neat, err := format.SourceWithOpts("case.rego", []byte(out.String()), format.Opts{RegoVersion: ast.RegoV1})
	if err != nil {
		return "", fmt.Errorf("lay out case: %w", err)
	}
	return string(neat), nil
}

func indented(v any) (string, error) {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "\t")
	if err := enc.Encode(v); err != nil {
		return "", fmt.Errorf("encode case: %w", err)
	}
	return strings.TrimSpace(out.String()), nil
}

// longestCaseName bounds the name of a test.
const longestCaseName = 60

// caseRule makes the name of a test rule of what somebody typed: letters, digits and underscores.
func caseRule(name string) string {
	var out strings.Builder
	for _, c := range strings.ToLower(name) {
		switch {
		case c >= 'a' && c <= 'z', c >= '0' && c <= '9':
			out.WriteRune(c)
		case out.Len() > 0 && !strings.HasSuffix(out.String(), "_"):
			out.WriteByte('_')
		}
		if out.Len() >= longestCaseName {
			break
		}
	}
	rule := strings.TrimPrefix(strings.Trim(out.String(), "_"), "test_")
	if rule == "" {
		rule = "kasus"
	}
	return "test_" + rule
}

// CaseFile is the file in which a case of that name belongs.
func CaseFile(name string) string { return strings.TrimPrefix(caseRule(name), "test_") + "_test.rego" }
