package storage

import (
	"context"
	"maps"
	"slices"

	"layak/complaints"
)

type alikeRow struct {
	lineRow
	ID     string `db:"id"`
	Kind   string `db:"kind"`
	Office string `db:"office"`
}

// AlikeComplaints finds open cases with one of the marks, and counts those outside the scope.
func (db *DB) AlikeComplaints(ctx context.Context, all []complaints.Mark, not complaints.Ticket, s complaints.Scope, limit int) ([]complaints.Likeness, []complaints.Elsewhere, error) {
	if len(all) == 0 {
		return nil, nil, nil
	}
	args := []any{db.regency}
	for _, m := range all {
		args = append(args, m.Hash)
	}
	args = append(args, not)
	for _, state := range complaints.OpenStates {
		args = append(args, state)
	}
	var rows []alikeRow
	// Twice as many as asked for, because some of them may lie outside; one row for each thing shared.
	err := db.reads().list(ctx, &rows, `SELECT c.id, m.kind, COALESCE(u.name, c.unit) AS office, `+lineColumns+`
		FROM complaint_mark m JOIN complaint c ON c.regency_code = m.regency_code AND c.id = m.complaint_id
		LEFT JOIN unit u ON u.regency_code = c.regency_code AND u.code = c.unit
		LEFT JOIN complaint_patient p ON p.regency_code = c.regency_code AND p.complaint_id = c.id AND p.no = 1
		WHERE m.regency_code = ? AND m.hash IN (`+marks(len(all))+`) AND c.ticket <> ?
			AND c.state IN (`+marks(len(complaints.OpenStates))+`)
		ORDER BY c.id DESC LIMIT ?`, append(args, 2*limit*len(complaints.MarkKinds))...)
	if err != nil || len(rows) == 0 {
		return nil, nil, err
	}
	inside, err := db.inScope(ctx, rows, s)
	if err != nil {
		return nil, nil, err
	}
	var mine []alikeRow
	outside := map[string]map[string]bool{}
	for _, r := range rows {
		if inside[r.ID] {
			mine = append(mine, r)
			continue
		}
		if outside[r.Office] == nil {
			outside[r.Office] = map[string]bool{}
		}
		outside[r.Office][r.ID] = true
	}
	var elsewhere []complaints.Elsewhere
	for _, office := range slices.Sorted(maps.Keys(outside)) {
		elsewhere = append(elsewhere, complaints.Elsewhere{Unit: office, Count: len(outside[office])})
	}
	found := alikeOf(mine)
	return found[:min(len(found), limit)], elsewhere, nil
}

// inScope tells which of the cases the scope sees.
func (db *DB) inScope(ctx context.Context, rows []alikeRow, s complaints.Scope) (map[string]bool, error) {
	scope, scoped := db.scopeClause(s)
	args := []any{db.regency}
	for _, r := range rows {
		args = append(args, r.ID)
	}
	var ids []string
	err := db.reads().list(ctx, &ids, `SELECT c.id FROM complaint c WHERE c.regency_code = ? AND c.id IN (`+marks(len(rows))+`)`+scope,
		append(args, scoped...)...)
	inside := map[string]bool{}
	for _, id := range ids {
		inside[id] = true
	}
	return inside, err
}

// alikeOf joins the rows of a case, one for each thing it shares.
func alikeOf(rows []alikeRow) []complaints.Likeness {
	var found []complaints.Likeness
	for _, r := range rows {
		n := len(found)
		if n == 0 || found[n-1].Ticket != r.Ticket {
			found = append(found, complaints.Likeness{Line: r.line()})
			n++
		}
		found[n-1].Shares = append(found[n-1].Shares, r.Kind)
	}
	return found
}
