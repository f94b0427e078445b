package impact

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"layak/eligibility"
	"layak/eligibility/snapshot"
	"layak/internal/area"
	"layak/internal/audit"
	"layak/policy"
)

// office is a registry in memory with people made up as registries hold them.
type office struct {
	people []eligibility.Person
	byNIK  map[eligibility.NIK]int
	cards  map[eligibility.KK][]eligibility.Person
	now    time.Time
}

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, eligibility.WIB)

func newOffice(seed uint64, n int) *office {
	o := &office{byNIK: map[eligibility.NIK]int{}, cards: map[eligibility.KK][]eligibility.Person{}, now: noon}
	r := rand.New(rand.NewPCG(seed, 2))
	for i := range n {
		p := someone(r, i, n)
		o.people = append(o.people, p)
		o.byNIK[p.NIK] = i
	}
	for _, p := range o.people {
		if p.Resident != nil && p.Resident.KK != "" && !p.Resident.Gone {
			o.cards[p.Resident.KK] = append(o.cards[p.Resident.KK], p)
		}
	}
	for _, list := range o.cards {
		slices.SortStableFunc(list, func(a, b eligibility.Person) int {
			return cmp.Or(cmp.Compare(btoi(a.Resident.Relation != "head"), btoi(b.Resident.Relation != "head")),
				cmp.Compare(a.Resident.BirthDate, b.Resident.BirthDate), cmp.Compare(a.NIK, b.NIK))
		})
	}
	return o
}

// someone has facts of all kinds, some absent, some odd.
func someone(r *rand.Rand, i, n int) eligibility.Person {
	pick := func(values ...string) string { return values[r.IntN(len(values))] }
	day := func(days int) eligibility.Date {
		if r.IntN(9) == 0 {
			return ""
		}
		return eligibility.DateOf(noon.AddDate(0, 0, 20-r.IntN(days)))
	}
	from := func() eligibility.Provenance {
		return eligibility.Provenance{AsOf: eligibility.Date(pick("2026-11-01", "2026-03-01", "2025-01-01")), Gone: r.IntN(12) == 0}
	}
	p := eligibility.Person{NIK: eligibility.NIK(fmt.Sprintf("35091901%08d", i))}
	if r.IntN(30) > 0 {
		p.Resident = &eligibility.Resident{Provenance: from(), NIK: p.NIK, Sex: pick("L", "P", "P", ""), BirthDate: day(30000),
			Relation: pick("head", "wife", "child", "child", ""), LifeStatus: pick("alive", "alive", "alive", "alive", "deceased", "moved_out", ""),
			MovedInOn: eligibility.Date(pick("", "", "2026-05-01", "2012-02-29"))}
		if r.IntN(10) > 0 {
			p.Resident.KK = eligibility.KK(fmt.Sprintf("35091901%08d", r.IntN(n/3+1)))
		}
		switch r.IntN(8) {
		case 0:
		case 1:
			p.Resident.Village = "35.11.01.1001"
		case 2:
			p.Resident.Regency = "35.09"
		default:
			p.Resident.Village = area.Code(pick("35.09.19.1001", "35.09.19.1002", "35.09.20.1001"))
		}
	}
	if r.IntN(5) > 0 {
		p.Welfare = &eligibility.WelfareRow{Provenance: from(), Desil: r.IntN(11)}
	}
	if r.IntN(5) > 1 {
		p.Membership = &eligibility.MembershipRow{Provenance: from(), Segment: pick(append(policy.Codes("segment"), "")...),
			Status: pick(append(policy.Codes("member_status"), "")...), Reason: pick(append(policy.Codes("member_reason"), "", "")...),
			Since: day(3000), InactiveSince: day(1000), Class: pick("1", "2", "3", "")}
	}
	return p
}

func (o *office) State(context.Context) (eligibility.State, error) { return eligibility.State{}, nil }

func (o *office) Person(_ context.Context, nik eligibility.NIK) (eligibility.Person, error) {
	i, ok := o.byNIK[nik]
	if !ok {
		return eligibility.Person{NIK: nik}, nil
	}
	return o.people[i], nil
}

func (o *office) Household(_ context.Context, kk eligibility.KK) ([]eligibility.Person, error) {
	return o.cards[kk], nil
}

func (o *office) People(ctx context.Context, niks []eligibility.NIK) (map[eligibility.NIK]eligibility.Person, error) {
	out := map[eligibility.NIK]eligibility.Person{}
	for _, nik := range niks {
		out[nik], _ = o.Person(ctx, nik)
	}
	return out, nil
}

func (o *office) Households(_ context.Context, kks []eligibility.KK) (map[eligibility.KK][]eligibility.Person, error) {
	out := map[eligibility.KK][]eligibility.Person{}
	for _, kk := range kks {
		out[kk] = o.cards[kk]
	}
	return out, nil
}

func (o *office) Covers(_ context.Context, _ eligibility.Kind, a area.Code) (eligibility.Coverage, bool, error) {
	return eligibility.Coverage{AsOf: "2026-11-10"}, a.Contains("35.09.19.1001") || area.Code("35.09.19").Contains(a), nil
}

func (o *office) Names(context.Context, area.Code) ([]eligibility.NameRow, error) { return nil, nil }

func (o *office) NamesBorn(context.Context, eligibility.Date) ([]eligibility.NameRow, error) {
	return nil, nil
}

// The office as the store of snapshots: nothing is stored, it is always made.

func (o *office) RegistryRevision(context.Context) (int64, error) {
	return int64(min(1, len(o.people))), nil
}
func (o *office) RegistryOf(int64) eligibility.Crowd { return o }

func (o *office) EachPerson(_ context.Context, _ int64, yield func(*eligibility.Person) error) error {
	for i := range o.people {
		if err := yield(&o.people[i]); err != nil {
			return err
		}
	}
	return nil
}

func (o *office) SaveSnapshot(_ context.Context, _ snapshot.Head, next func() ([]byte, error), _ audit.Entry) error {
	for {
		part, err := next()
		if err != nil || part == nil {
			return err
		}
	}
}

func (o *office) SnapshotHead(context.Context) (snapshot.Head, bool, error) {
	return snapshot.Head{}, false, nil
}

func (o *office) SnapshotPart(context.Context, string, int) ([]byte, error) {
	return nil, errors.New("nothing is stored")
}

func (o *office) LockSnapshot(context.Context) (func(), error) { return func() {}, nil }

func (o *office) preview(open Opener) *Preview {
	clock := func() time.Time { return o.now }
	return &Preview{Keeper: &snapshot.Keeper{Store: o, Clock: clock}, Open: open, Clock: clock,
		Checker: &eligibility.Checker{Registry: o, Home: "35.09", Clock: clock}}
}
