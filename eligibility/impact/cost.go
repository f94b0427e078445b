package impact

import (
	"encoding/json"

	"layak/policy"
)

// premiumParam is what the regency pays for a person and month.
const premiumParam = "premium_month"

// cost holds the counts against the premium of the day; nil when neither rule set names one. Where the
// premium itself changes, whoever the regency pays already costs otherwise too.
func (r *run) cost(n Counts, leaving int) *Cost {
	c := premium(r.frame.ServiceOn, r.Draft, r.Base)
	if c == nil {
		return nil
	}
	c.Gained, c.Lost = c.Premium*int64(n.Gained), c.Premium*int64(leaving)
	if before := premium(r.frame.ServiceOn, r.Base); before != nil && before.Premium != c.Premium {
		c.Before, c.Paid = before.Premium, r.paid()
		c.Dearer = (c.Premium - c.Before) * int64(c.Paid)
	}
	c.Net = c.Gained - c.Lost + c.Dearer
	return c
}

// premium is that of a day, out of the first bundle that names one.
func premium(on string, of ...policy.Bundle) *Cost {
	for _, b := range of {
		var file struct {
			Params map[string][]struct {
				Value     any    `json:"value"`
				ValidFrom string `json:"valid_from"`
				Source    string `json:"source"`
			} `json:"params"`
		}
		err := json.Unmarshal(b.Files["data.json"], &file)
		if err != nil {
			continue
		}
		for _, p := range file.Params[premiumParam] { // newest first
			rupiah, ok := p.Value.(float64)
			if ok && p.ValidFrom <= on {
				return &Cost{Premium: int64(rupiah), ValidFrom: p.ValidFrom, Source: p.Source}
			}
		}
	}
	return nil
}

// paid counts the people whom the regency pays, as the registry has them: active members of its segment.
func (r *run) paid() int {
	own := codesWhere(r.people.Values("membership.segment"), func(v string) bool { return v == "pemda" })
	active := codesWhere(r.people.Values("membership.member_status"), func(v string) bool { return v == "active" })
	segment, status := r.people.Codes("membership.segment"), r.people.Codes("membership.member_status")
	n := 0
	for i := range r.people.Len() {
		if own[segment(i)] && active[status(i)] {
			n++
		}
	}
	return n
}
