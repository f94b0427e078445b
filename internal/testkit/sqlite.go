package testkit

import (
	"path/filepath"
	"testing"
)

// SQLite gives the address of a database file that does not exist yet, removed after the test.
func SQLite(t testing.TB) string {
	t.Helper()
	return "sqlite:" + filepath.Join(t.TempDir(), "layak.db")
}

// Both runs the test on an empty database of either engine.
func Both(t *testing.T, test func(t *testing.T, address string)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { test(t, SQLite(t)) })
	t.Run("postgres", func(t *testing.T) { test(t, Postgres(t)) })
}
