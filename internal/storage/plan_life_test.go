package storage

import (
	"bytes"
	"context"
	"maps"
	"slices"
	"strings"
	"testing"

	"layak/complaints"
	"layak/complaints/calendar"
	"layak/internal/testkit"
)

// notGrowing are the tables of which an office has a handful of rows, however many citizens come.
var notGrowing = []string{"unit", "unit_area", "unit_setting", "registry_import", "trail_block", "holiday", "holiday_year", "working_time",
	"installation", "i", "xi", "staff", "policy_revision", "sqlite_master"}

// TestLivesNeverScan lives a case and looks at how SQLite, which keeps no figures, would find the rows
// of each statement: by a key, never by reading all that the regency has. One that did was not seen among a
// thousand cases and halved the work among a million.
func TestLivesNeverScan(t *testing.T) {
	db := openTest(t, testkit.SQLite(t), testConfig())
	o := newOffice(t, db)
	for range 3 { // a statement is prepared when it is used again
		c := o.inProgress(t, "activation")
		_, err := o.Attach(o.mangli, c.Ticket, "KTP.jpg", bytes.NewReader(noisy(t)))
		must(t, err)
		c, err = o.Complaint(o.mangli, c.Ticket)
		must(t, err)
		c = o.act(t, o.mangli, c, complaints.Action{Type: complaints.TaskEvent, Unit: "PKM-SILO", Act: "Datangi rumahnya.", Amount: 4, Measure: calendar.Hours})
		c = o.act(t, o.silo, c, complaints.Action{Type: complaints.TaskDoneEvent, Task: 1, Result: "done", Note: "Dijelaskan."})
		c = o.act(t, o.mangli, c, complaints.Action{Type: complaints.ResolveEvent, Decision: complaints.InformationGiven, Reason: "Dijelaskan lewat telepon kepada pelapor."})
		o.act(t, o.mangli, c, complaints.Action{Type: complaints.CloseEvent, Text: "Pelapor menerima penjelasan lewat telepon."})
	}
	for query := range textsOf(db) {
		for _, step := range planOf(t, db, query) {
			if table, all := readsAll(step); all && !slices.Contains(notGrowing, table) {
				t.Errorf("%s\n  in %s", step, query)
			}
		}
	}
}

// textsOf are the statements that were used more than once.
func textsOf(db *DB) map[string]bool {
	found := map[string]bool{}
	for _, p := range []*pool{db.reader, db.writer} {
		p.mu.RLock()
		for query := range maps.Keys(p.prepared) {
			found[query] = true
		}
		for _, query := range p.often {
			found[query] = true
		}
		p.mu.RUnlock()
	}
	return found
}

func planOf(t *testing.T, db *DB, query string) []string {
	t.Helper()
	var steps []struct {
		ID, Parent, NotUsed int
		Detail              string
	}
	nothing := make([]any, strings.Count(query, "?"))
	must(t, db.reader.db.SelectContext(context.Background(), &steps, "EXPLAIN QUERY PLAN "+query, nothing...))
	plan := make([]string, len(steps))
	for i, s := range steps {
		plan[i] = s.Detail
	}
	return plan
}

// readsAll tells whether a step of a plan reads all rows of a table, or all that the regency has.
func readsAll(step string) (table string, all bool) {
	words := strings.Fields(step)
	if len(words) < 2 {
		return "", false
	}
	switch {
	case words[0] == "SCAN" && step != "SCAN CONSTANT ROW" && !strings.HasSuffix(step, " VALUES CLAUSE"):
		return words[1], true
	case words[0] == "SEARCH" && strings.HasSuffix(step, "(regency_code=?)"):
		return words[1], true
	}
	return "", false
}
