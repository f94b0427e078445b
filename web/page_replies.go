package web

import (
	"context"
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"

	"layak/complaints"
	"layak/complaints/reply"
	"layak/internal/auth"
	"layak/internal/fault"
)

// Replies proposes what to write to reporters and keeps the wordings; *reply.Writer keeps it.
type Replies interface {
	Compose(ctx context.Context, t complaints.Ticket, kind string) (reply.Draft, error)
	Letter(ctx context.Context, c complaints.Complaint, event string) ([]byte, error)
	Receipt(ctx context.Context, c complaints.Complaint) ([]byte, error)
	List(ctx context.Context) ([]reply.Wording, error)
	Wording(ctx context.Context, code string) (reply.Wording, error)
	Preview(ctx context.Context, w reply.Wording) (subject, body string, err error)
	Save(ctx context.Context, w reply.Wording) error
	Restore(ctx context.Context, code string, version int) error
}

// replyRoutes are the addresses of reply templates, letters and outgoing messages.
func (s *Server) replyRoutes() []Route {
	const get, post = http.MethodGet, http.MethodPost
	return []Route{
		{Method: get, Path: "/outbox", Permission: auth.ComplaintRead, Handler: s.outbox},
		{Method: get, Path: "/outbox/:id", Permission: auth.ComplaintRead, Handler: s.message},
		{Method: post, Path: "/outbox/:id", Permission: auth.ComplaintDecide, Handler: s.moveMessage},
		{Method: get, Path: "/complaints/:ticket/letter.pdf", Permission: auth.ComplaintRead, Handler: s.letter},
		{Method: get, Path: "/complaints/:ticket/receipt.pdf", Permission: auth.ComplaintRead, Handler: s.receipt},
		{Method: get, Path: "/settings/replies", Permission: auth.ReplyManage, Handler: s.wordings},
		{Method: get, Path: "/settings/replies/open", Permission: auth.ReplyManage, Handler: s.openWording},
		{Method: get, Path: "/settings/replies/:code", Permission: auth.ReplyManage, Handler: s.wording},
		{Method: post, Path: "/settings/replies/:code", Permission: auth.ReplyManage, Handler: s.saveWording},
	}
}

// replyPages are the page sets of reply templates, letters and outgoing messages.
var replyPages = map[string][]string{
	"outbox":  nil,
	"message": nil,
	"replies": {"inputs"},
	"wording": {"problems"},
}

// wordingsPage lists the replies that the office sends.
type wordingsPage struct {
	Base
	Groups []wordingGroup
	Kinds  []complaints.Word
}

// wordingGroup is one kind of reply with its special wordings.
type wordingGroup struct {
	Label string
	Rows  []reply.Wording
}

func (s *Server) wordings(c echo.Context) error {
	if s.Replies == nil {
		return errNoPage
	}
	list, err := s.Replies.List(c.Request().Context())
	if err != nil {
		return err
	}
	return s.render(c, http.StatusOK, "replies", newWordingsPage(list))
}

func newWordingsPage(list []reply.Wording) *wordingsPage {
	p := &wordingsPage{Kinds: reply.Kinds}
	p.Title, p.Section = "replies.title", "settings"
	for _, w := range list {
		label := complaints.Label(reply.Kinds, w.Kind())
		if n := len(p.Groups); n == 0 || p.Groups[n-1].Label != label {
			p.Groups = append(p.Groups, wordingGroup{Label: label})
		}
		g := &p.Groups[len(p.Groups)-1]
		g.Rows = append(g.Rows, w)
	}
	return p
}

// openWording leads to the wording of a kind for one matter, also when nobody wrote it yet.
func (s *Server) openWording(c echo.Context) error {
	kind, matter := c.QueryParam("kind"), c.QueryParam("matter")
	if !slices.ContainsFunc(reply.Kinds, func(k complaints.Word) bool { return k.Code == kind }) ||
		matter != "" && !slices.ContainsFunc(complaints.Matters, func(m complaints.Word) bool { return m.Code == matter }) {
		return s.redirect(c, "/settings/replies")
	}
	if matter != "" {
		kind += ".matter-" + matter
	}
	return s.redirect(c, "/settings/replies/"+kind)
}

// wordingPage is one reply being edited, with what it becomes for an invented case.
type wordingPage struct {
	Base
	W       reply.Wording
	Subject string // preview
	Body    string
	Blanks  []complaints.Word
}

func newWordingPage(w reply.Wording) *wordingPage {
	p := &wordingPage{W: w, Blanks: reply.Blanks}
	p.Title, p.Section = "replies.edit", "settings"
	return p
}

func (s *Server) wording(c echo.Context) error {
	if s.Replies == nil {
		return errNoPage
	}
	ctx := c.Request().Context()
	w, err := s.Replies.Wording(ctx, c.Param("code"))
	if err != nil {
		return err
	}
	p := newWordingPage(w)
	p.Subject, p.Body, err = s.Replies.Preview(ctx, w)
	if err != nil {
		return err
	}
	return s.render(c, http.StatusOK, "wording", p)
}

// saveWording previews, saves, or gives the word back to the text of the program.
func (s *Server) saveWording(c echo.Context) error {
	if s.Replies == nil {
		return errNoPage
	}
	ctx := c.Request().Context()
	w, err := s.Replies.Wording(ctx, c.Param("code"))
	if err != nil {
		return err
	}
	version := formNumber(c, "version")
	switch c.FormValue("do") {
	case "restore":
		err = s.Replies.Restore(ctx, w.Code, version)
		if err != nil {
			return err
		}
		s.flash(c, "replies.restored")
		return s.redirect(c, "/settings/replies")
	case "preview":
		w.Subject, w.Body, w.Version = c.FormValue("subject"), c.FormValue("body"), version
		p := newWordingPage(w)
		p.Subject, p.Body, err = s.Replies.Preview(ctx, w)
		if err != nil {
			return s.again(c, err, "wording", p)
		}
		return s.render(c, http.StatusOK, "wording", p)
	}
	w.Subject, w.Body, w.Version = c.FormValue("subject"), c.FormValue("body"), version
	err = s.Replies.Save(ctx, w)
	if err != nil {
		if fault.Is(err, fault.Conflict) {
			return s.conflictAgain(c, err, "wording", newWordingPage(w))
		}
		return s.again(c, err, "wording", newWordingPage(w))
	}
	s.flash(c, "replies.saved")
	return s.redirect(c, "/settings/replies")
}
