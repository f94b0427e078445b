package web

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"layak/complaints"
	"layak/internal/auth"
	"layak/internal/fault"
)

// complaintBody is a complaint as the API gives it.
type complaintBody struct {
	complaints.Complaint
	// Moves are the types of events that the caller may add now.
	Moves []complaints.EventType `json:"moves"`
}

func complaintAnswer(c complaints.Complaint, actor auth.Actor) complaintBody {
	moves := slices.DeleteFunc(c.May(actor), func(t complaints.EventType) bool {
		_, ok := eventMembers[t]
		return !ok
	})
	if !actor.Can(auth.PersonUnmask) {
		c = maskComplaint(c)
	}
	c.Patients, c.Events, c.Checks = notNil(c.Patients), notNil(c.Events), notNil(c.Checks)
	c.Registrations, c.Attachments = notNil(c.Registrations), notNil(c.Attachments)
	c.Resolutions = append([]complaints.Resolution{}, c.Resolutions...)
	for i := range c.Resolutions {
		c.Resolutions[i].Checks = notNil(c.Resolutions[i].Checks)
	}
	c.Tasks, c.Clocks, c.Joined = notNil(c.Tasks), notNil(c.Clocks), notNil(c.Joined)
	return complaintBody{Complaint: c, Moves: notNil(moves)}
}

// apiFile files a complaint. The answer to a repeated Idempotency-Key is 201 like the first one: a
// caller whose line broke cannot know whether he was heard.
func (s *Server) apiFile(c echo.Context) error {
	if s.Complaints == nil {
		return errNoPage
	}
	err := onlyQuery(c)
	if err != nil {
		return err
	}
	var filing complaints.Filing
	err = readJSON(c, &filing)
	if err != nil {
		return err
	}
	for i, p := range filing.Patients {
		if p.Subject == nil {
			continue
		}
		err = placeSubject(p.Subject, s.Home, fmt.Sprintf("patients.%d.subject.village", i+1))
		if err != nil {
			return err
		}
	}
	filing.IdempotencyKey, err = idempotencyKey(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	made, err := s.Complaints.File(ctx, filing)
	if err != nil {
		return err
	}
	c.Response().Header().Set(echo.HeaderLocation, "/api/v1/complaints/"+string(made.Ticket))
	return sendJSON(c, http.StatusCreated, complaintAnswer(made, auth.From(ctx)))
}

// idempotencyKey is the key under which a request may be repeated; "" is none.
func idempotencyKey(c echo.Context) (string, error) {
	key := c.Request().Header.Get("Idempotency-Key")
	if !storable(key) {
		const odd = "Idempotency-Key memuat tanda yang tidak dapat disimpan."
		return "", fault.New(fault.Invalid, "key_invalid", odd).At("idempotency_key", odd)
	}
	return key, nil
}

// listBody is one page of complaints, newest first.
type listBody struct {
	Complaints []complaints.Line `json:"complaints"`
	Next       complaints.Ticket `json:"next,omitempty"` // give it as after= for the next page
}

func (s *Server) apiComplaints(c echo.Context) error {
	if s.Complaints == nil {
		return errNoPage
	}
	err := onlyQuery(c, "state", "unit", "after", "limit")
	if err != nil {
		return err
	}
	filter, err := filterOf(c.QueryParams())
	if err != nil {
		return err
	}
	page, err := s.Complaints.List(c.Request().Context(), filter)
	if err != nil {
		return err
	}
	return sendJSON(c, http.StatusOK, listBody{Complaints: notNil(page.Items), Next: page.Next})
}

// filterOf reads ?state=received,verified&unit=CODE&after=TICKET&limit=N.
func filterOf(q url.Values) (complaints.Filter, error) {
	f := complaints.Filter{Unit: q.Get("unit")}
	bad := fault.New(fault.Invalid, "filter_invalid", "Saringan daftar belum benar.")
	for _, name := range strings.Split(q.Get("state"), ",") {
		switch state := complaints.State(name); {
		case name == "":
		case slices.Contains(complaints.States, state):
			f.States = append(f.States, state)
		default:
			bad = bad.At("state", "Status “"+shown(name)+"” tidak dikenal.")
		}
	}
	if after := q.Get("after"); after != "" {
		var err error
		f.After, err = complaints.ParseTicket(after)
		if err != nil {
			bad = bad.At("after", fault.As(err).Message)
		}
	}
	if limit := q.Get("limit"); limit != "" {
		n, err := strconv.Atoi(limit)
		if err != nil || n < 1 || n > 500 {
			bad = bad.At("limit", "Banyaknya baris adalah angka 1 sampai 500.")
		}
		f.Limit = n
	}
	if len(bad.Fields) > 0 {
		return f, bad
	}
	return f, nil
}

func (s *Server) apiComplaint(c echo.Context) error {
	if s.Complaints == nil {
		return errNoPage
	}
	err := onlyQuery(c)
	if err != nil {
		return err
	}
	ticket, err := ticketOf(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	found, err := s.Complaints.Complaint(ctx, ticket)
	if err != nil {
		return err
	}
	return sendJSON(c, http.StatusOK, complaintAnswer(found, auth.From(ctx)))
}

func (s *Server) apiAct(c echo.Context) error {
	if s.Complaints == nil {
		return errNoPage
	}
	err := onlyQuery(c)
	if err != nil {
		return err
	}
	ticket, err := ticketOf(c)
	if err != nil {
		return err
	}
	tree, err := readTree(c)
	if err != nil {
		return err
	}
	action, err := actionOf(tree, s.Home)
	if err != nil {
		return err
	}
	action.IdempotencyKey, err = idempotencyKey(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	after, err := s.Complaints.Act(ctx, ticket, action)
	if err != nil {
		return err
	}
	return sendJSON(c, http.StatusOK, complaintAnswer(after, auth.From(ctx)))
}
