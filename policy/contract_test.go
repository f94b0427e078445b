package policy

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"layak/internal/fault"
)

var freeze = flag.Bool("freeze", false, "write the testdata of the newest contract anew from the shipped rules; only before they are released")

// frozen is what was decided by a rule set of a contract when that was current.
type frozen struct {
	Revision string        `json:"revision"`
	Cases    []frozenCase  `json:"cases"`
	Routings []frozenRoute `json:"routings,omitempty"` // since contract 2
}

type frozenRoute struct {
	Name    string          `json:"name"`
	Input   json.RawMessage `json:"input"`
	Routing json.RawMessage `json:"routing"`
}

type frozenCase struct {
	Name     string          `json:"name"`
	Input    json.RawMessage `json:"input"`
	Decision json.RawMessage `json:"decision"`
}

func frozenBundle(contract int) string { return fmt.Sprintf("testdata/contract%d.tar.gz", contract) }
func frozenFile(contract int) string   { return fmt.Sprintf("testdata/contract%d.json", contract) }

// frozenNames are golden cases with one of each outcome and every part of a decision.
var frozenNames = []string{
	"01-gawat-darurat-luar-daerah", "03-nik-tidak-ada", "04-domisili-dari-berkas", "06-aktif-pbi-jk", "07-layar-bpjs-nonaktif",
	"14-bayi-ibu-pemda", "23-desil-di-atas-batas", "23-sktm-mengalahkan-desil", "26-data-lama", "29-semua-yang-gagal-disebut",
}

func writeFrozen(t *testing.T) {
	t.Helper()
	var archive bytes.Buffer
	if err := Shipped().WriteTarGz(&archive); err != nil {
		t.Fatal(err)
	}
	e, err := NewEngine(t.Context(), Shipped())
	if err != nil {
		t.Fatal(err)
	}
	out := frozen{Revision: e.Hash()}
	for _, g := range goldens(t) {
		if !slices.Contains(frozenNames, g.name) {
			continue
		}
		in := g.input(t)
		d, err := e.Decide(t.Context(), in)
		if err != nil {
			t.Fatal(err)
		}
		out.Cases = append(out.Cases, frozenCase{Name: g.name, Input: encode(t, in), Decision: encode(t, d)})
	}
	for _, g := range routingGoldens(t) {
		if len(g.Params) > 0 {
			continue
		}
		in := g.input(t)
		r, err := e.Route(t.Context(), in)
		if err != nil {
			t.Fatal(err)
		}
		out.Routings = append(out.Routings, frozenRoute{Name: g.name, Input: encode(t, in), Routing: encode(t, r)})
	}
	text, err := json.MarshalIndent(out, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(frozenBundle(Contract), archive.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(frozenFile(Contract), append(text, '\n'), 0o644); err != nil {
		t.Fatal(err)
	}
}

func encode(t *testing.T, v any) []byte {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func compact(t *testing.T, text []byte) string {
	t.Helper()
	var out bytes.Buffer
	if err := json.Compact(&out, text); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// TestContractsStillDecide replays what stored revisions of every contract decided: the same bytes of
// the answer out of the same bytes of the facts, whatever the shipped rules say by now.
func TestContractsStillDecide(t *testing.T) {
	if *freeze {
		writeFrozen(t)
	}
	for contract := 1; contract <= Contract; contract++ {
		t.Run(fmt.Sprint(contract), func(t *testing.T) { replayFrozen(t, contract) })
	}
}

func replayFrozen(t *testing.T, contract int) {
	archive, err := os.ReadFile(frozenBundle(contract))
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(frozenFile(contract))
	if err != nil {
		t.Fatal(err)
	}
	var want frozen
	if err := json.Unmarshal(text, &want); err != nil {
		t.Fatal(err)
	}
	b, err := ReadTarGz(bytes.NewReader(archive))
	if err != nil {
		t.Fatal(err)
	}
	e, err := NewEngine(t.Context(), b)
	if err != nil {
		t.Fatal(err)
	}
	if n, _ := b.contract(); n != contract || e.Hash() != want.Revision {
		t.Errorf("contract %d, revision %s; want %d, %s", n, e.Hash(), contract, want.Revision)
	}
	outcomes := map[Outcome]bool{}
	for _, c := range want.Cases {
		in, err := ParseInput(c.Input)
		if err != nil {
			t.Fatalf("%s: %v", c.Name, err)
		}
		if got := encode(t, in); string(got) != compact(t, c.Input) {
			t.Errorf("%s: the stored facts are read as\n%s", c.Name, got)
		}
		d, err := e.Decide(t.Context(), in)
		if err != nil {
			t.Fatalf("%s: %v", c.Name, err)
		}
		outcomes[d.Outcome] = true
		if got := encode(t, d); string(got) != compact(t, c.Decision) {
			t.Errorf("%s\n got %s\nwant %s", c.Name, got, compact(t, c.Decision))
		}
	}
	if len(want.Cases) != len(frozenNames) || len(outcomes) != 4 {
		t.Errorf("%d cases with outcomes %v", len(want.Cases), outcomes)
	}
	want.reroute(t, e, contract)
	if report, err := Test(t.Context(), b); err != nil || report.Passed < 10 || report.Failed > 0 {
		t.Errorf("its own tests: %d passed, %d failed, %v", report.Passed, report.Failed, err)
	}
}

// reroute routes the frozen complaints again; rules of contract 1 say that they cannot.
func (want frozen) reroute(t *testing.T, e *Engine, contract int) {
	t.Helper()
	if contract < routingContract {
		_, err := e.Route(t.Context(), toldCase())
		if e.CanRoute() || !errors.Is(err, ErrNoRouting) || len(e.RoutingRules()) > 0 || len(e.RoutingParams()) > 0 {
			t.Errorf("rules of contract %d route: %v", contract, err)
		}
		return
	}
	if len(want.Routings) < 20 {
		t.Errorf("%d frozen routings", len(want.Routings))
	}
	for _, c := range want.Routings {
		in, err := ParseRoutingInput(c.Input)
		if err != nil {
			t.Fatalf("%s: %v", c.Name, err)
		}
		r, err := e.Route(t.Context(), in)
		if err != nil {
			t.Fatalf("%s: %v", c.Name, err)
		}
		if got := encode(t, r); string(got) != compact(t, c.Routing) {
			t.Errorf("%s\n got %s\nwant %s", c.Name, got, compact(t, c.Routing))
		}
	}
}

// TestContractNumber holds the number of a bundle against what the program knows.
func TestContractNumber(t *testing.T) {
	manifest := func(number string) Bundle {
		src := string(Shipped().Files[manifestFile])
		return Shipped().with(manifestFile, []byte(strings.Replace(src, `, "layak_contract": 2`, number, 1)))
	}
	none := Shipped()
	delete(none.Files, manifestFile)
	for _, c := range []struct {
		name     string
		bundle   Bundle
		code     string // what Verify says
		says     string
		stranded bool // no engine either
	}{
		{"this program's", Shipped(), "", "", false},
		{"newer", manifest(`, "layak_contract": 3`), "contract_newer", "Perbarui program Layak dulu.", true},
		{"older", manifest(`, "layak_contract": 1`), "", "", false},
		{"no number", manifest(""), "contract_missing", "belum menyebut nomor kontraknya", false},
		{"no manifest", none, "contract_missing", "belum menyebut nomor kontraknya", false},
		{"a word", manifest(`, "layak_contract": "1"`), "contract_unknown", "bilangan bulat", true},
		{"zero", manifest(`, "layak_contract": 0`), "contract_unknown", "bilangan bulat", true},
		{"no JSON", Shipped().with(manifestFile, []byte("{")), "manifest_unreadable", "bukan JSON", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			found, err := Verify(t.Context(), c.bundle)
			if err != nil {
				t.Fatal(err)
			}
			if c.code == "" && len(found) > 0 || c.code != "" && (len(found) != 1 || found[0].Code != c.code || !strings.Contains(found[0].Message, c.says)) {
				t.Errorf("%+v; want %s", found, c.code)
			}
			_, err = NewEngine(t.Context(), c.bundle)
			if c.stranded != fault.Is(err, fault.Invalid) || !c.stranded && err != nil {
				t.Errorf("engine: %v", err)
			}
			if c.stranded && !strings.Contains(fault.As(err).Message, c.says) {
				t.Errorf("a person reads %q", fault.As(err).Message)
			}
		})
	}
}
