package impact

import (
	"cmp"
	"slices"
	"strings"

	"layak/policy"
)

// report counts everybody by what becomes of his class.
func (r *run) report(out *Result) {
	path, why := r.rules.Path()
	out.Path, out.Why = string(path), why
	out.Memory = r.people.Bytes()
	out.Classes, out.Unlisted = len(r.classes.first), r.unlisted
	if out.Classes > r.people.Len()/2 && out.Classes > selfCheck {
		out.Path = "each"
	}
	sizes := make([]int, out.Classes)
	for _, c := range r.classes.of {
		sizes[c]++
	}
	moves := map[[2]policy.Outcome]int{}
	for c, n := range sizes {
		before, after := r.briefs[base][c], r.briefs[draft][c]
		out.Counts.add(r.groups[c], before, after, n)
		if after != nil && after.Outcome == policy.NeedsInformation {
			out.Unknown += n
		}
		if before != nil && before.Outcome == policy.AlreadyCovered {
			out.Covered += n
		}
		if before != nil && after != nil && before.Outcome != after.Outcome {
			moves[[2]policy.Outcome{before.Outcome, after.Outcome}] += n
		}
	}
	out.Moves = []Move{}
	for m, n := range moves {
		out.Moves = append(out.Moves, Move{m[0], m[1], n})
	}
	slices.SortFunc(out.Moves, func(a, b Move) int {
		return cmp.Or(b.People-a.People, cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To))
	})
	out.Refusals, out.Assessable = r.refusals(sizes), r.assessable()
	out.Dimensions = r.dimensions()
	out.Where = r.differences(sizes)
	out.Samples = r.samples()
	out.Profile = r.profile()
	out.Cost = r.cost(out.Counts, r.leaving(sizes))
}

// leaving counts those who are eligible no more, be it certain or not.
func (r *run) leaving(sizes []int) int {
	n := 0
	for c, size := range sizes {
		before, after := r.briefs[base][c], r.briefs[draft][c]
		if before != nil && after != nil && before.Outcome == policy.Eligible && after.Outcome != policy.Eligible {
			n += size
		}
	}
	return n
}

// dimensions cuts the counts. Classes with the same group and outcomes are one kind of change, of which
// there are few; each dimension is counted by kind in one pass.
func (r *run) dimensions() []Dimension {
	type kind struct {
		group         Group
		before, after bool
	}
	kinds := map[kind]uint32{}
	var list []int // a class of each kind
	of := make([]uint32, len(r.groups))
	for c, g := range r.groups {
		before, after := r.briefs[base][c], r.briefs[draft][c]
		k := kind{g, before != nil && before.Outcome == policy.Eligible, after != nil && after.Outcome == policy.Eligible}
		n, ok := kinds[k]
		if !ok {
			n = uint32(len(list))
			kinds[k] = n
			list = append(list, c)
		}
		of[c] = n
	}
	out := make([]Dimension, len(cuts))
	eachOf(len(cuts), func(d int) {
		cut := cuts[d]
		values := r.people.Values(cut.path)
		counts := make([]int, len(values)*len(list))
		codes := make([]uint64, 1<<14)
		width := make([]uint64, len(values))
		for v := range width {
			width[v] = uint64(v * len(list))
		}
		for from := 0; from < r.people.Len(); from += len(codes) {
			to := min(from+len(codes), r.people.Len())
			part := codes[:to-from]
			clear(part)
			r.people.Scan(cut.path, width, from, to, part)
			for i, c := range r.classes.of[from:to] {
				counts[part[i]+uint64(of[c])]++
			}
		}
		rows := map[string]*Row{}
		for v, value := range values {
			key, name := cut.name(value, r.frame)
			for k, c := range list {
				n := counts[v*len(list)+k]
				if n == 0 {
					continue
				}
				if rows[key] == nil {
					rows[key] = &Row{Value: key, Name: name}
				}
				rows[key].add(r.groups[c], r.briefs[base][c], r.briefs[draft][c], n)
			}
		}
		dim := Dimension{Key: cut.key, Title: cut.title, Rows: []Row{}}
		for _, row := range rows {
			dim.Rows = append(dim.Rows, *row)
		}
		slices.SortFunc(dim.Rows, func(a, b Row) int { return cmp.Or(cut.order(a.Value, b.Value), strings.Compare(a.Value, b.Value)) })
		out[d] = dim
	})
	return out
}

// maxSamples is how many residents of each group are shown.
const maxSamples = 10

// samples takes residents of each group that changes, spread over all.
func (r *run) samples() []Sample {
	out := []Sample{}
	found := map[Group][]int{}
	seen := map[Group]int{}
	for i, c := range r.classes.of {
		g := r.groups[c]
		if g == Same {
			continue
		}
		seen[g]++
		if len(found[g]) < maxSamples {
			found[g] = append(found[g], i)
		} else if k := r.random.IntN(seen[g]); k < maxSamples {
			found[g][k] = i
		}
	}
	for _, g := range Groups {
		slices.Sort(found[g])
		for _, i := range found[g] {
			out = append(out, r.sample(g, i))
		}
	}
	return out
}

func (r *run) sample(g Group, i int) Sample {
	text := func(path string) string {
		return textOf(r.people.Values(path)[r.people.Code(path, i)])
	}
	c := r.classes.of[i]
	s := Sample{Group: g, NIK: r.people.NIK(i).Masked(), Sex: text("resident.sex"),
		Age: ageBand(text("resident.birth_date"), r.frame.ServiceOn), Village: areaName(text("resident.village")),
		Desil: text("welfare.desil"), Segment: text("membership.segment")}
	s.From, s.To, s.Gone, s.New = between(r.briefs[base][c], r.briefs[draft][c])
	return s
}

// between tells the outcomes and the reasons that only one of the answers has.
func between(before, after *policy.Brief) (from, to policy.Outcome, gone, more []policy.Reason) {
	var b, a policy.Brief
	if before != nil {
		b = *before
	}
	if after != nil {
		a = *after
	}
	gone, more = []policy.Reason{}, []policy.Reason{}
	for _, x := range b.Reasons {
		if !slices.Contains(a.Reasons, x) {
			gone = append(gone, x)
		}
	}
	for _, x := range a.Reasons {
		if !slices.Contains(b.Reasons, x) {
			more = append(more, x)
		}
	}
	return b.Outcome, a.Outcome, gone, more
}
