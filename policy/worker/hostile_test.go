package worker

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"layak/internal/fault"
	"layak/policy"
)

// trigger makes a finding of the condition `bomb`, which the rules on trial define.
const trigger = `package layak.eligibility

# METADATA
# title: Uji
# custom:
#   code: extra
#   article: Pasal 1
#   effective_from: "2025-04-01"
#   remedy: Lakukan sesuatu.
findings contains {"code": "extra", "verdict": "note", "seen": "x", "limit": "", "source": ""} if bomb
`

// base is the shipped rules of a check, without their tests and without routing, which cost time here
// and decide nothing.
var base = func() map[string][]byte {
	files := maps.Clone(policy.Shipped().Files)
	maps.DeleteFunc(files, func(name string, _ []byte) bool {
		return strings.HasPrefix(name, "routing/") || strings.HasSuffix(name, "_test.rego")
	})
	files[".manifest"] = []byte(`{"roots": ["layak", "params"], "metadata": {"layak_contract": 1}}`)
	return files
}()

// hostile is one rule file that somebody hands in.
type hostile struct {
	name, src string
	wants     string   // refused, cut or harmless
	codes     []string // of which one has to be told; none means any
}

var wanted = regexp.MustCompile(`(?m)^# wants: (refused|cut|harmless) ?(\S*)`)

// corpus gives the files of policy/testdata/hostile and those that are too large to be kept.
func corpus(t *testing.T) []hostile {
	t.Helper()
	files, err := filepath.Glob("../testdata/hostile/*.rego")
	if err != nil || len(files) < 40 {
		t.Fatal(len(files), err)
	}
	var all []hostile
	for _, f := range files {
		src, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		m := wanted.FindStringSubmatch(string(src))
		if m == nil {
			t.Fatalf("%s does not say what it wants", f)
		}
		h := hostile{name: strings.TrimSuffix(filepath.Base(f), ".rego"), src: string(src), wants: m[1]}
		if m[2] != "" {
			h.codes = strings.Split(m[2], "|")
		}
		all = append(all, h)
	}
	const head, asks = "package layak.eligibility\n\n", "bomb if input.subject == \"nik\"\n"
	repeat := func(n int, part func(i int) string) string {
		var b strings.Builder
		for i := range n {
			b.WriteString(part(i))
		}
		return b.String()
	}
	large := []string{"file_too_large"}
	return append(all,
		hostile{"literal_of_10_MB", head + `bomb if input.subject == "` + strings.Repeat("a", 10<<20) + "\"\n", "refused", large},
		hostile{"line_of_1_MB", head + "bomb if [" + strings.Repeat("1, ", 350_000) + "1] != []\n", "refused", large},
		hostile{"100000_rules", head + "bomb := true\n" + repeat(100_000, func(i int) string { return fmt.Sprintf("\nr%d := %d\n", i, i) }), "refused", large},
		hostile{"12000_short_rules", head + "bomb := true\n" + repeat(12_000, func(i int) string { return fmt.Sprintf("a%x:=1\n", i) }), "refused", []string{"too_many_rules"}},
		hostile{"100000_branches", head + "bomb := 1 if false\n" + repeat(100_000, func(i int) string { return fmt.Sprintf("else := %d if false\n", i) }), "refused", large},
		hostile{"10000_branches", head + "bomb := 1 if false" + repeat(10_000, func(i int) string { return fmt.Sprintf(" else := %d if false", i) }) + "\n", "refused", []string{"too_deep", "too_many_branches"}},
		hostile{"deep_list", head + "bomb if " + strings.Repeat("[", 50_000) + strings.Repeat("]", 50_000) + " != []\n", "refused", []string{"too_deep"}},
		hostile{"deep_object", head + "bomb if " + strings.Repeat(`{"a":`, 20_000) + "1" + strings.Repeat("}", 20_000) + " != {}\n", "refused", []string{"too_deep"}},
		hostile{"deep_parentheses", head + "bomb if " + strings.Repeat("(", 50_000) + "1" + strings.Repeat(")", 50_000) + " == 1\n", "refused", []string{"too_deep"}},
		hostile{"deep_comprehension", head + "bomb if " + strings.Repeat("[1 | ", 20_000) + "true" + strings.Repeat("]", 20_000) + " != []\n", "refused", []string{"too_deep"}},
		hostile{"deep_bodies", head + "bomb if " + strings.Repeat("every x in [1] { ", 10_000) + "true" + strings.Repeat(" }", 10_000) + "\n", "refused", []string{"too_deep"}},
		hostile{"long_sum", head + "bomb if 1" + strings.Repeat(" + 1", 50_000) + " == 1\n", "refused", nil},
		hostile{"deep_negation", head + "bomb if " + strings.Repeat("not ", 50_000) + "false\n", "refused", nil},
		hostile{"long_reference", head + "bomb if input" + strings.Repeat(".a", 100_000) + "\n", "refused", nil},
		hostile{"many_conditions", head + "bomb if {\n" + strings.Repeat("\tinput.subject == \"nik\"\n", 10_000) + "}\n", "refused", []string{"too_many_conditions", "file_too_large"}},
		hostile{"1200_rules_with_METADATA", head + asks + repeat(1_200, func(i int) string {
			return fmt.Sprintf("\n# METADATA\n# title: Judul %d\nlarge_%d if input.welfare.desil == %d\n", i, i, i)
		}), "harmless", nil},
		hostile{"line_of_36000_numbers", head + "bomb if input.welfare.desil in [" + strings.Repeat("12345, ", 35_999) + "4]\n", "harmless", nil},
		hostile{"many_comments", head + strings.Repeat("# METADATA\n# title: x\n\n", 10_000) + asks, "harmless", []string{"policy_too_slow"}},
	)
}

// trial is what became of one set of rules.
type trial struct {
	found []policy.Problem
	err   error // of the question that followed
	most  time.Duration
}

// tried hands the rules in, as the service does: verified, laid out, then asked about a person, or
// tested if they are tests.
func tried(ctx context.Context, p *Pool, h hostile) (out trial) {
	b := policy.Bundle{Files: maps.Clone(base)}
	timed := func(do func() error) error {
		start := time.Now()
		err := do()
		out.most = max(out.most, time.Since(start))
		return err
	}
	test := strings.HasSuffix(h.name, "_test")
	if test {
		b.Files["extra_test.rego"] = []byte(h.src)
	} else {
		b.Files["extra.rego"] = []byte(h.src)
	}
	if strings.Contains(h.src, "\nbomb ") {
		b.Files["trigger.rego"] = []byte(trigger)
	}
	out.err = timed(func() (err error) { out.found, err = p.Verify(ctx, b); return err })
	if out.err != nil || len(serious(out.found)) > 0 {
		return out
	}
	_ = timed(func() error { _, _, err := p.Format(ctx, b); return err })
	out.err = timed(func() error {
		if test {
			r, err := p.Test(ctx, b)
			if err == nil && r.Failed > 0 {
				return fault.New(fault.Invalid, "failed", r.Results[0].Message+"uji tidak lulus.")
			}
			return err
		}
		_, err := p.Decide(ctx, b, []policy.Input{siti()})
		return err
	})
	return out
}

func siti() policy.Input {
	four := 4
	return policy.Input{
		At: time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC), ServiceOn: "2026-11-02", Office: policy.Office{Regency: "35.09"},
		Subject: "nik", Evidence: []policy.Evidence{},
		Resident: &policy.Resident{
			Origin: policy.Origin{Source: "registry", AsOf: "2026-11-01"}, NIK: "3509195204719001", Sex: "P", BirthDate: "1971-04-12",
			Village: "35.09.19.1001", District: "35.09.19", Regency: "35.09", Province: "35", LifeStatus: "alive",
		},
		Welfare: &policy.Welfare{Origin: policy.Origin{Source: "registry", AsOf: "2026-11-01"}, Desil: &four},
	}
}

// TestHostileRules hands in rules that were written to hang the service, to fill its memory, to reach
// out of it or to deceive the one who reads them, and harmless ones among them. None gets more than the
// two seconds of processor time after which its process is killed, or more than 256 MB, each is answered
// in a sentence, and the next person is served.
func TestHostileRules(t *testing.T) {
	p := New(Limits{Tests: Usual.Time, Wait: time.Minute})
	patient := New(Limits{Time: time.Minute, Tests: time.Minute, Wait: time.Minute}) // for a machine that is busy otherwise
	defer p.Close()
	defer patient.Close()
	peaks := watchPeaks()
	t.Run("rules", func(t *testing.T) { eachHostile(t, p) })
	most := peaks()
	t.Logf("most memory of a child: %d MB", most>>20)
	if most > Usual.Memory {
		t.Errorf("a child had %d MB", most>>20)
	}
	if found, err := patient.Verify(t.Context(), policy.Shipped()); err != nil || len(serious(found)) > 0 {
		t.Error("the shipped rules afterwards:", found, err)
	}
}

// mostTries is how often rules are handed in again to a machine that is busy otherwise.
const mostTries = 30

func eachHostile(t *testing.T, p *Pool) {
	for _, h := range corpus(t) {
		t.Run(h.name, func(t *testing.T) {
			t.Parallel() // as far as there are children
			got := tried(t.Context(), p, h)
			for again := 0; again < mostTries && h.wants != "cut" && codeOf(got.err) == "machine_busy"; again++ {
				got = tried(t.Context(), p, h) // within the same limits, whatever else the machine has to do
			}
			h.judge(t, got)
		})
	}
}

func codeOf(err error) string {
	if f := fault.As(err); f != nil {
		return f.Code
	}
	return fmt.Sprint(err)
}

func (h hostile) judge(t *testing.T, got trial) {
	t.Helper()
	if got.err != nil && fault.KindOf(got.err) != fault.Invalid && codeOf(got.err) != "machine_busy" {
		t.Errorf("an officer reads nothing about it: %v", got.err)
	}
	told := codeOf(got.err)
	serious := serious(got.found)
	t.Logf("%s, %d problems, first %.200s; %s: %.200v", got.most.Round(time.Millisecond), len(got.found), first(serious), told, got.err)
	switch h.wants {
	case "refused":
		if told == "policy_too_slow" { // so large that it was cut off before it could be refused
			return
		}
		if len(serious) == 0 {
			t.Fatalf("accepted, then %.200v", got.err)
		}
		if len(h.codes) > 0 && !slices.ContainsFunc(serious, func(p policy.Problem) bool { return slices.Contains(h.codes, p.Code) }) {
			t.Errorf("refused as %s, want %s", serious[0].Code, h.codes)
		}
		if serious[0].Message == "" {
			t.Error("refused without a word")
		}
	case "cut":
		if got.err == nil || len(h.codes) > 0 && told != "policy_too_slow" && told != "policy_too_much_memory" && told != "machine_busy" && !slices.Contains(h.codes, told) {
			t.Errorf("ended as %s, want %s", told, h.codes)
		}
	default:
		if refused := blocking(got.found); got.err != nil && !slices.Contains(h.codes, told) || len(refused) > 0 {
			t.Errorf("harmless rules were refused: %v %v", refused, got.err)
		}
	}
}

// blocking leaves out what is only advice.
func blocking(found []policy.Problem) []policy.Problem {
	return slices.DeleteFunc(slices.Clone(found), func(p policy.Problem) bool { return !p.Blocks() })
}

// serious leaves out what is untidy, and conditions that ask nothing, as well: nobody may propose those, but
// they run, and what hostile ones do then is tried here.
func serious(found []policy.Problem) []policy.Problem {
	return slices.DeleteFunc(blocking(found), func(p policy.Problem) bool {
		return slices.Contains([]string{"format", "condition_fixed", "rule_always"}, p.Code)
	})
}

func first(found []policy.Problem) string {
	if len(found) == 0 {
		return "none"
	}
	return found[0].Code + " " + found[0].String()
}

// peak is the most memory that any child of these tests had since reset.
var peak struct {
	sync.Mutex
	most int64
}

func init() {
	ended = func(most int64) {
		peak.Lock()
		defer peak.Unlock()
		peak.most = max(peak.most, most)
	}
}

// watchPeaks forgets what was seen and gives what will be.
func watchPeaks() func() int64 {
	peak.Lock()
	peak.most = 0
	peak.Unlock()
	return func() int64 {
		peak.Lock()
		defer peak.Unlock()
		return peak.most
	}
}
