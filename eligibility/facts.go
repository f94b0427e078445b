package eligibility

import (
	"context"
	"strconv"
	"time"

	"layak/internal/area"
	"layak/internal/auth"
	"layak/policy"
)

// gathered is what one check found before it is decided.
type gathered struct {
	input    policy.Input
	nik      NIK
	state    State
	warnings []string
}

// The two origins of a group of facts.
const (
	fromRegistry = "registry"
	fromDocument = "document"
)

// gather reads the registry for the subject and joins it with the papers seen.
func (c *Checker) gather(ctx context.Context, req Request, actor auth.Actor) (gathered, error) {
	g := gathered{input: policy.Input{
		At: req.At, ServiceOn: string(req.ServiceOn), Need: req.Need,
		Office: policy.Office{Regency: string(c.Home)}, Evidence: []policy.Evidence{},
	}}
	if req.AcceptsClass3 != nil || req.StillEmployed != nil {
		g.input.Statements = &policy.Statements{AcceptsClass3: req.AcceptsClass3, StillEmployed: req.StillEmployed}
	}
	for _, e := range req.Evidence {
		g.input.Evidence = append(g.input.Evidence, seen(e, req.toldAt(), actor.User))
	}
	var err error
	c, g.state, err = c.pinned(ctx)
	if err != nil {
		return g, err
	}
	switch {
	case req.Subject.Unknown:
		g.input.Subject = "unknown"
	case req.Subject.MotherNIK != "":
		g.input.Subject = "newborn"
		err = c.gatherNewborn(ctx, &g, req)
	case req.Subject.Name != "":
		err = c.gatherNamed(ctx, &g, req)
	default:
		g.input.Subject = "nik"
		g.nik = req.Subject.NIK
		err = c.gatherPerson(ctx, &g, req)
	}
	return g, err
}

// pinned is the checker with its registry held still, so that the facts of one check and the
// imports it names are of one moment, whatever is published meanwhile.
func (c *Checker) pinned(ctx context.Context) (*Checker, State, error) {
	p, ok := c.Registry.(Pinner)
	if !ok {
		state, err := c.Registry.State(ctx)
		return c, state, err
	}
	state, registry, err := p.Pin(ctx)
	still := *c
	still.Registry = registry
	return &still, state, err
}

// gatherNamed finds the one person of that name, birth date and village; when nobody or more than
// one person answers to them, the check goes on from the papers alone.
func (c *Checker) gatherNamed(ctx context.Context, g *gathered, req Request) error {
	g.input.Subject = "person"
	rows, err := c.Registry.NamesBorn(ctx, req.Subject.BirthDate)
	if err != nil {
		return err
	}
	var hit []NameRow
	for _, r := range rows {
		if r.Village == req.Subject.Village && NameKey(r.Name) == NameKey(req.Subject.Name) {
			hit = append(hit, r)
		}
	}
	if len(hit) != 1 {
		if len(hit) > 1 {
			g.warnings = append(g.warnings, "Lebih dari satu warga cocok dengan nama, tanggal lahir, dan desa itu. Gunakan NIK.")
		}
		c.fromPapers(g, req)
		return nil
	}
	g.nik = hit[0].NIK
	return c.gatherPerson(ctx, g, req)
}

func (c *Checker) gatherNewborn(ctx context.Context, g *gathered, req Request) error {
	mother, err := c.Registry.Person(ctx, req.Subject.MotherNIK)
	if err != nil {
		return err
	}
	m := &policy.Mother{NIK: string(mother.NIK)}
	m.Resident = residentFacts(mother.Resident)
	m.Welfare = welfareFacts(mother.Welfare)
	m.Membership, err = c.membershipFacts(ctx, mother, req)
	if err != nil {
		return err
	}
	c.motherFromPapers(m, req)
	g.warnings = append(g.warnings, motherWarnings(m)...)
	g.input.Mother = m
	g.input.Resident = &policy.Resident{
		Origin:    policy.Origin{Source: fromDocument, AsOf: string(DateOf(req.toldAt()))},
		BirthDate: string(req.Subject.BirthDate),
	}
	return nil
}

// motherWarnings tells what about the mother's NIK looks mistyped. It never refuses: offices have
// issued numbers with a wrong date or sex inside, and they are valid.
func motherWarnings(m *policy.Mother) []string {
	nik := NIK(m.NIK)
	var born Date
	sex := ""
	if m.Resident != nil {
		born, sex = Date(m.Resident.BirthDate), m.Resident.Sex
	}
	_, inside, ok := nik.Birth()
	switch {
	case !ok:
		return []string{"Tanggal lahir di dalam NIK ibu tidak mungkin. Lihat lagi angka di KTP ibu."}
	case sex == "L":
		return []string{"Pemilik NIK ibu tercatat laki-laki. Lihat lagi apakah NIK itu milik ibu."}
	case inside == "L":
		return []string{"Angka di dalam NIK ibu menunjukkan laki-laki. NIK tetap dipakai; lihat lagi angka di KTP ibu."}
	case !nik.Matches(born, sex):
		return []string{"Tanggal lahir di dalam NIK ibu berbeda dengan data. NIK tetap dipakai; lihat lagi angka di KTP ibu."}
	}
	return nil
}

// motherFromPapers fills what the registry does not say about the mother of a newborn: the papers
// at a birth (KK, KTP, BPJS screen) are hers.
func (c *Checker) motherFromPapers(m *policy.Mother, req Request) {
	if m.Resident == nil {
		m.Resident = residentOnPapers(req)
	}
	m.Welfare = newestWelfare(m.Welfare, req)
	m.Membership = newestMembership(m.Membership, req)
}

func (c *Checker) gatherPerson(ctx context.Context, g *gathered, req Request) error {
	p, err := c.Registry.Person(ctx, g.nik)
	if err != nil {
		return err
	}
	g.input.Resident = residentFacts(p.Resident)
	g.input.Welfare = welfareFacts(p.Welfare)
	g.input.Membership, err = c.membershipFacts(ctx, p, req)
	if err != nil {
		return err
	}
	if p.Resident != nil && p.Resident.KK != "" {
		g.input.Household, err = c.householdFacts(ctx, p)
		if err != nil {
			return err
		}
	}
	c.fromPapers(g, req)
	if r := g.input.Resident; r != nil && g.nik != "" && !g.nik.Matches(Date(r.BirthDate), r.Sex) {
		g.warnings = append(g.warnings, "Tanggal lahir atau jenis kelamin di dalam NIK berbeda dengan data. NIK tetap dipakai; periksa KTP.")
	} else if _, _, ok := g.nik.Birth(); !ok && g.nik != "" {
		g.warnings = append(g.warnings, "Tanggal lahir di dalam NIK tidak mungkin. Periksa lagi angka di KTP.")
	}
	return nil
}

// fromPapers joins the papers with what the registry gave: they fill a missing group, and the
// newer of two statements about welfare or membership counts.
func (c *Checker) fromPapers(g *gathered, req Request) {
	in := &g.input
	if in.Resident == nil {
		in.Resident = residentOnPapers(req)
	}
	if in.Resident != nil && in.Resident.BirthDate == "" && req.Subject.BirthDate != "" {
		in.Resident.BirthDate = string(req.Subject.BirthDate)
	}
	in.Welfare = newestWelfare(in.Welfare, req)
	in.Membership = newestMembership(in.Membership, req)
}

// residentOnPapers reads identity and address from the papers, the family card before the KTP
// before any other; nil when none carries such a fact.
func residentOnPapers(req Request) *policy.Resident {
	v := func(f Field) string {
		for _, kind := range []string{"kk", "ktp", "ikd", "suket", ""} {
			for _, e := range req.Evidence {
				if (kind == "" || e.Kind == kind) && e.Facts[f] != "" {
					return e.Facts[f]
				}
			}
		}
		return ""
	}
	r := &policy.Resident{
		NIK: v(FieldNIK), Sex: v(FieldSex), BirthDate: v(FieldBirthDate),
		Village: v(FieldVillage), District: v(FieldDistrict), Regency: v(FieldRegency), Province: v(FieldProvince),
		LifeStatus: v(FieldLifeStatus), MovedInOn: v(FieldMovedInOn), Relation: v(FieldRelation),
	}
	if *r == (policy.Resident{}) && req.Subject.BirthDate == "" {
		return nil
	}
	fillAreas(r)
	r.Origin = policy.Origin{Source: fromDocument, AsOf: string(DateOf(req.toldAt()))}
	return r
}

// fillAreas derives the wider areas from the narrowest one known.
func fillAreas(r *policy.Resident) {
	for _, p := range []struct{ from, to *string }{
		{&r.Village, &r.District}, {&r.District, &r.Regency}, {&r.Regency, &r.Province},
	} {
		if *p.to == "" && *p.from != "" {
			*p.to = string(area.Code(*p.from).Parent())
		}
	}
}

func newestWelfare(w *policy.Welfare, req Request) *policy.Welfare {
	for _, e := range req.Evidence {
		n, err := strconv.Atoi(e.Facts[FieldDesil])
		if err != nil {
			continue
		}
		on := e.dateSeen(req.toldAt())
		if w == nil || w.AsOf <= on {
			w = &policy.Welfare{Origin: policy.Origin{Source: fromDocument, AsOf: on}, Desil: &n}
		}
	}
	return w
}

// newestMembership takes the newer of registry row and what the officer saw on the BPJS screen; the
// older one stays visible to the rules as Superseded. What the newer one does not say (a screen
// that shows the status only) is taken from the older.
func newestMembership(m *policy.Membership, req Request) *policy.Membership {
	for _, e := range req.Evidence {
		shown := &policy.Membership{
			Origin:  policy.Origin{Source: fromDocument, AsOf: e.dateSeen(req.toldAt())},
			Segment: e.Facts[FieldSegment], Status: e.Facts[FieldMemberStatus],
			Reason: e.Facts[FieldMemberReason], Since: e.Facts[FieldMemberSince],
			InactiveSince: e.Facts[FieldInactiveSince], Class: e.Facts[FieldClass],
		}
		if shown.Segment == "" && shown.Status == "" {
			continue
		}
		if m == nil {
			m = shown
			continue
		}
		older, newer := m, shown
		if shown.AsOf < m.AsOf {
			older, newer = shown, m
		}
		newer.Superseded = &policy.Membership{}
		*newer.Superseded = *older
		newer.Superseded.Superseded = nil
		if newer.Segment == "" {
			newer.Segment = older.Segment
		}
		if newer.Status == older.Status && newer.Segment == older.Segment {
			newer.Reason = either(newer.Reason, older.Reason)
			newer.Since = either(newer.Since, older.Since)
			newer.InactiveSince = either(newer.InactiveSince, older.InactiveSince)
			newer.Class = either(newer.Class, older.Class)
		}
		m = newer
	}
	return m
}

func either(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// dateSeen is the day a paper speaks for: a live screen its own date if given, else the day of the
// check.
func (e Evidence) dateSeen(at time.Time) string {
	if e.IssuedOn != "" {
		return string(e.IssuedOn)
	}
	return string(DateOf(at))
}

func residentFacts(r *Resident) *policy.Resident {
	if r == nil {
		return nil
	}
	listed := !r.Gone
	out := &policy.Resident{
		Origin: policy.Origin{Source: fromRegistry, AsOf: string(r.AsOf)},
		NIK:    string(r.NIK), Sex: r.Sex, BirthDate: string(r.BirthDate),
		Village: string(r.Village), District: string(r.District), Regency: string(r.Regency), Province: string(r.Province),
		LifeStatus: r.LifeStatus, MovedInOn: string(r.MovedInOn), Relation: r.Relation, InLatest: &listed,
	}
	fillAreas(out)
	return out
}

func welfareFacts(w *WelfareRow) *policy.Welfare {
	if w == nil || w.Gone || w.Desil == 0 {
		return nil
	}
	desil := w.Desil
	return &policy.Welfare{Origin: policy.Origin{Source: fromRegistry, AsOf: string(w.AsOf)}, Desil: &desil}
}

// membershipFacts gives the registry's membership, see membershipOf; where nobody is registered the
// papers say where the person lives.
func (c *Checker) membershipFacts(ctx context.Context, p Person, req Request) (*policy.Membership, error) {
	where := homeArea(residentFacts(p.Resident))
	if where == "" {
		where = homeArea(residentOnPapers(req))
	}
	return membershipOf(p, where, func(a area.Code) (Coverage, bool, error) { return c.Registry.Covers(ctx, Membership, a) })
}

// membershipOf gives the registry's membership; "none" when a published snapshot covers the area
// where the person lives and does not list him. It is nil (unknown) when no snapshot does, and when
// nobody knows where he lives: the list of one regency says nothing about people of another.
func membershipOf(p Person, where area.Code, covers func(area.Code) (Coverage, bool, error)) (*policy.Membership, error) {
	if m := p.Membership; m != nil && !m.Gone {
		return &policy.Membership{
			Origin:  policy.Origin{Source: fromRegistry, AsOf: string(m.AsOf)},
			Segment: m.Segment, Status: m.Status, Reason: m.Reason,
			Since: string(m.Since), InactiveSince: string(m.InactiveSince), Class: m.Class,
		}, nil
	}
	if where == "" {
		return nil, nil
	}
	cover, ok, err := covers(where)
	if err != nil || !ok {
		return nil, err
	}
	return &policy.Membership{
		Origin:  policy.Origin{Source: fromRegistry, AsOf: string(cover.AsOf)},
		Segment: "none",
	}, nil
}

// homeArea is the narrowest area, down from the regency, where somebody is known to live; "" when
// none is.
func homeArea(r *policy.Resident) area.Code {
	if r == nil {
		return ""
	}
	return area.Code(either(r.Village, either(r.District, r.Regency)))
}

// householdFacts describes the other members of the card of a person who has one.
func (c *Checker) householdFacts(ctx context.Context, p Person) (*policy.Household, error) {
	people, err := c.Registry.Household(ctx, p.Resident.KK)
	if err != nil {
		return nil, err
	}
	h := &policy.Household{
		Origin: policy.Origin{Source: fromRegistry, AsOf: string(p.Resident.AsOf)},
		KK:     string(p.Resident.KK), Members: []policy.Member{},
	}
	for _, other := range people {
		if other.NIK == p.NIK || other.Resident == nil {
			continue
		}
		h.Members = append(h.Members, memberFacts(other))
	}
	return h, nil
}

// memberFacts describes a member of somebody else's card, without name or number: no rule needs to
// know who it is.
func memberFacts(p Person) policy.Member {
	r := p.Resident
	m := policy.Member{Relation: r.Relation, Sex: r.Sex, BirthDate: string(r.BirthDate), LifeStatus: r.LifeStatus}
	if w := welfareFacts(p.Welfare); w != nil {
		m.Desil = w.Desil
	}
	if j := p.Membership; j != nil && !j.Gone {
		m.Segment, m.MemberStatus = j.Segment, j.Status
	}
	return m
}

// seen turns a paper into what the rules read.
func seen(e Evidence, at time.Time, by string) policy.Evidence {
	out := policy.Evidence{
		Kind: e.Kind, Issuer: e.Issuer, Number: e.Number, IssuedOn: string(e.IssuedOn),
		SeenAt: at.Format(time.RFC3339), SeenBy: by,
	}
	if len(e.Facts) == 0 {
		return out
	}
	out.Facts = make(map[string]any, len(e.Facts))
	for f, v := range e.Facts {
		if Specs[f].Type == TypeInt {
			n, err := strconv.Atoi(v)
			if err == nil {
				out.Facts[f.String()] = n
			}
			continue
		}
		out.Facts[f.String()] = v
	}
	return out
}
