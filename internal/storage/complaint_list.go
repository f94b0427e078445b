package storage

import (
	"context"
	"strings"

	"layak/complaints"
	"layak/internal/area"
)

// scopeClause limits a query on "complaint c" to what the scope sees.
func scopeClause(s complaints.Scope) (clause string, args []any) {
	if s.All {
		return "", nil
	}
	var parts []string
	if s.Actor != "" {
		parts, args = append(parts, `c.filed_by = ?`), append(args, s.Actor)
	}
	if s.Unit != "" {
		parts, args = append(parts, `c.unit = ?`, `c.filed_unit = ?`), append(args, s.Unit, s.Unit)
	}
	if len(s.Areas) > 0 {
		parts = append(parts, `EXISTS (SELECT 1 FROM complaint_area a
			WHERE a.regency_code = c.regency_code AND a.complaint_id = c.id AND a.area IN (`+marks(len(s.Areas))+`))`)
		for _, a := range s.Areas {
			args = append(args, string(a))
		}
	}
	if len(parts) == 0 {
		return ` AND 1 = 0`, nil
	}
	return ` AND (` + strings.Join(parts, ` OR `) + `)`, args
}

// marks are n question marks for a list.
func marks(n int) string { return strings.TrimSuffix(strings.Repeat("?, ", n), ", ") }

// filterClause turns a filter into conditions on "complaint c".
func (db *DB) filterClause(f complaints.Filter, s complaints.Scope) (clause string, args []any) {
	var b strings.Builder
	b.WriteString(` WHERE c.regency_code = ?`)
	args = append(args, db.regency)
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
	if f.NIK != "" {
		b.WriteString(` AND EXISTS (SELECT 1 FROM complaint_patient n
			WHERE n.regency_code = c.regency_code AND n.complaint_id = c.id AND n.nik = ?)`)
		args = append(args, string(f.NIK))
	}
	where, more := scopeClause(s)
	b.WriteString(where)
	return b.String(), append(args, more...)
}

type lineRow struct {
	Ticket      complaints.Ticket `db:"ticket"`
	State       complaints.State  `db:"state"`
	Version     int               `db:"version"`
	Channel     string            `db:"channel"`
	Matter      string            `db:"matter"`
	Need        string            `db:"need"`
	Unit        string            `db:"unit"`
	Staff       string            `db:"staff"`
	Village     area.Code         `db:"village"`
	Name        string            `db:"name"`
	NIK         string            `db:"nik"`
	PatientArea area.Code         `db:"patient_area"`
	Patients    int               `db:"patients"`
	FiledAt     stamp             `db:"filed_at"`
	UpdatedAt   stamp             `db:"updated_at"`
}

// Complaints lists what the filter finds in the scope.
func (db *DB) Complaints(ctx context.Context, f complaints.Filter, s complaints.Scope) ([]complaints.Line, error) {
	where, args := db.filterClause(f, s)
	if f.After != "" {
		where += ` AND c.id < (SELECT k.id FROM complaint k WHERE k.regency_code = ? AND k.ticket = ?)`
		args = append(args, db.regency, f.After)
	}
	order := ` ORDER BY c.id DESC`
	if f.Queue {
		order = ` ORDER BY CASE WHEN c.need = 'emergency' THEN 0 ELSE 1 END, c.id`
	}
	var rows []lineRow
	err := db.reads().list(ctx, &rows, `SELECT c.ticket, c.state, c.version, c.channel, c.matter, c.need, c.unit, c.staff,
			c.village, c.filed_at, c.updated_at,
			COALESCE(p.name, '') AS name, COALESCE(p.nik, '') AS nik, COALESCE(p.village, '') AS patient_area,
			(SELECT COUNT(*) FROM complaint_patient m WHERE m.regency_code = c.regency_code AND m.complaint_id = c.id) AS patients
		FROM complaint c
		LEFT JOIN complaint_patient p ON p.regency_code = c.regency_code AND p.complaint_id = c.id AND p.no = 1`+
		where+order+` LIMIT ?`, append(args, f.Limit)...)
	if err != nil {
		return nil, err
	}
	lines := make([]complaints.Line, len(rows))
	for i, r := range rows {
		lines[i] = complaints.Line{
			Ticket: r.Ticket, State: r.State, Version: r.Version, Channel: r.Channel, Matter: r.Matter, Need: r.Need,
			Unit: r.Unit, Staff: r.Staff, Village: r.PatientArea, Name: r.Name, NIK: r.NIK, Patients: r.Patients,
			FiledAt: r.FiledAt.time(), UpdatedAt: r.UpdatedAt.time(),
		}
		if r.PatientArea == "" {
			lines[i].Village = r.Village
		}
	}
	return lines, nil
}

// CountComplaints counts what the filter finds in the scope, After and Limit aside.
func (db *DB) CountComplaints(ctx context.Context, f complaints.Filter, s complaints.Scope) (int, error) {
	where, args := db.filterClause(f, s)
	var n int
	err := db.reads().get(ctx, &n, `SELECT COUNT(*) FROM complaint c`+where, args...)
	return n, err
}
