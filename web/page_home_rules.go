package web

import (
	"context"
	"slices"
	"time"

	"github.com/labstack/echo/v4"

	"layak/internal/auth"
	"layak/internal/fault"
	"layak/policy"
	"layak/policy/workbench"
)

// ruleShelves are what waits for somebody who writes or approves rules.
type ruleShelves struct {
	Decide   []workbench.Proposal // wait for his word
	Own      []workbench.Proposal // wait for the word of somebody else, for he wrote in them
	When     []workbench.Proposal // approved, and nobody has said from when on
	Mine     []workbench.Proposal // proposed by him
	Mend     []workbench.Proposal // of his that were rejected
	Drafts   []homeDraft
	Coming   []workbench.Proposal // with a moment
	Waits    []workbench.Wait
	Freezes  []workbench.Freeze // that hold or are near
	Decides  bool
	MayWrite bool
}

// homeDraft is a draft of the reader, with how far it is.
type homeDraft struct {
	workbench.Draft
	Files int  // that differ from where it began
	Moved bool // other rules came into force since
}

// Empty tells whether nothing waits.
func (r *ruleShelves) Empty() bool {
	return len(r.Decide)+len(r.Own)+len(r.When)+len(r.Mine)+len(r.Mend)+len(r.Drafts)+len(r.Coming)+len(r.Freezes) == 0
}

// Wait is the freeze that holds a scheduled revision back; nil when none does.
func (r *ruleShelves) Wait(hash string) *workbench.Wait { return waitOf(r.Waits, hash) }

const (
	// homeDrafts bounds how many drafts are looked into for the first page.
	homeDrafts = 6
	// freezeNear is how long before its first day a freeze is told of.
	freezeNear = 30 * 24 * time.Hour
)

// rulesInto fills in what waits for a reader who writes or approves rules; nil for others.
func (s *Server) rulesInto(c echo.Context) (*ruleShelves, error) {
	ctx := c.Request().Context()
	actor := auth.From(ctx)
	if s.Workbench == nil || !actor.Can(auth.PolicyTry) {
		return nil, nil
	}
	desk, err := s.draftsView(c)
	if err != nil {
		return nil, err
	}
	r := &ruleShelves{Waits: desk.Waits, Decides: actor.Can(auth.PolicyApprove), MayWrite: actor.Can(auth.PolicyEdit)}
	for _, p := range desk.Waiting {
		r.shelve(s.Workbench.MayApprove(ctx, p), actor.Name, p)
	}
	for _, p := range desk.Rejected {
		if r.MayWrite && wrote(p, actor.Name) {
			r.Mend = append(r.Mend, p)
		}
	}
	r.Drafts, err = s.homeDrafts(ctx, desk.Drafts, actor.Name)
	if err != nil {
		return nil, err
	}
	freezes, err := s.Workbench.Freezes(ctx)
	today, near := s.Clock().In(s.Zone).Format(time.DateOnly), s.Clock().Add(freezeNear).In(s.Zone).Format(time.DateOnly)
	for _, f := range freezes {
		if f.Until >= today && f.From <= near {
			r.Freezes = append(r.Freezes, f)
		}
	}
	return r, err
}

// shelve puts a proposal where the reader looks for it; mayNot is why he may not approve it.
func (r *ruleShelves) shelve(mayNot error, name string, p workbench.Proposal) {
	switch {
	case p.Stage == policy.Approved && p.ActivateAt != nil:
		r.Coming = append(r.Coming, p)
	case p.Stage == policy.Approved && r.Decides:
		r.When = append(r.When, p)
	case p.Stage == policy.Proposed && r.Decides && mayNot == nil:
		r.Decide = append(r.Decide, p)
	case p.Stage == policy.Proposed && r.Decides:
		r.Own = append(r.Own, p)
	case wrote(p, name):
		r.Mine = append(r.Mine, p)
	}
}

func wrote(p workbench.Proposal, name string) bool {
	return p.ProposedBy == name || slices.Contains(p.Editors, name)
}

// homeDrafts looks into the drafts that the reader wrote in, the last saved first.
func (s *Server) homeDrafts(ctx context.Context, all []workbench.Draft, name string) ([]homeDraft, error) {
	var out []homeDraft
	for _, d := range all {
		if !slices.Contains(d.Editors, name) || len(out) == homeDrafts {
			continue
		}
		d, err := s.Workbench.Draft(ctx, d.ID)
		if fault.Is(err, fault.NotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		base, err := s.baseFiles(ctx, d.Base)
		if err != nil {
			return nil, err
		}
		_, moved, err := s.Workbench.Moved(ctx, d)
		if err != nil {
			return nil, err
		}
		out = append(out, homeDraft{d, len(changedFiles(base, d.Files)), moved})
	}
	return out, nil
}
