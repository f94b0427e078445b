package complaints

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"
)

// threeHours lists three open cases.
type threeHours struct{ HoursStore }

// threeCases cannot read the first of them.
type threeCases struct {
	Store
	read []Ticket
}

func (threeHours) TimedCases(_ context.Context, after string, _ int) ([]TimedCase, error) {
	if after != "" {
		return nil, nil
	}
	return []TimedCase{{"1", "A"}, {"2", "B"}, {"3", "C"}}, nil
}

func (s *threeCases) Complaint(_ context.Context, t Ticket, _ Scope) (Complaint, error) {
	s.read = append(s.read, t)
	if t == "A" {
		return Complaint{}, errors.New("no end within reason")
	}
	return Complaint{Ticket: t}, nil
}

// A case that cannot be timed must not keep the deadlines of all others from moving.
func TestRecomputeGoesOnBehindABadCase(t *testing.T) {
	store := &threeCases{}
	h := &Hours{Store: threeHours{}, Cases: &Service{Store: store, Clock: time.Now}}
	_, err := h.Recompute(t.Context(), "Daftar libur berubah")
	if err == nil || !slices.Equal(store.read, []Ticket{"A", "B", "C"}) {
		t.Errorf("read %v, told %v", store.read, err)
	}
}
