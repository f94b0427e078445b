package storage

import (
	"context"
	"maps"
	"slices"
	"strings"

	"layak/complaints"
	"layak/internal/area"
)

// scopePart is one reason why cases are in a scope: FROM tells where they are found, column where
// their ids stand there, in an order that an index gives.
type scopePart struct {
	from, column, where string
	args                []any
}

// scopeParts are all of them; whoever is in one is in the scope.
func (db *DB) scopeParts(s complaints.Scope) []scopePart {
	var parts []scopePart
	add := func(from, column, condition, value string) {
		if value != "" {
			parts = append(parts, scopePart{from, column, condition, []any{db.regency, value}})
		}
	}
	add(`complaint`, `id`, `filed_by`, s.Actor)
	add(`complaint`, `id`, `unit`, s.Unit)
	add(`complaint`, `id`, `filed_unit`, s.Unit)
	// Whoever has, or had, something to do in a case works on it.
	add(`complaint_task`, `complaint_id`, `unit`, s.Unit)
	for _, a := range s.Areas {
		add(`complaint_area`, `complaint_id`, `area`, string(a))
	}
	return parts
}

// scopeClause limits a query on "complaint c" to what the scope sees. It names the ids, so that the
// work grows with the cases of the desk and not with those of the regency.
func (db *DB) scopeClause(s complaints.Scope) (clause string, args []any) {
	if s.All {
		return "", nil
	}
	var parts []string
	for _, p := range db.scopeParts(s) {
		parts = append(parts, `SELECT `+p.column+` FROM `+p.from+` WHERE regency_code = ? AND `+p.where+` = ?`)
		args = append(args, p.args...)
	}
	if len(parts) == 0 {
		return ` AND 1 = 0`, nil
	}
	return ` AND c.id IN (` + strings.Join(parts, ` UNION ALL `) + `)`, args
}

// newestClause names the ids of the newest cases that the filter finds in the scope: the newest of
// every part of the scope, each read from its own index, so that a page costs the same however many
// cases the desk has. What a desk has or filed is found state by state: those indexes have the state
// before the id, because most lists ask for the few open cases.
func (db *DB) newestClause(f complaints.Filter, s complaints.Scope) (clause string, args []any) {
	filter, with := db.filterOnly(f)
	states := f.States
	if len(states) == 0 {
		states = complaints.States
	}
	var parts []string
	add := func(from, id string, values ...any) {
		part := `SELECT n.id FROM (SELECT c.id FROM ` + from
		args = append(args, values...)
		if f.After != "" {
			part += ` AND ` + id + ` < (SELECT k.id FROM complaint k WHERE k.regency_code = ? AND k.ticket = ?)`
			args = append(args, db.regency, f.After)
		}
		parts = append(parts, part+filter+` ORDER BY `+id+` DESC LIMIT ?) n`)
		args = append(append(args, with...), f.Limit)
	}
	for _, p := range db.scopeParts(s) {
		if p.from != `complaint` {
			add(p.from+` s CROSS JOIN complaint c WHERE s.regency_code = ? AND s.`+p.where+` = ?
				AND c.regency_code = s.regency_code AND c.id = s.`+p.column, `s.`+p.column, p.args...)
			continue
		}
		for _, state := range states {
			add(`complaint c WHERE c.regency_code = ? AND c.`+p.where+` = ? AND c.state = ?`, `c.id`, p.args[0], p.args[1], string(state))
		}
	}
	if len(parts) == 0 {
		return `SELECT c.id FROM complaint c WHERE 1 = 0`, nil
	}
	return strings.Join(parts, ` UNION `) + ` ORDER BY 1 DESC LIMIT ?`, append(args, f.Limit)
}

// caseClause limits a query that finds one "complaint c" to what the scope sees. It asks the case, so
// that the work does not grow with the cases of the desk.
func caseClause(s complaints.Scope) (clause string, args []any) {
	if s.All {
		return "", nil
	}
	var parts []string
	of := func(condition, value string) {
		if value != "" {
			parts = append(parts, condition)
			args = append(args, value)
		}
	}
	of(`c.filed_by = ?`, s.Actor)
	of(`c.unit = ?`, s.Unit)
	of(`c.filed_unit = ?`, s.Unit)
	of(`EXISTS (SELECT 1 FROM complaint_task k WHERE k.regency_code = c.regency_code AND k.complaint_id = c.id AND k.unit = ?)`, s.Unit)
	if len(s.Areas) > 0 {
		parts = append(parts, `EXISTS (SELECT 1 FROM complaint_area a WHERE a.regency_code = c.regency_code AND a.complaint_id = c.id
			AND a.area IN (`+marks(len(s.Areas))+`))`)
		args = append(args, anys(s.Areas)...)
	}
	if len(parts) == 0 {
		return ` AND 1 = 0`, nil
	}
	return ` AND (` + strings.Join(parts, ` OR `) + `)`, args
}

// marks are n question marks for a list.
func marks(n int) string { return strings.TrimSuffix(strings.Repeat("?, ", n), ", ") }

// filterClause turns a filter and a scope into conditions on "complaint c".
func (db *DB) filterClause(f complaints.Filter, s complaints.Scope) (clause string, args []any) {
	filter, args := db.filterOnly(f)
	where, more := db.scopeFor(f, s)
	return ` WHERE c.regency_code = ?` + filter + where, slices.Concat([]any{db.regency}, args, more)
}

// scopeFor limits what a filter finds to the scope, in the cheapest way: what the scope's own unit has,
// or has to do, lies in it anyway; where the filter finds few, each is asked; else the ids are named.
func (db *DB) scopeFor(f complaints.Filter, s complaints.Scope) (clause string, args []any) {
	own := s.Unit != "" && (f.Unit == s.Unit || f.TaskUnit == s.Unit)
	few := f.Unit != "" || f.TaskUnit != "" || f.Staff != "" || f.Unassigned || f.Climbed != nil || f.NIK != "" || len(f.Tickets) > 0
	switch {
	case own:
		return "", nil
	case few:
		return caseClause(s)
	}
	return db.scopeClause(s)
}

// filterOnly turns a filter into conditions on "complaint c"; each begins with AND.
func (db *DB) filterOnly(f complaints.Filter) (clause string, args []any) {
	var b strings.Builder
	equal := func(column, value string) {
		if value != "" {
			b.WriteString(` AND ` + column + ` = ?`)
			args = append(args, value)
		}
	}
	if len(f.States) > 0 {
		b.WriteString(` AND c.state IN (` + marks(len(f.States)) + `)`)
		for _, state := range f.States {
			args = append(args, string(state))
		}
	}
	if len(f.Tickets) > 0 {
		b.WriteString(` AND c.ticket IN (` + marks(len(f.Tickets)) + `)`)
		for _, t := range f.Tickets {
			args = append(args, string(t))
		}
	}
	equal(`c.unit`, f.Unit)
	equal(`c.staff`, f.Staff)
	equal(`c.channel`, f.Channel)
	equal(`c.matter`, f.Matter)
	equal(`c.need`, f.Need)
	if f.Unassigned {
		b.WriteString(` AND c.unit = ''`)
	}
	if f.NotStaff != "" {
		b.WriteString(` AND c.staff <> ?`)
		args = append(args, f.NotStaff)
	}
	equal(`c.priority`, f.Priority)
	equal(`c.class`, f.Class)
	equal(`c.due_kind`, string(f.DueKind))
	if f.Escalated > 0 {
		b.WriteString(` AND c.escalated > 0 AND c.escalated >= ?`)
		args = append(args, f.Escalated)
	}
	if f.Climbed != nil {
		b.WriteString(` AND c.escalated > 0 AND (1 = 0`)
		for _, unit := range slices.Sorted(maps.Keys(f.Climbed)) {
			b.WriteString(` OR c.unit = ? AND c.escalated >= ?`)
			args = append(args, unit, f.Climbed[unit])
		}
		if f.ClimbedFiled != "" {
			b.WriteString(` OR c.filed_unit = ? AND NOT EXISTS (SELECT 1 FROM complaint_area a
				WHERE a.regency_code = c.regency_code AND a.complaint_id = c.id AND LENGTH(a.area) >= 8)`) // a district or smaller
			args = append(args, f.ClimbedFiled)
		}
		b.WriteString(`)`)
	}
	if f.TaskUnit != "" {
		b.WriteString(` AND c.id IN (SELECT complaint_id FROM complaint_task WHERE regency_code = ? AND unit = ? AND result = '')`)
		args = append(args, db.regency, f.TaskUnit)
	}
	if !f.DueFrom.IsZero() {
		b.WriteString(` AND c.due_at >= ?`)
		args = append(args, at(f.DueFrom))
	}
	if !f.DueBefore.IsZero() {
		b.WriteString(` AND c.due_at < ? AND c.due_kind NOT IN ('silence', 'number')`)
		args = append(args, at(f.DueBefore))
	}
	if !f.NotDueBefore.IsZero() {
		b.WriteString(` AND (c.due_at IS NULL OR c.due_at >= ? OR c.due_kind IN ('silence', 'number'))`)
		args = append(args, at(f.NotDueBefore))
	}
	if f.ByDue {
		b.WriteString(` AND c.due_at IS NOT NULL`)
	}
	if f.NIK != "" {
		b.WriteString(` AND c.id IN (SELECT complaint_id FROM complaint_patient WHERE regency_code = ? AND nik = ?)`)
		args = append(args, db.regency, string(f.NIK))
	}
	return b.String(), args
}

type lineRow struct {
	Ticket      complaints.Ticket    `db:"ticket"`
	State       complaints.State     `db:"state"`
	Version     int                  `db:"version"`
	Channel     string               `db:"channel"`
	Matter      string               `db:"matter"`
	Need        string               `db:"need"`
	Unit        string               `db:"unit"`
	Staff       string               `db:"staff"`
	Village     area.Code            `db:"village"`
	Name        string               `db:"name"`
	NIK         string               `db:"nik"`
	PatientArea area.Code            `db:"patient_area"`
	Patients    int                  `db:"patients"`
	FiledAt     stamp                `db:"filed_at"`
	UpdatedAt   stamp                `db:"updated_at"`
	Title       string               `db:"title"`
	Class       string               `db:"class"`
	Priority    string               `db:"priority"`
	DueAt       *stamp               `db:"due_at"`
	DueKind     complaints.ClockKind `db:"due_kind"`
	Escalated   int                  `db:"escalated"`
	Attention   bool                 `db:"attention"`
	// Clocks only of a case that waits for the citizen.
	Clocks jsonText[[]complaints.Clock] `db:"clocks"`
}

// lineColumns are what a list shows of a case c with its first patient p.
const lineColumns = `c.ticket, c.state, c.version, c.channel, c.matter, c.need, c.unit, c.staff,
	c.village, c.filed_at, c.updated_at, c.title, c.class, c.priority, c.due_at, c.due_kind, c.escalated, c.attention,
	CASE WHEN c.state = 'waiting_reporter' THEN c.clocks ELSE '[]' END AS clocks,
	COALESCE(p.name, '') AS name, COALESCE(p.nik, '') AS nik, COALESCE(p.village, '') AS patient_area,
	(SELECT COUNT(*) FROM complaint_patient m WHERE m.regency_code = c.regency_code AND m.complaint_id = c.id) AS patients`

func (r lineRow) line() complaints.Line {
	l := complaints.Line{
		Ticket: r.Ticket, State: r.State, Version: r.Version, Channel: r.Channel, Matter: r.Matter, Need: r.Need,
		Unit: r.Unit, Staff: r.Staff, Village: r.PatientArea, Name: r.Name, NIK: r.NIK, Patients: r.Patients,
		FiledAt: r.FiledAt.time(), UpdatedAt: r.UpdatedAt.time(), Title: r.Title, Class: r.Class, Priority: r.Priority,
		DueKind: r.DueKind, Escalated: r.Escalated, Attention: r.Attention,
	}
	if r.PatientArea == "" {
		l.Village = r.Village
	}
	if r.DueAt != nil {
		due := r.DueAt.time()
		l.DueAt = &due
	}
	l.WaitsFor(r.Clocks.V)
	return l
}

// Complaints lists what the filter finds in the scope.
func (db *DB) Complaints(ctx context.Context, f complaints.Filter, s complaints.Scope) ([]complaints.Line, error) {
	page, order, args := db.pageClause(f, s)
	var rows []lineRow
	// The page is chosen first; only its rows are dressed with the patient.
	err := db.reads().list(ctx, &rows, `SELECT `+lineColumns+`
		FROM complaint c
		LEFT JOIN complaint_patient p ON p.regency_code = c.regency_code AND p.complaint_id = c.id AND p.no = 1
		WHERE c.regency_code = ? AND c.id IN (`+page+`)`+order, append([]any{db.regency}, args...)...)
	if err != nil {
		return nil, err
	}
	return linesOf(rows), nil
}

// pageClause names the ids of one page, and its order.
func (db *DB) pageClause(f complaints.Filter, s complaints.Scope) (page, order string, args []any) {
	order = ` ORDER BY c.id DESC`
	behind := ` AND c.id < (SELECT k.id FROM complaint k WHERE k.regency_code = ? AND k.ticket = ?)`
	switch {
	case f.ByDue:
		order = ` ORDER BY c.due_at, c.id`
		behind = ` AND (c.due_at, c.id) > (SELECT k.due_at, k.id FROM complaint k WHERE k.regency_code = ? AND k.ticket = ?)`
	case f.Queue:
		order = ` ORDER BY ` + queueOrder(`c`)
		if f.Unit != "" || f.Staff != "" || f.Unassigned {
			// Few are found by their unit; read in the order of the index, SQLite would pass the whole regency.
			order = ` ORDER BY 0 + ` + queueOrder(`c`)
		}
		behind = ` AND (` + queueOrder(`c`) + `) > (SELECT ` + queueOrder(`k`) + ` FROM complaint k WHERE k.regency_code = ? AND k.ticket = ?)`
	case !s.All && f.Limit > 0:
		page, args = db.newestClause(f, s)
		return page, order, args
	}
	where, args := db.filterClause(f, s)
	if f.After != "" {
		where += behind
		args = append(args, db.regency, f.After)
	}
	return `SELECT c.id FROM complaint c` + where + order + ` LIMIT ?`, order, append(args, f.Limit)
}

// queueOrder is the order of a queue as a list of columns, none of them null.
func queueOrder(c string) string {
	return strings.ReplaceAll(`CASE WHEN c.need = 'emergency' OR c.priority = 'emergency' THEN 0 ELSE 1 END,
		CASE WHEN c.staff = '' THEN 0 ELSE 1 END, COALESCE(c.due_at, c.filed_at), c.id`, `c.`, c+`.`)
}

func linesOf(rows []lineRow) []complaints.Line {
	lines := make([]complaints.Line, len(rows))
	for i, r := range rows {
		lines[i] = r.line()
	}
	return lines
}

// CountComplaints counts what the filter finds in the scope, After and Limit aside.
func (db *DB) CountComplaints(ctx context.Context, f complaints.Filter, s complaints.Scope) (int, error) {
	where, args := db.filterClause(f, s)
	var n int
	err := db.reads().get(ctx, &n, `SELECT COUNT(*) FROM complaint c`+where, args...)
	return n, err
}
