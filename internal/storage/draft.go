package storage

import (
	"context"
	"fmt"
	"slices"

	"layak/internal/audit"
	"layak/internal/fault"
	"layak/policy/workbench"
)

var _ workbench.Store = (*DB)(nil)

const draftColumns = `id, name, base, version, state, note, editors, revision, origin, created_at, created_by, updated_at, updated_by`

type draftRow struct {
	ID        string             `db:"id"`
	Name      string             `db:"name"`
	Base      string             `db:"base"`
	Version   int                `db:"version"`
	State     string             `db:"state"`
	Note      string             `db:"note"`
	Editors   jsonText[[]string] `db:"editors"`
	Revision  string             `db:"revision"`
	Origin    string             `db:"origin"`
	CreatedAt stamp              `db:"created_at"`
	CreatedBy string             `db:"created_by"`
	UpdatedAt stamp              `db:"updated_at"`
	UpdatedBy string             `db:"updated_by"`
}

func (r *draftRow) draft() workbench.Draft {
	return workbench.Draft{
		ID: r.ID, Name: r.Name, Base: r.Base, Version: r.Version, State: workbench.DraftState(r.State), Note: r.Note,
		Editors: r.Editors.V, Hash: r.Revision, Origin: r.Origin, CreatedAt: r.CreatedAt.time(), CreatedBy: r.CreatedBy,
		UpdatedAt: r.UpdatedAt.time(), UpdatedBy: r.UpdatedBy,
	}
}

// AddDraft implements workbench.Store.
func (db *DB) AddDraft(ctx context.Context, d workbench.Draft, e audit.Entry) error {
	err := db.write(ctx, func(t *tx) error {
		_, err := t.exec(ctx, `INSERT INTO policy_draft (regency_code, `+draftColumns+`) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			db.regency, d.ID, d.Name, d.Base, d.Version, string(d.State), d.Note, asJSON(d.Editors), d.Hash, d.Origin,
			at(d.CreatedAt), d.CreatedBy, at(d.UpdatedAt), d.UpdatedBy)
		if err != nil {
			return err
		}
		for _, path := range d.Paths() {
			err = t.putDraftFile(ctx, d.ID, path, d.Files[path])
			if err != nil {
				return err
			}
		}
		return t.record(ctx, e)
	})
	if err != nil {
		return fmt.Errorf("add draft %s: %w", d.ID, err)
	}
	return nil
}

func (t *tx) putDraftFile(ctx context.Context, id, path string, content []byte) error {
	if content == nil {
		content = []byte{} // an empty file, not an absent one
	}
	_, err := t.exec(ctx, `INSERT INTO policy_draft_file (regency_code, draft_id, path, content) VALUES (?, ?, ?, ?)
		ON CONFLICT (regency_code, draft_id, path) DO UPDATE SET content = excluded.content`, t.db.regency, id, path, content)
	return err
}

// Draft implements workbench.Store.
func (db *DB) Draft(ctx context.Context, id string) (d workbench.Draft, err error) {
	err = db.read(ctx, func(t *tx) error {
		d, err = t.draft(ctx, id)
		return err
	})
	return d, err
}

func (x executor) draftRow(ctx context.Context, regency, id string) (workbench.Draft, error) {
	var row draftRow
	err := x.get(ctx, &row, `SELECT `+draftColumns+` FROM policy_draft WHERE regency_code = ? AND id = ?`, regency, id)
	if err != nil {
		return workbench.Draft{}, missing(err, "draft_not_found", "Konsep itu tidak ada.")
	}
	return row.draft(), nil
}

func (t *tx) draft(ctx context.Context, id string) (workbench.Draft, error) {
	d, err := t.draftRow(ctx, t.db.regency, id)
	if err != nil {
		return d, err
	}
	var files []struct {
		Path    string `db:"path"`
		Content []byte `db:"content"`
	}
	err = t.list(ctx, &files, `SELECT path, content FROM policy_draft_file WHERE regency_code = ? AND draft_id = ?`, t.db.regency, id)
	d.Files = make(map[string][]byte, len(files))
	for _, f := range files {
		d.Files[f.Path] = f.Content
	}
	return d, err
}

// Drafts implements workbench.Store.
func (db *DB) Drafts(ctx context.Context, open bool) ([]workbench.Draft, error) {
	query, args := `SELECT `+draftColumns+` FROM policy_draft WHERE regency_code = ?`, []any{db.regency}
	if open {
		query, args = query+` AND state = ?`, append(args, string(workbench.Open))
	}
	var rows []draftRow
	err := db.reads().list(ctx, &rows, query+` ORDER BY updated_at DESC, id DESC`, args...)
	if err != nil {
		return nil, fmt.Errorf("list drafts: %w", err)
	}
	out := make([]workbench.Draft, len(rows))
	for i := range rows {
		out[i] = rows[i].draft()
	}
	return out, nil
}

// SaveDraft implements workbench.Store.
func (db *DB) SaveDraft(ctx context.Context, id string, version int, by string, c workbench.Change, e audit.Entry) (d workbench.Draft, err error) {
	err = db.write(ctx, func(t *tx) error {
		d, err = t.moveDraft(ctx, id, version, by, workbench.Open, "", c)
		if err != nil {
			return err
		}
		for _, path := range c.Remove {
			_, err = t.exec(ctx, `DELETE FROM policy_draft_file WHERE regency_code = ? AND draft_id = ? AND path = ?`, db.regency, id, path)
			if err != nil {
				return err
			}
		}
		for path, content := range c.Put {
			err = t.putDraftFile(ctx, id, path, content)
			if err != nil {
				return err
			}
		}
		err = t.record(ctx, e)
		if err != nil {
			return err
		}
		d, err = t.draft(ctx, id)
		return err
	})
	if err != nil {
		return workbench.Draft{}, fmt.Errorf("save draft %s: %w", id, err)
	}
	return d, nil
}

// moveDraft brings an open draft from the version that was seen to the next one; whoever was faster
// is named.
func (t *tx) moveDraft(ctx context.Context, id string, version int, by string, to workbench.DraftState, hash string, c workbench.Change) (workbench.Draft, error) {
	d, err := t.draftRow(ctx, t.db.regency, id)
	if err != nil {
		return d, err
	}
	if d.State != workbench.Open || d.Version != version {
		return d, workbench.ErrDraftMoved(d)
	}
	if to != workbench.Withdrawn && !slices.Contains(d.Editors, by) { // who closes it has not written it
		d.Editors = append(d.Editors, by)
	}
	for part, text := range map[*string]*string{&d.Name: c.Name, &d.Note: c.Note, &d.Base: c.Base} {
		if text != nil {
			*part = *text
		}
	}
	n, err := t.exec(ctx, `UPDATE policy_draft SET name = ?, note = ?, base = ?, editors = ?, state = ?, revision = ?,
			version = version + 1, updated_at = ?, updated_by = ?
		WHERE regency_code = ? AND id = ? AND version = ? AND state = ?`,
		d.Name, d.Note, d.Base, asJSON(d.Editors), string(to), hash, at(t.now), by, t.db.regency, id, version, string(workbench.Open))
	if err != nil || n == 1 {
		return d, err
	}
	d, err = t.draftRow(ctx, t.db.regency, id) // somebody saved between the two statements
	if err != nil {
		return d, err
	}
	return d, workbench.ErrDraftMoved(d)
}

// CloseDraft implements workbench.Store.
func (db *DB) CloseDraft(ctx context.Context, id string, version int, e audit.Entry) error {
	err := db.write(ctx, func(t *tx) error {
		_, err := t.moveDraft(ctx, id, version, e.Actor, workbench.Withdrawn, "", workbench.Change{})
		if err != nil {
			return err
		}
		return t.record(ctx, e)
	})
	if fault.As(err) == nil && err != nil {
		return fmt.Errorf("close draft %s: %w", id, err)
	}
	return err
}
