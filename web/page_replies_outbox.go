package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"layak/complaints"
	"layak/complaints/reply"
	"layak/internal/auth"
	"layak/internal/fault"
)

// Outbox shows and moves messages; *reply.Outbox keeps it.
type Outbox interface {
	Messages(ctx context.Context, f reply.Filter) ([]reply.Item, error)
	Counts(ctx context.Context) (map[reply.State]int, error)
	Open(ctx context.Context, id string) (reply.Item, error)
	Retry(ctx context.Context, id string) error
	Cancel(ctx context.Context, id string) error
	Delivered(ctx context.Context, id string) error
	// Ready tells whether e-mail can be sent.
	Ready() bool
}

// outboxPage lists messages: those that a person has to bring, those that failed, those that the
// program sends, those that left. Names are masked.
type outboxPage struct {
	Base
	Show  string // code of outboxTabs
	Tabs  []outboxTab
	Rows  []outboxRow
	Next  string
	Ready bool
}

type outboxTab struct {
	Code    string
	N       int // 0 is not shown
	Current bool
}

// outboxRow is one message in the list.
type outboxRow struct {
	reply.Item
	Age string
}

// outboxTabs are the lists, in the order of what needs a person first.
var outboxTabs = []string{"hand", "failed", "waiting", "done"}

func outboxFilter(show string) reply.Filter {
	byHand, byProgram := true, false
	switch show {
	case "failed":
		return reply.Filter{States: []reply.State{reply.Failed}}
	case "waiting":
		return reply.Filter{States: []reply.State{reply.Queued, reply.Sending}, ByHand: &byProgram}
	case "done":
		return reply.Filter{States: []reply.State{reply.Sent, reply.Copied, reply.Cancelled}}
	}
	return reply.Filter{States: []reply.State{reply.Queued}, ByHand: &byHand}
}

const outboxRows = 50

func (s *Server) outbox(c echo.Context) error {
	if s.Outbox == nil {
		return errNoPage
	}
	ctx := c.Request().Context()
	show := c.QueryParam("show")
	if !slices.Contains(outboxTabs, show) {
		show = outboxTabs[0]
	}
	f := outboxFilter(show)
	f.Limit = outboxRows + 1
	if after := c.QueryParam("after"); storable(after) {
		f.After = after
	}
	items, err := s.Outbox.Messages(ctx, f)
	if err != nil {
		return err
	}
	counts, err := s.Outbox.Counts(ctx)
	if err != nil {
		return err
	}
	return s.render(c, http.StatusOK, "outbox", s.newOutboxPage(s.lang(c), show, items, counts[reply.Failed], s.Outbox.Ready()))
}

func (s *Server) newOutboxPage(lang, show string, items []reply.Item, failed int, ready bool) *outboxPage {
	p := &outboxPage{Show: show, Ready: ready}
	p.Title, p.Section = "outbox.title", "outbox"
	for _, code := range outboxTabs {
		t := outboxTab{Code: code, Current: code == show}
		if code == "failed" {
			t.N = failed
		}
		p.Tabs = append(p.Tabs, t)
	}
	if len(items) > outboxRows {
		items = items[:outboxRows]
		p.Next = "/outbox?" + url.Values{"show": {show}, "after": {items[outboxRows-1].ID}}.Encode()
	}
	for _, i := range items {
		p.Rows = append(p.Rows, outboxRow{Item: i, Age: waitText(s.words.For(lang), s.Clock().Sub(i.At))})
	}
	return p
}

// messagePage is one message with what can be done about it.
type messagePage struct {
	Base
	M        reply.Item
	WhatsApp string // opens WhatsApp with the text; "" when the number can be none
	Letter   string // address of the letter
	MayMove  bool
	Open     bool // something can still be done
}

func newMessagePage(i reply.Item, a auth.Actor) *messagePage {
	p := &messagePage{M: i, MayMove: a.Can(auth.ComplaintDecide), Open: i.State == reply.Queued || i.State == reply.Failed}
	p.Title, p.Section = "outbox.one", "outbox"
	if i.Through == "whatsapp" {
		p.WhatsApp = reply.WhatsAppLink(i.To, i.Body)
	}
	if i.Through == "letter" {
		p.Letter = "/complaints/" + string(i.Ticket) + "/letter.pdf?event=" + url.QueryEscape(i.EventID)
	}
	return p
}

func (s *Server) message(c echo.Context) error {
	if s.Outbox == nil {
		return errNoPage
	}
	ctx := c.Request().Context()
	i, err := s.Outbox.Open(ctx, c.Param("id"))
	if err != nil {
		return err
	}
	return s.render(c, http.StatusOK, "message", newMessagePage(i, auth.From(ctx)))
}

// moveMessage tries again, takes a message out, or records that a person brought it.
func (s *Server) moveMessage(c echo.Context) error {
	if s.Outbox == nil {
		return errNoPage
	}
	ctx, id, do := c.Request().Context(), c.Param("id"), c.FormValue("do")
	moves := map[string]func(context.Context, string) error{"retry": s.Outbox.Retry, "cancel": s.Outbox.Cancel, "delivered": s.Outbox.Delivered}
	move, ok := moves[do]
	if !ok {
		return fault.New(fault.Invalid, "message_act", "Pilih tindakan untuk pesan ini.")
	}
	err := move(ctx, id)
	if err != nil {
		return err
	}
	s.flash(c, "outbox.did_"+do)
	return s.redirect(c, "/outbox")
}

// letter is the answer of a public event on paper; the address holds the ids of case and event only.
func (s *Server) letter(c echo.Context) error {
	return s.paper(c, "surat", func(ctx context.Context, one complaints.Complaint) ([]byte, error) {
		return s.Replies.Letter(ctx, one, c.QueryParam("event"))
	})
}

// receipt is the slip that a citizen takes along.
func (s *Server) receipt(c echo.Context) error {
	return s.paper(c, "tanda-terima", func(ctx context.Context, one complaints.Complaint) ([]byte, error) {
		return s.Replies.Receipt(ctx, one)
	})
}

func (s *Server) paper(c echo.Context, name string, draw func(context.Context, complaints.Complaint) ([]byte, error)) error {
	if s.Replies == nil || s.Complaints == nil {
		return errNoPage
	}
	t, err := ticketOf(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	one, err := s.Complaints.Complaint(ctx, t)
	if err != nil {
		return err
	}
	file, err := draw(ctx, one)
	if err != nil {
		return err
	}
	c.Response().Header().Set(echo.HeaderContentDisposition, `inline; filename="`+name+"-"+strings.ToLower(string(t))+`.pdf"`)
	c.Response().Header().Set("Cache-Control", "no-store")
	return c.Blob(http.StatusOK, "application/pdf", file)
}

// formNumber reads a number of a form; 0 when it is none.
func formNumber(c echo.Context, name string) int {
	n, err := strconv.Atoi(c.FormValue(name))
	if err != nil {
		return 0
	}
	return n
}
