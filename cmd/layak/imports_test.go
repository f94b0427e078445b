package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// mayImport says which packages of the project each package may import, and why not the others.
// A pattern ending in /... covers everything below it; the longest that fits counts. Package fault
// may be imported by all.
var mayImport = []struct {
	pkg     string
	imports []string
	why     string
}{
	{"internal/fault", nil, "fault is what everybody speaks; it knows nobody"},
	{"internal/area", nil, "area is a table of places; it knows nobody"},
	{"internal/...", leaves, "internal machinery names no rule of coverage and knows no domain package"},
	{"internal/area/gen", nil, "gen only writes the table"},
	{"internal/storage", append([]string{"policy", "policy/workbench", "eligibility", "eligibility/...", "complaints", "complaints/...", "importers"}, leaves...),
		"storage keeps the interfaces of the domain; it never knows pages"},
	{"internal/testkit", append([]string{"eligibility"}, leaves...), "testkit makes sample people and databases; it must be usable by the tests of every other package"},
	{"policy", leaves, "policy owns the written rules; who asks, and with what, is none of its business"},
	{"policy/worker", []string{"policy"}, "the worker runs rules in a process of its own and knows nothing else"},
	{"policy/workbench", append([]string{"policy", "internal/merge"}, leaves...), "the life of rules knows the rules and people, never OPA, SQL or HTTP"},
	{"eligibility/...", append([]string{"policy", "eligibility", "eligibility/..."}, leaves...), "what is done with everybody at once knows people and rules, and must not know complaints, workbooks, SQL or HTTP"},
	{"eligibility", append([]string{"policy"}, leaves...), "eligibility asks policy and must not know complaints, workbooks, SQL or HTTP"},
	{"complaints/calendar", nil, "working time knows no complaint; it could count for anybody"},
	{"complaints/...", append([]string{"policy", "eligibility", "complaints", "complaints/calendar"}, leaves...), "what is done with complaints knows them, not each other, and never workbooks, SQL or HTTP"},
	{"complaints", append([]string{"policy", "eligibility", "complaints/calendar"}, leaves...), "complaints know eligibility, never workbooks, SQL or HTTP"},
	{"importers", append([]string{"eligibility", "complaints", "complaints/..."}, leaves...), "importers load what eligibility and complaints define, through interfaces"},
	{"web", append([]string{"policy", "policy/workbench", "eligibility", "eligibility/...", "complaints", "complaints/...", "importers", "web/..."}, leaves...), "web gets its services from cmd; it never knows SQL"},
	{"web/...", append([]string{"policy", "policy/workbench", "eligibility", "eligibility/...", "complaints", "complaints/...", "importers", "web/..."}, leaves...), "web gets its services from cmd; it never knows SQL"},
	{"cmd/layak", []string{"..."}, ""},
	{"cmd/bench", []string{"..."}, ""},
}

var leaves = []string{"internal/area", "internal/audit", "internal/auth", "internal/i18n", "internal/jobs", "internal/pdf"}

// onlyHere names the one package that may know a library, so that the library can be replaced there.
var onlyHere = []struct{ library, owner, why string }{
	{"github.com/jmoiron/sqlx", "internal/storage", "SQL"},
	{"github.com/lib/pq", "internal/storage", "SQL"},
	{"modernc.org/sqlite", "internal/storage", "SQL"},
	{"database/sql", "internal/storage", "SQL"},
	{"github.com/pressly/goose", "internal/storage", "migrations"},
	{"github.com/xuri/excelize", "importers", "workbooks"},
	{"github.com/open-policy-agent/opa", "policy", "OPA"},
	{"github.com/labstack/echo", "web", "HTTP handlers"},
	{"html/template", "web", "pages"},
	{"codeberg.org/go-pdf/fpdf", "internal/pdf", "PDF"},
	{"github.com/wneessen/go-mail", "internal/mail", "SMTP"},
	{"github.com/alecthomas/kong", "cmd/layak", "the command line"},
}

type listed struct {
	ImportPath string
	Imports    []string
}

// TestImportRules keeps the shape of the house: who may know whom.
func TestImportRules(t *testing.T) {
	packages := listPackages(t)
	if len(packages) < 10 {
		t.Fatalf("go list names %d packages; the check would mean nothing", len(packages))
	}
	for _, p := range packages {
		if broken := brokenRules(p); len(broken) > 0 {
			t.Error(strings.Join(broken, "\n"))
		}
	}
}

// A rule that cannot be broken is no rule: each kind of offence must be seen.
func TestImportRulesCanFail(t *testing.T) {
	for _, c := range []struct{ pkg, imports, says string }{
		{"layak/web", "layak/internal/storage", "web may not import internal/storage: web gets its services from cmd"},
		{"layak/internal/storage", "layak/web", "it never knows pages"},
		{"layak/policy", "layak/eligibility", "none of its business"},
		{"layak/internal/fault", "layak/internal/area", "it knows nobody"},
		{"layak/eligibility", "github.com/jmoiron/sqlx", "only internal/storage may know github.com/jmoiron/sqlx (SQL)"},
		{"layak/complaints", "github.com/labstack/echo/v4", "only web may know"},
		{"layak/importers", "layak/internal/testkit", "testkit is for tests"},
		{"layak/unheard", "fmt", "has no rule yet"},
	} {
		broken := brokenRules(listed{ImportPath: c.pkg, Imports: []string{c.imports}})
		if len(broken) != 1 || !strings.Contains(broken[0], c.says) {
			t.Errorf("%s importing %s: %q, want %q", c.pkg, c.imports, broken, c.says)
		}
	}
}

func brokenRules(p listed) []string {
	var broken []string
	name := strings.TrimPrefix(p.ImportPath, "layak/")
	allowed, why, known := rule(name)
	if !known {
		return []string{fmt.Sprintf("%s has no rule yet: say in mayImport what it may import", name)}
	}
	for _, i := range p.Imports {
		own, ours := strings.CutPrefix(i, "layak/")
		switch {
		case ours && own == "internal/fault":
		case ours && own == "internal/testkit" && name == "cmd/bench": // it measures, it is not shipped
		case ours && own == "internal/testkit":
			broken = append(broken, name+" may not import internal/testkit: testkit is for tests only")
		case ours && !slices.ContainsFunc(allowed, func(pattern string) bool { return fits(pattern, own) }):
			broken = append(broken, fmt.Sprintf("%s may not import %s: %s", name, own, why))
		case !ours:
			for _, o := range onlyHere {
				if (i == o.library || strings.HasPrefix(i, o.library+"/")) && name != o.owner {
					broken = append(broken, fmt.Sprintf("%s imports %s: only %s may know %s (%s)", name, i, o.owner, o.library, o.why))
				}
			}
		}
	}
	return broken
}

// rule finds the entry with the longest pattern that fits.
func rule(name string) (allowed []string, why string, known bool) {
	longest := -1
	for _, r := range mayImport {
		if fits(r.pkg, name) && len(r.pkg) > longest {
			longest, allowed, why, known = len(r.pkg), r.imports, r.why, true
		}
	}
	return allowed, why, known
}

func fits(pattern, name string) bool {
	if prefix, ok := strings.CutSuffix(pattern, "..."); ok {
		return strings.HasPrefix(name, prefix)
	}
	return pattern == name
}

func listPackages(t *testing.T) []listed {
	t.Helper()
	cmd := exec.Command("go", "list", "-e", "-json=ImportPath,Imports", "./...")
	cmd.Dir = "../.."
	var complaint strings.Builder
	cmd.Stderr = &complaint
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, complaint.String())
	}
	var all []listed
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p listed
		err := d.Decode(&p)
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
}
