package eligibility

import "context"

// NamesIn lists the names under which the people of a determination are known: those of the registry for the subject,
// the mother and the card, and those on its papers. They are to be kept out of what leaves the desk, and shown to nobody.
func (c *Checker) NamesIn(ctx context.Context, d Determination) ([]string, error) {
	var out []string
	take := func(p Person) {
		if p.Resident != nil && p.Resident.Name != "" {
			out = append(out, p.Resident.Name)
		}
	}
	for _, nik := range []NIK{d.NIK, d.Subject.NIK, d.Subject.MotherNIK} {
		if nik == "" {
			continue
		}
		p, err := c.Registry.Person(ctx, nik)
		if err != nil {
			return nil, err
		}
		take(p)
	}
	if h := d.Facts.Household; h != nil && h.KK != "" {
		members, err := c.Registry.Household(ctx, KK(h.KK))
		if err != nil {
			return nil, err
		}
		for _, m := range members {
			take(m)
		}
	}
	for _, e := range d.Facts.Evidence {
		for _, key := range []string{"name", "mother_name", "father_name"} {
			if name, is := e.Facts[key].(string); is && name != "" {
				out = append(out, name)
			}
		}
	}
	return out, nil
}
