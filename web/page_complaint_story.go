package web

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"time"

	"layak/complaints"
	"layak/complaints/reply"
	"layak/eligibility"
	"layak/internal/auth"
	"layak/internal/i18n"
)

// storyRow is one event of the timeline in words.
type storyRow struct {
	Type   string
	Class  string // citizen, reply, inner or ""
	Who    string
	At     time.Time
	Title  string
	Text   string   // what a person wrote
	Lines  []string // what the program knows about it
	Link   string
	LinkTo string // message key of the link's text
	Public bool   // the citizen reads it
	New    bool   // happened since the reader opened the page
	Quiet  bool   // done by the program itself; folded away
	Thumb  bool   // Link is a photo, shown small

	ID     string    // of the event
	Sent   []sentRow // what left, or is to leave, towards the reporters
	Letter string    // address of the answer on paper
}

// sentRow is one message of an event: by which way, and where it stands.
type sentRow struct {
	Path  string // of the message
	Way   string // code of complaints.Ways
	Name  string // of the reporter, when the case has several
	State reply.State
	Error string // of the last attempt
	Open  bool   // somebody still has to bring it
}

// storyGroup is a row of the story, or several quiet ones that fold away together.
type storyGroup struct {
	Quiet bool
	Rows  []storyRow
}

// Groups are the rows of the story, neighbouring quiet ones together.
func (p *complaintPage) Groups() []storyGroup {
	var groups []storyGroup
	for _, row := range p.Story {
		last := len(groups) - 1
		if row.Quiet && last >= 0 && groups[last].Quiet {
			groups[last].Rows = append(groups[last].Rows, row)
			continue
		}
		groups = append(groups, storyGroup{Quiet: row.Quiet, Rows: []storyRow{row}})
	}
	return groups
}

// storyOf tells the life of a case, oldest first: one row an event.
func storyOf(w *i18n.Printer, c complaints.Complaint, units []auth.Unit, staff []auth.Staff) []storyRow {
	var rows []storyRow
	for _, e := range c.Events {
		row := storyRow{ID: e.ID, Type: string(e.Type), Who: e.Title, At: e.At, Text: e.Note, Public: e.Public, Title: label(w, "event", string(e.Type))}
		if row.Who == "" {
			row.Who = e.Actor
		}
		t := teller{w: w, c: c, units: units, staff: staff}
		if tell := tellers[e.Type]; tell != nil {
			tell(t, e, &row)
		}
		rows = append(rows, row)
	}
	return rows
}

// teller knows what the events of a case refer to.
type teller struct {
	w     *i18n.Printer
	c     complaints.Complaint
	units []auth.Unit
	staff []auth.Staff
}

var tellers = map[complaints.EventType]func(teller, complaints.Event, *storyRow){
	complaints.FileEvent:      teller.filed,
	complaints.AttachEvent:    teller.attached,
	complaints.CheckEvent:     teller.checked,
	complaints.AssignEvent:    teller.assigned,
	complaints.RegisterEvent:  teller.registered,
	complaints.ResolveEvent:   teller.resolved,
	complaints.WaitEvent:      teller.waits,
	complaints.ForwardEvent:   teller.forwarded,
	complaints.NumberEvent:    teller.forwarded,
	complaints.TaskEvent:      teller.tasked,
	complaints.TaskDoneEvent:  teller.taskDone,
	complaints.TasksDoneEvent: teller.quiet,
	complaints.ClassifyEvent:  teller.classified,
	complaints.RefundEvent:    teller.refunded,
	complaints.RejectEvent:    teller.rejected,
	complaints.ReopenEvent:    teller.reopened,
	complaints.CloseEvent:     teller.closed,
	complaints.RateEvent:      teller.closed,
	complaints.MergeEvent:     teller.merged,
	complaints.UnmergeEvent:   teller.merged,
	complaints.JoinEvent:      teller.joined,
	complaints.RouteEvent:     teller.routed,
	complaints.ClockEvent:     teller.quiet,
	complaints.SentEvent:      teller.sent,
	complaints.EscalateEvent:  teller.escalated,
	complaints.NoteEvent:      func(_ teller, _ complaints.Event, row *storyRow) { row.Class = "inner" },
	complaints.AnswerEvent:    teller.answered,
	complaints.ReplyEvent:     func(_ teller, _ complaints.Event, row *storyRow) { row.Class = "citizen" },
}

// zone is where the office reads its clock.
func (t teller) zone() *time.Location { return eligibility.WIB }

// dataOf reads what belongs to an event; a shape that is not known gives nothing to tell.
func dataOf[T any](e complaints.Event) (data T, ok bool) {
	err := json.Unmarshal(e.Data, &data)
	return data, err == nil
}

func (t teller) escalated(e complaints.Event, row *storyRow) {
	row.Class = "system"
	if data, ok := dataOf[complaints.EscalateData](e); ok && data.Clock.OfOthers() && data.Level == 0 {
		row.Title = t.w.T("event.remind")
	} else if ok {
		row.Lines = t.reached(data)
	}
}

// reached names whom a rung reached. A role stands for whoever has it now.
func (t teller) reached(data complaints.EscalateData) []string {
	var names []string
	if data.Staff != "" {
		names = append(names, staffName(t.staff, data.Staff))
	}
	for _, a := range t.staff {
		if data.Role != "" && a.Role == data.Role && !a.Disabled {
			names = append(names, a.Name)
		}
	}
	if len(names) == 0 {
		return nil
	}
	return []string{t.w.T("event.reached", "Who", strings.Join(names, ", "))}
}

func (t teller) filed(_ complaints.Event, row *storyRow) {
	row.Class, row.Text = "citizen", t.c.Text
	row.Title = t.w.T("event.filed_by", "Name", t.c.Reporter.Name, "Channel", label(t.w, "channel", t.c.Channel))
	row.Who = t.w.T("event.noted_by", "Who", row.Who)
}

func (t teller) attached(e complaints.Event, row *storyRow) {
	data, ok := dataOf[complaints.AttachData](e)
	if !ok {
		return
	}
	for _, a := range t.c.Attachments {
		if a.ID == data.Attachment {
			row.Lines = []string{a.Name}
			row.Link, row.LinkTo = filePath(t.c.Ticket, a.ID), "files.open"
			row.Thumb = strings.HasPrefix(a.Kind, "image/")
		}
	}
}

func (t teller) checked(e complaints.Event, row *storyRow) {
	data, ok := dataOf[complaints.CheckData](e)
	if !ok {
		return
	}
	row.Lines = append(row.Lines, t.w.T("outcome_short."+data.Outcome))
	for _, k := range t.c.Checks {
		if k.Determination == data.Determination {
			row.Lines = []string{k.Summary}
		}
	}
	row.Lines = t.named(data.Patient, row.Lines)
	row.Link, row.LinkTo = "/checks/"+data.Determination, "complaint.see_check"
}

// named puts the patient before what is said when the case has several.
func (t teller) named(no int, lines []string) []string {
	if len(t.c.Patients) < 2 {
		return lines
	}
	for _, p := range t.c.Patients {
		if p.No == no {
			return append([]string{t.w.T("event.for", "Name", patientName(t.w, p))}, lines...)
		}
	}
	return lines
}

func patientName(w *i18n.Printer, p complaints.Patient) string {
	switch {
	case p.Name != "":
		return p.Name
	case p.Subject != nil && p.Subject.MotherNIK != "":
		return w.T("who.newborn")
	}
	return w.T("complaint.patient_unknown", "N", p.No)
}

func (t teller) assigned(e complaints.Event, row *storyRow) {
	data, ok := dataOf[complaints.AssignData](e)
	if !ok {
		return
	}
	to := unitName(t.units, data.Unit)
	if data.Staff != "" {
		to += " · " + staffName(t.staff, data.Staff)
	}
	row.Lines = []string{to}
}

func (t teller) registered(e complaints.Event, row *storyRow) {
	r, ok := dataOf[complaints.Registration](e)
	if !ok {
		return
	}
	line := label(t.w, "through", r.Through) + ": " + label(t.w, "regresult", r.Result)
	if r.ActiveOn != "" {
		line += ", " + t.w.T("reg.active_from", "Date", formatDate(t.w.Lang, eligibility.WIB, r.ActiveOn))
	}
	row.Lines = t.named(r.Patient, []string{line})
	if r.Reference != "" {
		row.Lines = append(row.Lines, t.w.T("reg.reference_is", "Number", r.Reference))
	}
	if r.RefusedWhy != "" {
		row.Lines = append(row.Lines, r.RefusedWhy)
	}
	if r.Proof != "" {
		row.Link, row.LinkTo = filePath(t.c.Ticket, r.Proof), "reg.proof_open"
	}
}

func (t teller) resolved(e complaints.Event, row *storyRow) {
	r, ok := dataOf[complaints.Resolution](e)
	if !ok {
		return
	}
	row.Class = "reply"
	row.Title += ": " + label(t.w, "decision", string(r.Decision))
	row.Lines = []string{t.w.T("agreement." + string(r.Advice))}
	t.answered(e, row)
	if r.Unregistered {
		row.Lines = append(row.Lines, t.w.T("decide.unregistered"))
	}
}

func (t teller) waits(e complaints.Event, row *storyRow) {
	if data, ok := dataOf[complaints.WaitData](e); ok {
		row.Lines = []string{t.w.T("event.waits_for", "What", strings.Join(data.Missing, ", "))}
	}
}

func (t teller) forwarded(e complaints.Event, row *storyRow) {
	data, ok := dataOf[complaints.ForwardData](e)
	if !ok {
		return
	}
	row.Lines = []string{data.Office}
	if data.Number != "" {
		row.Lines = append(row.Lines, t.w.T("reg.reference_is", "Number", data.Number))
	}
}

func filePath(t complaints.Ticket, id string) string {
	return "/complaints/" + string(t) + "/files/" + id
}

// addSent puts the messages of the case beside the events that they went with. messages are the
// newest first, as the outbox lists them. Names are masked for readers who see them so elsewhere.
func (p *complaintPage) addSent(messages []reply.Item, masked bool) {
	rows := map[string]*storyRow{}
	for i := range p.Story {
		rows[p.Story[i].ID] = &p.Story[i]
	}
	for _, m := range slices.Backward(messages) {
		row := rows[m.EventID]
		if row == nil {
			continue
		}
		sent := sentRow{Path: "/outbox/" + m.ID, Way: m.Through, State: m.State, Open: m.ByHand() && m.State == reply.Queued}
		if m.State == reply.Queued || m.State == reply.Failed {
			sent.Error = m.LastError
		}
		if len(p.C.Joined) > 0 {
			sent.Name = m.Name
			if masked {
				sent.Name = eligibility.MaskName(m.Name)
			}
		}
		row.Sent = append(row.Sent, sent)
	}
	for i := range p.Story {
		row := &p.Story[i]
		if row.Public && (len(row.Sent) > 0 || row.Text != "" && slices.Contains(writtenActs, complaints.EventType(row.Type))) {
			row.Letter = "/complaints/" + string(p.C.Ticket) + "/letter.pdf?event=" + url.QueryEscape(row.ID)
		}
	}
}

// writtenActs are the acts whose text the reporter can have on paper.
var writtenActs = []complaints.EventType{complaints.AnswerEvent, complaints.ResolveEvent, complaints.RejectEvent, complaints.ForwardEvent, complaints.NumberEvent}
