package policy

import (
	"errors"
	"math/rand/v2"
	"testing"
)

// crowd draws people of every need, with and without statements, some with a paper or as newborns, and
// asks fn about each.
func crowd(r *rand.Rand, n int, fn func(in Input)) {
	needs := append(Codes("need"), "")
	said := func() *bool { return []*bool{nil, ptr(true), ptr(false)}[r.IntN(3)] }
	for range n {
		frame := populationFrame
		frame.Need = needs[r.IntN(len(needs))]
		if r.IntN(3) == 0 {
			frame.Statements = &Statements{said(), said()} // sometimes a group with nothing in it
		}
		in := someone(r, frame)
		switch r.IntN(40) {
		case 0:
			in.Evidence = []Evidence{{Kind: "sktm", IssuedOn: "2026-11-20"}}
		case 1:
			in.Subject, in.Mother, in.Resident = "newborn", &Mother{NIK: "3509195708850001", Resident: in.Resident}, &Resident{Origin: Origin{Source: "document"}, BirthDate: "2026-11-20"}
		case 2:
			in.Resident = nil
		case 3:
			in.Resident.Sex = "X" // breaks the schema
		}
		fn(in)
	}
}

// Whoever is taken to be like somebody else comes out as when he is asked about alone.
func TestAlikeIsWhatEachIs(t *testing.T) {
	e := engineOf(t, Shipped())
	if e.ReadsHousehold() {
		t.Fatal("the shipped rules read the card: this test would test nothing")
	}
	a, failed := e.Alike(), 0
	var alone []Brief
	crowd(rand.New(rand.NewPCG(8, 1)), 1000, func(in Input) {
		want, wantErr := e.Brief(t.Context(), in)
		alone = append(alone, want)
		got, err := a.Brief(t.Context(), in)
		if (err == nil) != (wantErr == nil) || err == nil && !got.Equal(want) {
			t.Fatalf("%+v: %+v (%v), alone %+v (%v)", in, got, err, want, wantErr)
		}
		if err != nil {
			failed++
		}
	})
	// The same people once more come out of memory.
	for range 2 {
		i := 0
		crowd(rand.New(rand.NewPCG(8, 1)), len(alone), func(in Input) {
			got, err := a.Brief(t.Context(), in)
			if err == nil && !got.Equal(alone[i]) {
				t.Fatalf("%+v: remembered %+v, alone %+v", in, got, alone[i])
			}
			i++
		})
	}
	remembered := 0
	for _, f := range a.frames {
		for _, c := range f.briefs {
			remembered += c.times - 1
		}
	}
	if remembered < len(alone) || failed == 0 {
		t.Errorf("%d of %d answers were remembered, %d failed: this tests nothing", remembered, 3*len(alone), failed)
	}
}

// A wrong memory does not live long: the second member of a class is decided and compared.
func TestAlikeNoticesThatItIsWrong(t *testing.T) {
	e := engineOf(t, Shipped())
	a := e.Alike()
	crowd(rand.New(rand.NewPCG(8, 2)), 600, func(in Input) {
		_, _ = a.Brief(t.Context(), in) // some fail: they break the schema
	})
	for _, f := range a.frames {
		for _, c := range f.briefs {
			c.brief, c.times = Brief{Outcome: "nonsense"}, 1
		}
	}
	noticed := false
	crowd(rand.New(rand.NewPCG(8, 2)), 600, func(in Input) {
		_, err := a.Brief(t.Context(), in)
		noticed = noticed || errors.Is(err, ErrNotAlike)
	})
	if !noticed {
		t.Error("nobody noticed")
	}
}
