package web

import (
	"cmp"
	"context"
	"crypto/rand"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"layak/internal/auth"
	"layak/internal/fault"
	"layak/internal/i18n"
	"layak/policy"
	"layak/policy/workbench"
)

// proposalPage is what the one who approves reads: what changes, what it does, what was tried.
type proposalPage struct {
	Base
	Proposal    workbench.Proposal
	From        policy.Revision // the revision that it was held against
	Files       []fileDiff
	Remarks     []workbench.Comment // on the proposal as a whole
	Stale       bool                // other rules came into force since it was proposed
	Held        string              // why it may not come into force now
	Wait        *workbench.Wait     // the freeze that holds its moment back
	Decides     bool                // holds the permission to approve
	MayNot      string              // why he may not approve this one
	Remarked    bool                // may remark
	GoesOn      string              // name of the draft that may be begun from it; "" for who does not write
	OnlyRouting bool                // nothing but the handling of complaints differs
	Words       changeWords         // the change in words
	Nonce       string              // lets the comparison write its own styles, in this answer only
	Reason      string
	When        string
}

// Open tells whether the proposal still waits for a word.
func (p *proposalPage) Open() bool { return p.Proposal.Stage == policy.Proposed }

// fileDiff is one file of the comparison.
type fileDiff struct {
	fileChange
	Rows    []diffRow
	Remarks []workbench.Comment // on the file as a whole
	Before  string
	After   string
	Live    bool // small enough that the script gets both texts
}

// liveBytes bounds both texts of a file that the script compares; a larger one stays the table.
const liveBytes = 256 << 10

func newFileDiff(f fileChange, old, text string, comments []workbench.Comment) fileDiff {
	mine := slices.DeleteFunc(slices.Clone(comments), func(c workbench.Comment) bool { return c.Path != f.Name })
	d := fileDiff{fileChange: f, Rows: sideBySide(diffLines(old, text), mine), Remarks: wholeRemarks(comments, f.Name)}
	if !f.Gone && len(old)+len(text) <= liveBytes {
		d.Live, d.Before, d.After = true, old, text
	}
	return d
}

func (p *proposalPage) styleNonce() string { return p.Nonce }

// showProposal sends the page. As in the editor, the comparison writes its styles while it runs.
func (s *Server) showProposal(c echo.Context, status int, p *proposalPage) error {
	p.Nonce = rand.Text()
	c.Response().Header().Set("Content-Security-Policy", withStyleNonce(contentPolicy, p.Nonce))
	return s.render(c, status, "proposal", p)
}

func (s *Server) proposalView(c echo.Context) (*proposalPage, error) {
	if s.Workbench == nil {
		return nil, errNoPage
	}
	ctx := c.Request().Context()
	hash, err := s.revisionHash(ctx, c.Param("hash"))
	if err != nil {
		return nil, err
	}
	w, err := s.Workbench.Proposal(ctx, hash)
	if err != nil {
		return nil, err
	}
	actor := auth.From(ctx)
	p := &proposalPage{Proposal: w, Decides: actor.Can(auth.PolicyApprove)}
	p.Remarked = p.Decides || actor.Can(auth.PolicyEdit)
	if actor.Can(auth.PolicyEdit) {
		d, err := s.Workbench.Draft(ctx, w.Draft)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return nil, err
		}
		name := []rune(orText(d.Name, w.Note))
		p.GoesOn = string(name[:min(len(name), 100)])
	}
	p.Title, p.Section = s.words.For(s.lang(c)).T("workbench.proposal_n", "N", w.Number), "rules"
	if p.Decides && p.Open() {
		if f := fault.As(s.Workbench.MayApprove(ctx, w)); f != nil {
			p.MayNot = f.Message
		}
	}
	err = s.proposalStanding(ctx, p)
	if err != nil {
		return nil, err
	}
	return p, s.proposalDiff(ctx, s.words.For(s.lang(c)), p)
}

// proposalStanding reads what holds the proposal up.
func (s *Server) proposalStanding(ctx context.Context, p *proposalPage) error {
	from, err := s.Policies.Revision(ctx, p.Proposal.Base)
	if err != nil {
		return err
	}
	p.From = from
	p.From.Bundle = nil
	if p.Proposal.Stage == policy.Proposed || p.Proposal.Stage == policy.Approved {
		err = s.Workbench.Held(ctx, p.Proposal, s.Clock())
		if f := fault.As(err); f != nil && f.Kind == fault.Conflict {
			p.Held, p.Stale, err = f.Message, f.Code == "base_moved", nil
		}
		if err != nil {
			return err
		}
	}
	waits, err := s.Workbench.Waits(ctx)
	p.Wait = waitOf(waits, p.Proposal.Hash)
	return err
}

func (s *Server) proposalDiff(ctx context.Context, w *i18n.Printer, p *proposalPage) error {
	old, err := s.baseFiles(ctx, p.Proposal.Base)
	if err != nil {
		return err
	}
	files, err := s.baseFiles(ctx, p.Proposal.Hash)
	if err != nil {
		return err
	}
	comments, err := s.Workbench.Comments(ctx, p.Proposal.Hash)
	if err != nil {
		return err
	}
	p.Remarks = wholeRemarks(comments, "")
	p.Files = fileDiffs(old, files, comments)
	p.OnlyRouting = onlyRouting(old, files)
	p.Words = wordsOfChange(w, policy.Bundle{Files: old}, policy.Bundle{Files: files})
	return nil
}

func fileDiffs(old, files map[string][]byte, comments []workbench.Comment) []fileDiff {
	var out []fileDiff
	for _, f := range changedFiles(old, files) {
		out = append(out, newFileDiff(f, string(old[f.Name]), string(files[f.Name]), comments))
	}
	return out
}

func (s *Server) proposal(c echo.Context) error {
	p, err := s.proposalView(c)
	if err != nil {
		return err
	}
	return s.showProposal(c, http.StatusOK, p)
}

// onProposal does one act on a proposal and shows it again; what cannot be done now is told on the page.
func (s *Server) onProposal(c echo.Context, said string, act func(ctx context.Context, hash string) error) error {
	return s.onProposalPart(c, said, func(ctx context.Context, hash string) (string, error) { return "", act(ctx, hash) })
}

// onProposalPart is onProposal for an act that names the part of the page to go to.
func (s *Server) onProposalPart(c echo.Context, said string, act func(ctx context.Context, hash string) (string, error)) error {
	if s.Workbench == nil {
		return errNoPage
	}
	ctx := c.Request().Context()
	hash, err := s.revisionHash(ctx, c.Param("hash"))
	if err != nil {
		return err
	}
	part, err := act(ctx, hash)
	if err == nil {
		s.flash(c, said)
		return s.redirect(c, "/rules/proposals/"+hash+part)
	}
	f := fault.As(err)
	if f == nil || f.Kind != fault.Invalid && f.Kind != fault.Conflict {
		return err
	}
	p, viewErr := s.proposalView(c)
	if viewErr != nil {
		return viewErr
	}
	p.Reason, p.When = c.FormValue("reason"), c.FormValue("when")
	p.Problem, p.Errors = f.Message, Problems(f.Fields)
	return s.showProposal(c, http.StatusUnprocessableEntity, p)
}

// seen is how things stood on the page from which somebody acts, so that he hears when somebody else was faster.
// A form that does not tell, of a page from before an update, has shown nothing of what stands now.
func seen(c echo.Context) string { return cmp.Or(c.FormValue("seen"), "nothing") }

func (s *Server) approve(c echo.Context) error {
	return s.onProposal(c, "workbench.approved", func(ctx context.Context, hash string) error {
		return s.Workbench.Approve(ctx, hash, seen(c))
	})
}

func (s *Server) reject(c echo.Context) error {
	return s.onProposal(c, "workbench.rejected", func(ctx context.Context, hash string) error {
		return s.Workbench.Reject(ctx, hash, c.FormValue("reason"), seen(c))
	})
}

func (s *Server) activate(c echo.Context) error {
	return s.onProposal(c, "workbench.activated", func(ctx context.Context, hash string) error {
		return s.Workbench.Activate(ctx, hash, seen(c))
	})
}

// schedule sets the moment of activation, in the time of the office, or takes it back.
func (s *Server) schedule(c echo.Context) error {
	said := "workbench.scheduled"
	if c.FormValue("when") == "" {
		said = "workbench.unscheduled"
	}
	return s.onProposal(c, said, func(ctx context.Context, hash string) error {
		if c.FormValue("when") == "" {
			return s.Workbench.Schedule(ctx, hash, time.Time{}, seen(c))
		}
		when, err := time.ParseInLocation("2006-01-02T15:04", c.FormValue("when"), s.Zone)
		if err != nil {
			const message = "Isi tanggal dan jam mulai berlaku."
			return fault.New(fault.Invalid, "activation_when", message).At("when", message)
		}
		return s.Workbench.Schedule(ctx, hash, when, seen(c))
	})
}

func (s *Server) comment(c echo.Context) error {
	return s.onProposalPart(c, "workbench.commented", func(ctx context.Context, hash string) (string, error) {
		line, err := strconv.Atoi(strings.TrimSpace(orText(c.FormValue("line"), "0")))
		if err != nil {
			line = -1 // no line of any file
		}
		said, err := s.Workbench.AddComment(ctx, workbench.Comment{Hash: hash, Path: c.FormValue("path"), Line: line, Text: c.FormValue("text")})
		return "#remark-" + said.ID, err
	})
}
