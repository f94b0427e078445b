package eligibility

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"layak/policy"
)

// Change is how the answer about one person moved between two determinations, and why.
type Change struct {
	From, To policy.Outcome
	// Gone and New are codes of findings that stood in the way before and do not now, and the
	// other way round.
	Gone, New []string
	Causes    []Cause
}

// Cause is one thing that turned the answer: a group of data, the rules, or the passing of time.
type Cause struct {
	Kind string // one of the Cause constants
	Text string // Indonesian sentence without a name or number of a person
}

// What can turn an answer. The first three are those of the registry files.
const (
	CauseResidents  = string(Residents)
	CauseWelfare    = string(Welfares)
	CauseMembership = string(Membership)
	CauseHousehold  = "household" // the family card
	CauseMother     = "mother"
	CauseRules      = "rules"
	CauseTime       = "time"
)

// Why writes the causes as one text.
func (c Change) Why() string {
	var all []string
	for _, cause := range c.Causes {
		all = append(all, cause.Text)
	}
	return strings.Join(all, " ")
}

// Compare tells what changed between a determination and its repeat, and finds out what turned the
// answer by deciding again with one thing as it was. number gives the number of a rule revision by
// its hash, 0 when it is not known.
func (c *Checker) Compare(ctx context.Context, old, made Determination, number func(hash string) int) (Change, error) {
	return c.compare(ctx, old, made, number, nil)
}

// compare asks alike for the outcomes by the rules of made, if it is not nil.
func (c *Checker) compare(ctx context.Context, old, made Determination, number func(hash string) int, alike *policy.Alike) (Change, error) {
	ch := Change{From: old.Outcome, To: made.Outcome}
	before, after := obstacles(old.Decision), obstacles(made.Decision)
	ch.Gone, ch.New = without(before, after), without(after, before)
	if old.Outcome == made.Outcome {
		return ch, nil
	}
	rules, err := c.Book.Revision(ctx, made.Revision)
	if err != nil {
		return ch, err
	}
	if old.Revision != made.Revision {
		by, err := rules.Decide(ctx, old.Facts)
		if err != nil {
			return ch, fmt.Errorf("compare %s with %s: %w", old.ID, made.ID, err)
		}
		if by.Outcome != old.Outcome {
			ch.Causes = append(ch.Causes, Cause{CauseRules, rulesText(old.Decision, by, number(old.Revision), number(made.Revision))})
		}
		if by.Outcome == made.Outcome {
			return ch, nil
		}
	}
	outcome := func(in policy.Input) (policy.Outcome, error) {
		if alike != nil && alike.Of() == made.Revision {
			b, err := alike.Brief(ctx, in)
			return b.Outcome, err
		}
		d, err := rules.Decide(ctx, in)
		return d.Outcome, err
	}
	data, err := dataCauses(outcome, old.Facts, made)
	if err != nil {
		return ch, fmt.Errorf("compare %s with %s: %w", old.ID, made.ID, err)
	}
	ch.Causes = append(ch.Causes, data...)
	if len(ch.Causes) == 0 {
		ch.Causes = []Cause{{CauseTime, "Waktu berjalan: batas hari di dalam aturan (misalnya umur surat atau masa tunggu) kini terlewati."}}
	}
	return ch, nil
}

// obstacles are the codes of what stands between the person and a yes, each once.
func obstacles(d policy.Decision) []string {
	var codes []string
	for _, f := range d.Findings {
		if (f.Verdict == policy.NotMet || f.Verdict == policy.Unknown) && !slices.Contains(codes, f.Code) {
			codes = append(codes, f.Code)
		}
	}
	return codes
}

func without(all, gone []string) []string {
	return slices.DeleteFunc(slices.Clone(all), func(s string) bool { return slices.Contains(gone, s) })
}

// part is one group of facts that comes from one file.
type part struct {
	kind    string
	differs func(a, b policy.Input) bool
	put     func(into *policy.Input, from policy.Input)
	tell    func(a, b policy.Input) string
}

var parts = []part{
	{CauseMembership, func(a, b policy.Input) bool { return !reflect.DeepEqual(a.Membership, b.Membership) },
		func(into *policy.Input, from policy.Input) { into.Membership = from.Membership },
		func(a, b policy.Input) string { return membershipText(a.Membership, b.Membership) }},
	{CauseResidents, func(a, b policy.Input) bool { return !reflect.DeepEqual(a.Resident, b.Resident) },
		func(into *policy.Input, from policy.Input) { into.Resident = from.Resident },
		func(a, b policy.Input) string { return residentText(a.Resident, b.Resident, b.Office.Regency) }},
	{CauseHousehold, func(a, b policy.Input) bool { return !reflect.DeepEqual(a.Household, b.Household) },
		func(into *policy.Input, from policy.Input) { into.Household = from.Household },
		func(a, b policy.Input) string { return householdText(a.Household, b.Household) }},
	{CauseWelfare, func(a, b policy.Input) bool { return !reflect.DeepEqual(a.Welfare, b.Welfare) },
		func(into *policy.Input, from policy.Input) { into.Welfare = from.Welfare },
		func(a, b policy.Input) string { return welfareText(a.Welfare, b.Welfare) }},
	{CauseMother, func(a, b policy.Input) bool { return !reflect.DeepEqual(a.Mother, b.Mother) },
		func(into *policy.Input, from policy.Input) { into.Mother = from.Mother },
		func(a, b policy.Input) string { return motherText(a.Mother, b.Mother, b.Office.Regency) }},
}

// dataCauses are the groups without whose change the answer would not be the new one; when only
// several together turned it, all that changed.
func dataCauses(outcome func(policy.Input) (policy.Outcome, error), old policy.Input, made Determination) ([]Cause, error) {
	var alone, changed []Cause
	for _, p := range parts {
		if !p.differs(old, made.Facts) {
			continue
		}
		cause := Cause{p.kind, p.tell(old, made.Facts)}
		changed = append(changed, cause)
		as := made.Facts
		p.put(&as, old)
		came, err := outcome(as)
		if err != nil {
			return nil, err
		}
		if came != made.Outcome {
			alone = append(alone, cause)
		}
	}
	if len(alone) > 0 {
		return alone, nil
	}
	// Nothing of the data was needed: time did it, unless the answer hangs on several groups.
	as := made.Facts
	for _, p := range parts {
		p.put(&as, old)
	}
	came, err := outcome(as)
	if err != nil || came == made.Outcome {
		return nil, err
	}
	return changed, nil
}

func membershipText(a, b *policy.Membership) string {
	switch {
	case b == nil:
		return "Data BPJS yang dimuat tidak lagi mencakup warga ini."
	case b.Segment == "none" && (a == nil || a.Segment != "none"):
		return dataOf("BPJS", b.Origin) + " tidak mencatat warga ini sebagai peserta JKN."
	case (a == nil || a.Segment == "none") && b.Segment != "none":
		return dataOf("BPJS", b.Origin) + " mencatat kepesertaan baru" + memberWords(b) + "."
	case a.Segment != b.Segment:
		return dataOf("BPJS", b.Origin) + " mencatat perpindahan segmen" + memberWords(b) + "."
	case a.Status != b.Status:
		return dataOf("BPJS", b.Origin) + " mencatat status JKN kini " + memberStatus[b.Status] + "."
	case a.AsOf != b.AsOf && a.Since == b.Since && a.InactiveSince == b.InactiveSince && a.Reason == b.Reason:
		return dataOf("BPJS", b.Origin) + " menegaskan catatan yang sama; catatan yang dipakai dulu sudah lama."
	}
	return dataOf("BPJS", b.Origin) + " memperbarui tanggal atau sebab nonaktif JKN."
}

var (
	memberStatus = map[string]string{"": "belum tercatat", "active": "aktif", "inactive": "nonaktif", "suspended": "ditangguhkan"}
	segmentNames = map[string]string{"pbi_jk": "PBI-JK", "pemda": "dibayar Pemda", "ppu": "pekerja", "mandiri": "mandiri", "bp": "bukan pekerja"}
)

// memberWords is " (mandiri, aktif)" as far as it is known.
func memberWords(m *policy.Membership) string {
	var known []string
	if s := segmentNames[m.Segment]; s != "" {
		known = append(known, s)
	}
	if m.Status != "" {
		known = append(known, memberStatus[m.Status])
	}
	if len(known) == 0 {
		return ""
	}
	return " (" + strings.Join(known, ", ") + ")"
}

func residentText(a, b *policy.Resident, here string) string {
	switch {
	case b == nil:
		return "Data Dukcapil yang dimuat tidak lagi mencatat warga ini."
	case a == nil || a.Source == fromDocument && b.Source == fromRegistry:
		return dataOf("Dukcapil", b.Origin) + " sudah mencatat warga ini."
	case a.LifeStatus != b.LifeStatus:
		return dataOf("Dukcapil", b.Origin) + " memperbarui status penduduk warga ini (" + lifeNames[b.LifeStatus] + ")."
	case a.Regency != b.Regency && b.Regency == here:
		return dataOf("Dukcapil", b.Origin) + " kini mencatat warga ini pindah ke sini."
	case a.Regency != b.Regency:
		return dataOf("Dukcapil", b.Origin) + " kini mencatat warga ini di kabupaten/kota lain."
	case a.Village != b.Village:
		return dataOf("Dukcapil", b.Origin) + " mencatat alamat baru."
	case !sameListing(a.InLatest, b.InLatest) && b.InLatest != nil && *b.InLatest:
		return dataOf("Dukcapil", b.Origin) + " kembali mencatat warga ini."
	case !sameListing(a.InLatest, b.InLatest):
		return dataOf("Dukcapil", b.Origin) + " tidak lagi mencatat warga ini."
	case a.Relation != b.Relation:
		return dataOf("Dukcapil", b.Origin) + " mencatat hubungan keluarga yang berubah di KK."
	case a.BirthDate != b.BirthDate || a.Sex != b.Sex:
		return dataOf("Dukcapil", b.Origin) + " membetulkan tanggal lahir atau jenis kelamin."
	}
	return dataOf("Dukcapil", b.Origin) + " memperbarui data warga ini."
}

var lifeNames = map[string]string{"": "belum tercatat", "unknown": "belum jelas", "alive": "hidup", "deceased": "meninggal", "moved_out": "pindah keluar", "lost": "hilang"}

func sameListing(a, b *bool) bool { return (a == nil || *a) == (b == nil || *b) }

func householdText(a, b *policy.Household) string {
	switch {
	case b == nil:
		return "KK warga ini tidak lagi tercatat di data Dukcapil."
	case a == nil:
		return "KK warga ini sudah tercatat di data Dukcapil" + perDay(b.Origin) + "."
	case a.KK != b.KK:
		return "Warga ini pindah KK menurut data Dukcapil" + perDay(b.Origin) + "."
	case len(a.Members) != len(b.Members):
		return "Anggota KK berubah menurut data Dukcapil" + perDay(b.Origin) + "."
	}
	return "Data anggota KK berubah" + perDay(b.Origin) + "."
}

func welfareText(a, b *policy.Welfare) string {
	switch {
	case b == nil || b.Desil == nil:
		return "Desil warga ini tidak lagi tercatat di DTSEN."
	case a == nil || a.Desil == nil:
		return dataOf("DTSEN", b.Origin) + " sudah mencatat desil warga ini."
	case *a.Desil != *b.Desil:
		return dataOf("DTSEN", b.Origin) + " mencatat desil yang berubah."
	}
	return dataOf("DTSEN", b.Origin) + " menegaskan desil yang sama; data yang dipakai dulu sudah lama."
}

func motherText(a, b *policy.Mother, here string) string {
	if a == nil || b == nil {
		return "Data ibu berubah."
	}
	switch {
	case !reflect.DeepEqual(a.Membership, b.Membership):
		return "Ibu: " + membershipText(a.Membership, b.Membership)
	case !reflect.DeepEqual(a.Resident, b.Resident):
		return "Ibu: " + residentText(a.Resident, b.Resident, here)
	}
	return "Ibu: " + welfareText(a.Welfare, b.Welfare)
}

// rulesText names the versions and what of them answered differently on the facts of then.
func rulesText(old, by policy.Decision, from, to int) string {
	out := "Aturan berubah"
	if from > 0 && to > 0 {
		out = "Aturan versi " + strconv.Itoa(to) + " menggantikan versi " + strconv.Itoa(from)
	}
	var items []string
	for _, f := range by.Findings {
		i := slices.IndexFunc(old.Findings, func(o policy.Finding) bool { return o.Title == f.Title })
		if i < 0 && (f.Verdict == policy.NotMet || f.Verdict == policy.Unknown) {
			items = append(items, "syarat baru “"+f.Title+"”")
			continue
		}
		if i < 0 || old.Findings[i].Verdict == f.Verdict {
			continue
		}
		item := "syarat “" + f.Title + "”"
		if was := old.Findings[i].Limit; was != f.Limit && was != "" && f.Limit != "" {
			item += " dari " + was + " menjadi " + f.Limit
		}
		items = append(items, item)
	}
	for _, o := range old.Findings {
		stood := o.Verdict == policy.NotMet || o.Verdict == policy.Unknown
		if stood && !slices.ContainsFunc(by.Findings, func(f policy.Finding) bool { return f.Title == o.Title }) {
			items = append(items, "syarat “"+o.Title+"” tidak lagi menghalangi")
		}
	}
	if len(items) == 0 {
		return out + "."
	}
	return out + ": " + strings.Join(items, "; ") + "."
}

// dataOf is "Data BPJS per 1 Des 2026"; for what was read off a paper "BPJS menurut berkas".
func dataOf(office string, o policy.Origin) string {
	if o.Source == fromDocument {
		return office + " menurut berkas" + perDay(o)
	}
	return "Data " + office + perDay(o)
}

func perDay(o policy.Origin) string {
	day := Date(o.AsOf)
	if day.Time().IsZero() {
		return ""
	}
	return " per " + day.Words()
}
