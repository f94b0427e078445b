package storage

import (
	"context"
	"fmt"
	"strings"

	"layak/eligibility"
)

// bareColumns are personColumns without what no decision reads: names, addresses, and what a card or a
// number was before, which takes as long to find as all the rest.
var bareColumns = `s.nik AS nik, ` +
	coalesced("r", "kk", "sex", "birth_date", "relation", "village", "district", "regency", "province", "life_status", "moved_in_on") + `, ` +
	coalesced("w") + `, COALESCE(w.desil, 0) AS w_desil, ` +
	coalesced("f") + `, COALESCE(f.desil, 0) AS f_desil, ` +
	coalesced("m", "segment", "member_status", "member_reason", "member_since", "inactive_since", "class") + `, ` + gapColumn

// bareSQL is peopleSQL with bareColumns.
func bareSQL(n int) string {
	return `SELECT ` + bareColumns + `
	FROM (SELECT CAST(? AS TEXT) AS regency, v.column1 AS nik, CAST(? AS BIGINT) AS rev
		FROM (VALUES ` + strings.TrimSuffix(strings.Repeat("(?), ", n), ", ") + `) AS v WHERE v.column1 <> '') s` + personJoins
}

// Bare is People without what no decision reads: see eligibility.Repeater.Read.
func (db *DB) Bare(ctx context.Context, niks []eligibility.NIK) (map[eligibility.NIK]eligibility.Person, error) {
	return db.current().Bare(ctx, niks)
}

// Bare is People without what no decision reads.
func (v registryView) Bare(ctx context.Context, niks []eligibility.NIK) (map[eligibility.NIK]eligibility.Person, error) {
	list, err := v.crowd(ctx, texts(niks), bareSQL, v.db.regency, v.rev)
	if err != nil {
		return nil, fmt.Errorf("read bare people: %w", err)
	}
	people := make(map[eligibility.NIK]eligibility.Person, len(list))
	for _, p := range list {
		people[p.NIK] = p
	}
	return people, nil
}
