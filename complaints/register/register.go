// Package register owns the registers of other complaint systems, in and out: what their status
// words mean here, how a row becomes a case, which rows are refused and why, and the hand-over file
// back with the list of differences. It must not know workbooks, SQL or HTTP: rows come from
// whoever reads a workbook, and go to whoever writes one.
package register

import (
	"context"
	"time"

	"layak/complaints"
	"layak/internal/area"
	"layak/internal/auth"
	"layak/internal/fault"
)

// Field is one column that a register may carry.
type Field string

// The fields.
const (
	Number   Field = "number"
	Title    Field = "title"
	Text     Field = "text"
	Class    Field = "class"
	Category Field = "category"
	Unit     Field = "unit"
	Status   Field = "status"
	Answer   Field = "answer"
	Channel  Field = "channel"
	NIK      Field = "nik"
	Name     Field = "name"
	Phone    Field = "phone"
	Email    Field = "email"
	Address  Field = "address"
	District Field = "district"
	Village  Field = "village"
	Filed    Field = "filed"
	Sent     Field = "sent"     // day of disposition
	Followed Field = "followed" // day of the follow-up
	Finished Field = "finished"
	Due      Field = "due"
	Happened Field = "happened"
	Files    Field = "files"
)

// Fields lists them in the order of docs and screens.
var Fields = []Field{
	Number, Title, Text, Class, Category, Unit, Status, Answer, Channel, NIK, Name, Phone, Email, Address,
	District, Village, Filed, Sent, Followed, Finished, Due, Happened, Files,
}

// Dates are the fields that hold a moment.
var Dates = []Field{Filed, Sent, Followed, Finished, Due, Happened}

// Row is one row of a sheet: texts are clean, moments are read, what could not be read is a problem.
type Row struct {
	File, Sheet string
	N           int // as the spreadsheet numbers it
	Texts       map[Field]string
	Times       map[Field]time.Time
	Headers     map[Field]string // header text of each column that the sheet has
	Problems    []Problem
}

// Problem is something about one cell that the reader of the workbook saw.
type Problem struct {
	Field Field
	Value string
	Code  string
}

// Rows streams the rows of a register in the order of the file; it may be called several times.
type Rows func(ctx context.Context, yield func(Row) error) error

// Reject is a row that was not taken, or a cell that was left out, with the reason.
type Reject struct {
	File   string `json:"file"`
	Sheet  string `json:"sheet"`
	Row    int    `json:"row"`
	Column string `json:"column"`
	Value  string `json:"value"`
	Code   string `json:"code"`
	Reason string `json:"reason"`
}

// Sources are the systems whose registers are read, codes of complaints.Channels.
var Sources = []string{"lapor", "wadul"}

// SourceName is how people call the system.
func SourceName(code string) string { return complaints.Label(complaints.Channels, code) }

// Sourced is a case of another system as it is kept here.
type Sourced struct {
	Ticket complaints.Ticket
	State  complaints.State
	Row    string // fingerprint of the row that was taken last
}

// Store finds cases by the number of the other system, and keeps loads.
type Store interface {
	// Sourced gives those of the numbers that are known, by number.
	Sourced(ctx context.Context, source string, numbers []string) (map[string]Sourced, error)
	// HandoverLines gives every case of the source that the scope sees, oldest first.
	HandoverLines(ctx context.Context, source string, s complaints.Scope) ([]Line, error)
	// Units lists the units of the regency.
	Units(ctx context.Context) ([]auth.Unit, error)
	Loads
	Recorder
}

// Cases takes one row over; *complaints.Service keeps it.
type Cases interface {
	Register(ctx context.Context, r complaints.Registered, known complaints.Ticket) (complaints.Ticket, complaints.Taken, error)
}

// Desk takes registers over and hands cases back.
type Desk struct {
	Store Store
	Cases Cases
	Clock func() time.Time
	Home  area.Code
}

// Counts are the figures of a load: Read = New + Changed + Same + Rejected + Duplicates + Skipped.
type Counts struct {
	Read       int `json:"rows_read"`
	New        int `json:"new"`
	Changed    int `json:"changed"`
	Same       int `json:"unchanged"`
	Rejected   int `json:"rejected"`
	Duplicates int `json:"duplicates"` // identical rows beyond the first
	Skipped    int `json:"skipped"`    // of a category that was not asked for
	Warnings   int `json:"warnings"`
}

// Result is what a load has to say.
type Result struct {
	Source string `json:"source"`
	DryRun bool   `json:"dry_run"`
	Counts
	Rejects []Reject `json:"rejects"`
	Warned  []Reject `json:"warned"`  // rows that were taken with something left out; the first of them
	Strayed []string `json:"strayed"` // names of units that are none of ours
	Seconds float64  `json:"seconds"`
}

// Options of a load.
type Options struct {
	Source     string
	DryRun     bool
	Categories []string // "" takes all; folded words that the category must hold
}

var errSource = fault.New(fault.Invalid, "source_unknown", "Sebutkan register ini dari mana: lapor (SP4N-LAPOR!) atau wadul (Wadul Gus'e).").
	At("source", "Pilih register ini dari SP4N-LAPOR! atau Wadul Gus'e.")
