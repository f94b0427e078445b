package workbench

import (
	"maps"
	"slices"
	"time"

	"layak/policy"
)

// DraftState is whether a draft is still written.
type DraftState string

// The states of a draft. Open drafts can be written; the others are kept to be read.
const (
	Open      DraftState = "open"
	Proposed  DraftState = "proposed"
	Withdrawn DraftState = "withdrawn"
)

// Draft is a set of rules that is being written. It need not compile.
type Draft struct {
	ID      string            `json:"id"` // UUIDv7
	Name    string            `json:"name"`
	Base    string            `json:"base"`            // hash of the revision that it started from or was brought up to
	Files   map[string][]byte `json:"files,omitempty"` // path and text; nil in lists
	Version int               `json:"version"`         // 1, and one more with every save
	State   DraftState        `json:"state"`
	Note    string            `json:"note"`
	Editors []string          `json:"editors"`            // whoever saved it, the author first
	Hash    string            `json:"revision,omitempty"` // what it was proposed as; "" until then
	Origin  string            `json:"origin,omitempty"`   // hash of the revision, or id of the draft, that it goes on from; "" for the rules in force

	CreatedAt time.Time `json:"created_at"`
	CreatedBy string    `json:"created_by"`
	UpdatedAt time.Time `json:"updated_at"`
	UpdatedBy string    `json:"updated_by"`
}

// Bundle is the draft as a set of rules.
func (d Draft) Bundle() policy.Bundle { return policy.Bundle{Files: maps.Clone(d.Files)} }

// Paths lists the files in order.
func (d Draft) Paths() []string { return slices.Sorted(maps.Keys(d.Files)) }

// Change is what one save changes. Nil parts stay as they are.
type Change struct {
	Put    map[string][]byte // files written anew or added
	Remove []string          // files taken out
	Name   *string
	Note   *string
	Base   *string // after the draft was brought up to a newer revision
}
