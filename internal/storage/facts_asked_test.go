package storage

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"layak/eligibility"
	"layak/policy"
)

// Of whatever is stored, the few members that a second look reads are read as by the decoder of all.
func FuzzAskedTextIsWhatTheDecoderReads(f *testing.F) {
	yes, two := true, 2
	whole, err := json.Marshal(policy.Input{
		At: time.Date(2026, 11, 22, 7, 52, 29, 0, time.UTC), ServiceOn: "2026-11-22", Need: "inpatient",
		Statements: &policy.Statements{AcceptsClass3: &yes},
		Resident:   &policy.Resident{Origin: policy.Origin{Source: "document", AsOf: "2026-11-20"}, NIK: "3509190101900001"},
		Household:  &policy.Household{Members: []policy.Member{{Relation: "wife", Desil: &two}}},
		Evidence: []policy.Evidence{{Kind: "sktm", Issuer: `Kel. "Mangli" \ {`, Facts: map[string]any{"desil": 3, "name": `a\"},{`}},
			{Kind: "ktp"}},
	})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(whole))
	for _, text := range []string{
		`{}`, `{"at":"2026-11-22T07:52:29+07:00"}`, ` { "need" : "delivery" , "x" : [ 1 , {"need":"y"} ] , "resident" : null } `,
		`{"resident":{"nik":"3509190101900001","source":"registry","as_of":"2026-11-01"},"need":""}`,
		`{"resident":{}}`, `{"resident":[]}`, `{"need":1}`, `{"need":"a"`, `{"need":"a",}`, `{"a\"":1}`, `{"\u006eeed":"a"}`, `{,}`, `[]`, `null`, ``,
		`{"evidence":[{"facts":{"desil":1.5}}]}`, `{"x":}`, `{"x":1 2,"need":"a"}`, `{"x":"\\","need":"a"}`,
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var want eligibility.Asked
		wantErr := scanFacts(text, &want)
		if wantErr == nil {
			wantErr = wholeNumbers(want.Evidence)
		}
		var got askedText
		err := got.Scan(text)
		if wantErr == nil && (err != nil || !reflect.DeepEqual(got.V, want)) && plainNames(text) {
			t.Fatalf("%q: %+v (%v), by the decoder %+v", text, got.V, err, want)
		}
		few, read := onlyMembers(nil, []byte(text), askedMembers)
		if read && wantErr == nil && !json.Valid(few) {
			t.Fatalf("%q: %q is no JSON", text, few)
		}
	})
	few, read := onlyMembers(nil, whole, askedMembers)
	if !read || len(few) >= len(whole) {
		f.Errorf("nothing was passed over: %s", few)
	}
}

// plainNames tells that no member is named twice or in capitals, which the decoder of all takes for the
// same and this program never writes.
func plainNames(text string) bool {
	var members map[string]json.RawMessage
	if json.Unmarshal([]byte(text), &members) != nil {
		return true
	}
	for name, value := range members {
		for _, r := range name {
			if (r < 'a' || r > 'z') && r != '_' {
				return false
			}
		}
		if name == residentMember && !plainNames(string(value)) {
			return false
		}
	}
	return true
}
