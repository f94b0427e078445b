package auth

import (
	"slices"

	"layak/internal/fault"
)

// Permission names one thing an actor may do: noun.verb. Routes, commands and transitions each
// name one; nothing else in the program asks for a role.
type Permission string

// The permissions. Those about one person (check, unmask) hold for the whole regency; those about
// lists and cases hold inside the actor's areas, which Actor.Sees answers.
const (
	CheckPerson  Permission = "check.person"    // look one person up exactly and decide, with a purpose
	CheckFamily  Permission = "check.family"    // decide for everybody on one family card
	CheckRead    Permission = "check.read"      // open stored determinations
	PersonSearch Permission = "registry.search" // lists and names in own areas
	PersonUnmask Permission = "person.unmask"   // see a masked NIK, with a reason

	ComplaintRead    Permission = "complaint.read"
	ComplaintFile    Permission = "complaint.file"
	ComplaintVerify  Permission = "complaint.verify"
	ComplaintAssign  Permission = "complaint.assign"  // assign and task
	ComplaintWork    Permission = "complaint.work"    // check, task done, refund, wait, attach
	ComplaintDecide  Permission = "complaint.decide"  // note, answer, resolve
	ComplaintClose   Permission = "complaint.close"   // close, reopen, withdraw at the citizen's word
	ComplaintForward Permission = "complaint.forward" // hand over to another office
	ComplaintReject  Permission = "complaint.reject"
	ComplaintMerge   Permission = "complaint.merge" // merge and unmerge
	ComplaintExport  Permission = "complaint.export"

	ComplaintImport Permission = "complaint.import" // load registers of other systems, hand cases over to them

	ReplyManage  Permission = "reply.manage"  // edit the reply templates
	HoursManage  Permission = "hours.manage"  // working hours, holidays, letterheads, heads of units
	WorklistRead Permission = "worklist.read" // lists of people whom the regency pays for wrongly

	RegistrationWrite Permission = "registration.write" // record what was sent to e-Dabu and the like

	ImportRead Permission = "import.read"
	ImportRun  Permission = "import.run" // upload, publish, roll back

	PolicyRead    Permission = "policy.read"
	PolicyTry     Permission = "policy.try" // run rules that nobody has approved: checks, tests, previews
	PolicyEdit    Permission = "policy.edit"
	PolicyApprove Permission = "policy.approve"

	UnitRead    Permission = "unit.read" // names of units and colleagues, to assign a case
	UnitManage  Permission = "unit.manage"
	StaffManage Permission = "staff.manage"

	AuditRead  Permission = "audit.read"
	ReportRead Permission = "report.read"

	AccountOwn Permission = "account.own" // own password, own sessions, own language
	TokenOwn   Permission = "token.own"   // API tokens for oneself, never wider than one's role
)

// Operator is the role of the command line and of the system's own work. No account can have it:
// it is not in Roles. Whoever may run the program on the server may already read its database, so
// the operator may do everything that is not bound to an account; each act is in the trail under
// "os:USER" or "system".
const Operator Role = "operator"

// desk is what every desk does, at a puskesmas as at a kelurahan; scope, not permission, tells
// the two apart.
var desk = []Permission{
	CheckPerson, CheckFamily, CheckRead, PersonSearch, PersonUnmask,
	ComplaintRead, ComplaintFile, ComplaintVerify, ComplaintAssign, ComplaintWork, ComplaintDecide,
	ComplaintClose, ComplaintForward, ComplaintMerge, ComplaintExport, RegistrationWrite,
	PolicyRead, UnitRead, ReportRead, AccountOwn, TokenOwn,
}

// table is the one answer to who may do what. What is not written here is not allowed.
// Nobody both edits and approves rules; nobody who manages accounts reads cases; the auditor
// changes nothing.
var table = map[Role][]Permission{
	Puskesmas: desk,
	Kelurahan: desk,
	Coordinator: {
		CheckPerson, CheckFamily, CheckRead, PersonSearch, PersonUnmask,
		ComplaintRead, ComplaintFile, ComplaintVerify, ComplaintAssign, ComplaintWork, ComplaintDecide,
		ComplaintClose, ComplaintForward, ComplaintReject, ComplaintMerge, ComplaintExport, RegistrationWrite,
		ComplaintImport, ReplyManage, WorklistRead, ImportRead, PolicyRead, UnitRead, ReportRead, AccountOwn, TokenOwn,
	},
	Supervisor: {
		CheckRead, PersonUnmask,
		ComplaintRead, ComplaintAssign, ComplaintDecide, ComplaintClose, ComplaintForward, ComplaintReject,
		ComplaintMerge, ComplaintExport, ReplyManage, HoursManage, WorklistRead,
		ImportRead, ImportRun, PolicyRead, UnitRead, ReportRead, AccountOwn, TokenOwn,
	},
	PolicyOfficer:  {PolicyRead, PolicyTry, PolicyEdit, ImportRead, ReportRead, AccountOwn, TokenOwn},
	PolicyApprover: {PolicyRead, PolicyTry, PolicyApprove, ImportRead, ReportRead, AccountOwn, TokenOwn},
	Auditor: {
		CheckRead, ComplaintRead, ComplaintExport, ImportRead, PolicyRead, UnitRead,
		AuditRead, ReportRead, AccountOwn, TokenOwn,
	},
	Administrator: {
		ImportRead, ImportRun, PolicyRead, UnitRead, UnitManage, StaffManage, HoursManage,
		AuditRead, ReportRead, AccountOwn, TokenOwn,
	},
	Operator: without(Permissions(), AccountOwn, TokenOwn),
}

// Permissions lists all of them in the order of this file.
func Permissions() []Permission {
	return []Permission{
		CheckPerson, CheckFamily, CheckRead, PersonSearch, PersonUnmask,
		ComplaintRead, ComplaintFile, ComplaintVerify, ComplaintAssign, ComplaintWork, ComplaintDecide,
		ComplaintClose, ComplaintForward, ComplaintReject, ComplaintMerge, ComplaintExport,
		ComplaintImport, ReplyManage, HoursManage, WorklistRead, RegistrationWrite,
		ImportRead, ImportRun, PolicyRead, PolicyTry, PolicyEdit, PolicyApprove,
		UnitRead, UnitManage, StaffManage, AuditRead, ReportRead, AccountOwn, TokenOwn,
	}
}

// Permissions are those of the role; none for an unknown role.
func (r Role) Permissions() []Permission { return slices.Clone(table[r]) }

// May tells whether the role holds the permission.
func (r Role) May(p Permission) bool { return slices.Contains(table[r], p) }

// Can tells whether the actor may do p: the role must hold it, a token must not have been made
// narrower, and who still has a handed-out password may only change it. The zero Actor can nothing.
func (a Actor) Can(p Permission) bool {
	if a.MustChange && p != AccountOwn {
		return false
	}
	if a.Limited && !slices.Contains(a.Only, p) {
		return false
	}
	return a.Role.May(p)
}

// Require is nil when the actor can do p, else a Forbidden fault.
func (a Actor) Require(p Permission) error {
	if a.Can(p) {
		return nil
	}
	if a.MustChange {
		return fault.New(fault.Forbidden, "password_change_needed",
			"Kata sandi Anda masih kata sandi sementara. Ganti dulu di menu Akun, lalu ulangi.")
	}
	return fault.New(fault.Forbidden, "not_allowed",
		"Peran akun Anda tidak mencakup tindakan ini. Minta bantuan koordinator atau administrator.")
}

func without(all []Permission, gone ...Permission) []Permission {
	return slices.DeleteFunc(all, func(p Permission) bool { return slices.Contains(gone, p) })
}
