package eligibility

import (
	"context"
	"testing"
)

// pinOnly answers nothing but Pin: whatever else is asked of it panics.
type pinOnly struct {
	Registry
	still *desk
}

func (p pinOnly) Pin(ctx context.Context) (State, Registry, error) {
	return State{Residents: {ImportID: "imp-7", AsOf: "2026-11-07"}}, p.still, nil
}

// TestCheckReadsOneMoment: every fact of a check, and the imports it names, come from the registry
// that was held still for it, whichever way the subject is named.
func TestCheckReadsOneMoment(t *testing.T) {
	for name, subject := range map[string]Subject{
		"NIK":     {NIK: siti},
		"name":    {Name: "Siti Aminah", BirthDate: "1985-08-17", Village: "35.09.19.1001"},
		"newborn": {MotherNIK: siti, BirthDate: "2026-11-20"},
		"unknown": {Unknown: true, Description: "pasien tanpa identitas"},
	} {
		d, c := newDesk()
		d.people[siti] = withoutMembership() // so that coverage is asked too
		c.Registry = pinOnly{still: d}
		got, err := c.Check(officer(), Request{Subject: subject})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		same(t, name+": import", got.Registry[Residents].ImportID, "imp-7")
		if _, ok := c.Registry.(pinOnly); !ok {
			t.Errorf("%s: the check left its own registry behind in the checker", name)
		}
	}
}
