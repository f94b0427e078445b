package impact

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"
)

// maxDifferences is how many ways of differing are told, the most frequent ones.
const maxDifferences = 20

// differences joins the classes that differ in the same way, and says what their people have in common.
func (r *run) differences(sizes []int) []Difference {
	byWay := map[string]*Difference{}
	ways := make([]string, len(sizes))
	for c, n := range sizes {
		if r.groups[c] == Same {
			continue
		}
		d := Difference{Group: r.groups[c]}
		d.From, d.To, d.Gone, d.New = between(r.briefs[base][c], r.briefs[draft][c])
		key, err := json.Marshal(d)
		if err != nil {
			continue // texts and lists of texts can be written
		}
		ways[c] = string(key)
		if byWay[ways[c]] == nil {
			byWay[ways[c]] = &d
		}
		byWay[ways[c]].People += n
		byWay[ways[c]].Classes++
	}
	list := make([]string, 0, len(byWay))
	for key := range byWay {
		list = append(list, key)
	}
	slices.SortFunc(list, func(a, b string) int { return cmp.Or(byWay[b].People-byWay[a].People, strings.Compare(a, b)) })
	list = list[:min(len(list), maxDifferences)]
	r.witness(list, ways, byWay)
	out := make([]Difference, len(list))
	for i, key := range list {
		out[i] = *byWay[key]
	}
	return out
}

// witness looks at the values of everybody who differs.
func (r *run) witness(list, ways []string, byWay map[string]*Difference) {
	place := make([]int, len(ways)) // of the way in list, and one more
	for c, way := range ways {
		if way != "" {
			place[c] = 1 + slices.Index(list, way)
		}
	}
	var who []int // everybody who differs
	for i, c := range r.classes.of {
		if place[c] > 0 {
			who = append(who, i)
		}
	}
	for _, path := range r.columnsRead() {
		values, all := r.people.Values(path), r.people.Counts(path)
		seen := make([][]bool, len(list))
		for i := range seen {
			seen[i] = make([]bool, len(values))
		}
		code := r.people.Codes(path)
		for _, i := range who {
			seen[place[r.classes.of[i]]-1][code(i)] = true
		}
		for i, way := range list {
			if w, tells := where(path, values, all, seen[i]); tells {
				byWay[way].Where = append(byWay[way].Where, w)
			}
		}
	}
}

// fewValues is how many values are named one by one.
const fewValues = 6

// where says which of all values of a column some people have; it tells nothing when they have all.
func where(path string, values []any, all []int, seen []bool) (w Where, tells bool) {
	var has []string
	for code, v := range values {
		if all[code] > 0 && !seen[code] {
			tells = true
		}
		if seen[code] {
			if v == nil {
				w.Empty = true
				continue
			}
			has = append(has, textOf(v))
		}
	}
	if !tells {
		return w, false
	}
	field := path[strings.IndexByte(path, '.')+1:]
	slices.SortFunc(has, func(a, b string) int { return cmp.Or(inNumber(a, b), strings.Compare(a, b)) })
	w.Column, w.Label = path, label(path)
	said := make([]string, 0, fewValues+1)
	switch {
	case len(has) <= fewValues:
		w.Values = has
		for _, v := range has {
			said = append(said, valueWords(field, v))
		}
	case ordered(field):
		w.From, w.To = has[0], has[len(has)-1]
		said = append(said, valueWords(field, w.From)+" sampai "+valueWords(field, w.To))
	default: // many names without an order tell nobody anything
		return w, false
	}
	if w.Empty {
		said = append(said, unknownName)
	}
	w.Text = w.Label + ": " + strings.Join(said, ", ")
	return w, true
}

// ordered tells whether the first and the last value say something of those between.
func ordered(field string) bool {
	switch field {
	case "desil", "birth_date", "moved_in_on", "as_of", "member_since", "inactive_since":
		return true
	}
	return false
}

// columnsRead are those of the snapshot that tell residents apart.
func (r *run) columnsRead() []string {
	var out []string
	for _, a := range r.read {
		for _, path := range a.use.Columns {
			if a.classes > 1 && r.people.Has(path) && !slices.Contains(out, path) {
				out = append(out, path)
			}
		}
	}
	return out
}

// profile tells of what the rules read how full it is. Columns that are read only together have one
// row; it is empty when one of them is.
func (r *run) profile() []Profile {
	out := make([]Profile, len(r.read))
	for i, a := range r.read {
		names := make([]string, len(a.use.Columns))
		empty := 0
		for k, c := range a.use.Columns {
			names[k] = label(c)
			empty = max(empty, a.facts[k].counts()[0])
		}
		p := Profile{Columns: a.use.Columns, Label: strings.Join(names, ", "), Codes: append([]string{}, a.use.Codes...),
			Conditions: a.use.Conditions, Whole: a.use.Whole, Empty: empty, Distinct: len(a.of), Classes: int(a.classes)}
		p.Text = strings.Join(p.Codes, ", ") + " membaca " + p.Label + ": " + percent(empty, r.people.Len()) + " kosong"
		out[i] = p
	}
	return out
}
