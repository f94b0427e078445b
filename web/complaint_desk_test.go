package web

import (
	"testing"

	"layak/complaints"
)

// Where the rules want a case is offered to who has it elsewhere, and to nobody once it is there.
func TestDeskOfTheRulesIsOffered(t *testing.T) {
	for _, k := range []struct{ name, unit, want string }{
		{"it lies elsewhere", "KEL-MANGLI", "DINKES"}, {"it is there", "DINKES", ""}, {"nobody has it", "", "DINKES"},
	} {
		t.Run(k.name, func(t *testing.T) {
			p := complaintPage{C: complaints.Complaint{Unit: k.unit}}
			p.addAdvice(nil, complaints.RouteAdvice{Unit: "DINKES", UnitName: "Dinas Kesehatan"})
			if p.Desk != k.want {
				t.Errorf("offers %q, want %q", p.Desk, k.want)
			}
		})
	}
}

// A check of the patient comes first where it settles something, and not where somebody asks a
// question or complains about conduct.
func TestNextActByMatter(t *testing.T) {
	may := []complaints.EventType{complaints.CheckEvent, complaints.ResolveEvent}
	for matter, want := range map[string]string{"activation": "check", "charge": "check", "": "check", "conduct": "resolve", "information": "resolve"} {
		c := complaints.Complaint{State: complaints.InProgress, Matter: matter, Patients: []complaints.Patient{{No: 1}}}
		if next := nextFor(c, may); next.Key != want {
			t.Errorf("matter %q: next is %q, want %q", matter, next.Key, want)
		}
	}
}
