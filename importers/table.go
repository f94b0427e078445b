package importers

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"layak/eligibility"
	"layak/internal/area"
)

// state is what became of the first row of a key.
type state uint8

const (
	statePending state = iota
	stateBad           // rejected for itself
	stateNew
	stateChanged
	stateSame  // equal, and stored with this as-of date or a newer confirmation
	stateStale // equal, last confirmed earlier
	stateOlder
)

// entry is all that is remembered of a row: 24 bytes, so that millions fit.
type entry struct {
	hash     uint64
	row      uint32
	sheet    uint16
	group    uint16
	state    state
	conflict bool
}

type spot struct {
	row   uint32
	sheet uint16
}

// table remembers every key of the files, to find duplicates and who is missing.
type table struct {
	index   map[uint64]uint32
	entries []entry
	same    map[uint32][]spot // identical rows beyond the first, by entry
	drop    []uint64          // keys whose appended row must be taken back
	sheets  []*layout
	sheet   int      // sheet of the last batch
	feet    []Reject // lonely texts that may be a signature

	groups   []area.Code
	groupIDs map[area.Code]uint16

	partial map[int]map[string]bool // digits left of unusable NIKs, by length
	people  map[string]bool         // name and birth date of rejected rows
}

func newTable() *table {
	return &table{index: map[uint64]uint32{}, same: map[uint32][]spot{}, groupIDs: map[area.Code]uint16{},
		partial: map[int]map[string]bool{}, people: map[string]bool{}}
}

func (t *table) at(key uint64) *entry { return &t.entries[t.index[key]] }

func (t *table) groupOf(a area.Code) uint16 {
	id, ok := t.groupIDs[a]
	if !ok && len(t.groups) < 1<<16-1 {
		id = uint16(len(t.groups))
		t.groupIDs[a] = id
		t.groups = append(t.groups, a)
	}
	return id
}

// protect keeps the owner of a rejected row from counting as gone.
func (t *table) protect(row *parsed) {
	if n := len(row.partial); n >= 4 {
		if t.partial[n] == nil {
			t.partial[n] = map[string]bool{}
		}
		t.partial[n][row.partial] = true
	}
	if id := identity(&row.rec); id != "" {
		t.people[id] = true
	}
}

// identity tells a person apart without a NIK; "" when too little is known.
func identity(r *eligibility.Record) string {
	name, born := r.Values[eligibility.FieldName], r.Values[eligibility.FieldBirthDate]
	if name == "" || born == "" {
		return ""
	}
	return fold(name) + born
}

// protected tells whether the NIK may be that of a row whose number was damaged.
func (t *table) protected(nik string) bool {
	for n, set := range t.partial {
		if n <= len(nik) && set[nik[:n]] {
			return true
		}
	}
	return false
}

// repeated enters a row into the table. A row whose key was met before is a duplicate or a
// conflict, and its key is cleared so that it is not applied. bad marks a row that is rejected
// already: it equals no other.
func (r *run) repeated(row *parsed, sheet int, bad bool) []Reject {
	if row.key == 0 {
		return nil
	}
	t := r.table
	i, met := t.index[row.key]
	if !met {
		e := entry{hash: row.hash, row: uint32(row.n), sheet: uint16(sheet)}
		if bad {
			e.state = stateBad
		}
		t.index[row.key] = uint32(len(t.entries))
		t.entries = append(t.entries, e)
		return nil
	}
	e := &t.entries[i]
	here := spot{uint32(row.n), uint16(sheet)}
	if !bad && e.state != stateBad && !e.conflict && e.hash == row.hash {
		t.same[i] = append(t.same[i], here)
		r.res.Duplicates++
		row.key = 0
		return nil
	}
	var out []Reject
	if !e.conflict {
		out = r.conflict(i, row.key)
	}
	if !bad {
		r.res.Rejected++
		out = append(out, t.duplicate(here, row.key))
	}
	row.key = 0
	return out
}

// conflict takes the first row of a key back, and the rows that were equal to it.
func (r *run) conflict(i uint32, key uint64) []Reject {
	t := r.table
	e := &t.entries[i]
	e.conflict = true
	if e.state == stateBad {
		return nil
	}
	r.count(e.state, -1)
	if e.state == stateNew || e.state == stateChanged {
		t.drop = append(t.drop, key)
	}
	out := []Reject{t.duplicate(spot{e.row, e.sheet}, key)}
	for _, s := range t.same[i] {
		out = append(out, t.duplicate(s, key))
	}
	r.res.Duplicates -= len(t.same[i])
	r.res.Rejected += len(out)
	delete(t.same, i)
	return out
}

func (t *table) duplicate(s spot, key uint64) Reject {
	l := t.sheets[s.sheet]
	f := eligibility.FieldNIK
	if key&familyBit != 0 {
		f = eligibility.FieldKK
	}
	rej := Reject{File: l.file, Sheet: l.sheet, Row: int(s.row), Code: nikDuplicate, Reason: reasonOf[nikDuplicate], Value: digits16(key)}
	if col := l.plain[f]; col >= 0 {
		rej.Column = l.texts[col]
	}
	return rej
}

// count adds n rows of a state to the figures.
func (r *run) count(s state, n int) {
	c := &r.res.Counts
	switch s {
	case stateNew:
		c.New += n
	case stateChanged:
		c.Changed += n
	case stateSame, stateStale:
		c.Unchanged += n
	case stateOlder:
		c.Older += n
		return
	default:
		return
	}
	c.Accepted += n
}

// dropConflicts takes back the rows that were appended before their twin was met.
func (r *run) dropConflicts(ctx context.Context) error {
	if r.o.DryRun {
		return nil
	}
	return inBatches(r.table.drop, func(keys []uint64) error {
		err := r.store.DropRows(ctx, r.res.Import, niksOf(keys))
		if err != nil {
			return fmt.Errorf("drop conflicting rows: %w", err)
		}
		return nil
	})
}

func inBatches(keys []uint64, do func([]uint64) error) error {
	for len(keys) > 0 {
		n := min(len(keys), batchRows)
		if err := do(keys[:n]); err != nil {
			return err
		}
		keys = keys[n:]
	}
	return nil
}

func digits16(key uint64) string {
	s := strconv.FormatUint(key&^familyBit, 10)
	return strings.Repeat("0", max(0, 16-len(s))) + s
}

func nikOf(key uint64) eligibility.NIK {
	if key&familyBit != 0 {
		return eligibility.NIK(FamilyPrefix + digits16(key))
	}
	return eligibility.NIK(digits16(key))
}

func keyOf(nik eligibility.NIK) uint64 {
	if kk, ok := strings.CutPrefix(string(nik), FamilyPrefix); ok {
		n, _ := strconv.ParseUint(kk, 10, 64)
		return n | familyBit
	}
	n, _ := strconv.ParseUint(string(nik), 10, 64)
	return n
}

func niksOf(keys []uint64) []eligibility.NIK {
	out := make([]eligibility.NIK, len(keys))
	for i, k := range keys {
		out[i] = nikOf(k)
	}
	return out
}
