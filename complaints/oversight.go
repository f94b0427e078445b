package complaints

import (
	"encoding/json"
	"slices"

	"layak/internal/auth"
	"layak/internal/fault"
)

// overseer tells whether the actor may lift what is put on a case so that its desk does not decide
// alone: who speaks to the press, and who looks at it a second time.
func overseer(a auth.Actor) bool {
	return a.Role == auth.Coordinator || a.Role == auth.Supervisor || a.Role == auth.Operator
}

// appointed tells whether the colleague who has the case was given it by an overseer. On a case of
// press or council only such a colleague is its spokesperson: nobody appoints himself.
func (c Complaint) appointed() bool {
	for _, e := range slices.Backward(c.Events) {
		if e.Type != AssignEvent {
			continue
		}
		var d AssignData
		err := json.Unmarshal(e.Data, &d)
		return err == nil && d.Appointed && d.Staff != "" && d.Staff == c.Staff
	}
	return false
}

// MayReassign tells whether the actor may give the case to somebody else: one of press or council is
// taken from its spokesperson by an overseer only, or given away by himself.
func (c Complaint) MayReassign(a auth.Actor) bool {
	return !c.Attention || !c.appointed() || overseer(a) || a.User == c.Staff
}

func (d *draft) keepSpokesperson() error {
	if d.was.MayReassign(d.actor) {
		return nil
	}
	return fault.New(fault.Forbidden, "spokesperson_kept",
		"Aduan ini disorot media atau DPRD dan sudah punya juru bicara. Hanya juru bicara itu, koordinator, atau pengawas yang mengalihkannya.")
}

// keepSecondPerson refuses an official's word that would take the second look off a case, unless an
// overseer says it. What the rules themselves no longer ask for is not held against anybody.
func (d *draft) keepSecondPerson() error {
	before, _ := d.was.Route()
	after, _ := d.change.Complaint.Route()
	if !before.SecondPerson || after.SecondPerson || overseer(d.actor) || !d.action.classifies() {
		return nil
	}
	return fault.New(fault.Forbidden, "second_person_kept",
		"Aduan ini perlu dilihat orang kedua sebelum ditutup. Penggolongan yang menghapusnya hanya oleh koordinator atau pengawas.")
}

// classifies tells whether the act says something of the case that the routing rules read.
func (a Action) classifies() bool {
	return a.Class+a.Priority+a.Element+a.Matter != "" || a.Accused != nil || a.Attention != nil || a.Deceased != nil
}
