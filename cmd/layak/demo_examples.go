package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"layak/eligibility"
	"layak/internal/area"
	"layak/internal/audit"
	"layak/internal/auth"
	"layak/policy"
)

// example is somebody of the training data to try the program with.
type example struct {
	nik  eligibility.NIK
	what string
}

// demoAnswers are the answers that a newcomer should see, in the order in which he should try.
var demoAnswers = []struct {
	outcome policy.Outcome
	what    string
}{
	{policy.Eligible, "layak, dapat didaftarkan"},
	{policy.NeedsInformation, "perlu dilengkapi; lihat apa yang ditanyakan"},
	{policy.AlreadyCovered, "sudah terjamin JKN"},
	{policy.NotEligible, "belum memenuhi syarat; centang SKTM, lihat hasilnya berubah"},
}

// demoExamples finds one adult for each answer, of the training district where it has one. The
// rules decide as they do at the desk, but nothing is stored: nobody asked about these people.
func (p *Program) demoExamples(ctx context.Context) ([]example, error) {
	ctx, look := p.looking(ctx)
	found := map[policy.Outcome]eligibility.NIK{}
	desk := p.demoDistrict()
	places := []area.Code{desk}
	for _, d := range area.Children(p.Regency) {
		places = append(places, d.Code)
	}
	for i, place := range places {
		skip := 0
		if i == 0 {
			skip = demoPatients // have a training complaint each
		}
		err := examplesIn(ctx, look, place, skip, found)
		if err != nil {
			return nil, fmt.Errorf("training examples of %s: %w", place, err)
		}
		if len(found) == len(demoAnswers) {
			break
		}
	}
	var out []example
	for _, a := range demoAnswers {
		if nik := found[a.outcome]; nik != "" {
			out = append(out, example{nik, a.what})
		}
	}
	return out, nil
}

// looking is a Checker that leaves no trace, and the one who looks.
func (p *Program) looking(ctx context.Context) (context.Context, *eligibility.Checker) {
	look := *p.Checker
	look.Store, look.Trail = forgetful{}, forgetful{}
	return auth.With(ctx, auth.Actor{Name: "system", Role: auth.Operator, All: true}), &look
}

// demoPerson finds somebody of the training district who gets the answer and is not the one named as
// an example; "" when there are not two of them.
func (p *Program) demoPerson(ctx context.Context, desk area.Code, want policy.Outcome) (eligibility.NIK, error) {
	ctx, look := p.looking(ctx)
	rows, err := p.DB.Names(ctx, desk)
	if err != nil {
		return "", err
	}
	var last eligibility.NIK
	day := eligibility.DateOf(p.Clock())
	for _, r := range slices.Backward(rows) { // the example is the first of them
		if r.BirthDate.AgeOn(day) < 20 {
			continue
		}
		d, err := look.Check(ctx, eligibility.Request{Subject: eligibility.Subject{NIK: r.NIK}})
		switch {
		case err != nil:
			return "", err
		case d.Outcome == want && teaches(d) && last != "":
			return last, nil
		case d.Outcome == want && teaches(d):
			last = r.NIK
		}
	}
	return "", nil
}

// examplesIn adds to found who of the place gets an answer that is still missing there.
func examplesIn(ctx context.Context, look *eligibility.Checker, place area.Code, skip int, found map[policy.Outcome]eligibility.NIK) error {
	rows, err := look.Registry.Names(ctx, place)
	if err != nil {
		return err
	}
	day := eligibility.DateOf(look.Clock())
	for _, r := range rows {
		if r.BirthDate.AgeOn(day) < 20 {
			continue
		}
		if skip > 0 {
			skip--
			continue
		}
		d, err := look.Check(ctx, eligibility.Request{Subject: eligibility.Subject{NIK: r.NIK}})
		if err != nil {
			return err
		}
		if found[d.Outcome] == "" && teaches(d) {
			found[d.Outcome] = r.NIK
		}
		if len(found) == len(demoAnswers) {
			return nil
		}
	}
	return nil
}

// teaches tells whether ticking one paper changes the answer: a refusal for want of an SKTM, a
// question about one paper.
func teaches(d eligibility.Determination) bool {
	var open []policy.Finding
	for _, f := range d.Findings {
		if f.Verdict == policy.Unknown || f.Verdict == policy.NotMet {
			open = append(open, f)
		}
	}
	switch d.Outcome {
	case policy.NotEligible:
		return len(open) == 1 && open[0].Document == "sktm"
	case policy.NeedsInformation:
		return len(open) == 1
	default:
		return true
	}
}

func examplesText(list []example) string {
	if len(list) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString("\nContoh NIK untuk cek kelayakan\n")
	for _, e := range list {
		fmt.Fprintf(&b, "  %s  %s\n", e.nik, e.what)
	}
	return b.String()
}

// forgetful keeps nothing.
type forgetful struct{}

func (forgetful) SaveDetermination(context.Context, eligibility.Determination, audit.Entry) error {
	return nil
}

func (forgetful) Determination(context.Context, string) (eligibility.Determination, error) {
	return eligibility.Determination{}, nil
}

func (forgetful) DeterminationsOf(context.Context, eligibility.NIK, int) ([]eligibility.Determination, error) {
	return nil, nil
}

func (forgetful) Record(context.Context, audit.Entry) error { return nil }
