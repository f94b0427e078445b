package audit

import (
	"context"
	"time"
)

// Filter chooses entries; the zero value chooses all.
type Filter struct {
	Person   string   // NIK in clear: every entry about this person, also from before a change of key
	Actor    string   // exact
	Act      string   // exact, or all acts of a noun: "complaint."
	Acts     []string // any of these, each as Act; none asks for nothing
	Object   string
	ObjectID string
	From, To time.Time // From included, To not; zero is open
	Before   string    // Page.Next of the page before
	Limit    int       // 50 when zero, at most 500
}

// Page is one page of entries, the newest first.
type Page struct {
	Entries []Record
	Next    string // "" on the last page
}

// Store keeps the trail; package storage implements it.
type Store interface {
	AuditEntries(ctx context.Context, f Filter) (Page, error)
	// AuditVerify seals what is visible and walks the whole chain.
	AuditVerify(ctx context.Context, kept ...Head) (Report, error)
	Record(ctx context.Context, e Entry) error
}

// Desk is where an auditor reads the trail. Reading is itself on the trail.
type Desk struct{ Store Store }

// Entries lists entries. A look at everybody who saw one person is recorded with its reason, once
// for the first page.
func (d Desk) Entries(ctx context.Context, f Filter, actor, reason string) (Page, error) {
	if f.Person != "" && f.Before == "" {
		err := d.Store.Record(ctx, Entry{Actor: actor, Act: "audit.person", Object: "person", Person: f.Person, Purpose: reason})
		if err != nil {
			return Page{}, err
		}
	}
	return d.Store.AuditEntries(ctx, f)
}

// Verify checks the chain from its first block on, and records that somebody did and what came out.
func (d Desk) Verify(ctx context.Context, actor string) (Report, error) {
	r, err := d.Store.AuditVerify(ctx)
	if err != nil {
		return r, err
	}
	outcome := "whole"
	if !r.Whole() {
		outcome = "broken"
	}
	return r, d.Store.Record(ctx, Entry{Actor: actor, Act: "audit.verify", Object: "audit", Purpose: outcome})
}
