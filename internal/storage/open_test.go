package storage

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

func TestDatabaseFileIsForItsOwnerAlone(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Log("Windows keeps access in lists, not in modes")
		return
	}
	path := filepath.Join(t.TempDir(), "office", "layak.db")
	db, err := Open(t.Context(), "sqlite:"+path, Config{Regency: "35.09"})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	files, err := filepath.Glob(path + "*")
	if err != nil || len(files) == 0 {
		t.Fatalf("no database file: %v", err)
	}
	for _, f := range files {
		info, err := os.Stat(f)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s may be read by others: %s", filepath.Base(f), info.Mode())
		}
	}
}
