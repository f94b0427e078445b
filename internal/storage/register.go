package storage

import (
	"context"
	"encoding/json"
	"fmt"
	"io"

	"layak/complaints"
	"layak/complaints/register"
	"layak/internal/audit"
)

var _ register.Store = (*DB)(nil)

var registerChunks = chunks{"register_chunk", "register_id"}

// lastWordSQL is the seq of the newest word of the other system about complaint c.
const lastWordSQL = `(SELECT MAX(x.seq) FROM complaint_event x
	WHERE x.regency_code = c.regency_code AND x.complaint_id = c.id AND x.type = 'source')`

// Sourced implements register.Store.
func (db *DB) Sourced(ctx context.Context, source string, numbers []string) (map[string]register.Sourced, error) {
	known := map[string]register.Sourced{}
	if len(numbers) == 0 {
		return known, nil
	}
	query, args, err := inList(`SELECT c.source_number, c.ticket, c.state, COALESCE(e.data, '') AS data FROM complaint c
		LEFT JOIN complaint_event e ON e.regency_code = c.regency_code AND e.complaint_id = c.id AND e.seq = `+lastWordSQL+`
		WHERE c.regency_code = ? AND c.source = ? AND c.source_number <> '' AND c.source_number IN (?)`, db.regency, source, numbers)
	if err != nil {
		return nil, err
	}
	var rows []struct {
		Number string            `db:"source_number"`
		Ticket complaints.Ticket `db:"ticket"`
		State  complaints.State  `db:"state"`
		Data   string            `db:"data"`
	}
	err = db.reads().list(ctx, &rows, query, args...)
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		said, err := sourceData(r.Data)
		if err != nil {
			return nil, err
		}
		known[r.Number] = register.Sourced{Ticket: r.Ticket, State: r.State, Row: said.Row}
	}
	return known, nil
}

func sourceData(text string) (complaints.SourceData, error) {
	var d complaints.SourceData
	if text == "" {
		return d, nil
	}
	err := json.Unmarshal([]byte(text), &d)
	if err != nil {
		return d, fmt.Errorf("read data of event source: %w", err)
	}
	return d, nil
}

// handoverSQL dresses every case of a source with what the other system wants to know. The answer is
// the newest text that the citizen may read.
const handoverSQL = `SELECT c.source_number, c.ticket, c.title, c.state, c.unit, c.filed_at, c.updated_at,
		COALESCE(w.data, '') AS data, COALESCE(a.note, '') AS answer,
		COALESCE((SELECT d.decision FROM complaint_resolution d
			WHERE d.regency_code = c.regency_code AND d.complaint_id = c.id ORDER BY d.id DESC LIMIT 1), '') AS decision,
		(SELECT MIN(f.at) FROM complaint_event f WHERE f.regency_code = c.regency_code AND f.complaint_id = c.id
			AND f.type IN ('answer', 'wait', 'resolve', 'forward', 'reject')) AS first_at,
		(SELECT MAX(n.at) FROM complaint_event n WHERE n.regency_code = c.regency_code AND n.complaint_id = c.id
			AND n.to_state = c.state AND n.from_state <> n.to_state) AS ended_at
	FROM complaint c
	LEFT JOIN complaint_event w ON w.regency_code = c.regency_code AND w.complaint_id = c.id AND w.seq = ` + lastWordSQL + `
	LEFT JOIN complaint_event a ON a.regency_code = c.regency_code AND a.complaint_id = c.id AND a.seq =
		(SELECT MAX(y.seq) FROM complaint_event y WHERE y.regency_code = c.regency_code AND y.complaint_id = c.id
			AND y.type IN ('answer', 'resolve', 'reject', 'forward') AND y.public)
	WHERE c.regency_code = ? AND c.source = ? AND c.source_number <> ''`

// HandoverLines implements register.Store.
func (db *DB) HandoverLines(ctx context.Context, source string, s complaints.Scope) ([]register.Line, error) {
	where, args := db.scopeClause(s)
	var rows []struct {
		Number   string            `db:"source_number"`
		Ticket   complaints.Ticket `db:"ticket"`
		Title    string            `db:"title"`
		State    complaints.State  `db:"state"`
		Unit     string            `db:"unit"`
		FiledAt  stamp             `db:"filed_at"`
		Updated  stamp             `db:"updated_at"`
		Data     string            `db:"data"`
		Answer   string            `db:"answer"`
		Decision string            `db:"decision"`
		FirstAt  *stamp            `db:"first_at"`
		EndedAt  *stamp            `db:"ended_at"`
	}
	err := db.reads().list(ctx, &rows, handoverSQL+where+` ORDER BY c.id`, append([]any{db.regency, source}, args...)...)
	if err != nil {
		return nil, err
	}
	lines := make([]register.Line, len(rows))
	for i, r := range rows {
		said, err := sourceData(r.Data)
		if err != nil {
			return nil, err
		}
		lines[i] = register.Line{
			Number: r.Number, Ticket: r.Ticket, Title: r.Title, State: r.State, Theirs: said.Word, Category: said.Category,
			Unit: r.Unit, Answer: r.Answer, Decision: r.Decision, FiledAt: r.FiledAt.time(), ChangeAt: r.Updated.time(),
			FirstAt: r.FirstAt.timeOrNil(),
		}
		if !r.State.Open() {
			lines[i].EndedAt = r.EndedAt.timeOrNil()
		}
	}
	return lines, nil
}

type registerRow struct {
	ID        string                      `db:"id"`
	Name      string                      `db:"name"`
	Size      int64                       `db:"size"`
	Stage     string                      `db:"stage"`
	Options   jsonText[register.Options]  `db:"options"`
	Columns   jsonText[map[string]string] `db:"columns_json"`
	Result    jsonText[register.Result]   `db:"result"`
	CreatedAt stamp                       `db:"created_at"`
	CreatedBy string                      `db:"created_by"`
	ExpiresAt stamp                       `db:"expires_at"`
}

func (r registerRow) upload() register.Upload {
	return register.Upload{
		ID: r.ID, Name: r.Name, Size: r.Size, Stage: r.Stage, Options: r.Options.V, Map: r.Columns.V, Result: r.Result.V,
		CreatedAt: r.CreatedAt.time(), CreatedBy: r.CreatedBy, ExpiresAt: r.ExpiresAt.time(),
	}
}

const registerColumns = `id, name, size, stage, options, columns_json, result, created_at, created_by, expires_at`

// AddRegister implements register.Loads.
func (db *DB) AddRegister(ctx context.Context, u register.Upload, rejects []register.Reject, body io.ReaderAt, e audit.Entry) error {
	return db.write(ctx, func(t *tx) error {
		_, err := t.exec(ctx, `INSERT INTO register_upload (regency_code, `+registerColumns+`) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			db.regency, u.ID, u.Name, u.Size, u.Stage, asJSON(u.Options), asJSON(u.Map), asJSON(u.Result), at(u.CreatedAt),
			u.CreatedBy, at(u.ExpiresAt))
		if err != nil {
			return err
		}
		part := make([]byte, register.PartSize)
		for no := 0; int64(no)*register.PartSize < u.Size; no++ {
			from := int64(no) * register.PartSize
			n, err := io.ReadFull(io.NewSectionReader(body, from, min(register.PartSize, u.Size-from)), part[:min(register.PartSize, u.Size-from)])
			if err != nil {
				return fmt.Errorf("read register: %w", err)
			}
			err = registerChunks.add(ctx, t, u.ID, no, part[:n])
			if err != nil {
				return err
			}
		}
		err = t.registerRejects(ctx, u.ID, rejects)
		if err != nil {
			return err
		}
		return t.record(ctx, e)
	})
}

func (t *tx) registerRejects(ctx context.Context, id string, rejects []register.Reject) error {
	_, err := t.exec(ctx, `DELETE FROM register_reject WHERE regency_code = ? AND register_id = ?`, t.db.regency, id)
	if err != nil || len(rejects) == 0 {
		return err
	}
	rows := make([][]any, len(rejects))
	for i, r := range rejects {
		rows[i] = []any{t.db.regency, id, i, r.File, r.Sheet, r.Row, r.Column, r.Value, r.Code, r.Reason}
	}
	return t.db.dialect.bulk(ctx, t, "register_reject", []string{
		"regency_code", "register_id", "position", "file", "sheet", "row_number", "column_name", "value", "code", "reason",
	}, rows)
}

// Register implements register.Loads.
func (db *DB) Register(ctx context.Context, id string) (register.Upload, error) {
	var r registerRow
	err := db.reads().get(ctx, &r, `SELECT `+registerColumns+` FROM register_upload WHERE regency_code = ? AND id = ?`, db.regency, id)
	return r.upload(), missing(err, "register_unknown", "Register ini tidak ada lagi. Unggah berkasnya sekali lagi.")
}

// Registers implements register.Loads.
func (db *DB) Registers(ctx context.Context, limit int) ([]register.Upload, error) {
	var rows []registerRow
	err := db.reads().list(ctx, &rows, `SELECT `+registerColumns+` FROM register_upload WHERE regency_code = ? ORDER BY id DESC LIMIT ?`, db.regency, limit)
	all := make([]register.Upload, len(rows))
	for i, r := range rows {
		all[i] = r.upload()
	}
	return all, err
}

// RegisterPart implements register.Loads.
func (db *DB) RegisterPart(ctx context.Context, id string, no int) ([]byte, error) {
	return registerChunks.part(ctx, db, id, no)
}

// RegisterRejects implements register.Loads.
func (db *DB) RegisterRejects(ctx context.Context, id string, limit int) ([]register.Reject, error) {
	if limit <= 0 {
		limit = 1 << 30
	}
	var rows []struct {
		File   string `db:"file"`
		Sheet  string `db:"sheet"`
		Row    int    `db:"row_number"`
		Column string `db:"column_name"`
		Value  string `db:"value"`
		Code   string `db:"code"`
		Reason string `db:"reason"`
	}
	err := db.reads().list(ctx, &rows, `SELECT file, sheet, row_number, column_name, value, code, reason FROM register_reject
		WHERE regency_code = ? AND register_id = ? ORDER BY position LIMIT ?`, db.regency, id, limit)
	list := make([]register.Reject, len(rows))
	for i, r := range rows {
		list[i] = register.Reject(r)
	}
	return list, err
}

// EndRegister implements register.Loads.
func (db *DB) EndRegister(ctx context.Context, u register.Upload, rejects []register.Reject, e audit.Entry) error {
	return db.write(ctx, func(t *tx) error {
		_, err := t.exec(ctx, `UPDATE register_upload SET stage = ?, result = ?, options = ? WHERE regency_code = ? AND id = ?`,
			u.Stage, asJSON(u.Result), asJSON(u.Options), db.regency, u.ID)
		if err != nil {
			return err
		}
		err = registerChunks.drop(ctx, t, u.ID)
		if err != nil {
			return err
		}
		err = t.registerRejects(ctx, u.ID, rejects)
		if err != nil {
			return err
		}
		return t.record(ctx, e)
	})
}

// DropRegister implements register.Loads.
func (db *DB) DropRegister(ctx context.Context, id string, e audit.Entry) error {
	return db.write(ctx, func(t *tx) error {
		err := registerChunks.drop(ctx, t, id)
		if err != nil {
			return err
		}
		for _, table := range []string{"register_reject", "register_upload"} {
			column := "register_id"
			if table == "register_upload" {
				column = "id"
			}
			_, err = t.exec(ctx, `DELETE FROM `+table+` WHERE regency_code = ? AND `+column+` = ?`, db.regency, id)
			if err != nil {
				return err
			}
		}
		return t.record(ctx, e)
	})
}
