package web

import (
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"layak/internal/auth"
	"layak/internal/fault"
)

// Base is what every page shows: the frame, the person, the problems of a form. Pages embed it and
// set Title and Section; render fills in the rest.
type Base struct {
	Title   string // message key, or a text that is shown as it is
	Section string // NavItem.Key that is marked as current
	Problem string // sentence above a form that was not accepted
	Errors  Problems

	Actor    auth.Actor
	SignedIn bool
	Nav      []NavItem   // desktop, only what the role may
	Bottom   []NavItem   // phone
	Flash    string      // message key
	Rules    *ruleNotice // emergency stop, rules that could not be loaded; nil mostly
	CSRF     string
	Lang     string
	Demo     bool
	Office   string // "Kabupaten Jember"
	Program  string // "UHC Prioritas"
	Path     string // of this page, for the language switch
	Now      time.Time

	template string // the page, for the layout to find its content
}

func (b *Base) base() *Base { return b }

// refuse takes a fault.Invalid into the page, so that the handler shows the same form again with
// what was typed. Every other error is left to the caller.
func (b *Base) refuse(err error) bool {
	f := fault.As(err)
	if f == nil || f.Kind != fault.Invalid {
		return false
	}
	b.Problem, b.Errors = f.Message, Problems(f.Fields)
	return true
}

// page is any page: a struct that embeds Base.
type page interface{ base() *Base }

// Problems are the problems of a form by field.
type Problems []fault.Field

// For gives the sentence beside a field, "" when there is none.
func (p Problems) For(name string) string {
	for _, f := range p {
		if f.Name == name {
			return f.Message
		}
	}
	return ""
}

// NavItem is one entry of the side bar, the bottom bar and the page "Lainnya".
type NavItem struct {
	Key     string // message key is "nav." + Key
	Path    string
	Icon    string
	Needs   auth.Permission
	Or      auth.Permission   // suffices as well; "" none
	Phone   bool              // shown in the bottom bar
	PhoneIf []auth.Permission // shown in the bottom bar to who has one of these
	Current bool
}

// navigation lists what there is, in the order of the side bar. An item is offered when the actor
// holds its permission and the server has a route for it.
var navigation = []NavItem{
	{Key: "queue", Path: "/", Icon: "inbox", Needs: auth.ComplaintRead, Or: auth.PolicyTry, Phone: true},
	{Key: "checks", Path: "/checks", Icon: "user-check", Needs: auth.CheckPerson, Phone: true},
	{Key: "complaints", Path: "/complaints", Icon: "messages", Needs: auth.ComplaintRead},
	{Key: "new", Path: "/complaints/new", Icon: "message-plus", Needs: auth.ComplaintFile, Phone: true},
	{Key: "waiting", Path: "/registrations", Icon: "clipboard-list", Needs: auth.RegistrationWrite},
	{Key: "outbox", Path: "/outbox", Icon: "send", Needs: auth.ComplaintRead},
	{Key: "worklists", Path: "/worklists", Icon: "list-check", Needs: auth.ComplaintRead},
	{Key: "rechecks", Path: "/rechecks", Icon: "refresh", Needs: auth.ComplaintWork},
	{Key: "handover", Path: "/handover", Icon: "send", Needs: auth.ComplaintImport},
	{Key: "data", Path: "/imports", Icon: "database", Needs: auth.ImportRead, Phone: true},
	{Key: "reports", Path: "/reports", Icon: "chart-bar", Needs: auth.ReportRead},
	{Key: "rules", Path: "/rules", Icon: "scale", Needs: auth.PolicyRead, PhoneIf: []auth.Permission{auth.PolicyEdit, auth.PolicyApprove}},
	{Key: "staff", Path: "/staff", Icon: "users", Needs: auth.StaffManage, Phone: true},
	{Key: "audit", Path: "/audit", Icon: "history", Needs: auth.AuditRead, Phone: true},
	{Key: "settings", Path: "/settings", Icon: "edit", Needs: auth.HoursManage, Or: auth.ReplyManage},
}

// fill completes the base of a page for this request.
func (s *Server) fill(c echo.Context, b *Base) {
	b.Actor = auth.From(c.Request().Context())
	b.SignedIn = b.Actor.Name != ""
	b.Lang = s.lang(c)
	b.Demo, b.Office, b.Program = s.Demo, s.officeName(), s.Programme
	b.Now = s.Clock().In(s.Zone)
	b.CSRF = s.formToken(c)
	if !unsafe(c.Request().Method) {
		b.Path = c.Request().URL.EscapedPath()
	}
	if b.SignedIn && c.Get(cookieSession) != nil {
		b.Flash = s.sessions.PopString(c.Request().Context(), keyFlash)
	}
	if b.SignedIn {
		b.Rules = s.ruleNotice(c)
	}
	s.fillNav(b)
}

func (s *Server) fillNav(b *Base) {
	b.Nav, b.Bottom = nil, nil
	for _, n := range navigation {
		if !b.Actor.Can(n.Needs) && (n.Or == "" || !b.Actor.Can(n.Or)) || !s.offers(n.Path) {
			continue
		}
		n.Current = n.Key == b.Section
		if n.Key != "new" {
			b.Nav = append(b.Nav, n)
		}
		if n.Phone || slices.ContainsFunc(n.PhoneIf, b.Actor.Can) {
			b.Bottom = append(b.Bottom, n)
		}
	}
}

// offers tells whether a page is built at the path.
func (s *Server) offers(path string) bool { return s.paths[path] }

// homePath is where a person goes first: the queue, or the first page the role may open.
func (s *Server) homePath(a auth.Actor) string {
	for _, n := range navigation {
		if (a.Can(n.Needs) || n.Or != "" && a.Can(n.Or)) && s.offers(n.Path) {
			return n.Path
		}
	}
	return "/account"
}

// localPath keeps redirects on our own site: an absolute path without a host, else "".
func localPath(p string) string {
	if !strings.HasPrefix(p, "/") || strings.HasPrefix(p, "//") || strings.ContainsAny(p, "\\\r\n\t?#") {
		return ""
	}
	return p
}
