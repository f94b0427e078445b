package storage

import (
	"context"
	"fmt"
	"slices"
	"time"

	"layak/complaints"
	"layak/complaints/recheck"
	"layak/eligibility"
	"layak/policy"
)

// refusedOutcomes is written out in queries, so that the partial index of refusals serves them.
const refusedOutcomes = `outcome IN ('not_eligible', 'needs_information')`

// CountCandidates implements recheck.Store. Somebody who was checked several times counts as often.
func (db *DB) CountCandidates(ctx context.Context, since, before time.Time) (int, error) {
	var refusals, cases int
	err := db.reads().get(ctx, &refusals, `SELECT COUNT(*) FROM determination
		WHERE regency_code = ? AND `+refusedOutcomes+` AND decided_at >= ? AND decided_at < ?`, db.regency, at(since), at(before))
	if err != nil {
		return 0, fmt.Errorf("count refusals: %w", err)
	}
	err = db.reads().get(ctx, &cases, `SELECT COUNT(*) FROM complaint c JOIN complaint_check k
			ON k.regency_code = c.regency_code AND k.complaint_id = c.id
		WHERE c.regency_code = ? AND c.state IN (`+marks(len(complaints.OpenStates))+`)
			AND k.outcome NOT IN ('not_eligible', 'needs_information')`, append([]any{db.regency}, openStates()...)...)
	if err != nil {
		return 0, fmt.Errorf("count checks of open cases: %w", err)
	}
	return refusals + cases, nil
}

func openStates() []any {
	out := make([]any, len(complaints.OpenStates))
	for i, s := range complaints.OpenStates {
		out[i] = string(s)
	}
	return out
}

// Candidates implements recheck.Store.
func (db *DB) Candidates(ctx context.Context, p recheck.Position, since, before time.Time, limit int) ([]eligibility.Determination, recheck.Position, bool, error) {
	ids, after, last, err := db.stageIDs(ctx, p, since, before, limit)
	if err != nil {
		return nil, p, false, fmt.Errorf("find who to check again: %w", err)
	}
	next := recheck.Position{Stage: p.Stage, After: after}
	rows, err := db.askedByID(ctx, ids)
	if err != nil {
		return nil, p, false, fmt.Errorf("read determinations to repeat: %w", err)
	}
	list := make([]eligibility.Determination, 0, len(rows))
	for i := range rows {
		d := rows[i].determination()
		refused := d.Outcome == "not_eligible" || d.Outcome == "needs_information"
		early := !d.DecidedAt.Before(before)
		again := p.Stage != recheck.Refusals && refused && !d.DecidedAt.Before(since) // the first stage looked at it
		nobody := d.Subject.Unknown || d.NIK == "" && d.Subject == eligibility.Subject{}
		if nobody || early || again {
			continue
		}
		list = append(list, d)
	}
	list, err = db.newestOnly(ctx, list)
	if err != nil {
		return nil, p, false, fmt.Errorf("find newer determinations: %w", err)
	}
	return list, next, last, nil
}

// Told implements recheck.Store.
func (db *DB) Told(ctx context.Context, ids []string) (map[string]recheck.Candidate, error) {
	rows, err := db.determinationsByID(ctx, ids)
	if err != nil {
		return nil, fmt.Errorf("read what people were told: %w", err)
	}
	list := make([]recheck.Candidate, len(rows))
	for i := range rows {
		list[i].Determination = rows[i].determination()
	}
	err = db.linkCandidates(ctx, list)
	if err != nil {
		return nil, fmt.Errorf("find cases of determinations: %w", err)
	}
	told := make(map[string]recheck.Candidate, len(list))
	for _, c := range list {
		told[c.ID] = c
	}
	return told, nil
}

// stageIDs gives the determinations of the next part of a stage, and the key of its last one.
func (db *DB) stageIDs(ctx context.Context, p recheck.Position, since, before time.Time, limit int) (ids []string, after string, last bool, err error) {
	var keys []string
	switch p.Stage {
	case recheck.Refusals:
		err = db.reads().list(ctx, &keys, `SELECT id FROM determination
			WHERE regency_code = ? AND id > ? AND `+refusedOutcomes+` AND decided_at >= ? AND decided_at < ? ORDER BY id LIMIT ?`,
			db.regency, p.After, at(since), at(before), limit)
		ids = keys
	case recheck.OpenCases:
		args := append(append([]any{db.regency, p.After}, openStates()...), limit)
		err = db.reads().list(ctx, &keys, `SELECT id FROM complaint WHERE regency_code = ? AND id > ?
			AND state IN (`+marks(len(complaints.OpenStates))+`) ORDER BY id LIMIT ?`, args...)
		if err == nil {
			ids, err = db.newestChecks(ctx, keys)
		}
	case recheck.Listed:
		var rows []struct {
			ID  string `db:"id"`
			New string `db:"new_determination"`
		}
		err = db.reads().list(ctx, &rows, `SELECT id, new_determination FROM recheck_item
			WHERE regency_code = ? AND status = ? AND id > ? AND listed_at < ? ORDER BY id LIMIT ?`,
			db.regency, string(recheck.Open), p.After, at(before), limit)
		for _, r := range rows {
			keys, ids = append(keys, r.ID), append(ids, r.New)
		}
	}
	if err != nil {
		return nil, "", false, err
	}
	after = p.After
	if len(keys) > 0 {
		after = keys[len(keys)-1]
	}
	return ids, after, len(keys) < limit, nil
}

// newestChecks are the last determinations of each patient of the cases.
func (db *DB) newestChecks(ctx context.Context, cases []string) ([]string, error) {
	var ids []string
	err := inCrowds(cases, func(part []any) error {
		var some []string
		err := db.reads().list(ctx, &some, `SELECT k.determination_id FROM complaint_check k
			WHERE k.regency_code = ? AND k.complaint_id IN (`+marks(len(part))+`)
				AND k.event_seq = (SELECT MAX(m.event_seq) FROM complaint_check m WHERE m.regency_code = k.regency_code
					AND m.complaint_id = k.complaint_id AND m.patient = k.patient)`, append([]any{db.regency}, part...)...)
		ids = append(ids, some...)
		return err
	})
	return ids, err
}

// askedRow is of a determination what it takes to make it again.
type askedRow struct {
	ID        string                        `db:"id"`
	NIK       string                        `db:"nik"`
	Outcome   policy.Outcome                `db:"outcome"`
	DecidedAt stamp                         `db:"decided_at"`
	DecidedBy string                        `db:"decided_by"`
	Subject   jsonText[eligibility.Subject] `db:"subject"`
	Facts     askedText                     `db:"facts"`
}

func (r *askedRow) determination() eligibility.Determination {
	return eligibility.Determination{
		ID: r.ID, NIK: eligibility.NIK(r.NIK), Subject: r.Subject.V, Decision: policy.Decision{Outcome: r.Outcome},
		Facts: r.Facts.V.Facts(), DecidedAt: r.DecidedAt.time(), DecidedBy: r.DecidedBy,
	}
}

// askedByID reads each of the determinations once, whatever the order.
func (db *DB) askedByID(ctx context.Context, ids []string) ([]askedRow, error) {
	ids = slices.Compact(slices.Sorted(slices.Values(ids))) // two cases may know one check
	all := make([]askedRow, 0, len(ids))
	err := inCrowds(ids, func(part []any) error {
		var rows []askedRow
		err := db.reads().list(ctx, &rows, `SELECT id, nik, outcome, decided_at, decided_by, subject, facts FROM determination
			WHERE regency_code = ? AND id IN (`+marks(len(part))+`) ORDER BY id`, append([]any{db.regency}, part...)...)
		all = append(all, rows...)
		return err
	})
	return all, err
}

func (db *DB) determinationsByID(ctx context.Context, ids []string) ([]determinationRow, error) {
	all := make([]determinationRow, 0, len(ids))
	err := inCrowds(ids, func(part []any) error {
		var rows []determinationRow
		err := db.reads().list(ctx, &rows, `SELECT `+determinationColumns+` FROM determination
			WHERE regency_code = ? AND id IN (`+marks(len(part))+`) ORDER BY id`, append([]any{db.regency}, part...)...)
		all = append(all, rows...)
		return err
	})
	return all, err
}

// sibling is another determination of the person of a candidate.
type sibling struct {
	Key       string `db:"person"`
	ID        string `db:"id"`
	DecidedAt stamp  `db:"decided_at"`
}

func (s sibling) newer(d eligibility.Determination) bool {
	t := s.DecidedAt.time()
	return t.After(d.DecidedAt) || t.Equal(d.DecidedAt) && s.ID > d.ID
}

// newestOnly leaves those after which the same person was not checked again for the same need.
func (db *DB) newestOnly(ctx context.Context, list []eligibility.Determination) ([]eligibility.Determination, error) {
	siblings, err := db.siblings(ctx, list)
	if err != nil {
		return nil, err
	}
	var asked []string
	for _, d := range list {
		for _, s := range siblings[personText(d)] {
			if s.newer(d) {
				asked = append(asked, s.ID)
			}
		}
	}
	needs, err := db.needsOf(ctx, asked)
	if err != nil {
		return nil, err
	}
	var newest []eligibility.Determination
	for _, d := range list {
		overtaken := false
		for _, s := range siblings[personText(d)] {
			overtaken = overtaken || s.newer(d) && needs[s.ID] == d.Facts.Need
		}
		if !overtaken {
			newest = append(newest, d)
		}
	}
	return newest, nil
}

// personText is by what determinations of one person find each other: the NIK, or else the subject
// as it is stored.
func personText(d eligibility.Determination) string {
	if d.NIK != "" {
		return string(d.NIK)
	}
	text, err := asJSON(d.Subject).Value()
	if err != nil {
		return d.ID
	}
	s, _ := text.(string)
	return s
}

func (db *DB) siblings(ctx context.Context, list []eligibility.Determination) (map[string][]sibling, error) {
	var niks, subjects []string
	for _, d := range list {
		if d.NIK != "" {
			niks = append(niks, string(d.NIK))
		} else {
			subjects = append(subjects, personText(d))
		}
	}
	found := map[string][]sibling{}
	since := earliest(list)
	read := func(column, condition string) func(part []any) error {
		return func(part []any) error {
			var rows []sibling
			err := db.reads().list(ctx, &rows, `SELECT `+column+` AS person, id, decided_at FROM determination
				WHERE regency_code = ? AND decided_at >= ? AND `+condition+column+` IN (`+marks(len(part))+`)`,
				append([]any{db.regency, at(since)}, part...)...)
			for _, r := range rows {
				found[r.Key] = append(found[r.Key], r)
			}
			return err
		}
	}
	often, err := db.checkedOften(ctx, niks, since)
	if err != nil {
		return nil, err
	}
	err = inCrowds(often, read(`nik`, `nik <> '' AND `))
	if err != nil {
		return nil, err
	}
	return found, inCrowds(subjects, read(`subject`, `nik = '' AND `))
}

// earliest is when the first of the determinations was made: what was made before overtakes none of them.
func earliest(list []eligibility.Determination) time.Time {
	var first time.Time
	for _, d := range list {
		if first.IsZero() || d.DecidedAt.Before(first) {
			first = d.DecidedAt
		}
	}
	return first
}

// checkedOften leaves those who were checked more than once since a moment, which the index knows alone. Most
// were not.
func (db *DB) checkedOften(ctx context.Context, niks []string, since time.Time) ([]string, error) {
	var often []string
	err := inCrowds(niks, func(part []any) error {
		var some []string
		err := db.reads().list(ctx, &some, `SELECT nik FROM determination
			WHERE regency_code = ? AND decided_at >= ? AND nik <> '' AND nik IN (`+marks(len(part))+`) GROUP BY nik HAVING COUNT(*) > 1`,
			append([]any{db.regency, at(since)}, part...)...)
		often = append(often, some...)
		return err
	})
	return often, err
}

// needsOf reads for which need each determination was made.
func (db *DB) needsOf(ctx context.Context, ids []string) (map[string]string, error) {
	needs := map[string]string{}
	err := inCrowds(ids, func(part []any) error {
		var rows []struct {
			ID    string `db:"id"`
			Facts jsonText[struct {
				Need string `json:"need"`
			}] `db:"facts"`
		}
		err := db.reads().list(ctx, &rows, `SELECT id, facts FROM determination
			WHERE regency_code = ? AND id IN (`+marks(len(part))+`)`, append([]any{db.regency}, part...)...)
		for _, r := range rows {
			needs[r.ID] = r.Facts.V.Need
		}
		return err
	})
	return needs, err
}

// candidateLink is where a determination belongs.
type candidateLink struct {
	Determination string `db:"determination"`
	Complaint     string `db:"complaint_id"`
	Patient       int    `db:"patient"`
	Unit          string `db:"unit"`
	AskedBy       string `db:"asked_by"`
}

// linkCandidates says of each which case it was made in and which unit it concerns: by the newest
// case that knows it; what the system made itself by the item that it was made for.
func (db *DB) linkCandidates(ctx context.Context, list []recheck.Candidate) error {
	if len(list) == 0 {
		return nil
	}
	ids := make([]string, len(list))
	for i, c := range list {
		ids[i] = c.ID
	}
	links := map[string]candidateLink{}
	for _, query := range []string{
		`SELECT new_determination AS determination, complaint_id, patient, unit, asked_by FROM recheck_item
			WHERE regency_code = ? AND new_determination IN (%s) ORDER BY id`,
		`SELECT k.determination_id AS determination, c.id AS complaint_id, k.patient, c.unit, '' AS asked_by
			FROM complaint_check k JOIN complaint c ON c.regency_code = k.regency_code AND c.id = k.complaint_id
			WHERE k.regency_code = ? AND k.determination_id IN (%s) ORDER BY c.id`,
	} {
		err := inCrowds(ids, func(part []any) error {
			var rows []candidateLink
			err := db.reads().list(ctx, &rows, fmt.Sprintf(query, marks(len(part))), append([]any{db.regency}, part...)...)
			for _, r := range rows {
				links[r.Determination] = r
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	units, err := db.unitsOfStaff(ctx)
	if err != nil {
		return err
	}
	for i := range list {
		c := &list[i]
		l := links[c.ID]
		c.Complaint, c.Patient, c.Unit, c.AskedBy = l.Complaint, l.Patient, l.Unit, l.AskedBy
		if c.AskedBy == "" {
			c.AskedBy = c.DecidedBy
		}
		if c.Unit == "" {
			c.Unit = units[c.AskedBy]
		}
	}
	return nil
}

func (db *DB) unitsOfStaff(ctx context.Context) (map[string]string, error) {
	var rows []struct {
		User string `db:"user_name"`
		Unit string `db:"unit"`
	}
	err := db.reads().list(ctx, &rows, `SELECT user_name, COALESCE(unit, '') AS unit FROM staff WHERE regency_code = ?`, db.regency)
	units := map[string]string{}
	for _, r := range rows {
		units[r.User] = r.Unit
	}
	return units, err
}
