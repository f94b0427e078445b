package policy

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// ParamEdit is how one value of a parameter differs between sets of rules. A side is nil when it has no such value.
type ParamEdit struct {
	Name, ValidFrom, Title string
	Before, After          *Param
}

// Text says the newer side in Indonesian: "Umur SKTM …: 90 hari mulai 1 Jan 2027".
func (e ParamEdit) Text() string {
	if e.After == nil {
		return e.Title + ": " + e.Before.Text() + " mulai " + humanDay(e.ValidFrom) + " dihapus"
	}
	return e.Title + ": " + e.After.Text() + " mulai " + humanDay(e.ValidFrom)
}

// Text says the value as people do, with its unit unless it is a choice.
func (p Param) Text() string {
	if p.Label != "" {
		return p.Label
	}
	members, is := p.Value.(map[string]any)
	if !is {
		return fmt.Sprint(p.Value) + " " + p.Unit
	}
	var parts []string
	for _, key := range slices.Sorted(maps.Keys(members)) {
		parts = append(parts, key+" "+fmt.Sprint(members[key]))
	}
	return strings.Join(parts, ", ") + " (" + p.Unit + ")"
}

// IsParams tells whether a file of a bundle is the one that holds the parameters.
func IsParams(name string) bool { return name == paramsFile || name == oldParamsFile }

// ParamEdits lists the values that differ between two versions of data.json, in file order. An error when one of
// them cannot be read.
func ParamEdits(before, after []byte) ([]ParamEdit, error) {
	old, err := paramSides(before)
	if err != nil {
		return nil, err
	}
	fresh, err := paramSides(after)
	if err != nil {
		return nil, err
	}
	var out []ParamEdit
	for _, at := range fresh.with(old) {
		if x, y := old.raw[at], fresh.raw[at]; !sameText(x, y) {
			out = append(out, ParamEdit{at.name, at.day, fresh.title(old, at), old.value(at), fresh.value(at)})
		}
	}
	return out, nil
}

// ParamConflict is a value that two people changed in different ways. A side is nil when it took the value out.
type ParamConflict struct {
	Name, ValidFrom, Title string
	Base, Theirs, Ours     *Param
}

// Edit is what their side changed.
func (c ParamConflict) Edit() ParamEdit {
	return ParamEdit{c.Name, c.ValidFrom, c.Title, c.Base, c.Theirs}
}

// ErrParamsUnmerged says that two versions of data.json cannot be merged value by value: one of them does not read.
var ErrParamsUnmerged = errors.New("data.json cannot be merged by value")

// MergeParams joins two versions of data.json that went on from the same one, value by value: what counts is the
// name and the first day. Layout and order are those of theirs, and those of ours for what ours adds. Values that
// both changed are told; data holds ours for them, or theirs where takeTheirs says so.
func MergeParams(base, theirs, ours []byte, takeTheirs func(name, validFrom string) bool) (data []byte, conflicts []ParamConflict, err error) {
	b, errB := paramSides(base)
	t, errT := paramSides(theirs)
	o, errO := paramSides(ours)
	if errB != nil || errT != nil || errO != nil {
		return nil, nil, ErrParamsUnmerged
	}
	want := map[paramAt][]byte{}
	for _, at := range t.with(o).and(b) {
		was, their, our := b.raw[at], t.raw[at], o.raw[at]
		take := our
		switch {
		case sameText(was, our):
			take = their
		case !sameText(was, their) && !sameText(their, our):
			conflicts = append(conflicts, ParamConflict{at.name, at.day, t.title(o, at), b.value(at), t.value(at), o.value(at)})
			if takeTheirs(at.name, at.day) {
				take = their
			}
		}
		if take != nil {
			want[at] = take
		}
	}
	data, err = writeParams(theirs, ours, want)
	if err != nil {
		return nil, nil, fmt.Errorf("%w: %w", ErrParamsUnmerged, err)
	}
	return data, conflicts, nil
}

// paramAt is the place of a value: its name and its first day.
type paramAt struct{ name, day string }

// paramPlaces are places in the order of a file.
type paramPlaces []paramAt

// and adds the places of another file that are not there yet.
func (p paramPlaces) and(s paramSide) paramPlaces {
	for _, at := range s.order {
		if !slices.Contains(p, at) {
			p = append(p, at)
		}
	}
	return p
}

// paramSide is one version of data.json by place.
type paramSide struct {
	order  paramPlaces
	raw    map[paramAt][]byte
	values map[paramAt]Param
}

func (s paramSide) with(other paramSide) paramPlaces { return slices.Clone(s.order).and(other) }

func (s paramSide) value(at paramAt) *Param {
	p, there := s.values[at]
	if !there {
		return nil
	}
	return &p
}

// title is what people call the value, by this version or by the other.
func (s paramSide) title(other paramSide, at paramAt) string {
	if p := s.value(at); p != nil {
		return p.Title
	}
	return other.values[at].Title
}

// paramSides reads a version of data.json.
func paramSides(data []byte) (paramSide, error) {
	s := paramSide{raw: map[paramAt][]byte{}, values: map[paramAt]Param{}}
	all, err := parseParams(data)
	if err != nil {
		return s, err
	}
	spans, err := paramSpans(data)
	if err != nil {
		return s, err
	}
	for _, p := range all {
		at := paramAt{p.Name, p.ValidFrom}
		s.order = append(s.order, at)
		s.values[at] = p
		for _, span := range spans[p.Name] {
			if span.entry.ValidFrom == p.ValidFrom {
				s.raw[at] = data[span.from:span.to]
			}
		}
	}
	return s, nil
}

// sameText tells whether two values say the same, however they are written; nil is no value.
func sameText(a, b []byte) bool {
	if a == nil || b == nil {
		return a == nil && b == nil
	}
	return bytes.Equal(canonical(a), canonical(b))
}

// canonical writes a member of a readable file with sorted keys and without space.
func canonical(raw []byte) []byte {
	var v any
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	if dec.Decode(&v) != nil {
		return raw
	}
	out, err := json.Marshal(v)
	if err != nil {
		return raw
	}
	return out
}

// writeParams brings data.json to hold the wanted values and no others: text that need not move stays byte for
// byte; names that are not there yet come from the file that has them.
func writeParams(data, from []byte, want map[paramAt][]byte) ([]byte, error) {
	data, err := addMembers(data, from, want)
	if err != nil {
		return nil, err
	}
	for { // each pass writes one value, and finds everything anew
		next, err := oneParam(data, want)
		if err != nil {
			return nil, err
		}
		if next == nil {
			break
		}
		data = next
	}
	got, err := paramSides(data)
	if err != nil {
		return nil, err
	}
	if len(got.raw) != len(want) {
		return nil, fmt.Errorf("%d values instead of %d", len(got.raw), len(want))
	}
	return data, nil
}

// oneParam adds, takes out or replaces the first value that is not as wanted; nil when all are. It adds first: a
// list never gets empty on the way.
func oneParam(data []byte, want map[paramAt][]byte) ([]byte, error) {
	members, err := paramMembers(data)
	if err != nil {
		return nil, err
	}
	for m, member := range members {
		var wanted []string
		for at := range want {
			if at.name == member.name {
				wanted = append(wanted, at.day)
			}
		}
		if len(wanted) == 0 {
			return cutSpan(data, members, m, func(x paramMember) (int, int) { return x.from, x.to }), nil
		}
		slices.Sort(wanted)
		for _, day := range wanted {
			if !slices.ContainsFunc(member.values, func(x paramSpan) bool { return x.entry.ValidFrom == day }) {
				return addSpan(data, member.values, day, want[paramAt{member.name, day}]), nil
			}
		}
		for i, span := range member.values {
			raw, there := want[paramAt{member.name, span.entry.ValidFrom}]
			switch {
			case !there:
				return cutSpan(data, member.values, i, func(x paramSpan) (int, int) { return x.from, x.to }), nil
			case !sameText(raw, data[span.from:span.to]):
				return splice(data, span.from, span.to, raw), nil
			}
		}
	}
	return nil, nil
}

// cutSpan takes the span i of a list out, with the comma and the space that stood beside it.
func cutSpan[T any](data []byte, all []T, i int, bounds func(T) (int, int)) []byte {
	from, to := bounds(all[i])
	switch {
	case i+1 < len(all):
		to, _ = bounds(all[i+1])
	case i > 0:
		_, from = bounds(all[i-1])
	}
	return splice(data, from, to, nil)
}

// addSpan writes a value among others, the newest first.
func addSpan(data []byte, values []paramSpan, day string, raw []byte) []byte {
	for _, old := range values {
		if day > old.entry.ValidFrom {
			return splice(data, old.from, old.from, slices.Concat(raw, []byte{','}, gapBefore(data, old.from)))
		}
	}
	last := values[len(values)-1]
	return splice(data, last.to, last.to, slices.Concat([]byte{','}, gapBefore(data, last.from), raw))
}

// addMembers writes the wanted names that are missing, each behind the one that it follows in the other file.
func addMembers(data, from []byte, want map[paramAt][]byte) ([]byte, error) {
	source, err := paramMembers(from)
	if err != nil {
		return nil, err
	}
	wanted := map[string]bool{}
	for at := range want {
		wanted[at.name] = true
	}
	for i, m := range source {
		here, err := paramMembers(data)
		if err != nil {
			return nil, err
		}
		named := func(name string) int {
			return slices.IndexFunc(here, func(x paramMember) bool { return x.name == name })
		}
		if !wanted[m.name] || named(m.name) >= 0 {
			continue
		}
		if len(here) == 0 {
			return nil, errors.New("no parameter to stand beside")
		}
		text := from[m.from:m.to]
		if i == 0 || named(source[i-1].name) < 0 {
			last := here[len(here)-1]
			data = splice(data, last.to, last.to, slices.Concat([]byte{','}, gapBefore(data, last.from), text))
			continue
		}
		before := here[named(source[i-1].name)]
		data = splice(data, before.to, before.to, slices.Concat([]byte{','}, gapBefore(data, before.from), text))
	}
	return data, nil
}

// paramMember is where a parameter stands in data.json, with its values.
type paramMember struct {
	name     string
	from, to int // from its key to its closing bracket
	values   []paramSpan
}

// paramMembers finds the parameters in file order.
func paramMembers(data []byte) ([]paramMember, error) {
	dec := json.NewDecoder(bytes.NewReader(data))
	err := enter(dec, "params")
	if err != nil {
		return nil, err
	}
	spans, err := paramSpans(data)
	if err != nil {
		return nil, err
	}
	var out []paramMember
	for dec.More() {
		before := int(dec.InputOffset())
		name, err := dec.Token()
		if err != nil {
			return nil, err
		}
		var skip json.RawMessage
		err = dec.Decode(&skip)
		if err != nil {
			return nil, err
		}
		key := fmt.Sprint(name)
		from := before + bytes.IndexByte(data[before:], '"')
		out = append(out, paramMember{key, from, int(dec.InputOffset()), spans[key]})
	}
	return out, nil
}
