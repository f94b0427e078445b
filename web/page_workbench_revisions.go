package web

import (
	"context"
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"

	"layak/eligibility/impact"
	"layak/internal/auth"
	"layak/internal/fault"
	"layak/policy"
	"layak/policy/workbench"
)

// revisionsPage is the history of the rules, the way back, and the times in which nothing moves.
type revisionsPage struct {
	Base
	Rows     []revisionRow
	Active   string // hash of the rules in force, which the forms say they saw
	Switches []switchRow
	Freezes  []workbench.Freeze
	Waits    []workbench.Wait // scheduled ones that a freeze holds back
	Decides  bool
	CanStop  bool
	Exports  bool // may take a signed bundle along
	Reason   string
	For      string // hash or "stop": the form that was refused
	Freeze   workbench.Freeze
	Opened   bool // the form of a freeze is open
}

// revisionRow is one revision; Impact is what going back to it would change.
type revisionRow struct {
	policy.Revision
	Proposal bool
	Impact   *impact.Result
}

type switchRow struct {
	workbench.Switch
	To, From int // numbers
}

// fewSwitches is how much of the history stands on the page.
const fewSwitches = 50

func (s *Server) revisionsView(c echo.Context) (*revisionsPage, error) {
	if s.Workbench == nil {
		return nil, errNoPage
	}
	ctx := c.Request().Context()
	actor := auth.From(ctx)
	p := &revisionsPage{Decides: actor.Can(auth.PolicyApprove), Exports: s.Bundles != nil && actor.Can(auth.PolicyTry)}
	p.Title, p.Section = "workbench.revisions", "rules"
	all, err := s.Policies.Revisions(ctx)
	if err != nil {
		return nil, err
	}
	proposals, err := s.Workbench.Proposals(ctx)
	if err != nil {
		return nil, err
	}
	came, numbers := map[string]bool{}, map[string]int{}
	for _, w := range proposals {
		came[w.Hash] = true
	}
	for _, r := range all {
		numbers[r.Hash] = r.Number
		if r.Stage == policy.Active {
			p.Active = r.Hash
		}
	}
	for _, r := range all {
		row := revisionRow{Revision: r, Proposal: came[r.Hash]}
		if p.Decides && r.Stage == policy.Retired {
			row.Impact, err = s.wayBack(ctx, r.Hash, p.Active)
			if err != nil {
				return nil, err
			}
		}
		p.Rows = append(p.Rows, row)
	}
	switches, err := s.Workbench.Switches(ctx, fewSwitches)
	if err != nil {
		return nil, err
	}
	for _, w := range switches {
		p.Switches = append(p.Switches, switchRow{w, numbers[w.Hash], numbers[w.Previous]})
	}
	p.CanStop = p.Decides && len(switches) > 0
	p.Freezes, err = s.Workbench.Freezes(ctx)
	if err != nil {
		return nil, err
	}
	p.Waits, err = s.Workbench.Waits(ctx)
	return p, err
}

// HeldBy lists the scheduled revisions that a freeze holds back.
func (p *revisionsPage) HeldBy(id string) []workbench.Wait {
	return slices.DeleteFunc(slices.Clone(p.Waits), func(w workbench.Wait) bool { return w.Freeze.ID != id })
}

// wayBack finds the newest preview of going back to old rules; nil when there is none of today.
func (s *Server) wayBack(ctx context.Context, hash, active string) (*impact.Result, error) {
	if s.Impacts == nil {
		return nil, nil
	}
	run, err := s.Impacts.Newest(ctx, hash, active)
	if fault.Is(err, fault.NotFound) {
		return nil, nil
	}
	return run.Preview, err
}

func (s *Server) revisions(c echo.Context) error {
	p, err := s.revisionsView(c)
	if err != nil {
		return err
	}
	return s.render(c, http.StatusOK, "revisions", p)
}

// onRevisions does one act of the page of revisions; what cannot be done now is told on it.
func (s *Server) onRevisions(c echo.Context, said, form string, act func(ctx context.Context) error) error {
	if s.Workbench == nil {
		return errNoPage
	}
	err := act(c.Request().Context())
	if err == nil {
		s.flash(c, said)
		return s.redirect(c, "/rules/revisions")
	}
	f := fault.As(err)
	if f == nil || f.Kind != fault.Invalid && f.Kind != fault.Conflict {
		return err
	}
	p, viewErr := s.revisionsView(c)
	if viewErr != nil {
		return viewErr
	}
	p.For, p.Reason, p.Opened = form, c.FormValue("reason"), form == "freeze"
	p.Freeze = workbench.Freeze{From: c.FormValue("from"), Until: c.FormValue("until"), Reason: c.FormValue("reason")}
	p.Problem, p.Errors = f.Message, Problems(f.Fields)
	return s.render(c, http.StatusUnprocessableEntity, "revisions", p)
}

func (s *Server) rollbackRules(c echo.Context) error {
	hash, err := s.revisionHash(c.Request().Context(), c.Param("revision"))
	if err != nil {
		return err
	}
	return s.onRevisions(c, "workbench.rolled_back", hash, func(ctx context.Context) error {
		return s.Workbench.Rollback(ctx, hash, c.FormValue("reason"), seen(c))
	})
}

func (s *Server) stopRules(c echo.Context) error {
	return s.onRevisions(c, "workbench.stopped", "stop", func(ctx context.Context) error {
		_, err := s.Workbench.Stop(ctx, c.FormValue("reason"), seen(c))
		s.notices.forget() // seen at once by whoever stopped them
		return err
	})
}

func (s *Server) addFreeze(c echo.Context) error {
	return s.onRevisions(c, "workbench.frozen", "freeze", func(ctx context.Context) error {
		_, err := s.Workbench.AddFreeze(ctx, workbench.Freeze{From: c.FormValue("from"), Until: c.FormValue("until"), Reason: c.FormValue("reason")})
		return err
	})
}

func (s *Server) removeFreeze(c echo.Context) error {
	return s.onRevisions(c, "workbench.thawed", "freeze", func(ctx context.Context) error {
		return s.Workbench.RemoveFreeze(ctx, c.Param("id"))
	})
}
