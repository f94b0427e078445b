package workbench

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"layak/internal/auth"
	"layak/internal/fault"
	"layak/internal/merge"
	"layak/policy"
)

// Moved says how the rules in force went on since a draft began.
type Moved struct {
	Base      policy.Revision `json:"base"`      // the one that the draft began with
	Active    policy.Revision `json:"active"`    // the one in force now
	Theirs    []string        `json:"theirs"`    // files that changed from Base to Active
	Undone    []string        `json:"undone"`    // what the draft would take back, in Indonesian
	Conflicts []Conflict      `json:"conflicts"` // what both changed in different ways
}

// Conflict is one thing that the rules in force and a draft changed in different ways: a value of a parameter, some
// lines of a file, or the file as a whole.
type Conflict struct {
	Key    string `json:"key"` // names it among those of the same draft and the same rules in force
	File   string `json:"file"`
	Title  string `json:"title,omitempty"` // of the parameter
	Day    string `json:"day,omitempty"`   // YYYY-MM-DD, from which the value counts
	Row    int    `json:"row,omitempty"`   // of the first line in the draft, from 1; 0 for the whole file
	Base   Side   `json:"base"`
	Theirs Side   `json:"theirs"` // in force
	Ours   Side   `json:"ours"`   // in the draft

	told string // what the rules in force say of a parameter
}

// Lines tells whether both texts can stand one behind the other.
func (c Conflict) Lines() bool { return c.Row > 0 && !c.Theirs.Gone && !c.Ours.Gone }

// Side is what one of three says.
type Side struct {
	Gone   bool   `json:"gone,omitempty"` // it is not there
	Text   string `json:"text,omitempty"`
	Source string `json:"source,omitempty"` // on which a value rests
}

// Choice settles a conflict.
type Choice string

// The choices. Both is for lines: those in force first.
const (
	TakeTheirs Choice = "theirs"
	KeepOurs   Choice = "ours"
	TakeBoth   Choice = "both"
)

// Settled is what a person said about the conflicts that he saw.
type Settled struct {
	Active  string            // hash of the rules in force that they were held against
	Choices map[string]Choice // by the key of the conflict
}

// Moved tells how the rules in force went on since the draft began; false when they did not.
func (s *Service) Moved(ctx context.Context, d Draft) (Moved, bool, error) {
	_, err := may(ctx, auth.PolicyRead)
	if err != nil {
		return Moved{}, false, err
	}
	m, _, is, err := s.moved(ctx, d.Base, d.Files, nil)
	return m, is, err
}

// moved holds files that began at a revision against the rules in force.
func (s *Service) moved(ctx context.Context, base string, files map[string][]byte, choices map[string]Choice) (Moved, Change, bool, error) {
	active, err := s.Store.ActiveRevision(ctx)
	if err != nil || active.Hash == base {
		return Moved{Active: active}, Change{}, false, err
	}
	began, err := s.Store.Revision(ctx, base)
	if err != nil {
		return Moved{}, Change{}, false, err
	}
	old, err := unpack(began)
	if err != nil {
		return Moved{}, Change{}, false, err
	}
	fresh, err := unpack(active)
	if err != nil {
		return Moved{}, Change{}, false, err
	}
	began.Bundle, active.Bundle = nil, nil
	j := join(old.Files, fresh.Files, files, choices)
	j.Base, j.Active = began, active
	return j.Moved, j.take, true, nil
}

// BringUp takes over what changed in the rules in force since the draft began: numbers by name and first day, other
// files by line. Invalid (merge_open) names what both changed and nobody settled; then nothing is written.
func (s *Service) BringUp(ctx context.Context, id string, version int, said Settled) (Draft, error) {
	_, err := may(ctx, auth.PolicyEdit)
	if err != nil {
		return Draft{}, err
	}
	d, err := s.Store.Draft(ctx, id)
	if err != nil {
		return Draft{}, err
	}
	m, take, is, err := s.moved(ctx, d.Base, d.Files, said.Choices)
	if err != nil || !is {
		return d, err
	}
	if len(m.Conflicts) > 0 && (said.Active != m.Active.Hash || version != d.Version) {
		return d, fault.New(fault.Conflict, "merge_moved", "Konsep ini atau aturan yang berlaku baru saja berubah, jadi pilihan Anda belum dipakai. Periksa lagi yang tertulis di bawah, lalu pilih.")
	}
	var open []fault.Field
	for _, c := range m.Conflicts {
		switch chosen := said.Choices[c.Key]; {
		case chosen == TakeTheirs, chosen == KeepOurs, chosen == TakeBoth && c.Lines():
		default:
			open = append(open, fault.Field{Name: c.Key, Message: "Pilih salah satu."})
		}
	}
	if len(open) > 0 {
		f := fault.New(fault.Invalid, "merge_open", fmt.Sprintf("%d hal diubah di aturan yang berlaku dan juga di konsep ini. Pilih mana yang dipakai untuk setiap hal.", len(open)))
		f.Fields = open
		return d, f
	}
	take.Base = &m.Active.Hash
	return s.SaveDraft(ctx, id, version, take)
}

// hindrance is what a draft is told whose base is not in force any more; nil when proposing it takes nothing back.
func (m Moved) hindrance() *Hindrance {
	if len(m.Undone) == 0 && len(m.Conflicts) == 0 {
		return nil
	}
	return &Hindrance{"base_moved", fmt.Sprintf("Aturan yang berlaku sudah berganti menjadi versi %d. %s Mutakhirkan konsep dulu.", m.Active.Number, m.undoes("Usulan ini akan membatalkan"))}
}

// undoes lists what would be taken back, as a sentence.
func (m Moved) undoes(begin string) string {
	const most = 5
	all := slices.Clone(m.Undone)
	for _, c := range m.Conflicts {
		all = append(all, c.undone())
	}
	if len(all) > most {
		all = append(all[:most], fmt.Sprintf("dan %d hal lain", len(all)-most))
	}
	return begin + ": " + strings.Join(all, "; ") + "."
}

// undone says what the rules in force have and the draft has otherwise.
func (c Conflict) undone() string {
	switch {
	case c.told != "":
		return c.told
	case c.Row > 0:
		return fmt.Sprintf("%s baris %d", c.File, c.Row)
	}
	return "berkas " + c.File
}

// Hinder gives the standing of a draft: that of its bytes, and what the rules in force have that it has not.
func (st Standing) Hinder(m Moved) Standing {
	if h := m.hindrance(); h != nil {
		st.Hindrances = append([]Hindrance{*h}, st.Hindrances...)
	}
	return st
}

// joint is the outcome of holding three sets of files together.
type joint struct {
	Moved
	take    Change // brings ours up
	choices map[string]Choice
}

// join compares three sets of files: where both sides began, theirs and ours.
func join(base, theirs, ours map[string][]byte, choices map[string]Choice) joint {
	all := maps.Clone(base)
	maps.Copy(all, theirs)
	maps.Copy(all, ours)
	j := joint{choices: choices, take: Change{Put: map[string][]byte{}}}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if same(base, theirs, name) {
			continue
		}
		j.Theirs = append(j.Theirs, name)
		if !same(theirs, ours, name) {
			j.file(name, base, theirs, ours)
		}
	}
	return j
}

// file joins one file that changed on their side and is not the same on ours.
func (j *joint) file(name string, base, theirs, ours map[string][]byte) {
	was, inBase := base[name]
	their, inTheirs := theirs[name]
	our, inOurs := ours[name]
	switch {
	case !inTheirs && same(base, ours, name):
		j.take.Remove = append(j.take.Remove, name)
		j.Undone = append(j.Undone, "penghapusan "+name)
	case !inOurs && !inBase:
		j.take.Put[name] = their
		j.Undone = append(j.Undone, "berkas baru "+name)
	case !inTheirs || !inOurs: // one took out what the other changed
		c := Conflict{Key: name, File: name, Base: textSide(was, inBase), Theirs: textSide(their, inTheirs), Ours: textSide(our, inOurs)}
		j.Conflicts = append(j.Conflicts, c)
		if j.choices[c.Key] == TakeTheirs && inTheirs {
			j.take.Put[name] = their
		} else if j.choices[c.Key] == TakeTheirs {
			j.take.Remove = append(j.take.Remove, name)
		}
	case policy.IsParams(name) && j.params(name, was, their, our):
	default:
		j.lines(name, string(was), string(their), string(our))
	}
}

func textSide(text []byte, there bool) Side { return Side{Gone: !there, Text: string(text)} }

// params joins the parameters by value; false when the files cannot be read as such.
func (j *joint) params(name string, base, theirs, ours []byte) bool {
	key := func(param, day string) string { return name + ":" + param + ":" + day }
	data, conflicts, err := policy.MergeParams(base, theirs, ours, func(param, day string) bool { return j.choices[key(param, day)] == TakeTheirs })
	if err != nil {
		return false
	}
	open := map[string]bool{}
	for _, c := range conflicts {
		open[key(c.Name, c.ValidFrom)] = true
		j.Conflicts = append(j.Conflicts, Conflict{Key: key(c.Name, c.ValidFrom), File: name, Title: c.Title, Day: c.ValidFrom,
			Base: valueSide(c.Base), Theirs: valueSide(c.Theirs), Ours: valueSide(c.Ours), told: c.Edit().Text()})
	}
	theirEdits, err := policy.ParamEdits(base, theirs)
	if err != nil {
		return false
	}
	differ, err := policy.ParamEdits(ours, theirs)
	if err != nil {
		return false
	}
	for _, e := range theirEdits {
		lost := slices.ContainsFunc(differ, func(x policy.ParamEdit) bool { return x.Name == e.Name && x.ValidFrom == e.ValidFrom })
		if lost && !open[key(e.Name, e.ValidFrom)] {
			j.Undone = append(j.Undone, e.Text())
		}
	}
	if !bytes.Equal(data, ours) {
		j.take.Put[name] = data
	}
	return true
}

func valueSide(p *policy.Param) Side {
	if p == nil {
		return Side{Gone: true}
	}
	return Side{Text: p.Text(), Source: p.Source}
}

// lines joins a file line by line.
func (j *joint) lines(name, base, theirs, ours string) {
	var out strings.Builder
	n := 0
	for _, part := range merge.Lines(base, theirs, ours) {
		if part.Conflict == nil {
			out.WriteString(part.Text)
			continue
		}
		n++
		x := part.Conflict
		c := Conflict{Key: fmt.Sprintf("%s#%d", name, n), File: name, Row: x.Row, Base: lineSide(x.Base), Theirs: lineSide(x.Theirs), Ours: lineSide(x.Ours)}
		j.Conflicts = append(j.Conflicts, c)
		switch j.choices[c.Key] {
		case TakeTheirs:
			out.WriteString(x.Theirs)
		case TakeBoth:
			out.WriteString(strings.TrimSuffix(x.Theirs, "\n") + "\n" + x.Ours)
		default:
			out.WriteString(x.Ours)
		}
	}
	if out.String() != ours {
		j.take.Put[name] = []byte(out.String())
		j.Undone = append(j.Undone, "perubahan pada "+name)
	}
}

func lineSide(text string) Side { return Side{Gone: text == "", Text: text} }

func same(a, b map[string][]byte, name string) bool {
	x, inA := a[name]
	y, inB := b[name]
	return inA == inB && bytes.Equal(x, y)
}
