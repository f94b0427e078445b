package importers

import (
	"context"
	"fmt"

	"layak/eligibility"
	"layak/internal/fault"
)

// Whoever is missing from a complete list of members counts as no member, and that may make him
// entitled. So a person who stands in the list with a row that cannot be read must not look like
// one who is missing.

// fewUnnamed is the share of rows without a usable NIK, in percent, up to which a file still
// vouches for who is not in it.
const fewUnnamed = 2

const unnamedMessage = "Terlalu banyak baris tanpa NIK yang terbaca, jadi orang yang tidak ada di berkas ini belum dianggap bukan peserta. Betulkan NIK di baris yang ditolak, lalu impor lagi."

// keepUnread appends an empty row for members whose row was rejected and of whom nothing is
// stored: the office lists them, and what it says is unknown.
func (r *run) keepUnread(ctx context.Context) error {
	if r.o.Kind != eligibility.Membership || r.o.DryRun {
		return nil
	}
	var keys []uint64
	for key, i := range r.table.index {
		if e := &r.table.entries[i]; e.state == stateBad || e.conflict {
			keys = append(keys, key)
		}
	}
	return inBatches(keys, func(keys []uint64) error {
		stored, err := r.store.StoredRows(ctx, r.o.Kind, niksOf(keys))
		if err != nil {
			return fmt.Errorf("look up stored rows: %w", err)
		}
		var versions []Version
		for _, key := range keys {
			if s, ok := stored[nikOf(key)]; ok && !s.Gone {
				continue
			}
			var rec eligibility.Record
			rec.Set(eligibility.FieldNIK, string(nikOf(key)))
			versions = append(versions, Version{Record: rec})
		}
		return r.append(ctx, versions)
	})
}

// saveGaps notes everybody whose row was rejected, or may have been, where the import vouches for an
// area: what is stored of them stays as old as it was.
func (r *run) saveGaps(ctx context.Context) error {
	if r.o.DryRun || len(r.coverage) == 0 {
		return nil
	}
	keys := r.unread
	for key, i := range r.table.index {
		if e := &r.table.entries[i]; e.state == stateBad || e.conflict {
			keys = append(keys, key)
		}
	}
	return inBatches(keys, func(keys []uint64) error {
		err := r.store.SaveGaps(ctx, r.res.Import, niksOf(keys))
		if err != nil {
			return fmt.Errorf("note rejected people: %w", err)
		}
		return nil
	})
}

// unnamed tells whether too many rows name nobody, so that absence from the file proves nothing.
func (r *run) unnamed() bool {
	return r.o.Kind == eligibility.Membership && r.nameless*100 > r.res.Read*fewUnnamed
}

// listsSomebody refuses a complete list of which no row can be used: it would say of everybody
// that he is not listed.
func (r *run) listsSomebody() error {
	if r.o.DryRun || r.res.Accepted+r.res.Older > 0 {
		return nil
	}
	return fault.New(fault.Invalid, "snapshot_empty",
		"Tidak ada satu baris pun di berkas ini yang dapat dipakai, jadi berkas ini bukan daftar lengkap. Tidak ada yang diubah.")
}
