package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"layak/policy"
)

// The commonest change of all: a number that begins on the first of next January. Nothing changes today,
// but the preview shows the people of that day, and whoever proposes it has to type how many a cause
// refused that refuses nobody any more.
func TestANumberFromNextJanuary(t *testing.T) {
	h := &house{t: t, dir: t.TempDir()}
	h.db = "sqlite:" + h.path("layak.db")
	h.load("400")
	january := fmt.Sprintf("%d-01-01", time.Now().Year()+1)
	rules, _, err := policy.SetParam(policy.Shipped(), policy.ParamChange{Name: "max_desil", Value: 10, ValidFrom: january, Source: "SK Bupati 188/2026"}, "2026-11-22")
	if err != nil {
		t.Fatal(err)
	}
	dir := h.path("aturan")
	for name, text := range rules.Files {
		path := filepath.Join(dir, name)
		err = os.MkdirAll(filepath.Dir(path), 0o750)
		if err == nil {
			err = os.WriteFile(path, text, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}

	preview := func(args ...string) map[string]any {
		run := h.object(append([]string{"policy", "impact", dir}, args...)...)
		return run["preview"].(map[string]any)
	}
	gained := func(p map[string]any) float64 { return p["counts"].(map[string]any)["gained"].(float64) }
	today := preview("--on", time.Now().Format(time.DateOnly))
	if gained(today) != 0 {
		t.Errorf("today %v people gain", gained(today))
	}
	if out := h.must("", "policy", "impact", dir); !strings.Contains(out, "untuk layanan 1 Jan ") {
		t.Errorf("the day is not told:\n%s", out)
	}
	then := preview()
	if then["service_on"] != january || gained(then) == 0 {
		t.Fatalf("of %v %v people gain", then["service_on"], gained(then))
	}

	refused := 0
	for _, x := range then["refusals"].([]any) {
		if r := x.(map[string]any); r["title"] == "Tergolong tidak mampu" && r["after"].(float64) == 0 {
			refused = int(r["before"].(float64))
		}
	}
	said := h.run("", "policy", "propose", dir, "--note", "Batas desil 10 mulai Januari")
	want := fmt.Sprintf("“Tergolong tidak mampu” sekarang menolak %d orang, nanti tidak seorang pun", refused)
	if refused == 0 || said.code == exitDone || !strings.Contains(said.err, want) {
		t.Fatalf("%d refused; exit %d\n%s%s", refused, said.code, said.out, said.err)
	}
	_, number, _ := strings.Cut(said.err, "ketik jumlahnya: ")
	number = strings.TrimRight(strings.Fields(number)[0], ".")
	if _, err := strconv.Atoi(number); err != nil {
		t.Fatalf("no number is asked for:\n%s", said.err)
	}
	proposal := h.object("policy", "propose", dir, "--note", "Batas desil 10 mulai Januari", "--confirm", number)["proposal"].(map[string]any)
	impact := proposal["report"].(map[string]any)["impact"].(map[string]any)
	if impact["service_on"] != january || impact["gained"] != gained(then) {
		t.Errorf("proposed with %v", impact)
	}
}
