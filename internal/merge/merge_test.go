package merge

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// told writes parts as a text: conflicts as [base|theirs|ours], lines without their ends.
func told(parts []Part) string {
	flat := func(s string) string { return strings.ReplaceAll(s, "\n", " ") }
	var out strings.Builder
	for _, p := range parts {
		if c := p.Conflict; c != nil {
			fmt.Fprintf(&out, "[%s|%s|%s] ", strings.TrimSpace(flat(c.Base)), strings.TrimSpace(flat(c.Theirs)), strings.TrimSpace(flat(c.Ours)))
			continue
		}
		out.WriteString(flat(p.Text))
	}
	return strings.TrimSpace(out.String())
}

func lines(words string) string {
	if words == "" {
		return ""
	}
	return strings.ReplaceAll(words, " ", "\n") + "\n"
}

func TestLines(t *testing.T) {
	for name, c := range map[string]struct{ base, theirs, ours, want string }{
		"nobody changed":               {"a b c", "a b c", "a b c", "a b c"},
		"only they":                    {"a b c", "a x c", "a b c", "a x c"},
		"only we":                      {"a b c", "a b c", "a b y", "a b y"},
		"far from each other":          {"a b c d e", "x b c d e", "a b c d y", "x b c d y"},
		"both alike":                   {"a b c", "a x c", "a x c", "a x c"},
		"the same line":                {"a b c", "a x c", "a y c", "a [b|x|y] c"},
		"lines that touch":             {"a b c d", "a x c d", "a b y d", "a [b c|x c|b y] d"},
		"both add at the end":          {"a b", "a b x", "a b y", "a b [|x|y]"},
		"both add at different places": {"a b c", "x a b c", "a b c y", "x a b c y"},
		"they take out, we change":     {"a b c", "a c", "a y c", "a [b||y] c"},
		"they take out beside":         {"a b c", "a c", "a b c d", "a c d"},
		"they take out far away":       {"a b c d e", "a c d e", "a b c d e f", "a c d e f"},
		"moved lines":                  {"a b c d e f", "b a c d e f", "a b c d f e", "b a c d f e"},
		"nothing there before":         {"", "a b", "a c", "[|a b|a c]"},
		"everything is gone":           {"a b", "", "a b", ""},
	} {
		t.Run(name, func(t *testing.T) {
			if got := told(Lines(lines(c.base), lines(c.theirs), lines(c.ours))); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestConflictNamesItsRow(t *testing.T) {
	parts := Lines("a\nb\nc\n", "a\nx\nc\n", "new\na\ny\nc\n")
	i := slices.IndexFunc(parts, func(p Part) bool { return p.Conflict != nil })
	if i < 0 || parts[i].Conflict.Row != 3 {
		t.Errorf("%+v", parts)
	}
}

// TestTheLastLineKeepsItsEnd: a text without a last line end stays without.
func TestTheLastLineKeepsItsEnd(t *testing.T) {
	parts := Lines("a\nb\nc", "x\nb\nc", "a\nb\nc")
	if len(parts) != 1 || parts[0].Text != "x\nb\nc" {
		t.Errorf("%+v", parts)
	}
}

// TestApartIsNeverLost: however two people change a text, as long as a line that neither touched lies between
// their changes, everything that each wrote is there and nothing that each took out.
func TestApartIsNeverLost(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 60).Draw(t, "lines")
		var base, theirs, ours, want strings.Builder
		for i := range n {
			line := fmt.Sprintf("line %d\n", i)
			for side, kind := range []string{rapid.SampledFrom([]string{"", "", "edit", "gone", "more"}).Draw(t, "their"), rapid.SampledFrom([]string{"", "", "edit", "gone", "more"}).Draw(t, "our")} {
				changed := map[string]string{"": line, "edit": fmt.Sprintf("side %d edits %d\n", side, i), "gone": "", "more": line + fmt.Sprintf("side %d adds %d\n", side, i)}[kind]
				// Each side has lines of its own, and one between that nobody touches.
				base.WriteString(line + "=\n")
				both := []*strings.Builder{&theirs, &ours}
				both[side].WriteString(changed + "=\n")
				both[1-side].WriteString(line + "=\n")
				want.WriteString(changed + "=\n")
			}
		}
		parts := Lines(base.String(), theirs.String(), ours.String())
		got := told(parts)
		if got != told([]Part{{Text: want.String()}}) {
			t.Fatalf("got  %s\nwant %s", got, want.String())
		}
	})
}

// TestWildTexts: whatever the texts are, each side can be read back out of the parts when the other did not move,
// both orders agree on how many stretches are open, and equal sides agree.
func TestWildTexts(t *testing.T) {
	text := rapid.Custom(func(t *rapid.T) string {
		return strings.Join(rapid.SliceOfN(rapid.SampledFrom([]string{"a\n", "b\n", "c\n", "\n"}), 0, 30).Draw(t, "lines"), "") +
			rapid.SampledFrom([]string{"", "tail"}).Draw(t, "tail")
	})
	rapid.Check(t, func(t *rapid.T) {
		base, theirs, ours := text.Draw(t, "base"), text.Draw(t, "theirs"), text.Draw(t, "ours")
		for what, c := range map[string][3]string{"we alone": {base, ours, ours}, "they alone": {theirs, base, theirs}, "alike": {ours, ours, ours}} {
			parts := Lines(base, c[0], c[1])
			if len(parts) > 1 || len(parts) == 1 && (parts[0].Conflict != nil || parts[0].Text != c[2]) || len(parts) == 0 && c[2] != "" {
				t.Fatalf("%s: %+v", what, parts)
			}
		}
		open := func(parts []Part) (n int) {
			for _, p := range parts {
				if p.Conflict != nil {
					n++
				}
			}
			return n
		}
		if a, b := open(Lines(base, theirs, ours)), open(Lines(base, ours, theirs)); a != b {
			t.Fatalf("%d open, the other way %d", a, b)
		}
	})
}
