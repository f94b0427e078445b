package impact

import (
	"context"
	"errors"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"layak/eligibility"
	"layak/internal/fault"
	"layak/policy"
)

// with replaces text in a file of the shipped rules.
func with(t testing.TB, file, old, replaced string) policy.Bundle {
	t.Helper()
	b := policy.Bundle{Files: map[string][]byte{}}
	for name, data := range policy.Shipped().Files {
		b.Files[name] = data
	}
	text := string(b.Files[file])
	if !strings.Contains(text, old) {
		t.Fatalf("%s has no %q", file, old)
	}
	b.Files[file] = []byte(strings.Replace(text, old, replaced, 1))
	return b
}

func raised(t testing.TB, desil string) policy.Bundle {
	return with(t, "data.json", "\"max_desil\": [\n      {\"value\": 5", "\"max_desil\": [\n      {\"value\": "+desil)
}

const trial = `package layak.eligibility

# METADATA
# title: Percobaan
# custom:
#   code: trial
#   order: 900
#   article: Pertimbangan program
#   effective_from: "2026-01-01"
#   remedy: Tidak ada.
#   document: ""
findings contains {"code": "trial", "verdict": "note", "seen": "x"} if {
	`

func added(t testing.TB, condition string) policy.Bundle {
	b := with(t, "data.json", "5", "5")
	b.Files["trial.rego"] = []byte(trial + condition + "\n}\n")
	return b
}

// people is how many the comparison with single decisions takes; the nightly tests take more.
func people(t testing.TB, usual int) int {
	if n, err := strconv.Atoi(os.Getenv("LAYAK_PARITY_PEOPLE")); err == nil {
		return n
	}
	if testing.Short() {
		return usual / 4
	}
	return usual
}

// What a preview counts is what deciding everybody one by one counts, and the path says how.
func TestPreviewIsExact(t *testing.T) {
	o := newOffice(9, people(t, 400))
	p := o.preview(Here)
	everybody := o.inputs(t)
	before := o.singly(t, policy.Shipped(), everybody)
	for _, c := range []struct {
		name  string
		draft func(testing.TB) policy.Bundle
		path  string
	}{
		{"the same rules", func(testing.TB) policy.Bundle { return policy.Shipped() }, "conditions"},
		{"a threshold is raised", func(t testing.TB) policy.Bundle { return raised(t, "7") }, "conditions"},
		{"a threshold is lowered", func(t testing.TB) policy.Bundle { return raised(t, "2") }, "conditions"},
		{"a new rule of age and sex", func(t testing.TB) policy.Bundle {
			return added(t, "input.resident.sex == \"P\"\n\tdays_since(input.resident.birth_date) > 20000")
		}, "conditions"},
		{"a new rule of the household", func(t testing.TB) policy.Bundle {
			return added(t, "some m in input.household.members\n\tm.desil < 3\n\tm.relation == \"child\"")
		}, "conditions"},
		{"a new rule of who has a card", func(t testing.TB) policy.Bundle {
			return added(t, "input.household.kk\n\tinput.household.as_of < \"2026-01-01\"")
		}, "conditions"},
		{"a new rule of a number", func(t testing.TB) policy.Bundle {
			return added(t, "endswith(input.resident.nik, \"7\")")
		}, "conditions"},
		{"a rule that is read by values", func(t testing.TB) policy.Bundle {
			return with(t, "outcome.rego", "} else := \"eligible\"", "} else := \"needs_information\" if {\n\tsome f in reasons\n\tf.seen == \"x\"\n} else := \"eligible\"")
		}, "values"},
	} {
		t.Run(c.name, func(t *testing.T) {
			req := Request{Base: policy.Shipped(), Draft: c.draft(t), Seed: 5}
			got, err := p.Run(t.Context(), req, nil)
			if err != nil {
				t.Fatal(errors.Unwrap(err), err)
			}
			if got.Path != c.path && got.Path != "each" {
				t.Errorf("path %s (%s), want %s", got.Path, got.Why, c.path)
			}
			if got.Check.Differences > 0 || got.Void() || got.Check.Compared != min(selfCheck, len(o.people)) {
				t.Errorf("self-check %+v", got.Check)
			}
			want, moves := compared(before, o.singly(t, req.Draft, everybody))
			if got.Counts != want {
				t.Errorf("counts\n got %+v\nwant %+v", got.Counts, want)
			}
			for _, m := range got.Moves {
				if moves[[2]policy.Outcome{m.From, m.To}] != m.People {
					t.Errorf("%s to %s: %d people, want %d", m.From, m.To, m.People, moves[[2]policy.Outcome{m.From, m.To}])
				}
			}
			for _, d := range got.Dimensions {
				var sum Counts
				for _, r := range d.Rows {
					sum = plus(sum, r.Counts)
				}
				if sum != want {
					t.Errorf("the rows of %s add up to %+v, want %+v", d.Key, sum, want)
				}
			}
			t.Logf("%d classes of %d people, %+v", got.Classes, got.Counts.People, got.Timing)
		})
	}
}

func plus(a, b Counts) Counts {
	return Counts{a.People + b.People, a.Gained + b.Gained, a.Lost + b.Lost, a.Unclear + b.Unclear, a.Reason + b.Reason,
		a.Failed + b.Failed, a.Same + b.Same, a.Before + b.Before, a.After + b.After}
}

// inputs are the facts of everybody as a desk would read them.
func (o *office) inputs(t *testing.T) []policy.Input {
	t.Helper()
	checker := o.preview(nil).Checker
	var niks []eligibility.NIK
	for _, p := range o.people {
		niks = append(niks, p.NIK)
	}
	in, err := checker.Sampler(o, checker.Frame(o.now)).Inputs(t.Context(), niks)
	if err != nil {
		t.Fatal(err)
	}
	return in
}

// singly decides everybody one by one, as a desk would.
func (o *office) singly(t *testing.T, b policy.Bundle, in []policy.Input) []policy.Brief {
	t.Helper()
	e, err := policy.NewEngine(t.Context(), b)
	if err != nil {
		t.Fatal(err)
	}
	out, err := DecideAll(t.Context(), e, in)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// compared counts what becomes of everybody.
func compared(before, after []policy.Brief) (Counts, map[[2]policy.Outcome]int) {
	var counts Counts
	moves := map[[2]policy.Outcome]int{}
	for i := range before {
		from, to := &before[i], &after[i]
		counts.add(groupOf(from, to), from, to, 1)
		if from.Outcome != to.Outcome {
			moves[[2]policy.Outcome{from.Outcome, to.Outcome}]++
		}
	}
	return counts, moves
}

// wrong gives every resident of a class but the first another answer than the rules do.
type wrong struct{ Rules }

func (w wrong) Decide(ctx context.Context, i int, in []policy.Input) ([]policy.Brief, error) {
	out, err := w.Rules.Decide(ctx, i, in)
	for k := range out {
		if k == 7 {
			out[k].Outcome = policy.NotEligible + "?"
		}
	}
	return out, err
}

func TestOneDifferenceVoidsThePreview(t *testing.T) {
	o := newOffice(3, 400)
	lying := func(ctx context.Context, f policy.Frame, b ...policy.Bundle) (Rules, error) {
		r, err := Here(ctx, f, b...)
		return wrong{r}, err
	}
	got, err := o.preview(lying).Run(t.Context(), Request{Base: policy.Shipped(), Draft: raised(t, "6")}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if !got.Void() || got.Check.Differences == 0 {
		t.Fatalf("self-check %+v does not see the differences", got.Check)
	}
}

func TestPreviewTellsWhomAndWhy(t *testing.T) {
	o := newOffice(4, 700)
	got, err := o.preview(Here).Run(t.Context(), Request{Base: policy.Shipped(), Draft: raised(t, "6"), Full: true, Seed: 1}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if got.Counts.Gained == 0 || got.Counts.Lost != 0 {
		t.Fatalf("raising the limit to desil 6: %+v", got.Counts)
	}
	i := slices.IndexFunc(got.Where, func(d Difference) bool { return d.Group == Gained })
	j := slices.IndexFunc(got.Where[i].Where, func(w Where) bool { return w.Column == "welfare.desil" })
	if text := got.Where[i].Where[j].Text; text != "Desil DTSEN: 6" {
		t.Errorf("those who gain are told by %q", text)
	}
	if c := got.Cost; c == nil || c.Premium != 42_000 || c.Net != 42_000*int64(got.Counts.Gained) {
		t.Errorf("cost %+v for %d people who gain", c, got.Counts.Gained)
	}
	samples := 0
	for _, s := range got.Samples {
		if s.Group == Gained {
			samples++
			if s.Desil != "6" || s.To != policy.Eligible || !strings.Contains(s.NIK, "•") {
				t.Errorf("sample %+v", s)
			}
		}
	}
	if samples == 0 || samples > maxSamples {
		t.Errorf("%d samples of those who gain", samples)
	}
	k := slices.IndexFunc(got.Profile, func(p Profile) bool { return slices.Equal(p.Columns, []string{"welfare.desil"}) })
	if p := got.Profile[k]; p.Empty == 0 || !slices.Contains(p.Codes, "need_met") || !strings.HasSuffix(p.Text, "% kosong") {
		t.Errorf("profile of desil: %+v", p)
	}
	if got.Check.Compared < 700 || !got.Check.Full {
		t.Errorf("self-check %+v", got.Check)
	}
}

// slow never ends by itself.
type slow struct {
	Rules
	asked chan struct{}
}

func (s slow) Briefs(ctx context.Context, _ int, _ []policy.Input) ([]policy.Brief, error) {
	select {
	case s.asked <- struct{}{}:
	case <-ctx.Done():
	}
	<-ctx.Done()
	return nil, ctx.Err()
}

func TestPreviewIsCancelled(t *testing.T) {
	o := newOffice(3, 200)
	ctx, cancel := context.WithCancel(t.Context())
	asked := make(chan struct{})
	p := o.preview(func(ctx context.Context, f policy.Frame, b ...policy.Bundle) (Rules, error) {
		r, err := Here(ctx, f, b...)
		return slow{r, asked}, err
	})
	go func() { <-asked; cancel() }()
	_, err := p.Run(ctx, Request{Base: policy.Shipped(), Draft: raised(t, "6")}, nil)
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v, want that it was cancelled", err)
	}
}

func TestNothingToPreviewInAnEmptyRegistry(t *testing.T) {
	_, err := newOffice(1, 0).preview(Here).Run(t.Context(), Request{Base: policy.Shipped(), Draft: policy.Shipped()}, nil)
	if !fault.Is(err, fault.NotFound) {
		t.Fatalf("got %v, want a sentence about the empty registry", err)
	}
}

func TestAgeBands(t *testing.T) {
	for born, want := range map[string]string{
		"2026-11-22": "0–4", "2021-11-23": "0–4", "2021-11-22": "5–16", "2009-11-22": "17–24", "1966-11-22": "60+",
		"1966-11-23": "45–59", "2026-11-23": "", "": "", "x": "",
	} {
		if got := ageBand(born, "2026-11-22"); got != want {
			t.Errorf("born %s: %q, want %q", born, got, want)
		}
	}
}

// busy is cut off now and then, as a child on a busy machine is.
type busy struct {
	Rules
	asked int
	fails func(asked int, in policy.Input) error
}

func (b *busy) Decide(ctx context.Context, i int, in []policy.Input) ([]policy.Brief, error) {
	for _, one := range in {
		b.asked++
		if err := b.fails(b.asked, one); err != nil {
			return nil, err
		}
	}
	return b.Rules.Decide(ctx, i, in)
}

// A child that is cut off because the machine is busy is no difference, and no reason to count the
// facts as undecidable.
func TestBusyMachineIsNoDifference(t *testing.T) {
	slow := fault.New(fault.Invalid, "policy_too_slow", "Aturan ini dihentikan.")
	for _, c := range []struct {
		name  string
		fails func(asked int, in policy.Input) error
		ends  error
	}{
		{"now and then", func(asked int, _ policy.Input) error {
			if asked%50 == 0 {
				return slow
			}
			return nil
		}, nil},
		{"always", func(int, policy.Input) error { return slow }, slow},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := newOffice(3, 120).preview(func(ctx context.Context, f policy.Frame, b ...policy.Bundle) (Rules, error) {
				r, err := Here(ctx, f, b...)
				return &busy{Rules: r, fails: c.fails}, err
			}).Run(t.Context(), Request{Base: policy.Shipped(), Draft: raised(t, "6")}, nil)
			if !errors.Is(err, c.ends) {
				t.Fatalf("got %v, want %v", err, c.ends)
			}
			if err == nil && (got.Void() || got.Check.Compared != 120) {
				t.Fatalf("self-check %+v", got.Check)
			}
		})
	}
}
