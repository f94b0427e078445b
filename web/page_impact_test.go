package web

import "testing"

// Every desk may read what rules would change, but people out of the whole regency, masked as they
// are, are shown to those alone who write or approve rules.
func TestImpactNamesPeopleToOfficersOnly(t *testing.T) {
	d := newDesk(t, Services{})
	for _, c := range []struct {
		name   string
		may    bool
		groups int
	}{{"a desk", false, 0}, {"an officer", true, 2}} {
		p := &impactPage{MayName: c.may}
		newImpactResult(p, d.words.For("id"), sampleImpact(), nil)
		if len(p.People) != c.groups || len(p.Ways) != 1 || len(p.Lines) == 0 {
			t.Errorf("%s sees %d groups of people, %d ways, %d figures", c.name, len(p.People), len(p.Ways), len(p.Lines))
		}
	}
}
