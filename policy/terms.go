package policy

import (
	"maps"
	"slices"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"
)

// termsOf makes text terms once; terms are never changed, so all evaluations share them.
func termsOf(texts ...string) map[string]*ast.Term {
	out := make(map[string]*ast.Term, len(texts))
	for _, s := range texts {
		out[s] = ast.StringTerm(s)
	}
	return out
}

// fieldTerms are the keys of the input document, codeTerms the values of its closed lists.
var (
	fieldTerms = termsOf("at", "service_on", "office", "subject", "need", "statements", "resident", "household",
		"welfare", "membership", "mother", "evidence", "regency", "accepts_class_3", "still_employed",
		"source", "as_of", "nik", "sex", "birth_date", "village", "district", "province", "life_status",
		"moved_in_on", "relation", "in_latest", "kk", "members", "desil", "segment", "member_status",
		"member_reason", "member_since", "inactive_since", "class", "superseded",
		"kind", "issuer", "number", "issued_on", "seen_at", "seen_by", "facts",
		// of a routing input
		"channel", "matter", "filed", "unit", "accused", "code", "checks", "outcome", "service_advice", "codes",
		"deceased", "reopened", "given")
	codeTerms = func() map[string]*ast.Term {
		var all []string
		for _, list := range codeLists() {
			all = append(all, list...)
		}
		return termsOf(all...)
	}()
)

// object collects the known members of one group: what is unknown is left out, never null.
type object [][2]*ast.Term

func (o *object) put(key string, t *ast.Term) { *o = append(*o, [2]*ast.Term{fieldTerms[key], t}) }

func (o *object) text(key, value string) {
	if value != "" {
		o.put(key, stringTerm(value))
	}
}

func (o *object) flag(key string, value *bool) {
	if value != nil {
		o.put(key, ast.InternedTerm(*value))
	}
}

func (o *object) number(key string, value *int) {
	if value != nil {
		o.put(key, ast.InternedTerm(*value))
	}
}

func (o *object) origin(from Origin) {
	o.text("source", from.Source)
	o.text("as_of", from.AsOf)
}

func (o object) term() *ast.Term { return ast.NewTerm(ast.NewObject(o...)) }

func stringTerm(s string) *ast.Term {
	if t, ok := codeTerms[s]; ok {
		return t
	}
	return ast.StringTerm(s)
}

// inputValue builds the document that the rules see straight from the input; it equals the JSON of
// the input, but for the household, which is left out when no rule reads it.
func inputValue(in *Input, household bool) ast.Value {
	o := make(object, 0, 12)
	o.text("at", in.At.Format(time.RFC3339Nano))
	o.text("service_on", in.ServiceOn)
	o.put("office", object{{fieldTerms["regency"], ast.StringTerm(in.Office.Regency)}}.term())
	o.text("subject", in.Subject)
	o.text("need", in.Need)
	if s := in.Statements; s != nil {
		said := make(object, 0, 2)
		said.flag("accepts_class_3", s.AcceptsClass3)
		said.flag("still_employed", s.StillEmployed)
		o.put("statements", said.term())
	}
	if in.Resident != nil {
		o.put("resident", residentTerm(in.Resident))
	}
	if in.Household != nil && household {
		o.put("household", householdTerm(in.Household))
	}
	if in.Welfare != nil {
		o.put("welfare", welfareTerm(in.Welfare))
	}
	if in.Membership != nil {
		o.put("membership", membershipTerm(in.Membership))
	}
	if in.Mother != nil {
		o.put("mother", motherTerm(in.Mother))
	}
	o.put("evidence", papersTerm(in.Evidence))
	return ast.NewObject(o...)
}

func papersTerm(list []Evidence) *ast.Term {
	papers := make([]*ast.Term, len(list))
	for i := range list {
		papers[i] = evidenceTerm(&list[i])
	}
	return ast.ArrayTerm(papers...)
}

func residentTerm(r *Resident) *ast.Term {
	o := make(object, 0, 13)
	o.origin(r.Origin)
	o.text("nik", r.NIK)
	o.text("sex", r.Sex)
	o.text("birth_date", r.BirthDate)
	o.text("village", r.Village)
	o.text("district", r.District)
	o.text("regency", r.Regency)
	o.text("province", r.Province)
	o.text("life_status", r.LifeStatus)
	o.text("moved_in_on", r.MovedInOn)
	o.text("relation", r.Relation)
	o.flag("in_latest", r.InLatest)
	return o.term()
}

func householdTerm(h *Household) *ast.Term {
	members := make([]*ast.Term, len(h.Members))
	for i := range h.Members {
		m := &h.Members[i]
		o := make(object, 0, 8)
		o.text("nik", m.NIK)
		o.text("relation", m.Relation)
		o.text("sex", m.Sex)
		o.text("birth_date", m.BirthDate)
		o.text("life_status", m.LifeStatus)
		o.number("desil", m.Desil)
		o.text("segment", m.Segment)
		o.text("member_status", m.MemberStatus)
		members[i] = o.term()
	}
	o := make(object, 0, 4)
	o.origin(h.Origin)
	o.text("kk", h.KK)
	o.put("members", ast.ArrayTerm(members...))
	return o.term()
}

func welfareTerm(w *Welfare) *ast.Term {
	o := make(object, 0, 3)
	o.origin(w.Origin)
	o.number("desil", w.Desil)
	return o.term()
}

func membershipTerm(m *Membership) *ast.Term {
	o := make(object, 0, 9)
	o.origin(m.Origin)
	o.text("segment", m.Segment)
	o.text("member_status", m.Status)
	o.text("member_reason", m.Reason)
	o.text("member_since", m.Since)
	o.text("inactive_since", m.InactiveSince)
	o.text("class", m.Class)
	if m.Superseded != nil {
		o.put("superseded", membershipTerm(m.Superseded))
	}
	return o.term()
}

func motherTerm(m *Mother) *ast.Term {
	o := make(object, 0, 4)
	o.text("nik", m.NIK)
	if m.Resident != nil {
		o.put("resident", residentTerm(m.Resident))
	}
	if m.Welfare != nil {
		o.put("welfare", welfareTerm(m.Welfare))
	}
	if m.Membership != nil {
		o.put("membership", membershipTerm(m.Membership))
	}
	return o.term()
}

func evidenceTerm(e *Evidence) *ast.Term {
	o := make(object, 0, 7)
	o.text("kind", e.Kind)
	o.text("issuer", e.Issuer)
	o.text("number", e.Number)
	o.text("issued_on", e.IssuedOn)
	o.text("seen_at", e.SeenAt)
	o.text("seen_by", e.SeenBy)
	if len(e.Facts) > 0 {
		facts := make([][2]*ast.Term, 0, len(e.Facts))
		for _, name := range slices.Sorted(maps.Keys(e.Facts)) {
			facts = append(facts, [2]*ast.Term{stringTerm(name), factTerm(e.Facts[name])})
		}
		o.put("facts", ast.NewTerm(ast.NewObject(facts...)))
	}
	return o.term()
}

// factTerm takes the types that check lets pass.
func factTerm(v any) *ast.Term {
	switch v := v.(type) {
	case string:
		return stringTerm(v)
	case bool:
		return ast.InternedTerm(v)
	default:
		n, _ := wholeNumber(v)
		return ast.InternedTerm(n)
	}
}
