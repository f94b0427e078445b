package testkit

import (
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"
)

// SQLite gives the address of a database file that does not exist yet, removed after the test.
func SQLite(t testing.TB) string {
	t.Helper()
	return "sqlite:" + filepath.Join(t.TempDir(), "layak.db")
}

// prepared keeps what was prepared in this test binary, by name.
var prepared struct {
	sync.Mutex
	files map[string][]byte
}

// SQLiteLike is PostgresLike for SQLite: a fresh copy of the database that prepare filled, once per name
// and test binary. It must close the database.
func SQLiteLike(t testing.TB, name string, prepare func(address string) error) string {
	t.Helper()
	prepared.Lock()
	defer prepared.Unlock()
	file, ok := prepared.files[name]
	if !ok {
		var err error
		file, err = prepareSQLite(filepath.Join(t.TempDir(), "template.db"), prepare)
		if err != nil {
			t.Fatalf("prepare template database %s: %v", name, err)
		}
		if prepared.files == nil {
			prepared.files = map[string][]byte{}
		}
		prepared.files[name] = file
	}
	path := filepath.Join(t.TempDir(), "layak.db")
	err := os.WriteFile(path, file, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	return "sqlite:" + path
}

func prepareSQLite(path string, prepare func(address string) error) ([]byte, error) {
	err := prepare("sqlite:" + path)
	if err != nil {
		return nil, err
	}
	left, err := os.Stat(path + "-wal")
	if err == nil && left.Size() > 0 {
		return nil, errors.New("it is still open")
	}
	return os.ReadFile(path)
}

// BothLike runs the test on a copy of what prepare filled, on either engine.
func BothLike(t *testing.T, name string, prepare func(address string) error, test func(t *testing.T, address string)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { test(t, SQLiteLike(t, name, prepare)) })
	t.Run("postgres", func(t *testing.T) { test(t, PostgresLike(t, name, prepare)) })
}

// Both runs the test on an empty database of either engine.
func Both(t *testing.T, test func(t *testing.T, address string)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { test(t, SQLite(t)) })
	t.Run("postgres", func(t *testing.T) { test(t, Postgres(t)) })
}
