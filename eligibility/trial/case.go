package trial

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"layak/eligibility"
	"layak/internal/auth"
	"layak/internal/fault"
	"layak/policy"
)

// Records reads what was decided, and by which rules.
type Records interface {
	// Prove gives a stored determination and records that it left the desk, and why.
	Prove(ctx context.Context, id, purpose string) (eligibility.Determination, error)
	// NamesIn lists the names of the people in it, to be kept out of a case.
	NamesIn(ctx context.Context, d eligibility.Determination) ([]string, error)
}

// Revisions gives stored rules; package storage implements it.
type Revisions interface {
	Revision(ctx context.Context, hash string) (policy.Revision, error)
}

// Made is a test of a stored determination.
type Made struct {
	File string // its name
	policy.Case
}

// Case makes a Rego test of a stored determination, with the person in it made up. name says what the case shows; one
// that tells who it is about is refused (case_name_personal). The rules that decided it then decide it again, so that
// the test holds; that it was read is on record. A wish for it is closed by who keeps the test.
func (d *Desk) Case(ctx context.Context, id, name string) (Made, error) {
	_, err := may(ctx, auth.PolicyEdit)
	if err != nil {
		return Made{}, err
	}
	name = strings.TrimSpace(name)
	if n := utf8.RuneCountInString(name); n < 3 || n > 80 {
		const message = "Beri kasus ini nama pendek tanpa data pribadi, misalnya: desil 7 tanpa SKTM."
		return Made{}, fault.New(fault.Invalid, "case_name", message).At("name", message)
	}
	err = policy.CheckCaseName(name, nil) // before anything is read
	if err != nil {
		return Made{}, err
	}
	made, err := d.Records.Prove(ctx, strings.TrimSpace(id), "dijadikan kasus uji aturan")
	if err != nil {
		return Made{}, err
	}
	people, err := d.Records.NamesIn(ctx, made)
	if err != nil {
		return Made{}, wrap(err)
	}
	err = policy.CheckCaseName(name, people)
	if err != nil {
		return Made{}, err
	}
	engine, err := d.engine(ctx, made)
	if err != nil {
		return Made{}, err
	}
	c, err := policy.CaseOf(ctx, engine, name, made.Facts)
	return Made{policy.CaseFile(name), c}, err
}

// engine loads the rules that decided a determination.
func (d *Desk) engine(ctx context.Context, made eligibility.Determination) (*policy.Engine, error) {
	rev, err := d.Revisions.Revision(ctx, made.Revision)
	if err != nil {
		return nil, fmt.Errorf("rules of determination %s: %w", made.ID, err)
	}
	bundle, err := policy.ReadTarGz(bytes.NewReader(rev.Bundle))
	if err != nil {
		return nil, fmt.Errorf("read revision %s: %w", rev.Hash, err)
	}
	engine, err := policy.NewEngine(ctx, bundle)
	if err != nil {
		return nil, fmt.Errorf("load revision %s: %w", rev.Hash, err)
	}
	return engine, nil
}
