package web

import (
	"slices"
	"testing"
	"time"

	"layak/eligibility"
	"layak/internal/auth"
)

type namedOffices map[string]string

func (n namedOffices) NamedOffices(eligibility.Date) map[string]string { return n }

// An office that the rules name and nobody registered is told, with its code and what it is needed for.
func TestOfficesThatNobodyRegistered(t *testing.T) {
	s := &Server{Config: Config{Clock: time.Now, Zone: time.UTC}}
	if got := s.missingOffices(nil); got != nil {
		t.Errorf("rules that name none: %v", got)
	}
	s.Named = namedOffices{"health": "DINKES", "civil": "DUKCAPIL", "social": "", "lead": "DISKOMINFO"}
	got := s.missingOffices([]auth.Unit{{Code: "DUKCAPIL"}, {Code: "RSD-SATU"}})
	if want := []missingOffice{{"health", "DINKES"}, {"lead", "DISKOMINFO"}}; !slices.Equal(got, want) {
		t.Errorf("missing %v, want %v", got, want)
	}
}
