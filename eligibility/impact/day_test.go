package impact

import (
	"testing"

	"layak/eligibility"
	"layak/internal/fault"
	"layak/policy"
)

// fromJanuary is the shipped rules with numbers that begin on the first of next January.
func fromJanuary(t testing.TB, values map[string]any) policy.Bundle {
	t.Helper()
	b := policy.Shipped()
	for name, v := range values {
		var err error
		b, _, err = policy.SetParam(b, policy.ParamChange{Name: name, Value: v, ValidFrom: "2027-01-01", Source: "SK Bupati 188/2026"}, "2026-11-22")
		if err != nil {
			t.Fatal(err)
		}
	}
	return b
}

// A number that begins next January changes nothing today: unless told otherwise a preview looks at the
// day on which it begins, with the ages and the premium of that day, and counts what deciding everybody
// one by one on that day counts.
func TestPreviewLooksAtTheDayThatCounts(t *testing.T) {
	o := newOffice(11, people(t, 150))
	p := o.preview(Here)
	january := fromJanuary(t, map[string]any{"max_desil": 10})
	dearer := fromJanuary(t, map[string]any{"max_desil": 10, "premium_month": 50000})
	for _, c := range []struct {
		name    string
		draft   policy.Bundle
		on      string
		day     string
		changes bool
		premium int64
	}{
		{"the day is chosen", january, "", "2027-01-01", true, 42000},
		{"today was asked for", january, "2026-11-22", "2026-11-22", false, 42000},
		{"the day before", january, "2026-12-31", "2026-12-31", false, 42000},
		{"a later day", january, "2028-02-29", "2028-02-29", true, 42000},
		{"the premium of that day", dearer, "", "2027-01-01", true, 50000},
		{"numbers of today", raised(t, "10"), "", "2026-11-22", true, 42000},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := p.Run(t.Context(), Request{Base: policy.Shipped(), Draft: c.draft, ServiceOn: c.on, Seed: 3}, nil)
			if err != nil {
				t.Fatal(err)
			}
			if got.ServiceOn != c.day || !got.At.Equal(o.now) || got.Void() {
				t.Errorf("of %s, made %s, self-check %+v", got.ServiceOn, got.At, got.Check)
			}
			if (got.Counts.Gained > 0) != c.changes || got.Cost == nil || got.Cost.Premium != c.premium {
				t.Errorf("counts %+v, cost %+v", got.Counts, got.Cost)
			}
			in := o.inputsOn(t, c.day)
			want, _ := compared(o.singly(t, policy.Shipped(), in), o.singly(t, c.draft, in))
			if got.Counts != want {
				t.Errorf("counts\n got %+v\nwant %+v", got.Counts, want)
			}
			born := map[string]int{}
			for i := range o.people {
				day := ""
				if r := o.people[i].Resident; r != nil {
					day = string(r.BirthDate)
				}
				born[ageBand(day, c.day)]++
			}
			for _, d := range got.Dimensions {
				for _, row := range d.Rows {
					if d.Key == "age" && row.People != born[row.Value] {
						t.Errorf("%d people of %q, want %d", row.People, row.Value, born[row.Value])
					}
				}
			}
		})
	}
}

// A cause that refused people and refuses nobody any more is told with their number, as deciding everybody
// one by one has it.
func TestRefusalsByCause(t *testing.T) {
	o := newOffice(12, people(t, 300))
	got, err := o.preview(Here).Run(t.Context(), Request{Base: policy.Shipped(), Draft: raised(t, "10"), Seed: 3}, nil)
	if err != nil {
		t.Fatal(err)
	}
	in := o.inputs(t)
	before, after := o.singly(t, policy.Shipped(), in), o.singly(t, raised(t, "10"), in)
	want := map[string]Refusal{}
	covered := 0
	for i := range before {
		covered += btoi(before[i].Outcome == policy.AlreadyCovered)
		for _, code := range refusedBy(&before[i]) {
			x := want[code]
			x.Before, x.Freed = x.Before+1, x.Freed+btoi(after[i].Outcome != policy.NotEligible)
			want[code] = x
		}
		for _, code := range refusedBy(&after[i]) {
			x := want[code]
			x.After++
			want[code] = x
		}
	}
	if len(got.Refusals) != len(want) || got.Covered != covered {
		t.Errorf("%d causes, want %d; %d covered, want %d", len(got.Refusals), len(want), got.Covered, covered)
	}
	opened := 0
	for _, x := range got.Refusals {
		if w := want[x.Code]; x.Before != w.Before || x.After != w.After || x.Freed != w.Freed || x.Title == "" {
			t.Errorf("%+v, want %+v", x, w)
		}
		opened += btoi(x.After == 0 && x.Freed > 0)
	}
	if a := got.Assessable; opened == 0 || a.People == 0 || a.People >= got.Counts.People-covered || a.Before <= a.After || a.Eligible == 0 {
		t.Errorf("%d causes refuse nobody any more, %+v", opened, a)
	}
}

func TestDaysThatNobodyCanLookAt(t *testing.T) {
	p := newOffice(1, 10).preview(Here)
	for _, day := range []string{"besok", "2026-02-30", "2037-01-01"} {
		_, err := p.Run(t.Context(), Request{Base: policy.Shipped(), Draft: raised(t, "6"), ServiceOn: day}, nil)
		if f := fault.As(err); f == nil || f.Code != "impact_day" || len(f.Fields) != 1 || f.Fields[0].Name != "service_on" {
			t.Errorf("%q: %v", day, err)
		}
	}
}

// inputsOn are the facts of everybody as a desk would read them on a day.
func (o *office) inputsOn(t *testing.T, day string) []policy.Input {
	t.Helper()
	p := o.preview(nil)
	frame, err := p.frameOn(p.Checker.Frame(o.now), day, policy.Bundle{}, policy.Bundle{})
	if err != nil {
		t.Fatal(err)
	}
	var niks []eligibility.NIK
	for _, person := range o.people {
		niks = append(niks, person.NIK)
	}
	in, err := p.Checker.Sampler(o, frame).Inputs(t.Context(), niks)
	if err != nil {
		t.Fatal(err)
	}
	return in
}
