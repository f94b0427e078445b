package storage

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"layak/eligibility"
	"layak/internal/audit"
	"layak/policy"
)

var _ eligibility.Determinations = (*DB)(nil)

const determinationColumns = `id, nik, revision, engine, decided_at, decided_by, purpose, subject, decision, facts, registry, warnings`

type determinationRow struct {
	ID        string                        `db:"id"`
	NIK       string                        `db:"nik"`
	Revision  string                        `db:"revision"`
	Engine    string                        `db:"engine"`
	DecidedAt stamp                         `db:"decided_at"`
	DecidedBy string                        `db:"decided_by"`
	Purpose   string                        `db:"purpose"`
	Subject   jsonText[eligibility.Subject] `db:"subject"`
	Decision  jsonText[policy.Decision]     `db:"decision"`
	Facts     factsText                     `db:"facts"`
	Registry  jsonText[eligibility.State]   `db:"registry"`
	Warnings  jsonText[[]string]            `db:"warnings"`
}

// factsText is jsonText for facts, of which the values on papers have no fixed type: a whole
// number comes back as the int that went in, so that a replay sees what the check saw.
type factsText struct{ V policy.Input }

// Scan reads the JSON.
func (f *factsText) Scan(v any) error {
	err := scanFacts(v, &f.V)
	if err != nil {
		return err
	}
	return wholeNumbers(f.V.Evidence)
}

// scanFacts reads JSON with numbers as they are written.
func scanFacts(v, into any) error {
	b, ok := v.([]byte)
	if !ok {
		text, isText := v.(string)
		if !isText {
			return fmt.Errorf("read facts: column holds %T", v)
		}
		b = []byte(text)
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	return d.Decode(into)
}

// wholeNumbers turns the numbers on papers into the ints that went in.
func wholeNumbers(papers []policy.Evidence) error {
	for _, e := range papers {
		for name, value := range e.Facts {
			number, ok := value.(json.Number)
			if !ok {
				continue
			}
			n, err := number.Int64()
			if err != nil {
				return err
			}
			e.Facts[name] = int(n)
		}
	}
	return nil
}

func (r *determinationRow) determination() eligibility.Determination {
	return eligibility.Determination{
		ID: r.ID, NIK: eligibility.NIK(r.NIK), Subject: r.Subject.V, Decision: r.Decision.V, Facts: r.Facts.V,
		Revision: r.Revision, Engine: r.Engine, Registry: r.Registry.V, DecidedAt: r.DecidedAt.time(),
		DecidedBy: r.DecidedBy, Purpose: r.Purpose, Warnings: r.Warnings.V,
	}
}

// SaveDetermination implements eligibility.Determinations.
func (db *DB) SaveDetermination(ctx context.Context, d eligibility.Determination, e audit.Entry) error {
	err := db.writeAtOnce(ctx, func(t *tx) error {
		row := db.determinationInsert(d)
		_, err := t.exec(ctx, row.query, row.args...)
		if err != nil {
			return err
		}
		return t.record(ctx, e)
	})
	if err != nil {
		return fmt.Errorf("save determination %s: %w", d.ID, err)
	}
	return nil
}

// determinationInserted are the columns of determinationValues.
var determinationInserted = strings.Split(`regency_code, outcome, service_advice, `+determinationColumns, ", ")

func (db *DB) determinationInsert(d eligibility.Determination) statement {
	return statement{`INSERT INTO determination (regency_code, outcome, service_advice, ` + determinationColumns + `)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, db.determinationValues(d)}
}

func (db *DB) determinationValues(d eligibility.Determination) []any {
	return []any{
		db.regency, string(d.Outcome), string(d.Advice), d.ID, string(d.NIK), d.Revision, d.Engine, at(d.DecidedAt),
		d.DecidedBy, d.Purpose, asJSON(d.Subject), asJSON(d.Decision), asJSON(d.Facts), asJSON(d.Registry), asJSON(d.Warnings)}
}

// Determination implements eligibility.Determinations.
func (db *DB) Determination(ctx context.Context, id string) (eligibility.Determination, error) {
	var row determinationRow
	err := db.reads().get(ctx, &row, `SELECT `+determinationColumns+` FROM determination WHERE regency_code = ? AND id = ?`,
		db.regency, id)
	if err != nil {
		return eligibility.Determination{}, missing(err, "determination_not_found", "Hasil cek dengan nomor itu tidak ada.")
	}
	return row.determination(), nil
}

// DeterminationsOf implements eligibility.Determinations.
func (db *DB) DeterminationsOf(ctx context.Context, nik eligibility.NIK, limit int) ([]eligibility.Determination, error) {
	if limit <= 0 {
		limit = 1 << 30
	}
	if nik == "" {
		return nil, nil
	}
	var rows []determinationRow
	err := db.reads().list(ctx, &rows, `SELECT `+determinationColumns+` FROM determination
		WHERE regency_code = ? AND nik = ? ORDER BY decided_at DESC, id DESC LIMIT ?`, db.regency, string(nik), limit)
	if err != nil {
		return nil, fmt.Errorf("list determinations: %w", err)
	}
	out := make([]eligibility.Determination, len(rows))
	for i := range rows {
		out[i] = rows[i].determination()
	}
	return out, nil
}
