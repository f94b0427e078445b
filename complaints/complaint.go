package complaints

import (
	"encoding/json"
	"time"

	"layak/eligibility"
	"layak/internal/area"
	"layak/policy"
)

// Complaint is one case with everything that happened to it.
type Complaint struct {
	ID        string `json:"-"` // UUIDv7, the key inside the database
	Ticket    Ticket `json:"ticket"`
	State     State  `json:"state"`
	Version   int    `json:"version"` // grows by one with every Action; an Action names the one it saw
	Channel   string `json:"channel"` // code of Channels
	Matter    string `json:"matter,omitempty"`
	Need      string `json:"need,omitempty"`
	Text      string `json:"text"`
	Unit      string `json:"unit,omitempty"`  // unit that has the case now; "" when nobody has
	Staff     string `json:"staff,omitempty"` // user name of the colleague who has it; "" when none
	FiledBy   string `json:"filed_by"`
	FiledUnit string `json:"filed_unit,omitempty"`
	// Village is where the case plays, when the filer said so; the villages of the patients count
	// for the scope as well.
	Village   area.Code `json:"village,omitempty"`
	FiledAt   time.Time `json:"filed_at"`
	UpdatedAt time.Time `json:"updated_at"`
	// What the routing rules, or an official, said of it. Class is "" until it was routed.
	Class     string `json:"class,omitempty"`    // code of Classes
	Priority  string `json:"priority,omitempty"` // code of Priorities
	Element   string `json:"element,omitempty"`  // code of Elements
	Attention bool   `json:"attention"`          // press or council: one spokesperson
	Deceased  bool   `json:"deceased"`           // a patient died: no rating, no cheerful words
	Accused   string `json:"accused,omitempty"`  // unit that the complaint is about
	// Source and SourceNumber name the case in another system ("lapor", "wadul"); Title is a
	// summary that an official wrote or a register brought.
	Source       string `json:"source,omitempty"`
	SourceNumber string `json:"source_number,omitempty"`
	Title        string `json:"title,omitempty"`
	Into         Ticket `json:"into,omitempty"`   // the case that this one was merged into
	Rating       int    `json:"rating,omitempty"` // 1 to 5 as the citizen said; 0 is none
	// DueAt is the earliest deadline of the clocks that run, DueKind whose it is.
	DueAt   *time.Time `json:"due_at,omitempty"`
	DueKind ClockKind  `json:"due_kind,omitempty"`
	// ActedAt is when somebody of the office last did something; a silent assignee is told by it.
	ActedAt time.Time `json:"acted_at"`
	// Escalated is the highest rung that was climbed: 0 desk, 1 head of the unit, 2 the unit above.
	Escalated int `json:"escalated"`
	// LookAt is when the sweep of the clocks has to look at the case next; nil never.
	LookAt *time.Time `json:"-"`
	// Before is the pile of states that a reply or an unmerging leads back to, the newest last.
	Before []State `json:"-"`

	Reporter      Reporter       `json:"reporter"`
	Patients      []Patient      `json:"patients"`
	Events        []Event        `json:"events"`         // oldest first
	Checks        []Check        `json:"determinations"` // oldest first
	Registrations []Registration `json:"registrations"`  // oldest first
	Resolutions   []Resolution   `json:"resolutions"`    // oldest first; the last one holds
	Attachments   []Attachment   `json:"attachments"`    // oldest first
	Tasks         []Task         `json:"tasks"`          // oldest first
	Clocks        []Clock        `json:"clocks"`
	Refund        *Refund        `json:"refund,omitempty"`
	Joined        []Joined       `json:"joined"` // cases that were merged into this one
}

// Joined is a case that was merged into another one, whose reporter stays informed.
type Joined struct {
	Ticket   Ticket    `json:"ticket"`
	Reporter Reporter  `json:"reporter"`
	Text     string    `json:"text"`
	FiledAt  time.Time `json:"filed_at"`
}

// Reporter is who told us.
type Reporter struct {
	Name     string `json:"name"`
	Phone    string `json:"phone,omitempty"`    // digits, a leading + kept
	Email    string `json:"email,omitempty"`    // for answers
	Handle   string `json:"handle,omitempty"`   // name on the channel he wrote on, "@ani"
	Relation string `json:"relation,omitempty"` // to the patient, code of Relations; "" not told
}

// Patient is one person whom the case is about: by NIK, by another subject, or not known yet.
type Patient struct {
	No      int                  `json:"no"` // from 1, inside the case
	NIK     eligibility.NIK      `json:"nik,omitempty"`
	Subject *eligibility.Subject `json:"subject,omitempty"`
	Name    string               `json:"name,omitempty"`
	Village area.Code            `json:"village,omitempty"` // current one, as far as known

	card string // number of the family card, when the registry was just asked
}

// Known tells whether the patient can be looked up.
func (p Patient) Known() bool { return p.NIK != "" || p.Subject != nil }

// subject is what a check of the patient asks about.
func (p Patient) subject() eligibility.Subject {
	switch {
	case p.NIK != "":
		return eligibility.Subject{NIK: p.NIK}
	case p.Subject != nil:
		return *p.Subject
	}
	return eligibility.Subject{Unknown: true, Description: "Belum dikenali"}
}

// Person is the NIK under which the trail hashes the patient; "" when none is known.
func (p Patient) Person() eligibility.NIK {
	if p.NIK == "" && p.Subject != nil {
		return p.Subject.MotherNIK
	}
	return p.NIK
}

// Event is one thing that happened. Events are only ever added.
type Event struct {
	ID     string    `json:"id"`  // UUIDv7
	Seq    int       `json:"seq"` // from 1, without gaps inside the case
	Type   EventType `json:"type"`
	At     time.Time `json:"at"` // UTC, microseconds
	Actor  string    `json:"actor"`
	Title  string    `json:"by,omitempty"` // the actor's name for screens, as it was then
	Unit   string    `json:"unit,omitempty"`
	From   State     `json:"from,omitempty"`
	To     State     `json:"to"`
	Public bool      `json:"public"` // the citizen may read it
	Note   string    `json:"note,omitempty"`
	// Data holds what else belongs to the event, by type: see the *Data types of this package.
	Data json.RawMessage `json:"data,omitempty"`
}

// Check is a determination that was made in the case.
type Check struct {
	Determination string          `json:"id"` // id of the determination
	Patient       int             `json:"patient"`
	Outcome       policy.Outcome  `json:"outcome"`
	Advice        policy.Advice   `json:"service_advice"`
	Summary       string          `json:"summary"`
	DecidedAt     time.Time       `json:"decided_at"`
	NIK           eligibility.NIK `json:"-"`
}

// Newest gives the last check of each patient.
func (c Complaint) Newest() map[int]Check {
	newest := map[int]Check{}
	for _, k := range c.Checks {
		newest[k.Patient] = k
	}
	return newest
}

// Resolution gives the decision that holds; false when nobody decided yet.
func (c Complaint) Resolution() (Resolution, bool) {
	if len(c.Resolutions) == 0 {
		return Resolution{}, false
	}
	return c.Resolutions[len(c.Resolutions)-1], true
}

// patient finds a patient by number; 0 stands for the only one.
func (c Complaint) patient(no int) (Patient, bool) {
	if no == 0 && len(c.Patients) == 1 {
		return c.Patients[0], true
	}
	for _, p := range c.Patients {
		if p.No == no {
			return p, true
		}
	}
	return Patient{}, false
}

// areas are all areas that the case touches, each with those around it, so that a scope is asked
// by equality.
func (c Complaint) areas() []area.Code {
	seen := map[area.Code]bool{}
	var all []area.Code
	add := func(village area.Code) {
		for i := 0; i <= len(village); i++ {
			if i < len(village) && village[i] != '.' || i == 0 {
				continue
			}
			if part := village[:i]; !seen[part] {
				seen[part] = true
				all = append(all, part)
			}
		}
	}
	add(c.Village)
	for _, p := range c.Patients {
		add(p.Village)
	}
	return all
}
