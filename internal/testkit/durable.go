//go:build unix

package testkit

import (
	"fmt"
	"net/url"
	"os/exec"
	"path/filepath"
	"strings"
)

// DurablePostgres gives a fresh database on a server that syncs every commit to disk, as in
// production, for measuring rather than testing. It ends with the process.
func DurablePostgres() (address string, err error) {
	s, err := startOnce()
	if err != nil {
		return "", fmt.Errorf("start PostgreSQL: %w", err)
	}
	name := fmt.Sprintf("bench_%d", number.Add(1))
	err = s.create(name, "template0")
	if err != nil {
		return "", err
	}
	for _, statement := range []string{
		"ALTER SYSTEM SET fsync = on", "ALTER SYSTEM SET full_page_writes = on", "SELECT pg_reload_conf()",
	} {
		err = s.run("psql", "-q", "-d", name, "-c", statement)
		if err != nil {
			return "", err
		}
	}
	return s.address(name), nil
}

// CopyPostgres copies a database as it is, on the server that holds it, and gives the address of the
// copy: its name with "_few" behind it. Nobody may be connected to the original.
func CopyPostgres(address string) (string, error) {
	bin, err := binaries()
	if err != nil {
		return "", err
	}
	u, err := url.Parse(address)
	if err != nil {
		return "", fmt.Errorf("copy database: %w", err)
	}
	name := strings.TrimPrefix(u.Path, "/")
	u.Path = "/postgres"
	copied := fmt.Sprintf(`CREATE DATABASE "%s_few" TEMPLATE "%s"`, name, name)
	out, err := exec.Command(filepath.Join(bin, "psql"), "-q", "-d", u.String(), "-c", copied).CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("copy database %s: %w: %s", name, err, out)
	}
	u.Path = "/" + name + "_few"
	return u.String(), nil
}
