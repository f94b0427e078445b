package trial

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"layak/eligibility"
	"layak/internal/audit"
	"layak/internal/auth"
	"layak/internal/fault"
	"layak/policy"
)

// Wish is a determination that a desk would like to see as a test of the rules. It names nobody: those who write
// rules make the case of its id and never see whom it is about.
type Wish struct {
	Check   string         `json:"check"` // id of the determination
	Outcome policy.Outcome `json:"outcome"`
	Codes   []string       `json:"codes"` // of the findings
	Note    string         `json:"note"`  // what it shows
	At      time.Time      `json:"at"`
	By      string         `json:"by"`
}

// Wish puts a determination on the list of those who write rules, for a desk that may open it. That it was read is on
// record; fault.Invalid when the note tells who it is about, fault.Conflict when it is on the list already.
func (d *Desk) Wish(ctx context.Context, check, note string) error {
	actor, err := may(ctx, auth.CheckPerson)
	if err != nil {
		return err
	}
	note = strings.TrimSpace(note)
	if n := utf8.RuneCountInString(note); n < 3 || n > 200 {
		const message = "Tulis singkat apa yang ditunjukkan kasus ini, tanpa data pribadi, misalnya: desil 7 tanpa SKTM tetapi layak."
		return fault.New(fault.Invalid, "case_name", message).At("note", message)
	}
	made, err := d.Records.Prove(ctx, strings.TrimSpace(check), "diusulkan sebagai kasus uji aturan")
	if err != nil {
		return err
	}
	people, err := d.Records.NamesIn(ctx, made)
	if err != nil {
		return wrap(err)
	}
	err = policy.CheckCaseName(note, people)
	if f := fault.As(err); f != nil {
		return f.At("note", f.Message)
	}
	w := outline(made)
	w.Note, w.At, w.By = note, d.Clock(), actor.Name
	return d.Store.AddWish(ctx, w, audit.Entry{Actor: actor.Name, Act: "case.wish", Object: "determination", ObjectID: made.ID, Payload: []byte(note)})
}

// Wishes lists those that wait, the newest first, for who writes rules.
func (d *Desk) Wishes(ctx context.Context) ([]Wish, error) {
	_, err := may(ctx, auth.PolicyEdit)
	if err != nil {
		return nil, err
	}
	return d.Store.Wishes(ctx)
}

// CloseWish takes one off the list: its case was made, or is not needed.
func (d *Desk) CloseWish(ctx context.Context, check string) error {
	actor, err := may(ctx, auth.PolicyEdit)
	if err != nil {
		return err
	}
	return d.Store.CloseWish(ctx, check, audit.Entry{Actor: actor.Name, Act: "case.wish_close", Object: "determination", ObjectID: check})
}

// Outline tells what came out of a determination, without the person, to who makes a case of it; that it was read is
// on record.
func (d *Desk) Outline(ctx context.Context, check string) (Wish, error) {
	_, err := may(ctx, auth.PolicyEdit)
	if err != nil {
		return Wish{}, err
	}
	made, err := d.Records.Prove(ctx, strings.TrimSpace(check), "hasil dan sebabnya dilihat untuk kasus uji aturan")
	if err != nil {
		return Wish{}, err
	}
	return outline(made), nil
}

func outline(made eligibility.Determination) Wish {
	w := Wish{Check: made.ID, Outcome: made.Outcome}
	for _, f := range made.Findings {
		w.Codes = append(w.Codes, f.Code)
	}
	slices.Sort(w.Codes)
	w.Codes = slices.Compact(w.Codes)
	return w
}
