package web

import (
	"context"
	"io"

	"layak/complaints"
	"layak/eligibility"
	"layak/importers"
	"layak/internal/audit"
	"layak/internal/auth"
	"layak/policy"
)

// Services are what the pages and the API call. Package main wires them. A page whose service is
// nil is not offered: its routes answer "not found".
type Services struct {
	Checks   Checks
	People   People
	Accounts Accounts

	Complaints Complaints
	Finder     Finder
	Cases      Cases
	Calendars  complaints.Calendars
	Offices    Offices
	Named      NamedOffices
	Imports    Imports
	Intake     Intake
	Staffing   Staffing
	Trail      Trail
	Policies   Policies
	Registers  Registers
	Worklists  Worklists
	Rechecks   Rechecks
	Hours      Hours
	Reports    Reports
	Replies    Replies
	Outbox     Outbox
	Jobs       JobQueue
	Drafting   Drafting
	Sandbox    Sandbox
	Trials     Trials
	Impacts    Impacts
	Workbench  Workbench
	RuleState  RuleState
	Bundles    Bundles
}

// Checks makes and shows determinations; *eligibility.Checker keeps it.
type Checks interface {
	Check(ctx context.Context, req eligibility.Request) (eligibility.Determination, error)
	CheckFamily(ctx context.Context, req eligibility.Request) ([]eligibility.Determination, error)
	Family(ctx context.Context, d eligibility.Determination) ([]eligibility.Person, error)
	View(ctx context.Context, id string) (eligibility.Determination, error)
	Reveal(ctx context.Context, id, reason string) (eligibility.NIK, error)
	Search(ctx context.Context, q eligibility.Query) ([]eligibility.Match, error)
}

// People reads what a result page shows beside the determination; storage keeps it. Whoever calls
// it has just opened a determination, which is on record.
type People interface {
	Person(ctx context.Context, nik eligibility.NIK) (eligibility.Person, error)
	State(ctx context.Context) (eligibility.State, error)
	DeterminationsOf(ctx context.Context, nik eligibility.NIK, limit int) ([]eligibility.Determination, error)
}

// Accounts signs people in and out; *auth.Accounts keeps it.
type Accounts interface {
	SignIn(ctx context.Context, user, password, address string) (auth.Actor, error)
	// Actor gives the account of a session as it is now; an error when it was disabled.
	Actor(ctx context.Context, user string) (auth.Actor, error)
	// Token gives the actor of a Bearer token.
	Token(ctx context.Context, bearer string) (auth.Actor, error)
	// SignedOut records the end of a session at the person's own wish.
	SignedOut(ctx context.Context) error
	// ChangePassword changes the caller's own password and ends the other sessions.
	ChangePassword(ctx context.Context, old, new string) error
	// Sessions lists the caller's own sessions; EndSession ends one of them.
	Sessions(ctx context.Context) ([]auth.Session, error)
	EndSession(ctx context.Context, id string) error
	// NeedsSetup tells whether no account exists yet.
	NeedsSetup(ctx context.Context) (bool, error)
	// SetUp makes the first administrator with the one-time token.
	SetUp(ctx context.Context, token, user, name, password string) (auth.Actor, error)
}

// Complaints is the life of cases; *complaints.Service keeps it.
type Complaints interface {
	File(ctx context.Context, f complaints.Filing) (complaints.Complaint, error)
	Act(ctx context.Context, t complaints.Ticket, a complaints.Action) (complaints.Complaint, error)
	Complaint(ctx context.Context, t complaints.Ticket) (complaints.Complaint, error)
	List(ctx context.Context, f complaints.Filter) (complaints.Page, error)
	Queue(ctx context.Context, rows int) ([]complaints.Shelf, error)
	Shelf(ctx context.Context, key complaints.ShelfKey, after complaints.Ticket) (complaints.Page, error)
	Export(ctx context.Context, f complaints.Filter) (header []string, rows [][]string, err error)
	WaitingRegistrations(ctx context.Context) ([]complaints.WaitingRegistration, error)
	Attach(ctx context.Context, t complaints.Ticket, name string, from io.Reader) (complaints.Attachment, error)
	Attachment(ctx context.Context, id string) (complaints.Attachment, io.Reader, error)
}

// Offices names the units and their staff, so that a case can be given to somebody;
// *auth.Accounts keeps it.
type Offices interface {
	Units(ctx context.Context) ([]auth.Unit, error)
	Staff(ctx context.Context) ([]auth.Staff, error)
}

// Imports reads what was loaded; storage keeps it.
type Imports interface {
	Imports(ctx context.Context, limit int) ([]importers.Import, error)
	Import(ctx context.Context, id string) (importers.Import, error)
	Rejects(ctx context.Context, importID string, limit int) ([]importers.Reject, error)
}

// Intake takes workbooks from the pages to the registry; *importers.Intake keeps it. The name of
// whoever acts goes into the trail.
type Intake interface {
	Add(ctx context.Context, n importers.NewUpload, actor string) (importers.Upload, error)
	Find(ctx context.Context, id string) (importers.Upload, error)
	Pending(ctx context.Context) ([]importers.Upload, error)
	Preview(ctx context.Context, id string, s importers.UploadSettings, actor string) error
	Publish(ctx context.Context, id string, again, confirmGone bool, actor string) error
	Drop(ctx context.Context, id, actor string) error
	// Before finds the visible import of the same file, nil when there is none.
	Before(ctx context.Context, u importers.Upload) (*importers.Import, error)
	Rollback(ctx context.Context, id, actor string) (importers.Import, error)
	WriteRejects(ctx context.Context, id, actor string, out io.Writer) error
}

// Staffing manages accounts and units, and one's own API tokens; *auth.Accounts keeps it.
type Staffing interface {
	Staff(ctx context.Context) ([]auth.Staff, error)
	AddStaff(ctx context.Context, n auth.NewStaff) (auth.Staff, error)
	ChangeRole(ctx context.Context, user string, role auth.Role, unit string) error
	SetPassword(ctx context.Context, user, password string) error
	Disable(ctx context.Context, user string) error
	Enable(ctx context.Context, user string) error
	Units(ctx context.Context) ([]auth.Unit, error)
	AddUnit(ctx context.Context, u auth.Unit) error
	ChangeUnit(ctx context.Context, u auth.Unit) error
	Tokens(ctx context.Context) ([]auth.Token, error)
	// IssueToken gives the secret, which cannot be had again.
	IssueToken(ctx context.Context, n auth.NewToken) (secret string, t auth.Token, err error)
	RevokeToken(ctx context.Context, id string) error
}

// Trail reads the audit trail; audit.Desk keeps it. Reading about one person is itself recorded.
type Trail interface {
	Entries(ctx context.Context, f audit.Filter, actor, reason string) (audit.Page, error)
	Verify(ctx context.Context, actor string) (audit.Report, error)
}

// Policies reads the rule sets of the installation; storage keeps it.
type Policies interface {
	Revisions(ctx context.Context) ([]policy.Revision, error)
	Revision(ctx context.Context, hash string) (policy.Revision, error)
}
