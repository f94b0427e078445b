package storage

import (
	"slices"
	"sync"

	"layak/complaints"
)

// mostKept is how many cases a process remembers: those that its people work on now.
const mostKept = 256

// keptCases remembers the parts of cases that this process has read or written last. A part is used only
// when the row of the case, which is read anew each time, carries the number of the last event that
// the parts were remembered with: every change of a case, by whichever process, raises that number.
// Tasks and joined cases can change without it (somebody saw a task) and are never remembered.
type keptCases struct {
	mu   sync.Mutex
	byID map[string]keptCase
}

type keptCase struct {
	last  int                  // number of the last event
	parts complaints.Complaint // only what copyParts copies
}

// put remembers the parts of a case of which the last event has the number.
func (k *keptCases) put(c complaints.Complaint, last int) {
	var parts complaints.Complaint
	copyParts(&parts, c)
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.byID == nil {
		k.byID = map[string]keptCase{}
	}
	if old, ok := k.byID[c.ID]; ok && old.last > last {
		return
	}
	k.byID[c.ID] = keptCase{last: last, parts: parts}
	for id := range k.byID { // any one: which is forgotten costs only a reading
		if len(k.byID) <= mostKept {
			break
		}
		delete(k.byID, id)
	}
}

// fill puts the remembered parts into the case; false when there are none of that last event.
func (k *keptCases) fill(c *complaints.Complaint, last int) bool {
	k.mu.Lock()
	kept, ok := k.byID[c.ID]
	k.mu.Unlock()
	if !ok || kept.last != last {
		return false
	}
	copyParts(c, kept.parts)
	return true
}

// written remembers a case as an act left it, when the act knew all of its events.
func (k *keptCases) written(c complaints.Complaint) {
	n := len(c.Events)
	if n > 0 && c.Events[0].Seq == 1 && c.Events[n-1].Seq == n {
		k.put(c, n)
	}
}

// copyParts copies the lists, so that whoever changes his does not change another one's.
func copyParts(to *complaints.Complaint, from complaints.Complaint) {
	to.Patients = make([]complaints.Patient, len(from.Patients))
	for i, p := range from.Patients { // the fields that are stored, and no other
		to.Patients[i] = complaints.Patient{No: p.No, NIK: p.NIK, Subject: p.Subject, Name: p.Name, Village: p.Village}
	}
	to.Events = slices.Clone(from.Events)
	to.Checks, to.Registrations = notNone(slices.Clone(from.Checks)), notNone(slices.Clone(from.Registrations))
	to.Resolutions, to.Attachments = notNone(slices.Clone(from.Resolutions)), notNone(slices.Clone(from.Attachments))
}
