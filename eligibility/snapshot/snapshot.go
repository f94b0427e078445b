package snapshot

import (
	"cmp"
	"slices"
	"strconv"
	"sync"

	"layak/eligibility"
	"layak/policy"
)

// Snapshot is everybody of one revision of the registry. It is never changed after it was made and
// safe for many goroutines.
type Snapshot struct {
	Revision int64

	niks    []uint64 // in their order
	kks     []uint64 // every card once, its number and one more, in their order; kks[0] is 0, none
	cards   []uint32 // place in kks of each person
	columns []*column
	byPath  map[string]*column

	families func() *families
}

// The paths that a check reads, in the words of the rules. NIK and KK are not among them: they are
// not dictionary-coded.
const (
	residentSource = "resident.source"
	residentAsOf   = "resident.as_of"
	inLatest       = "resident.in_latest"
	welfareSource  = "welfare.source"
	memberSource   = "membership.source"
	listedMember   = "membership.listed" // whether the office lists him, beside who is "none" by coverage
)

var columnPaths = []string{
	residentSource, residentAsOf, "resident.sex", "resident.birth_date", "resident.village", "resident.district",
	"resident.regency", "resident.province", "resident.life_status", "resident.moved_in_on", "resident.relation", inLatest,
	welfareSource, "welfare.as_of", "welfare.desil",
	memberSource, "membership.as_of", "membership.segment", "membership.member_status", "membership.member_reason",
	"membership.member_since", "membership.inactive_since", "membership.class", listedMember,
}

func empty(revision int64) *Snapshot {
	s := &Snapshot{Revision: revision, kks: []uint64{0}, byPath: map[string]*column{}}
	for _, path := range columnPaths {
		s.put(newColumn(path))
	}
	return s
}

func (s *Snapshot) put(c *column) {
	s.columns = append(s.columns, c)
	s.byPath[c.path] = c
}

// ready is called once everybody is in.
func (s *Snapshot) ready() *Snapshot {
	s.families = sync.OnceValue(func() *families { return s.group() })
	for _, c := range s.columns {
		c.known = nil
	}
	return s
}

// Len is the number of people.
func (s *Snapshot) Len() int { return len(s.niks) }

// Bytes is the memory that it takes, without what is kept of households once a rule reads them.
func (s *Snapshot) Bytes() int64 {
	n := 8*int64(cap(s.niks)+cap(s.kks)) + 4*int64(cap(s.cards))
	for _, c := range s.columns {
		n += c.codes.bytes() + 40*int64(len(c.values))
	}
	return n
}

// NIK is the number of a person.
func (s *Snapshot) NIK(i int) eligibility.NIK { return eligibility.NIK(unpack(s.niks[i])) }

// Find gives the place of a NIK.
func (s *Snapshot) Find(nik eligibility.NIK) (i int, ok bool) {
	n, ok := pack(string(nik))
	if !ok {
		return 0, false
	}
	return slices.BinarySearch(s.niks, n)
}

// Listed tells whether some list of residents knows the person, be it an older one.
func (s *Snapshot) Listed(i int) bool { return s.byPath[residentSource].codes.at(i) != 0 }

// Carded tells whether a family card of the person is known.
func (s *Snapshot) Carded(i int) bool { return s.cards[i] != 0 }

// Card is the number of the family card of a person, "" when none is known.
func (s *Snapshot) Card(i int) string {
	if s.cards[i] == 0 {
		return ""
	}
	return unpack(s.kks[s.cards[i]] - 1)
}

// Paths lists the columns.
func Paths() []string { return slices.Clone(columnPaths) }

// Has tells whether the snapshot keeps a column of that path.
func (s *Snapshot) Has(path string) bool { return s.byPath[path] != nil }

// Values are the different values of a column; the first is nil, unknown. They may not be changed.
func (s *Snapshot) Values(path string) []any { return s.byPath[path].values }

// Code is the place in Values of the value that a person has.
func (s *Snapshot) Code(path string, i int) uint32 { return s.byPath[path].codes.at(i) }

// Counts tells how many people have each of Values. They may not be changed.
func (s *Snapshot) Counts(path string) []int { return s.byPath[path].counted() }

// Codes gives the code of a person in a column, as Code does, for those who ask about many.
func (s *Snapshot) Codes(path string) func(i int) uint32 {
	c := s.byPath[path]
	return c.codes.at
}

// Scan adds, for each person from from up to but not including to, of[Code] to out[i-from].
func (s *Snapshot) Scan(path string, of []uint64, from, to int, out []uint64) {
	s.byPath[path].codes.scan(of, from, to, out)
}

// Input gives the facts about a person on the frame of checks that are made by a NIK alone. The
// household is left out unless it is asked for: few rules read it.
func (s *Snapshot) Input(frame policy.Frame, i int, household bool) policy.Input {
	in := frame.Input()
	t := func(path string) string { return s.byPath[path].textOf(i) }
	if t(residentSource) != "" {
		in.Resident = &policy.Resident{
			Origin: policy.Origin{Source: t(residentSource), AsOf: t(residentAsOf)},
			NIK:    string(s.NIK(i)), Sex: t("resident.sex"), BirthDate: t("resident.birth_date"),
			Village: t("resident.village"), District: t("resident.district"), Regency: t("resident.regency"),
			Province: t("resident.province"), LifeStatus: t("resident.life_status"), MovedInOn: t("resident.moved_in_on"),
			Relation: t("resident.relation"),
		}
		if listed, ok := s.byPath[inLatest].of(i).(bool); ok {
			in.Resident.InLatest = &listed
		}
	}
	if t(welfareSource) != "" {
		in.Welfare = &policy.Welfare{Origin: policy.Origin{Source: t(welfareSource), AsOf: t("welfare.as_of")}, Desil: s.desil(i)}
	}
	if t(memberSource) != "" {
		in.Membership = &policy.Membership{
			Origin:  policy.Origin{Source: t(memberSource), AsOf: t("membership.as_of")},
			Segment: t("membership.segment"), Status: t("membership.member_status"), Reason: t("membership.member_reason"),
			Since: t("membership.member_since"), InactiveSince: t("membership.inactive_since"), Class: t("membership.class"),
		}
	}
	if household && in.Resident != nil && s.cards[i] != 0 {
		in.Household = s.household(i)
	}
	return in
}

func (s *Snapshot) desil(i int) *int {
	n, ok := s.byPath["welfare.desil"].of(i).(int)
	if !ok {
		return nil
	}
	return &n
}

func (s *Snapshot) household(i int) *policy.Household {
	h := &policy.Household{
		Origin: policy.Origin{Source: s.byPath[residentSource].textOf(i), AsOf: s.byPath[residentAsOf].textOf(i)},
		KK:     s.Card(i), Members: []policy.Member{},
	}
	for _, other := range s.families().of(s.cards[i]) {
		if int(other) != i {
			h.Members = append(h.Members, s.member(int(other)))
		}
	}
	return h
}

// member is a person as a member of somebody else's card.
func (s *Snapshot) member(i int) policy.Member {
	t := func(path string) string { return s.byPath[path].textOf(i) }
	m := policy.Member{
		Relation: t("resident.relation"), Sex: t("resident.sex"), BirthDate: t("resident.birth_date"),
		LifeStatus: t("resident.life_status"), Desil: s.desil(i),
	}
	if s.byPath[listedMember].of(i) == true {
		m.Segment, m.MemberStatus = t("membership.segment"), t("membership.member_status")
	}
	return m
}

// families are the people of each card whom the office still lists, in the order of Registry.Household.
type families struct {
	first  []uint32 // place in people where each card begins, by its place in kks
	people []uint32
}

func (f *families) of(card uint32) []uint32 { return f.people[f.first[card]:f.first[card+1]] }

// group sorts everybody by card. People without a card are in none.
func (s *Snapshot) group() *families {
	f := &families{first: make([]uint32, len(s.kks)+1)}
	listed := s.byPath[inLatest]
	counted := func(i int) bool { return s.cards[i] != 0 && listed.of(i) == true }
	for i, card := range s.cards {
		if counted(i) {
			f.first[card+1]++
		}
	}
	for card := range s.kks {
		f.first[card+1] += f.first[card]
	}
	f.people = make([]uint32, f.first[len(s.kks)])
	next := slices.Clone(f.first)
	for i, card := range s.cards {
		if counted(i) {
			f.people[next[card]] = uint32(i)
			next[card]++
		}
	}
	relation, born := s.byPath["resident.relation"], s.byPath["resident.birth_date"]
	last := func(i uint32) int {
		if relation.textOf(int(i)) == "head" {
			return 0
		}
		return 1
	}
	for card := range s.kks {
		slices.SortStableFunc(f.of(uint32(card)), func(a, b uint32) int {
			return cmp.Or(cmp.Compare(last(a), last(b)), cmp.Compare(born.textOf(int(a)), born.textOf(int(b))))
		})
	}
	return f
}

// pack turns the 16 digits of a NIK or KK into a number.
func pack(s string) (uint64, bool) {
	if len(s) != 16 {
		return 0, false
	}
	var n uint64
	for _, c := range []byte(s) {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + uint64(c-'0')
	}
	return n, true
}

func unpack(n uint64) string {
	s := strconv.FormatUint(n, 10)
	return "0000000000000000"[len(s):] + s
}
