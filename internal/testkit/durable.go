//go:build unix

package testkit

import "fmt"

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
