package complaints

import "time"

// Message is something that leaves the office towards a reporter. It is stored with the event that
// it goes with, in one transaction, and sent afterwards.
type Message struct {
	ID      string    `json:"id"`
	EventID string    `json:"event"`
	Through string    `json:"through"` // code of Ways
	To      string    `json:"to"`      // e-mail address, telephone number, or "" for a letter or the spoken word
	Name    string    `json:"name"`    // of the reporter
	Subject string    `json:"subject,omitempty"`
	Body    string    `json:"body"`
	At      time.Time `json:"at"`
}

// Ways are how an answer reaches the citizen. E-mail is sent by the program; WhatsApp is opened with
// the text filled in and sent by hand; a letter is printed; spoken is told at the desk.
var Ways = []Word{{"email", "Surel"}, {"whatsapp", "WhatsApp"}, {"letter", "Surat"}, {"spoken", "Disampaikan langsung"}}
