package storage

import (
	"context"
	"database/sql"
	"errors"
)

// chunks is a table of file contents in parts, so that no query carries a whole file.
type chunks struct{ table, owner string }

var (
	attachmentChunks = chunks{"attachment_chunk", "attachment_id"}
	uploadChunks     = chunks{"upload_chunk", "upload_id"}
)

func (c chunks) add(ctx context.Context, t *tx, id string, no int, part []byte) error {
	_, err := t.exec(ctx, `INSERT INTO `+c.table+` (regency_code, `+c.owner+`, no, bytes) VALUES (?, ?, ?, ?)`,
		t.db.regency, id, no, part)
	return err
}

// part reads one; nil behind the last one.
func (c chunks) part(ctx context.Context, db *DB, id string, no int) ([]byte, error) {
	var part []byte
	err := db.reads().get(ctx, &part, `SELECT bytes FROM `+c.table+`
		WHERE regency_code = ? AND `+c.owner+` = ? AND no = ?`, db.regency, id, no)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return part, err
}

func (c chunks) drop(ctx context.Context, t *tx, id string) error {
	_, err := t.exec(ctx, `DELETE FROM `+c.table+` WHERE regency_code = ? AND `+c.owner+` = ?`, t.db.regency, id)
	return err
}
