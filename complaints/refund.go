package complaints

import "time"

// Refund is the money that a patient was charged and gets back.
type Refund struct {
	Amount     int64      `json:"amount"` // rupiah, whole
	Facility   string     `json:"facility,omitempty"`
	Receipt    string     `json:"receipt,omitempty"` // id of an attachment: what the citizen paid
	DueAt      *time.Time `json:"due_at,omitempty"`
	ReceivedAt *time.Time `json:"received_at,omitempty"` // the citizen has the money
	Proof      string     `json:"proof,omitempty"`       // id of an attachment: the money was received
}
