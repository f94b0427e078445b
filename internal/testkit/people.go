package testkit

import (
	"fmt"

	"layak/eligibility"
)

// Person starts the record of a made-up resident: serial n of district 35.09.19, born on the given
// day, alive, head of a card of his own. Other fields are set on the result.
func Person(n int, name string, born eligibility.Date) *eligibility.Record {
	r := &eligibility.Record{}
	day := born.Time()
	r.Set(eligibility.FieldNIK, fmt.Sprintf("350919%s%04d", day.Format("020106"), n))
	r.Set(eligibility.FieldKK, fmt.Sprintf("350919010120%04d", n))
	r.Set(eligibility.FieldName, name)
	r.Set(eligibility.FieldSex, "L")
	r.Set(eligibility.FieldBirthDate, string(born))
	r.Set(eligibility.FieldRelation, "head")
	r.Set(eligibility.FieldVillage, "35.09.19.1001")
	r.Set(eligibility.FieldDistrict, "35.09.19")
	r.Set(eligibility.FieldRegency, "35.09")
	r.Set(eligibility.FieldProvince, "35")
	r.Set(eligibility.FieldLifeStatus, "alive")
	return r
}

// Row starts a welfare or membership record of a NIK.
func Row(nik string, values map[eligibility.Field]string) *eligibility.Record {
	r := &eligibility.Record{}
	r.Set(eligibility.FieldNIK, nik)
	for f, v := range values {
		r.Set(f, v)
	}
	return r
}
