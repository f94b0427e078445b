package snapshot

import (
	"context"
	"fmt"
	"slices"

	"layak/eligibility"
	"layak/internal/area"
)

// Build makes the snapshot of a revision. progress, which may be nil, hears how many people are in.
func Build(ctx context.Context, source Source, revision int64, progress func(people int)) (*Snapshot, error) {
	s := empty(revision)
	covers := coversOf(ctx, source.RegistryOf(revision))
	var cards []uint64
	err := source.EachPerson(ctx, revision, func(p *eligibility.Person) error {
		standing, err := eligibility.StandingOf(*p, covers)
		if err != nil {
			return err
		}
		nik, ok := pack(string(p.NIK))
		if !ok || len(s.niks) > 0 && nik <= s.niks[len(s.niks)-1] {
			return fmt.Errorf("person %d of the registry is out of order", len(s.niks))
		}
		s.niks = append(s.niks, nik)
		cards = append(cards, cardOf(p))
		s.add(standing, p)
		if progress != nil && len(s.niks)%10_000 == 0 {
			progress(len(s.niks))
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("build snapshot of registry revision %d: %w", revision, err)
	}
	s.code(cards)
	return s.ready(), nil
}

// cardOf is the number of the card of a person and one more, so that 0 is left for who has none.
func cardOf(p *eligibility.Person) uint64 {
	if p.Resident == nil {
		return 0
	}
	kk, ok := pack(string(p.Resident.KK))
	if !ok {
		return 0
	}
	return kk + 1
}

// coversOf remembers what the registry answers about areas: villages are few, people are many.
func coversOf(ctx context.Context, r eligibility.Registry) func(area.Code) (eligibility.Coverage, bool, error) {
	type answer struct {
		eligibility.Coverage
		found bool
	}
	known := map[area.Code]answer{}
	return func(a area.Code) (eligibility.Coverage, bool, error) {
		if k, ok := known[a]; ok {
			return k.Coverage, k.found, nil
		}
		c, found, err := r.Covers(ctx, eligibility.Membership, a)
		if err == nil {
			known[a] = answer{c, found}
		}
		return c, found, err
	}
}

// add takes in the facts of the next person.
func (s *Snapshot) add(f eligibility.Standing, p *eligibility.Person) {
	t := func(path, v string) { s.byPath[path].text(v) }
	if r := f.Resident; r != nil {
		t(residentSource, r.Source)
		t(residentAsOf, r.AsOf)
		t("resident.sex", r.Sex)
		t("resident.birth_date", r.BirthDate)
		t("resident.village", r.Village)
		t("resident.district", r.District)
		t("resident.regency", r.Regency)
		t("resident.province", r.Province)
		t("resident.life_status", r.LifeStatus)
		t("resident.moved_in_on", r.MovedInOn)
		t("resident.relation", r.Relation)
		s.byPath[inLatest].add(*r.InLatest)
	}
	if w := f.Welfare; w != nil {
		t(welfareSource, w.Source)
		t("welfare.as_of", w.AsOf)
		s.byPath["welfare.desil"].add(*w.Desil)
	}
	if m := f.Membership; m != nil {
		t(memberSource, m.Source)
		t("membership.as_of", m.AsOf)
		t("membership.segment", m.Segment)
		t("membership.member_status", m.Status)
		t("membership.member_reason", m.Reason)
		t("membership.member_since", m.Since)
		t("membership.inactive_since", m.InactiveSince)
		t("membership.class", m.Class)
		s.byPath[listedMember].add(p.Membership != nil && !p.Membership.Gone)
	}
	for _, c := range s.columns { // what no group said
		if c.codes.len() < len(s.niks) {
			c.add(nil)
		}
	}
}

// code replaces the cards by their places in the list of all.
func (s *Snapshot) code(cards []uint64) {
	all := slices.Clone(cards)
	all = append(all, 0)
	slices.Sort(all)
	s.kks = slices.Clip(slices.Compact(all))
	place := make(map[uint64]uint32, len(s.kks))
	for i, kk := range s.kks {
		place[kk] = uint32(i)
	}
	s.cards = make([]uint32, len(cards))
	for i, kk := range cards {
		s.cards[i] = place[kk]
	}
}
