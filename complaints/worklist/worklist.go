// Package worklist owns the lists that pay for the program: patients to be registered as the sheet
// that the other office wants, people whom the regency pays wrongly, promises that no longer hold,
// the week for the regent and for Wadul Gus'e, and everybody's own log of work.
//
// It must not know workbooks, SQL or HTTP, and it decides nothing about anybody's cover.
package worklist

import (
	"context"
	"time"

	"layak/complaints"
	"layak/eligibility"
	"layak/internal/area"
	"layak/internal/audit"
	"layak/internal/auth"
)

// mostListed bounds a list that is worked off by hand.
const mostListed = 2_000

// Desk makes the lists. The actor comes from the context (auth.With).
type Desk struct {
	Store    Store
	Registry Registry
	Cases    Cases
	Rules    Rules
	Clock    func() time.Time
	Zone     *time.Location
	Home     area.Code
}

// Registry reads what is known about a person.
type Registry interface {
	Person(ctx context.Context, nik eligibility.NIK) (eligibility.Person, error)
}

// Cases is the life of a case; *complaints.Service keeps it.
type Cases interface {
	Complaint(ctx context.Context, t complaints.Ticket) (complaints.Complaint, error)
	Act(ctx context.Context, t complaints.Ticket, a complaints.Action) (complaints.Complaint, error)
}

// Rules tells what the rules in force say of a day: the standing of the regency,
// "prioritas" or "cut_off", "" when they do not say, and the premium.
type Rules interface {
	Standing(day eligibility.Date) string
	// Premium is the parameter premium_month of a day; zero when the rules name none.
	Premium(day eligibility.Date) Premium
}

// CutOff is the standing under which a new member is active from the next month on only.
const CutOff = "cut_off"

// Store keeps what the lists need. Every list is limited to the scope.
type Store interface {
	WaitingRegistrations(ctx context.Context, s complaints.Scope, limit int) ([]complaints.WaitingRegistration, error)
	// RegistrationsOf gives the registrations of the people, newest first.
	RegistrationsOf(ctx context.Context, niks []string, s complaints.Scope) ([]Registered, error)
	// Layout gives the sheet that the office made for a way of sending; nil when it made none.
	Layout(ctx context.Context, through string) ([]Column, error)
	SaveLayout(ctx context.Context, through string, columns []Column, by string, e audit.Entry) error

	// ScanPaid looks over the registry for people whom the office pays wrongly, when it changed since
	// the last time; false when it did not, or when somebody else does it.
	ScanPaid(ctx context.Context, e audit.Entry) (bool, error)
	PaidScan(ctx context.Context) (Scan, error)
	PaidFindings(ctx context.Context, f PaidFilter, areas []area.Code) ([]Finding, error)
	PaidTotals(ctx context.Context, areas []area.Code) ([]PaidTotal, error)
	SetAside(ctx context.Context, a Aside, e audit.Entry) error
	// Premiums gives what the office entered, newest first.
	Premiums(ctx context.Context) ([]Premium, error)
	SavePremium(ctx context.Context, p Premium, by string, e audit.Entry) error

	// Hopes gives the patients who were found eligible, whose case is not against them, and who are
	// not active yet: the longest waiting first.
	Hopes(ctx context.Context, s complaints.Scope, limit int) ([]Hope, error)
	Determination(ctx context.Context, id string) (eligibility.Determination, error)

	Week(ctx context.Context, from, to, now time.Time, s complaints.Scope) (Week, error)
	Recap(ctx context.Context, source string, from, to time.Time, s complaints.Scope) ([]RecapCase, error)
	ActsOf(ctx context.Context, actor string, from, to time.Time, limit int) ([]Deed, error)
	Units(ctx context.Context) ([]auth.Unit, error)

	// RecordAll writes the trail of a look or an export, which changes nothing else.
	RecordAll(ctx context.Context, entries []audit.Entry) error
}

// either demands one of two permissions: those who register need their list without seeing the
// lists of the whole regency.
func either(a auth.Actor, one, other auth.Permission) error {
	if a.Can(one) {
		return nil
	}
	return a.Require(other)
}

func (d *Desk) now() time.Time { return d.Clock().UTC().Truncate(time.Microsecond) }

// looked writes the trail of a list: one entry per person on it, or a single one when it names nobody.
func (d *Desk) looked(ctx context.Context, act, purpose string, people []string) error {
	actor := auth.From(ctx)
	entry := audit.Entry{At: d.now(), Actor: actor.Name, Act: act, Object: "worklist", Purpose: purpose}
	var all []audit.Entry
	seen := map[string]bool{}
	for _, nik := range people {
		if nik == "" || seen[nik] {
			continue
		}
		seen[nik] = true
		entry.Person = nik
		all = append(all, entry)
	}
	if all == nil {
		all = []audit.Entry{entry}
	}
	return d.Store.RecordAll(ctx, all)
}

// Table is one sheet for a workbook.
type Table struct {
	Name   string
	Header []string
	Rows   [][]string
}
