package importers

import (
	"io"
	"os"

	"layak/eligibility"
	"layak/internal/area"
)

// File is one workbook: either a path on disk or an open reader with its size.
type File struct {
	Name   string // shown to people; the base name of Path when empty
	Path   string
	Reader io.ReaderAt
	Size   int64
}

// Options says what to import and how.
type Options struct {
	Kind        eligibility.Kind
	Files       []File
	AsOf        eligibility.Date // day on which the office vouches for the file
	Mode        Mode             // Update when empty
	Area        area.Code        // area of a snapshot; Home when empty
	Map         map[string]eligibility.Field
	DryRun      bool // count everything, keep nothing but the rejected rows
	Again       bool // take files that were published before
	ConfirmGone bool // more than 2 % of the people may leave the registry
	Home        area.Code
	Actor       string
	Clock       eligibility.Clock
	Progress    func(Progress) // called from one goroutine at a time, at most a few times a second
}

// Progress is where a run stands.
type Progress struct {
	Phase string // opening | waiting | reading | comparing | publishing | done
	File  string
	Sheet string
	Rows  int // rows read until now
	Total int // rows that the workbooks seem to hold; 0 while unknown
}

// The phases of a run.
const (
	PhaseOpening    = "opening"
	PhaseWaiting    = "waiting" // another import of the regency is still running
	PhaseReading    = "reading"
	PhaseComparing  = "comparing" // who is gone, who is confirmed
	PhasePublishing = "publishing"
	PhaseDone       = "done"
)

// maxListed is how many rejected rows and warnings a Result carries; all rejected rows are kept
// by the Store.
const maxListed = 1000

// Result is what a run has to say beyond the import itself.
type Result struct {
	Import
	Rejects      []Reject `json:"rejects"` // the first 1,000
	WarningsList []Reject `json:"-"`       // the first 1,000; the rows were taken
	Left         []string `json:"-"`       // columns and sheets of other kinds or unknown, not read
	Columns      []Column `json:"-"`       // how the columns were understood
	Swept        []Import `json:"-"`       // earlier imports that had died and were cleared away
}

// Column is one column of a sheet and what it was taken for.
type Column struct {
	File    string
	Sheet   string
	Index   int    // from 1, as the spreadsheet counts
	Header  string // as written, two-row headers joined
	Field   eligibility.Field
	Known   bool     // Field holds; false: the column is left
	Guess   Guess    // how sure the program is
	Samples []string // up to three values, personal data masked
}

// Guess says where the meaning of a column comes from.
type Guess string

// The kinds of certainty.
const (
	ByHand     Guess = "by_hand"     // named with Map or a saved mapping
	BySpelling Guess = "by_spelling" // the header is in the spelling table
	ByValues   Guess = "by_values"   // an ambiguous header, decided by its values
	Unsure     Guess = "unsure"      // an ambiguous header whose values are mixed
	NotKnown   Guess = "not_known"
)

// open gives the reader, the size and a function that closes what was opened.
func (f File) open() (io.ReaderAt, int64, func() error, error) {
	if f.Reader != nil {
		return f.Reader, f.Size, func() error { return nil }, nil
	}
	file, err := os.Open(f.Path)
	if err != nil {
		return nil, 0, nil, errFileMissing.Because(err)
	}
	info, err := file.Stat()
	if err != nil || info.IsDir() {
		_ = file.Close()
		return nil, 0, nil, errFileMissing.Because(err)
	}
	return file, info.Size(), file.Close, nil
}
