package workbench

import (
	"context"
	"time"

	"layak/internal/audit"
	"layak/policy"
)

// Store keeps drafts, proposals and switches; package storage implements it. What writes takes its
// audit entry and commits it in the same transaction.
type Store interface {
	// Revision and ActiveRevision come with the bundle, Revisions without, newest first.
	Revision(ctx context.Context, hash string) (policy.Revision, error) // NotFound
	Revisions(ctx context.Context) ([]policy.Revision, error)
	ActiveRevision(ctx context.Context) (policy.Revision, error)

	AddDraft(ctx context.Context, d Draft, e audit.Entry) error
	Draft(ctx context.Context, id string) (Draft, error)    // NotFound
	Drafts(ctx context.Context, open bool) ([]Draft, error) // without files, the last changed first
	// SaveDraft applies the change and adds by to the editors; Conflict (draft_moved) when the draft
	// has another version, Conflict (draft_closed) when it is not open.
	SaveDraft(ctx context.Context, id string, version int, by string, c Change, e audit.Entry) (Draft, error)
	// CloseDraft withdraws an open draft.
	CloseDraft(ctx context.Context, id string, version int, e audit.Entry) error

	// Propose stores the revision with its number and closes the draft at that version. Conflict
	// when the same bytes are stored already, unless they were rejected.
	Propose(ctx context.Context, p Proposal, version int, e audit.Entry) (Proposal, error)
	Proposal(ctx context.Context, hash string) (Proposal, error) // NotFound; with the bundle
	Proposals(ctx context.Context) ([]Proposal, error)           // without bundles and reports, newest first
	// Approve, Reject and Schedule do nothing and give ErrMoved unless the mark of the proposal is still the
	// one that was seen, which the transaction that writes looks at; Conflict (revision_stage) when it stands
	// where the act makes no sense.
	ApproveProposal(ctx context.Context, hash, seen string, e audit.Entry) error
	RejectRevision(ctx context.Context, hash, seen, reason string, e audit.Entry) error
	ScheduleRevision(ctx context.Context, hash, seen string, when *time.Time, e audit.Entry) error
	// Due lists approved revisions whose time has come, the earliest first.
	Due(ctx context.Context, now time.Time) ([]Proposal, error)

	// Switch brings s.Hash into force, retires s.Previous and keeps the switch. Conflict when
	// s.Previous is not in force any more (active_moved), s.Hash is neither approved nor retired, or is not
	// marked s.Seen any more (ErrMoved).
	Switch(ctx context.Context, s Switch, e audit.Entry) error
	Switches(ctx context.Context, limit int) ([]Switch, error) // newest first

	AddComment(ctx context.Context, c Comment, e audit.Entry) error
	Comments(ctx context.Context, hash string) ([]Comment, error) // oldest first

	AddFreeze(ctx context.Context, f Freeze, e audit.Entry) error
	RemoveFreeze(ctx context.Context, id string, e audit.Entry) error // NotFound
	Freezes(ctx context.Context) ([]Freeze, error)                    // by first day

	AddSigner(ctx context.Context, s Signer, e audit.Entry) error              // Conflict (signer_known)
	RemoveSigner(ctx context.Context, fingerprint string, e audit.Entry) error // NotFound
	Signers(ctx context.Context) ([]Signer, error)                             // by name
}
