package complaints

import "time"

// Task is one unit's act inside a case; several units work at once.
type Task struct {
	No      int        `json:"no"` // from 1, inside the case
	Unit    string     `json:"unit"`
	Act     string     `json:"act"`
	GivenAt time.Time  `json:"given_at"`
	GivenBy string     `json:"given_by"`
	DueAt   *time.Time `json:"due_at,omitempty"`
	// SeenAt is when somebody of the unit first opened the case after the task was given, so that
	// who was idle is on record.
	SeenAt *time.Time `json:"seen_at,omitempty"`
	Result string     `json:"result,omitempty"` // code of TaskResults; "" is open
	Note   string     `json:"note,omitempty"`
	Proof  string     `json:"proof,omitempty"` // id of an attachment of the case
	DoneAt *time.Time `json:"done_at,omitempty"`
	DoneBy string     `json:"done_by,omitempty"`
}

// TaskResults is the closed list of how a task ends.
var TaskResults = []Word{{"done", "Selesai"}, {"refused", "Tidak dapat dilakukan"}}
