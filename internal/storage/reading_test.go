package storage

import "testing"

func TestWhoReadTheListOfAShift(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		o, finder, _ := told(t, db)
		must(t, finder.MarkRead(o.mangli, 3))
		must(t, finder.MarkRead(o.mangli, 2))
		list, err := finder.Readings(o.mangli)
		must(t, err)
		if len(list) != 2 || list[0].Patients != 2 || list[1].Patients != 3 || list[0].Name == "" || list[0].At.IsZero() {
			t.Fatalf("the newest comes first, with name and time: %+v", list)
		}
		others, err := finder.Readings(o.silo)
		must(t, err)
		if len(others) != 0 {
			t.Errorf("another unit sees %+v", others)
		}
		if got := o.trail(t, list[0].ID)["registration.read"]; got != 1 {
			t.Errorf("%d entries of one reading", got)
		}
	})
}
