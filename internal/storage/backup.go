package storage

import (
	"context"
	"fmt"
)

// Snapshot writes a consistent copy of a SQLite database to a file that must not exist, while
// others go on reading and writing. PostgreSQL has tools of its own for that.
func (db *DB) Snapshot(ctx context.Context, path string) error {
	// The readers may write nowhere, not even to another file. To other processes this is a reader.
	_, err := executor{pool: db.writer}.exec(ctx, `VACUUM INTO ?`, path)
	if err != nil {
		return explain(db.dialect, fmt.Errorf("copy database: %w", err))
	}
	return nil
}
