package web

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"layak/importers"
	"layak/internal/auth"
)

// Route is one line of the site map. A route without a permission must be Public; guard refuses to
// serve anything else.
type Route struct {
	Method     string
	Path       string
	Permission auth.Permission
	Public     bool // needs no sign-in
	Handler    echo.HandlerFunc
	MaxBody    int64         // bytes; 256 KiB when zero
	Deadline   time.Duration // 20 s when zero
}

// api tells whether the route belongs to the JSON API: Bearer tokens only, problem documents.
func (r Route) api() bool { return strings.HasPrefix(r.Path, "/api/") }

// routes is the site map: every address of the program, who may use it, and what answers.
func (s *Server) routes() []Route {
	const get, post = http.MethodGet, http.MethodPost
	return slices.Concat([]Route{
		// For machines.
		{Method: get, Path: "/healthz", Public: true, Handler: s.health},
		{Method: get, Path: "/readyz", Public: true, Handler: s.ready},
		{Method: get, Path: "/metrics", Public: true, Handler: s.metrics},
		{Method: get, Path: "/static/:sum/:name", Public: true, Handler: s.static},
		{Method: get, Path: "/favicon.ico", Public: true, Handler: s.favicon},

		// Coming and going.
		{Method: get, Path: "/sign-in", Public: true, Handler: s.signInForm},
		{Method: post, Path: "/sign-in", Public: true, Handler: s.signIn},
		{Method: post, Path: "/sign-out", Permission: auth.AccountOwn, Handler: s.signOut},
		{Method: get, Path: "/setup", Public: true, Handler: s.setupForm},
		{Method: post, Path: "/setup", Public: true, Handler: s.setup},
		{Method: post, Path: "/language", Public: true, Handler: s.language},
		{Method: get, Path: "/about", Public: true, Handler: s.about},

		// My account.
		{Method: get, Path: "/account", Permission: auth.AccountOwn, Handler: s.account},
		{Method: post, Path: "/account/password", Permission: auth.AccountOwn, Handler: s.changePassword},
		{Method: post, Path: "/account/sessions/end", Permission: auth.AccountOwn, Handler: s.endSession},

		// My queue.
		{Method: get, Path: "/", Permission: auth.AccountOwn, Handler: s.home},
		{Method: get, Path: "/more", Permission: auth.AccountOwn, Handler: s.more},

		// Cek kelayakan.
		{Method: get, Path: "/checks", Permission: auth.CheckPerson, Handler: s.checkForm},
		{Method: post, Path: "/checks", Permission: auth.CheckPerson, Handler: s.check},
		{Method: post, Path: "/checks/search", Permission: auth.PersonSearch, Handler: s.searchPeople},
		{Method: get, Path: "/checks/:id", Permission: auth.CheckRead, Handler: s.result},
		{Method: post, Path: "/checks/:id/papers", Permission: auth.CheckPerson, Handler: s.recheck},
		{Method: post, Path: "/checks/:id/family", Permission: auth.CheckFamily, Handler: s.checkFamily},
		{Method: get, Path: "/checks/:id/family", Permission: auth.CheckRead, Handler: s.family},
		{Method: post, Path: "/checks/:id/reveal", Permission: auth.PersonUnmask, Handler: s.reveal},
		{Method: get, Path: "/checks/:id/print", Permission: auth.CheckRead, Handler: s.printResult},
		{Method: get, Path: "/checks/:id/qr.png", Permission: auth.CheckRead, Handler: s.qr},

		// Aduan.
		{Method: get, Path: "/complaints", Permission: auth.ComplaintRead, Handler: s.complaints},
		{Method: post, Path: "/complaints/find", Permission: auth.ComplaintRead, Handler: s.findComplaint},
		{Method: get, Path: "/complaints/new", Permission: auth.ComplaintFile, Handler: s.complaintForm},
		{Method: post, Path: "/complaints", Permission: auth.ComplaintFile, Handler: s.fileComplaint, MaxBody: filesBody, Deadline: filesTime},
		{Method: get, Path: "/complaints/:ticket", Permission: auth.ComplaintRead, Handler: s.complaint},
		// Each act asks for a permission of its own, which package complaints knows.
		{Method: post, Path: "/complaints/:ticket/events", Permission: auth.ComplaintRead, Handler: s.act, MaxBody: filesBody, Deadline: filesTime},
		{Method: post, Path: "/complaints/:ticket/files", Permission: auth.ComplaintWork, Handler: s.addFiles, MaxBody: filesBody, Deadline: filesTime},
		{Method: get, Path: "/complaints/:ticket/files/:file", Permission: auth.ComplaintRead, Handler: s.file, Deadline: filesTime},
		{Method: get, Path: "/complaints.xlsx", Permission: auth.ComplaintExport, Handler: s.exportComplaints, Deadline: exportTime},

		// Data.
		{Method: get, Path: "/imports", Permission: auth.ImportRead, Handler: s.imports},
		{Method: post, Path: "/imports/uploads", Permission: auth.ImportRun, Handler: s.upload, MaxBody: importers.MaxUpload + 1<<20, Deadline: 8 * time.Minute},
		{Method: get, Path: "/imports/uploads/:id", Permission: auth.ImportRun, Handler: s.uploadOne},
		{Method: post, Path: "/imports/uploads/:id/preview", Permission: auth.ImportRun, Handler: s.previewUpload},
		{Method: post, Path: "/imports/uploads/:id/publish", Permission: auth.ImportRun, Handler: s.publishUpload},
		{Method: post, Path: "/imports/uploads/:id/drop", Permission: auth.ImportRun, Handler: s.dropUpload},
		{Method: get, Path: "/imports/:id", Permission: auth.ImportRead, Handler: s.importOne},
		{Method: get, Path: "/imports/:id/rejects.xlsx", Permission: auth.ImportRun, Handler: s.rejectsFile, Deadline: 2 * time.Minute},
		{Method: post, Path: "/imports/:id/rollback", Permission: auth.ImportRun, Handler: s.rollbackImport},

		// Daftar piket.
		{Method: get, Path: "/registrations", Permission: auth.RegistrationWrite, Handler: s.registrations},
		{Method: get, Path: "/registrations.xlsx", Permission: auth.RegistrationWrite, Handler: s.exportRegistrations, Deadline: exportTime},

		// People, units, tokens, trail.
		{Method: get, Path: "/staff", Permission: auth.StaffManage, Handler: s.staff},
		{Method: post, Path: "/staff", Permission: auth.StaffManage, Handler: s.addStaff},
		{Method: get, Path: "/staff/:user", Permission: auth.StaffManage, Handler: s.staffOne},
		{Method: post, Path: "/staff/:user", Permission: auth.StaffManage, Handler: s.changeStaff},
		{Method: get, Path: "/units", Permission: auth.UnitRead, Handler: s.unitsList},
		{Method: post, Path: "/units", Permission: auth.UnitManage, Handler: s.saveUnit},
		{Method: get, Path: "/units/new", Permission: auth.UnitManage, Handler: s.unitNew},
		{Method: get, Path: "/units/:unit", Permission: auth.UnitManage, Handler: s.unitOne},
		{Method: post, Path: "/units/:unit", Permission: auth.UnitManage, Handler: s.saveUnit},
		{Method: get, Path: "/tokens", Permission: auth.TokenOwn, Handler: s.tokens},
		{Method: post, Path: "/tokens", Permission: auth.TokenOwn, Handler: s.issueToken},
		{Method: post, Path: "/tokens/revoke", Permission: auth.TokenOwn, Handler: s.revokeToken},
		{Method: get, Path: "/audit", Permission: auth.AuditRead, Handler: s.auditList},
		{Method: post, Path: "/audit/person", Permission: auth.AuditRead, Handler: s.auditPerson},
		{Method: post, Path: "/audit/verify", Permission: auth.AuditRead, Handler: s.auditVerify, Deadline: 5 * time.Minute},

		// Aturan.
		{Method: get, Path: "/rules", Permission: auth.PolicyRead, Handler: s.rules},
		{Method: get, Path: "/rules/:code", Permission: auth.PolicyRead, Handler: s.rule},
	}, s.hoursRoutes(), s.replyRoutes(), s.recheckRoutes(), s.worklistRoutes(), s.reportRoutes(), s.queueRoutes(),
		s.handoverRoutes(), s.editorRoutes(), s.workbenchRoutes(), s.impactRoutes(), s.trialRoutes(), s.lawbookRoutes(), s.apiRoutes(), s.devRoutes())
}

// devRoutes show the states of pages while they are being made.
func (s *Server) devRoutes() []Route {
	if !s.Dev {
		return nil
	}
	return []Route{
		{Method: http.MethodGet, Path: "/gallery", Public: true, Handler: s.galleryIndex},
		{Method: http.MethodGet, Path: "/gallery/:name", Public: true, Handler: s.galleryPage},
	}
}
