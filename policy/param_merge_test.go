package policy

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// paramFile writes a data.json: each word is NAME:DAY=VALUE, names in the order of their first word.
func paramFile(words ...string) []byte {
	var names []string
	lines := map[string][]string{}
	for _, w := range words {
		at, value, _ := strings.Cut(w, "=")
		name, day, _ := strings.Cut(at, ":")
		if len(lines[name]) == 0 {
			names = append(names, name)
		}
		lines[name] = append(lines[name], fmt.Sprintf(`{"value": %s, "valid_from": "%s-01-01", "unit": "hari", "title": "Batas %s", "source": "uji"}`, value, day, name))
	}
	var members []string
	for _, name := range names {
		slices.SortFunc(lines[name], func(a, b string) int {
			return strings.Compare(b[strings.Index(b, "valid_from"):], a[strings.Index(a, "valid_from"):])
		})
		members = append(members, "    \""+name+"\": [\n      "+strings.Join(lines[name], ",\n      ")+"\n    ]")
	}
	return []byte("{\n  \"params\": {\n" + strings.Join(members, ",\n") + "\n  }\n}\n")
}

func ours(string, string) bool { return false }

func TestMergeParams(t *testing.T) {
	for name, c := range map[string]struct{ base, theirs, ours, want, open string }{
		"two numbers":                    {"a:2019=5 b:2019=180", "a:2027=10 a:2019=5 b:2019=180", "a:2019=5 b:2019=90", "a:2027=10 a:2019=5 b:2019=90", ""},
		"one number on two days":         {"a:2019=5", "a:2027=10 a:2019=5", "a:2028=7 a:2019=5", "a:2028=7 a:2027=10 a:2019=5", ""},
		"an older day":                   {"a:2019=5", "a:2019=6", "a:2019=5 a:2011=4", "a:2019=6 a:2011=4", ""},
		"alike":                          {"a:2019=5", "a:2027=10 a:2019=5", "a:2027=10 a:2019=5", "a:2027=10 a:2019=5", ""},
		"the same day":                   {"a:2019=5", "a:2027=10 a:2019=5", "a:2027=7 a:2019=5", "a:2027=7 a:2019=5", "a:2027 nil 10 7"},
		"the same value":                 {"a:2019=5", "a:2019=6", "a:2019=7", "a:2019=7", "a:2019 5 6 7"},
		"they take out what we change":   {"a:2027=9 a:2019=5", "a:2019=5", "a:2027=8 a:2019=5", "a:2027=8 a:2019=5", "a:2027 9 nil 8"},
		"we take out what they change":   {"a:2027=9 a:2019=5", "a:2027=8 a:2019=5", "a:2019=5", "a:2019=5", "a:2027 9 8 nil"},
		"we take out the last":           {"a:2027=9 a:2019=5", "a:2027=8 a:2019=5", "a:2027=9", "a:2027=8", ""},
		"names of both":                  {"a:2019=5 z:2019=1", "a:2019=5 n:2019=2 z:2019=1", "a:2019=5 m:2019=3 z:2019=1", "a:2019=5 m:2019=3 n:2019=2 z:2019=1", ""},
		"a new first name":               {"a:2019=5", "a:2019=6", "n:2019=2 a:2019=5", "a:2019=6 n:2019=2", ""},
		"a name that they took out":      {"a:2019=5 z:2019=1", "a:2019=5", "a:2019=6 z:2019=1", "a:2019=6", ""},
		"a name that we took out":        {"a:2019=5 z:2019=1", "a:2019=7 z:2019=1", "a:2019=5", "a:2019=7", ""},
		"they end a name that we change": {"a:2019=5 z:2019=1", "a:2019=5", "a:2019=5 z:2027=2 z:2019=1", "a:2019=5 z:2027=2", ""},
	} {
		t.Run(name, func(t *testing.T) {
			of := func(words string) []byte { return paramFile(strings.Fields(words)...) }
			data, conflicts, err := MergeParams(of(c.base), of(c.theirs), of(c.ours), ours)
			if err != nil {
				t.Fatal(err)
			}
			if string(data) != string(of(c.want)) {
				t.Errorf("merged into\n%s", data)
			}
			var open []string
			for _, x := range conflicts {
				open = append(open, fmt.Sprintf("%s:%s %s %s %s", x.Name, x.ValidFrom[:4], side(x.Base), side(x.Theirs), side(x.Ours)))
			}
			if got := strings.Join(open, ", "); got != c.open {
				t.Errorf("open %q, want %q", got, c.open)
			}
			settled, _, err := MergeParams(of(c.base), of(c.theirs), of(c.ours), func(string, string) bool { return true })
			if err != nil || len(conflicts) == 1 && !strings.Contains(string(settled), "\"value\": "+side(conflicts[0].Theirs)) && conflicts[0].Theirs != nil {
				t.Errorf("theirs was chosen: %v\n%s", err, settled)
			}
		})
	}
}

func side(p *Param) string {
	if p == nil {
		return "nil"
	}
	return fmt.Sprint(p.Value)
}

// TestMergeOfTheShippedFile: what the form writes for two people into the shipped file stands there together, and
// no other line moves.
func TestMergeOfTheShippedFile(t *testing.T) {
	b := Shipped()
	set := func(name string, value any, day string) []byte {
		out, _, err := SetParam(b, ParamChange{Name: name, Value: value, ValidFrom: day, Source: "SK"}, "2026-11-22")
		if err != nil {
			t.Fatal(err)
		}
		return out.Files["data.json"]
	}
	data, conflicts, err := MergeParams(b.Files["data.json"], set("max_desil", 10, "2027-01-01"), set("sktm_days", 90, "2027-02-01"), ours)
	if err != nil || len(conflicts) > 0 {
		t.Fatalf("%v, %v", conflicts, err)
	}
	edits, err := ParamEdits(b.Files["data.json"], data)
	if err != nil || len(edits) != 2 || strings.Count(string(data), "\n") != strings.Count(string(b.Files["data.json"]), "\n")+2 {
		t.Fatalf("%v, %v", edits, err)
	}
	if got := edits[0].Text(); got != "Desil DTSEN tertinggi yang tergolong tidak mampu: 10 desil mulai 1 Jan 2027" {
		t.Error(got)
	}
	if _, _, err = MergeParams(b.Files["data.json"], data, []byte(`{"params": `), ours); !errors.Is(err, ErrParamsUnmerged) {
		t.Errorf("a broken file: %v", err)
	}
}

// TestMergedNumbersAreNeverLost: two people change, add and take out values of any file; what came out holds each
// change that only one of them made, and tells each that both made differently.
func TestMergedNumbersAreNeverLost(t *testing.T) {
	type values = map[string]int
	write := func(order []string, v values) []byte {
		var words []string
		for _, at := range order {
			if n, there := v[at]; there {
				words = append(words, fmt.Sprintf("%s=%d", at, n))
			}
		}
		return paramFile(words...)
	}
	rapid.Check(t, func(t *rapid.T) {
		var order []string
		for name := range rapid.IntRange(1, 5).Draw(t, "names") {
			for day := range 4 {
				order = append(order, fmt.Sprintf("p%d:%d", name, 2020+day))
			}
		}
		base, theirs, our := values{"keep:2019": 1}, values{}, values{}
		for _, at := range order {
			if rapid.Bool().Draw(t, "there") {
				base[at] = 0
			}
		}
		move := func(v values, label string) {
			maps.Copy(v, base)
			for _, at := range order {
				switch rapid.IntRange(0, 5).Draw(t, label) {
				case 0:
					v[at] = rapid.IntRange(1, 3).Draw(t, "value")
				case 1:
					delete(v, at)
				}
			}
		}
		move(theirs, "theirs")
		move(our, "ours")
		all := append([]string{"keep:2019"}, order...)
		data, conflicts, err := MergeParams(write(all, base), write(all, theirs), write(all, our), ours)
		if err != nil {
			t.Fatal(err)
		}
		open := map[string]bool{}
		for _, c := range conflicts {
			open[c.Name+":"+c.ValidFrom[:4]] = true
		}
		got := values{}
		all2, err := parseParams(data)
		if err != nil {
			t.Fatalf("%v\n%s", err, data)
		}
		for _, p := range all2 {
			n := 0
			if _, err := fmt.Sscan(fmt.Sprint(p.Value), &n); err != nil {
				t.Fatal(err)
			}
			got[p.Name+":"+p.ValidFrom[:4]] = n
		}
		eq := func(a, b values, at string) bool {
			x, inA := a[at]
			y, inB := b[at]
			return inA == inB && x == y
		}
		for _, at := range all {
			switch {
			case open[at] != (!eq(base, our, at) && !eq(base, theirs, at) && !eq(our, theirs, at)):
				t.Fatalf("%s is open: %v", at, open[at])
			case eq(base, our, at) && !eq(got, theirs, at), !eq(base, our, at) && !eq(got, our, at):
				t.Fatalf("%s is lost: base %v, theirs %v, ours %v\n%s", at, base, theirs, our, data)
			}
		}
	})
}
