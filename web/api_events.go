package web

import (
	"reflect"
	"slices"
	"strings"
	"time"

	"layak/complaints"
	"layak/complaints/calendar"
	"layak/eligibility"
	"layak/internal/area"
	"layak/internal/fault"
)

// eventBody is what POST /api/v1/complaints/{ticket}/events takes; eventMembers says which members
// belong to which type.
type eventBody struct {
	Type        complaints.EventType   `json:"type"`
	Version     int                    `json:"version"`
	Text        string                 `json:"text"`
	Reason      string                 `json:"reason"`
	Note        string                 `json:"note"`
	Send        []string               `json:"send"`
	Unit        string                 `json:"unit"`
	Staff       string                 `json:"staff"`
	Tasks       []complaints.TaskOrder `json:"tasks"`
	Task        int                    `json:"task"`
	Act         string                 `json:"act"`
	Role        string                 `json:"role"`
	Due         *time.Time             `json:"due"`
	Amount      int64                  `json:"amount"`
	Measure     calendar.Measure       `json:"measure"`
	Class       string                 `json:"class"`
	Priority    string                 `json:"priority"`
	Element     string                 `json:"element"`
	Matter      string                 `json:"matter"`
	Title       string                 `json:"title"`
	Accused     *string                `json:"accused"`
	Attention   *bool                  `json:"attention"`
	Deceased    *bool                  `json:"deceased"`
	Patient     int                    `json:"patient"`
	NIK         eligibility.NIK        `json:"nik"`
	Subject     *eligibility.Subject   `json:"subject"`
	Need        string                 `json:"need"`
	ServiceOn   eligibility.Date       `json:"service_on"`
	Statements  statementsBody         `json:"statements"`
	Evidence    []eligibility.Evidence `json:"evidence"`
	Through     string                 `json:"through"`
	Reference   string                 `json:"reference"`
	SentAt      *time.Time             `json:"sent_at"`
	Result      string                 `json:"result"`
	ActiveOn    eligibility.Date       `json:"active_on"`
	RefusedWhy  string                 `json:"refused_why"`
	Proof       string                 `json:"proof"`
	Facility    string                 `json:"facility"`
	Receipt     string                 `json:"receipt"`
	ReceivedAt  *time.Time             `json:"received_at"`
	Missing     []string               `json:"missing"`
	Decision    complaints.Decision    `json:"decision"`
	Rating      int                    `json:"rating"`
	Unsatisfied bool                   `json:"unsatisfied"`
	Office      string                 `json:"office"`
	Number      string                 `json:"number"`
	Code        string                 `json:"code"`
	Into        complaints.Ticket      `json:"into"`
}

// eventMembers are the members of each type beside type and version. A type that is not here
// cannot be sent.
var eventMembers = map[complaints.EventType][]string{
	complaints.VerifyEvent:   {"class", "priority", "element", "matter", "title", "accused", "attention", "deceased", "text"},
	complaints.AssignEvent:   {"unit", "staff", "text"},
	complaints.TaskEvent:     {"unit", "act", "role", "due", "amount", "measure", "tasks", "text"},
	complaints.TaskDoneEvent: {"task", "result", "note", "proof"},
	complaints.ClassifyEvent: {"class", "priority", "element", "matter", "title", "accused", "attention", "deceased", "text"},
	complaints.CheckEvent:    {"patient", "nik", "subject", "need", "service_on", "statements", "evidence", "text"},
	complaints.NoteEvent:     {"text", "deceased"},
	complaints.AnswerEvent:   {"text", "send"},
	complaints.RegisterEvent: {"patient", "through", "reference", "sent_at", "result", "active_on", "refused_why", "proof", "text"},
	complaints.RefundEvent:   {"amount", "facility", "receipt", "due", "received_at", "proof", "text"},
	complaints.WaitEvent:     {"missing", "text", "send"},
	complaints.ReplyEvent:    {"text"},
	complaints.ResolveEvent:  {"decision", "reason", "evidence", "text", "send", "amount", "facility", "receipt", "due", "deceased"},
	complaints.CloseEvent:    {"text", "reason", "rating"},
	complaints.RateEvent:     {"rating", "text"},
	complaints.ReopenEvent:   {"reason", "unsatisfied"},
	complaints.ForwardEvent:  {"office", "number", "text", "reason", "send"},
	complaints.NumberEvent:   {"office", "number", "text", "send"},
	complaints.RejectEvent:   {"code", "reason", "send"},
	complaints.WithdrawEvent: {"text", "reason"},
	complaints.MergeEvent:    {"into", "text"},
	complaints.UnmergeEvent:  {"text"},
}

// actionOf reads an event. A member that another type would use is refused like one that is
// unknown: it carries something that the caller wants to be kept.
func actionOf(tree any, home area.Code) (complaints.Action, error) {
	m, _ := tree.(members)
	kind, err := eventType(m)
	if err != nil {
		return complaints.Action{}, err
	}
	var body eventBody
	var b binder
	into := reflect.ValueOf(&body).Elem()
	b.value(tree, into, "")
	for _, name := range m.names {
		_, known := fieldOf(into, name)
		if known && name != "type" && name != "version" && !slices.Contains(eventMembers[kind], name) {
			b.wrong(name, "Isian “"+name+"” tidak dipakai oleh tindakan “"+string(kind)+"”.")
		}
	}
	if body.Text != "" && body.Reason != "" && kind != complaints.ResolveEvent {
		b.wrong("reason", "Tulis satu saja: “text” atau “reason”. Catatannya hanya satu.")
	}
	err = b.err()
	if err == nil && body.Subject != nil {
		err = placeSubject(body.Subject, home, "subject.village")
	}
	return body.action(), err
}

// eventType finds the type first, because it decides what else is right.
func eventType(m members) (complaints.EventType, error) {
	i := slices.Index(m.names, "type")
	var name string
	if i >= 0 {
		name, _ = m.values[i].(string)
	}
	kind := complaints.EventType(name)
	if _, ok := eventMembers[kind]; !ok {
		unknown := "Sebutkan tindakannya di “type”: " + strings.Join(eventTypes(), ", ") + "."
		return "", fault.New(fault.Invalid, "event_unknown", unknown).At("type", unknown)
	}
	return kind, nil
}

// eventTypes lists what can be sent, in the order of the table of moves.
func eventTypes() []string {
	var types []string
	for _, m := range complaints.Moves {
		if _, ok := eventMembers[m.Event]; ok {
			types = append(types, string(m.Event))
		}
	}
	return types
}

func (b eventBody) action() complaints.Action {
	return complaints.Action{
		Type: b.Type, Version: b.Version, Text: b.Text, Reason: b.Reason, Note: b.Note, Send: b.Send,
		Unit: b.Unit, Staff: b.Staff, Tasks: b.Tasks, Task: b.Task, Act: b.Act, Role: b.Role, Due: b.Due,
		Amount: b.Amount, Measure: b.Measure, Class: b.Class, Priority: b.Priority, Element: b.Element,
		Matter: b.Matter, Title: b.Title, Accused: b.Accused, Attention: b.Attention, Deceased: b.Deceased,
		Patient: b.Patient, NIK: b.NIK, Subject: b.Subject, Need: b.Need, ServiceOn: b.ServiceOn,
		AcceptsClass3: b.Statements.AcceptsClass3, StillEmployed: b.Statements.StillEmployed, Evidence: b.Evidence,
		Through: b.Through, Reference: b.Reference, SentAt: b.SentAt, Result: b.Result, ActiveOn: b.ActiveOn,
		RefusedWhy: b.RefusedWhy, Proof: b.Proof, Facility: b.Facility, Receipt: b.Receipt, ReceivedAt: b.ReceivedAt,
		Missing: b.Missing, Decision: b.Decision, Rating: b.Rating, Unsatisfied: b.Unsatisfied,
		Office: b.Office, Number: b.Number, Code: b.Code, Into: b.Into,
	}
}
