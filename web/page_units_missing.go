package web

import (
	"maps"
	"slices"

	"layak/eligibility"
	"layak/internal/auth"
)

// NamedOffices tells which offices the routing rules of a day count on: the code of a unit by what it
// is needed for ("health", "civil", "social", "lead").
type NamedOffices interface {
	NamedOffices(day eligibility.Date) map[string]string
}

// missingOffice is an office that the rules name and nobody registered as a unit.
type missingOffice struct{ Need, Code string }

// missingOffices are those of the day, by what they are needed for. Nothing is given to another unit in
// their place, so what they would get stays without one.
func (s *Server) missingOffices(units []auth.Unit) []missingOffice {
	if s.Named == nil {
		return nil
	}
	named := s.Named.NamedOffices(eligibility.DateOf(s.Clock().In(s.Zone)))
	var missing []missingOffice
	for _, need := range slices.Sorted(maps.Keys(named)) {
		code := named[need]
		known := slices.ContainsFunc(units, func(u auth.Unit) bool { return u.Code == code })
		if code != "" && !known {
			missing = append(missing, missingOffice{need, code})
		}
	}
	return missing
}
