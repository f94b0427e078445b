package policy

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"layak/internal/fault"
)

func TestShippedIsWhole(t *testing.T) {
	found, err := Verify(t.Context(), Shipped())
	if err != nil || len(found) > 0 {
		t.Fatal(err, found)
	}
	report, err := Test(t.Context(), Shipped())
	if err != nil || len(report.Results) < 10 {
		t.Fatal(len(report.Results), err)
	}
	for _, r := range report.Results {
		if !r.Pass || r.Skip {
			t.Errorf("%s:%d %s: %s", r.File, r.Row, r.Name, r.Message)
		}
	}
	e, err := NewEngine(t.Context(), Shipped())
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range e.Rules() {
		if !strings.HasPrefix(r.Source, "# METADATA") || !strings.Contains(r.Source, `"code": "`+r.Code+`"`) {
			t.Errorf("source of %s is cut wrongly: %q", r.Code, r.Source)
		}
	}
	if len(e.Params()) < 15 || e.Hash() != Shipped().Hash() {
		t.Error(len(e.Params()), e.Hash())
	}
}

func TestBundleSurvivesArchive(t *testing.T) {
	var one, two bytes.Buffer
	if err := errors.Join(Shipped().WriteTarGz(&one), Shipped().WriteTarGz(&two)); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(one.Bytes(), two.Bytes()) {
		t.Error("the same bundle gave two archives")
	}
	back, err := ReadTarGz(&one)
	if err != nil || back.Hash() != Shipped().Hash() {
		t.Fatal(err, back.Hash())
	}
	for name := range back.Files {
		changed := back.with(name, append(bytes.Clone(back.Files[name]), ' '))
		if changed.Hash() == back.Hash() {
			t.Errorf("a change of %s keeps the hash", name)
		}
	}
	for _, garbage := range []string{"", "no archive", two.String()[:200]} {
		if _, err := ReadTarGz(strings.NewReader(garbage)); !fault.Is(err, fault.Invalid) {
			t.Errorf("%.10q: %v", garbage, err)
		}
	}
	big := fstest.MapFS{"big.rego": {Data: make([]byte, maxFileBytes+1)}}
	if _, err := ReadBundle(big); !fault.Is(err, fault.Invalid) {
		t.Error(err)
	}
}

// TestOldArchives reads what was stored when the parameters had another name, under its own hash.
func TestOldArchives(t *testing.T) {
	old := Shipped()
	old.Files[oldParamsFile] = old.Files[paramsFile]
	delete(old.Files, paramsFile)
	var archive bytes.Buffer
	if err := old.WriteTarGz(&archive); err != nil {
		t.Fatal(err)
	}
	back, err := ReadTarGz(&archive)
	if err != nil || back.Hash() != old.Hash() || back.Hash() == Shipped().Hash() {
		t.Fatal(err, back.Hash())
	}
	if _, err := NewEngine(t.Context(), back); err != nil {
		t.Error(err)
	}
}

const aRule = `package layak.eligibility

# METADATA
# title: Judul
# custom:
#   code: extra
#   article: Pasal 1
#   effective_from: "2025-04-01"
#   remedy: Lakukan sesuatu.
findings contains {"code": "extra", "verdict": "note", "seen": "x", "limit": "", "source": ""} if input.need == "routine"
`

// TestRefusedBundles adds one file to the shipped rules and wants it refused with its place.
func TestRefusedBundles(t *testing.T) {
	body := func(line string) string {
		return strings.Replace(aRule, `input.need == "routine"`, line, 1)
	}
	if found, _ := Verify(t.Context(), Shipped().with("extra.rego", []byte(aRule))); len(found) > 0 {
		t.Fatal("the rule of this test is no good:", found)
	}
	cases := map[string]struct{ src, code string }{
		"network":              {body(`http.send({"method": "get", "url": "http://x"}).status_code == 200`), "rego_type_error"},
		"environment":          {body(`opa.runtime().env.HOME == "/"`), "rego_type_error"},
		"clock":                {body(`time.now_ns() > 0`), "rego_type_error"},
		"unstoppable shift":    {body(`bits.lsh(1, 500000000) > 0`), "rego_type_error"},
		"regular expression":   {body(`regex.match("a+", input.need)`), "rego_type_error"},
		"randomness":           {body(`rand.intn("x", 2) == 1`), "rego_type_error"},
		"other rules":          {body(`rego.parse_module("x", "package x") != {}`), "rego_type_error"},
		"hidden by with":       {body(`input.need == "routine" with count as http.send`), "with"},
		"unknown field":        {body(`input.resident.income < 4`), "rego_type_error"},
		"unknown paper field":  {body("input.evidence[_].facts.salary == 1"), "rego_type_error"},
		"number against text":  {body(`input.welfare.desil == "4"`), "rego_type_error"},
		"unknown parameter":    {body(`current.max_dessil > 1`), "param_unknown"},
		"parameter by path":    {body("data.params.max_dessil[0].value > 1"), "param_unknown"},
		"name of a person":     {body(`input.evidence[_].facts.name == "x"`), "private_field"},
		"field chosen at run":  {body("input[input.need] == 1"), "dynamic_input"},
		"word of no list":      {body(`input.resident.life_status == "waffat"`), "code_unknown"},
		"word of no list, set": {body(`input.membership.segment in {"pbi_jk", "pbi_apbn"}`), "code_unknown"},
		"paper of no list":     {body(`input.evidence[_].kind == "ktpp"`), "code_unknown"},
		"not Rego":             {"package layak.eligibility\n\nnonsense if {", "rego_parse_error"},
		"untidy":               {strings.Replace(aRule, "findings contains", "findings  contains", 1), "format"},
		"no METADATA":          {aRule[:27] + aRule[strings.Index(aRule, "findings"):], "metadata"},
		"no code":              {strings.Replace(aRule, "#   code: extra\n", "", 1), "metadata"},
		"no article":           {strings.Replace(aRule, "#   article: Pasal 1\n", "", 1), "metadata"},
		"no remedy":            {strings.Replace(aRule, "#   remedy: Lakukan sesuatu.\n", "", 1), "metadata"},
		"no title":             {strings.Replace(aRule, "# title: Judul\n", "", 1), "metadata"},
		"no date":              {strings.Replace(aRule, "#   effective_from: \"2025-04-01\"\n", "", 1), "metadata"},
		"other code in head":   {strings.Replace(aRule, `{"code": "extra"`, `{"code": "other"`, 1), "metadata"},
		"code used twice":      {strings.ReplaceAll(aRule, "extra", "deceased"), "metadata"},
		"unknown verdict":      {strings.Replace(aRule, `"verdict": "note"`, `"verdict": "maybe"`, 1), "metadata"},
		"verdict left out":     {strings.Replace(aRule, `"verdict": "note", `, "", 1), "metadata"},
		"head hidden in a var": {aRule[:strings.Index(aRule, "findings")] + "findings contains f if f := {\"code\": \"extra\"}\n", "metadata"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			b := Shipped().with("extra.rego", []byte(c.src))
			found, err := Verify(t.Context(), b)
			if err != nil || len(found) == 0 {
				t.Fatal("accepted", err)
			}
			if found[0].Code != c.code || found[0].File == "" || found[0].Row == 0 || found[0].Message == "" {
				t.Errorf("%+v; want %s", found[0], c.code)
			}
			if c.code == "format" {
				return
			}
			if _, err := NewEngine(t.Context(), b); fault.Is(err, fault.Invalid) == ofStyle[c.code] {
				t.Errorf("engine: %v", err)
			}
		})
	}
}

func TestRefusedParams(t *testing.T) {
	good := string(Shipped().Files[paramsFile])
	for name, src := range map[string]string{
		"none":         "",
		"not JSON":     "{",
		"no date":      strings.Replace(good, `"valid_from": "2025-04-01", `, "", 1),
		"no source":    strings.Replace(good, `"source": "Pertimbangan program"`, `"source": ""`, 1),
		"null value":   strings.Replace(good, `"value": 5`, `"value": null`, 1),
		"oldest first": strings.Replace(good, `"valid_from": "2025-04-01"`, `"valid_from": "2018-04-01"`, 1),
		"no such code": strings.Replace(good, `"value": "required"`, `"value": "requierd"`, 1),
		"label":        strings.Replace(good, `"value": 5`, `"value": 5, "label": "lima"`, 1),
		"unknown key":  strings.Replace(good, `"value": 5`, `"value": 5, "note": 1`, 1),
	} {
		if _, err := NewEngine(t.Context(), Shipped().with(paramsFile, []byte(src))); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestParamLabels wants words for every code and switch, also for the values below the newest.
func TestParamLabels(t *testing.T) {
	e, err := NewEngine(t.Context(), Shipped())
	if err != nil {
		t.Fatal(err)
	}
	labels := map[string]string{}
	for _, p := range e.Params() {
		_, code := p.Value.(string)
		_, flag := p.Value.(bool)
		if (code || flag) != (p.Label != "") {
			t.Errorf("%s: value %v, label %q", p.Name, p.Value, p.Label)
		}
		labels[p.Name+"="+fmt.Sprint(p.Value)] = p.Label
	}
	if got := labels["need_mode=required"]; got != "wajib: desil atau SKTM menentukan" {
		t.Errorf("need_mode: %q", got)
	}
	if got := labels["uhc_status=cut_off"]; !strings.Contains(got, "bulan berikutnya") {
		t.Errorf("uhc_status of before: %q", got)
	}
}

// TestErrorIsNoRefusal wants a failing built-in function to be an error, not an undefined condition.
func TestErrorIsNoRefusal(t *testing.T) {
	broken := strings.Replace(aRule, `input.need == "routine"`, `time.parse_ns("2006-01-02", input.subject) > 0`, 1)
	e, err := NewEngine(t.Context(), Shipped().with("extra.rego", []byte(broken)))
	if err != nil {
		t.Fatal(err)
	}
	d, err := e.Decide(t.Context(), siti())
	if err == nil || fault.KindOf(err) != fault.Internal || d.Outcome != "" {
		t.Error(d.Outcome, err)
	}
}

func TestDeadline(t *testing.T) {
	e, err := NewEngine(t.Context(), Shipped())
	if err != nil {
		t.Fatal(err)
	}
	_, err = e.Decide(WithTimeout(t.Context(), time.Nanosecond), siti())
	if !fault.Is(err, fault.Unavailable) {
		t.Error(err)
	}
	slow := strings.Replace(aRule, `input.need == "routine"`,
		"count([1 | some a in many; some b in many; some c in many; some d in many; a + b + c + d == 0]) > 0", 1) +
		"\nmany := [" + strings.Repeat("1, ", 300) + "1]\n"
	e, err = NewEngine(t.Context(), Shipped().with("extra.rego", []byte(slow)))
	if err != nil {
		t.Fatal(err)
	}
	_, err = e.Decide(WithTimeout(t.Context(), 50*time.Millisecond), siti())
	if !fault.Is(err, fault.Unavailable) {
		t.Error("a rule ran past its deadline:", err)
	}
	old := siti()
	old.ServiceOn = "2018-12-31"
	_, err = e.Decide(t.Context(), old)
	if !fault.Is(err, fault.Invalid) {
		t.Error("decided without parameters:", err)
	}
}

func TestManyDeskAtOnce(t *testing.T) {
	e, err := NewEngine(t.Context(), Shipped())
	if err != nil {
		t.Fatal(err)
	}
	want, err := e.Decide(t.Context(), siti())
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for i := range 20 {
				d, err := e.Decide(context.Background(), siti())
				if err != nil || d.Summary != want.Summary || len(d.Findings) != len(want.Findings) {
					t.Error(d.Outcome, err)
					return
				}
				// Days that nobody asked about before.
				in := siti()
				in.ServiceOn = fmt.Sprintf("2026-11-%02d", i+1)
				if d, err = e.Decide(context.Background(), in); err != nil || d.Outcome != Eligible {
					t.Error(d.Outcome, err)
					return
				}
			}
		})
	}
	wg.Wait()
}

func TestFormat(t *testing.T) {
	untidy := Shipped().with("extra.rego", []byte(strings.Replace(aRule, "findings contains", "findings    contains", 1)))
	neat, changed, err := Format(untidy)
	if err != nil || len(changed) != 1 || changed[0] != "extra.rego" {
		t.Fatal(changed, err)
	}
	if string(neat.Files["extra.rego"]) != aRule {
		t.Errorf("%s", neat.Files["extra.rego"])
	}
}
