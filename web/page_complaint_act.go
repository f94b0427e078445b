package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"layak/complaints"
	"layak/internal/auth"
	"layak/internal/fault"
	"layak/policy"
)

// act takes one act on the case. What was refused comes back with everything that was typed; when
// somebody else was faster the page shows what they did, and the same press of the button then
// counts for the new state.
func (s *Server) act(c echo.Context) error {
	if s.Complaints == nil {
		return errNoPage
	}
	ticket, err := ticketOf(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	kind := complaints.EventType(c.FormValue("type"))
	f := readActForm(c)
	err = s.takeAct(c, ticket, kind, &f)
	if problem := fault.As(err); problem != nil && (problem.Kind == fault.Invalid || problem.Kind == fault.Conflict) {
		return s.actAgain(c, ticket, kind, f, problem)
	}
	if err != nil {
		return err
	}
	if kind == complaints.AssignEvent {
		_, err = s.Complaints.Complaint(ctx, ticket)
		if fault.Is(err, fault.NotFound) { // it went to another unit and out of sight
			s.flash(c, "acted.away")
			return s.redirect(c, bulkBack(c.FormValue("back")))
		}
		if err != nil {
			return err
		}
	}
	s.flash(c, "acted."+string(kind))
	if back := c.FormValue("back"); back != "" {
		return s.redirect(c, bulkBack(back))
	}
	return s.redirect(c, "/complaints/"+string(ticket))
}

// takeAct does it: a proof that came along is stored first, a determination is opened first.
func (s *Server) takeAct(c echo.Context, ticket complaints.Ticket, kind complaints.EventType, f *actForm) error {
	ctx := c.Request().Context()
	if _, ok := complaints.MoveOf(kind); !ok {
		return fault.New(fault.NotFound, "event_unknown", "Tindakan ini tidak dikenal.")
	}
	a, err := f.action(kind, s.Zone)
	if err != nil {
		return err
	}
	if kind == complaints.CheckEvent && f.Determination != "" && s.Checks != nil {
		d, err := s.Checks.View(ctx, f.Determination)
		if err != nil {
			return err
		}
		a.Made, a.NIK = &d, ""
	}
	for field, into := range map[string][2]*string{"proof": {&f.Proof, &a.Proof}, "receipt": {&f.Receipt, &a.Receipt}} {
		err = s.attachProof(c, ticket, field, into)
		if err != nil {
			return err
		}
	}
	_, err = s.Complaints.Act(ctx, ticket, a)
	return err
}

// attachProof stores a photo that came along with the form and names it there and in the act.
func (s *Server) attachProof(c echo.Context, ticket complaints.Ticket, field string, into [2]*string) error {
	form := c.Request().MultipartForm
	if form == nil {
		return nil
	}
	for _, head := range form.File[field+"_file"] {
		if head.Size == 0 {
			continue
		}
		stored, err := s.attachOne(c, ticket, head)
		if err != nil {
			return besideField(err, field)
		}
		*into[0], *into[1] = stored.ID, stored.ID
	}
	return nil
}

// besideField puts the sentence of a refusal beside a field when it names none.
func besideField(err error, name string) error {
	f := fault.As(err)
	if f == nil || f.Kind != fault.Invalid {
		return err
	}
	own := *f
	own.Fields = []fault.Field{{Name: name, Message: f.Message}}
	return &own
}

// actAgain shows the case as it is now with the form as it was typed.
func (s *Server) actAgain(c echo.Context, t complaints.Ticket, kind complaints.EventType, f actForm, problem *fault.Error) error {
	p, err := s.newComplaintPage(c, t)
	if err != nil {
		return err
	}
	status := http.StatusUnprocessableEntity
	p.open(string(kind))
	p.Stuck = p.Do != string(kind)
	p.Form = f
	if s.Replies != nil && p.Do == string(complaints.AnswerEvent) {
		p.offerDrafts(f.Kind)
	}
	if problem.Kind == fault.Conflict {
		status = http.StatusConflict
		p.Changes = p.since(f.Version)
		p.Form.Version = p.C.Version
	}
	if len(p.Changes) == 0 {
		p.Problem, p.Errors = problem.Message, problem.Fields
	}
	return s.render(c, status, "complaint", p)
}

// since are the acts after the version that the reader saw. Each act makes one version together with
// what the program adds in the same moment; a photo and the word that a message left make none. What
// the program did by itself is not told as the work of a colleague.
func (p *complaintPage) since(version int) []storyRow {
	var rows []storyRow
	var last time.Time
	n := 0
	for i, e := range p.C.Events {
		if e.Type == complaints.AttachEvent || e.Type == complaints.SentEvent {
			continue
		}
		if !p.Story[i].Quiet || !e.At.Equal(last) {
			n++
		}
		last = e.At
		if n > version && !p.Story[i].Quiet {
			p.Story[i].New = true
			rows = append(rows, p.Story[i])
		}
	}
	return rows
}

// nextOf is the next sensible act of the reader: a task of the own unit in a case of another one,
// money that was promised, else what the case itself wants.
func nextOf(c complaints.Complaint, may []complaints.EventType, a auth.Actor) nextAct {
	if a.Unit != "" && a.Unit != c.Unit && slices.Contains(may, complaints.TaskDoneEvent) {
		for _, t := range c.OpenTasks() {
			if t.Unit == a.Unit {
				return nextAct{Key: "task_done", Do: string(complaints.TaskDoneEvent)}
			}
		}
	}
	if r := c.Refund; r != nil && r.ReceivedAt == nil && c.State == complaints.Answered && slices.Contains(may, complaints.RefundEvent) {
		return nextAct{Key: "refund", Do: string(complaints.RefundEvent)}
	}
	return nextFor(c, may)
}

// nextFor names the next sensible act: verify, check, register, note the answer, ask for what is
// missing, decide, close.
func nextFor(c complaints.Complaint, may []complaints.EventType) nextAct {
	can := func(t complaints.EventType) bool { return slices.Contains(may, t) }
	if _, number, _ := c.HandedTo(); c.State == complaints.Forwarded && number == "" && can(complaints.NumberEvent) {
		return nextAct{Key: "number", Do: string(complaints.NumberEvent)}
	}
	if !c.State.Open() {
		return nextAct{}
	}
	if c.State == complaints.Received && can(complaints.VerifyEvent) {
		return nextAct{Key: "verify", Do: string(complaints.VerifyEvent), At: true}
	}
	if c.State == complaints.Answered && can(complaints.CloseEvent) {
		return nextAct{Key: "close", Do: string(complaints.CloseEvent), At: true}
	}
	if c.State == complaints.WaitingReporter && c.AskAgain() && can(complaints.ReplyEvent) {
		return nextAct{Key: "remind", Do: string(complaints.ReplyEvent)}
	}
	if c.State == complaints.WaitingReporter && can(complaints.ReplyEvent) {
		return nextAct{Key: "reply", Do: string(complaints.ReplyEvent)}
	}
	newest, wants := c.Newest(), 0
	for _, p := range c.Patients {
		k, checked := newest[p.No]
		sent, waits := sentFor(c, p.No)
		switch {
		case !checked && !talk(c.Matter) && can(complaints.CheckEvent):
			return nextAct{Key: "check", Do: string(complaints.CheckEvent), Patient: p.No}
		case k.Outcome == policy.Eligible && !sent && can(complaints.RegisterEvent):
			return nextAct{Key: "register", Do: string(complaints.RegisterEvent), Patient: p.No}
		case waits && can(complaints.RegisterEvent):
			return nextAct{Key: "result", Do: string(complaints.RegisterEvent), Patient: p.No}
		case k.Outcome == policy.NeedsInformation && wants == 0:
			wants = p.No
		}
	}
	// Nobody can decide while papers are missing: ask for them, and check again once they came.
	switch {
	case wants > 0 && cameAfterCheck(c) && can(complaints.CheckEvent):
		return nextAct{Key: "recheck", Do: string(complaints.CheckEvent), Patient: wants}
	case wants > 0 && can(complaints.WaitEvent):
		return nextAct{Key: "papers", Do: string(complaints.WaitEvent), Patient: wants}
	}
	if can(complaints.ResolveEvent) {
		return nextAct{Key: "resolve", Do: string(complaints.ResolveEvent)}
	}
	return nextAct{}
}

// talk tells whether no check of a patient settles the matter: a question, or a word about somebody's
// conduct.
func talk(matter string) bool { return matter == "information" || matter == "conduct" }

// cameAfterCheck tells whether the reporter answered or a file came after the newest check.
func cameAfterCheck(c complaints.Complaint) bool {
	for _, e := range slices.Backward(c.Events) {
		switch e.Type {
		case complaints.ReplyEvent, complaints.AttachEvent:
			return true
		case complaints.CheckEvent:
			return false
		}
	}
	return false
}

// sentFor tells whether anything was sent for the patient, and whether an answer is waited for.
func sentFor(c complaints.Complaint, patient int) (sent, waits bool) {
	for _, r := range c.Registrations {
		if r.Patient == patient {
			sent = true
			waits = r.Result == complaints.RegistrationPending
		}
	}
	return sent, waits
}

func numberText(n int) string { return strconv.Itoa(n) }

// addFiles stores photos and papers of the case.
func (s *Server) addFiles(c echo.Context) error {
	if s.Complaints == nil {
		return errNoPage
	}
	ticket, err := ticketOf(c)
	if err != nil {
		return err
	}
	none := c.Request().MultipartForm == nil || len(c.Request().MultipartForm.File["files"]) == 0
	if none {
		err = fault.New(fault.Invalid, "files_missing", "Pilih dulu foto atau PDF yang akan ditambahkan.")
	} else {
		err = s.attachAll(c, ticket, "files")
	}
	if err != nil {
		return s.showAfter(c, ticket, err, "")
	}
	s.flash(c, "files.done")
	return s.redirect(c, "/complaints/"+string(ticket))
}

// file sends one photo or paper. It is shown alone, without a right to run anything; a PDF is
// saved, because readers of PDF run scripts of their own.
func (s *Server) file(c echo.Context) error {
	if s.Complaints == nil {
		return errNoPage
	}
	ticket, err := ticketOf(c)
	if err != nil {
		return err
	}
	a, content, err := s.Complaints.Attachment(c.Request().Context(), c.Param("file"))
	if err != nil {
		return err
	}
	if a.Ticket != ticket {
		return errNoPage
	}
	how := "attachment"
	if strings.HasPrefix(a.Kind, "image/") {
		how = "inline"
	}
	h := c.Response().Header()
	h.Set("Content-Security-Policy", "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'")
	h.Set(echo.HeaderContentDisposition, how+`; filename="`+downloadName(a)+`"`)
	h.Set(echo.HeaderContentLength, strconv.Itoa(a.Size))
	return c.Stream(http.StatusOK, a.Kind, content)
}

// downloadName names a download after the case: the name that somebody gave the photo may hold the
// name of a person.
func downloadName(a complaints.Attachment) string {
	ending := map[string]string{"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "application/pdf": "pdf"}[a.Kind]
	return string(a.Ticket) + "-" + a.ID[max(0, len(a.ID)-6):] + "." + ending
}
