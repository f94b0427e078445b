package storage

import (
	"testing"
	"time"

	"layak/eligibility/trial"
	"layak/internal/fault"
)

// Test people come back as they were kept, with their facts, and go for good.
func TestTestPeopleAreKept(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		at := time.Date(2026, 11, 21, 5, 0, 0, 123000, time.UTC)
		wiryo := trial.Samples()[12]
		wiryo.ID, wiryo.Sample, wiryo.Updated, wiryo.By = "019e0000-0000-7000-8000-0000000000e1", false, at, "sari"
		must(t, db.SaveTestPerson(t.Context(), wiryo, entry("test_person.save")))
		wiryo.Name, wiryo.Note = "Pak Wiryo, desil 7", ""
		desil := 7
		wiryo.Facts.Welfare.Desil = &desil
		must(t, db.SaveTestPerson(t.Context(), wiryo, entry("test_person.save")))
		all, err := db.TestPeople(t.Context())
		must(t, err)
		got, err := db.TestPerson(t.Context(), wiryo.ID)
		must(t, err)
		if len(all) != 1 || got.Name != wiryo.Name || *got.Facts.Welfare.Desil != 7 || len(got.Facts.Household.Members) != 3 || !got.Updated.Equal(at) || !got.Facts.At.Equal(wiryo.Facts.At) {
			t.Errorf("%d people, %+v", len(all), got)
		}
		must(t, db.RemoveTestPerson(t.Context(), wiryo.ID, entry("test_person.remove")))
		wantKind(t, db.RemoveTestPerson(t.Context(), wiryo.ID, entry("test_person.remove")), fault.NotFound, "test_person_missing")
		_, err = db.TestPerson(t.Context(), wiryo.ID)
		wantKind(t, err, fault.NotFound, "test_person_missing")
	})
}
