package importers

import (
	"context"
	"fmt"

	"layak/eligibility"
	"layak/internal/area"
	"layak/internal/fault"
)

// merge lays a row over what is stored. A missing column keeps; an empty cell keeps in an update
// and clears in a snapshot. Values that only made sense with the old ones go.
func merge(old, row *eligibility.Record, mode Mode) eligibility.Record {
	out := *old
	out.Has |= row.Has
	for f := eligibility.Field(0); f < eligibility.NumFields; f++ {
		if v := row.Values[f]; row.Carries(f) && (v != "" || mode == Snapshot) {
			out.Values[f] = v
		}
	}
	settlePlace(&out, row)
	settleMember(&out, old, row)
	return out
}

// settlePlace drops the village of an old address when the new one lies elsewhere.
func settlePlace(out, row *eligibility.Record) {
	for _, level := range [][2]eligibility.Field{
		{eligibility.FieldProvince, eligibility.FieldRegency},
		{eligibility.FieldRegency, eligibility.FieldDistrict},
		{eligibility.FieldDistrict, eligibility.FieldVillage},
	} {
		if row.Values[eligibility.FieldProvince] == "" {
			return
		}
		around, inner := area.Code(out.Values[level[0]]), area.Code(out.Values[level[1]])
		if inner != "" && !around.Contains(inner) {
			out.Values[level[1]] = ""
		}
	}
}

// settleMember drops reason and day of an inactivity that is over, or of another segment.
func settleMember(out, old, row *eligibility.Record) {
	moved := old.Values[eligibility.FieldSegment] != out.Values[eligibility.FieldSegment]
	over := out.Values[eligibility.FieldMemberStatus] == "active"
	if !moved && !over {
		return
	}
	for _, f := range []eligibility.Field{eligibility.FieldMemberReason, eligibility.FieldInactiveSince} {
		if row.Values[f] == "" {
			out.Values[f] = ""
		}
	}
}

// group is the area whose coverage can vouch for an unchanged row: the village of a resident; the
// regency for the other kinds, whose files name no address.
func (r *run) group(rec *eligibility.Record) area.Code {
	if r.o.Kind != eligibility.Residents {
		return r.o.Home
	}
	return area.Code(rec.Values[eligibility.FieldVillage])
}

// nearlyAll is the share of the listed people of a group, in percent, from which an update vouches
// for the whole group.
const nearlyAll = 98

// confirm makes the unchanged people of an update fresh. Where the file names nearly everybody of
// the group one line of coverage does; elsewhere a confirming version is appended per person.
func (r *run) confirm(ctx context.Context) error {
	stale := make([][]uint64, len(r.table.groups))
	for key, i := range r.table.index {
		e := &r.table.entries[i]
		if e.state == stateStale && !e.conflict {
			stale[e.group] = append(stale[e.group], key)
		}
	}
	for g, keys := range stale {
		if len(keys) == 0 {
			continue
		}
		a := r.table.groups[g]
		if a != "" {
			all, err := r.listsNearlyAll(ctx, a)
			if err != nil {
				return err
			}
			if all {
				r.coverage = append(r.coverage, eligibility.Coverage{Kind: r.o.Kind, Area: a, ImportID: r.res.ID, AsOf: r.o.AsOf})
				continue
			}
		}
		if err := r.appendStored(ctx, keys, false); err != nil {
			return err
		}
	}
	return nil
}

func (r *run) listsNearlyAll(ctx context.Context, a area.Code) (bool, error) {
	listed, seen := 0, 0
	err := r.store.ListedIn(ctx, r.o.Kind, a, func(nik eligibility.NIK) error {
		listed++
		if i, ok := r.table.index[keyOf(nik)]; ok && r.table.entries[i].state != stateBad && !r.table.entries[i].conflict {
			seen++
		}
		return nil
	})
	if err != nil {
		return false, fmt.Errorf("list area %s: %w", a, err)
	}
	return seen*100 >= listed*nearlyAll, nil
}

// appendStored appends what is stored again: as confirmation, or as a tombstone.
func (r *run) appendStored(ctx context.Context, keys []uint64, gone bool) error {
	if r.o.DryRun {
		return nil
	}
	return inBatches(keys, func(keys []uint64) error {
		stored, err := r.store.StoredRows(ctx, r.o.Kind, niksOf(keys))
		if err != nil {
			return fmt.Errorf("look up stored rows: %w", err)
		}
		versions := make([]Version, 0, len(stored))
		for _, s := range stored {
			versions = append(versions, Version{Record: s.Record, Gone: gone})
		}
		return r.append(ctx, versions)
	})
}

// compareSnapshot finds who is listed in the area but not in the files, and vouches for all of it.
func (r *run) compareSnapshot(ctx context.Context) error {
	err := r.listsSomebody()
	if err != nil {
		return err
	}
	listed := 0
	var missing []uint64
	err = r.store.ListedIn(ctx, r.o.Kind, r.res.Area, func(nik eligibility.NIK) error {
		listed++
		key := keyOf(nik)
		if _, ok := r.table.index[key]; !ok && r.table.protected(string(nik)) {
			r.unread = append(r.unread, key)
		} else if !ok {
			missing = append(missing, key)
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("list area %s: %w", r.res.Area, err)
	}
	err = r.reallyGone(ctx, missing)
	if err != nil {
		return err
	}
	r.res.Gone = len(r.goneKeys)
	if r.res.Gone*50 > listed && !r.o.ConfirmGone && !r.o.DryRun {
		return fault.New(fault.Conflict, "gone_needs_confirmation", fmt.Sprintf(
			"%d dari %d orang yang tercatat tidak ada di berkas ini, lebih dari 2 %%. Periksa apakah berkasnya lengkap; bila benar, ulangi dengan konfirmasi. Tidak ada yang diubah.", r.res.Gone, listed))
	}
	err = r.appendStored(ctx, r.goneKeys, true)
	if err != nil {
		return err
	}
	r.cover(r.res.Area)
	return nil
}

// reallyGone leaves out people whose stored row is newer than the files, and people whose own row
// in the files was rejected for its NIK: they are recognised by name and birth date.
func (r *run) reallyGone(ctx context.Context, missing []uint64) error {
	return inBatches(missing, func(keys []uint64) error {
		stored, err := r.store.StoredRows(ctx, r.o.Kind, niksOf(keys))
		if err != nil {
			return fmt.Errorf("look up stored rows: %w", err)
		}
		for _, key := range keys {
			s, ok := stored[nikOf(key)]
			if !ok || s.Gone || s.AsOf > r.o.AsOf {
				continue
			}
			if r.table.people[identity(&s.Record)] {
				r.unread = append(r.unread, key)
				continue
			}
			r.goneKeys = append(r.goneKeys, key)
		}
		return nil
	})
}

// cover vouches for the area and every area inside it.
func (r *run) cover(a area.Code) {
	r.coverage = append(r.coverage, eligibility.Coverage{Kind: r.o.Kind, Area: a, ImportID: r.res.ID, AsOf: r.o.AsOf, Snapshot: !r.unnamed()})
	if a.Level() == area.Village {
		return
	}
	for _, child := range area.Children(a) {
		r.cover(child.Code)
	}
}
