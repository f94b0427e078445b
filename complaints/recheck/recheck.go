// Package recheck owns the second look: when other data or other rules come into force, whoever was
// refused, was told that something is missing, or waits in an open case is checked again in the
// background, and the people whose answer changed become a work list. It must not know SQL, HTTP or
// any rule of coverage, and it answers nobody: an official does.
package recheck

import (
	"context"
	"time"

	"layak/complaints"
	"layak/eligibility"
	"layak/internal/area"
	"layak/internal/audit"
	"layak/policy"
)

// Mark names what is in force: the revision of the registry (it grows by one with every publish and
// rollback), the hash of the rules, and the day on which the youngest of their numbers began: a number that
// was approved long ago begins on its day without anybody doing anything.
type Mark struct {
	Registry int64
	Revision string
	Values   string // YYYY-MM-DD; Store does not know it
}

// Run is one pass over everybody whose answer may have changed.
type Run struct {
	ID         string     `json:"id"`
	Reason     string     `json:"reason"` // Indonesian, "Data BPJS per 1 Des 2026"
	Mark       Mark       `json:"-"`
	StartedAt  time.Time  `json:"started_at"`
	BeatAt     time.Time  `json:"beat_at"` // last batch that was stored
	FinishedAt *time.Time `json:"finished_at,omitempty"`
	Superseded bool       `json:"superseded,omitempty"` // newer data came before its end
	Position   Position   `json:"-"`
	Total      int        `json:"total"` // to check when it began
	Checked    int        `json:"checked"`
	Changed    int        `json:"changed"`
	Failed     int        `json:"failed"` // could not be decided again
}

// Position is how far a run came: the stage, and the key of the last one looked at in it.
type Position struct {
	Stage int // index of the stages
	After string
}

// The stages of a run, in their order.
const (
	Refusals  = iota // refusals and missing information of the last twelve months, by determination
	OpenCases        // newest checks of open cases, by case
	Listed           // people who are on the list already, by item
	stages
)

// Candidate is a determination that counts, the newest of its person and need, with where it belongs.
type Candidate struct {
	eligibility.Determination
	Complaint string // id of the case it was made in; "" when none
	Patient   int    // number in that case
	Unit      string // of the case, else of whoever checked
	AskedBy   string // who checked
}

// Status is how an item of the list stands.
type Status string

// The statuses. A void item is one whose answer went back to what the citizen was told.
const (
	Open      Status = "open"
	Answered  Status = "answered"
	Dismissed Status = "dismissed"
	Void      Status = "void"
)

// Item is one person whose answer changed and who is still to be told.
type Item struct {
	ID        string            `json:"id"`
	RunID     string            `json:"-"`
	Person    string            `json:"-"` // key of the person: the NIK, else a hash of what is known
	NIK       eligibility.NIK   `json:"-"`
	Shown     string            `json:"nik,omitempty"`  // masked
	Name      string            `json:"name,omitempty"` // masked
	Need      string            `json:"need,omitempty"`
	Old       string            `json:"old_determination"`
	New       string            `json:"new_determination"`
	From      policy.Outcome    `json:"from"`
	To        policy.Outcome    `json:"to"`
	Why       string            `json:"why"` // Indonesian
	Causes    []string          `json:"causes"`
	Complaint string            `json:"-"` // id of the case
	Ticket    complaints.Ticket `json:"ticket,omitempty"`
	CaseState complaints.State  `json:"case_state,omitempty"`
	Patient   int               `json:"patient,omitempty"`
	Linked    bool              `json:"linked"` // the case knows the new determination
	Unit      string            `json:"unit,omitempty"`
	AskedBy   string            `json:"-"`
	Village   area.Code         `json:"village,omitempty"`
	District  area.Code         `json:"-"`
	Regency   area.Code         `json:"-"`
	OldAt     time.Time         `json:"checked_at"` // when the citizen was told the old answer
	ListedAt  time.Time         `json:"listed_at"`
	Status    Status            `json:"status"`
	DoneAt    *time.Time        `json:"done_at,omitempty"`
	DoneBy    string            `json:"done_by,omitempty"`
	Note      string            `json:"note,omitempty"`
}

// Filter narrows the list; empty fields do not.
type Filter struct {
	Status Status         // "" is Open
	To     policy.Outcome // direction
	Cause  string         // code of eligibility.Cause
	After  string         // id of the last item of the page before
	Limit  int            // 0 is 50; at most 200
}

// Counts are the open items by the new outcome, within a scope.
type Counts struct {
	Total int                    `json:"total"`
	To    map[policy.Outcome]int `json:"to"`
}

// Found is a changed answer as a batch stores it: the new determination with its trail entry, and
// the item. Somebody who is on the list already keeps his item, which then points to the newest
// determination; it becomes Void when the answer is again the one that he was told.
type Found struct {
	Determination eligibility.Determination
	Entry         audit.Entry
	Item          Item
}

// Imported tells what a revision of the registry published or took back.
type Imported struct {
	Kind       eligibility.Kind
	AsOf       eligibility.Date
	RolledBack bool
}

// Store keeps runs and the list. Storage keeps it.
type Store interface {
	// RecheckMark is what is in force now.
	RecheckMark(ctx context.Context) (Mark, error)
	// ImportAt tells what made a revision of the registry; false when none did.
	ImportAt(ctx context.Context, revision int64) (Imported, bool, error)
	// LockRechecks makes the caller the one runner of the regency until release or the death of its
	// process; false when there is another.
	LockRechecks(ctx context.Context) (release func(), ok bool, err error)

	// LastRun is the newest run; false before the first.
	LastRun(ctx context.Context) (Run, bool, error)
	StartRun(ctx context.Context, r Run, e audit.Entry) error
	EndRun(ctx context.Context, r Run, e audit.Entry) error
	// CountCandidates is how many determinations a run will look at, more or less.
	CountCandidates(ctx context.Context, since, before time.Time) (int, error)
	// Candidates gives the next of the stage behind the position: those made before the run began
	// and, of refusals, not before since. It may give none and still have moved the position; last
	// tells that the stage holds no more. Of each determination only what it takes to make it again
	// is read: ID, NIK, Subject, Outcome, DecidedAt, DecidedBy and what eligibility.Asked holds.
	Candidates(ctx context.Context, p Position, since, before time.Time, limit int) (list []eligibility.Determination, next Position, last bool, err error)
	// Told reads whole determinations, by id, with where they belong: of those whose answer changed.
	Told(ctx context.Context, ids []string) (map[string]Candidate, error)
	// SaveBatch stores what a batch found together with the run as it stands then, all or nothing.
	SaveBatch(ctx context.Context, r Run, found []Found) error

	// Rechecks lists within the scope, the longest waiting first. An item outside it does not exist.
	Rechecks(ctx context.Context, f Filter, s complaints.Scope) ([]Item, error)
	CountRechecks(ctx context.Context, s complaints.Scope) (Counts, error)
	Recheck(ctx context.Context, id string, s complaints.Scope) (Item, error)
	// EndRecheck ends an open item; fault.Conflict when somebody was faster.
	EndRecheck(ctx context.Context, it Item, e audit.Entry) error
	// SettleRechecks ends the open items whose case was answered or decided after the new
	// determination was linked to it, and says how many.
	SettleRechecks(ctx context.Context) (int, error)
	// Record writes the trail of a view.
	Record(ctx context.Context, e audit.Entry) error
}
