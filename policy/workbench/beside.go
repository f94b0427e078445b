package workbench

import (
	"context"
	"fmt"
	"time"

	"layak/internal/fault"
	"layak/policy"
)

// Beside is what a change asks for beside the preview of everybody on the day that counts.
type Beside struct {
	// Routing is what becomes of the open complaints; nil when the change touches no routing, or nobody has
	// looked.
	Routing *Routing
	// Days are the previews of every day on which something of the change begins, in order; none when there
	// is one such day.
	Days []Impact
	// Missing are the looks that are still to be taken.
	Missing []Hindrance
}

// Routing sums up one look at the open complaints; the look itself is kept under its ID.
type Routing struct {
	ID         string    `json:"id"`
	Revision   string    `json:"revision"`
	Base       string    `json:"base"`
	ServiceOn  string    `json:"service_on"` // YYYY-MM-DD, the day as on which all were asked about
	FinishedAt time.Time `json:"finished_at"`

	Cases   int64 `json:"cases"`
	Changed int64 `json:"changed"`
	Refused int64 `json:"refused"` // the rules fail on them
	Later   int64 `json:"later"`   // a deadline comes later
	Sooner  int64 `json:"sooner"`
	Class   int64 `json:"class"`  // another class
	Desk    int64 `json:"desk"`   // another unit
	Second  int64 `json:"second"` // a second person closes, or no longer

	Compared    int64 `json:"compared"` // complaints asked about one by one
	Differences int64 `json:"differences"`
}

// judgeBeside adds what the change asks for beside the preview.
func (s *Service) judgeBeside(ctx context.Context, st *Standing, active policy.Revision, b policy.Bundle) error {
	if s.Impacts == nil || st.Hash == active.Hash {
		return nil
	}
	base, err := unpack(active)
	if err != nil {
		return err
	}
	beside, err := s.Impacts.Beside(ctx, base, b)
	if err != nil {
		return fmt.Errorf("look beside the preview of %s: %w", st.Hash, err)
	}
	st.Report.Routing, st.Report.Days = beside.Routing, beside.Days
	st.Hindrances = append(st.Hindrances, beside.Missing...)
	r := beside.Routing
	if r != nil && r.Refused > 0 {
		st.hinder("routing_fails", fmt.Sprintf("Aturan ini gagal pada %d dari %d aduan yang masih terbuka. Buka rincian dampaknya, lalu benahi aturannya.", r.Refused, r.Cases))
	}
	if r != nil && r.Differences > 0 {
		st.hinder("routing_void", fmt.Sprintf("Hitungan aduan terbuka batal: %d dari %d aduan yang diperiksa satu per satu hasilnya berbeda. Laporkan kepada pengelola program.",
			r.Differences, r.Compared))
	}
	return nil
}

// sound is Conflict when the report of a proposal lacks what its change asks for.
func (r Report) sound() error {
	if i := r.Impact; i == nil || !i.Sound() {
		return fault.New(fault.Conflict, "impact_void", "Hitungan dampak usulan ini tidak ada atau batal. Tolak usulan ini dan minta dampaknya dihitung lagi.")
	}
	for _, i := range r.Days {
		if !i.Sound() {
			return fault.New(fault.Conflict, "impact_void", "Hitungan dampak usulan ini pada salah satu hari batal. Tolak usulan ini dan minta dampaknya dihitung lagi.")
		}
	}
	if r.Routing != nil && r.Routing.Refused > 0 {
		return fault.New(fault.Conflict, "routing_fails", fmt.Sprintf("Aturan usulan ini gagal pada %d dari %d aduan yang masih terbuka. Tolak usulan ini.", r.Routing.Refused, r.Routing.Cases))
	}
	if r.Routing != nil && r.Routing.Differences > 0 {
		return fault.New(fault.Conflict, "routing_void", "Hitungan aduan terbuka usulan ini batal. Tolak usulan ini dan minta dampaknya dihitung lagi.")
	}
	return nil
}
