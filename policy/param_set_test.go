package policy

import (
	"bytes"
	"strings"
	"testing"

	"layak/internal/fault"
)

// TestSetParamKeepsTheFile: one line is added or replaced, everything else stays as it was.
func TestSetParamKeepsTheFile(t *testing.T) {
	const today = "2026-11-22"
	for name, c := range map[string]struct {
		change   ParamChange
		line     string
		added    int
		warnings string
	}{
		"newest":        {ParamChange{"max_desil", 6, "2027-01-01", "SK Bupati 1/2027"}, `      {"value": 6, "valid_from": "2027-01-01", "unit": "desil", "title": "Desil DTSEN tertinggi yang tergolong tidak mampu", "source": "SK Bupati 1/2027"},`, 1, ""},
		"day passed":    {ParamChange{"max_desil", 6, "2026-11-01", "SK Bupati 1/2026"}, `"valid_from": "2026-11-01"`, 1, "1 Nov 2026 sudah lewat"},
		"oldest":        {ParamChange{"max_desil", 4, "2018-01-01", "SK lama"}, `"valid_from": "2018-01-01"`, 1, "sudah lewat"},
		"same day":      {ParamChange{"max_desil", 6, "2019-01-01", "SK Bupati 2/2026"}, `{"value": 6, "valid_from": "2019-01-01"`, 0, "sudah lewat"},
		"between":       {ParamChange{"uhc_status", "cut_off", "2024-01-01", "Surat BPJS"}, `{"value": "cut_off", "valid_from": "2024-01-01"`, 1, "sudah lewat"},
		"yes and no":    {ParamChange{"sktm_overrides_desil", false, "2027-01-01", "Rapat"}, `{"value": false, "valid_from": "2027-01-01"`, 1, ""},
		"map":           {ParamChange{"stale_days", map[string]any{"membership": 40, "residents": 190, "welfare": 190}, "2027-01-01", "Rapat"}, `{"value": {"membership": 40, "residents": 190, "welfare": 190}`, 1, ""},
		"words in text": {ParamChange{"sktm_days", 90, "2027-01-01", `Perbup "UHC": 3 <bulan>`}, `"source": "Perbup \"UHC\": 3 <bulan>"`, 1, ""},
	} {
		t.Run(name, func(t *testing.T) {
			b := Shipped()
			out, warnings, err := SetParam(b, c.change, today)
			if err != nil {
				t.Fatal(err)
			}
			was, is := b.Files[paramsFile], out.Files[paramsFile]
			if !strings.Contains(string(is), c.line) {
				t.Errorf("no line %s", c.line)
			}
			if n := bytes.Count(is, []byte("\n")) - bytes.Count(was, []byte("\n")); n != c.added {
				t.Errorf("%d lines more, want %d", n, c.added)
			}
			stay := 0
			for _, line := range strings.Split(string(was), "\n") {
				if !strings.Contains(string(is), line) && !strings.Contains(string(is), strings.TrimSuffix(line, "\n")+",") {
					stay++
				}
			}
			if changed := 1 - c.added; stay != changed {
				t.Errorf("%d lines are no longer there", stay)
			}
			told := ""
			for _, w := range warnings {
				told += w.Message
			}
			if !strings.Contains(told, c.warnings) || c.warnings == "" && told != "" {
				t.Errorf("warned %q", told)
			}
			if _, err := NewEngine(t.Context(), out); err != nil {
				t.Errorf("the rules no longer load: %v", err)
			}
			if bytes.Equal(b.Files[paramsFile], out.Files[paramsFile]) {
				t.Error("nothing changed")
			}
		})
	}
}

func TestSetParamRefuses(t *testing.T) {
	ok := ParamChange{"max_desil", 6, "2027-01-01", "SK Bupati"}
	for name, c := range map[string]struct {
		change func(*ParamChange)
		code   string
		field  string
	}{
		"another kind":       {func(c *ParamChange) { c.Value = "6" }, "param_type", "value"},
		"yes for a number":   {func(c *ParamChange) { c.Value = true }, "param_type", "value"},
		"a part of a number": {func(c *ParamChange) { c.Value = 5.5 }, "param_value", "value"},
		"out of bounds":      {func(c *ParamChange) { c.Value = 11 }, "param_value", "value"},
		"no choice":          {func(c *ParamChange) { c.Name, c.Value = "need_mode", "sometimes" }, "param_value", "value"},
		"half a map":         {func(c *ParamChange) { c.Name, c.Value = "stale_days", map[string]any{"welfare": 1} }, "param_value", "value"},
		"text in a map": {func(c *ParamChange) {
			c.Name, c.Value = "stale_days", map[string]any{"welfare": "1", "residents": 1, "membership": 1}
		}, "param_value", "value"},
		"unknown name": {func(c *ParamChange) { c.Name = "max_desill" }, "param_unknown", "name"},
		"no day":       {func(c *ParamChange) { c.ValidFrom = "2027-02-30" }, "param_day", "valid_from"},
		"no source":    {func(c *ParamChange) { c.Source = "  " }, "param_source", "source"},
	} {
		t.Run(name, func(t *testing.T) {
			change := ok
			c.change(&change)
			b := Shipped()
			out, _, err := SetParam(b, change, "2026-11-22")
			told := fault.As(err)
			if told == nil || told.Kind != fault.Invalid || told.Code != c.code || len(told.Fields) != 1 || told.Fields[0].Name != c.field {
				t.Fatalf("%+v", err)
			}
			if out.Hash() != b.Hash() {
				t.Error("the bundle was changed")
			}
		})
	}
}

// TestParamSpecsCoverEveryParameter: each shipped value fits its own spec, and every spec says what it is.
func TestParamSpecsCoverEveryParameter(t *testing.T) {
	b := Shipped()
	specs, err := ParamSpecs(b)
	if err != nil {
		t.Fatal(err)
	}
	schemas, err := readParamSchemas(b)
	if err != nil || len(schemas) != len(specs) {
		t.Errorf("%d schemas for %d parameters, %v", len(schemas), len(specs), err)
	}
	params, err := parseParams(b.Files[paramsFile])
	if err != nil {
		t.Fatal(err)
	}
	if found := checkParamValues(b, params); len(found) > 0 {
		t.Error(found)
	}
	for _, s := range specs {
		if _, ok := schemas[s.Name]; !ok || s.Title == "" || s.Kind == KindWhole && (s.Unit == "" || s.Min == nil || s.Max == nil) {
			t.Errorf("%s: params.schema.json does not say its kind, unit and bounds: %+v", s.Name, s)
		}
		for _, c := range s.Choices {
			if c.Word == c.Code || c.Word == "" {
				t.Errorf("%s: choice %q has no words", s.Name, c.Code)
			}
		}
	}
	older := Bundle{Files: map[string][]byte{paramsFile: b.Files[paramsFile]}}
	guessed, err := ParamSpecs(older)
	if err != nil {
		t.Fatal(err)
	}
	for i, s := range guessed {
		if s.Kind != specs[i].Kind {
			t.Errorf("%s is guessed as %s, not %s", s.Name, s.Kind, specs[i].Kind)
		}
	}
}

func TestParamSpecReadsForms(t *testing.T) {
	specs, err := ParamSpecs(Shipped())
	if err != nil {
		t.Fatal(err)
	}
	of := map[string]ParamSpec{}
	for _, s := range specs {
		of[s.Name] = s
	}
	for _, c := range []struct {
		name   string
		fields map[string]string
		want   any // nil: refused
	}{
		{"max_desil", map[string]string{"": " 6 "}, 6},
		{"max_desil", map[string]string{"": "enam"}, nil},
		{"max_desil", map[string]string{"": "0"}, nil},
		{"sktm_overrides_desil", map[string]string{"": "false"}, false},
		{"sktm_overrides_desil", map[string]string{"": ""}, nil},
		{"need_mode", map[string]string{"": "off"}, "off"},
		{"stale_days", map[string]string{"membership": "40", "residents": "1", "welfare": "2"}, map[string]any{"membership": 40, "residents": 1, "welfare": 2}},
		{"stale_days", map[string]string{"membership": "40", "residents": "", "welfare": "2"}, nil},
		{"outside_units", map[string]string{"": `{"RSU": "Dinkes Provinsi"}`}, map[string]any{"RSU": "Dinkes Provinsi"}},
		{"outside_units", map[string]string{"": `{"RSU": 1}`}, nil},
		{"outside_units", map[string]string{"": `{`}, nil},
	} {
		v, err := of[c.name].Read(func(key string) string { return c.fields[key] })
		if (err != nil) != (c.want == nil) || c.want != nil && !same(v, c.want) {
			t.Errorf("%s %v: %v, %v", c.name, c.fields, v, err)
		}
		if err != nil && fault.As(err) == nil {
			t.Errorf("%s %v: %v", c.name, c.fields, err)
		}
	}
}
