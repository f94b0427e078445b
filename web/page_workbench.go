package web

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"layak/eligibility/trial"
	"layak/internal/auth"
	"layak/policy"
	"layak/policy/workbench"
)

// Workbench is the life of rules: drafts, proposals, what is in force and the way back;
// *workbench.Service keeps it.
type Workbench interface {
	Drafting
	Signing
	StartDraft(ctx context.Context, name string, from workbench.Source) (workbench.Draft, error)
	WithdrawDraft(ctx context.Context, id string, version int) error
	Moved(ctx context.Context, d workbench.Draft) (workbench.Moved, bool, error)
	BringUp(ctx context.Context, id string, version int, said workbench.Settled) (workbench.Draft, error)
	Standing(ctx context.Context, b policy.Bundle) (workbench.Standing, error)
	Propose(ctx context.Context, id string, version int, ask workbench.Ask) (workbench.Proposal, error)

	Proposals(ctx context.Context) ([]workbench.Proposal, error)
	Proposal(ctx context.Context, hash string) (workbench.Proposal, error)
	MayApprove(ctx context.Context, p workbench.Proposal) error
	Approve(ctx context.Context, hash string, saw ...string) error
	Reject(ctx context.Context, hash, reason string, saw ...string) error
	Schedule(ctx context.Context, hash string, when time.Time, saw ...string) error
	Held(ctx context.Context, p workbench.Proposal, when time.Time) error
	Activate(ctx context.Context, hash string, saw ...string) error
	AddComment(ctx context.Context, c workbench.Comment) (workbench.Comment, error)
	Comments(ctx context.Context, hash string) ([]workbench.Comment, error)

	Rollback(ctx context.Context, hash, reason string, saw ...string) error
	Stop(ctx context.Context, reason string, saw ...string) (workbench.Switch, error)
	Switches(ctx context.Context, limit int) ([]workbench.Switch, error)
	Stopped(ctx context.Context) (*workbench.Switch, error)
	Freezes(ctx context.Context) ([]workbench.Freeze, error)
	AddFreeze(ctx context.Context, f workbench.Freeze) (workbench.Freeze, error)
	RemoveFreeze(ctx context.Context, id string) error
	Waits(ctx context.Context) ([]workbench.Wait, error)
}

// workbenchRoutes are the addresses of the life of rules.
func (s *Server) workbenchRoutes() []Route {
	const get, post = http.MethodGet, http.MethodPost
	const read, write, approve = auth.PolicyRead, auth.PolicyEdit, auth.PolicyApprove
	const draft, proposal = "/rules/drafts/:id", "/rules/proposals/:hash"
	slow := 45 * time.Second // tests run
	return append(append(s.bundleRoutes(), s.signerRoutes()...), []Route{
		{Method: get, Path: "/rules/drafts", Permission: read, Handler: s.drafts},
		{Method: post, Path: "/rules/drafts", Permission: write, Handler: s.startDraft, MaxBody: bundleBody},
		{Method: get, Path: draft, Permission: read, Handler: s.draftOne, Deadline: slow},
		{Method: post, Path: draft + "/params", Permission: write, Handler: s.setParam, Deadline: slow},
		{Method: post, Path: draft + "/up", Permission: write, Handler: s.bringUp},
		{Method: post, Path: draft + "/withdraw", Permission: write, Handler: s.withdrawDraft},
		{Method: post, Path: draft + "/propose", Permission: write, Handler: s.propose, Deadline: slow},

		{Method: get, Path: proposal, Permission: read, Handler: s.proposal},
		{Method: post, Path: proposal + "/approve", Permission: approve, Handler: s.approve},
		{Method: post, Path: proposal + "/reject", Permission: approve, Handler: s.reject},
		{Method: post, Path: proposal + "/schedule", Permission: approve, Handler: s.schedule},
		{Method: post, Path: proposal + "/activate", Permission: approve, Handler: s.activate},
		// Who writes or approves rules may remark; package workbench knows.
		{Method: post, Path: proposal + "/comments", Permission: read, Handler: s.comment},

		{Method: get, Path: "/rules/revisions", Permission: read, Handler: s.revisions},
		{Method: post, Path: "/rules/revisions/:revision/rollback", Permission: approve, Handler: s.rollbackRules},
		{Method: post, Path: "/rules/stop", Permission: approve, Handler: s.stopRules},
		{Method: post, Path: "/rules/freezes", Permission: approve, Handler: s.addFreeze},
		{Method: post, Path: "/rules/freezes/:id/remove", Permission: approve, Handler: s.removeFreeze},
	}...)
}

// bundleBody bounds an archive of rules that is brought in.
const bundleBody = 5 << 20

// workbenchPages are the page sets of the life of rules.
var workbenchPages = map[string][]string{
	"drafts":    {"problems"},
	"draft":     {"problems", "standing", "test_report", "moved"},
	"proposal":  {"problems", "standing", "rulediff"},
	"revisions": {"problems"},
	"signers":   {"problems"},
}

// draftsPage is the desk of whoever writes and approves rules.
type draftsPage struct {
	Base
	Active   policy.Revision
	Waiting  []workbench.Proposal // not in force yet
	Drafts   []workbench.Draft
	Rejected []workbench.Proposal // of late, each to be gone on from
	Closed   []workbench.Draft    // withdrawn, the last ones
	Waits    []workbench.Wait     // scheduled ones that a freeze holds back
	Wishes   []trial.Wish         // cases that desks propose
	MayWrite bool
	Name     string
	From     string
}

func (s *Server) draftsView(c echo.Context) (*draftsPage, error) {
	if s.Workbench == nil {
		return nil, errNoPage
	}
	ctx := c.Request().Context()
	p := &draftsPage{MayWrite: auth.From(ctx).Can(auth.PolicyEdit)}
	p.Title, p.Section = "workbench.title", "rules"
	all, err := s.Policies.Revisions(ctx)
	if err != nil {
		return nil, err
	}
	for _, r := range all {
		if r.Stage == policy.Active {
			p.Active = r
		}
	}
	proposals, err := s.Workbench.Proposals(ctx)
	if err != nil {
		return nil, err
	}
	for _, w := range proposals {
		switch {
		case w.Stage == policy.Proposed || w.Stage == policy.Approved:
			p.Waiting = append(p.Waiting, w)
		case w.Stage == policy.Rejected && w.RejectedAt != nil && s.Clock().Sub(*w.RejectedAt) < rejectedShown:
			p.Rejected = append(p.Rejected, w)
		}
	}
	p.Waits, err = s.Workbench.Waits(ctx)
	if err != nil {
		return nil, err
	}
	if p.MayWrite && s.Trials != nil {
		p.Wishes, err = s.Trials.Wishes(ctx)
		if err != nil {
			return nil, err
		}
	}
	drafts, err := s.Workbench.Drafts(ctx, false)
	mended := map[string]bool{}
	for _, d := range drafts {
		mended[d.Origin] = d.Origin != "" || mended[d.Origin]
	}
	p.Rejected = slices.DeleteFunc(p.Rejected, func(w workbench.Proposal) bool { return mended[w.Hash] })
	for _, d := range drafts {
		switch {
		case d.State == workbench.Open:
			p.Drafts = append(p.Drafts, d)
		case d.State == workbench.Withdrawn && len(p.Closed) < closedShown:
			p.Closed = append(p.Closed, d)
		}
	}
	return p, err
}

// Wait is the freeze that holds a scheduled revision back; nil when none does.
func (p *draftsPage) Wait(hash string) *workbench.Wait { return waitOf(p.Waits, hash) }

func waitOf(all []workbench.Wait, hash string) *workbench.Wait {
	for i := range all {
		if all[i].Hash == hash {
			return &all[i]
		}
	}
	return nil
}

// What is over stays on the desk for a while, so that nothing that was written is out of reach.
const (
	rejectedShown = 30 * 24 * time.Hour
	closedShown   = 10
)

func (s *Server) drafts(c echo.Context) error {
	p, err := s.draftsView(c)
	if err != nil {
		return err
	}
	return s.render(c, http.StatusOK, "drafts", p)
}

// fromDraft begins the source of a draft that goes on from a closed one; its id follows.
const fromDraft = "draft:"

// startDraft opens a draft from the rules in force, those of the program, or an archive.
func (s *Server) startDraft(c echo.Context) error {
	if s.Workbench == nil {
		return errNoPage
	}
	name, kind := c.FormValue("name"), c.FormValue("from")
	from := workbench.Source{Shipped: kind == "shipped"}
	var err error
	switch {
	case kind == "file":
		from, err = s.readBundleFile(c)
	case strings.HasPrefix(kind, fromDraft):
		from.Draft = strings.TrimPrefix(kind, fromDraft)
	case kind != "" && kind != "active" && kind != "shipped":
		from.Revision, err = s.revisionHash(c.Request().Context(), kind)
	}
	var d workbench.Draft
	if err == nil {
		d, err = s.Workbench.StartDraft(c.Request().Context(), name, from)
	}
	if err != nil {
		p, viewErr := s.draftsView(c)
		if viewErr != nil {
			return viewErr
		}
		p.Name, p.From = name, kind
		return s.again(c, err, "drafts", p)
	}
	s.flash(c, "workbench.started")
	return s.redirect(c, "/rules/drafts/"+d.ID)
}
