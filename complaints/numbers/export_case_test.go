package numbers

import (
	"encoding/json"
	"testing"

	"layak/complaints"
)

// A row of the export says how a case was decided and where it went.
func TestRowOfACase(t *testing.T) {
	event := func(of complaints.EventType, data any) complaints.Event {
		b, err := json.Marshal(data)
		if err != nil {
			t.Fatal(err)
		}
		return complaints.Event{Type: of, Data: b}
	}
	c := complaints.Complaint{Ticket: "3509-7KQ2-M4TX-C", State: complaints.Merged, Events: []complaints.Event{
		event(complaints.ResolveEvent, complaints.ResolveData{Resolution: complaints.Resolution{Decision: complaints.Refused}}),
		event(complaints.ResolveEvent, complaints.ResolveData{Resolution: complaints.Resolution{Decision: complaints.Granted}}),
		event(complaints.MergeEvent, complaints.MergeData{Into: "3509-88QT-4M2K-7"}),
	}}
	if got := decided(c); got != "Dikabulkan" {
		t.Errorf("decided %q", got)
	}
	if got := goneInto(c); got != "3509-88QT-4M2K-7" {
		t.Errorf("into %q", got)
	}
	c.State = complaints.Received // parted again
	if goneInto(c) != "" || decided(complaints.Complaint{}) != "" {
		t.Error("a case that went nowhere and was not decided says otherwise")
	}
}
