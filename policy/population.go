package policy

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"
)

// Frame is what is the same for everybody when the rules are asked about a whole population: each
// resident is a subject of kind "nik" whose facts are those of the registry alone, without papers or
// mother. A preview supposes neither need nor statements.
type Frame struct {
	At         time.Time
	ServiceOn  string // YYYY-MM-DD
	Office     Office
	Need       string
	Statements *Statements
	// Asked lets need and statements differ between people too: they are columns then, and what stands in
	// Need and Statements is not looked at.
	Asked bool
	// Papers lets what people showed differ too: their papers, and the membership that a paper replaced.
	Papers bool
}

// Input is the input of a resident before his own facts are put in.
func (f Frame) Input() Input {
	in := Input{At: f.At, ServiceOn: f.ServiceOn, Office: f.Office, Subject: "nik", Evidence: []Evidence{}}
	if !f.Asked {
		in.Need, in.Statements = f.Need, f.Statements
	}
	return in
}

// registrySource is the source of every group of facts in a population.
const registrySource = "registry"

// Members is the column of the other members of the family card, as they stand in Household.Members.
// Its values are not scalars.
const Members = "household.members"

// populationColumns are the facts in which residents of a registry differ. A group that is unknown
// is absent as a whole: its column "source" says so.
var populationColumns = []string{
	"resident.nik", "resident.sex", "resident.birth_date", "resident.village", "resident.district", "resident.regency",
	"resident.province", "resident.life_status", "resident.moved_in_on", "resident.relation", "resident.in_latest",
	"resident.as_of",
	"household.source", "household.as_of", "household.kk", Members,
	"welfare.source", "welfare.as_of", "welfare.desil",
	"membership.source", "membership.as_of", "membership.segment", "membership.member_status", "membership.member_reason",
	"membership.member_since", "membership.inactive_since", "membership.class",
}

// askedColumns are what people who come to a desk say beside what the registry says of them.
var askedColumns = []string{"need", "statements.accepts_class_3", "statements.still_employed"}

// The columns of what people show: the list of their papers, a []Evidence, and the *Membership that the one
// on a paper replaced. Like Members they are no scalars.
const (
	Papers     = "evidence"
	Superseded = "membership.superseded"
)

var shownColumns = []string{Papers, Superseded}

// allColumns are those of every frame.
var allColumns = slices.Concat(populationColumns, askedColumns, shownColumns)

// differing leaves of the columns that something reads those in which people of the frame differ.
func (f Frame) differing(read columns) columns {
	if f.Asked && f.Papers {
		return read
	}
	out := maps.Clone(read)
	if !f.Asked {
		for _, said := range askedColumns {
			delete(out, said)
		}
	}
	if !f.Papers {
		for _, shown := range shownColumns {
			delete(out, shown)
		}
	}
	return out
}

// PopulationColumns lists the facts in which residents of a registry differ, as paths into Input:
// "welfare.desil". Values are string, int or bool, absent is nil; only those of Members are not scalars.
func PopulationColumns() []string { return slices.Clone(populationColumns) }

// Reason is one finding without its words.
type Reason struct {
	Code    string  `json:"code"`
	Verdict Verdict `json:"verdict"`
}

// Brief is a decision without its words: what is compared and counted over a population.
type Brief struct {
	Outcome Outcome  `json:"outcome"`
	Advice  Advice   `json:"service_advice"`
	Reasons []Reason `json:"reasons"` // in the order of their codes
}

// Equal tells whether two briefs say the same.
func (b Brief) Equal(o Brief) bool {
	return b.Outcome == o.Outcome && b.Advice == o.Advice && slices.Equal(b.Reasons, o.Reasons)
}

// Brief gives the decision without its words.
func (d Decision) Brief() Brief {
	b := Brief{Outcome: d.Outcome, Advice: d.Advice, Reasons: make([]Reason, len(d.Findings))}
	for i, f := range d.Findings {
		b.Reasons[i] = Reason{Code: f.Code, Verdict: f.Verdict}
	}
	b.sort()
	return b
}

// sort orders the reasons. A cause that held several times with one verdict counts once.
func (b *Brief) sort() {
	slices.SortFunc(b.Reasons, func(x, y Reason) int {
		return cmp.Or(cmp.Compare(x.Code, y.Code), cmp.Compare(x.Verdict, y.Verdict))
	})
	b.Reasons = slices.Compact(b.Reasons)
}

const briefQuery = "[" + rulePackage + ".outcome, " + rulePackage + ".service_advice, {[f.code, f.verdict] | some f in " +
	rulePackage + "." + findingsRule + "}]"

// Brief decides like Decide, without the words, questions and next steps, in about half of its time.
// Errors are those of Decide.
func (e *Engine) Brief(ctx context.Context, in Input) (Brief, error) {
	if err := check(&in); err != nil {
		return Brief{}, err
	}
	if e.none || in.ServiceOn < e.validFrom {
		d, err := e.Decide(ctx, in) // which says what is wrong
		return d.Brief(), err
	}
	query, err := e.brief()
	if err != nil {
		return Brief{}, err
	}
	term, err := evaluate(ctx, query, packagePath, inputValue(&in, e.household), &e.days, dayOf{in.ServiceOn, in.Office.Regency})
	switch {
	case err != nil && ctx.Err() != nil:
		return Brief{}, tooLate(err)
	case err != nil:
		return Brief{}, fmt.Errorf("evaluate rules %s: %w", e.hash, err)
	}
	b, err := readBrief(term)
	if err != nil {
		return Brief{}, fmt.Errorf("read decision of rules %s: %w", e.hash, err)
	}
	return b, nil
}

func readBrief(t *ast.Term) (Brief, error) {
	three, ok := t.Value.(*ast.Array)
	if !ok || three.Len() != 3 {
		return Brief{}, errors.New("brief is not three values")
	}
	outcome, _ := three.Elem(0).Value.(ast.String)
	advice, _ := three.Elem(1).Value.(ast.String)
	found, ok := three.Elem(2).Value.(ast.Set)
	if !ok {
		return Brief{}, errors.New("findings are not a set")
	}
	b := Brief{Outcome: Outcome(outcome), Advice: Advice(advice), Reasons: make([]Reason, 0, found.Len())}
	err := found.Iter(func(t *ast.Term) error {
		pair, ok := t.Value.(*ast.Array)
		if !ok || pair.Len() != 2 {
			return errors.New("finding is not a pair")
		}
		code, _ := pair.Elem(0).Value.(ast.String)
		verdict, _ := pair.Elem(1).Value.(ast.String)
		b.Reasons = append(b.Reasons, Reason{Code: string(code), Verdict: Verdict(verdict)})
		return nil
	})
	b.sort()
	return b, err
}
