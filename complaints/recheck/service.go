package recheck

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"unicode/utf8"

	"layak/complaints"
	"layak/eligibility"
	"layak/internal/audit"
	"layak/internal/auth"
	"layak/internal/fault"
	"layak/policy"
)

// Sizes of pages.
const (
	usualPage   = 50
	largestPage = 200
)

// Directions are the new outcomes in the order of the list: who may have good news comes first.
var Directions = []policy.Outcome{policy.Eligible, policy.AlreadyCovered, policy.NeedsInformation, policy.NotEligible}

// Service is the second look. All fields are required except Log.
type Service struct {
	Store   Store
	Checker *eligibility.Checker
	Rules   Revisions
	Clock   eligibility.Clock
	Log     *slog.Logger // of what ought never to happen
}

// Revisions names the rule sets; storage keeps it.
type Revisions interface {
	Revisions(ctx context.Context) ([]policy.Revision, error)
}

// Page is one page of the list.
type Page struct {
	Items []Item `json:"items"`
	Next  string `json:"next,omitempty"` // give it as Filter.After; "" at the end
}

// List gives the people in the actor's scope whose answer changed, masked. The look is on the trail.
func (s *Service) List(ctx context.Context, f Filter) (Page, error) {
	actor, err := reader(ctx)
	if err != nil {
		return Page{}, err
	}
	if f.Status == "" {
		f.Status = Open
	}
	if f.Limit <= 0 {
		f.Limit = usualPage
	}
	size := min(f.Limit, largestPage)
	f.Limit = size + 1
	items, err := s.Store.Rechecks(ctx, f, complaints.ScopeOf(actor))
	if err != nil {
		return Page{}, err
	}
	err = s.Store.Record(ctx, audit.Entry{Actor: actor.Name, Act: "recheck.list", Object: "recheck"})
	if err != nil {
		return Page{}, err
	}
	var p Page
	if len(items) > size {
		items = items[:size]
		p.Next = items[size-1].ID
	}
	for i := range items {
		items[i] = masked(items[i])
	}
	p.Items = items
	return p, nil
}

// Counts tells how many are open in the actor's scope, for the home page; it shows nobody.
func (s *Service) Counts(ctx context.Context) (Counts, error) {
	actor, err := reader(ctx)
	if err != nil {
		return Counts{}, err
	}
	return s.Store.CountRechecks(ctx, complaints.ScopeOf(actor))
}

// Progress is the newest run, so that a page can say what is being checked; false before the first.
func (s *Service) Progress(ctx context.Context) (Run, bool, error) {
	_, err := reader(ctx)
	if err != nil {
		return Run{}, false, err
	}
	return s.Store.LastRun(ctx)
}

// Item opens one item with both determinations. Looking at each is on the trail.
func (s *Service) Item(ctx context.Context, id string) (it Item, old, made eligibility.Determination, err error) {
	actor, err := reader(ctx)
	if err != nil {
		return it, old, made, err
	}
	it, err = s.Store.Recheck(ctx, id, complaints.ScopeOf(actor))
	if err != nil {
		return it, old, made, err
	}
	old, err = s.Checker.View(ctx, it.Old)
	if err != nil {
		return it, old, made, err
	}
	made, err = s.Checker.View(ctx, it.New)
	return masked(it), old, made, err
}

// Answered ends an item: the citizen was told. note may say how.
func (s *Service) Answered(ctx context.Context, id, note string) error {
	if utf8.RuneCountInString(strings.TrimSpace(note)) > 500 {
		return errLong
	}
	return s.end(ctx, id, Answered, "recheck.answer", strings.TrimSpace(note))
}

// Dismiss ends an item without an answer; it needs a reason.
func (s *Service) Dismiss(ctx context.Context, id, reason string) error {
	reason = strings.TrimSpace(reason)
	n := utf8.RuneCountInString(reason)
	if n > 500 {
		return errLong
	}
	if n < 4 {
		const message = "Tulis mengapa warga ini tidak perlu dijawab, misalnya: sudah meninggal, atau sudah terdaftar lewat jalur lain."
		return fault.New(fault.Invalid, "reason_missing", message).At("note", message)
	}
	return s.end(ctx, id, Dismissed, "recheck.dismiss", reason)
}

var errLong = fault.New(fault.Invalid, "note_long", "Catatan paling panjang 500 huruf.").At("note", "Catatan paling panjang 500 huruf.")

func (s *Service) end(ctx context.Context, id string, to Status, act, note string) error {
	actor, err := reader(ctx)
	if err != nil {
		return err
	}
	err = actor.Require(auth.ComplaintWork)
	if err != nil {
		return err
	}
	it, err := s.Store.Recheck(ctx, id, complaints.ScopeOf(actor))
	if err != nil {
		return err
	}
	now := s.Clock()
	it.Status, it.Note, it.DoneAt, it.DoneBy = to, note, &now, actor.Name
	return s.Store.EndRecheck(ctx, it, audit.Entry{
		Actor: actor.Name, Act: act, Object: "recheck", ObjectID: it.ID, Person: string(it.NIK), Payload: []byte(note),
	})
}

// reader is the actor, who must be allowed to read cases and checks.
func reader(ctx context.Context) (auth.Actor, error) {
	actor := auth.From(ctx)
	err := actor.Require(auth.ComplaintRead)
	if err == nil {
		err = actor.Require(auth.CheckRead)
	}
	return actor, err
}

func masked(it Item) Item {
	if it.NIK != "" {
		it.Shown = it.NIK.Masked()
	}
	return it
}

// Direction tells whether the outcome is one of Directions.
func Direction(o policy.Outcome) bool { return slices.Contains(Directions, o) }
