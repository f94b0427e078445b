package storage

import (
	"context"
	"fmt"
)

// Snapshot writes a consistent copy of a SQLite database to a file that must not exist, while
// others go on reading and writing. PostgreSQL has tools of its own for that.
func (db *DB) Snapshot(ctx context.Context, path string) error {
	_, err := db.reads().exec(ctx, `VACUUM INTO ?`, path)
	if err != nil {
		return explain(db.dialect, fmt.Errorf("copy database: %w", err))
	}
	return nil
}
