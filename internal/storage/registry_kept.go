package storage

import (
	"context"
	"fmt"
	"sync"

	"layak/eligibility"
	"layak/internal/area"
)

// confirmedAreas remembers what confirmed found in the newest revision that somebody pinned: what a
// revision shows never changes.
type confirmedAreas struct {
	mu   sync.Mutex
	rev  int64
	days map[area.Code]map[eligibility.Kind]eligibility.Date
}

func (c *confirmedAreas) find(rev int64, a area.Code) map[eligibility.Kind]eligibility.Date {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.rev != rev {
		return nil
	}
	return c.days[a]
}

func (c *confirmedAreas) put(rev int64, a area.Code, days map[eligibility.Kind]eligibility.Date) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if rev > c.rev || c.days == nil {
		c.rev, c.days = rev, map[area.Code]map[eligibility.Kind]eligibility.Date{}
	}
	if rev == c.rev {
		c.days[a] = days
	}
}

// knownImports remembers id and day of imports by their number: neither changes once an import began.
type knownImports struct {
	mu    sync.Mutex
	bySeq map[int64]knownImport
}

type knownImport struct {
	Seq  int64  `db:"seq"`
	ID   string `db:"id"`
	AsOf string `db:"as_of"`
}

// nameImports fills in which import the rows came with. To join the imports in the queries would cost
// more than the rest of these; there are few imports, and they are read again only when one is new.
func (db *DB) nameImports(ctx context.Context, rows []personRow) error {
	db.imports.mu.Lock()
	known := db.imports.bySeq
	db.imports.mu.Unlock()
	for i := range rows {
		r := &rows[i]
		for _, of := range []struct {
			seq      int64
			id, asOf *string
		}{{r.RSeq, &r.RImport, &r.RAsOf}, {r.WSeq, &r.WImport, &r.WAsOf}, {r.FSeq, &r.FImport, &r.FAsOf}, {r.MSeq, &r.MImport, &r.MAsOf}} {
			if of.seq == 0 {
				continue
			}
			one, ok := known[of.seq]
			if !ok {
				var err error
				known, err = db.readImports(ctx)
				if err != nil {
					return err
				}
				one = known[of.seq]
			}
			*of.id, *of.asOf = one.ID, one.AsOf
		}
	}
	return nil
}

// readImports reads all imports and remembers them.
func (db *DB) readImports(ctx context.Context) (map[int64]knownImport, error) {
	var list []knownImport
	err := db.reads().list(ctx, &list, `SELECT seq, id, as_of FROM registry_import WHERE regency_code = ?`, db.regency)
	if err != nil {
		return nil, fmt.Errorf("read imports: %w", err)
	}
	bySeq := make(map[int64]knownImport, len(list))
	for _, i := range list {
		bySeq[i.Seq] = i
	}
	db.imports.mu.Lock()
	db.imports.bySeq = bySeq
	db.imports.mu.Unlock()
	return bySeq, nil
}
