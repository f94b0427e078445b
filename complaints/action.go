package complaints

import (
	"time"

	"layak/complaints/calendar"
	"layak/eligibility"
)

// Action asks for one move of a complaint. Type says which; each uses only its own fields.
type Action struct {
	Type    EventType `json:"type"`
	Version int       `json:"version"` // the one the caller saw; another one is a conflict

	// IdempotencyKey makes a repeated request harmless: the same actor, key and content give the same
	// answer; "" is none.
	IdempotencyKey string `json:"-"`

	Text   string `json:"text,omitempty"`   // note, answer, reply, forward (hand-over text); may accompany others
	Reason string `json:"reason,omitempty"` // resolve, reopen, reject; resolve may carry Text for the citizen beside it
	Note   string `json:"note,omitempty"`   // task_done

	// Send names how an answer or decision goes out, codes of Ways; to every reporter of the case and
	// of those merged into it whom that way reaches.
	Send []string `json:"send,omitempty"`

	Code string `json:"code,omitempty"` // reject: code of RejectReasons; "" is other, told by Reason

	// verify, classify: what an official says of the case; "" and nil say nothing. Deceased may go
	// with note and resolve as well.
	Class     string  `json:"class,omitempty"`
	Priority  string  `json:"priority,omitempty"`
	Element   string  `json:"element,omitempty"`
	Matter    string  `json:"matter,omitempty"`
	Title     string  `json:"title,omitempty"`
	Accused   *string `json:"accused,omitempty"` // unit that the complaint is about; "" takes it back
	Attention *bool   `json:"attention,omitempty"`
	Deceased  *bool   `json:"deceased,omitempty"`

	// task: several by Tasks, or one by Unit, Act, Role and either Due or Amount of Measure.
	Tasks   []TaskOrder      `json:"tasks,omitempty"`
	Act     string           `json:"act,omitempty"`
	Role    string           `json:"role,omitempty"`
	Due     *time.Time       `json:"due,omitempty"` // also refund, and resolve with a refund
	Measure calendar.Measure `json:"measure,omitempty"`
	Task    int              `json:"task,omitempty"` // task_done: its number

	// Amount is rupiah for refund and resolve; for a task the time for it.
	Amount     int64      `json:"amount,omitempty"`
	Facility   string     `json:"facility,omitempty"` // refund: who charged
	Receipt    string     `json:"receipt,omitempty"`  // refund: id of an attachment, what was paid
	ReceivedAt *time.Time `json:"received_at,omitempty"`

	Rating      int    `json:"rating,omitempty"`      // close, rate: 1 to 5 as the citizen said
	Unsatisfied bool   `json:"unsatisfied,omitempty"` // reopen: the citizen says that it is not settled
	Into        Ticket `json:"into,omitempty"`        // merge

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
	made bool                       // Made is the work of an earlier try of the same act

	// registration
	Through    string           `json:"through,omitempty"` // code of Throughs
	Reference  string           `json:"reference,omitempty"`
	SentAt     *time.Time       `json:"sent_at,omitempty"` // nil is now
	Result     string           `json:"result,omitempty"`  // code of Results, "" is pending; task_done: of TaskResults
	ActiveOn   eligibility.Date `json:"active_on,omitempty"`
	RefusedWhy string           `json:"refused_why,omitempty"`
	Proof      string           `json:"proof,omitempty"` // id of an attachment of the case; also task_done, refund

	Missing  []string `json:"missing,omitempty"`  // wait: what the reporter still has to bring or say
	Decision Decision `json:"decision,omitempty"` // resolve
	Office   string   `json:"office,omitempty"`   // forward; number, when another office than the one named took it
	Number   string   `json:"number,omitempty"`   // forward, number: what the other office gave
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
		Appointed bool   `json:"appointed,omitempty"` // by somebody who may name a spokesperson
	}
	// CheckData goes with check.
	CheckData struct {
		Determination string `json:"determination"`
		Patient       int    `json:"patient"`
		Outcome       string `json:"outcome"`
		Identified    bool   `json:"identified,omitempty"` // the check said who the patient is
		// Codes are the findings that are not met, open or notes; the routing rules read them.
		Codes []string `json:"codes,omitempty"`
	}
	// WaitData goes with wait.
	WaitData struct {
		Missing []string `json:"missing"`
		Send    []string `json:"send,omitempty"`
	}
	// AnswerData goes with answer. Send are the ways by which it went out; without one it was written
	// down only. After tells that the case was closed already.
	AnswerData struct {
		Send  []string `json:"send,omitempty"`
		After bool     `json:"after_close,omitempty"`
	}
	// ResolveData goes with resolve.
	ResolveData struct {
		Resolution
		Send      []string `json:"send,omitempty"`
		OpenTasks []int    `json:"open_tasks,omitempty"` // numbers of tasks that were not done yet
	}
	// CloseData goes with close and rate: how content the citizen is.
	CloseData struct {
		Rating int `json:"rating"`
	}
	// ReopenData goes with reopen. Late: after the window.
	ReopenData struct {
		Unsatisfied bool `json:"unsatisfied,omitempty"`
		Late        bool `json:"late,omitempty"`
	}
	// RejectData goes with reject.
	RejectData struct {
		Code string   `json:"code"` // of RejectReasons
		Send []string `json:"send,omitempty"`
	}
	// MergeData goes with merge and unmerge: the other case.
	MergeData struct {
		Into Ticket `json:"into"`
	}
	// JoinData goes with join: the case that came, or went again.
	JoinData struct {
		Ticket Ticket `json:"ticket"`
		Parted bool   `json:"parted,omitempty"`
	}
	// TaskData goes with task.
	TaskData struct {
		Tasks []Task `json:"tasks"`
	}
	// TaskDoneData goes with task_done. Late: after its deadline.
	TaskDoneData struct {
		Task   int    `json:"task"`
		Unit   string `json:"unit"`
		Act    string `json:"act"`
		Result string `json:"result"`
		Proof  string `json:"proof,omitempty"`
		Late   bool   `json:"late,omitempty"`
	}
	// RefundData goes with refund: the refund as it stands since.
	RefundData Refund
	// ForwardData goes with forward.
	ForwardData struct {
		Office string   `json:"office"`
		Number string   `json:"number,omitempty"`
		Send   []string `json:"send,omitempty"`
	}
	// NumberData goes with number: under which number the other office keeps the case, and what was
	// on record before.
	NumberData struct {
		Office string   `json:"office"`
		Number string   `json:"number"`
		Was    string   `json:"was,omitempty"`
		Send   []string `json:"send,omitempty"`
	}
	// AttachData goes with attach.
	AttachData struct {
		Attachment string `json:"attachment"`
		Kind       string `json:"kind"`
		Size       int    `json:"size"`
		SHA256     string `json:"sha256"`
	}
	// registration holds the Registration, classify (verify, note) the ClassifyData, route the RouteData.
)
