package storage

import (
	"context"
	"fmt"
	"strings"

	"layak/eligibility"
	"layak/internal/area"
)

var (
	_ eligibility.Crowd = (*DB)(nil)
	_ eligibility.Crowd = registryView{}
)

// crowdSizes are the lengths of lists that have a prepared text; a shorter list is filled up with
// keys that nobody has.
var crowdSizes = []int{16, 128, 500}

// inCrowds calls fn with the keys in parts of a size that has a prepared text.
func inCrowds(keys []string, fn func(part []any) error) error {
	for len(keys) > 0 {
		size := crowdSizes[len(crowdSizes)-1]
		for _, s := range crowdSizes {
			if len(keys) <= s {
				size = s
				break
			}
		}
		part := make([]any, size)
		for i := range part {
			part[i] = ""
			if i < len(keys) {
				part[i] = keys[i]
			}
		}
		err := fn(part)
		if err != nil {
			return err
		}
		keys = keys[min(size, len(keys)):]
	}
	return nil
}

// peopleSQL is personSQL for many NIKs; it takes regency, revision, NIKs.
func peopleSQL(n int) string {
	return `SELECT ` + personColumns + `
	FROM (SELECT CAST(? AS TEXT) AS regency, v.column1 AS nik, CAST(? AS BIGINT) AS rev
		FROM (VALUES ` + strings.TrimSuffix(strings.Repeat("(?), ", n), ", ") + `) AS v WHERE v.column1 <> '') s` + personJoins
}

// householdsSQL is householdSQL for many cards; it takes revision, regency, KKs.
func householdsSQL(n int) string {
	return `SELECT ` + personColumns + `
	FROM (SELECT DISTINCT regency_code AS regency, row_key AS nik, kk AS asked, CAST(? AS BIGINT) AS rev
		FROM resident_version WHERE regency_code = ? AND kk <> '' AND kk IN (` + marks(n) + `)) s` + personJoins + `
	WHERE r.kk = s.asked AND NOT r.gone
	ORDER BY r.kk, CASE WHEN r.relation = 'head' THEN 0 ELSE 1 END, r.birth_date, s.nik`
}

// People implements eligibility.Crowd.
func (db *DB) People(ctx context.Context, niks []eligibility.NIK) (map[eligibility.NIK]eligibility.Person, error) {
	return db.current().People(ctx, niks)
}

// Households implements eligibility.Crowd.
func (db *DB) Households(ctx context.Context, kks []eligibility.KK) (map[eligibility.KK][]eligibility.Person, error) {
	return db.current().Households(ctx, kks)
}

// People implements eligibility.Crowd.
func (v registryView) People(ctx context.Context, niks []eligibility.NIK) (map[eligibility.NIK]eligibility.Person, error) {
	list, err := v.crowd(ctx, texts(niks), peopleSQL, v.db.regency, v.rev)
	if err != nil {
		return nil, fmt.Errorf("read people: %w", err)
	}
	people := make(map[eligibility.NIK]eligibility.Person, len(list))
	for _, p := range list {
		people[p.NIK] = p
	}
	return people, nil
}

// Households implements eligibility.Crowd.
func (v registryView) Households(ctx context.Context, kks []eligibility.KK) (map[eligibility.KK][]eligibility.Person, error) {
	list, err := v.crowd(ctx, texts(kks), householdsSQL, v.rev, v.db.regency)
	if err != nil {
		return nil, fmt.Errorf("read households: %w", err)
	}
	cards := map[eligibility.KK][]eligibility.Person{}
	for _, p := range list {
		cards[p.Resident.KK] = append(cards[p.Resident.KK], p)
	}
	return cards, nil
}

// crowd reads the people of keys, in the order of the text within a part.
func (v registryView) crowd(ctx context.Context, keys []string, text func(n int) string, first ...any) ([]eligibility.Person, error) {
	people := make([]eligibility.Person, 0, len(keys))
	var gaps []int // who has to be looked at by himself
	err := inCrowds(keys, func(part []any) error {
		var rows []personRow
		err := v.db.lookUp(ctx, &rows, text(len(part)), append(append([]any{}, first...), part...)...)
		if err == nil {
			err = v.db.nameImports(ctx, rows)
		}
		if err != nil {
			return err
		}
		for i := range rows {
			if rows[i].Gap {
				gaps = append(gaps, len(people))
			}
			people = append(people, rows[i].person())
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return people, v.freshenAll(ctx, people, gaps)
}

// lookUp reads into the slice list with a query that finds each of many keys by an index.
func (db *DB) lookUp(ctx context.Context, list any, query string, args ...any) error {
	byKeys := db.dialect.byKeys()
	if byKeys == "" {
		return db.reads().list(ctx, list, query, args...)
	}
	return db.read(ctx, func(t *tx) error {
		_, err := t.exec(ctx, byKeys)
		if err != nil {
			return err
		}
		return t.list(ctx, list, query, args...)
	})
}

// freshenAll is freshen with one query for all areas, and one for each of those whose row some
// import rejected.
func (v registryView) freshenAll(ctx context.Context, people []eligibility.Person, gaps []int) error {
	alone := map[int]bool{}
	for _, i := range gaps {
		alone[i] = true
		newest, err := v.confirmedBut(ctx, v.home(people[i].Resident), people[i])
		if err != nil {
			return err
		}
		raiseAll(&people[i], newest)
	}
	wanted := map[string]bool{}
	for i := range people {
		for _, code := range lineage(v.home(people[i].Resident)) {
			wanted[code] = true
		}
	}
	codes := make([]string, 0, len(wanted))
	for code := range wanted {
		codes = append(codes, code)
	}
	known := map[area.Code]map[eligibility.Kind]eligibility.Date{}
	err := inCrowds(codes, func(part []any) error {
		var rows []struct {
			Area string `db:"area"`
			Kind string `db:"kind"`
			AsOf string `db:"as_of"`
		}
		err := v.db.reads().list(ctx, &rows, `SELECT c.area, c.kind, MAX(c.as_of) AS as_of FROM coverage c
			JOIN registry_import i ON i.regency_code = c.regency_code AND i.seq = c.import_seq
				AND i.visible_from <= ? AND i.visible_until > ?
			WHERE c.regency_code = ? AND c.area IN (`+marks(len(part))+`) GROUP BY c.area, c.kind`,
			append([]any{v.rev, v.rev, v.db.regency}, part...)...)
		for _, r := range rows {
			if known[area.Code(r.Area)] == nil {
				known[area.Code(r.Area)] = map[eligibility.Kind]eligibility.Date{}
			}
			known[area.Code(r.Area)][eligibility.Kind(r.Kind)] = eligibility.Date(r.AsOf)
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("read coverage: %w", err)
	}
	for i := range people {
		if alone[i] {
			continue
		}
		newest := map[eligibility.Kind]eligibility.Date{}
		for _, code := range lineage(v.home(people[i].Resident)) {
			for kind, day := range known[area.Code(code)] {
				newest[kind] = max(newest[kind], day)
			}
		}
		raiseAll(&people[i], newest)
	}
	return nil
}

// texts are the keys as a query takes them.
func texts[T ~string](keys []T) []string {
	out := make([]string, len(keys))
	for i, k := range keys {
		out[i] = string(k)
	}
	return out
}
