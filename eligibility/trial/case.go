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
}

// Revisions gives stored rules; package storage implements it.
type Revisions interface {
	Revision(ctx context.Context, hash string) (policy.Revision, error)
}

// Case makes a Rego test of a stored determination, with the person in it made up: the name of its file
// and the text. name says what the case shows. The rules that decided it then decide it again, so that
// the test holds; reading it is on record with the name as its purpose.
func (d *Desk) Case(ctx context.Context, id, name string) (file string, text []byte, err error) {
	_, err = may(ctx, auth.PolicyEdit)
	if err != nil {
		return "", nil, err
	}
	name = strings.TrimSpace(name)
	if n := utf8.RuneCountInString(name); n < 3 || n > 80 {
		const message = "Beri kasus ini nama pendek tanpa data pribadi, misalnya: desil 7 tanpa SKTM."
		return "", nil, fault.New(fault.Invalid, "case_name", message).At("name", message)
	}
	made, err := d.Records.Prove(ctx, strings.TrimSpace(id), "dijadikan kasus uji aturan")
	if err != nil {
		return "", nil, err
	}
	rev, err := d.Revisions.Revision(ctx, made.Revision)
	if err != nil {
		return "", nil, fmt.Errorf("rules of determination %s: %w", made.ID, err)
	}
	bundle, err := policy.ReadTarGz(bytes.NewReader(rev.Bundle))
	if err != nil {
		return "", nil, fmt.Errorf("read revision %s: %w", rev.Hash, err)
	}
	engine, err := policy.NewEngine(ctx, bundle)
	if err != nil {
		return "", nil, fmt.Errorf("load revision %s: %w", rev.Hash, err)
	}
	rego, err := policy.CaseOf(ctx, engine, name, made.Facts)
	return policy.CaseFile(name), []byte(rego), err
}
