package policy

import "time"

// RoutingInput is everything that the routing rules (data.layak.routing) may read of a complaint.
// It holds no name, number or free text: nobody is routed by who he is.
type RoutingInput struct {
	At       time.Time    `json:"at"` // moment of the event that asks
	Office   Office       `json:"office"`
	Channel  string       `json:"channel"`
	Matter   string       `json:"matter,omitempty"`
	Need     string       `json:"need,omitempty"`
	Relation string       `json:"relation,omitempty"` // of the reporter
	Village  string       `json:"village,omitempty"`  // area codes of the first patient, else of the case
	District string       `json:"district,omitempty"`
	Filed    *RoutingUnit `json:"filed,omitempty"` // unit that took the complaint in
	Unit     *RoutingUnit `json:"unit,omitempty"`  // unit that has it now
	// Accused is the unit that the complaint is about, when an official named it.
	Accused *RoutingUnit `json:"accused,omitempty"`
	// Class as an official set it; it holds over what the rules would say.
	Class    string           `json:"class,omitempty"`
	Checks   []RoutingOutcome `json:"checks"`             // newest check of each patient; never nil in JSON
	Deceased bool             `json:"deceased,omitempty"` // a patient died
	Reopened int              `json:"reopened"`           // how often the case was opened again
	// Given says what the case holds already: phone, patient, village, need, matter, facility,
	// when, amount, receipt. The rest of what the matter needs is missing.
	Given []string `json:"given"`
}

// RoutingUnit is a unit as the routing rules see it.
type RoutingUnit struct {
	Code string `json:"code"`
	Kind string `json:"kind"` // puskesmas | hospital | kelurahan | desa | kecamatan | opd
}

// RoutingOutcome is a check as the routing rules see it.
type RoutingOutcome struct {
	Outcome string   `json:"outcome"`
	Advice  string   `json:"service_advice"`
	Codes   []string `json:"codes"` // findings that are not met or unknown, and notes
}

// Routing is what the rules say about a complaint: how it is classed, where it belongs, which clocks
// run and what has to be asked.
type Routing struct {
	Class    string `json:"class"`    // information | complaint | oversight | aspiration
	Priority string `json:"priority"` // emergency | high | normal
	Element  string `json:"element"`  // service element, code of complaints.Elements
	// Attention marks a case of press or council: one spokesperson, public answer without personal data.
	Attention bool `json:"attention"`
	// SecondPerson demands that somebody else than the decider closes the case.
	SecondPerson bool `json:"second_person"`
	ReopenDays   int  `json:"reopen_days"`  // working days after the answer in which the citizen may reopen
	SilentHours  int  `json:"silent_hours"` // working hours without an act after which the assignee loses the case; 0 never
	// Desk is where the case belongs; nil leaves it where it was taken in.
	Desk *Desk `json:"desk,omitempty"`
	// Outside names the office to hand over to, when the matter is not the regency's to settle.
	Outside *Outside       `json:"outside,omitempty"`
	Clocks  []ClockLimit   `json:"clocks"`
	Ladder  []Rung         `json:"ladder"`
	Tasks   []ProposedTask `json:"tasks"`
	Missing []MissingItem  `json:"missing"`
	Reasons []string       `json:"reasons"` // Indonesian sentences: why it is classed and routed so
}

// Desk says which unit shall have a case: by code, or the unit of the first kind in the list that
// serves the area.
type Desk struct {
	Code  string   `json:"code,omitempty"`
	Kinds []string `json:"kinds,omitempty"`
	Area  string   `json:"area,omitempty"`
}

// Outside is an office outside the regency's authority with the words for the citizen.
type Outside struct {
	Office string `json:"office"`
	Why    string `json:"why"`
}

// ClockLimit is one obligation in time.
type ClockLimit struct {
	Kind    string `json:"kind"` // verify | first | resolve | emergency | papers | silence | waiting | refund
	Amount  int    `json:"amount"`
	Measure string `json:"measure"` // working_days | working_hours | hours (day and night)
	Pauses  bool   `json:"pauses"`  // while waiting for the citizen; the emergency clock never does
	Source  string `json:"source"`  // the rule or decree it comes from
}

// Rung is one step of the escalation ladder of a clock.
type Rung struct {
	Percent int    `json:"percent"` // of the time that is gone: 75 warns, 100 is due
	To      string `json:"to"`      // desk | head | above (the unit above: camat, dinas)
}

// ProposedTask is an act that another unit should do at once.
type ProposedTask struct {
	Desk    Desk   `json:"desk"`
	Act     string `json:"act"` // Indonesian
	Amount  int    `json:"amount"`
	Measure string `json:"measure"`
}

// MissingItem is one thing that the reporter still has to bring or say.
type MissingItem struct {
	Code string `json:"code"`
	Text string `json:"text"` // Indonesian, as one would ask aloud
}
