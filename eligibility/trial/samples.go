package trial

import (
	"encoding/json"
	"strings"
	"sync"

	_ "embed"
)

//go:embed samples.json
var samplesFile []byte

// Samples are the people that come with the program, in the order of the file. All are invented.
func Samples() []Person {
	list := readSamples()
	return append(make([]Person, 0, len(list)), list...)
}

var readSamples = sync.OnceValue(func() []Person {
	var rows []struct {
		ID, Name, Note string
		Facts          json.RawMessage
	}
	err := json.Unmarshal(samplesFile, &rows)
	if err != nil {
		panic("trial: samples: " + err.Error()) // the file is part of the program
	}
	var out []Person
	for _, r := range rows {
		p := Person{ID: r.ID, Name: r.Name, Note: r.Note, Sample: true}
		dec := json.NewDecoder(strings.NewReader(string(r.Facts)))
		dec.DisallowUnknownFields()
		err = dec.Decode(&p.Facts)
		if err != nil {
			panic("trial: sample " + r.ID + ": " + err.Error())
		}
		out = append(out, p)
	}
	return out
})
