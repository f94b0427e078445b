package storage

import (
	"context"
	"strings"
	"testing"

	"layak/internal/testkit"
)

// Every look-up of a check must enter each table by its key or by the card. SQLite keeps no
// figures, so its plan does not depend on how much is stored.
func TestChecksNeverScan(t *testing.T) {
	db := openTest(t, testkit.SQLite(t), testConfig())
	for _, c := range []struct {
		name, query string
		args        []any
		want        string
	}{
		{"person", personSQL, []any{"35.09", "3509000000000001", forever - 1}, "SEARCH o USING INDEX resident_version_kk"},
		{"household", householdSQL, []any{forever - 1, "35.09", "1", "1"}, "INDEX resident_version_kk (regency_code=? AND kk=?)"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var steps []struct {
				ID, Parent, NotUsed int
				Detail              string
			}
			must(t, db.reader.db.SelectContext(context.Background(), &steps, "EXPLAIN QUERY PLAN "+c.query, c.args...))
			var plan []string
			for _, s := range steps {
				plan = append(plan, s.Detail)
				if strings.HasPrefix(s.Detail, "SCAN") && s.Detail != "SCAN s" && s.Detail != "SCAN CONSTANT ROW" ||
					strings.Contains(s.Detail, "(regency_code=?)") {
					t.Errorf("reads more than it needs: %s", s.Detail)
				}
			}
			if !strings.Contains(strings.Join(plan, "\n"), c.want) {
				t.Errorf("plan lacks %q:\n%s", c.want, strings.Join(plan, "\n"))
			}
		})
	}
}
