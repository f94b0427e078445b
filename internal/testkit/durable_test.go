//go:build unix

package testkit

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// A copied database holds what the original held, and goes its own way from there.
func TestCopyPostgres(t *testing.T) {
	bin, err := binaries()
	if err != nil {
		t.Fatal(err)
	}
	psql := func(address, statement string) string {
		t.Helper()
		out, err := exec.Command(filepath.Join(bin, "psql"), "-qtA", "-d", address, "-c", statement).CombinedOutput()
		if err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		return strings.TrimSpace(string(out))
	}
	original, err := DurablePostgres()
	if err != nil {
		t.Fatal(err)
	}
	psql(original, "CREATE TABLE kept (n int); INSERT INTO kept VALUES (1), (2)")
	if on := psql(original, "SHOW fsync"); on != "on" {
		t.Errorf("fsync is %s", on)
	}
	copied, err := CopyPostgres(original)
	if err != nil {
		t.Fatal(err)
	}
	psql(copied, "INSERT INTO kept VALUES (3)")
	if a, b := psql(original, "SELECT count(*) FROM kept"), psql(copied, "SELECT count(*) FROM kept"); a != "2" || b != "3" {
		t.Errorf("%s rows in the original, %s in the copy", a, b)
	}
	_, err = CopyPostgres(original)
	if err == nil {
		t.Error("a second copy of the same name was made")
	}
}
