package policy

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// TestTableReadsAloud compares the decision table of the shipped rules with the text that was read and
// found good by people: testdata/words/table.txt, and routing.txt for complaints.
func TestTableReadsAloud(t *testing.T) {
	rows, err := Table(Shipped(), "2026-11-22")
	if err != nil {
		t.Fatal(err)
	}
	readsAs(t, "table", tableText(rows))
	rows, err = RoutingTable(Shipped(), "2026-11-22")
	if err != nil {
		t.Fatal(err)
	}
	readsAs(t, "routing", tableText(rows))
}

// TestTraceReadsAloud compares three traces with texts that were read: one refused for want of need, one
// of whom a fact is missing, one who is eligible by a letter.
func TestTraceReadsAloud(t *testing.T) {
	for _, name := range []string{"23-desil-di-atas-batas", "23-desil-tidak-tahu", "22-masih-bekerja"} {
		x := explained(t, name)
		var b strings.Builder
		fmt.Fprintf(&b, "%s\n", x.Summary)
		for _, s := range x.Steps {
			mark := "-"
			if s.Holds {
				mark = string(s.Verdict)
			}
			fmt.Fprintf(&b, "\n[%s] %s (%s): %s\n", mark, s.Title, s.Code, s.Sentence)
			if s.Holds {
				traceText(&b, s.Deciding, "  ")
				traceText(&b, s.Conditions, "  . ")
			}
		}
		readsAs(t, "trace-"+name, b.String())
	}
}

func traceText(b *strings.Builder, all []Condition, indent string) {
	for _, c := range all {
		seen := c.Seen
		if seen != "" {
			seen = " (" + seen + ")"
		}
		fmt.Fprintf(b, "%s%s%s: %s\n", indent, c.Text, seen, map[bool]string{true: "terpenuhi", false: "belum"}[c.Holds])
		traceText(b, c.Parts, indent+"  ")
	}
}

func readsAs(t *testing.T, name, got string) {
	t.Helper()
	file := "testdata/words/" + name + ".txt"
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if string(want) == got {
		return
	}
	was, is := strings.Split(string(want), "\n"), strings.Split(got, "\n")
	for i := range min(len(was), len(is)) {
		if was[i] != is[i] {
			t.Fatalf("%s line %d\n got %s\nwant %s", file, i+1, is[i], was[i])
		}
	}
	t.Fatalf("%s has %d lines, the table %d", file, len(was), len(is))
}

// tableText writes a table as one reads it; what a name stands for is written once, below.
func tableText(rows []TableRow) string {
	var b strings.Builder
	told := map[string]bool{}
	var terms []Term
	for _, r := range rows {
		fmt.Fprintf(&b, "\n%s (%s) %v\n", r.Title, r.Code, r.Verdicts)
		clauseText(&b, r.Condition, "")
		for _, y := range r.Yields {
			fmt.Fprintf(&b, "%s bila\n", y.Verdict)
			clauseText(&b, y.Condition, "  ")
		}
		for _, m := range r.Terms {
			if !told[m.Name] {
				told[m.Name] = true
				terms = append(terms, m)
			}
		}
	}
	for _, m := range terms {
		fmt.Fprintf(&b, "\n* %s\n", m.Name)
		clauseText(&b, Clause{Parts: []Clause{m.Meaning}}, "")
	}
	return b.String()
}

func clauseText(b *strings.Builder, c Clause, indent string) {
	for _, p := range c.Parts {
		inner := indent
		if p.Text != "" {
			idle := ""
			if p.Idle {
				idle = " [kini tidak]"
			}
			if p.Rego != "" {
				idle += fmt.Sprintf(" {%s:%d %s}", p.File, p.Row, p.Rego)
			}
			fmt.Fprintf(b, "%s- %s%s\n", indent, p.Text, idle)
			inner += "  "
		}
		clauseText(b, p, inner)
	}
}
