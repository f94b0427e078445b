package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

	"layak/policy"
)

// impacts measures what other rules would change for everybody of the registry, on both databases:
// with a changed threshold, and with a new rule. With -people the registries are filled first.
func impacts(ctx context.Context, o options) ([]line, error) {
	var lines []line
	for _, db := range []string{o.sqlite(), o.postgres} {
		more, err := impactsOn(ctx, o, db)
		lines = append(lines, more...)
		if err != nil {
			return lines, err
		}
	}
	return lines, nil
}

// preview is what the bench reads of `layak policy impact --json`.
type preview struct {
	State   string `json:"state"`
	Preview struct {
		Counts struct {
			People int `json:"people"`
		} `json:"counts"`
		Classes int    `json:"classes"`
		Path    string `json:"path"`
		Memory  int64  `json:"snapshot_bytes"`
		Check   struct {
			Compared int   `json:"compared"`
			Took     int64 `json:"ms"`
		} `json:"check"`
		Timing struct {
			Snapshot, Open, Rules, Scan, Decide, Count, Check, Total int64
		} `json:"timing_ms"`
	} `json:"preview"`
}

func impactsOn(ctx context.Context, o options, db string) ([]line, error) {
	if o.people > 0 {
		err := fillRegistry(ctx, db, o.people)
		if err != nil {
			return nil, err
		}
	}
	dir := filepath.Join(o.dir, "rules")
	made, err := o.preview(ctx, db, dir, raisedLimit) // makes the snapshot
	if err != nil {
		return nil, err
	}
	people := made.Preview.Counts.People
	lines := []line{{fmt.Sprintf("snapshot of %d people built and stored, %s", people, database(db)),
		inSeconds(made.Preview.Timing.Snapshot), fmt.Sprintf("%d MB in memory", made.Preview.Memory>>20), ""}}
	asked := map[string]string{"PostgreSQL": "<= 2 s at 2,600,000", "SQLite": "<= 5 s at 2,600,000"}[database(db)]
	for _, c := range []struct {
		what   string
		change func(policy.Bundle)
	}{{"changed threshold", raisedLimit}, {"new rule", newRule}} {
		p, err := o.preview(ctx, db, dir, c.change)
		if err != nil {
			return lines, err
		}
		t := p.Preview.Timing
		whole := t.Total - t.Snapshot
		single := float64(p.Preview.Check.Took) / float64(p.Preview.Check.Compared) * float64(people) // both rule sets, as the preview
		lines = append(lines,
			line{"  preview with a " + c.what + ", snapshot in memory", inSeconds(whole),
				fmt.Sprintf("%d classes by %s; + %s to load", p.Preview.Classes, p.Preview.Path, inSeconds(t.Snapshot)), promise(asked)},
			line{"    of it", fmt.Sprintf("check %s", inSeconds(t.Check)), fmt.Sprintf("open %s, rules %s, scan %s, decide %s, count %s",
				inSeconds(t.Open), inSeconds(t.Rules), inSeconds(t.Scan), inSeconds(t.Decide), inSeconds(t.Count)), ""},
			line{fmt.Sprintf("    one by one (%d decided, extrapolated)", p.Preview.Check.Compared), inSeconds(int64(single)),
				fmt.Sprintf("%.0f x", single/float64(max(1, whole))), ""})
	}
	return lines, nil
}

func inSeconds(ms int64) string { return fmt.Sprintf("%.2f s", float64(ms)/1000) }

// preview writes the shipped rules with a change and asks what it does.
func (o options) preview(ctx context.Context, db, dir string, change func(policy.Bundle)) (preview, error) {
	var p preview
	b := policy.Shipped()
	change(b)
	for name, data := range b.Files {
		file := filepath.Join(dir, name)
		err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o755), os.WriteFile(file, data, 0o644))
		if err != nil {
			return p, err
		}
	}
	out, err := o.command(ctx, "", "policy", "impact", dir, "--db", db, "--json")
	if err != nil {
		return p, err
	}
	err = json.Unmarshal([]byte(out.text), &p)
	if err == nil && p.State != "done" {
		err = fmt.Errorf("the preview ended as %q", p.State)
	}
	return p, err
}

func raisedLimit(b policy.Bundle) {
	const limit = "\"max_desil\": [\n      {\"value\": "
	b.Files["data.json"] = []byte(strings.Replace(string(b.Files["data.json"]), limit+"5", limit+"6", 1))
}

func newRule(b policy.Bundle) {
	b.Files["trial.rego"] = []byte(`# A rule that the bench adds: nobody above sixty whose membership lapsed waits for papers.
package layak.eligibility

# METADATA
# title: Lanjut usia diprioritaskan
# custom:
#   code: elder_priority
#   order: 900
#   article: Pertimbangan program
#   effective_from: "2026-01-01"
#   remedy: Dahulukan di loket.
#   document: ""
findings contains {"code": "elder_priority", "verdict": "note", "seen": "Umur 60 tahun ke atas"} if {
	input.membership.member_status == "inactive"
	time.add_date(day_ns(input.resident.birth_date), 60, 0, 0) <= service_ns
}
`)
}

// fillRegistry fills a registry past the workbooks. Only the tests of package storage can do that.
func fillRegistry(ctx context.Context, db string, n int) error {
	cmd := exec.CommandContext(ctx, "go", "test", "-count=1", "-timeout=120m", "-run=^TestFillingRegistry$", "./internal/storage")
	cmd.Env = append(os.Environ(), "LAYAK_TEST_REGISTRY="+db, "LAYAK_TEST_PEOPLE="+strconv.Itoa(n))
	out, err := cmd.CombinedOutput()
	if err != nil {
		return fmt.Errorf("fill the registry of %s: %w: %s", database(db), err, out)
	}
	return nil
}
