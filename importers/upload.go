package importers

import (
	"context"
	"time"

	"layak/eligibility"
	"layak/internal/area"
	"layak/internal/audit"
)

// Stage says where a workbook that came through the pages stands.
type Stage string

// The stages. Ordered ones wait for a process that takes them up; Previewing and Publishing are
// being worked on as long as their beat is fresh.
const (
	StageReceiving      Stage = "receiving" // bytes are still coming in
	StageColumns        Stage = "columns"   // a person looks at how the columns are understood
	StagePreviewOrdered Stage = "preview_ordered"
	StagePreviewing     Stage = "previewing"
	StagePreviewed      Stage = "previewed"
	StagePublishOrdered Stage = "publish_ordered"
	StagePublishing     Stage = "publishing"
	StagePublished      Stage = "published"
	StageFailed         Stage = "failed"
)

// MaxUpload is the largest workbook that is taken through the pages, in bytes. Residents of a
// whole regency weigh about a third of it; more goes over the command line.
const MaxUpload = 128 << 20

// UploadChunk is how many bytes one stored part holds.
const UploadChunk = 256 << 10

// Upload is one workbook between the desk and the registry.
type Upload struct {
	ID        string
	Name      string // base name of the file
	Size      int64
	Kind      eligibility.Kind
	FileHash  string // as Import.FileHash
	Stage     Stage
	Settings  UploadSettings
	Progress  Progress
	Summary   UploadSummary
	Run       int       // grows with every order to count or publish
	BeatAt    time.Time // last sign of life of whoever runs it
	CreatedAt time.Time
	CreatedBy string
	ExpiresAt time.Time // then the bytes are destroyed
}

// UploadSettings is what a person said about the workbook.
type UploadSettings struct {
	AsOf        eligibility.Date             `json:"as_of"`
	Mode        Mode                         `json:"mode"`
	Area        area.Code                    `json:"area,omitempty"`
	Map         map[string]eligibility.Field `json:"map,omitempty"` // columns named by hand, by header
	Again       bool                         `json:"again,omitempty"`
	ConfirmGone bool                         `json:"confirm_gone,omitempty"`
	By          string                       `json:"by,omitempty"` // who ordered the run
	OrderedAt   time.Time                    `json:"ordered_at"`
}

// UploadSummary is what the last run had to say beside the import it made.
type UploadSummary struct {
	ImportID string   `json:"import_id,omitempty"`
	Code     string   `json:"code,omitempty"` // of the fault that stopped it
	Message  string   `json:"message,omitempty"`
	Columns  []Column `json:"columns,omitempty"`
	Left     []string `json:"left,omitempty"`
	Warnings []Reject `json:"warnings,omitempty"` // the first of them
}

// Running tells whether a process was asked to work on it and has not answered yet.
func (u Upload) Running() bool {
	switch u.Stage {
	case StagePreviewOrdered, StagePreviewing, StagePublishOrdered, StagePublishing:
		return true
	}
	return false
}

// UploadStore keeps workbooks in parts. What writes takes its audit entry, except for signs of
// life, which say nothing new about anybody.
type UploadStore interface {
	// AddUpload stores a Receiving upload; AppendUpload adds the part with the number (from 0).
	AddUpload(ctx context.Context, u Upload, e audit.Entry) error
	AppendUpload(ctx context.Context, id string, no int, part []byte) error
	// UploadPart reads one part; nil behind the last one.
	UploadPart(ctx context.Context, id string, no int) ([]byte, error)
	// Upload finds one; NotFound. Uploads lists them newest first.
	Upload(ctx context.Context, id string) (Upload, error)
	Uploads(ctx context.Context) ([]Upload, error)
	// MoveUpload stores stage, settings, progress, summary, hash, run and times when the stored row
	// is still in the stage and run of was; false when it is not.
	MoveUpload(ctx context.Context, was, u Upload, e *audit.Entry) (bool, error)
	// DropUpload destroys an upload and its bytes.
	DropUpload(ctx context.Context, id string, e audit.Entry) error
	// DropUploadBytes destroys the bytes alone.
	DropUploadBytes(ctx context.Context, id string) error
	// Record writes an entry for an act that changes nothing else.
	Record(ctx context.Context, e audit.Entry) error
}
