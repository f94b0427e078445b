package policy

import (
	"context"
	"time"

	"layak/internal/audit"
)

// Stage is how far a rule set has come on its way to deciding.
type Stage string

// The stages, in their order; Rejected stands beside it. At most one revision of an installation is active.
const (
	Draft    Stage = "draft"
	Proposed Stage = "proposed"
	Approved Stage = "approved"
	Active   Stage = "active"
	Retired  Stage = "retired"
	Rejected Stage = "rejected" // proposed, and somebody who may approve said no
)

// Revision is one immutable rule set as it is stored. Its hash names it in every determination.
type Revision struct {
	Hash        string     `json:"revision"`
	Number      int        `json:"number"` // 1, 2, 3 … for people
	Stage       Stage      `json:"status"`
	Bundle      []byte     `json:"-"` // tar.gz; empty in lists
	Note        string     `json:"note"`
	CreatedAt   time.Time  `json:"created_at"`
	CreatedBy   string     `json:"created_by"`
	ApprovedAt  *time.Time `json:"approved_at,omitempty"`
	ApprovedBy  string     `json:"approved_by,omitempty"`
	ActivatedAt *time.Time `json:"activated_at,omitempty"`
	ActivatedBy string     `json:"activated_by,omitempty"`
	RetiredAt   *time.Time `json:"retired_at,omitempty"`
}

// Revisions keeps the rule sets of the installation.
type Revisions interface {
	// SaveRevision stores a new revision and gives it its number; fault.Conflict when a revision
	// of the same hash is stored already.
	SaveRevision(ctx context.Context, r Revision, e audit.Entry) (Revision, error)
	// Revision finds one with its bundle; fault.NotFound otherwise. Revisions lists all without
	// bundles, newest first.
	Revision(ctx context.Context, hash string) (Revision, error)
	Revisions(ctx context.Context) ([]Revision, error)
	// ActiveRevision gives the one that decides, with its bundle; fault.NotFound before the first.
	ActiveRevision(ctx context.Context) (Revision, error)
	// ApproveRevision moves a draft or proposed revision to Approved; e.Actor approved it.
	ApproveRevision(ctx context.Context, hash string, e audit.Entry) error
	// ActivateRevision makes an approved or retired revision the deciding one and retires the one
	// before; e.Actor activated it.
	ActivateRevision(ctx context.Context, hash string, e audit.Entry) error
	// EnsureRevision stores and activates the shipped rule set when no revision is active yet, and
	// gives the active one.
	EnsureRevision(ctx context.Context, hash string, bundle []byte) (Revision, error)
}
