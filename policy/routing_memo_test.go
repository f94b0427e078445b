package policy

import (
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// TestRoutingMemoChangesNothing asks about complaints that mostly were asked about before, at other
// hours, and holds each answer against one that was not remembered.
func TestRoutingMemoChangesNothing(t *testing.T) {
	e, err := NewEngine(t.Context(), Shipped())
	if err != nil {
		t.Fatal(err)
	}
	if !e.routing.memo.on {
		t.Fatal("the shipped rules read more of the moment than its day")
	}
	rapid.Check(t, func(t *rapid.T) {
		ctx := WithTimeout(t.Context(), time.Minute)
		seen := rapid.SliceOfN(anyRoutingInput(), 1, 3).Draw(t, "inputs")
		for range 6 {
			in := rapid.SampledFrom(seen).Draw(t, "again")
			in.At = in.At.Truncate(24 * time.Hour).Add(time.Duration(rapid.IntRange(0, 47).Draw(t, "hour")) * time.Hour)
			got, err := e.Route(ctx, in)
			if err != nil {
				t.Fatal(err)
			}
			want, err := e.routeAnew(ctx, &in)
			if err != nil || !reflect.DeepEqual(got, want) {
				t.Fatalf("remembered %+v\nanew %+v %v", got, want, err)
			}
			for i := range got.Missing { // what the caller does with his answer is his own
				got.Missing[i].Text = "x"
			}
			for i := range got.Tasks {
				got.Tasks[i].Act = "x"
			}
		}
	})
}

// TestMemoKeys tells inputs apart that differ in one field alone.
func TestMemoKeys(t *testing.T) {
	keys := map[string]string{}
	for name, change := range map[string]func(*RoutingInput){
		"same":             func(*RoutingInput) {},
		"day":              func(in *RoutingInput) { in.At = in.At.AddDate(0, 0, 1) },
		"zone":             func(in *RoutingInput) { in.At = in.At.In(time.FixedZone("WITA", 8*3600)) },
		"office":           func(in *RoutingInput) { in.Office.Regency = "35.10" },
		"channel":          func(in *RoutingInput) { in.Channel = "x" },
		"matter":           func(in *RoutingInput) { in.Matter = "x" },
		"need":             func(in *RoutingInput) { in.Need = "x" },
		"relation":         func(in *RoutingInput) { in.Relation = "x" },
		"village":          func(in *RoutingInput) { in.Village = "x" },
		"district":         func(in *RoutingInput) { in.District = "x" },
		"class":            func(in *RoutingInput) { in.Class = "x" },
		"filed":            func(in *RoutingInput) { in.Filed = nil },
		"unit":             func(in *RoutingInput) { in.Unit = &RoutingUnit{"x", "kelurahan"} },
		"kind":             func(in *RoutingInput) { in.Unit = &RoutingUnit{"KEL-JEMBER", "desa"} },
		"accused":          func(in *RoutingInput) { in.Accused = &RoutingUnit{"x", "opd"} },
		"no check":         func(in *RoutingInput) { in.Checks = nil },
		"outcome":          func(in *RoutingInput) { in.Checks[0].Outcome = "x" },
		"advice":           func(in *RoutingInput) { in.Checks[0].Advice = "x" },
		"codes":            func(in *RoutingInput) { in.Checks[0].Codes = []string{"a", "b"} },
		"codes run on":     func(in *RoutingInput) { in.Checks[0].Codes = []string{"ab"} },
		"deceased":         func(in *RoutingInput) { in.Deceased = true },
		"reopened":         func(in *RoutingInput) { in.Reopened = 1 },
		"nothing given":    func(in *RoutingInput) { in.Given = nil },
		"given other":      func(in *RoutingInput) { in.Given = []string{"patient"} },
		"moved to another": func(in *RoutingInput) { in.Matter, in.Need = in.Need, in.Matter },
	} {
		in := toldCase()
		in.Checks = []RoutingOutcome{{"eligible", "treat_now", []string{"emergency_first"}}}
		change(&in)
		key := in.memoKey()
		if keys[key] != "" {
			t.Errorf("%s has the key of %s", name, keys[key])
		}
		keys[key] = name
	}
	in := toldCase()
	in.At = in.At.Add(3 * time.Hour)
	if keys[in.memoKey()] != "same" {
		t.Error("the hour makes another key")
	}
}

// TestRulesThatReadTheHourAreAskedAnew holds the memo back where the day is not all that is read.
func TestRulesThatReadTheHourAreAskedAnew(t *testing.T) {
	for name, text := range map[string]string{
		"hour":  `night if substring(input.at, 11, 2) > "17"`,
		"whole": `size := count(input)`,
	} {
		l, found := load(Shipped().with("routing/extra.rego", []byte("package layak.routing\n\n"+text+"\n")))
		if len(found) > 0 {
			t.Fatal(name, found)
		}
		if l.routing.readsDayAlone() {
			t.Errorf("%s: remembered", name)
		}
	}
}

// TestRoutingsAreBounded keeps memory of answers from growing without end.
func TestRoutingsAreBounded(t *testing.T) {
	var m routingMemo
	for i := range maxRoutings + 1 {
		in := toldCase()
		in.Reopened = i
		m.put(in.memoKey(), Routing{ReopenDays: i})
	}
	if len(m.known) != 1 {
		t.Errorf("%d answers", len(m.known))
	}
}
