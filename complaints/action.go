package complaints

import (
	"time"

	"layak/eligibility"
)

// Action asks for one move of a complaint. Type says which; each uses only its own fields.
type Action struct {
	Type    EventType `json:"type"`
	Version int       `json:"version"` // the one the caller saw; another one is a conflict

	Text   string `json:"text,omitempty"`   // note, answer, reply, forward (hand-over text); may accompany others
	Reason string `json:"reason,omitempty"` // resolve, reopen, reject

	// Send names how an answer or decision goes out, codes of Ways; to every reporter of the case and
	// of those merged into it whom that way reaches.
	Send []string `json:"send,omitempty"`

	Unit  string `json:"unit,omitempty"`  // assign, task
	Staff string `json:"staff,omitempty"` // assign: user name of a colleague of the unit

	Patient int `json:"patient,omitempty"` // check, registration: number in the case; 0 is the only one

	// check: who the patient turned out to be (empty: as the case has it) and what was seen.
	NIK           eligibility.NIK        `json:"nik,omitempty"`
	Subject       *eligibility.Subject   `json:"subject,omitempty"`
	Need          string                 `json:"need,omitempty"` // "" is that of the case
	ServiceOn     eligibility.Date       `json:"service_on,omitempty"`
	AcceptsClass3 *bool                  `json:"accepts_class_3,omitempty"`
	StillEmployed *bool                  `json:"still_employed,omitempty"`
	Evidence      []eligibility.Evidence `json:"evidence,omitempty"` // check; resolve: papers behind the decision
	// Made links a determination that the desk made before it opened the case; nil makes a new one.
	Made *eligibility.Determination `json:"-"`

	// registration
	Through    string           `json:"through,omitempty"` // code of Throughs
	Reference  string           `json:"reference,omitempty"`
	SentAt     *time.Time       `json:"sent_at,omitempty"` // nil is now
	Result     string           `json:"result,omitempty"`  // code of Results; "" is pending
	ActiveOn   eligibility.Date `json:"active_on,omitempty"`
	RefusedWhy string           `json:"refused_why,omitempty"`
	Proof      string           `json:"proof,omitempty"` // id of an attachment of the case

	Missing  []string `json:"missing,omitempty"`  // wait: what the reporter still has to bring or say
	Decision Decision `json:"decision,omitempty"` // resolve
	Office   string   `json:"office,omitempty"`   // forward
	Number   string   `json:"number,omitempty"`   // forward: number the other office gave
}

// What Event.Data holds, by type of event.
type (
	// FileData goes with file.
	FileData struct {
		Channel  string `json:"channel"`
		Matter   string `json:"matter,omitempty"`
		Need     string `json:"need,omitempty"`
		Patients int    `json:"patients"`
	}
	// AssignData goes with assign.
	AssignData struct {
		Unit      string `json:"unit"`
		Staff     string `json:"staff,omitempty"`
		FromUnit  string `json:"from_unit,omitempty"`
		FromStaff string `json:"from_staff,omitempty"`
	}
	// CheckData goes with check.
	CheckData struct {
		Determination string `json:"determination"`
		Patient       int    `json:"patient"`
		Outcome       string `json:"outcome"`
		Identified    bool   `json:"identified,omitempty"` // the check said who the patient is
	}
	// WaitData goes with wait.
	WaitData struct {
		Missing []string `json:"missing"`
	}
	// ForwardData goes with forward.
	ForwardData struct {
		Office string `json:"office"`
		Number string `json:"number,omitempty"`
	}
	// AttachData goes with attach.
	AttachData struct {
		Attachment string `json:"attachment"`
		Kind       string `json:"kind"`
		Size       int    `json:"size"`
		SHA256     string `json:"sha256"`
	}
	// registration holds the Registration, resolve the Resolution.
)
