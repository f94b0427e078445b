package web

import (
	"reflect"
	"testing"

	"layak/complaints"
)

// What a workbook holds as bare figures is read on paper by a regent.
func TestFiguresOnPaper(t *testing.T) {
	got := onPaper([][]string{{"Dari", "2026-11-14"}, {"2026", "1500000", "9"}, {"Unit", "Kaliwates"}})
	want := [][]string{{"Dari", "14/11/2026"}, {"2026", "1.500.000", "9"}, {"Unit", "Kaliwates"}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// An answer names the reporters of merged cases and offers the ways that reach them, also those that
// do not lead to the first reporter.
func TestReportersOfMergedCasesAreOffered(t *testing.T) {
	p := complaintPage{}
	p.Ways = waysTo(complaints.Reporter{Name: "Ani", Phone: "081234567890"}, true)
	p.addReporters([]complaints.Joined{
		{Reporter: complaints.Reporter{Name: "Budi", Email: "budi@contoh.id"}}, {Reporter: complaints.Reporter{Name: "Citra"}},
	}, true)
	want := []reporterRow{{"Budi", []string{"email", "letter", "spoken"}}, {"Citra", []string{"letter", "spoken"}}}
	if !reflect.DeepEqual(p.Reporters, want) || !reflect.DeepEqual(p.Ways, []string{"email", "whatsapp", "letter", "spoken"}) {
		t.Errorf("reporters %v by %v", p.Reporters, p.Ways)
	}
}
