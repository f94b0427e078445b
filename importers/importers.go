// Package importers owns spreadsheets in and out: finding the header, knowing the columns,
// normalising cells, refusing rows with a reason a clerk can act on, and loading a registry file
// so that it is published whole or not at all. It is the only code that knows excelize. It must
// not know SQL or HTTP.
package importers

import (
	"context"
	"time"

	"layak/eligibility"
	"layak/internal/area"
	"layak/internal/audit"
)

// Status is where an import stands.
type Status string

// The states of an import. Running ends up as Failed when its process died.
const (
	Running    Status = "running"
	Previewed  Status = "previewed" // dry run: counted, nothing kept
	Published  Status = "published"
	Refused    Status = "refused" // same file already published
	Failed     Status = "failed"
	RolledBack Status = "rolled_back"
)

// Mode says what the absence of a person from the file means.
type Mode string

// The modes.
const (
	Update   Mode = "update"   // says nothing about people who are not in the file
	Snapshot Mode = "snapshot" // the file lists everybody of Area
)

// Reject is one row that was not taken, with the reason and how to mend it.
type Reject struct {
	File   string `json:"file"`
	Sheet  string `json:"sheet"`
	Row    int    `json:"row"`    // as the spreadsheet numbers it, from 1
	Column string `json:"column"` // header text of the cell, "" when the row as a whole is meant
	Value  string `json:"value"`  // the cell as read, cut at 200 characters
	Code   string `json:"code"`   // stable code, see docs/cli.md
	Reason string `json:"reason"` // Indonesian sentence: what is wrong and how to mend it
}

// Counts are the figures of an import: Read = Accepted + Rejected + Duplicates + Older and
// Accepted = New + Changed + Unchanged.
type Counts struct {
	Read       int `json:"rows_read"`
	Accepted   int `json:"accepted"`
	New        int `json:"new"`
	Changed    int `json:"changed"`
	Unchanged  int `json:"unchanged"`
	Gone       int `json:"gone"`
	Rejected   int `json:"rejected"`
	Duplicates int `json:"duplicates"` // identical rows beyond the first
	Older      int `json:"older"`      // stored row has a newer as-of date
	Skipped    int `json:"skipped"`    // totals rows and empty tails
	Warnings   int `json:"warnings"`
}

// Import is one load of one kind of registry file (one or more workbooks of one command).
type Import struct {
	ID       string           `json:"import_id"`
	Seq      int64            `json:"-"` // grows by one per import of the regency; versions carry it
	Kind     eligibility.Kind `json:"kind"`
	Status   Status           `json:"status"`
	Mode     Mode             `json:"mode"`
	Area     area.Code        `json:"area"` // area of a snapshot; the home regency by default
	AsOf     eligibility.Date `json:"as_of"`
	Files    []string         `json:"files"` // base names only
	FileHash string           `json:"-"`     // SHA-256 over kind and the sorted hashes of the workbooks
	Counts
	Seconds    float64    `json:"seconds"`
	StartedAt  time.Time  `json:"started_at"`
	FinishedAt *time.Time `json:"finished_at,omitempty"`
	StartedBy  string     `json:"started_by"`
	Message    string     `json:"message,omitempty"` // why it failed or was refused, Indonesian
}

// Stored is what the visible registry holds for a NIK.
type Stored struct {
	Record eligibility.Record
	AsOf   eligibility.Date // newest confirmation, coverage included
	Gone   bool
}

// Version is one row to append. Gone rows are tombstones: the person is no longer listed.
type Version struct {
	Record eligibility.Record
	Gone   bool
}

// RowKey is what a version is stored under: the NIK; for a welfare row of a whole family, which has
// no NIK, "kk:" and the KK number, so that a KK can never be taken for a NIK of the same digits.
func RowKey(r *eligibility.Record) eligibility.NIK {
	if nik := r.Values[eligibility.FieldNIK]; nik != "" {
		return eligibility.NIK(nik)
	}
	return eligibility.NIK(FamilyPrefix + r.Values[eligibility.FieldKK])
}

// FamilyPrefix marks the key of a welfare row that stands for a family card.
const FamilyPrefix = "kk:"

// Store keeps imports and the versions of registry rows. Rows that are appended under an import
// stay invisible until PublishImport flips the one row that defines the visible set.
//
// Wherever a method takes or gives a NIK it means RowKey: a welfare row without a NIK stands for
// its family and goes by "kk:" and the KK number (Registry.Person falls back to it).
type Store interface {
	// LockImports gives the caller the only right to import in the regency. It waits for another
	// import to end, calling waiting once before it does. The lock dies with the process.
	LockImports(ctx context.Context, waiting func()) (release func(), err error)
	// SweepImports deletes rows of imports that were neither published nor rolled back and marks
	// those still Running as Failed, telling which. Call it under the lock.
	SweepImports(ctx context.Context) ([]Import, error)
	// PublishedWithHash finds the visible published import of the same files, if any.
	PublishedWithHash(ctx context.Context, kind eligibility.Kind, hash string) (*Import, error)
	// StartImport stores a Running import and gives it its Seq.
	StartImport(ctx context.Context, imp Import, e audit.Entry) (Import, error)
	// StoredRows gives the visible rows of the kind for the NIKs, gone ones included.
	StoredRows(ctx context.Context, kind eligibility.Kind, niks []eligibility.NIK) (map[eligibility.NIK]Stored, error)
	// ListedIn calls yield for every visible, not gone NIK of the kind in the area; for welfare and
	// membership the area is that of the resident row, and rows without one count to the regency.
	ListedIn(ctx context.Context, kind eligibility.Kind, a area.Code, yield func(eligibility.NIK) error) error
	// AppendRows adds versions under the import in one short transaction.
	AppendRows(ctx context.Context, imp Import, rows []Version) error
	// DropRows takes back appended rows of the import (conflicting duplicates).
	DropRows(ctx context.Context, imp Import, niks []eligibility.NIK) error
	// SaveGaps notes of whom the import says nothing, because their row was rejected: its coverage
	// does not count for them.
	SaveGaps(ctx context.Context, imp Import, keys []eligibility.NIK) error
	// SaveRejects keeps rejected rows of the import.
	SaveRejects(ctx context.Context, imp Import, rows []Reject) error
	// PublishImport stores the final counts and coverage and makes the import visible, with its
	// audit entry, in one transaction.
	PublishImport(ctx context.Context, imp Import, coverage []eligibility.Coverage, e audit.Entry) error
	// EndImport stores an import that is not published (Previewed, Refused, Failed).
	EndImport(ctx context.Context, imp Import, e audit.Entry) error
	// RollbackImport hides a published import again; fault.Conflict naming the later import of the
	// kind that builds on it.
	RollbackImport(ctx context.Context, id string, e audit.Entry) (Import, error)
	// Import finds one; fault.NotFound otherwise. Imports lists them newest first.
	Import(ctx context.Context, id string) (Import, error)
	Imports(ctx context.Context, limit int) ([]Import, error)
	// Rejects reads the kept rejected rows of an import in file order, at most limit (0: all).
	Rejects(ctx context.Context, importID string, limit int) ([]Reject, error)
	// Mapping and SaveMapping remember columns that were named by hand for a set of headers.
	Mapping(ctx context.Context, headersHash string) (map[string]eligibility.Field, error)
	SaveMapping(ctx context.Context, headersHash string, m map[string]eligibility.Field) error
}
