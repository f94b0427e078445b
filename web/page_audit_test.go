package web

import (
	"testing"

	"layak/complaints"
	"layak/complaints/reply"
)

// An auditor reads words, not codes, about whatever happens to a complaint.
func TestTheTrailHasWords(t *testing.T) {
	words := newDesk(t, Services{}).words
	events := []complaints.EventType{
		complaints.FileEvent, complaints.TasksDoneEvent, complaints.RouteEvent, complaints.ClockEvent, complaints.EscalateEvent,
		complaints.SentEvent, complaints.JoinEvent, "view", "search", "export", "hint",
	}
	for _, m := range complaints.Moves {
		events = append(events, m.Event)
	}
	var keys []string
	for _, e := range events {
		keys = append(keys, "trail.complaint."+string(e))
	}
	for _, s := range reply.States {
		keys = append(keys, "trail.message."+s.Code)
	}
	for _, n := range auditNouns {
		keys = append(keys, "noun."+n)
	}
	for _, lang := range []string{"id", "en"} {
		for _, k := range keys {
			if !words.For(lang).Has(k) && k != "trail.message."+string(reply.Sending) {
				t.Errorf("%s: %q is missing", lang, k)
			}
		}
	}
}
